//! The form in which a server keeps an object: `CASES_DIR` names a folder with `stored/builtin.jsonl` and `custom.jsonl`.
//! `SHOW=1` prints differences.

use std::collections::BTreeMap;
use std::io::Write as _;

use crd_validate::Registry;
use serde_json::Value;

/// Leaves out what a server makes up: uids of Jobs in labels and selectors, and times.
fn forget_random(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| {
                !name.ends_with("controller-uid") && name != "lastPhaseTransitionTime"
            });
            let empty = members
                .get("matchLabels")
                .is_some_and(|labels| labels.as_object().is_some_and(serde_json::Map::is_empty));
            members.values_mut().for_each(forget_random);
            let now = members
                .get("matchLabels")
                .is_some_and(|labels| labels.as_object().is_some_and(serde_json::Map::is_empty));
            if now && !empty {
                members.shift_remove("matchLabels");
            }
            if members.contains_key("completionMode")
                && members
                    .get("selector")
                    .is_some_and(|chosen| chosen.as_object().is_some_and(serde_json::Map::is_empty))
            {
                members.shift_remove("selector");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(forget_random),
        _ => {}
    }
}

/// Where two values differ.
fn differ(path: &str, ours: &Value, theirs: &Value, out: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (name, value) in theirs {
                match ours.get(name) {
                    Some(own) => differ(&format!("{path}.{name}"), own, value, out),
                    None => out.push(format!("{path}.{name} missing {value}")),
                }
            }
            for (name, value) in ours.iter().filter(|(name, _)| !theirs.contains_key(*name)) {
                out.push(format!("{path}.{name} more {value}"));
            }
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            for (ours, theirs) in ours.iter().zip(theirs) {
                differ(&format!("{path}[]"), ours, theirs, out);
            }
        }
        _ if ours == theirs => {}
        _ => out.push(format!("{path} is {ours} not {theirs}")),
    }
}

#[test]
fn objects_are_kept_as_a_server_keeps_them() {
    let Some(folder) = std::env::var_os("CASES_DIR").map(std::path::PathBuf::from) else {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: CASES_DIR names no cases, nothing was compared"
        );
        return;
    };
    let registry = Registry::new();
    let text = std::fs::read_to_string(folder.join("stored/builtin.jsonl")).unwrap();
    let (mut count, mut equal) = (0, 0);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for row in text.lines() {
        let row: Value = serde_json::from_str(row).unwrap();
        let mut sent = row["sent"].clone();
        if row["stored"].pointer("/metadata/namespace").is_some() {
            sent["metadata"]["namespace"] = "default".into();
        }
        count += 1;
        let mut theirs = row["stored"].clone();
        forget_random(&mut theirs);
        // Numbers of another server that some documents bring along.
        for name in ["uid", "resourceVersion", "generation", "managedFields"] {
            theirs["metadata"]
                .as_object_mut()
                .unwrap()
                .shift_remove(name);
        }
        let ours = registry.stored(&sent).unwrap_or(Value::Null);
        let mut found = Vec::new();
        differ("", &ours, &theirs, &mut found);
        if found.is_empty() {
            equal += 1;
        } else {
            let kind = row["sent"]["kind"].as_str().unwrap().to_owned();
            for reason in found {
                let short: String = reason.chars().take(110).collect();
                *reasons.entry(format!("{kind} {short}")).or_default() += 1;
            }
            *kinds.entry(kind).or_default() += 1;
        }
    }
    println!("stored: {equal} of {count} equal; differences by kind: {kinds:?}");
    let wrong = count - equal;
    let show = std::env::var_os("SHOW").is_some();
    if show {
        let mut reasons: Vec<_> = reasons.into_iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for (reason, count) in reasons.iter().take(70) {
            println!("{count} {reason}");
        }
    }
    assert!(wrong * 100 <= count, "{wrong} of {count} differ");
}
