//! Helm value overlays: what a user adds is merged deeply into the values that a component sets.
//!
//! Helm merges several values files the same way, so an overlay does what a further `-f` file would do, but for one
//! thing: where Helm lets a plain value take the place of a whole map, this is an [error](OverlayError).

use serde_json::{Map, Value};

/// An overlay puts something else where the values have a map.
///
/// Between values files Helm takes it as it is, and whatever stood in the map is lost without a word.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{path}` is a map; the overlay has {found} there. Give a map, which is merged, or null, which removes the key"
)]
pub struct OverlayError {
    /// The key's path: `controller.resources`; a key that holds a dot stands in quotes.
    pub path: String,
    /// What the overlay has: `a string`, `a list` and so on.
    pub found: &'static str,
}

/// A text that is no overlay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OverlayTextError {
    /// The text is no YAML: the line, and what is wrong there.
    #[error("line {}: {}", .0.line, .0)]
    Syntax(kube_yaml::SyntaxError),
    /// It holds something else than a map.
    #[error("line {line}: values are a map; this is {found}")]
    Shape {
        /// The line on which it starts, from 1.
        line: usize,
        /// What it is: `a list`, `a string` and so on.
        found: &'static str,
    },
    /// It holds several documents, of which Helm would read one.
    #[error("line {line}: a second document begins; values are one")]
    Several {
        /// The line on which the second one starts, from 1.
        line: usize,
    },
}

/// Reads an overlay from the text of a `values.yaml`, as Helm reads it. A text without content is an empty overlay.
///
/// ```
/// use stack_builder::overlay;
///
/// let overlay = overlay::parse("hubble:\n  ui: {replicas: 2}\n")?;
/// assert_eq!(overlay["hubble"]["ui"]["replicas"], 2);
/// # Ok::<(), overlay::OverlayTextError>(())
/// ```
///
/// # Errors
/// [`OverlayTextError`] with the line.
pub fn parse(text: &str) -> Result<Map<String, Value>, OverlayTextError> {
    let mut documents = kube_yaml::Documents::new(text);
    let Some(document) = documents.next() else {
        return Ok(Map::new());
    };
    let document = document.map_err(OverlayTextError::Syntax)?;
    if let Some(next) = documents.next() {
        let line = next.map_or_else(|error| error.start, |next| next.line);
        return Err(OverlayTextError::Several { line });
    }
    match document.value {
        Value::Object(overlay) => Ok(overlay),
        Value::Null => Ok(Map::new()),
        other => Err(OverlayTextError::Shape {
            line: document.line,
            found: kind(&other),
        }),
    }
}

/// Merges the overlay into the values.
///
/// Maps are merged key by key. Everything else, lists too, replaces what was there. `null` stays in the result,
/// because with it Helm drops a default of the chart. Keys of the values keep their place; new keys follow, sorted at
/// every depth, so that the order in which an overlay was put together does not show.
///
/// # Errors
/// [`OverlayError`] for the first key, in the order of paths, that is a map in the values and neither a map nor `null`
/// in the overlay. The values are then left as they were.
pub fn merge(values: &mut Value, overlay: &Map<String, Value>) -> Result<(), OverlayError> {
    if overlay.is_empty() {
        return Ok(());
    }
    if !values.is_object() {
        *values = Value::Object(Map::new());
    }
    if let Value::Object(base) = values {
        check(base, overlay, &mut Vec::new())?;
        merge_maps(base, overlay);
    }
    Ok(())
}

/// What an overlay sets at a path, keys separated by `.`.
pub fn get<'a>(overlay: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let below = overlay.get(first)?;
    rest.split('.')
        .filter(|key| !key.is_empty())
        .try_fold(below, |at, key| at.get(key))
}

fn check<'a>(
    base: &Map<String, Value>,
    overlay: &'a Map<String, Value>,
    path: &mut Vec<&'a str>,
) -> Result<(), OverlayError> {
    for (key, over) in sorted(overlay) {
        path.push(key);
        match (base.get(key), over) {
            (Some(Value::Object(below)), Value::Object(over)) => check(below, over, path)?,
            (Some(Value::Object(_)), over) if !over.is_null() => {
                return Err(OverlayError {
                    path: spelled(path),
                    found: kind(over),
                });
            }
            _ => {}
        }
        path.pop();
    }
    Ok(())
}

