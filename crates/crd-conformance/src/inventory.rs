//! The facts of a CustomResourceDefinition, one per line.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

/// What a CRD says, without its prose: a sorted list of places and the facts about each.
///
/// A place is `crd` and a topic (names, scope), `version` and its name, `column`, a version and a
/// heading, or a version and a path in its schema, in which `[]` stands for the elements of a list
/// and `{}` for the values of a map:
///
/// ```text
/// v1 spec.rules[].backendRefs[].port: integer int32 min=1 max=65535
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    facts: BTreeMap<String, String>,
}

impl Inventory {
    /// Takes the facts out of a CRD in JSON form.
    pub fn of_crd(crd: &Value) -> Self {
        let mut inventory = Self::default();
        let spec = &crd["spec"];
        inventory.add("crd group", [text(&spec["group"])]);
        inventory.add("crd scope", [text(&spec["scope"])]);
        for (key, value) in members(&spec["names"]) {
            inventory.add(&format!("crd {key}"), [plain(value)]);
        }
        for version in elements(&spec["versions"]) {
            inventory.add_version(version);
        }
        inventory
    }

    /// Reads the text form back; lines without facts are skipped.
    pub fn parse(text: &str) -> Self {
        let facts = text
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(place, facts)| (place.to_owned(), facts.to_owned()))
            .collect();
        Self { facts }
    }

    /// All places, in order, with their facts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.facts
            .iter()
            .map(|(place, facts)| (place.as_str(), facts.as_str()))
    }

    /// The facts about a place.
    pub fn get(&self, place: &str) -> Option<&str> {
        self.facts.get(place).map(String::as_str)
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether there is no place at all.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    fn add<const N: usize>(&mut self, place: &str, facts: [String; N]) {
        self.facts.insert(place.to_owned(), facts.join(" "));
    }

    fn add_version(&mut self, version: &Value) {
        let name = text(&version["name"]);
        let mut facts = Vec::new();
        for (key, fact) in [
            ("served", "served"),
            ("storage", "storage"),
            ("deprecated", "deprecated"),
        ] {
            if version[key] == true {
                facts.push(fact.to_owned());
            }
        }
        for (key, _) in members(&version["subresources"]) {
            facts.push(format!("subresource={key}"));
        }
        if facts.is_empty() {
            facts.push("unserved".to_owned());
        }
        self.facts
            .insert(format!("version {name}"), facts.join(" "));
        for (position, column) in elements(&version["additionalPrinterColumns"]).enumerate() {
            let mut facts = vec![
                format!("#{}", position + 1),
                text(&column["type"]),
                text(&column["jsonPath"]),
            ];
            if let Some(priority) = column["priority"].as_i64().filter(|p| *p != 0) {
                facts.push(format!("priority={priority}"));
            }
            self.facts.insert(
                format!("column {name} {}", text(&column["name"])),
                facts.join(" "),
            );
        }
        self.add_schema(
            &format!("{name} "),
            &version["schema"]["openAPIV3Schema"],
            true,
            false,
        );
    }

    fn add_schema(&mut self, place: &str, schema: &Value, root: bool, required: bool) {
        let facts = facts_of(schema, required);
        let place_name = if root {
            format!("{place}.")
        } else {
            place.to_owned()
        };
        self.facts.insert(place_name, facts.join(" "));
        let required: Vec<&str> = elements(&schema["required"])
            .filter_map(Value::as_str)
            .collect();
        for (name, property) in members(&schema["properties"]) {
            // Metadata is the same for all kinds; the server brings its schema.
            if root && name == "metadata" && property.get("properties").is_none() {
                continue;
            }
            let dot = if root { "" } else { "." };
            self.add_schema(
                &format!("{place}{dot}{name}"),
                property,
                false,
                required.contains(&name.as_str()),
            );
        }
        if schema["items"].is_object() {
            self.add_schema(&format!("{place}[]"), &schema["items"], false, false);
        }
        if schema["additionalProperties"].is_object() {
            self.add_schema(
                &format!("{place}{{}}"),
                &schema["additionalProperties"],
                false,
                false,
            );
        }
    }
}

impl fmt::Display for Inventory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, facts) in self.iter() {
            writeln!(f, "{place}: {facts}")?;
        }
        Ok(())
    }
}

fn facts_of(schema: &Value, required: bool) -> Vec<String> {
    let mut facts = Vec::new();
    let int_or_string = schema["x-kubernetes-int-or-string"] == true;
    facts.push(if int_or_string {
        "int-or-string".to_owned()
    } else if schema["type"].is_string() {
        text(&schema["type"])
    } else {
        "any".to_owned()
    });
    if schema["format"].is_string() {
        facts.push(text(&schema["format"]));
    }
    if required {
        facts.push("required".to_owned());
    }
    for (key, fact) in [
        ("nullable", "nullable"),
        ("x-kubernetes-preserve-unknown-fields", "preserve-unknown"),
        ("x-kubernetes-embedded-resource", "embedded-resource"),
        ("uniqueItems", "unique"),
        ("exclusiveMinimum", "exclusive-min"),
        ("exclusiveMaximum", "exclusive-max"),
    ] {
        if schema[key] == true {
            facts.push(fact.to_owned());
        }
    }
    if schema["additionalProperties"] == true {
        facts.push("any-values".to_owned());
    }
    for (key, fact) in [
        ("minimum", "min"),
        ("maximum", "max"),
        ("multipleOf", "multiple-of"),
        ("minLength", "min-length"),
        ("maxLength", "max-length"),
        ("minItems", "min-items"),
        ("maxItems", "max-items"),
        ("minProperties", "min-properties"),
        ("maxProperties", "max-properties"),
        ("x-kubernetes-list-type", "list"),
        ("x-kubernetes-map-type", "map"),
    ] {
        if let Some(value) = schema.get(key) {
            facts.push(format!("{fact}={}", plain(value)));
        }
    }
    for (key, fact) in [("x-kubernetes-list-map-keys", "keys"), ("enum", "enum")] {
        let mut values: Vec<String> = elements(&schema[key]).map(plain).collect();
        values.sort();
        if !values.is_empty() {
            facts.push(format!("{fact}={}", values.join("|")));
        }
    }
    if let Some(value) = schema.get("default") {
        facts.push(format!("default={}", canonical(value)));
    }
    if let Some(pattern) = schema.get("pattern") {
        facts.push(format!("pattern={}", plain(pattern)));
    }
    let rules = elements(&schema["x-kubernetes-validations"]).count()
        // A rule on a branch of an `allOf` holds for the same value.
        + elements(&schema["allOf"])
            .map(|part| elements(&part["x-kubernetes-validations"]).count())
            .sum::<usize>();
    if rules > 0 {
        facts.push(format!("cel={rules}"));
    }
    facts
}

/// Numbers as they are written in CRDs: `1`, not `1.0`.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 9e15 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    }
}

/// JSON with sorted keys.
fn canonical(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let sorted_map: BTreeMap<_, _> =
                    map.iter().map(|(k, v)| (k.clone(), sorted(v))).collect();
                Value::Object(sorted_map.into_iter().collect::<Map<_, _>>())
            }
            Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    sorted(value).to_string()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
