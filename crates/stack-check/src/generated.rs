//! The applications that an ApplicationSet makes, as far as they stand in it.

use std::collections::BTreeSet;

use stack_model::Entry;
use stack_model::Value;

use crate::fields::{at, list};

/// The elements from which a set makes its applications, if all of them are written in it: list generators alone.
pub(crate) fn elements(set: &Entry) -> Option<Vec<&Value>> {
    let generators = set.items_at("spec.generators");
    let mut found = Vec::new();
    for generator in generators {
        let generator = generator.as_object()?;
        let is_plain = generator.keys().all(|key| key == "list");
        let written = generator.get("list")?;
        if !is_plain || written.get("elementsYaml").is_some() || written.get("template").is_some() {
            return None;
        }
        found.extend(list(written, "elements"));
    }
    (!found.is_empty()).then_some(found)
}

/// Whether an element has a value at a path of keys.
pub(crate) fn has(element: &Value, path: &str) -> bool {
    // Some generators flatten keys, others nest them.
    element.get(path).is_some() || at(element, path).is_some()
}

/// How a set's template is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Template {
    go: bool,
}

impl Template {
    pub(crate) fn of(set: &Entry) -> Self {
        Self {
            go: set.at("spec.goTemplate").and_then(Value::as_bool) == Some(true),
        }
    }

    /// The keys that the texts of a template use plainly. What functions, conditions and loops do with them is left aside.
    pub(crate) fn keys_in(self, template: &Value) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        match template {
            Value::String(text) => {
                let keys = parts(text).filter_map(|part| part.ok());
                found.extend(keys.filter_map(|key| self.key(key).map(str::to_owned)));
            }
            Value::Array(items) => {
                found.extend(items.iter().flat_map(|item| self.keys_in(item)));
            }
            Value::Object(members) => {
                found.extend(members.values().flat_map(|member| self.keys_in(member)));
            }
            _ => {}
        }
        found
    }

    /// A text with the values of an element; `None` where it uses more than plain keys that the element has.
    pub(crate) fn fill(self, text: &str, element: &Value) -> Option<String> {
        let mut filled = String::new();
        for part in parts(text) {
            match part {
                Err(plain) => filled.push_str(plain),
                Ok(key) => {
                    let key = self.key(key)?;
                    match element.get(key).or_else(|| at(element, key))? {
                        Value::String(value) => filled.push_str(value),
                        value => filled.push_str(&value.to_string()),
                    }
                }
            }
        }
        Some(filled)
    }

    /// The key that an action takes as it is.
    fn key(self, action: &str) -> Option<&str> {
        let action = action.trim_matches('-').trim();
        let key = match self.go {
            true => action.strip_prefix('.')?,
            false => action,
        };
        let is_plain = !key.is_empty()
            && key.chars().all(|c| {
                c.is_ascii_alphanumeric() || c == '.' || c == '_' || (c == '-' && !self.go)
            });
        is_plain.then_some(key)
    }
}

/// The plain parts of a text (`Err`) and the actions in braces (`Ok`).
fn parts(text: &str) -> impl Iterator<Item = Result<&str, &str>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(start) = rest.find("{{") else {
            return Some(Err(std::mem::take(&mut rest)));
        };
        if start > 0 {
            let (plain, behind) = rest.split_at(start);
            rest = behind;
            return Some(Err(plain));
        }
        let (action, behind) = rest[2..].split_once("}}").unwrap_or((&rest[2..], ""));
        rest = behind;
        Some(Ok(action))
    })
}
