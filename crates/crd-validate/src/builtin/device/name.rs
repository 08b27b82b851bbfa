//! The names that drivers give to what their devices have.

use kube_vocab::{Path, names};

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::text;

const MOST_OF_IDENTIFIER: usize = 32;
const MOST_OF_POOL: usize = 253;

/// `model`, or `gpu.example.com/model`.
pub(super) fn qualified(path: Path<'_>, name: &str, out: &mut Faults) {
    match name.split('/').collect::<Vec<_>>()[..] {
        [own] => identifier(path, own, out),
        [domain, own] => {
            if domain.is_empty() {
                out.invalid(
                    path,
                    format!("\"{name}\" must have a domain before the '/'"),
                );
            } else {
                text::given_driver(path, domain, out);
            }
            identifier(path, own, out);
        }
        // A server does not look at names with more parts.
        _ => {}
    }
}

/// `gpu.example.com/model`.
pub(super) fn fully_qualified(node: &Node<'_, '_>, out: &mut Faults) {
    qualified(node.path, node.str(), out);
    if !node.str().contains('/') {
        out.invalid(node.path, format!("\"{}\" must be DOMAIN/NAME", node.str()));
    }
}

fn identifier(path: Path<'_>, name: &str, out: &mut Faults) {
    let mut bytes = name.bytes();
    let first = bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let fits = first && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !fits || name.len() > MOST_OF_IDENTIFIER {
        let message = format!(
            "\"{name}\" must be at most {MOST_OF_IDENTIFIER} letters, digits and '_', and not begin with a digit"
        );
        out.invalid(path, message);
    }
}

/// The name of a pool: DNS subdomains, joined by `/`.
pub(super) fn pool(node: &Node<'_, '_>, out: &mut Faults) {
    let name = node.str();
    if name.is_empty() {
        out.required(node.path);
        return;
    }
    if name.len() > MOST_OF_POOL {
        let message = format!(
            "must have at most {MOST_OF_POOL} characters, has {}",
            name.len()
        );
        out.invalid(node.path, message);
    }
    for part in name.split('/') {
        out.name(node.path, part, names::dns_subdomain);
    }
}
