//! Schemas that an API server accepts: structural, without `$ref`, without nullable options.
//!
//! [`schema_for`] makes the schema of a type. Types derive `schemars::JsonSchema`; what a derive
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
//! - A member that says `extend("x-crd-required" = true)` is required in the schema alone: the server fills in its default
//!   before it looks.
//! - An object that says `extend("x-crd-also-required" = ["name"])` asks for members that it does not declare.
//! - A root that says `extend("x-crd-metadata" = {...})` has that schema for its metadata, in place of `type: object`.
//! - `extend("x-crd-enum" = ["a", null])` is an enum to the letter; from others, `null` is left out, which schemars adds.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Map, Value, json};

use crate::channel::Channel;
use crate::union::Arm;

#[doc(no_inline)]
pub use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// The structural schema of a type with everything that the experimental channel has, as JSON.
pub fn schema_for<T: JsonSchema>() -> Schema {
    inline(T::json_schema, Channel::Experimental)
}

/// The structural schema that `make` makes, as a channel has it, without references.
pub(crate) fn inline(make: fn(&mut SchemaGenerator) -> Schema, channel: Channel) -> Schema {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.inline_subschemas = true;
            settings.meta_schema = None;
        })
        .into_generator();
    let mut schema = make(&mut generator);
    Structural::Inline.transform(&mut schema);
    in_channel(schema, channel)
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

/// A schema that is kept as a text of JSON, as generated crates do with what no Rust type says. For a text that is no schema
/// stands one that no server can read, so that [`Definition::check`](crate::crd::Definition::check) names the fault.
pub fn of_json(text: &str) -> Schema {
    let read = serde_json::from_str::<Value>(text).and_then(Schema::try_from);
    read.unwrap_or_else(|error| json_schema!({"not": format!("{text}: {error}")}))
}

// What the derives call.

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

