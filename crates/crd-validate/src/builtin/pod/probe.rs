//! Probes, and what is called at the beginning and the end of a container.

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::text;

/// A probe of the kind that its member is named by.
pub(super) fn check(probe: &Node<'_, '_>, kind: &str, spec: &Node<'_, '_>, out: &mut Faults) {
    if !probe.is_set() {
        return;
    }
    handler(probe, &["exec", "httpGet", "tcpSocket", "grpc"], spec, out);
    for name in [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ] {
        out.not_negative(&probe.get(name));
    }
    let grace = probe.get("terminationGracePeriodSeconds");
    if grace.is_set() {
        if kind == "readinessProbe" {
            out.invalid(
                grace.path,
                "is not for a readinessProbe, which ends no container",
            );
        } else if grace.int() <= 0 {
            out.invalid(grace.path, "must be at least 1");
        }
    }
    let successes = probe.get("successThreshold");
    if kind != "readinessProbe" && successes.is_set() && successes.int() != 1 {
        out.invalid(successes.path, "must be 1 for this probe");
    }
}

/// What a container is told when it has started and before it ends.
pub(super) fn lifecycle(node: &Node<'_, '_>, spec: &Node<'_, '_>, out: &mut Faults) {
    for hook in ["postStart", "preStop"] {
        let hook = node.get(hook);
        if hook.is_set() {
            handler(&hook, &["exec", "httpGet", "tcpSocket", "sleep"], spec, out);
        }
    }
}

/// Exactly one of these ways to call a container.
fn handler(owner: &Node<'_, '_>, ways: &[&str], spec: &Node<'_, '_>, out: &mut Faults) {
    let mut count = 0;
    for kind in ways {
        let node = owner.get(kind);
        if !node.is_set() {
            continue;
        }
        count += 1;
        if count > 1 {
            out.forbidden(node.path, "there is another handler already");
            continue;
        }
        match *kind {
            "exec" => {
                let command = node.get("command");
                if command.is_empty() {
                    out.required(command.path);
                }
            }
            "httpGet" => http_get(&node, out),
            "tcpSocket" => text::port_or_name(&node.get("port"), out),
            "grpc" => out.port(&node.get("port")),
            _ => {
                let seconds = node.number("seconds").unwrap_or_default();
                let grace = spec.number("terminationGracePeriodSeconds").unwrap_or(30);
                if seconds < 0 || seconds > grace {
                    let message = format!(
                        "{seconds} seconds must be from 0 to terminationGracePeriodSeconds, {grace}"
                    );
                    out.invalid(node.path, message);
                }
            }
        }
    }
    if count == 0 {
        out.required_as(owner.path, &format!("one of {}", ways.join(", ")));
    }
}

fn http_get(node: &Node<'_, '_>, out: &mut Faults) {
    out.required_text(&node.get("path"));
    text::port_or_name(&node.get("port"), out);
    out.one_of(&node.get("scheme"), &["HTTP", "HTTPS"]);
    let headers = node.get("httpHeaders");
    for header in headers.items() {
        let name = header.text("name");
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if name.is_empty() || !name.bytes().all(legal) {
            out.invalid(
                headers.path,
                format!("\"{name}\" must be letters, digits and '-'"),
            );
        }
    }
}
