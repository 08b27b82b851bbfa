//! The form in which a server keeps an object of a built-in kind.

use kube_vocab::Quantity;
use serde_json::{Map, Value, json};

use super::catalog::{Catalog, Shape, TypeId};
use super::node::quantity;
use crate::version::KubernetesVersion;

/// Flags that the server leaves out where they are false; of all others it remembers that they were given.
const PLAIN_FLAGS: [&str; 20] = [
    "allowVolumeExpansion",
    "chapAuthDiscovery",
    "chapAuthSession",
    "clusterScope",
    "deprecated",
    "globalDefault",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "insecureSkipTLSVerify",
    "paused",
    "preserveUnknownFields",
    "publishNotReadyAddresses",
    "readOnly",
    "stdin",
    "stdinOnce",
    "tty",
    "unschedulable",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
];

/// Numbers that the server leaves out where they are zero.
const PLAIN_NUMBERS: [&str; 9] = [
    "failureThreshold",
    "healthCheckNodePort",
    "hostPort",
    "initialDelaySeconds",
    "minReadySeconds",
    "nodePort",
    "periodSeconds",
    "successThreshold",
    "timeoutSeconds",
];

/// Texts that the server keeps where they are empty, and those that it must have.
const KEPT_TEXTS: [&str; 14] = [
    "containerName",
    "divisor",
    "host",
    "image",
    "ingressClassName",
    "key",
    "kind",
    "name",
    "path",
    "resource",
    "service",
    "storageClassName",
    "topologyKey",
    "type",
];

/// Writes a decoded object, with its defaults, as the server does.
pub(super) fn canonical(object: &mut Value, root: TypeId, version: KubernetesVersion) {
    if let Value::Object(members) = object {
        members_of(members, root, version);
    }
}

fn members_of(members: &mut Map<String, Value>, id: TypeId, version: KubernetesVersion) {
    let kind = Catalog::get().of(id);
    for (name, value) in members.iter_mut() {
        if let Some(field) = kind.field(name, version) {
            value_of(value, &field.shape, version);
        }
    }
    members.retain(|name, value| {
        match (kind.field(name, version).map(|field| &field.shape), &*value) {
            (Some(Shape::List(_) | Shape::Bytes), value) => !is_empty(value),
            (Some(Shape::Map(_)), value) => !is_empty(value) || name == "emptyDir",
            (Some(Shape::String), Value::String(text)) => {
                !text.is_empty() || KEPT_TEXTS.contains(&name.as_str())
            }
            (Some(Shape::Bool), Value::Bool(false)) => !PLAIN_FLAGS.contains(&name.as_str()),
            (Some(Shape::Int32 | Shape::Int64), Value::Number(number)) => {
                number.as_i64() != Some(0) || !PLAIN_NUMBERS.contains(&name.as_str())
            }
            _ => true,
        }
    });
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        other => other.is_null(),
    }
}

fn value_of(value: &mut Value, shape: &Shape, version: KubernetesVersion) {
    match (shape, &mut *value) {
        (Shape::Quantity, found) => {
            if let Some(amount) = quantity(found) {
                *found = Quantity::to_string(&amount).into();
            }
        }
        (Shape::Bytes, Value::String(text)) if text.contains(['\n', '\r']) => {
            text.retain(|c| !matches!(c, '\n' | '\r'));
        }
        (Shape::List(each), Value::Array(items)) => {
            for item in items {
                value_of(item, each, version);
            }
        }
        (Shape::Map(each), Value::Object(members)) => {
            for member in members.values_mut() {
                value_of(member, each, version);
            }
        }
        (Shape::Struct(id), Value::Object(members)) => members_of(members, *id, version),
        _ => {}
    }
}

