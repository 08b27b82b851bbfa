//! The form in which a server keeps an object of a built-in kind.

use crate::value::{Map, Text, Value, json};
use kube_vocab::Quantity;

use super::catalog::{Catalog, Presence, Shape, TypeId};
use super::known::Known;
use super::node::quantity;
use crate::date;
use crate::version::KubernetesVersion;

/// Writes a decoded object, with its defaults, as the server does.
pub(super) fn canonical(object: &mut Value, root: TypeId, version: KubernetesVersion) {
    if let Value::Object(members) = object {
        members_of(members, root, version);
    }
}

fn members_of(members: &mut Map, id: TypeId, version: KubernetesVersion) {
    let kind = Catalog::get().of(id);
    for field in kind.fields(version) {
        match members.get_mut(field.name) {
            Some(value) => value_of(value, &field.shape, version),
            None => {
                let value = match field.presence {
                    Presence::Always => empty(&field.shape, version),
                    Presence::OrNull => Value::Null,
                    Presence::Filled | Presence::Given | Presence::Dropped => continue,
                };
                members.insert(field.name.to_owned(), value);
            }
        }
    }
    members.retain(|name, value| {
        kind.field(name, version)
            .is_none_or(|field| field.presence != Presence::Filled || !is_empty(value))
    });
}

/// What stands for nothing in a field that is always written.
fn empty(shape: &Shape, version: KubernetesVersion) -> Value {
    match shape {
        Shape::String => "".into(),
        Shape::Bool => false.into(),
        Shape::Int32 | Shape::Int64 | Shape::Float | Shape::IntOrString => 0.into(),
        Shape::Quantity => "0".into(),
        Shape::Duration => "0s".into(),
        Shape::Struct(id) => {
            let mut members = Map::new();
            members_of(&mut members, *id, version);
            members.into()
        }
        _ => Value::Null,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
    }
}

fn value_of(value: &mut Value, shape: &Shape, version: KubernetesVersion) {
    match (shape, &mut *value) {
        (Shape::Quantity, found) => {
            if let Some(amount) = quantity(found) {
                *found = Quantity::to_string(&amount).into();
            }
        }
        (Shape::Time, Value::String(text)) => in_utc(text, false),
        (Shape::MicroTime, Value::String(text)) => in_utc(text, true),
        (Shape::Bytes, Value::String(text)) if text.contains(['\n', '\r']) => {
            *text = text.replace(['\n', '\r'], "").into();
        }
        (Shape::List(each), Value::Array(items)) => {
            for item in items {
                value_of(item, each, version);
            }
        }
        (Shape::Map(each), Value::Object(members)) => {
            for member in members.values_mut() {
                if matches!(**each, Shape::Quantity) {
                    in_millis(member);
                }
                value_of(member, each, version);
            }
        }
        (Shape::Struct(id), Value::Object(members)) => members_of(members, *id, version),
        (
            Shape::SchemaOrBool | Shape::SchemaOrNames | Shape::SchemaOrList,
            Value::Object(members),
        ) => {
            if let Some(id) = Catalog::get().schema() {
                members_of(members, id, version);
            }
        }
        (Shape::SchemaOrList, Value::Array(items)) => {
            for item in items {
                value_of(item, &Shape::SchemaOrBool, version);
            }
        }
        _ => {}
    }
}

/// Lists of resources know nothing smaller than a thousandth; what is, counts as one.
fn in_millis(value: &mut Value) {
    const EXACT: f64 = 1e15;
    if let Some(amount) = quantity(value) {
        let rounded = Quantity::from_millis(amount.millis());
        if rounded > amount && amount.as_f64().abs() < EXACT {
            *value = rounded.to_string().into();
        }
    }
}

/// A time without its zone, and without a fraction that is finer than the server keeps.
fn in_utc(text: &mut Text, micros: bool) {
    if let Some(time) = date::in_utc(text, micros) {
        *text = time.into();
    }
}

/// What the server writes itself when it creates an object: its finalizers, and what its admission fills in.
fn create(group: &str, kind: &str, object: &mut Map, known: &Known) {
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
            if let Some(spec) = object_in(object, "spec") {
                families(spec);
            }
        }
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition(object),
        ("apps", "DaemonSet") => {
            if let Some(metadata) = object_in(object, "metadata")
                && let Some(annotations) = object_in(metadata, "annotations")
            {
                let key = "deprecated.daemonset.template.generation";
                let counted = annotations.get(key).and_then(Value::as_str);
                let counted = counted.and_then(|text| text.parse::<i64>().ok());
                let first = counted.unwrap_or_default().max(1).to_string();
                annotations.insert(key.to_owned(), first.into());
            }
        }
        ("apps", "StatefulSet") => {
            if let Some(spec) = object_in(object, "spec") {
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
        ("", "Pod") => pod(object, known),
        ("apiregistration.k8s.io", "APIService") => local_service(object),
        _ => {}
    }
}

fn object_in<'o>(object: &'o mut Map, name: &str) -> Option<&'o mut Map> {
    let member = object
        .entry(name)
        .or_insert_with(|| Value::Object(Map::new()));
    if member.is_null() {
        *member = Value::Object(Map::new());
    }
    member.as_object_mut()
}

