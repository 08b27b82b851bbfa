//! Variables: `{{ ... }}`, which are queries in JMESPath.

use std::collections::BTreeMap;

use kube_vocab::ImageName;
use serde_json::{Map, Value, json};

use super::query;
use crate::case::Case;

/// Why a text with variables has no value.
pub(super) type Unknown = String;

/// What variables are looked up in.
#[derive(Clone, Debug)]
pub(super) struct Data {
    values: Map<String, Value>,
    /// Beginnings of queries that only a cluster can answer, with the reason.
    unknown: BTreeMap<String, String>,
}

impl Data {
    /// What every policy sees of the creation of an object.
    pub(super) fn of(case: &Case<'_>) -> Self {
        let mut values = Map::new();
        values.insert(
            "request".to_owned(),
            json!({
                "object": case.object(), "operation": "CREATE", "name": case.name(),
                "namespace": case.namespace_name().unwrap_or_default(),
                "kind": {"group": case.group(), "version": case.version(), "kind": case.kind()},
                "oldObject": null, "dryRun": false,
            }),
        );
        values.insert("images".to_owned(), images(case));
        let cluster = "it depends on who sends the request";
        let unknown = [
            "request.userInfo",
            "request.roles",
            "request.clusterRoles",
            "serviceAccount",
        ];
        Self {
            values,
            unknown: unknown
                .map(|name| (name.to_owned(), cluster.to_owned()))
                .into(),
        }
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.unknown.remove(name);
        self.values.insert(name.to_owned(), value);
    }

    pub(super) fn set_unknown(&mut self, name: &str, reason: String) {
        self.unknown.insert(name.to_owned(), reason);
    }

    /// The answer to a query; null where there is nothing.
    pub(super) fn query(&self, query: &str) -> Result<Value, Unknown> {
        let mentions = |name: &str| {
            query.match_indices(name).any(|(at, _)| {
                let before = query[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
            })
        };
        if let Some((_, reason)) = self.unknown.iter().find(|(name, _)| mentions(name)) {
            return Err(format!("`{query}`: {reason}"));
        }
        query::answer(query, &self.values)
            .map_err(|reason| format!("`{query}` cannot be evaluated: {reason}"))
    }

    /// A value with its variables filled in, the inner ones first.
    pub(super) fn fill(&self, value: &Value) -> Result<Value, Unknown> {
        Ok(match value {
            Value::String(text) => self.fill_text(text)?,
            Value::Array(items) => {
                let items = items.iter().map(|item| self.fill(item));
                Value::Array(items.collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let mut filled = Map::new();
                for (key, value) in members {
                    let key = match self.fill_text(key)? {
                        Value::String(key) => key,
                        other => other.to_string(),
                    };
                    filled.insert(key, self.fill(value)?);
                }
                Value::Object(filled)
            }
            other => other.clone(),
        })
    }

    fn fill_text(&self, text: &str) -> Result<Value, Unknown> {
        let mut text = text.to_owned();
        if text.contains("$(") {
            return Err(format!("`{text}` refers to another place of the pattern"));
        }
        // Each round fills in one variable that has no other inside; a text has no more of them than braces.
        for _ in 0..=text.len() {
            let Some((start, end)) = innermost(&text) else {
                break;
            };
            let found = self.query(text[start + 2..end].trim())?;
            if start == 0 && end + 2 == text.len() {
                // The variable is the whole: it keeps its type.
                match found {
                    Value::String(inner) if innermost(&inner).is_some() => text = inner,
                    found => return Ok(found),
                }
                continue;
            }
            let written = match found {
                Value::String(inner) => inner,
                Value::Null => String::new(),
                other => other.to_string(),
            };
            text.replace_range(start..end + 2, &written);
        }
        Ok(Value::String(text.replace("\\{{", "{{")))
    }

    /// A text with its variables filled in as far as they are known.
    pub(super) fn message(&self, text: &str) -> String {
        match self.fill_text(text) {
            Ok(Value::String(text)) => text,
            Ok(other) => other.to_string(),
            Err(_) => text.to_owned(),
        }
    }
}

/// Where the first variable without another one inside begins and ends.
fn innermost(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    loop {
        let end = from + text[from..].find("}}")?;
        // Of three braces the last two close the variable.
        let end = if text[end..].starts_with("}}}") && text[..end].matches('{').count() % 2 == 1 {
            end + 1
        } else {
            end
        };
        let start = text[..end].rfind("{{");
        match start {
            Some(start) if !text[..start].ends_with('\\') => return Some((start, end)),
            _ => from = end + 2,
        }
    }
}

/// The images of a pod's containers, taken apart.
fn images(case: &Case<'_>) -> Value {
    let mut all = Map::new();
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        let items = case
            .object()
            .pointer("/spec")
            .and_then(|spec| spec.get(list)?.as_array());
        let mut of_list = Map::new();
        for container in items.into_iter().flatten() {
            let text = |member: &str| container.get(member).and_then(Value::as_str);
            if let (Some(name), Some(image)) = (text("name"), text("image")) {
                of_list.insert(name.to_owned(), image_parts(image));
            }
        }
        if !of_list.is_empty() {
            all.insert(list.to_owned(), Value::Object(of_list));
        }
    }
    Value::Object(all)
}

fn image_parts(image: &str) -> Value {
    let parts = ImageName::split(image);
    let (registry, path) = (parts.host().unwrap_or("docker.io"), parts.path());
    let name = parts.short_name();
    let digest = parts.digest().unwrap_or_default();
    let tag = match (parts.tag(), parts.digest()) {
        (Some(tag), _) => tag,
        (None, Some(_)) => "",
        (None, None) => "latest",
    };
    json!({"registry": registry, "path": path, "name": name, "tag": tag, "digest": digest, "reference": image})
}
