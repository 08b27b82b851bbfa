//! What a component sets, flat, and where several differ.

use std::collections::BTreeMap;

use lab_builder::Part;
use serde_json::Value;

/// Everything that a component sets, by where it stands.
pub(super) fn settings(part: &Part) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    for (_, object) in part.objects() {
        let id = object.id();
        flatten(
            &format!("{} {}:", id.kind, id.name),
            object.value(),
            &mut settings,
        );
    }
    for (exercise, _, object) in part.exercises() {
        flatten(
            &format!("exercise {exercise}:"),
            object.value(),
            &mut settings,
        );
    }
    for release in part.releases() {
        flatten(
            &format!("release {}:", release.name),
            &release.values,
            &mut settings,
        );
    }
    for page in part.access() {
        settings.insert(format!("page {}", page.service), page.url.clone());
    }
    settings
}

/// Every scalar of a value, by its path below `path`.
pub(super) fn flatten(path: &str, value: &Value, settings: &mut BTreeMap<String, String>) {
    let below = |key: &str| {
        if path.ends_with(':') {
            format!("{path} {key}")
        } else {
            format!("{path}.{key}")
        }
    };
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, member) in members {
                flatten(&below(key), member, settings);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                flatten(&format!("{path}[{at}]"), item, settings);
            }
        }
        Value::String(text) => {
            settings.insert(path.to_owned(), text.clone());
        }
        scalar => {
            settings.insert(path.to_owned(), scalar.to_string());
        }
    }
}

/// The settings that are not the same everywhere; `-` where there is none.
pub(super) fn differences(columns: &[BTreeMap<String, String>]) -> BTreeMap<String, Vec<String>> {
    let mut rows = BTreeMap::new();
    for key in columns.iter().flat_map(BTreeMap::keys) {
        let values: Vec<String> = columns
            .iter()
            .map(|column| column.get(key).cloned().unwrap_or_else(|| "-".to_owned()))
            .collect();
        if values.iter().any(|value| *value != values[0]) {
            rows.insert(key.clone(), values);
        }
    }
    rows
}