/// What the server writes itself when it creates an object: its finalizers, and what its admission fills in.
fn create(group: &str, kind: &str, object: &mut Map<String, Value>) {
    let name = object
        .get("metadata")
        .and_then(|metadata| metadata.get("name"))
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let protection = match (group, kind) {
        ("", "PersistentVolumeClaim") => "kubernetes.io/pvc-protection",
        ("", "PersistentVolume") => "kubernetes.io/pv-protection",
        _ => "",
    };
    if !protection.is_empty()
        && let Some(metadata) = object_in(object, "metadata")
        && let Some(Value::Array(finalizers)) =
            Some(metadata.entry("finalizers").or_insert_with(|| json!([])))
        && !finalizers.iter().any(|finalizer| finalizer == protection)
    {
        finalizers.push(protection.into());
    }
    match (group, kind) {
        ("", "Namespace") => {
            if let Some(spec) = object_in(object, "spec") {
                spec.entry("finalizers")
                    .or_insert_with(|| json!(["kubernetes"]));
            }
        }
        ("", "Service") => {
            if let Some(spec) = object_in(object, "spec")
                && spec.get("type").is_none_or(|kind| kind != "ExternalName")
            {
                spec.entry("ipFamilies").or_insert_with(|| json!(["IPv4"]));
                spec.entry("ipFamilyPolicy")
                    .or_insert_with(|| "SingleStack".into());
            }
        }
        ("apps", "DaemonSet") => {
            if let Some(metadata) = object_in(object, "metadata")
                && let Some(annotations) = object_in(metadata, "annotations")
            {
                annotations.insert(
                    "deprecated.daemonset.template.generation".to_owned(),
                    "1".into(),
                );
            }
        }
        ("apps", "StatefulSet") => {
            if let Some(spec) = object_in(object, "spec") {
                spec.entry("serviceName").or_insert_with(|| "".into());
                let claims = spec
                    .get_mut("volumeClaimTemplates")
                    .and_then(Value::as_array_mut);
                for claim in claims
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_object_mut)
                {
                    claim.insert("apiVersion".to_owned(), "v1".into());
                    claim.insert("kind".to_owned(), "PersistentVolumeClaim".into());
                }
            }
        }
        ("autoscaling", "HorizontalPodAutoscaler") => {
            // What newer versions have as fields stood in annotations once.
            if let Some(metadata) = object_in(object, "metadata")
                && let Some(annotations) = metadata
                    .get_mut("annotations")
                    .and_then(Value::as_object_mut)
            {
                annotations.retain(|key, _| !key.starts_with("autoscaling.alpha.kubernetes.io/"));
            }
        }
        ("batch", "Job") => job(object, &name),
        ("", "Pod") => pod(object),
        _ => {}
    }
}

fn object_in<'o>(
    object: &'o mut Map<String, Value>,
    name: &str,
) -> Option<&'o mut Map<String, Value>> {
    let member = object
        .entry(name)
        .or_insert_with(|| Value::Object(Map::new()));
    if member.is_null() {
        *member = Value::Object(Map::new());
    }
    member.as_object_mut()
}

/// The labels by which a Job knows its pods; the uid among them is the server's.
fn job(object: &mut Map<String, Value>, name: &str) {
    let Some(spec) = object_in(object, "spec") else {
        return;
    };
    if spec.get("manualSelector") == Some(&Value::Bool(true)) {
        return;
    }
    let Some(template) = object_in(spec, "template") else {
        return;
    };
    let Some(metadata) = object_in(template, "metadata") else {
        return;
    };
    let Some(labels) = object_in(metadata, "labels") else {
        return;
    };
    for key in ["batch.kubernetes.io/job-name", "job-name"] {
        labels.entry(key).or_insert_with(|| name.into());
    }
    let labels = labels.clone();
    if let Some(own) = object_in(object, "metadata")
        && let Some(own) = object_in(own, "labels")
        && own.is_empty()
    {
        *own = labels;
    }
}

