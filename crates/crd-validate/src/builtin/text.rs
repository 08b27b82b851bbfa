//! Texts of a form of their own: paths, addresses, ports, environment variables.

use std::net::IpAddr;

use crate::value::Value;
use kube_vocab::Path;
use kube_vocab::names;

use super::address::{legacy_address, legacy_range, loose_address, loose_range};
use super::faults::Faults;
use super::node::Node;
use crate::version::KubernetesVersion;

/// What is allowed for the name of a port.
const PORT_NAME: &str = "at most 15 characters: lower-case letters, digits and single '-', with at least one letter and no '-' at either end";

pub(super) fn is_port_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 15
        && names::dns_label(name).is_ok()
        && !name.contains("--")
        && name.bytes().any(|byte| byte.is_ascii_lowercase())
}

pub(super) fn port_name(node: &Node<'_, '_>, out: &mut Faults) -> bool {
    let fine = is_port_name(node.str());
    if !fine {
        out.invalid(node.path, format!("\"{}\" must be {PORT_NAME}", node.str()));
    }
    fine
}

/// A port of a container: 1 to 65535, or what the container calls it.
pub(super) fn port_or_name(node: &Node<'_, '_>, out: &mut Faults) {
    if node.value.is_string() {
        port_name(node, out);
    } else {
        out.port(node);
    }
}

/// A path below a folder: relative, and never up.
pub(super) fn descending_path(path: Path<'_>, text: &str, out: &mut Faults) {
    if text.starts_with('/') {
        out.invalid(path, format!("\"{text}\" must be a relative path"));
    }
    no_backsteps(path, text, out);
}

pub(super) fn no_backsteps(path: Path<'_>, text: &str, out: &mut Faults) {
    if text.split('/').any(|part| part == "..") {
        out.invalid(path, format!("\"{text}\" must not go up with '..'"));
    }
}

/// A path of a file in a volume, where names that begin with two points are the kubelet's own.
pub(super) fn file_path(node: &Node<'_, '_>, out: &mut Faults) {
    let text = node.str();
    descending_path(node.path, text, out);
    if text.starts_with("..") && !text.starts_with("../") && text != ".." {
        out.invalid(node.path, format!("\"{text}\" must not begin with '..'"));
    }
}

/// Permissions of a file: 0 to 0777.
pub(super) fn mode(node: &Node<'_, '_>, out: &mut Faults) {
    if node.is_set() && !(0..=0o777).contains(&node.int()) {
        let message = format!("{} must be from 0 to 0777 (511 in decimal)", node.int());
        out.invalid(node.path, message);
    }
}

/// The name of an environment variable: printable ASCII without `=`.
pub(super) fn variable_name(node: &Node<'_, '_>, out: &mut Faults) {
    let name = node.str();
    if name.is_empty()
        || !name
            .bytes()
            .all(|byte| (b' '..=b'~').contains(&byte) && byte != b'=')
    {
        out.invalid(
            node.path,
            format!("\"{name}\" must be printable ASCII without '='"),
        );
    }
}

/// A key of a ConfigMap or Secret.
pub(super) fn is_config_key(key: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !key.is_empty()
        && key.len() <= 253
        && key.bytes().all(legal)
        && key != "."
        && !key.starts_with("..")
}

pub(super) fn config_key(path: Path<'_>, key: &str, out: &mut Faults) {
    if !is_config_key(key) {
        let message = format!(
            "\"{key}\" must be at most 253 letters, digits, '-', '_' and '.', and not begin with '..'"
        );
        out.invalid(path, message);
    }
}

pub(super) fn address(node: &Node<'_, '_>, out: &mut Faults) -> Option<IpAddr> {
    let found = legacy_address(node.str());
    if let Some(reason) = found.and_then(|_| loose_address(node.str()))
        && out.version >= KubernetesVersion::V1_36
    {
        out.invalid(node.path, format!("\"{}\" {reason}", node.str()));
    } else if found.is_none() {
        let message = format!(
            "\"{}\" must be an address such as 10.9.8.7 or 2001:db8::ffff",
            node.str()
        );
        out.invalid(node.path, message);
    }
    found
}

pub(super) fn range(node: &Node<'_, '_>, out: &mut Faults) -> Option<(IpAddr, u8)> {
    let found = legacy_range(node.str());
    if let Some(reason) = found.and_then(|range| loose_range(node.str(), range))
        && out.version >= KubernetesVersion::V1_36
    {
        out.invalid(node.path, format!("\"{}\" {reason}", node.str()));
    } else if found.is_none() {
        let message = format!(
            "\"{}\" must be a range of addresses such as 10.9.8.0/24 or 2001:db8::/64",
            node.str()
        );
        out.invalid(node.path, message);
    }
    found
}

/// A count or a share: a number from zero, or a percentage.
pub(super) fn count_or_percent(node: &Node<'_, '_>, out: &mut Faults) {
    match node.value {
        Value::String(text) if !is_percent(text) => {
            let message =
                format!("\"{text}\" must be a number from 0, or a percentage such as 25%");
            out.invalid(node.path, message);
        }
        _ => out.not_negative(node),
    }
}

pub(super) fn is_percent(text: &str) -> bool {
    text.strip_suffix('%').is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The number before the `%`.
pub(super) fn percent(value: &Value) -> Option<u64> {
    let text = value.as_str().filter(|text| is_percent(text))?;
    Some(text.trim_end_matches('%').parse().unwrap_or(u64::MAX))
}

/// `example.com/path`: a DNS name and a path.
pub(super) fn is_domain_prefixed_path(text: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:%/".contains(c);
    text.split_once('/').is_some_and(|(domain, path)| {
        names::dns_subdomain(domain).is_ok() && !path.is_empty() && path.chars().all(legal)
    })
}

/// The name of a driver of volumes.
pub(super) fn driver_name(node: &Node<'_, '_>, out: &mut Faults) {
    if node.str().is_empty() {
        out.required(node.path);
    } else {
        given_driver(node.path, node.str(), out);
    }
}

/// The name of a driver, of volumes or of devices, that is not empty.
pub(super) fn given_driver(path: Path<'_>, name: &str, out: &mut Faults) {
    if name.len() > 63 {
        out.invalid(
            path,
            format!("must have at most 63 characters, has {}", name.len()),
        );
    }
    out.name(path, &name.to_lowercase(), names::dns_subdomain);
}

/// Refuses a path that does not begin with `/`.
pub(super) fn absolute(path: Path<'_>, text: &str, out: &mut Faults) {
    if !text.starts_with('/') {
        out.invalid(path, format!("\"{text}\" must be an absolute path"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_have_short_names() {
        for good in ["http", "a1", "1a", "a-b"] {
            assert!(is_port_name(good), "{good}");
        }
        for bad in ["", "80", "a--b", "-a", "HTTP", "a.b", "abcdefghijklmnop"] {
            assert!(!is_port_name(bad), "{bad}");
        }
    }
}