fn merge_maps(base: &mut Map<String, Value>, overlay: &Map<String, Value>) {
    for (key, over) in sorted(overlay) {
        match (base.get_mut(key), over) {
            (Some(Value::Object(below)), Value::Object(over)) => merge_maps(below, over),
            _ => {
                let mut over = over.clone();
                over.sort_all_objects();
                base.insert(key.to_owned(), over);
            }
        }
    }
}

pub(crate) fn sorted(map: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let mut members: Vec<_> = map
        .iter()
        .map(|(key, value)| (key.as_str(), value))
        .collect();
    members.sort_unstable_by_key(|(key, _)| *key);
    members
}

pub(crate) fn spelled(path: &[&str]) -> String {
    let plain = |key: &str| {
        !key.is_empty() && !key.contains(['.', '"', '\\']) && !key.contains(char::is_whitespace)
    };
    let keys = path.iter().map(|key| {
        if plain(key) {
            (*key).to_owned()
        } else {
            format!("{key:?}")
        }
    });
    keys.collect::<Vec<_>>().join(".")
}

pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn merged(mut values: Value, overlay: &Value) -> Result<Value, OverlayError> {
        merge(&mut values, overlay.as_object().unwrap())?;
        Ok(values)
    }

    #[test]
    fn each_kind_of_value_meets_each_other() {
        for (values, overlay, expected) in [
            (json!({}), json!({}), json!({})),
            (json!({"a": 1}), json!({}), json!({"a": 1})),
            (json!({"a": 1}), json!({"a": 2}), json!({"a": 2})),
            (
                json!({"a": 1, "b": {"c": 1, "d": 2}}),
                json!({"b": {"d": 3}}),
                json!({"a": 1, "b": {"c": 1, "d": 3}}),
            ),
            (
                json!({"a": [1, 2, 3]}),
                json!({"a": [4]}),
                json!({"a": [4]}),
            ),
            (
                json!({"a": [{"b": 1}]}),
                json!({"a": [{"c": 1}]}),
                json!({"a": [{"c": 1}]}),
            ),
            (
                json!({"a": {"b": 1}}),
                json!({"a": {}}),
                json!({"a": {"b": 1}}),
            ),
            // null stays: it tells Helm to drop the chart's default
            (
                json!({"a": 1}),
                json!({"a": null, "b": null}),
                json!({"a": null, "b": null}),
            ),
            (
                json!({"a": {"b": 1}}),
                json!({"a": null}),
                json!({"a": null}),
            ),
            (
                json!({"a": {"b": {"c": 1}}}),
                json!({"a": {"b": null}}),
                json!({"a": {"b": null}}),
            ),
            (
                json!({"a": null}),
                json!({"a": {"b": null}}),
                json!({"a": {"b": null}}),
            ),
            // a map may replace what is none
            (
                json!({"a": 1}),
                json!({"a": {"b": 2}}),
                json!({"a": {"b": 2}}),
            ),
            (
                json!({"a": [1]}),
                json!({"a": {"b": 2}}),
                json!({"a": {"b": 2}}),
            ),
            // values that are none yet
            (json!(null), json!({"a": 1}), json!({"a": 1})),
            (json!(null), json!({}), json!(null)),
        ] {
            assert_eq!(
                merged(values.clone(), &overlay),
                Ok(expected),
                "{values} and {overlay}"
            );
        }
    }

    #[test]
    fn nothing_but_a_map_or_null_goes_over_a_map() {
        let values = json!({"a": {"b": {"c": {"d": 1}}, "x.y/z": {}, "": {}}, "e": 1});
        for (overlay, path, found) in [
            (json!({"a": 1}), "a", "a number"),
            (json!({"a": "x"}), "a", "a string"),
            (json!({"a": true}), "a", "a boolean"),
            (json!({"a": []}), "a", "a list"),
            (json!({"a": {"b": {"c": "x"}}}), "a.b.c", "a string"),
            (
                json!({"e": 2, "a": {"x.y/z": ""}}),
                r#"a."x.y/z""#,
                "a string",
            ),
            (json!({"a": {"": 0}}), r#"a."""#, "a number"),
            // the first of several, whatever their order
            (
                json!({"a": {"x.y/z": 1, "b": {"c": 2}, "": 3}}),
                r#"a."""#,
                "a number",
            ),
        ] {
            let mut after = values.clone();
            let error = merge(&mut after, overlay.as_object().unwrap()).unwrap_err();
            assert_eq!(
                error,
                OverlayError {
                    path: path.to_owned(),
                    found
                },
                "{overlay}"
            );
            assert!(error.to_string().contains(&format!("`{path}`")), "{error}");
            assert_eq!(after, values, "half merged: {overlay}");
        }
    }

    #[test]
    fn a_values_file_is_read_as_helm_reads_it() {
        for (text, expected) in [
            ("", json!({})),
            ("# nothing\n", json!({})),
            ("---\na: 1\n", json!({"a": 1})),
            (
                "a: {b: [yes, no]}\nc: |\n  x\n",
                json!({"a": {"b": [true, false]}, "c": "x\n"}),
            ),
            ("{\"a\": null}", json!({"a": null})),
        ] {
            assert_eq!(parse(text).map(Value::Object), Ok(expected), "{text:?}");
        }
        for (text, message) in [
            ("- a\n", "line 1: values are a map; this is a list"),
            ("\n\ntext\n", "line 3: values are a map; this is a string"),
            (
                "a: 1\n---\nb: 1\n",
                "line 3: a second document begins; values are one",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), message);
        }
        let error = parse("a: 1\nb: [\n").unwrap_err();
        assert!(matches!(error, OverlayTextError::Syntax(_)), "{error}");
    }

    #[test]
    fn known_keys_keep_their_place_and_new_keys_follow_sorted() {
        let values = json!({"z": {"y": 1, "b": 2}, "a": 1});
        let overlay = json!({"n": [{"q": 1, "p": {"s": 1, "r": 2}}], "a": 2, "m": {"k": 1, "j": 2}, "z": {"x": 1, "c": 2, "b": 3}});
        assert_eq!(
            merged(values, &overlay).unwrap().to_string(),
            r#"{"z":{"y":1,"b":3,"c":2,"x":1},"a":2,"m":{"j":2,"k":1},"n":[{"p":{"r":2,"s":1},"q":1}]}"#
        );
    }

    fn tree() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            (0..3).prop_map(Value::from),
            "[ab]?".prop_map(Value::from)
        ];
        let tree = leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                1 => prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
                3 => prop::collection::vec(("[abc]", inner), 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        });
        prop::collection::vec(("[abc]", tree), 0..4)
            .prop_map(|members| Value::Object(members.into_iter().collect()))
    }

    /// The same value with the keys of every map the other way round.
    fn reversed(value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(reversed).collect(),
            Value::Object(map) => Value::Object(
                map.iter()
                    .rev()
                    .map(|(k, v)| (k.clone(), reversed(v)))
                    .collect(),
            ),
            other => other.clone(),
        }
    }

    /// What Helm would see at a path after the merge, told without merging.
    fn looked_up<'a>(
        values: Option<&'a Value>,
        overlay: Option<&'a Value>,
        path: &[&str],
    ) -> Option<&'a Value> {
        match path {
            [] => overlay.or(values),
            [key, rest @ ..] => {
                let below = overlay.and_then(|over| over.get(key));
                let hidden = overlay.is_some_and(|over| !over.is_object());
                looked_up(
                    values
                        .filter(|_| !hidden)
                        .and_then(|values| values.get(key)),
                    below,
                    rest,
                )
            }
        }
    }

    proptest! {
        #[test]
        fn the_order_of_the_overlay_does_not_show(values in tree(), overlay in tree()) {
            let one = merged(values.clone(), &overlay).map(|value| value.to_string());
            let other = merged(values, &reversed(&overlay)).map(|value| value.to_string());
            prop_assert_eq!(one, other);
        }

        #[test]
        fn each_leaf_comes_from_the_overlay_or_else_from_the_values(values in tree(), overlay in tree()) {
            if let Ok(merged) = merged(values.clone(), &overlay) {
                let keys = ["a", "b", "c"];
                for path in keys.iter().flat_map(|a| keys.iter().flat_map(move |b| keys.map(|c| [*a, *b, c]))) {
                    for depth in 1..=3 {
                        let found = path[..depth].iter().try_fold(&merged, |at, key| at.get(key));
                        let expected = looked_up(Some(&values), Some(&overlay), &path[..depth]);
                        if !expected.is_some_and(Value::is_object) {
                            prop_assert_eq!(found, expected, "at {:?}", &path[..depth]);
                        } else {
                            prop_assert!(found.is_some_and(Value::is_object), "at {:?}", &path[..depth]);
                        }
                    }
                }
            }
        }

        #[test]
        fn merging_twice_is_merging_once(values in tree(), overlay in tree()) {
            if let Ok(once) = merged(values, &overlay) {
                prop_assert_eq!(merged(once.clone(), &overlay), Ok(once));
            }
        }
    }
}
