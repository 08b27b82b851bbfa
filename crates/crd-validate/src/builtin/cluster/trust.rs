//! Whom a cluster trusts, and certificates of pods.

use std::collections::HashSet;

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;
use super::certificate::signer;
use crate::format::base64_decode;

/// A ClusterTrustBundle: PEM certificates, and a name that tells the signer.
pub(in super::super) fn trust_bundle(object: &Node<'_, '_>, out: &mut Faults) {
    const MOST: usize = 1 << 20;
    let spec = object.get("spec");
    let by = spec.get("signerName");
    bundle_name(&object.get("metadata"), by.str(), out);
    if !by.is_empty() {
        signer(&by, out);
    }
    let bundle = spec.get("trustBundle");
    if bundle.str().len() > MOST {
        let message = format!("must have at most {MOST} bytes, has {}", bundle.str().len());
        out.invalid(bundle.path, message);
    } else if let Err(reason) = anchors(bundle.str()) {
        out.invalid(bundle.path, reason);
    }
}

/// A bundle of a signer bears its name, with colons for the slash.
fn bundle_name(metadata: &Node<'_, '_>, by: &str, out: &mut Faults) {
    let name = metadata.get("name");
    let generated = name.is_empty();
    let (name, called) = if generated {
        (metadata.get("generateName"), "generateName")
    } else {
        (name, "name")
    };
    if name.is_empty() {
        return;
    }
    let path = metadata.path.field(called);
    let text = name.str();
    let own = if by.is_empty() {
        if text.contains(':') {
            let message = format!("\"{text}\" must not have a ':', since there is no signerName");
            out.invalid(path, message);
            return;
        }
        text
    } else {
        let prefix = format!("{}:", by.replacen('/', ":", 1));
        let Some(own) = text.strip_prefix(&prefix) else {
            let message =
                format!("\"{text}\" must begin with the name of the signer, \"{prefix}\"");
            out.invalid(path, message);
            return;
        };
        own
    };
    let whole = match own.strip_suffix('-') {
        Some(start) if generated => format!("{start}a"),
        _ => own.to_owned(),
    };
    if let Err(reason) = names::dns_subdomain(&whole) {
        out.invalid(path, format!("\"{own}\": {reason}"));
    }
}

/// The blocks of a text in PEM must be certificates of authorities, each once.
fn anchors(text: &str) -> Result<(), String> {
    const BEGIN: &str = "-----BEGIN ";
    let mut seen = HashSet::new();
    let mut rest = text;
    let mut count = 0;
    while let Some((_, after)) = rest.split_once(BEGIN) {
        rest = after;
        let Some((kind, body)) = after.split_once("-----") else {
            break;
        };
        // What is no block to its end is text between the blocks.
        let Some((body, after)) = body.split_once(&format!("-----END {kind}-----")) else {
            continue;
        };
        if kind.contains('\n') || body.contains(BEGIN) {
            continue;
        }
        let encoded: String = body.split_whitespace().collect();
        if kind != "CERTIFICATE" {
            return Err(format!("block {count} is a {kind}, not a CERTIFICATE"));
        }
        if body.contains(':') {
            return Err(format!("block {count} has headers, which are not allowed"));
        }
        let Some(bytes) = base64_decode(&encoded) else {
            continue;
        };
        if !is_authority(&bytes) {
            return Err(format!("block {count} is no certificate of an authority"));
        }
        if !seen.insert(bytes) {
            return Err(format!("block {count} is there already"));
        }
        rest = after;
        count += 1;
    }
    match count {
        0 => Err("must hold a certificate at least, in PEM".to_owned()),
        _ => Ok(()),
    }
}

/// Whether a certificate says of itself that it may sign others. It is not read further than that.
fn is_authority(der: &[u8]) -> bool {
    const BASIC_CONSTRAINTS: [u8; 5] = [0x06, 0x03, 0x55, 0x1d, 0x13];
    const CRITICAL: [u8; 3] = [0x01, 0x01, 0xff];
    let Some(start) = der.windows(5).position(|bytes| bytes == BASIC_CONSTRAINTS) else {
        return false;
    };
    let rest = der.get(start + 5..).unwrap_or_default();
    let rest = rest.strip_prefix(&CRITICAL).unwrap_or(rest);
    // An octet string, in it a sequence, in it the flag.
    matches!(rest, [0x04, _, 0x30, _, 0x01, 0x01, 0xff, ..]) && der.first() == Some(&0x30)
}

/// A PodCertificateRequest: which signer, key and pod, and how long it is good for.
pub(in super::super) fn pod_request(object: &Node<'_, '_>, out: &mut Faults) {
    const MOST_OF_UID: usize = 128;
    const LEAST_SECONDS: i64 = 3600;
    const MOST_SECONDS: i64 = 91 * 86_400;
    let spec = object.get("spec");
    let by = spec.get("signerName");
    signer(&by, out);
    labels::annotations(&spec.get("unverifiedUserAnnotations"), out);
    for name in ["podName", "serviceAccountName", "nodeName"] {
        out.named(&spec.get(name), names::dns_subdomain);
    }
    for name in ["podUID", "serviceAccountUID", "nodeUID"] {
        let uid = spec.get(name);
        if uid.is_empty() {
            out.invalid(uid.path, "must not be empty");
        } else if uid.str().len() > MOST_OF_UID {
            let message = format!("must have at most {MOST_OF_UID} bytes");
            out.invalid(uid.path, message);
        }
    }
    let domain = by.str().split('/').next().unwrap_or_default();
    let most = match domain == "kubernetes.io" || domain.ends_with(".kubernetes.io") {
        true => 86_400,
        false => MOST_SECONDS,
    };
    out.within(&spec.get("maxExpirationSeconds"), LEAST_SECONDS, most);
    if spec.get("stubPKCS10Request").is_empty() {
        for name in ["pkixPublicKey", "proofOfPossession"] {
            let key = spec.get(name);
            if key.is_empty() {
                out.invalid(key.path, "must not be empty");
                break;
            }
        }
    }
}