/// The families of a Service's addresses, in a cluster that has IPv4 alone.
fn families(spec: &mut Map) {
    let text = |name: &str| spec.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("type") == "ExternalName" {
        return;
    }
    let family = |address: &str| {
        if address.contains(':') {
            "IPv6"
        } else {
            "IPv4"
        }
    };
    let addresses = spec.get("clusterIPs").and_then(Value::as_array);
    let mut given: Vec<&str> = addresses
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if given.is_empty() {
        given.extend(Some(text("clusterIP")).filter(|address| !address.is_empty()));
    }
    let headless = given.first() == Some(&"None");
    let selects = spec
        .get("selector")
        .and_then(Value::as_object)
        .is_some_and(|map| !map.is_empty());
    // Who makes the endpoints of such a Service by hand may give them addresses of either family.
    let (policy, families) = if headless && !selects {
        match text("ipFamilyPolicy") {
            "SingleStack" => ("SingleStack", json!(["IPv4"])),
            _ => ("RequireDualStack", json!(["IPv4", "IPv6"])),
        }
    } else if headless || given.is_empty() {
        ("SingleStack", json!(["IPv4"]))
    } else {
        let families: Vec<&str> = given.iter().map(|address| family(address)).collect();
        ("SingleStack", json!(families))
    };
    for (name, value) in [("ipFamilyPolicy", policy.into()), ("ipFamilies", families)] {
        let missing = spec.get(name).is_none_or(is_empty);
        if missing {
            spec.insert(name.to_owned(), value);
        }
    }
}

/// A definition is stored in the version that it says, and not served yet.
fn definition(object: &mut Map) {
    let versions = object
        .get("spec")
        .and_then(|spec| spec.get("versions")?.as_array());
    let stored = versions
        .into_iter()
        .flatten()
        .find(|version| version.get("storage") == Some(&Value::Bool(true)));
    let name = stored.and_then(|version| version.get("name")).cloned();
    if let (Some(name), Some(status)) = (name, object_in(object, "status")) {
        status.insert("storedVersions".to_owned(), json!([name]));
    }
}

/// An API that the server itself answers for is available at once.
fn local_service(object: &mut Map) {
    if object
        .get("spec")
        .is_some_and(|spec| spec.get("service").is_some())
    {
        return;
    }
    if let Some(status) = object_in(object, "status") {
        let message = "Local APIServices are always available";
        let condition =
            json!({"type": "Available", "status": "True", "reason": "Local", "message": message});
        status.insert("conditions".to_owned(), json!([condition]));
    }
}

/// The labels by which a Job knows its pods; the uid among them is the server's.
fn job(object: &mut Map, name: &str) {
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
fn pod(object: &mut Map, known: &Known) {
    let Some(spec) = object_in(object, "spec") else {
        return;
    };
    let text = |name: &str| spec.get(name).and_then(Value::as_str).unwrap_or_default();
    // One class of a name says what its pods get; of several, nobody knows which a cluster has.
    let class = match known.priorities(text("priorityClassName"))[..] {
        [class] => Some(class),
        _ => None,
    };
    let priority = match text("priorityClassName") {
        "system-node-critical" => 2_000_001_000,
        "system-cluster-critical" => 2_000_000_000,
        _ => class.map_or(0, |class| class.value),
    };
    let preemption = class.map_or("PreemptLowerPriority", |class| &class.preemption);
    let overhead = match known.runtimes(text("runtimeClassName")) {
        [class] if !class.overhead.is_null() => Some(class.overhead.clone()),
        _ => None,
    };
    if text("priorityClassName").is_empty()
        && let Some(class) = class
    {
        spec.insert("priorityClassName".to_owned(), class.name.as_str().into());
    }
    spec.entry("priority").or_insert_with(|| priority.into());
    spec.entry("preemptionPolicy")
        .or_insert_with(|| preemption.into());
    if let Some(overhead) = overhead {
        spec.entry("overhead").or_insert(overhead);
    }
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

/// A new node is not ready.
fn node(object: &mut Map) {
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
}

/// Who is served first when a node runs short.
fn quality(spec: &Map) -> &'static str {
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

/// The state in which a server begins the life of an object.
fn begin(group: &str, kind: &str, object: &mut Map) {
    let phase = match (group, kind) {
        ("", "Pod" | "PersistentVolumeClaim" | "PersistentVolume") => "Pending",
        ("", "Namespace") => "Active",
        _ => return,
    };
    if let Some(status) = object_in(object, "status") {
        status.entry("phase").or_insert_with(|| phase.into());
    }
}

/// Gives the object what the server gives to every new object of its kind.
pub(super) fn complete(group: &str, kind: &str, object: &mut Map, known: &Known) {
    create(group, kind, object, known);
    begin(group, kind, object);
    let first = object
        .get("apiVersion")
        .is_some_and(|version| version == "autoscaling/v1");
    match (group, kind) {
        ("", "Node") => node(object),
        ("autoscaling", "HorizontalPodAutoscaler") if first => {
            if let Some(spec) = object_in(object, "spec") {
                spec.entry("targetCPUUtilizationPercentage")
                    .or_insert_with(|| 80.into());
            }
        }
        _ => {}
    }
}
