//! What an update of a built-in object may not change.

mod compare;
mod definition;
mod job;
mod pod;
mod retype;
mod service;
mod storage;

use crate::value::{Map, Value};
use kube_vocab::FieldPath;

use super::faults::Faults;
use super::node::Node;
pub(super) use compare::same;
use compare::{change, is_empty, rest_is_fixed};

/// Until when an update may still change a member.
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

const DEFINITIONS: &str = "apiextensions.k8s.io";
const SCHEDULING: &str = "scheduling.k8s.io";
const RBAC: &str = "rbac.authorization.k8s.io";
const STORAGE: &str = "storage.k8s.io";

/// Group, kind, when its members are fixed, and the members.
const FIXED: [(&str, &str, Fixed, &[&str]); 36] = [
    ("apps", "Deployment", Always, &["spec.selector"]),
    ("apps", "ReplicaSet", Always, &["spec.selector"]),
    ("apps", "DaemonSet", Always, &["spec.selector"]),
    ("apps", "ControllerRevision", Always, &["data"]),
    (
        "batch",
        "Job",
        Always,
        &[
            "spec.selector",
            "spec.completionMode",
            "spec.podFailurePolicy",
            "spec.backoffLimitPerIndex",
            "spec.managedBy",
            "spec.successPolicy",
        ],
    ),
    ("", "Secret", Always, &["type"]),
    ("", "Secret", Sealed, &["immutable", "data"]),
    (
        "",
        "ConfigMap",
        Sealed,
        &["immutable", "data", "binaryData"],
    ),
    ("", "Node", OnceSet, &["spec.podCIDRs", "spec.providerID"]),
    ("", "Node", Always, &["spec.externalID"]),
    (RBAC, "RoleBinding", Always, &["roleRef"]),
    (RBAC, "ClusterRoleBinding", Always, &["roleRef"]),
    (
        STORAGE,
        "StorageClass",
        Always,
        &[
            "parameters",
            "provisioner",
            "reclaimPolicy",
            "volumeBindingMode",
        ],
    ),
    (
        STORAGE,
        "VolumeAttributesClass",
        Always,
        &["driverName", "parameters"],
    ),
    (
        STORAGE,
        "CSIDriver",
        Always,
        &["spec.attachRequired", "spec.volumeLifecycleModes"],
    ),
    (
        STORAGE,
        "CSIStorageCapacity",
        Always,
        &["nodeTopology", "storageClassName"],
    ),
    (STORAGE, "VolumeAttachment", Always, &["spec"]),
    (
        SCHEDULING,
        "PriorityClass",
        Always,
        &["value", "preemptionPolicy"],
    ),
    (
        "networking.k8s.io",
        "IngressClass",
        Always,
        &["spec.controller"],
    ),
    (
        "networking.k8s.io",
        "IPAddress",
        Always,
        &["spec.parentRef"],
    ),
    ("node.k8s.io", "RuntimeClass", Always, &["handler"]),
    (
        "discovery.k8s.io",
        "EndpointSlice",
        Always,
        &["addressType"],
    ),
    ("resource.k8s.io", "ResourceClaim", Always, &["spec"]),
    (
        "resource.k8s.io",
        "ResourcePoolStatusRequest",
        Always,
        &["spec"],
    ),
    (
        "resource.k8s.io",
        "ResourceClaimTemplate",
        Always,
        &["spec"],
    ),
    (
        "resource.k8s.io",
        "ResourceSlice",
        Always,
        &["spec.pool.name", "spec.driver", "spec.nodeName"],
    ),
    (
        DEFINITIONS,
        "CustomResourceDefinition",
        Always,
        &[
            "spec.group",
            "spec.scope",
            "spec.names.kind",
            "spec.names.plural",
        ],
    ),
    (
        "certificates.k8s.io",
        "ClusterTrustBundle",
        Always,
        &["spec.signerName"],
    ),
    (
        "certificates.k8s.io",
        "PodCertificateRequest",
        Always,
        &["spec"],
    ),
    (
        "coordination.k8s.io",
        "LeaseCandidate",
        Always,
        &["spec.leaseName"],
    ),
    (
        "storagemigration.k8s.io",
        "StorageVersionMigration",
        Always,
        &["spec"],
    ),
    (
        SCHEDULING,
        "Workload",
        Always,
        &["spec.podGroups", "spec.podGroupTemplates"],
    ),
    (SCHEDULING, "Workload", OnceSet, &["spec.controllerRef"]),
    (
        SCHEDULING,
        "CompositePodGroup",
        Always,
        &[
            "spec.parentCompositePodGroupName",
            "spec.workloadRef",
            "spec.schedulingPolicy",
            "spec.schedulingConstraints",
            "spec.priorityClassName",
            "spec.priority",
        ],
    ),
    (
        SCHEDULING,
        "PodGroup",
        Always,
        &[
            "spec.podGroupTemplateRef",
            "spec.schedulingPolicy",
            "spec.schedulingConstraints",
            "spec.resourceClaims",
            "spec.disruptionMode",
            "spec.priorityClassName",
            "spec.priority",
        ],
    ),
    (
        "events.k8s.io",
        "Event",
        Always,
        &[
            "regarding",
            "related",
            "reason",
            "action",
            "note",
            "type",
            "eventTime",
            "reportingController",
            "reportingInstance",
            "deprecatedSource",
            "deprecatedCount",
            "deprecatedFirstTimestamp",
            "deprecatedLastTimestamp",
        ],
    ),
];

