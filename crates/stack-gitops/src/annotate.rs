//! An object as it stands in Git: with the defaults that a server would add, and with what tells Argo CD how to treat it.
//!
//! A default that a server adds and Git does not have is a difference for ever where Argo CD compares lists of custom
//! resources; so the stored form is what is written.

use std::collections::BTreeSet;

use argocd_types::annotations::{HOOK, HOOK_DELETE_POLICY, SYNC_OPTIONS, SYNC_WAVE};
use crd_validate::Registry;
use serde_json::{Map, Value};

use crate::object::{Synced, group, is_crd, text};

/// What all objects of an environment must know of each other.
pub(crate) struct Neighbours<'a> {
    registry: &'a Registry,
    /// Group, kind, namespace and name of what an autoscaler scales.
    scaled: BTreeSet<[String; 4]>,
}

impl<'a> Neighbours<'a> {
    pub(crate) fn of(registry: &'a Registry, objects: impl Iterator<Item = &'a Value>) -> Self {
        let scaled = objects
            .filter(|object| object["kind"] == "HorizontalPodAutoscaler")
            .map(|object| {
                let target = &object["spec"]["scaleTargetRef"];
                [
                    group(text(&target["apiVersion"])).to_owned(),
                    text(&target["kind"]).to_owned(),
                    text(&object["metadata"]["namespace"]).to_owned(),
                    text(&target["name"]).to_owned(),
                ]
            })
            .collect();
        Self { registry, scaled }
    }

    /// The object as it is written.
    pub(crate) fn written(&self, synced: &Synced) -> Value {
        // A hook is applied anew each time and compared with nothing: it stays as it was written.
        let is_job = synced.value["kind"] == "Job";
        let mut object = match is_job || is_hook(&synced.value) {
            true => synced.value.clone(),
            false => self.stored(&synced.value),
        };
        if self.is_scaled(&object)
            && let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut)
        {
            // The autoscaler owns it: any number in Git would be fought over.
            spec.shift_remove("replicas");
        }
        if synced.wave != 0 {
            annotate(&mut object, SYNC_WAVE, &synced.wave.to_string());
        }
        if is_kept(&object) {
            add_options(&mut object, &["Prune=false", "Delete=false"]);
        }
        if synced.made_kind {
            add_options(&mut object, &["SkipDryRunOnMissingResource=true"]);
        }
        if object["kind"] == "PersistentVolumeClaim" {
            // Many wait for the pod that mounts them, and that pod may come a wave later.
            annotate(&mut object, IGNORE_HEALTH, "true");
        }
        if is_job && !is_hook(&object) {
            // A finished Job that is removed would be drift, and healed by another run; a hook runs once in each sync.
            annotate(&mut object, HOOK, "PostSync");
            annotate(&mut object, HOOK_DELETE_POLICY, "BeforeHookCreation");
        }
        object
    }

    fn is_scaled(&self, object: &Value) -> bool {
        let metadata = &object["metadata"];
        self.scaled.contains(&[
            group(text(&object["apiVersion"])).to_owned(),
            text(&object["kind"]).to_owned(),
            text(&metadata["namespace"]).to_owned(),
            text(&metadata["name"]).to_owned(),
        ])
    }

    /// The stored form, in the order in which the object was written, without what only a server fills in. An object of a kind
    /// that nobody knows stays as it is.
    fn stored(&self, object: &Value) -> Value {
        let Some(mut stored) = self.registry.stored(object) else {
            return object.clone();
        };
        if let Some(members) = stored.as_object_mut() {
            members.shift_remove("status");
        }
        in_order(stored, object)
    }

    /// Whether objects of its kind live in a namespace.
    pub(crate) fn is_namespaced(&self, object: &Value) -> bool {
        let known = self
            .registry
            .is_namespaced(text(&object["apiVersion"]), text(&object["kind"]));
        known.unwrap_or_else(|| object["metadata"]["namespace"].is_string())
    }
}

/// Takes an object out of the health of its Application, for which waves wait.
const IGNORE_HEALTH: &str = "argocd.argoproj.io/ignore-healthcheck";

fn is_hook(object: &Value) -> bool {
    object["metadata"]["annotations"].get(HOOK).is_some()
}

/// The members of a value in the order of another one, new ones after them.
fn in_order(value: Value, order: &Value) -> Value {
    match (value, order) {
        (Value::Object(mut members), Value::Object(order)) => {
            let mut sorted = Map::new();
            for (key, known) in order {
                if let Some(member) = members.shift_remove(key) {
                    sorted.insert(key.clone(), in_order(member, known));
                }
            }
            sorted.extend(members);
            Value::Object(sorted)
        }
        (Value::Array(items), Value::Array(order)) => {
            let orders = order.iter().chain(std::iter::repeat(&Value::Null));
            items
                .into_iter()
                .zip(orders)
                .map(|(item, order)| in_order(item, order))
                .collect()
        }
        (value, _) => value,
    }
}

/// What loses data or everything below it when it is deleted by mistake.
fn is_kept(object: &Value) -> bool {
    let built_in = |version: &str| object["apiVersion"] == version;
    match text(&object["kind"]) {
        "Namespace" | "PersistentVolume" | "PersistentVolumeClaim" => built_in("v1"),
        "StorageClass" => built_in("storage.k8s.io/v1"),
        _ => is_crd(object),
    }
}

pub(crate) fn add_options(object: &mut Value, options: &[&str]) {
    let known = text(&object["metadata"]["annotations"][SYNC_OPTIONS]).to_owned();
    let mut all: Vec<&str> = known
        .split(',')
        .map(str::trim)
        .filter(|option| !option.is_empty())
        .collect();
    for option in options {
        let key = option.split('=').next();
        // What the object says itself wins.
        if !all.iter().any(|known| known.split('=').next() == key) {
            all.push(option);
        }
    }
    annotate(object, SYNC_OPTIONS, &all.join(","));
}

pub(crate) fn annotate(object: &mut Value, key: &str, value: &str) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else {
        return;
    };
    let annotations = metadata
        .entry("annotations")
        .or_insert_with(|| Value::Object(Map::new()));
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.insert(key.to_owned(), Value::from(value));
    }
}
