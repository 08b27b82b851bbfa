//! Jobs that change.

use crate::value::{Map, Value};

use super::super::faults::Faults;
use super::super::node::Node;
use super::compare::same;
use crate::version::KubernetesVersion;

/// The labels that the server gave the pods of a Job.
pub(super) fn inherit_labels(spec: &mut Map, before: &Value) {
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

pub(super) fn job(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
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
    if before.flag("suspend") && out.version >= KubernetesVersion::V1_36 {
        with_resources(&mut wanted, template.value);
    }
    if !same(template.value, &wanted) {
        out.invalid(template.path, "cannot be changed; make a new Job");
    }
}

/// Gives the containers of a template the resources that those of another one have.
fn with_resources(template: &mut Value, other: &Value) {
    for list in ["containers", "initContainers"] {
        let at = format!("/spec/{list}");
        let others = other.pointer(&at).and_then(Value::as_array);
        let own = template.pointer_mut(&at).and_then(Value::as_array_mut);
        for (own, other) in own.into_iter().flatten().zip(others.into_iter().flatten()) {
            if let (Some(own), Some(resources)) = (own.as_object_mut(), other.get("resources")) {
                own.insert("resources".to_owned(), resources.clone());
            }
        }
    }
}
