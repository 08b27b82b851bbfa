//! Claims, volumes and the drivers of a node that change.

use std::collections::BTreeMap;

use crate::value::{Text, Value};
use kube_vocab::{FieldPath, Quantity};

use super::super::faults::Faults;
use super::super::node::{Node, quantity};
use super::compare::{differing, same};

/// Where a claim named its class before there was a field.
const CLASS: &str = "volume.beta.kubernetes.io/storage-class";

pub(super) fn claim(new: &Node<'_, '_>, old: &Node<'_, '_>, out: &mut Faults) {
    let (now, before) = (new.get("spec"), old.get("spec"));
    let free = ["resources", "volumeAttributesClassName"];
    let mut changed = differing(&now, &before, &free);
    if amounts(&now, "limits") != amounts(&before, "limits") {
        changed.push("resources.limits");
    }
    // Only a claim that has its volume can grow.
    let phase = old.at(&["status", "phase"]).as_str();
    if phase.is_some_and(|phase| phase != "Bound") {
        if amounts(&now, "requests") != amounts(&before, "requests") {
            changed.push("resources.requests");
        }
        let class = "volumeAttributesClassName";
        if now.text(class) != before.text(class) {
            changed.push(class);
        }
    }
    volume_mode(&now, &before, out);
    // A claim that is bound gets the name of its volume.
    changed.retain(|name| *name != "volumeName" || !before.text("volumeName").is_empty());
    // A claim without a class may get one: that of its annotation, where it has one.
    let annotation = |object: &Node<'_, '_>| {
        let value = object.at(&["metadata", "annotations", CLASS]).as_str();
        value.map(str::to_owned)
    };
    let (noted, was_noted) = (annotation(new), annotation(old));
    let class = now.text("storageClassName");
    let gets_class = !before.has("storageClassName")
        && now.has("storageClassName")
        && was_noted.as_deref().is_none_or(|noted| noted == class);
    if gets_class {
        changed.retain(|name| *name != "storageClassName");
    }
    let moved = gets_class && was_noted.is_some() && noted.is_none();
    if noted.unwrap_or_default() != was_noted.unwrap_or_default() && !moved {
        let metadata = new.get("metadata");
        let annotations = metadata.get("annotations");
        out.invalid(annotations.path.key(CLASS), "cannot be changed");
    }
    if !changed.is_empty() {
        let message = format!(
            "cannot change {}; of a claim, only resources.requests may change",
            changed.join(", ")
        );
        out.invalid(now.path, message);
    }
    let size = |node: &Node<'_, '_>| quantity(node.at(&["resources", "requests", "storage"]));
    if let (Some(new), Some(old)) = (size(&now), size(&before))
        && new < old
    {
        let resources = now.get("resources");
        let requests = resources.get("requests");
        out.invalid(
            requests.path.field("storage"),
            format!("{new} must be at least what it was, {old}"),
        );
    }
    attributes_class(&now, &before, true, out);
}

/// What a claim asks for, or may have, as amounts: `1Gi` is `1024Mi`.
fn amounts(spec: &Node<'_, '_>, list: &str) -> BTreeMap<String, Option<Quantity>> {
    let members = spec
        .at(&["resources", list])
        .as_object()
        .into_iter()
        .flatten();
    members
        .map(|(name, value)| (name.as_str().to_owned(), quantity(value)))
        .collect()
}

/// A class of attributes can be changed, but not taken away.
fn attributes_class(now: &Node<'_, '_>, before: &Node<'_, '_>, of_claim: bool, out: &mut Faults) {
    let class = now.get("volumeAttributesClassName");
    let gone = !class.is_set() || (of_claim && class.is_empty());
    if before.has("volumeAttributesClassName") && gone {
        out.forbidden(class.path, "it can be changed, but not taken away");
    }
}

/// The server leaves out the step over the specification here, too.
fn volume_mode(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    if now.text("volumeMode") != before.text("volumeMode") {
        let path = FieldPath::root().field("volumeMode");
        out.invalid(path, "cannot be changed");
    }
}

pub(super) fn volume(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    let free = [
        "accessModes",
        "capacity",
        "claimRef",
        "csi",
        "mountOptions",
        "nodeAffinity",
        "persistentVolumeReclaimPolicy",
        "storageClassName",
        "volumeAttributesClassName",
        "volumeMode",
    ];
    let mut changed = differing(now, before, &free);
    // The secret by which a volume grows may come later.
    let (new, old) = (now.get("csi"), before.get("csi"));
    let later: &[&str] = match old.has("controllerExpandSecretRef") {
        true => &[],
        false => &["controllerExpandSecretRef"],
    };
    if new.is_set() != old.is_set() || !differing(&new, &old, later).is_empty() {
        changed.push("csi");
    }
    if !changed.is_empty() {
        let message = format!(
            "the source of the volume, {}, cannot be changed",
            changed.join(", ")
        );
        out.invalid(now.path.field("persistentvolumesource"), message);
    }
    volume_mode(now, before, out);
    let (new, old) = (now.at(&["nodeAffinity"]), before.at(&["nodeAffinity"]));
    if !old.is_null() && !same(&with_new_labels(new), &with_new_labels(old)) {
        // The server leaves out the step over the specification.
        let path = FieldPath::root().field("nodeAffinity");
        out.invalid(path, "cannot be changed once it is set");
    }
    attributes_class(now, before, false, out);
}

/// The labels of nodes that have a new name, by their old one.
const RENAMED: [(&str, &str); 5] = [
    (
        "failure-domain.beta.kubernetes.io/zone",
        "topology.kubernetes.io/zone",
    ),
    (
        "failure-domain.beta.kubernetes.io/region",
        "topology.kubernetes.io/region",
    ),
    ("beta.kubernetes.io/os", "kubernetes.io/os"),
    ("beta.kubernetes.io/arch", "kubernetes.io/arch"),
    (
        "beta.kubernetes.io/instance-type",
        "node.kubernetes.io/instance-type",
    ),
];

/// An affinity with the new names of labels: the one change that a server takes.
fn with_new_labels(affinity: &Value) -> Value {
    match affinity {
        Value::Object(members) => {
            let renamed = |(name, value): (&Text, &Value)| {
                let label = RENAMED
                    .iter()
                    .find(|(old, _)| name == "key" && value.as_str() == Some(*old));
                let value = match label {
                    Some((_, new)) => Value::from(*new),
                    None => with_new_labels(value),
                };
                (name.clone(), value)
            };
            Value::Object(members.iter().map(renamed).collect())
        }
        Value::Array(items) => items.iter().map(with_new_labels).collect(),
        plain => plain.clone(),
    }
}

/// A driver of a node keeps its id and its topology.
pub(super) fn drivers(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    let old = before.get("drivers");
    for driver in now.get("drivers").items() {
        let named = |old: &Node<'_, '_>| old.text("name") == driver.text("name");
        let Some(before) = old.items().find(named) else {
            continue;
        };
        let changed = differing(&driver, &before, &["allocatable"]);
        if !changed.is_empty() {
            let message = format!(
                "cannot change {} of a driver that is there",
                changed.join(", ")
            );
            // The server says so of the list.
            out.invalid(now.path.field("drivers"), message);
        }
    }
}