/// What the default admission of a server fills into a Pod, and the class that its requests put it in.
fn pod(object: &mut Map<String, Value>) {
    let Some(spec) = object_in(object, "spec") else {
        return;
    };
    let priority = match spec.get("priorityClassName").and_then(Value::as_str) {
        Some("system-node-critical") => 2_000_001_000,
        Some("system-cluster-critical") => 2_000_000_000,
        _ => 0,
    };
    spec.entry("priority").or_insert_with(|| priority.into());
    spec.entry("preemptionPolicy")
        .or_insert_with(|| "PreemptLowerPriority".into());
    let class = quality(spec);
    let tolerations = spec.entry("tolerations").or_insert_with(|| json!([]));
    if let Value::Array(tolerations) = tolerations {
        for key in [
            "node.kubernetes.io/not-ready",
            "node.kubernetes.io/unreachable",
        ] {
            let borne = tolerations.iter().any(|toleration| {
                let text = |name: &str| {
                    toleration
                        .get(name)
                        .and_then(Value::as_str)
                        .unwrap_or_default()
                };
                (text("key") == key || text("key").is_empty())
                    && matches!(text("effect"), "" | "NoExecute")
            });
            if !borne {
                tolerations.push(json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}));
            }
        }
    }
    if let Some(status) = object_in(object, "status") {
        status.insert("qosClass".to_owned(), class.into());
    }
}

/// A new node is not ready, and says nothing of itself yet.
fn node(object: &mut Map<String, Value>) {
    if let Some(spec) = object_in(object, "spec")
        && let Value::Array(taints) = spec.entry("taints").or_insert_with(|| json!([]))
    {
        let key = "node.kubernetes.io/not-ready";
        if !taints
            .iter()
            .any(|taint| taint.get("key").is_some_and(|found| found == key))
        {
            taints.push(json!({"key": key, "effect": "NoSchedule"}));
        }
    }
    let Some(status) = object_in(object, "status") else {
        return;
    };
    status
        .entry("daemonEndpoints")
        .or_insert_with(|| json!({"kubeletEndpoint": {"Port": 0}}));
    let info = status.entry("nodeInfo").or_insert_with(|| json!({}));
    if let Value::Object(info) = info {
        for name in [
            "machineID",
            "systemUUID",
            "bootID",
            "kernelVersion",
            "osImage",
            "containerRuntimeVersion",
            "kubeletVersion",
            "kubeProxyVersion",
            "operatingSystem",
            "architecture",
        ] {
            info.entry(name).or_insert_with(|| "".into());
        }
    }
    let conditions = status.get_mut("conditions").and_then(Value::as_array_mut);
    for condition in conditions
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        for name in ["lastHeartbeatTime", "lastTransitionTime"] {
            condition.entry(name).or_insert(Value::Null);
        }
    }
}

/// Who is served first when a node runs short.
fn quality(spec: &Map<String, Value>) -> &'static str {
    let lists = ["containers", "initContainers"].into_iter();
    let containers: Vec<&Value> = lists
        .filter_map(|list| spec.get(list)?.as_array())
        .flatten()
        .collect();
    let amount = |container: &Value, list: &str, name: &str| {
        let found = container
            .pointer(&format!("/resources/{list}/{name}"))
            .and_then(quantity);
        found.filter(|amount| !amount.is_zero())
    };
    let names = ["cpu", "memory"];
    let asks = |container: &&Value| {
        let mut all = names
            .iter()
            .flat_map(|name| ["requests", "limits"].map(|list| (list, name)));
        all.any(|(list, name)| amount(container, list, name).is_some())
    };
    let fixed = |container: &&Value| {
        names.iter().all(|name| {
            let limit = amount(container, "limits", name);
            limit.is_some()
                && amount(container, "requests", name).is_none_or(|wanted| Some(wanted) == limit)
        })
    };
    if !containers.iter().any(asks) {
        "BestEffort"
    } else if containers.iter().all(fixed) {
        "Guaranteed"
    } else {
        "Burstable"
    }
}

