//! Work in proportion to the input: what is counted, not how long it takes.

use crate::tenants;

use serde_json::Value;
use stack_check::{Config, Level, capacity, run};
use stack_model::{Model, work};
use tenants::{crowd, tenants};

/// How often objects, labels and members were looked at while a stack was read, checked and counted, all checks included.
fn steps(objects: Vec<Value>, whole: bool) -> u64 {
    let mut config = Config {
        whole,
        ..Config::default()
    };
    config.checks.insert("posture".to_owned(), Level::Warn);
    let before = work::steps();
    let model = Model::read(objects);
    let report = run(&model, &config);
    assert!(!whole || !report.findings.is_empty());
    drop(capacity::table(&model));
    work::steps() - before
}

fn assert_in_proportion(what: &str, objects: impl Fn(usize) -> Vec<Value>) {
    for whole in [false, true] {
        let (one, two) = (steps(objects(100), whole), steps(objects(200), whole));
        assert!(
            one > 10_000,
            "{what}: {one} steps: something is not counted"
        );
        // Twice the objects, twice the steps; a tenth is for what does not depend on their number.
        assert!(
            two * 10 <= one * 22,
            "{what}, whole {whole}: {one} steps, then {two}"
        );
    }
}

#[test]
fn one_tenant_in_a_hundred_has_a_fault() {
    let report = run(&Model::read(tenants(200)), &Config::default());
    let codes: Vec<&str> = report
        .findings
        .iter()
        .map(|finding| &*finding.code)
        .collect();
    assert_eq!(codes, ["service-without-pods"; 2]);
}

#[test]
fn many_small_namespaces_cost_in_proportion() {
    assert_in_proportion("tenants", tenants);
}

#[test]
fn one_large_namespace_costs_in_proportion() {
    assert_in_proportion("one namespace", unguarded);
}

/// Which pods a network policy selects is asked of each pod of its namespace by `stack-reach`, which has tests of its own.
fn unguarded(count: usize) -> Vec<Value> {
    let mut objects = crowd(count);
    objects.retain(|object| object["kind"] != "NetworkPolicy");
    objects
}

/// Every reference misses, every selector selects nothing: where looking for what was meant must not look at everything.
#[test]
fn faults_everywhere_cost_in_proportion() {
    let faulty = |count: usize| {
        let mut objects = unguarded(count);
        for object in &mut objects {
            for pointer in [
                "/spec/selector/app",
                "/spec/selector/matchLabels/app",
                "/spec/podSelector/matchLabels/app",
            ] {
                if object["kind"] != "Deployment"
                    && let Some(label) = object.pointer_mut(pointer)
                {
                    *label = format!("{}-gone", label.as_str().unwrap_or_default()).into();
                }
            }
            if let Some(name) = object.pointer_mut("/spec/rules/0/backendRefs/0/name") {
                *name = format!("{}-gone", name.as_str().unwrap_or_default()).into();
            }
        }
        objects
    };
    assert_in_proportion("faults", faulty);
}
