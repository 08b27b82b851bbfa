//! Schemas that an API server accepts: structural, without `$ref`, without nullable options.
//!
//! [`props_for`] makes the schema of a type. Types derive `schemars::JsonSchema`; what a derive
//! cannot say goes into `#[schemars(extend("key" = value))]`, for instance
//!
//! - `extend("x-kubernetes-validations" = crd_core::schema::rules(&[("self.size() > 0", "must not be empty")]))`,
//! - `extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"])`,
//! - `extend("default" = "Gateway")`, `extend("nullable" = true)`, `extend("maxLength" = 253)`,
//! - `extend("x-kubernetes-int-or-string" = true)`,
//!
//! or into `#[schemars(schema_with = "crd_core::schema::conditions")]` and its siblings for types
//! of k8s-openapi, whose own schemas lack the rules that upstream's CRDs carry.
//!
//! # What happens to a derived schema
//!
//! - An `Option` is not nullable: the API server drops null members anyway. Fields that upstream
//!   declares nullable say `extend("nullable" = true)`.
//! - An enum of plain strings becomes one `enum`, whatever docs its arms have.
//! - Formats for unsigned integers are left out, as upstream has none; their bounds stay.
//! - `serde_json::Value` becomes `x-kubernetes-preserve-unknown-fields: true`, without a type.
//!   Upstream mostly adds `type: object`; say `extend("type" = "object")` where it does.
//! - `additionalProperties: false` and titles are left out.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::JSONSchemaProps;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::union::Arm;

/// The structural schema of a type.
pub fn props_for<T: JsonSchema>() -> JSONSchemaProps {
    // Every schema is a legal JSONSchemaProps by construction; keywords it does not know are
    // skipped.
    serde_json::from_value(schema_for::<T>().to_value()).unwrap_or_default()
}

/// The structural schema of a type, as JSON.
pub fn schema_for<T: JsonSchema>() -> Schema {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.inline_subschemas = true;
            settings.meta_schema = None;
        })
        .into_generator();
    let mut schema = T::json_schema(&mut generator);
    Structural.transform(&mut schema);
    schema
}

/// CEL rules for `extend("x-kubernetes-validations" = ...)`: pairs of rule and message.
pub fn rules(rules: &[(&str, &str)]) -> Value {
    rules
        .iter()
        .map(|(rule, message)| json!({"rule": rule, "message": message}))
        .collect()
}

/// A list of `metav1.Condition`, one per type, with the bounds that controllers keep to. Add
/// `extend("maxItems" = 8)` where upstream has it.
pub fn conditions(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "array",
        "items": condition(generator),
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["type"],
    })
}

/// One `metav1.Condition`.
pub fn condition(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "description": "One observed property of the object.",
        "required": ["lastTransitionTime", "message", "reason", "status", "type"],
        "properties": {
            "lastTransitionTime": {
                "type": "string",
                "format": "date-time",
                "description": "When the status last changed.",
            },
            "message": {
                "type": "string",
                "maxLength": 32768,
                "description": "Details for people; may be empty.",
            },
            "observedGeneration": {
                "type": "integer",
                "format": "int64",
                "minimum": 0,
                "description": "The object's generation that the condition was made from.",
            },
            "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": 1024,
                "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
                "description": "Why the status is what it is, as one word for programs.",
            },
            "status": {
                "type": "string",
                "enum": ["True", "False", "Unknown"],
                "description": "Whether the property holds.",
            },
            "type": {
                "type": "string",
                "maxLength": 316,
                "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
                "description": "The property.",
            },
        },
    })
}

/// A `metav1.LabelSelector`, replaced as a whole by server-side apply.
pub fn label_selector(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "description": "Which labels an object must have; the empty selector chooses all objects.",
        "x-kubernetes-map-type": "atomic",
        "properties": {
            "matchExpressions": {
                "type": "array",
                "description": "Demands on labels, all of which must hold.",
                "x-kubernetes-list-type": "atomic",
                "items": {
                    "type": "object",
                    "description": "A demand on one label.",
                    "required": ["key", "operator"],
                    "properties": {
                        "key": {"type": "string", "description": "The label."},
                        "operator": {
                            "type": "string",
                            "description": "In, NotIn, Exists or DoesNotExist.",
                        },
                        "values": {
                            "type": "array",
                            "description": "The values to compare with; none for Exists and DoesNotExist.",
                            "x-kubernetes-list-type": "atomic",
                            "items": {"type": "string"},
                        },
                    },
                },
            },
            "matchLabels": {
                "type": "object",
                "description": "Labels and the values they must have.",
                "additionalProperties": {"type": "string"},
            },
        },
    })
}