/// Gives the object what every object of its kind has, filled or not.
pub(super) fn complete(group: &str, kind: &str, object: &mut Map<String, Value>) {
    create(group, kind, object);
    let first = object
        .get("apiVersion")
        .is_some_and(|version| version == "autoscaling/v1");
    let node = kind == "Node" && group.is_empty();
    // Lists and objects that are written where there is nothing in them.
    match (group, kind) {
        ("rbac.authorization.k8s.io", "Role" | "ClusterRole") => {
            object.entry("rules").or_insert(Value::Null);
        }
        ("discovery.k8s.io", "EndpointSlice") => {
            object.entry("endpoints").or_insert(Value::Null);
        }
        ("policy", "PodDisruptionBudget") => {
            object.entry("spec").or_insert_with(|| json!({}));
        }
        ("", "PersistentVolume") => {
            if let Some(spec) = object_in(object, "spec")
                && spec.get("storageClassName").is_some_and(|name| name == "")
            {
                spec.shift_remove("storageClassName");
            }
        }
        ("autoscaling", "HorizontalPodAutoscaler") if first => {
            if let Some(spec) = object_in(object, "spec") {
                spec.entry("targetCPUUtilizationPercentage")
                    .or_insert_with(|| 80.into());
            }
        }
        _ => {}
    }
    if node {
        self::node(object);
    }
    let with_status = matches!(
        (group, kind),
        (
            "apps",
            "Deployment" | "DaemonSet" | "ReplicaSet" | "StatefulSet"
        ) | ("batch", "Job" | "CronJob")
            | ("networking.k8s.io", "Ingress")
            | (
                "",
                "Service"
                    | "PersistentVolume"
                    | "PersistentVolumeClaim"
                    | "Pod"
                    | "ReplicationController"
                    | "ResourceQuota"
                    | "Namespace"
                    | "Node"
            )
            | ("autoscaling", "HorizontalPodAutoscaler")
            | ("policy", "PodDisruptionBudget")
            | ("apiregistration.k8s.io", "APIService")
            | ("certificates.k8s.io", "CertificateSigningRequest")
            | ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy")
    );
    if !with_status {
        return;
    }
    let status = object
        .entry("status")
        .or_insert_with(|| Value::Object(Map::new()));
    let Value::Object(status) = status else {
        return;
    };
    let zero = |status: &mut Map<String, Value>, names: &[&str]| {
        for name in names {
            status.entry(*name).or_insert_with(|| 0.into());
        }
    };
    match kind {
        "Service" => {
            status
                .entry("loadBalancer")
                .or_insert_with(|| Value::Object(Map::new()));
        }
        "Ingress" => {
            status
                .entry("loadBalancer")
                .or_insert_with(|| Value::Object(Map::new()));
        }
        "Pod" | "PersistentVolumeClaim" | "PersistentVolume" => {
            status.entry("phase").or_insert_with(|| "Pending".into());
        }
        "Namespace" => {
            status.entry("phase").or_insert_with(|| "Active".into());
        }
        "DaemonSet" => zero(
            status,
            &[
                "currentNumberScheduled",
                "desiredNumberScheduled",
                "numberMisscheduled",
                "numberReady",
            ],
        ),
        "ReplicaSet" | "ReplicationController" => zero(status, &["replicas"]),
        "StatefulSet" => zero(status, &["replicas", "availableReplicas"]),
        "HorizontalPodAutoscaler" => {
            zero(status, &["desiredReplicas"]);
            if first {
                zero(status, &["currentReplicas"]);
            } else {
                status.entry("currentMetrics").or_insert(Value::Null);
            }
        }
        "PodDisruptionBudget" => zero(
            status,
            &[
                "currentHealthy",
                "desiredHealthy",
                "disruptionsAllowed",
                "expectedPods",
            ],
        ),
        _ => {}
    }
}
