//! What an update of a built-in object may not change.

use serde_json::{Map, Value};

use super::faults::Faults;
use super::node::{Node, quantity};

/// When a member is fixed.
#[derive(Clone, Copy, PartialEq)]
enum Fixed {
    /// From the creation on.
    Always,
    /// From when it is given.
    OnceSet,
    /// While the object says `immutable: true`.
    Sealed,
}
use Fixed::{Always, OnceSet, Sealed};

/// Group, kind, member, and when it is fixed.
const FIXED: [(&str, &str, &str, Fixed); 53] = [
    ("apps", "Deployment", "spec.selector", Always),
    ("apps", "ReplicaSet", "spec.selector", Always),
    ("apps", "DaemonSet", "spec.selector", Always),
    ("apps", "ControllerRevision", "data", Always),
    ("batch", "Job", "spec.selector", Always),
    ("batch", "Job", "spec.completionMode", Always),
    ("batch", "Job", "spec.podFailurePolicy", Always),
    ("batch", "Job", "spec.backoffLimitPerIndex", Always),
    ("batch", "Job", "spec.managedBy", Always),
    ("batch", "Job", "spec.successPolicy", Always),
    ("", "PersistentVolume", "spec.volumeMode", Always),
    ("", "PersistentVolume", "spec.nodeAffinity", OnceSet),
    ("", "Secret", "type", Always),
    ("", "Secret", "immutable", Sealed),
    ("", "Secret", "data", Sealed),
    ("", "ConfigMap", "immutable", Sealed),
    ("", "ConfigMap", "data", Sealed),
    ("", "ConfigMap", "binaryData", Sealed),
    ("", "ResourceQuota", "spec.scopes", Always),
    ("", "Node", "spec.podCIDR", OnceSet),
    ("", "Node", "spec.podCIDRs", OnceSet),
    ("", "Node", "spec.providerID", OnceSet),
    (
        "rbac.authorization.k8s.io",
        "RoleBinding",
        "roleRef",
        Always,
    ),
    (
        "rbac.authorization.k8s.io",
        "ClusterRoleBinding",
        "roleRef",
        Always,
    ),
    ("storage.k8s.io", "StorageClass", "parameters", Always),
    ("storage.k8s.io", "StorageClass", "provisioner", Always),
    ("storage.k8s.io", "StorageClass", "reclaimPolicy", Always),
    (
        "storage.k8s.io",
        "StorageClass",
        "volumeBindingMode",
        Always,
    ),
    (
        "storage.k8s.io",
        "VolumeAttributesClass",
        "driverName",
        Always,
    ),
    (
        "storage.k8s.io",
        "VolumeAttributesClass",
        "parameters",
        Always,
    ),
    ("storage.k8s.io", "CSIDriver", "spec.attachRequired", Always),
    (
        "storage.k8s.io",
        "CSIDriver",
        "spec.volumeLifecycleModes",
        Always,
    ),
    (
        "storage.k8s.io",
        "CSIStorageCapacity",
        "nodeTopology",
        Always,
    ),
    (
        "storage.k8s.io",
        "CSIStorageCapacity",
        "storageClassName",
        Always,
    ),
    ("storage.k8s.io", "VolumeAttachment", "spec", Always),
    ("scheduling.k8s.io", "PriorityClass", "value", Always),
    (
        "scheduling.k8s.io",
        "PriorityClass",
        "preemptionPolicy",
        Always,
    ),
    (
        "networking.k8s.io",
        "IngressClass",
        "spec.controller",
        Always,
    ),
    ("networking.k8s.io", "IPAddress", "spec.parentRef", Always),
    ("networking.k8s.io", "ServiceCIDR", "spec.cidrs", Always),
    ("node.k8s.io", "RuntimeClass", "handler", Always),
    ("discovery.k8s.io", "EndpointSlice", "addressType", Always),
    ("resource.k8s.io", "ResourceClaim", "spec", Always),
    ("resource.k8s.io", "ResourceClaimTemplate", "spec", Always),
    (
        "apiextensions.k8s.io",
        "CustomResourceDefinition",
        "spec.group",
        Always,
    ),
    (
        "apiextensions.k8s.io",
        "CustomResourceDefinition",
        "spec.scope",
        Always,
    ),
    (
        "apiextensions.k8s.io",
        "CustomResourceDefinition",
        "spec.names.kind",
        Always,
    ),
    (
        "apiextensions.k8s.io",
        "CustomResourceDefinition",
        "spec.names.plural",
        Always,
    ),
    ("events.k8s.io", "Event", "regarding", Always),
    ("events.k8s.io", "Event", "reason", Always),
    ("events.k8s.io", "Event", "action", Always),
    ("events.k8s.io", "Event", "note", Always),
    ("events.k8s.io", "Event", "type", Always),
];

