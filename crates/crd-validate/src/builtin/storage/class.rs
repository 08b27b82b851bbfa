//! Classes and drivers of storage.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::value::Value;
use kube_vocab::names;

use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;
use super::super::text;
use super::volume;

pub(in super::super) fn storage_class(object: &Node<'_, '_>, out: &mut Faults) {
    provisioner(&object.get("provisioner"), out);
    parameters(&object.get("parameters"), out);
    let reclaim = object.get("reclaimPolicy");
    if !reclaim.is_empty() {
        out.one_of(&reclaim, &["Delete", "Retain"]);
    }
    out.one_of(
        &object.get("volumeBindingMode"),
        &["Immediate", "WaitForFirstConsumer"],
    );
    let topologies = object.get("allowedTopologies");
    let mut terms = HashSet::new();
    for term in topologies.items() {
        let said: BTreeMap<&str, BTreeSet<&str>> = term
            .at(&["matchLabelExpressions"])
            .as_array()
            .into_iter()
            .flatten()
            .map(meaning)
            .collect();
        // To the server, a term without expressions is one that was there before.
        if said.is_empty() || !terms.insert(said) {
            let path = term.path.field("matchLabelExpressions");
            out.invalid(
                path,
                "must say something, and other things than an earlier term",
            );
        }
        let mut keys = HashSet::new();
        for expression in term.get("matchLabelExpressions").items() {
            let (key, values) = (expression.get("key"), expression.get("values"));
            out.named(&key, names::qualified_name);
            if values.is_empty() {
                out.required(values.path);
            }
            let mut seen = HashSet::new();
            for value in values.items() {
                if !seen.insert(value.str()) {
                    out.duplicate(value.path, value.str());
                }
            }
            if !keys.insert(key.str()) {
                out.duplicate(key.path, key.str());
            }
        }
    }
}

/// Who makes volumes, or changes what they are.
fn provisioner(node: &Node<'_, '_>, out: &mut Faults) {
    if node.is_empty() {
        out.required(node.path);
    } else {
        out.name(node.path, &node.str().to_lowercase(), names::qualified_name);
    }
}

/// The key of an expression and its values, whose order says nothing.
fn meaning(expression: &Value) -> (&str, BTreeSet<&str>) {
    let values = expression.get("values").and_then(Value::as_array);
    let key = expression.get("key").and_then(Value::as_str);
    let values = values.into_iter().flatten().filter_map(Value::as_str);
    (key.unwrap_or_default(), values.collect())
}

fn parameters(node: &Node<'_, '_>, out: &mut Faults) {
    const MOST: usize = 512;
    const MOST_BYTES: usize = 256 * 1024;
    let Some(members) = node.map() else { return };
    if members.len() > MOST {
        out.invalid(
            node.path,
            format!("must have at most {MOST} members, has {}", members.len()),
        );
    }
    if members.contains_key("") {
        out.invalid(node.path, "a key must not be empty");
    }
    let size: usize = members
        .iter()
        .map(|(key, value)| key.len() + value.as_str().map_or(0, str::len))
        .sum();
    if size > MOST_BYTES {
        out.invalid(
            node.path,
            format!("must have at most {MOST_BYTES} bytes in all, has {size}"),
        );
    }
}

pub(in super::super) fn attributes_class(object: &Node<'_, '_>, out: &mut Faults) {
    provisioner(&object.get("driverName"), out);
    let node = object.get("parameters");
    if node.is_empty() {
        out.required_as(node.path, "a parameter at least");
    }
    parameters(&node, out);
}

pub(in super::super) fn driver(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let modes = spec.get("volumeLifecycleModes");
    for mode in modes.items() {
        if !["Persistent", "Ephemeral"].contains(&mode.str()) {
            out.unsupported(modes.path, mode.str(), &["Persistent", "Ephemeral"]);
        }
    }
    out.one_of(
        &spec.get("fsGroupPolicy"),
        &["File", "None", "ReadWriteOnceWithFSType"],
    );
    let tokens = spec.get("tokenRequests");
    let mut audiences = HashSet::new();
    for token in tokens.items() {
        let audience = token.get("audience");
        if !audiences.insert(audience.str()) {
            out.duplicate(audience.path, audience.str());
            continue;
        }
        let expiration = token.get("expirationSeconds");
        if expiration.is_set() && expiration.int() < 600 {
            out.invalid(expiration.path, "must be at least 600: ten minutes");
        } else if expiration.int() > 1 << 32 {
            out.invalid(expiration.path, "must be at most 4294967296");
        }
    }
    let secrets = spec.get("serviceAccountTokenInSecrets");
    if secrets.is_set() && tokens.is_empty() {
        out.invalid(secrets.path, "needs tokenRequests");
    }
    let period = spec.get("nodeAllocatableUpdatePeriodSeconds");
    if period.is_set() && period.int() < 10 {
        out.invalid(period.path, "must be at least 10");
    }
}

/// A CSINode: which drivers run on the node, and how it is called there.
pub(in super::super) fn node(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let drivers = spec.get("drivers");
    let mut seen = HashSet::new();
    for driver in drivers.items() {
        let name = driver.get("name");
        text::driver_name(&name, out);
        if !name.is_empty() && !seen.insert(name.str()) {
            out.duplicate(name.path, name.str());
        }
        let id = driver.get("nodeID");
        if id.is_empty() {
            out.required(id.path);
        } else if id.str().len() > 256 {
            out.invalid(id.path, "must have at most 256 bytes");
        }
        let allocatable = driver.get("allocatable");
        let count = allocatable.get("count");
        if count.is_set() {
            out.not_negative(&count);
        }
        let mut keys = HashSet::new();
        // The server reports the keys at their driver.
        for key in driver.get("topologyKeys").items() {
            out.name(driver.path, key.str(), names::qualified_name);
            if !keys.insert(key.str()) {
                out.duplicate(driver.path, key.str());
            }
        }
    }
}

pub(in super::super) fn capacity(object: &Node<'_, '_>, out: &mut Faults) {
    let class = object.get("storageClassName");
    out.named(&class, names::dns_subdomain);
    labels::selector(&object.get("nodeTopology"), out);
    // The other amount, maximumVolumeSize, a server takes as it is.
    let amount = object.get("capacity");
    if amount.quantity().is_some_and(|amount| amount.is_negative()) {
        out.invalid(amount.path, "must not be negative");
    }
}

pub(in super::super) fn attachment(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    text::driver_name(&spec.get("attacher"), out);
    let source = spec.get("source");
    let (name, inline) = (
        source.has("persistentVolumeName"),
        source.has("inlineVolumeSpec"),
    );
    if name == inline {
        out.invalid(
            source.path,
            "must have exactly one of: persistentVolumeName, inlineVolumeSpec",
        );
    } else if name {
        out.required_subdomain(&source.get("persistentVolumeName"));
    }
    out.named(&spec.get("nodeName"), names::dns_subdomain);
    if inline {
        volume::inline(&source.get("inlineVolumeSpec"), out);
    }
}