/// A number or a string (an amount of something, a port).
pub fn int_or_string(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [{"type": "integer"}, {"type": "string"}],
        "x-kubernetes-int-or-string": true,
    })
}

/// Any JSON object.
pub fn any_object(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object", "x-kubernetes-preserve-unknown-fields": true})
}

// What the macros call.

/// Makes all members optional; [`require`] says which are not.
#[doc(hidden)]
pub fn optional(mut schema: Schema) -> Schema {
    schema.remove("required");
    schema
}

/// Makes a member required.
#[doc(hidden)]
pub fn require(schema: &mut Schema, name: &str) {
    extend_list(schema.ensure_object(), "required", vec![json!(name)]);
}

/// Puts apiVersion, kind and metadata into the schema of a root object.
#[doc(hidden)]
pub fn root(schema: Schema) -> Schema {
    let mut schema = optional(schema);
    let mut properties = Map::new();
    properties.insert(
        "apiVersion".to_owned(),
        json!({"type": "string", "description": "The API group and version of this representation."}),
    );
    properties.insert(
        "kind".to_owned(),
        json!({"type": "string", "description": "The kind of the object."}),
    );
    properties.insert("metadata".to_owned(), json!({"type": "object"}));
    add_properties(schema.ensure_object(), properties);
    schema
}

/// Adds the properties and required names of `part` to `schema`.
#[doc(hidden)]
pub fn merge(schema: &mut Schema, part: Schema) {
    let Value::Object(mut part) = part.to_value() else {
        return;
    };
    let object = schema.ensure_object();
    if let Some(Value::Object(found)) = part.remove("properties") {
        add_properties(object, found);
    }
    if let Some(Value::Array(found)) = part.remove("required") {
        match object.get_mut("required") {
            Some(Value::Array(required)) => required.extend(found),
            _ => {
                object.insert("required".to_owned(), Value::Array(found));
            }
        }
    }
}

fn add_properties(object: &mut Map<String, Value>, found: Map<String, Value>) {
    match object.get_mut("properties") {
        Some(Value::Object(properties)) => properties.extend(found),
        _ => {
            object.insert("properties".to_owned(), Value::Object(found));
        }
    }
}

/// Adds a union's members to the object it is embedded in, and says that one must be set (or, for
/// an optional union, at most one).
#[doc(hidden)]
pub fn embed(schema: &mut Schema, union: Schema, required: bool) {
    let Value::Object(mut parts) = union.clone().to_value() else {
        return;
    };
    let (one_of, rules) = (parts.remove("oneOf"), parts.remove(RULES));
    parts.remove("required");
    merge(schema, Schema::from(parts.clone()));
    let tagged = union.get("required").and_then(Value::as_array).cloned();
    let object = schema.ensure_object();
    if let (Some(Value::Array(tag)), true) = (tagged.clone().map(Value::Array), required) {
        extend_list(object, "required", tag);
    }
    if let Some(Value::Array(rules)) = rules {
        extend_list(object, RULES, rules);
    }
    if let Some(Value::Array(mut arms)) = one_of {
        if !required {
            let any: Vec<Value> = match tagged {
                Some(tag) => vec![json!({"required": tag})],
                None => arms.clone(),
            };
            arms.insert(0, json!({"not": {"anyOf": any}}));
        }
        if object.contains_key("oneOf") {
            extend_list(object, "allOf", vec![json!({"oneOf": arms})]);
        } else {
            object.insert("oneOf".to_owned(), Value::Array(arms));
        }
    }
}

const RULES: &str = "x-kubernetes-validations";

fn extend_list(object: &mut Map<String, Value>, key: &str, items: Vec<Value>) {
    match object.get_mut(key) {
        Some(Value::Array(list)) => list.extend(items),
        _ => {
            object.insert(key.to_owned(), Value::Array(items));
        }
    }
}

/// Adds a union's discriminator.
#[doc(hidden)]
pub fn add_tag(schema: &mut Schema, key: &str, tags: &[&str]) {
    let mut properties = Map::new();
    properties.insert(
        key.to_owned(),
        json!({"type": "string", "enum": tags, "description": "Which of the members is set."}),
    );
    let object = schema.ensure_object();
    add_properties(object, properties);
    extend_list(object, "required", vec![json!(key)]);
}

