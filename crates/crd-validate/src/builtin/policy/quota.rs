//! ResourceQuotas.

use std::collections::HashSet;

use kube_vocab::{Path, names};

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::pod::resources;

const SCOPES: [&str; 7] = [
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
];

/// Scopes that are there or not, and have no values.
const PLAIN_SCOPES: [&str; 5] = [
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "CrossNamespacePodAffinity",
];

pub(in super::super) fn quota(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let hard = spec.get("hard");
    for (name, amount) in hard.entries() {
        quota_name(amount.path, name, out);
        resources::amount(name, &amount, out);
    }
    let kinds: Vec<&str> = hard.entries().map(|(name, _)| name).collect();
    let scopes = spec.get("scopes");
    let chosen: Vec<&str> = scopes.items().map(|scope| scope.str()).collect();
    check_scopes(scopes.path, &chosen, &kinds, out);
    let selector = spec.get("scopeSelector");
    let expressions = selector.get("matchExpressions");
    let mut of_selector = Vec::new();
    for expression in expressions.items() {
        let name = expression.text("scopeName");
        let at = |member| expressions.path.field(member);
        let values = expression.get("values");
        let operator = expression.text("operator");
        if !SCOPES.contains(&name) {
            out.unsupported(at("scopeName"), name, &SCOPES);
        }
        of_selector.push(name);
        if PLAIN_SCOPES.contains(&name) && operator != "Exists" {
            out.invalid(
                at("operator"),
                format!("must be Exists for the scope {name}"),
            );
        }
        match operator {
            "In" | "NotIn" if values.is_empty() => {
                out.required_as(at("values"), "a value at least, for In and NotIn")
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                out.invalid(at("values"), "Exists and DoesNotExist take no values");
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => out.unsupported(
                at("operator"),
                other,
                &["In", "NotIn", "Exists", "DoesNotExist"],
            ),
        }
    }
    let known: Vec<&str> = of_selector
        .into_iter()
        .filter(|scope| SCOPES.contains(scope))
        .collect();
    fits(&expressions.path, &known, &kinds, out);
    conflict(expressions.path, &known, out);
}

fn quota_name(path: Path<'_>, name: &str, out: &mut Faults) {
    if let Err(reason) = names::qualified_name(name) {
        out.invalid(path, format!("\"{name}\": {reason}"));
    } else if !name.contains('/') && !is_quota_resource(name) {
        out.invalid(
            path,
            format!(
                "\"{name}\" is no resource that a quota can limit, such as limits.cpu or count/pods"
            ),
        );
    }
}

fn is_quota_resource(name: &str) -> bool {
    resources::is_known(name) && name != "storage"
}

fn check_scopes(path: Path<'_>, scopes: &[&str], resources: &[&str], out: &mut Faults) {
    for scope in scopes {
        if !SCOPES.contains(scope) {
            out.invalid(
                path,
                format!("\"{scope}\" is not one of: {}", SCOPES.join(", ")),
            );
        }
    }
    let known: Vec<&str> = scopes
        .iter()
        .copied()
        .filter(|scope| SCOPES.contains(scope))
        .collect();
    fits(&path, &known, resources, out);
    conflict(path, &known, out);
}

/// Each scope is about some resources only.
fn fits(path: &Path<'_>, scopes: &[&str], resources: &[&str], out: &mut Faults) {
    for scope in scopes {
        for resource in resources {
            let of_pods = matches!(
                *resource,
                "pods"
                    | "cpu"
                    | "memory"
                    | "requests.cpu"
                    | "requests.memory"
                    | "limits.cpu"
                    | "limits.memory"
            );
            let allowed = match *scope {
                "BestEffort" => *resource == "pods",
                "VolumeAttributesClass" => {
                    matches!(*resource, "persistentvolumeclaims" | "requests.storage")
                }
                _ => of_pods,
            };
            // What the server does not know, it does not judge here.
            if !allowed && is_quota_resource(resource) {
                out.invalid(*path, format!("the scope {scope} is not about {resource}"));
            }
        }
    }
}

fn conflict(path: Path<'_>, scopes: &[&str], out: &mut Faults) {
    let scopes: HashSet<&str> = scopes.iter().copied().collect();
    for (one, other) in [
        ("Terminating", "NotTerminating"),
        ("BestEffort", "NotBestEffort"),
    ] {
        if scopes.contains(one) && scopes.contains(other) {
            out.invalid(path, format!("{one} and {other} exclude each other"));
        }
    }
}
