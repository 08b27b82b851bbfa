//! Each check finds its fault in its failing example, and nothing in its passing one.
#![allow(clippy::unwrap_used)]

use serde::Deserialize as _;
use serde_json::Value;
use stack_check::{Check, Config, all, run};
use stack_model::Model;

fn objects(text: &str) -> Vec<Value> {
    serde_yaml::Deserializer::from_str(text)
        .map(|document| Value::deserialize(document).unwrap())
        .collect()
}

fn findings(text: &str) -> Vec<String> {
    let report = run(&Model::read(objects(text)), &Config::default());
    report.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn the_failing_example_has_its_fault_and_no_other() {
    for Check { code, failing, .. } in all() {
        let found = findings(failing);
        assert!(!found.is_empty(), "{code} finds nothing");
        assert!(
            found
                .iter()
                .all(|finding| finding.contains(&format!("({code})"))),
            "{code}: {found:#?}"
        );
    }
}

#[test]
fn the_passing_example_has_no_finding_of_any_check() {
    for Check { code, passing, .. } in all() {
        let found = findings(passing);
        assert!(found.is_empty(), "{code}: {found:#?}");
    }
}

#[test]
fn codes_are_in_order_and_every_check_explains_itself() {
    assert!(all().is_sorted_by(|a, b| a.code < b.code));
    for check in all() {
        let texts = [check.title, check.explanation, check.remedy, check.silent];
        assert!(texts.iter().all(|text| !text.is_empty()), "{}", check.code);
        assert!(stack_check::find(check.code).is_some());
        // A title is a line, not a sentence with a full stop.
        assert!(
            !check.title.ends_with('.') && !check.remedy.ends_with('.'),
            "{}",
            check.code
        );
    }
}

#[test]
fn findings_are_the_same_in_any_order_of_the_input() {
    let all_objects: Vec<Value> = all()
        .iter()
        .flat_map(|check| objects(check.failing))
        .collect();
    // Two documents for one object are told apart by their order alone.
    let mut seen = std::collections::HashSet::new();
    let unique: Vec<Value> = all_objects
        .into_iter()
        .filter(|object| {
            seen.insert((
                object["kind"].to_string(),
                object["metadata"]["namespace"].to_string(),
                object["metadata"]["name"].to_string(),
            ))
        })
        .collect();
    let forward = run(&Model::read(unique.clone()), &Config::default());
    let backward = run(&Model::read(unique.into_iter().rev()), &Config::default());
    assert!(forward.findings.len() > 10);
    assert_eq!(forward, backward);
}