/// Says that exactly one member is set, and that the discriminator agrees.
#[doc(hidden)]
pub fn finish_union(schema: &mut Schema, key: Option<&str>, arms: &[Arm], cel: bool) {
    let object = schema.ensure_object();
    let Some(key) = key else {
        let arms = arms
            .iter()
            .map(|arm| json!({"required": [arm.1.unwrap_or(arm.0)]}));
        object.insert("oneOf".to_owned(), arms_of(arms));
        return;
    };
    if cel {
        let rules = arms
            .iter()
            .filter_map(|(tag, member)| Some((tag, (*member)?)));
        let rules = rules.flat_map(|(tag, member)| {
            [
                json!({
                    "rule": format!("!has(self.{member}) || self.{key} == '{tag}'"),
                    "message": format!("{member} belongs to {key} {tag} alone"),
                }),
                json!({
                    "rule": format!("has(self.{member}) || self.{key} != '{tag}'"),
                    "message": format!("{key} {tag} demands {member}"),
                }),
            ]
        });
        extend_list(object, RULES, rules.collect());
        return;
    }
    let members = || arms.iter().filter_map(|arm| arm.1);
    let arms = arms.iter().map(|(tag, member)| {
        let others: Vec<Value> = members()
            .filter(|other| Some(*other) != *member)
            .map(|other| json!({"required": [other]}))
            .collect();
        let mut arm = json!({"properties": {(key): {"enum": [tag]}}});
        if let Some(member) = member {
            arm["required"] = json!([member]);
        }
        if !others.is_empty() {
            arm["not"] = json!({"anyOf": others});
        }
        arm
    });
    object.insert("oneOf".to_owned(), arms_of(arms));
}

fn arms_of(arms: impl Iterator<Item = Value>) -> Value {
    Value::Array(arms.collect())
}

/// Restricts a string to a set; any string if the set is empty.
#[doc(hidden)]
pub fn string_set(mut text: Schema, known: &[&str]) -> Schema {
    if !known.is_empty() {
        text.insert("enum".to_owned(), json!(known));
    }
    text
}

/// Turns what schemars derives into what an API server accepts.
struct Structural;

impl Transform for Structural {
    fn transform(&mut self, schema: &mut Schema) {
        if schema.as_bool() == Some(true) {
            *schema = json_schema!({"x-kubernetes-preserve-unknown-fields": true});
            return;
        }
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        for key in ["$schema", "title", "deprecated", "readOnly", "writeOnly"] {
            // A property of such a name is not here but in `properties`.
            object.remove(key);
        }
        if object.get("additionalProperties") == Some(&Value::Bool(false)) {
            object.remove("additionalProperties");
        }
        if object.is_empty() || object.keys().all(|key| key == "description") {
            object.insert(
                "x-kubernetes-preserve-unknown-fields".to_owned(),
                json!(true),
            );
        }
        drop_null_type(object);
        drop_null_arm(object, "anyOf");
        drop_null_arm(object, "oneOf");
        fold_string_arms(object);
        if let Some(constant) = object.remove("const") {
            object.insert("enum".to_owned(), json!([constant]));
        }
        let unsigned = object
            .get("format")
            .and_then(Value::as_str)
            .is_some_and(|format| format.starts_with("uint"));
        if unsigned {
            object.remove("format");
        }
    }
}

fn drop_null_type(object: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            object.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
}

/// `anyOf: [X, null]` becomes X; what stands beside the `anyOf` wins over X.
fn drop_null_arm(object: &mut Map<String, Value>, key: &str) {
    let Some(Value::Array(arms)) = object.get_mut(key) else {
        return;
    };
    let before = arms.len();
    arms.retain(|arm| arm.get("type") != Some(&Value::String("null".to_owned())));
    if arms.len() == before {
        return;
    }
    if let [Value::Object(only)] = arms.as_slice() {
        let only = only.clone();
        object.remove(key);
        for (key, value) in only {
            object.entry(key).or_insert(value);
        }
    }
}

/// schemars writes an enum of strings with docs as a `oneOf` of constants.
fn fold_string_arms(object: &mut Map<String, Value>) {
    let Some(Value::Array(arms)) = object.get("oneOf") else {
        return;
    };
    let mut texts = Vec::new();
    for arm in arms {
        match arm.get("enum") {
            Some(Value::Array(values)) if arm.get("type").is_some_and(|name| name == "string") => {
                texts.extend(values.iter().cloned());
            }
            _ => return,
        }
    }
    object.remove("oneOf");
    object.insert("type".to_owned(), json!("string"));
    object.insert("enum".to_owned(), Value::Array(texts));
}
