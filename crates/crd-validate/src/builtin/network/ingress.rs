//! Ingresses and their classes.

use kube_vocab::names;

use super::super::address;
use super::super::faults::Faults;
use super::super::node::Node;
use super::super::text;
use crate::version::KubernetesVersion;

/// The star of a host counts as one of its characters.
const MOST_OF_HOST: usize = 253;
const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";

pub(in super::super) fn ingress(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let (backend, rules) = (spec.get("defaultBackend"), spec.get("rules"));
    if rules.is_empty() && !backend.is_set() {
        out.invalid(spec.path, "must have one of: defaultBackend, rules");
    }
    if backend.is_set() {
        check_backend(&backend, out);
    }
    for rule in rules.items() {
        let host = rule.get("host");
        if !host.is_empty() {
            if address::legacy_address(host.str()).is_some() {
                out.invalid(host.path, "must be a DNS name, not an address");
            } else {
                wildcard(&host, out);
            }
        }
        let http = rule.get("http");
        if !http.is_set() {
            continue;
        }
        let paths = http.get("paths");
        if paths.is_empty() {
            out.required(paths.path);
        }
        for path in paths.items() {
            check_path(&path, out);
        }
    }
    for tls in spec.get("tls").items() {
        for host in tls.get("hosts").items() {
            wildcard(&host, out);
        }
        let secret = tls.get("secretName");
        if !secret.is_empty() {
            out.named(&secret, names::dns_subdomain);
        }
    }
    let class = spec.get("ingressClassName");
    if class.is_set() {
        out.named(&class, names::dns_subdomain);
    }
    let old = object.at(&["metadata", "annotations", CLASS_ANNOTATION]);
    if let Some(old) = old.as_str()
        && class.is_set()
        && old != class.str()
        && !out.updating
    {
        // The server's way to write it.
        let path = kube_vocab::FieldPath::parse(&format!("annotations.{CLASS_ANNOTATION}"));
        out.invalid(
            path,
            format!(
                "\"{old}\" must be ingressClassName, \"{}\", or go",
                class.str()
            ),
        );
    }
}

/// A host, whose first label may be a star.
fn wildcard(host: &Node<'_, '_>, out: &mut Faults) {
    let name = host.str();
    if name.contains('*') {
        let rest = name.strip_prefix("*.").unwrap_or_default();
        if name.len() > MOST_OF_HOST || names::dns_subdomain(rest).is_err() {
            out.invalid(
                host.path,
                format!("\"{name}\" must be a DNS name after a first label `*`"),
            );
        }
    } else {
        out.named(host, names::dns_subdomain);
    }
}

fn check_path(path: &Node<'_, '_>, out: &mut Faults) {
    let (kind, text) = (path.get("pathType"), path.get("path"));
    match kind.str() {
        "" if !kind.is_set() => out.required(kind.path),
        "Exact" | "Prefix" => {
            if !text.str().starts_with('/') {
                out.invalid(
                    text.path,
                    format!("\"{}\" must be an absolute path", text.str()),
                );
            } else {
                for forbidden in ["//", "/./", "/../", "%2f", "%2F"] {
                    if text.str().contains(forbidden) {
                        out.invalid(text.path, format!("must not contain '{forbidden}'"));
                    }
                }
                for end in ["/..", "/."] {
                    if text.str().ends_with(end) {
                        out.invalid(text.path, format!("must not end with '{end}'"));
                    }
                }
            }
        }
        "ImplementationSpecific" => {
            if !text.is_empty() && !text.str().starts_with('/') {
                out.invalid(
                    text.path,
                    format!("\"{}\" must be an absolute path", text.str()),
                );
            }
        }
        other => out.unsupported(
            kind.path,
            other,
            &["Exact", "ImplementationSpecific", "Prefix"],
        ),
    }
    check_backend(&path.get("backend"), out);
}

fn check_backend(backend: &Node<'_, '_>, out: &mut Faults) {
    let (service, resource) = (backend.get("service"), backend.get("resource"));
    match (service.is_set(), resource.is_set()) {
        (true, true) => {
            out.invalid(backend.path, "must have only one of: service, resource");
            return;
        }
        (false, false) => {
            out.invalid(backend.path, "must have one of: service, resource");
            return;
        }
        (false, true) => {
            reference(&resource, out);
            return;
        }
        (true, false) => {}
    }
    let name = service.get("name");
    if name.str().is_empty() {
        out.required(name.path);
    } else {
        let rule = match out.version >= KubernetesVersion::V1_35 {
            true => names::dns_label,
            false => names::dns_1035_label,
        };
        out.named(&name, rule);
    }
    let port = service.get("port");
    let (named, number) = (port.get("name"), port.get("number"));
    let (has_name, has_number) = (!named.is_empty(), number.int() != 0);
    if has_name && has_number {
        out.invalid(
            backend.path,
            "must have only one of a port's name and its number",
        );
    } else if has_name {
        text::port_name(&named, out);
    } else if has_number {
        out.port(&number);
    } else {
        out.required_as(
            backend.path,
            "the port of the service, by its name or number",
        );
    }
}

/// An object in the same namespace.
fn reference(node: &Node<'_, '_>, out: &mut Faults) {
    let group = node.get("apiGroup");
    if group.is_set() {
        out.named(&group, names::dns_subdomain);
    }
    for name in ["kind", "name"] {
        let node = node.get(name);
        if node.str().is_empty() {
            out.required(node.path);
        } else {
            out.named(&node, names::path_segment);
        }
    }
}

pub(in super::super) fn class(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let controller = spec.get("controller");
    if controller.str().is_empty() {
        out.required(controller.path);
    } else if controller.str().len() > 250 {
        out.invalid(controller.path, "must have at most 250 bytes");
    } else if !text::is_domain_prefixed_path(controller.str()) {
        let message = format!(
            "\"{}\" must be a domain and a path, such as example.com/controller",
            controller.str()
        );
        out.invalid(controller.path, message);
    }
    let parameters = spec.get("parameters");
    if !parameters.is_set() {
        return;
    }
    reference(&parameters, out);
    let (scope, namespace) = (parameters.get("scope"), parameters.get("namespace"));
    match scope.str() {
        "" => out.required(scope.path),
        "Cluster" => {
            if namespace.is_set() {
                out.forbidden(namespace.path, "the scope is Cluster");
            }
        }
        "Namespace" => {
            if namespace.is_set() {
                out.named(&namespace, names::dns_label);
            } else {
                out.required(namespace.path);
            }
        }
        other => out.unsupported(scope.path, other, &["Cluster", "Namespace"]),
    }
}
