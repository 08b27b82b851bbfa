//! Words that kubectl reads as `true` or `false` where only a text can stand, such as `namespace: y`.
//!
//! A server refuses such an object, which `check` says. A question about a cluster is answered for what was meant.

use kube_yaml::{Document, FieldPath};
use serde_json::Value;

/// A word that is taken for the text it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Restored {
    pub line: usize,
    pub word: String,
}

/// Puts back the text wherever a document of a file has a word of YAML 1.1 instead of a name, a label or a namespace.
pub(crate) fn restore(document: &mut Document, file: &str) -> Vec<Restored> {
    let mut found = Vec::new();
    let mut places = Vec::new();
    find(
        &document.value,
        &mut FieldPath::root(),
        Inside::Object,
        &mut places,
    );
    let lines: Vec<&str> = match places.is_empty() {
        true => Vec::new(),
        false => file.lines().collect(),
    };
    for place in places {
        let Some(line) = document.locations.line_of(&place.path) else {
            continue;
        };
        let text = lines
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or_default();
        let word = match &place.key {
            Some(key) => word_of_member(text, key),
            None => word_of_item(text, place.position),
        };
        if let (Some(word), Some(value)) = (word, document.value.pointer_mut(&place.pointer)) {
            *value = word.into();
            let word = word.to_owned();
            found.push(Restored { line, word });
        }
    }
    found
}

/// A value that is `true` or `false` where only a text can stand.
struct Place {
    path: FieldPath,
    pointer: String,
    /// `None` for an item of a list.
    key: Option<String>,
    position: usize,
}

/// What the members of a value are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Object,
    /// A map or a list of texts.
    Texts,
    /// A map of texts, or a selector with maps of its own.
    Selector,
}

fn find(value: &Value, path: &mut FieldPath, inside: Inside, places: &mut Vec<Place>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let is_text = inside != Inside::Object || takes_text(key);
                let mut below = path.clone().key(key.clone());
                if member.is_boolean() && is_text {
                    places.push(Place {
                        pointer: pointer(&below),
                        path: below,
                        key: Some(key.clone()),
                        position: 0,
                    });
                } else {
                    find(member, &mut below, inside_of(key), places);
                }
            }
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                let mut below = path.clone().index(position);
                if item.is_boolean() && inside == Inside::Texts {
                    places.push(Place {
                        pointer: pointer(&below),
                        path: below,
                        key: None,
                        position,
                    });
                } else {
                    find(item, &mut below, Inside::Object, places);
                }
            }
        }
        _ => {}
    }
}

fn inside_of(key: &str) -> Inside {
    match key {
        "labels" | "annotations" | "matchLabels" | "nodeSelector" | "values" | "namespaces" => {
            Inside::Texts
        }
        "selector" => Inside::Selector,
        _ => Inside::Object,
    }
}

/// Whether a field of this name is a text in every kind that questions are about.
fn takes_text(key: &str) -> bool {
    matches!(key, "name" | "namespace" | "key" | "value" | "host")
        || key.ends_with("Name")
        || key.ends_with("Namespace")
}

fn pointer(path: &FieldPath) -> String {
    use kube_vocab::Segment;
    let steps = path.segments().iter().map(|segment| match segment {
        Segment::Field(name) | Segment::Key(name) => {
            format!("/{}", name.replace('~', "~0").replace('/', "~1"))
        }
        Segment::Index(index) => format!("/{index}"),
    });
    steps.collect()
}

/// The word behind `key:` in a line; `None` where another spelling of a truth value stands there.
fn word_of_member<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    line.match_indices(key).find_map(|(at, _)| {
        let before = line[..at].trim_end_matches(['"', '\'']);
        let is_start = !before.ends_with(|c: char| c.is_alphanumeric() || "-_./".contains(c));
        let behind = line[at + key.len()..].trim_start_matches(['"', '\'']);
        let value = behind.trim_start().strip_prefix(':')?;
        (is_start && value.starts_with(char::is_whitespace)).then(|| word(value))?
    })
}

/// The word of an item: behind a dash, or in brackets.
fn word_of_item(line: &str, position: usize) -> Option<&str> {
    let item = line.trim_start().strip_prefix("- ");
    if let Some(word) = item.and_then(word) {
        return Some(word);
    }
    let (_, items) = line.split_once('[')?;
    word(items.split(',').nth(position)?)
}

fn word(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let end = text
        .find(|c: char| c.is_whitespace() || ",]}".contains(c))
        .unwrap_or(text.len());
    let word = &text[..end];
    let is_word = ["y", "n", "yes", "no", "on", "off"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known));
    is_word.then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn restored(text: &str) -> (Value, Vec<usize>) {
        let mut document = kube_yaml::Manifests::new(text).next().unwrap().unwrap();
        let found = restore(&mut document, text);
        let lines = found.iter().map(|found| found.line).collect();
        (document.value, lines)
    }

    #[test]
    fn names_labels_and_listed_values_are_texts_again() {
        let text = "kind: Pod\nmetadata:\n  name: n\n  namespace: y\n  labels: {app: on, \"a.b/c\": Off, x: 'y'}\n";
        let expected = json!({"kind": "Pod", "metadata": {"name": "n", "namespace": "y", "labels": {"app": "on", "a.b/c": "Off", "x": "y"}}});
        assert_eq!(restored(text), (expected, vec![3, 4, 5, 5]));
        let text = "spec:\n  selector: {app: no}\n  rules:\n  - key: y\n    values:\n    - yes\n    - no\n  - {values: [a, y]}\n";
        let expected = json!({"spec": {"selector": {"app": "no"}, "rules": [{"key": "y", "values": ["yes", "no"]}, {"values": ["a", "y"]}]}});
        assert_eq!(restored(text), (expected, vec![2, 4, 6, 7, 8]));
    }

    #[test]
    fn truth_values_stay_where_they_belong_or_are_spelt_out() {
        for text in [
            "spec:\n  hostNetwork: yes\n",
            "metadata:\n  labels:\n    app: true\n",
            "spec:\n  selector:\n    matchLabels:\n      a: False\n",
        ] {
            let plain = kube_yaml::Manifests::new(text).next().unwrap().unwrap();
            assert_eq!(restored(text), (plain.value, Vec::new()), "{text}");
        }
    }
}
