//! The order in which an object's keys are written.
//!
//! `apiVersion`, `kind` and `metadata` come first. Custom resources then keep the order of their types, which follows
//! upstream's documentation. k8s-openapi writes the built-in kinds in alphabetical order; there, the keys that a reader
//! looks for come first, and the others stay as they are.

use serde_json::{Map, Value};

use kube_vocab::ObjectId;

const ROOT: &[&str] = &["apiVersion", "kind", "metadata"];
const METADATA: &[&str] = &["name", "generateName", "namespace", "labels", "annotations"];
const BUILT_IN: &[&str] = &[
    "name",
    "namespace",
    "type",
    "replicas",
    "completions",
    "selector",
    "image",
    "command",
    "args",
    "env",
    "ports",
    "port",
    "containerPort",
    "requests",
    "limits",
    "metadata",
    "spec",
];

pub(crate) fn arrange(id: &ObjectId, object: &mut Value) {
    let built_in = match id.group().rsplit_once('.') {
        None => true,
        Some(_) => id.group().ends_with(".k8s.io") && !id.group().starts_with("gateway."),
    };
    if let Value::Object(root) = object {
        if built_in {
            root.values_mut()
                .for_each(|value| promote_everywhere(value, BUILT_IN));
        }
        promote(root, ROOT);
        if let Some(Value::Object(metadata)) = root.get_mut("metadata") {
            promote(metadata, METADATA);
        }
    }
}

fn promote_everywhere(value: &mut Value, first: &[&str]) {
    match value {
        Value::Object(map) => {
            map.values_mut()
                .for_each(|value| promote_everywhere(value, first));
            promote(map, first);
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| promote_everywhere(item, first)),
        _ => {}
    }
}

/// Moves keys to the front, in the order given; a map without any of them is left alone.
fn promote(map: &mut Map<String, Value>, first: &[&str]) {
    if !first.iter().any(|key| map.contains_key(*key)) {
        return;
    }
    let mut rest = std::mem::take(map);
    for key in first {
        if let Some((key, value)) = rest.shift_remove_entry(*key) {
            map.insert(key, value);
        }
    }
    map.extend(rest);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::object::Object;

    fn keys(value: &serde_json::Value) -> Vec<&str> {
        value
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect()
    }

    #[test]
    fn identity_comes_first() {
        let class = json!({"description": "", "value": 1, "metadata": {"labels": {}, "name": "a"}, "kind": "PriorityClass", "apiVersion": "scheduling.k8s.io/v1"});
        let object = Object::dynamic(class).unwrap();
        assert_eq!(
            keys(object.value()),
            ["apiVersion", "kind", "metadata", "description", "value"]
        );
        assert_eq!(keys(&object.value()["metadata"]), ["name", "labels"]);
    }

    #[test]
    fn a_built_in_container_begins_with_its_name_and_a_custom_resource_is_left_alone() {
        let spec = json!({"containers": [{"command": [], "image": "x", "livenessProbe": {}, "name": "y"}]});
        let of = |api_version: &str| {
            let object = json!({"apiVersion": api_version, "kind": "X", "metadata": {"name": "a"}, "spec": spec});
            let object = Object::dynamic(object).unwrap();
            keys(&object.value()["spec"]["containers"][0]).join(" ")
        };
        assert_eq!(of("apps/v1"), "name image command livenessProbe");
        assert_eq!(of("example.com/v1"), "command image livenessProbe name");
        assert_eq!(
            of("gateway.networking.k8s.io/v1"),
            "command image livenessProbe name"
        );
    }
}