/// Takes over what an update leaves to the server, which remembers it.
pub(super) fn inherit(group: &str, kind: &str, new: &mut Map<String, Value>, old: &Value) {
    let (members, only_where): (&[&str], _) = match (group, kind) {
        ("", "Service") => (
            &[
                "clusterIP",
                "clusterIPs",
                "ipFamilies",
                "ipFamilyPolicy",
                "healthCheckNodePort",
            ],
            "type",
        ),
        ("batch", "Job") => (&["selector"], ""),
        ("", "PersistentVolumeClaim") => (&["volumeName", "storageClassName"], ""),
        _ => return,
    };
    let Some(spec) = new.get_mut("spec").and_then(Value::as_object_mut) else {
        return;
    };
    let Some(before) = old.get("spec") else {
        return;
    };
    if !only_where.is_empty() && before.get(only_where) != spec.get(only_where) {
        super::retype::settle(spec, before);
        return;
    }
    for name in members {
        let empty = spec
            .get(*name)
            .is_none_or(|value| value.is_null() || value == "");
        if empty && let Some(value) = before.get(*name) {
            spec.insert((*name).to_owned(), value.clone());
        }
    }
    if kind == "Job" {
        inherit_labels(spec, before);
    }
}

/// The labels that the server gave the pods of a Job.
fn inherit_labels(spec: &mut Map<String, Value>, before: &Value) {
    let given = before
        .pointer("/template/metadata/labels")
        .and_then(Value::as_object);
    let Some(template) = spec.get_mut("template").and_then(Value::as_object_mut) else {
        return;
    };
    for (key, value) in given.into_iter().flatten() {
        let own = ["controller-uid", "job-name"]
            .iter()
            .any(|end| key == end || key.ends_with(&format!("kubernetes.io/{end}")));
        if !own {
            continue;
        }
        let metadata = template
            .entry("metadata")
            .or_insert_with(|| Value::Object(Map::new()));
        if let Some(metadata) = metadata.as_object_mut() {
            let labels = metadata
                .entry("labels")
                .or_insert_with(|| Value::Object(Map::new()));
            if let Some(labels) = labels.as_object_mut() {
                labels.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
    }
}

/// Judges what became of an object, both forms decoded and with their defaults.
pub(super) fn check(group: &str, kind: &str, new: &Value, old: &Value, out: &mut Faults) {
    let sealed = old.get("immutable").and_then(Value::as_bool) == Some(true);
    for (of_group, of_kind, path, when) in FIXED {
        if of_group != group || of_kind != kind || (when == Sealed && !sealed) {
            continue;
        }
        let at = |object: &'_ Value| -> Value {
            path.split('.')
                .try_fold(object, |value, name| value.get(name))
                .cloned()
                .unwrap_or(Value::Null)
        };
        let (now, before) = (at(new), at(old));
        if !same(&now, &before) && (when != OnceSet || !is_empty(&before)) {
            let why = if when == Sealed {
                ", since the object is immutable"
            } else {
                ""
            };
            out.invalid(
                path,
                format!("cannot be changed{}{why}", change(&before, &now)),
            );
        }
    }
    let (new, old) = (Node::root(new), Node::root(old));
    let (now, before) = (new.get("spec"), old.get("spec"));
    match (group, kind) {
        ("apps", "StatefulSet") => {
            let free = [
                "replicas",
                "ordinals",
                "template",
                "updateStrategy",
                "persistentVolumeClaimRetentionPolicy",
                "minReadySeconds",
                "revisionHistoryLimit",
            ];
            rest_is_fixed(&now, &before, &free, out);
        }
        ("batch", "Job") => job(&now, &before, out),
        ("", "Pod") => pod(&now, &before, out),
        ("", "Service") => service(&now, &before, out),
        ("", "PersistentVolumeClaim") => claim(&now, &before, out),
        ("", "PersistentVolume") => volume(&now, &before, out),
        _ => {}
    }
}

/// Takes back what was so before: a server does not ask again for what depends on the cluster, nor where the gates that an
/// object passed have become narrower.
pub(super) fn forgive(
    new: &Value,
    old: &Value,
    rules: fn(&Node<'_, '_>, &mut Faults),
    out: &mut Faults,
) {
    if out.found.is_empty() && out.notes.is_empty() {
        return;
    }
    let mut before = Faults::new(out.version);
    before.known = std::sync::Arc::clone(&out.known);
    rules(&Node::root(old), &mut before);
    out.notes.retain(|note| !before.notes.contains(note));
    let kept = new.get("spec") == old.get("spec");
    out.found
        .retain(|fault| !(kept && before.found.contains(fault)));
}

/// Equality, where what is empty counts as absent.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let covered = |one: &Map<String, Value>, other: &Map<String, Value>| {
                one.iter()
                    .all(|(name, value)| same(value, other.get(name).unwrap_or(&Value::Null)))
            };
            covered(left, right) && covered(right, left)
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        (left, right) => left == right || (is_empty(left) && is_empty(right)),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Number(_) => false,
    }
}

