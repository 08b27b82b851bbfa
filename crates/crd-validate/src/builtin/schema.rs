//! The schemas of built-in kinds, from k8s-openapi's types.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::schema::{Schema, SchemaError};

/// Members that the published schema requires and that a server does without.
const NOT_REQUIRED: [(&str, &str); 15] = [
    ("apps.v1.ControllerRevision", "revision"),
    ("discovery.v1.EndpointSlice", "endpoints"),
    ("storage.v1.CSIDriver", "spec"),
    ("storage.v1.CSINode", "spec"),
    ("storage.v1.CSINodeSpec", "drivers"),
    ("core.v1.HTTPHeader", "value"),
    ("core.v1.ISCSIVolumeSource", "lun"),
    ("core.v1.LimitRangeSpec", "limits"),
    ("core.v1.PreferredSchedulingTerm", "preference"),
    ("core.v1.SleepAction", "seconds"),
    ("networking.v1.NetworkPolicySpec", "podSelector"),
    ("scheduling.v1.PriorityClass", "value"),
    ("apps.v1.StatefulSetSpec", "serviceName"),
    ("apiextensions.v1.CustomResourceDefinitionVersion", "served"),
    (
        "apiextensions.v1.CustomResourceDefinitionVersion",
        "storage",
    ),
];

/// Types of which only that they are there is checked: they contain themselves, or anything.
const OPAQUE: [&str; 3] = ["JSONSchemaProps", "JSON", "RawExtension"];

/// Compiles the schema of a type.
pub(super) fn compile<T: JsonSchema>() -> Result<Schema, SchemaError> {
    let root = SchemaGenerator::default()
        .into_root_schema_for::<T>()
        .to_value();
    let empty = Map::new();
    let definitions = root
        .get("$defs")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let name = T::schema_name();
    Schema::compile(&expand(&root, definitions, &name))
}

/// The schema without references, descriptions and false requirements.
fn expand(node: &Value, definitions: &Map<String, Value>, name: &str) -> Value {
    if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        let last = name.rsplit('.').next().unwrap_or(name);
        return match definitions.get(name) {
            _ if last == "Quantity" => json!({"format": "quantity"}),
            Some(definition) if !OPAQUE.iter().any(|opaque| last.starts_with(opaque)) => {
                expand(definition, definitions, name)
            }
            _ => json!({"x-kubernetes-preserve-unknown-fields": true}),
        };
    }
    let Value::Object(members) = node else {
        return node.clone();
    };
    let mut out = Map::new();
    for (key, value) in members {
        let expanded = match (key.as_str(), value) {
            ("description" | "$defs" | "$schema" | "title", _) => continue,
            ("properties", Value::Object(properties)) => properties
                .iter()
                .map(|(name, property)| (name.clone(), expand(property, definitions, "")))
                .collect::<Map<String, Value>>()
                .into(),
            ("items" | "additionalProperties", value) => expand(value, definitions, ""),
            ("required", Value::Array(required)) => {
                let keep = |member: &&Value| {
                    !NOT_REQUIRED
                        .iter()
                        .any(|(owner, free)| name.ends_with(owner) && member.as_str() == Some(free))
                };
                required
                    .iter()
                    .filter(keep)
                    .cloned()
                    .collect::<Vec<_>>()
                    .into()
            }
            ("format", Value::String(format)) if format == "byte" => "go-bytes".into(),
            (_, value) => value.clone(),
        };
        out.insert(key.clone(), expanded);
    }
    Value::Object(out)
}
