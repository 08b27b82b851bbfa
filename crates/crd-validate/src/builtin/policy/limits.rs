//! LimitRanges.

use std::collections::{BTreeSet, HashSet};

use kube_vocab::{Quantity, names};

use super::super::faults::Faults;
use super::super::node::{Node, quantity};
use super::super::pod::resources;

const BOUNDS: [&str; 5] = [
    "max",
    "min",
    "default",
    "defaultRequest",
    "maxLimitRequestRatio",
];

pub(in super::super) fn limits(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let mut types = HashSet::new();
    for limit in spec.get("limits").items() {
        let kind = limit.get("type");
        if let Err(reason) = names::qualified_name(kind.str()) {
            out.invalid(kind.path, format!("\"{}\": {reason}", kind.str()));
        }
        if !kind.str().contains('/')
            && !["Pod", "Container", "PersistentVolumeClaim"].contains(&kind.str())
        {
            out.invalid(
                kind.path,
                format!(
                    "\"{}\" is not one of: Pod, Container, PersistentVolumeClaim, DOMAIN/NAME",
                    kind.str()
                ),
            );
        }
        if !types.insert(kind.str()) {
            out.duplicate(kind.path, kind.str());
        }
        if kind.str() == "Pod" {
            for name in ["default", "defaultRequest"] {
                if !limit.get(name).is_empty() {
                    out.forbidden(limit.get(name).path, "pods as a whole have no defaults");
                }
            }
        }
        if kind.str() == "PersistentVolumeClaim"
            && limit.at(&["min"]).get("storage").is_none()
            && limit.at(&["max"]).get("storage").is_none()
        {
            // The server names a member that there is not.
            out.required_as(limit.path.field("limits"), "min or max of storage");
        }
        one(&limit, out);
    }
}

fn one(limit: &Node<'_, '_>, out: &mut Faults) {
    let mut all = BTreeSet::new();
    for bound in BOUNDS {
        if limit.text("type") == "Pod" && bound.starts_with("default") {
            continue;
        }
        for (name, amount) in limit.get(bound).entries() {
            all.insert(name.to_owned());
            if limit.text("type") == "PersistentVolumeClaim" && name == "storage" {
                continue;
            }
            resource(limit.text("type"), name, &amount, out);
        }
    }
    for name in &all {
        let of = |bound: &str| quantity(limit.at(&[bound, name]));
        let (most, least, given, asked) =
            (of("max"), of("min"), of("default"), of("defaultRequest"));
        let ratio = of("maxLimitRequestRatio");
        let node = |bound| limit.path.field(bound);
        let mut above =
            |left: Option<Quantity>, right: Option<Quantity>, bound: &'static str, what: &str| {
                if let (Some(left), Some(right)) = (left, right)
                    && left > right
                {
                    out.invalid(
                        node(bound).key(name),
                        format!("{left} must be at most {right}, {what}"),
                    );
                }
            };
        above(least, most, "min", "the maximum");
        above(least, asked, "defaultRequest", "the default request");
        above(asked, most, "defaultRequest", "the maximum");
        above(asked, given, "defaultRequest", "the default limit");
        above(least, given, "default", "the default limit");
        above(given, most, "default", "the maximum");
        if let Some(ratio) = ratio {
            let path = limit.path.field("maxLimitRequestRatio");
            if ratio < Quantity::new(1) {
                out.invalid(path.key(name), "must be at least 1");
            }
            if let (Some(most), Some(least)) = (most, least)
                && !least.is_zero()
                && ratio.as_f64() > most.as_f64() / least.as_f64()
            {
                out.invalid(
                    path.key(name),
                    "must be at most the ratio of maximum and minimum",
                );
            }
        }
        if (resources::is_extended(name) || resources::is_huge(name))
            && let (Some(given), Some(asked)) = (given, asked)
            && given != asked
        {
            let path = limit.path.field("defaultRequest");
            out.invalid(
                path.key(name),
                "must equal the default limit of what cannot be shared",
            );
        }
    }
}

fn resource(kind: &str, name: &str, node: &Node<'_, '_>, out: &mut Faults) {
    match kind {
        "Pod" | "Container" => {
            resources::container_name(node.path, name, out);
        }
        _ => {
            if let Err(reason) = names::qualified_name(name) {
                out.invalid(node.path, format!("\"{name}\": {reason}"));
            } else if !name.contains('/') && !resources::is_known(name) {
                out.invalid(
                    node.path,
                    format!(
                        "\"{name}\" is no resource that the server knows; others are DOMAIN/NAME"
                    ),
                );
            }
        }
    }
}
