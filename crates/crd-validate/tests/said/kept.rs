//! What a server adds to a built-in object, changes in it and drops of it, before it keeps it: `kept.txt` has a
//! manifest in a line, and below it each member that differs from it. A change there is to be true of a real server.
use std::collections::BTreeMap;

use crd_validate::Registry;
use serde_json::Value;

use super::parse;

/// The leaves of a value, below the path of what holds them; an empty list or object is one.
fn leaves(path: &str, value: &Value, out: &mut BTreeMap<(String, String), String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), member))
            .collect(),
        Value::Array(items) => {
            let numbered = items.iter().enumerate();
            numbered
                .map(|(index, item)| (format!("[{index}]"), item))
                .collect()
        }
        _ => Vec::new(),
    };
    for (name, member) in members {
        let is_leaf = match member {
            Value::Object(members) => members.is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => true,
        };
        if is_leaf {
            out.insert((path.to_owned(), name), member.to_string());
        } else {
            let dot = if path.is_empty() || name.starts_with('[') {
                ""
            } else {
                "."
            };
            leaves(&format!("{path}{dot}{name}"), member, out);
        }
    }
}

/// A line for each thing whose members differ: `path: member=value, member goes`.
fn difference(sent: &Value, kept: &Value) -> String {
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    leaves("", sent, &mut before);
    leaves("", kept, &mut after);
    let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((path, name), value) in &after {
        if before.get(&(path.clone(), name.clone())) != Some(value) {
            lines
                .entry(path)
                .or_default()
                .push(format!("{name}={value}"));
        }
    }
    for (path, name) in before.keys().filter(|place| !after.contains_key(*place)) {
        // An empty object that got members is still there.
        let whole = format!("{path}.{name}");
        if after
            .keys()
            .any(|(path, _)| path == whole.trim_start_matches('.'))
        {
            continue;
        }
        lines.entry(path).or_default().push(format!("{name} goes"));
    }
    let mut out = String::new();
    for (path, members) in lines {
        out += &format!("  {path}: {}\n", members.join(", "));
    }
    out
}

#[test]
fn what_is_kept_differs_from_what_was_sent_as_written() {
    let registry = Registry::new();
    let mut wrong = String::new();
    let mut count = 0;
    for block in include_str!("kept.txt").split("\n\n") {
        let (manifest, expected) = block.split_once('\n').unwrap_or((block, ""));
        let sent = parse(manifest);
        let kept = registry.stored(&sent);
        assert!(kept.is_some(), "refused: {manifest}");
        let found = difference(&sent, &kept.unwrap());
        if found.trim_end() != expected.trim_end() {
            wrong += &format!("{manifest}\n{found}\n");
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "otherwise than written:\n{wrong}");
    assert!(count > 40, "only {count} manifests");
}