fn change(before: &Value, now: &Value) -> String {
    let plain = |value: &Value| !value.is_object() && !value.is_array() && !value.is_null();
    if plain(before) && plain(now) {
        format!(" from {before} to {now}")
    } else {
        String::new()
    }
}

fn differing<'v>(now: &Node<'_, 'v>, before: &Node<'_, 'v>, free: &[&str]) -> Vec<&'v str> {
    let (Some(new), Some(old)) = (now.map(), before.map()) else {
        return Vec::new();
    };
    let names = new
        .keys()
        .chain(old.keys().filter(|name| !new.contains_key(*name)));
    names
        .map(String::as_str)
        .filter(|name| !free.contains(name) && !same(now.at(&[name]), before.at(&[name])))
        .collect()
}

/// The server says of the whole that only some members may change.
fn rest_is_fixed(now: &Node<'_, '_>, before: &Node<'_, '_>, free: &[&str], out: &mut Faults) {
    let changed = differing(now, before, free);
    if !changed.is_empty() {
        let message = format!(
            "cannot change {}; only {} may change",
            changed.join(", "),
            free.join(", ")
        );
        out.invalid(now.path, message);
    }
}

fn job(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    let completions = now.get("completions");
    let elastic =
        now.text("completionMode") == "Indexed" && completions.value == now.at(&["parallelism"]);
    if !same(completions.value, before.at(&["completions"])) && !elastic {
        out.invalid(
            completions.path,
            "cannot be changed, but for an indexed Job together with parallelism",
        );
    }
    let template = now.get("template");
    if same(template.value, before.at(&["template"])) {
        return;
    }
    // Before a suspended Job starts, where its pods run may still be chosen.
    let mut wanted = before.at(&["template"]).clone();
    if before.flag("suspend") {
        let chosen = ["nodeSelector", "tolerations", "schedulingGates", "affinity"];
        for (pointer, names) in [
            ("/spec", &chosen[..]),
            ("/metadata", &["labels", "annotations"][..]),
        ] {
            let new = template
                .value
                .pointer(pointer)
                .cloned()
                .unwrap_or(Value::Null);
            if let Some(Value::Object(part)) = wanted.pointer_mut(pointer) {
                for name in names {
                    part.insert(
                        (*name).to_owned(),
                        new.get(name).cloned().unwrap_or(Value::Null),
                    );
                }
            }
        }
    }
    if !same(template.value, &wanted) {
        out.invalid(template.path, "cannot be changed; make a new Job");
    }
}