/// Lets members in that the schema does not know.
#[doc(hidden)]
pub fn preserve(schema: &mut Schema) {
    let object = schema.ensure_object();
    object.insert(
        "x-kubernetes-preserve-unknown-fields".to_owned(),
        Value::Bool(true),
    );
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
    let metadata = schema.remove(METADATA);
    let metadata = metadata.unwrap_or_else(|| json!({"type": "object"}));
    properties.insert("metadata".to_owned(), metadata);
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
    if let Some(Value::Array(mut arms)) = one_of
        && !is_unsaid(object)
    {
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

/// Whether a type asks not to say in its schema that members exclude each other, since a rule of its own does: by
/// `#[schemars(extend("oneOf" = null))]`.
fn is_unsaid(object: &Map<String, Value>) -> bool {
    object.get("oneOf").is_some_and(Value::is_null)
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
fn add_tag(schema: &mut Schema, key: &str, tags: &[&str]) {
    let mut properties = Map::new();
    properties.insert(
        key.to_owned(),
        json!({"type": "string", "enum": tags, "description": "Which of the members is set."}),
    );
    let object = schema.ensure_object();
    add_properties(object, properties);
    extend_list(object, "required", vec![json!(key)]);
}

/// Makes the schema of a union from that of an object with its members: exactly one of them is set (or none, where an empty
/// object is legal), and the discriminator agrees.
#[doc(hidden)]
pub fn union(
    members: Schema,
    tag: Option<&str>,
    arms: &[Arm],
    cel: bool,
    may_be_empty: bool,
) -> Schema {
    let mut schema = optional(members);
    if let Some(key) = tag {
        let tags: Vec<&str> = arms.iter().map(|arm| arm.tag).collect();
        add_tag(&mut schema, key, &tags);
        let proven = arms.iter().filter(|arm| !arm.experimental);
        let proven: Vec<&str> = proven.map(|arm| arm.tag).collect();
        if proven.len() < tags.len()
            && let Some(property) = schema.pointer_mut(&format!("/properties/{key}"))
        {
            property["enum"] = json!(proven);
            property[EXPERIMENTAL] = json!({"enum": tags});
        }
    }
    finish_union(&mut schema, tag, arms, cel);
    if may_be_empty && let Some(Value::Array(one_of)) = schema.get_mut("oneOf") {
        let any = one_of.clone();
        one_of.insert(0, json!({"not": {"anyOf": any}}));
    }
    schema
}

/// Says that exactly one member is set, and that the discriminator agrees.
fn finish_union(schema: &mut Schema, key: Option<&str>, arms: &[Arm], cel: bool) {
    let object = schema.ensure_object();
    if is_unsaid(object) {
        return;
    }
    let Some(key) = key else {
        let arms = arms.iter().map(|arm| {
            let said = json!({"required": [arm.member.unwrap_or(arm.tag)]});
            marked(said, arm.experimental)
        });
        object.insert("oneOf".to_owned(), arms.collect());
        return;
    };
    if cel {
        let rules = arms
            .iter()
            .filter_map(|arm| Some((arm.tag, arm.member?, arm.experimental)));
        let rules = rules.flat_map(|(tag, member, experimental)| {
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
            .map(|rule| marked(rule, experimental))
        });
        extend_list(object, RULES, rules.collect());
        return;
    }
    let members = || {
        arms.iter()
            .filter_map(|arm| Some((arm.member?, arm.experimental)))
    };
    let one_of = arms.iter().map(|arm| {
        let others: Vec<Value> = members()
            .filter(|(other, _)| Some(*other) != arm.member)
            .map(|(other, experimental)| marked(json!({"required": [other]}), experimental))
            .collect();
        let mut said = json!({"properties": {(key): {"enum": [arm.tag]}}});
        if let Some(member) = arm.member {
            said["required"] = json!([member]);
        }
        if !others.is_empty() {
            said["not"] = json!({"anyOf": others});
        }
        marked(said, arm.experimental)
    });
    object.insert("oneOf".to_owned(), one_of.collect());
}

/// The same rule or subschema, marked as one that only the experimental channel has. For helpers that `#[schemars(...)]`
/// attributes call; members of derived types say `#[field(experimental)]` instead.
pub fn only_in(channel: Channel, mut said: Value) -> Value {
    if let Value::Object(object) = &mut said {
        object.insert(ONLY.to_owned(), json!(channel.as_str()));
    }
    said
}

fn marked(said: Value, experimental: bool) -> Value {
    match experimental {
        true => only_in(Channel::Experimental, said),
        false => said,
    }
}

/// Adds keywords that only the experimental channel has, such as a pattern; they take the place of those that are there.
#[must_use]
pub fn experimental(mut schema: Schema, keywords: Value) -> Schema {
    schema.insert(EXPERIMENTAL.to_owned(), keywords);
    schema
}

/// On an object in a list or under a key: the one channel that has it.
pub(crate) const ONLY: &str = "x-crd-only";
/// On a member: it is required though Rust need not give it, since the server fills in its default first.
pub(crate) const REQUIRED: &str = "x-crd-required";
/// On an object: what it asks for beside its declared members.
const ALSO_REQUIRED: &str = "x-crd-also-required";
/// On a root: the schema of its metadata.
const METADATA: &str = "x-crd-metadata";
/// The values of an enum, `null` included.
const ENUM: &str = "x-crd-enum";
/// In a schema: keywords that the experimental channel adds.
const EXPERIMENTAL: &str = "x-crd-experimental";

/// Leaves out what the channel does not have, and all marks.
pub(crate) fn in_channel(mut schema: Schema, channel: Channel) -> Schema {
    if let Some(members) = schema.as_object_mut() {
        prune_object(members, channel);
    }
    schema
}

fn prune(value: &mut Value, channel: Channel) {
    match value {
        Value::Array(items) => {
            items.retain(|item| !is_foreign(item, channel));
            items.iter_mut().for_each(|item| prune(item, channel));
        }
        Value::Object(members) => prune_object(members, channel),
        _ => {}
    }
}

fn prune_object(members: &mut Map<String, Value>, channel: Channel) {
    prune_properties(members, &|property| is_foreign(property, channel));
    let added = members.remove(EXPERIMENTAL);
    members.remove(ONLY);
    if let (Some(Value::Object(added)), Channel::Experimental) = (added, channel) {
        members.extend(added);
    }
    members
        .values_mut()
        .for_each(|member| prune(member, channel));
    let rules = members.get(RULES).and_then(Value::as_array);
    if rules.is_some_and(Vec::is_empty) {
        members.remove(RULES);
    }
}

/// Whether only the other channel has it.
fn is_foreign(value: &Value, channel: Channel) -> bool {
    let only = value.get(ONLY).and_then(Value::as_str);
    only.is_some_and(|only| only != channel.as_str())
}

/// Takes out properties that the channel does not have, and their names from the list of required ones.
fn prune_properties(schema: &mut Map<String, Value>, foreign: &impl Fn(&Value) -> bool) {
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    let gone: Vec<String> = properties
        .iter()
        .filter(|(_, property)| foreign(property))
        .map(|(name, _)| name.clone())
        .collect();
    for name in &gone {
        properties.shift_remove(name);
    }
    if !gone.is_empty()
        && let Some(Value::Array(required)) = schema.get_mut("required")
    {
        required.retain(|name| {
            !name
                .as_str()
                .is_some_and(|name| gone.iter().any(|gone| gone == name))
        });
        if required.is_empty() {
            schema.remove("required");
        }
    }
}

/// Restricts a string to a set; any string if the set is empty. Some of the set may be experimental.
#[doc(hidden)]
pub fn string_set(mut text: Schema, known: &[&str], experimental: &[&str]) -> Schema {
    if known.is_empty() {
        return text;
    }
    let proven: Vec<&&str> = known
        .iter()
        .filter(|name| !experimental.contains(name))
        .collect();
    text.insert("enum".to_owned(), json!(proven));
    if !experimental.is_empty() {
        text.insert(EXPERIMENTAL.to_owned(), json!({"enum": known}));
    }
    text
}

/// One of these numbers.
#[doc(hidden)]
pub fn integer_set(known: &[i64]) -> Schema {
    json_schema!({"type": "integer", "enum": known})
}

/// Turns what schemars derives into what an API server accepts.
pub(crate) enum Structural {
    /// A reference is left by schemars where a type is inside itself.
    Inline,
    /// References are meant, and stay.
    Shared,
}

impl Transform for Structural {
    fn transform(&mut self, schema: &mut Schema) {
        if schema.as_bool() == Some(true) {
            *schema = json_schema!({"x-kubernetes-preserve-unknown-fields": true});
            return;
        }
        transform_subschemas(self, schema);
        if schema.get("$ref").is_some() {
            if matches!(self, Self::Shared) {
                return;
            }
            // A type inside itself: structural schemas have no references, so that the inner one is any object.
            *schema = any_object(&mut SchemaGenerator::default());
            return;
        }
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        lift_required(object);
        if is_unsaid(object) {
            object.remove("oneOf");
        }
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

/// Makes those members required that are marked so.
fn lift_required(object: &mut Map<String, Value>) {
    if let Some(Value::Array(names)) = object.shift_remove(ALSO_REQUIRED) {
        extend_list(object, "required", names);
    }
    let Some(Value::Object(properties)) = object.get_mut("properties") else {
        return;
    };
    let marked = properties.iter_mut().filter_map(|(name, property)| {
        property.as_object_mut()?.shift_remove(REQUIRED)?;
        Some(json!(name))
    });
    let marked: Vec<Value> = marked.collect();
    if !marked.is_empty() {
        extend_list(object, "required", marked);
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
    if let Some(values) = object.remove(ENUM) {
        object.insert("enum".to_owned(), values);
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
