//! Requests for certificates.

use std::collections::HashSet;

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;
use crate::format::base64_decode;

/// A domain and a path, both as long as names may be.
const MOST_OF_SIGNER: usize = 571;

const MOST_OF_DOMAIN: usize = 253;

const USAGES: [&str; 23] = [
    "any",
    "cert sign",
    "client auth",
    "code signing",
    "content commitment",
    "crl sign",
    "data encipherment",
    "decipher only",
    "digital signature",
    "email protection",
    "encipher only",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "key agreement",
    "key encipherment",
    "microsoft sgc",
    "netscape sgc",
    "ocsp signing",
    "s/mime",
    "server auth",
    "signing",
    "timestamping",
];

pub(in super::super) fn request(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let request = spec.get("request");
    if let Err(reason) = check_request(request.str()) {
        out.invalid(request.path, reason);
    }
    let usages = spec.get("usages");
    if usages.is_empty() {
        out.required_as(usages.path, "a usage at least");
    }
    let mut seen = HashSet::new();
    for usage in usages.items() {
        if !USAGES.contains(&usage.str()) {
            out.unsupported(usage.path, usage.str(), &USAGES);
        }
        if !seen.insert(usage.str()) {
            out.duplicate(usage.path, usage.str());
        }
    }
    signer(&spec.get("signerName"), out);
    let expiration = spec.get("expirationSeconds");
    if expiration.is_set() && expiration.int() < 600 {
        out.invalid(expiration.path, "must be at least 600: ten minutes");
    }
}

/// The PEM block of a request, whose inside is not read further than its outermost length.
fn check_request(text: &str) -> Result<(), &'static str> {
    const NO_BLOCK: &str = "must be a PEM block of the type CERTIFICATE REQUEST, in base64";
    let bytes = base64_decode(&text.replace(['\n', '\r'], "")).ok_or(NO_BLOCK)?;
    let pem = String::from_utf8_lossy(&bytes);
    let (_, rest) = pem
        .split_once("-----BEGIN CERTIFICATE REQUEST-----")
        .ok_or(NO_BLOCK)?;
    let (body, _) = rest
        .split_once("-----END CERTIFICATE REQUEST-----")
        .ok_or(NO_BLOCK)?;
    let der = base64_decode(&body.split_whitespace().collect::<String>()).ok_or(NO_BLOCK)?;
    let broken = "holds no request: its PEM block is not DER";
    match der.as_slice() {
        [0x30, length, rest @ ..] => {
            let (size, skipped) = match length {
                0..=0x7f => (usize::from(*length), 0),
                0x81 => (rest.first().map_or(0, |byte| usize::from(*byte)), 1),
                0x82 => (
                    rest.iter()
                        .take(2)
                        .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
                    2,
                ),
                _ => return Ok(()),
            };
            if rest.len() == size + skipped {
                Ok(())
            } else {
                Err(broken)
            }
        }
        _ => Err(broken),
    }
}

pub(super) fn signer(node: &Node<'_, '_>, out: &mut Faults) {
    let text = node.str();
    if text.is_empty() {
        out.required(node.path);
        return;
    }
    if text.len() > MOST_OF_SIGNER {
        let message = format!(
            "must have at most {MOST_OF_SIGNER} bytes, has {}",
            text.len()
        );
        out.invalid(node.path, message);
    }
    let form = "must be a domain and a name, such as example.com/signer-name";
    match text.split_once('/') {
        Some((domain, name)) if !name.contains('/') => {
            let is_domain = domain.len() <= MOST_OF_DOMAIN
                && domain.contains('.')
                && domain
                    .split('.')
                    .all(|label| names::dns_label(label).is_ok());
            if !is_domain {
                out.invalid(node.path, format!("\"{text}\" {form}"));
            }
            if !name
                .split('.')
                .all(|part| names::dns_subdomain(part).is_ok())
            {
                out.invalid(
                    node.path,
                    format!("\"{name}\" must be lower-case letters, digits, '-' and '.'"),
                );
            }
        }
        _ => out.invalid(node.path, format!("\"{text}\" {form}")),
    }
    if text == "kubernetes.io/legacy-unknown" {
        out.invalid(node.path, "is no signer any more");
    }
}
