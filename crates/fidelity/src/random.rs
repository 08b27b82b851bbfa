//! Random objects that a schema allows.

use serde_json::{Map, Value, json};

/// A source of random numbers (splitmix64), so that a seed says all about an object.
pub struct Random(pub u64);

impl Random {
    /// A number below the bound, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }

    /// One of several, of which there must be one.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// A random object of a version of a CRD, as JSON: whatever the schema allows, rules aside.
pub fn object(crd: &Value, version: &Value, random: &mut Random) -> Value {
    let mut object = json!({
        "apiVersion": format!("{}/{}", crd["spec"]["group"].as_str().unwrap(), version["name"].as_str().unwrap()),
        "kind": crd["spec"]["names"]["kind"],
        "metadata": {"name": "x"},
    });
    let mut schema = version["schema"]["openAPIV3Schema"].clone();
    for known in ["apiVersion", "kind", "metadata"] {
        schema["properties"].as_object_mut().unwrap().remove(known);
    }
    if let Value::Object(rest) = value(&schema, random, 0) {
        object.as_object_mut().unwrap().extend(rest);
    }
    object
}

fn value(schema: &Value, random: &mut Random, depth: usize) -> Value {
    if let Value::Array(allowed) = &schema["enum"] {
        return random.pick(allowed).clone();
    }
    if schema["x-kubernetes-int-or-string"] == true {
        return random.pick(&[json!(3), json!("25%")]).clone();
    }
    match schema["type"].as_str() {
        Some("object") if schema["properties"].is_object() => members(schema, random, depth),
        Some("object") if schema["additionalProperties"].is_object() => {
            let values = &schema["additionalProperties"];
            (0..random.below(3))
                .map(|n| (format!("k{n}"), value(values, random, depth + 1)))
                .collect()
        }
        Some("object") if is_free(schema) => free_object(random),
        Some("object") => json!({}),
        Some("array") => {
            let most = if depth > 8 { 2 } else { 3 };
            (0..random.below(most))
                .map(|_| value(&schema["items"], random, depth + 1))
                .collect()
        }
        Some("string") if schema["format"] == "date-time" => json!("2026-01-02T03:04:05Z"),
        // The units of durations.
        Some("string") if pattern(schema).is_some_and(|pattern| pattern.contains("s|m|h")) => {
            json!("1h")
        }
        Some("string") if schema["pattern"].is_string() => {
            random.pick(&[json!("ab-*"), json!("*-ab")]).clone()
        }
        Some("string") => random
            .pick(&[
                json!("x"),
                json!("y: {{ .z }}\n가"),
                json!("100"),
                json!(""),
            ])
            .clone(),
        Some("integer") if schema["format"] == "int32" => {
            random.pick(&[json!(0), json!(-7), json!(i32::MAX)]).clone()
        }
        Some("integer") => random
            .pick(&[json!(0), json!(-7), json!(4_000_000_000_u32)])
            .clone(),
        Some("number") => json!(1.5),
        Some("boolean") => json!(random.below(2) == 0),
        _ => anything(random, 0),
    }
}

/// Whether an object without known members lets others in; a server drops what is in one that does not.
fn is_free(schema: &Value) -> bool {
    schema["x-kubernetes-preserve-unknown-fields"] == true || schema["additionalProperties"] == true
}

fn pattern(schema: &Value) -> Option<&str> {
    schema["pattern"].as_str()
}

fn members(schema: &Value, random: &mut Random, depth: usize) -> Value {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let arms: Vec<&str> = schema["oneOf"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|arm| arm["required"][0].as_str())
        .collect();
    let arm = if arms.is_empty() {
        ""
    } else {
        random.pick(&arms)
    };
    let mut found = Map::new();
    for (name, member) in schema["properties"].as_object().unwrap() {
        let wanted = if arms.contains(&name.as_str()) {
            name == arm
        } else {
            required.contains(&name.as_str()) || random.below(if depth > 4 { 4 } else { 2 }) == 0
        };
        if wanted {
            found.insert(
                name.clone(),
                special(name, member, random).unwrap_or_else(|| value(member, random, depth + 1)),
            );
        }
    }
    Value::Object(found)
}

/// Members whose type knows more than the schema says.
fn special(name: &str, schema: &Value, random: &mut Random) -> Option<Value> {
    let is_open =
        schema["x-kubernetes-preserve-unknown-fields"] == true && schema["properties"].is_null();
    match name {
        "matrix" if is_open => Some(json!({"generators": [{"list": {"elements": [1]}}, {}]})),
        "merge" if is_open => Some(json!({"generators": [{"clusters": {}}], "mergeKeys": ["a"]})),
        // Empty is absent in these two.
        "target" | "kind" if schema["type"] == "string" && schema["enum"].is_null() => {
            Some(json!("x"))
        }
        // Parts of a pod.
        "volumes" if is_open => Some(json!([{"name": "x", "emptyDir": {}}])),
        "limits" | "requests" if is_open => Some(json!({"cpu": "1"})),
        // Whose values the controller reads as texts.
        "matchLabels" if is_open => Some(json!({"app": "x"})),
        "values" if is_open => Some(json!({"fromList": [anything(random, 0)]})),
        _ => None,
    }
}

fn free_object(random: &mut Random) -> Value {
    json!({"a": anything(random, 0), "b.c/d": anything(random, 0)})
}

/// A value of any type. Never null: the API server drops nulls.
fn anything(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth > 2 { 5 } else { 7 }) {
        0 => json!(true),
        1 => json!(-1),
        2 => json!(1.0),
        3 => json!(u64::MAX),
        4 => json!("text"),
        5 => json!([anything(random, depth + 1), anything(random, depth + 1)]),
        _ => json!({"x": anything(random, depth + 1)}),
    }
}
