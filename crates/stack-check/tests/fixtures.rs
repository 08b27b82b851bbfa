//! Each check finds its fault in its failing example, and nothing in its passing one.

use serde_json::Value;
use stack_check::{Check, Config, Group, Level, all, run};
use stack_model::Model;

fn objects(text: &str) -> Vec<Value> {
    kube_yaml::Manifests::new(text)
        .map(|document| document.unwrap().value)
        .collect()
}

/// What all checks find, and this one too if one has to ask for it.
fn findings(text: &str, code: &str) -> Vec<String> {
    let config = Config {
        // Examples of whole stacks say so in their first line.
        whole: text.starts_with("# whole"),
        checks: stack_check::find(code)
            .filter(|check| check.is_opt_in())
            .map(|_| (code.to_owned(), Level::Warn))
            .into_iter()
            .collect(),
        ..Config::default()
    };
    let report = run(&Model::read(objects(text)), &config);
    report.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn the_failing_example_has_its_fault_and_no_other() {
    let mut wrong = Vec::new();
    for Check { code, failing, .. } in all() {
        let found = findings(failing, code);
        let own = format!("({code})");
        if found.is_empty() || found.iter().any(|finding| !finding.contains(&own)) {
            wrong.push((code, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_passing_example_has_no_finding_of_any_check() {
    let mut wrong = Vec::new();
    for Check { code, passing, .. } in all() {
        let found = findings(passing, code);
        if !found.is_empty() {
            wrong.push((code, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn codes_are_in_order_and_every_check_explains_itself() {
    assert!(all().is_sorted_by(|a, b| a.code < b.code));
    for check in all() {
        let texts = [check.title, check.explanation, check.remedy, check.silent];
        assert!(texts.iter().all(|text| !text.is_empty()), "{}", check.code);
        assert!(stack_check::find(check.code).is_some());
        assert_eq!(check.is_opt_in(), check.group == Group::Posture);
        // A title is a line, not a sentence with a full stop.
        assert!(
            !check.title.ends_with('.') && !check.remedy.ends_with('.'),
            "{}",
            check.code
        );
    }
}
