//! Claims to devices, templates of claims, and the classes that they name.

use std::collections::BTreeMap;

use kube_vocab::names;

use super::super::expression;
use super::super::faults::Faults;
use super::super::node::Node;
use super::super::pod::resources;
use super::super::storage::claim::template_metadata;
use super::super::text;
use super::{name, taint, unique};
use crate::version::KubernetesVersion;

/// So many requests, constraints, configurations and selectors there may be.
const MOST: usize = 32;
const MOST_ALTERNATIVES: usize = 8;
const MOST_TOLERATIONS: usize = 16;
/// The bytes of an expression, and of what a driver is told.
const MOST_BYTES: usize = 10 * 1024;

pub(in super::super) fn claim(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    devices(&spec.get("devices"), out);
}

pub(in super::super) fn claim_template(object: &Node<'_, '_>, out: &mut Faults) {
    let outer = object.get("spec");
    template_metadata(&outer.get("metadata"), out);
    let spec = outer.get("spec");
    devices(&spec.get("devices"), out);
}

pub(in super::super) fn class(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    selectors(&spec.get("selectors"), out);
    let configs = spec.get("config");
    if out.at_most(&configs, MOST) {
        for config in configs.items() {
            configuration(&config, out);
        }
    }
    let extended = spec.get("extendedResourceName");
    if extended.is_set() && !resources::is_extended(extended.str()) {
        out.invalid(
            extended.path,
            format!(
                "\"{}\" must be DOMAIN/NAME, such as example.com/gpu, in a domain other than kubernetes.io",
                extended.str()
            ),
        );
    }
}

/// The requests of a claim by name, each with the names of its alternatives.
struct Requests<'v>(BTreeMap<&'v str, Vec<&'v str>>);

impl<'v> Requests<'v> {
    fn of(list: &Node<'_, 'v>) -> Self {
        let names = |request: Node<'_, 'v>| {
            let alternatives = request.get("firstAvailable");
            let inner = alternatives.items().map(|sub| sub.text("name")).collect();
            (request.text("name"), inner)
        };
        Self(list.items().map(names).collect())
    }

    /// Whether `REQUEST` or `REQUEST/ALTERNATIVE` is there.
    fn has(&self, reference: &str) -> bool {
        match reference.split_once('/') {
            None => self.0.contains_key(reference),
            Some((request, inner)) => self
                .0
                .get(request)
                .is_some_and(|alternatives| alternatives.contains(&inner)),
        }
    }
}

fn devices(node: &Node<'_, '_>, out: &mut Faults) {
    let requests = node.get("requests");
    let known = Requests::of(&requests);
    if out.at_most(&requests, MOST) {
        for item in requests.items() {
            request(&item, out);
        }
        unique(&requests, |item| item.text("name"), out);
    }
    let constraints = node.get("constraints");
    if out.at_most(&constraints, MOST) {
        for item in constraints.items() {
            constraint(&item, &known, out);
        }
    }
    let configs = node.get("config");
    if out.at_most(&configs, MOST) {
        for config in configs.items() {
            references(&config.get("requests"), &known, out);
            configuration(&config, out);
        }
    }
}

fn request(node: &Node<'_, '_>, out: &mut Faults) {
    out.required_label(&node.get("name"));
    let (exactly, alternatives) = (node.get("exactly"), node.get("firstAvailable"));
    // Older versions have the members of an exact request in the request itself.
    let flat = ["deviceClassName", "allocationMode", "selectors", "count"]
        .iter()
        .any(|name| node.has(name));
    match (exactly.is_set() || flat, !alternatives.is_empty()) {
        (false, false) => out.required_as(node.path, "one of exactly, firstAvailable"),
        (true, true) => out.invalid(node.path, "must have only one of: exactly, firstAvailable"),
        (true, false) => wanted(if exactly.is_set() { &exactly } else { node }, out),
        (false, true) => {
            if out.at_most(&alternatives, MOST_ALTERNATIVES) {
                for alternative in alternatives.items() {
                    out.required_label(&alternative.get("name"));
                    wanted(&alternative, out);
                }
                unique(&alternatives, |item| item.text("name"), out);
            }
        }
    }
}

/// Which devices, and how many of them.
fn wanted(node: &Node<'_, '_>, out: &mut Faults) {
    out.required_subdomain(&node.get("deviceClassName"));
    selectors(&node.get("selectors"), out);
    let (mode, count) = (node.get("allocationMode"), node.get("count"));
    match mode.str() {
        "All" => {
            if count.int() != 0 {
                out.invalid(count.path, "is not for the allocationMode All");
            }
        }
        "ExactCount" => {
            if count.int() <= 0 {
                out.invalid(count.path, format!("{} must be at least 1", count.int()));
            }
        }
        other => out.unsupported(mode.path, other, &["All", "ExactCount"]),
    }
    let tolerations = node.get("tolerations");
    if out.at_most(&tolerations, MOST_TOLERATIONS) {
        for toleration in tolerations.items() {
            taint::toleration(&toleration, out);
        }
    }
}

fn selectors(list: &Node<'_, '_>, out: &mut Faults) {
    if !out.at_most(list, MOST) {
        return;
    }
    for selector in list.items() {
        let rule = selector.get("cel");
        if !rule.is_set() {
            out.required(rule.path);
            continue;
        }
        let text = rule.get("expression");
        if text.str().is_empty() {
            out.required(text.path);
        } else if text.str().len() > MOST_BYTES {
            let message = format!(
                "must have at most {MOST_BYTES} bytes, has {}",
                text.str().len()
            );
            out.invalid(text.path, message);
        } else {
            expression::of_device(&text, out);
        }
    }
}

fn constraint(node: &Node<'_, '_>, known: &Requests<'_>, out: &mut Faults) {
    references(&node.get("requests"), known, out);
    let (same, distinct) = (node.get("matchAttribute"), node.get("distinctAttribute"));
    if same.is_set() {
        name::fully_qualified(&same, out);
    } else if distinct.is_set() {
        name::fully_qualified(&distinct, out);
    } else if out.version < KubernetesVersion::V1_36 {
        out.required(same.path);
    } else {
        out.required_as(node.path, "one of matchAttribute, distinctAttribute");
    }
}

/// Names of requests of the same claim.
fn references(list: &Node<'_, '_>, known: &Requests<'_>, out: &mut Faults) {
    if !out.at_most(list, MOST) {
        return;
    }
    for item in list.items() {
        let is_name = |name: &str| names::dns_label(name).is_ok();
        if !known.has(item.str()) || !item.str().split('/').all(is_name) {
            out.invalid(
                item.path,
                format!(
                    "\"{}\" must be the name of a request of this claim, or REQUEST/ALTERNATIVE",
                    item.str()
                ),
            );
        }
    }
    unique(list, |item| item.str(), out);
}

/// Parameters that go to a driver unread: its name, and at most 10 KiB of them.
fn configuration(node: &Node<'_, '_>, out: &mut Faults) {
    let opaque = node.get("opaque");
    if !opaque.is_set() {
        out.required(opaque.path);
        return;
    }
    text::driver_name(&opaque.get("driver"), out);
    let parameters = opaque.get("parameters");
    if !parameters.is_set() {
        out.required_as(parameters.path, "an object, which the driver understands");
    } else if !parameters.value.is_object() {
        out.invalid(parameters.path, "must be an object");
    } else {
        let size = parameters.value.to_string().len();
        if size > MOST_BYTES {
            out.invalid(
                parameters.path,
                format!("must have at most {MOST_BYTES} bytes as JSON, has {size}"),
            );
        }
    }
}