fn pod(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    let free = [
        "containers",
        "initContainers",
        "activeDeadlineSeconds",
        "tolerations",
        "terminationGracePeriodSeconds",
        "schedulingGates",
    ];
    let gated = !before.get("schedulingGates").is_empty();
    let mut changed = differing(now, before, &free);
    if gated {
        changed.retain(|name| !matches!(*name, "nodeSelector" | "affinity"));
    }
    for list in ["containers", "initContainers"] {
        let (new, old) = (now.get(list), before.get(list));
        let same_but_images = new.list().len() == old.list().len()
            && new
                .items()
                .zip(old.items())
                .all(|(new, old)| differing(&new, &old, &["image"]).is_empty());
        if !same_but_images {
            changed.push(list);
        }
    }
    let (new, old) = (now.get("tolerations"), before.get("tolerations"));
    if !old
        .list()
        .iter()
        .all(|toleration| new.list().contains(toleration))
    {
        changed.push("tolerations");
    }
    if now.at(&["terminationGracePeriodSeconds"]) != before.at(&["terminationGracePeriodSeconds"]) {
        changed.push("terminationGracePeriodSeconds");
    }
    if now
        .get("schedulingGates")
        .items()
        .any(|gate| !before.get("schedulingGates").list().contains(gate.value))
    {
        changed.push("schedulingGates");
    }
    if !changed.is_empty() {
        let message = format!(
            "cannot change {}; of a pod, only images, activeDeadlineSeconds and further tolerations may change",
            changed.join(", ")
        );
        out.invalid(now.path, message);
    }
    let (deadline, old) = (
        now.get("activeDeadlineSeconds"),
        before.number("activeDeadlineSeconds"),
    );
    if old.is_some_and(|old| deadline.value.as_i64().is_none_or(|new| new > old)) {
        out.invalid(deadline.path, "can only be shortened");
    }
}

fn service(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    if now.text("type") == "ExternalName" || before.text("type") == "ExternalName" {
        return;
    }
    let (new, old) = (now.get("clusterIPs"), before.get("clusterIPs"));
    let first = |node: &Node<'_, '_>, one: &str| {
        node.list()
            .first()
            .and_then(Value::as_str)
            .unwrap_or(one)
            .to_owned()
    };
    let (address, was) = (
        first(&new, now.text("clusterIP")),
        first(&old, before.text("clusterIP")),
    );
    if !was.is_empty() && address != was {
        out.invalid(
            new.path.index(0),
            format!("cannot be changed from \"{was}\" to \"{address}\""),
        );
    }
    let balanced = |node: &Node<'_, '_>| node.text("type") == "LoadBalancer";
    let class = now.get("loadBalancerClass");
    if balanced(now) && balanced(before) && !same(class.value, before.at(&["loadBalancerClass"])) {
        out.invalid(class.path, "cannot be changed once it is set");
    }
    let port = now.get("healthCheckNodePort");
    let local =
        |node: &Node<'_, '_>| balanced(node) && node.text("externalTrafficPolicy") == "Local";
    if local(now) && local(before) && port.value != before.at(&["healthCheckNodePort"]) {
        out.invalid(port.path, "cannot be changed");
    }
}

fn claim(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    let free = ["resources", "volumeAttributesClassName"];
    let mut changed = differing(now, before, &free);
    // A claim that is bound gets the name of its volume.
    changed.retain(|name| *name != "volumeName" || !before.text("volumeName").is_empty());
    if !changed.is_empty() {
        let message = format!(
            "cannot change {}; of a claim, only resources.requests may change",
            changed.join(", ")
        );
        out.invalid(now.path, message);
    }
    let size = |node: &Node<'_, '_>| quantity(node.at(&["resources", "requests", "storage"]));
    if let (Some(new), Some(old)) = (size(now), size(before))
        && new < old
    {
        let resources = now.get("resources");
        let requests = resources.get("requests");
        out.invalid(
            requests.path.field("storage"),
            format!("{new} must be at least what it was, {old}"),
        );
    }
}

fn volume(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    let free = [
        "accessModes",
        "capacity",
        "claimRef",
        "mountOptions",
        "nodeAffinity",
        "persistentVolumeReclaimPolicy",
        "storageClassName",
        "volumeAttributesClassName",
        "volumeMode",
    ];
    let changed = differing(now, before, &free);
    if !changed.is_empty() {
        let message = format!(
            "the source of the volume, {}, cannot be changed",
            changed.join(", ")
        );
        out.invalid(now.path.field("persistentvolumesource"), message);
    }
}
