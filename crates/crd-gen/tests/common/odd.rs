//! CRDs that nobody would write.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Names, many of which mean something to Rust.
pub fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-zA-Z0-9]{0,12}",
        "[a-zA-Z]{30,60}",
        Just("type".to_owned()),
        Just("self".to_owned()),
        Just("Self".to_owned()),
        Just("super".to_owned()),
        Just("metadata".to_owned()),
        Just("choice".to_owned()),
        Just("option".to_owned()),
        Just("vec".to_owned()),
        Just("object".to_owned()),
        Just("$ref".to_owned()),
        Just("".to_owned()),
        Just("a-b".to_owned()),
        Just("a_b".to_owned()),
        Just("aB".to_owned()),
        Just("été".to_owned()),
        Just("^x$".to_owned()),
        Just("0".to_owned()),
        Just("HTTP".to_owned()),
    ]
}

/// A schema, some of whose parts nobody would write.
pub fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"type": "string"})),
        Just(
            json!({"type": "string", "pattern": "^\"\\d`\\x00-`$", "maxLength": 3, "default": "a\"b\\c\n"})
        ),
        vec(name(), 1..5).prop_map(|names| json!({"type": "string", "enum": names})),
        Just(json!({"type": "string", "enum": ["=", "!=", "a", "A", "", "a b", "Self", "1.2"]})),
        vec(any::<i32>(), 1..4).prop_map(|numbers| json!({"type": "integer", "enum": numbers})),
        Just(
            json!({"type": "integer", "format": "int32", "minimum": -4, "maximum": 4_294_967_295_u64})
        ),
        Just(json!({"type": "number", "default": 0.5, "minimum": 0.1})),
        Just(json!({"type": "boolean", "nullable": true, "default": null})),
        Just(json!({"type": "object"})),
        Just(json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true})),
        Just(json!({"x-kubernetes-preserve-unknown-fields": true})),
        Just(
            json!({"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}]})
        ),
        Just(json!({"type": "string", "format": "date-time"})),
        Just(json!({"type": "array"})),
        Just(json!({})),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            inner.clone().prop_map(
                |items| json!({"type": "array", "items": items, "x-kubernetes-list-type": "atomic"})
            ),
            inner
                .clone()
                .prop_map(|values| json!({"type": "object", "additionalProperties": values})),
            (
                btree_map(name(), inner.clone(), 0..8),
                any::<u8>(),
                "[ -~]{0,40}"
            )
                .prop_map(|(members, bits, text)| object(
                    members.into_iter().collect(),
                    bits,
                    &text
                )),
        ]
    })
}

fn object(members: Map<String, Value>, bits: u8, text: &str) -> Value {
    let names: Vec<String> = members.keys().cloned().collect();
    let required: Vec<&String> = names
        .iter()
        .enumerate()
        .filter(|(at, _)| bits >> (at % 3) & 1 == 1)
        .map(|(_, name)| name)
        .collect();
    let one_of: Vec<Value> = names
        .iter()
        .map(|name| json!({"required": [name]}))
        .collect();
    let mut object = json!({"type": "object", "properties": members, "description": format!("```\n{text}\n- [{text}](x) <{text}>")});
    match bits >> 3 & 7 {
        1 if one_of.len() > 1 => object["oneOf"] = json!(one_of),
        2 => object["maxProperties"] = json!(1),
        3 => object["x-kubernetes-preserve-unknown-fields"] = json!(true),
        4 if names.len() > 1 => {
            let rule = format!("has(self.{}) != has(self.{})", names[0], names[1]);
            object["x-kubernetes-validations"] = json!([{"rule": rule, "message": text}]);
        }
        _ if !required.is_empty() => object["required"] = json!(required),
        _ => {}
    }
    object
}

/// A definition with a version for each schema.
pub fn crd(kind: &str, schemas: &[Value]) -> Value {
    let versions: Vec<Value> = schemas
        .iter()
        .enumerate()
        .map(|(number, schema)| {
            let schema = json!({"type": "object", "properties": {"spec": schema, "status": schema, "metadata": {"type": "object"}}});
            json!({"name": format!("v{}", number + 1), "served": true, "storage": number == 0, "schema": {"openAPIV3Schema": schema}})
        })
        .collect();
    json!({
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "x"},
        "spec": {"group": "odd.example.com", "scope": "Namespaced", "names": {"kind": kind, "plural": kind.to_lowercase()}, "versions": versions},
    })
}
