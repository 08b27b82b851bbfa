//! Webhooks.

use std::collections::HashSet;

use kube_vocab::names;

use super::super::expression::Names;
use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;
use super::matching;
use crate::format::Format;

pub(in super::super) fn validating(object: &Node<'_, '_>, out: &mut Faults) {
    webhooks(object, out);
}

pub(in super::super) fn mutating(object: &Node<'_, '_>, out: &mut Faults) {
    webhooks(object, out);
    for hook in object.get("webhooks").items() {
        out.one_of(&hook.get("reinvocationPolicy"), &["IfNeeded", "Never"]);
    }
}

fn webhooks(object: &Node<'_, '_>, out: &mut Faults) {
    let mut seen = HashSet::new();
    for hook in object.get("webhooks").items() {
        let name = hook.get("name");
        if name.str().is_empty() {
            out.required(name.path);
        } else if out.named(&name, names::dns_subdomain) && name.str().split('.').count() < 3 {
            out.invalid(
                name.path,
                format!(
                    "\"{}\" must have three parts at least, such as a.example.com",
                    name.str()
                ),
            );
        }
        if !seen.insert(name.str()) {
            out.duplicate(name.path, name.str());
        }
        for rule in hook.get("rules").items() {
            matching::rule(&rule, out);
        }
        out.one_of(&hook.get("failurePolicy"), &["Fail", "Ignore"]);
        out.one_of(&hook.get("matchPolicy"), &["Equivalent", "Exact"]);
        out.must_be_one_of(&hook.get("sideEffects"), &["None", "NoneOnDryRun"]);
        let timeout = hook.get("timeoutSeconds");
        if timeout.is_set() {
            out.within(&timeout, 1, 30);
        }
        labels::selector(&hook.get("namespaceSelector"), out);
        labels::selector(&hook.get("objectSelector"), out);
        client_config(&hook.get("clientConfig"), out);
        review_versions(&hook.get("admissionReviewVersions"), out);
        let names = Names {
            authorizer: true,
            ..Names::default()
        };
        matching::conditions(&hook.get("matchConditions"), names, out);
    }
}

fn review_versions(list: &Node<'_, '_>, out: &mut Faults) {
    if list.is_empty() {
        out.required_as(list.path, "one of v1, v1beta1");
        return;
    }
    let mut seen = HashSet::new();
    for version in list.items() {
        if !seen.insert(version.str()) {
            out.invalid(
                version.path,
                format!("\"{}\" is there already", version.str()),
            );
        }
        out.named(&version, names::dns_1035_label);
    }
    if !seen.contains("v1") && !seen.contains("v1beta1") {
        out.invalid(list.path, "must have one of v1, v1beta1");
    }
}

/// How a webhook is called: by a URL, or by a service of the cluster.
pub(in super::super) fn client_config(node: &Node<'_, '_>, out: &mut Faults) {
    let (url, service) = (node.get("url"), node.get("service"));
    match (url.is_set(), service.is_set()) {
        (true, false) => check_url(&url, out),
        (false, true) => check_service(&service, out),
        _ => out.required_as(node.path, "exactly one of url, service"),
    }
}

/// A URL as Go reads it; it has a host, and nothing beside a path.
fn check_url(node: &Node<'_, '_>, out: &mut Faults) {
    let text = node.str();
    let (whole, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (rest, query) = whole.split_once('?').unwrap_or((whole, ""));
    let (scheme, rest) = rest.split_once("://").unwrap_or(("", rest));
    let authority = rest.split('/').next().unwrap_or_default();
    if !scheme.is_empty() && !Format::Uri.accepts(whole) {
        out.invalid(node.path, format!("\"{text}\" is no URL"));
        return;
    }
    if !scheme.eq_ignore_ascii_case("https") {
        out.invalid(node.path, format!("\"{text}\" must begin with https://"));
    }
    if scheme.is_empty() || authority.is_empty() {
        out.invalid(node.path, "must have a host");
    }
    for (what, is_there) in [
        ("user", authority.contains('@')),
        ("fragment", !fragment.is_empty()),
        ("query", !query.is_empty()),
    ] {
        if is_there {
            out.invalid(node.path, format!("must have no {what}"));
        }
    }
}

fn check_service(service: &Node<'_, '_>, out: &mut Faults) {
    // The server takes the one for the other here, where one is missing.
    for (member, called) in [("namespace", "name"), ("name", "namespace")] {
        if service.text(member).is_empty() {
            out.required_as(
                service.path.field(called),
                "service.name and service.namespace",
            );
        }
    }
    let path = service.get("path");
    if !path.is_empty() {
        let text = path.str();
        if !text.starts_with('/') {
            out.invalid(path.path, format!("\"{text}\" must begin with '/'"));
        }
        let inner = text.strip_prefix('/').unwrap_or(text);
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        for segment in inner.split('/').filter(|_| text != "/") {
            if segment.is_empty() {
                out.invalid(path.path, "must have no empty segment");
            } else if let Err(reason) = names::dns_subdomain(segment) {
                out.invalid(path.path, format!("\"{segment}\": {reason}"));
            }
        }
    }
    let port = service.get("port");
    if port.is_set() {
        out.port(&port);
    }
}