/// Takes over what an update leaves to the server, which remembers it.
pub(super) fn inherit(group: &str, kind: &str, new: &mut Map, old: &Value) {
    let members: &[&str] = match (group, kind) {
        ("", "Service") => &[
            "clusterIP",
            "clusterIPs",
            "ipFamilies",
            "ipFamilyPolicy",
            "healthCheckNodePort",
        ],
        ("batch", "Job") => &["selector"],
        ("", "PersistentVolumeClaim") => &["volumeName", "storageClassName"],
        // What was asked for, and the finalizers of a namespace, change by other ways alone.
        ("certificates.k8s.io", "CertificateSigningRequest") | ("", "Namespace") => {
            match old.get("spec") {
                Some(spec) => new.insert("spec".to_owned(), spec.clone()),
                None => new.shift_remove("spec"),
            };
            return;
        }
        _ => return,
    };
    let Some(spec) = new.get_mut("spec").and_then(Value::as_object_mut) else {
        return;
    };
    let Some(before) = old.get("spec") else {
        return;
    };
    if kind == "Service" && before.get("type") != spec.get("type") {
        retype::settle(spec, before);
        return;
    }
    for name in members {
        let empty = spec
            .get(name)
            .is_none_or(|value| value.is_null() || value == "");
        if empty && let Some(value) = before.get(*name) {
            spec.insert((*name).to_owned(), value.clone());
        }
    }
    if kind == "Job" {
        job::inherit_labels(spec, before);
    }
}

/// Judges what became of an object, both forms decoded and with their defaults.
pub(super) fn check(group: &str, kind: &str, new: &Value, old: &Value, out: &mut Faults) {
    fixed(group, kind, new, old, out);
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
        ("batch", "Job") => job::job(&now, &before, out),
        ("", "Pod") => pod::pod(&new, &old, out),
        ("", "Service") => service::service(&now, &before, out),
        ("", "PersistentVolumeClaim") => storage::claim(&new, &old, out),
        ("", "Node") => addresses(&new, out),
        ("", "PersistentVolume") => storage::volume(&now, &before, out),
        ("", "ResourceQuota") => scopes(&now, &before, out),
        (STORAGE, "CSINode") => storage::drivers(&now, &before, out),
        ("networking.k8s.io", "ServiceCIDR") => ranges(&now, &before, out),
        (DEFINITIONS, "CustomResourceDefinition") => definition::versions(&now, &before, out),
        _ => {}
    }
}

fn fixed(group: &str, kind: &str, new: &Value, old: &Value, out: &mut Faults) {
    let sealed = old.get("immutable").and_then(Value::as_bool) == Some(true);
    let of_kind = FIXED
        .iter()
        .filter(|(of_group, of_kind, _, _)| *of_group == group && *of_kind == kind);
    for (_, _, when, paths) in of_kind.filter(|(_, _, when, _)| *when != Sealed || sealed) {
        for path in *paths {
            let at = |object: &Value| -> Value {
                path.split('.')
                    .try_fold(object, |value, name| value.get(name))
                    .cloned()
                    .unwrap_or(Value::Null)
            };
            let (now, before) = (at(new), at(old));
            if same(&now, &before) || (*when == OnceSet && is_empty(&before)) {
                continue;
            }
            let why = if *when == Sealed {
                ", since the object is immutable"
            } else {
                ""
            };
            let path = if *path == "spec.attachRequired" {
                // The server's way to write it.
                "spec.attachedRequired"
            } else {
                path
            };
            let path = path
                .split('.')
                .fold(FieldPath::root(), |path, name| path.field(name));
            out.invalid(
                path,
                format!("cannot be changed{}{why}", change(&before, &now)),
            );
        }
    }
}

/// A node has each of its addresses once, which a server asks for from the second time on.
fn addresses(node: &Node<'_, '_>, out: &mut Faults) {
    let status = node.get("status");
    let mut seen = std::collections::HashSet::new();
    for address in status.get("addresses").items() {
        if !seen.insert((address.text("type"), address.text("address"))) {
            out.duplicate(address.path, address.text("address"));
        }
    }
}

/// The scopes of a quota, whose order says nothing.
fn scopes(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    let (new, old) = (now.get("scopes"), before.get("scopes"));
    let covers = |one: &Node<'_, '_>, other: &Node<'_, '_>| {
        one.list().iter().all(|scope| other.list().contains(scope))
    };
    if !covers(&new, &old) || !covers(&old, &new) {
        out.invalid(new.path, "cannot be changed");
    }
}

/// The ranges of services: one of the other family may come.
fn ranges(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    let (new, old) = (now.get("cidrs"), before.get("cidrs"));
    let (count, was) = (new.list().len(), old.list().len());
    if count != was && (count, was) != (2, 1) {
        out.invalid(
            new.path,
            "cannot be changed, but for a range of the other family that is added",
        );
        return;
    }
    for (now, before) in new.items().zip(old.items()) {
        if now.value != before.value {
            let message = format!("cannot be changed{}", change(before.value, now.value));
            out.invalid(now.path, message);
        }
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
    let mut before = Faults::new(out.version, std::sync::Arc::clone(&out.known));
    before.updating = true;
    rules(&Node::root(old), &mut before);
    out.notes.retain(|note| !before.notes.contains(note));
    let kept = new.get("spec") == old.get("spec");
    out.found
        .retain(|fault| !(kept && before.found.contains(fault)));
}
