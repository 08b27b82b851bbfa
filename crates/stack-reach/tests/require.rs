//! Expectations, as they stand in a file.

use serde_json::{Value, json};
use stack_model::Model;
use stack_reach::{Outcome, Reach, Report, Requirements};

fn pod(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "demo", "labels": {"app": name}},
        "spec": {"containers": [{"name": "c", "ports": [{"containerPort": 8080}]}]}})
}

/// Holds a file against three pods, of which only the frontend may call the backend.
fn report(file: &str) -> Report {
    let model = Model::read([
        pod("frontend"),
        pod("backend"),
        pod("other"),
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "backend", "namespace": "demo"},
            "spec": {"selector": {"app": "backend"}, "ports": [{"port": 80, "targetPort": 8080}]}}),
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "backend", "namespace": "demo"},
            "spec": {"podSelector": {"matchLabels": {"app": "backend"}}, "policyTypes": ["Ingress", "Egress"],
                "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "frontend"}}}], "ports": [{"port": 8080}]}]}}),
    ]);
    let requirements: Requirements = serde_yaml::from_str(file).unwrap();
    Reach::of(&model).require(&requirements)
}

#[test]
fn one_client_and_nobody_else_is_kept() {
    let report = report(
        "expect:\n- {from: demo/frontend, to: 'service:demo/backend', port: 80, nobody-else: true}\n",
    );
    assert!(report.is_kept(), "{report}");
    assert_eq!(report.asked, 3);
}

#[test]
fn a_client_too_many_is_named_with_the_step_that_lets_it_through() {
    let report = report(
        "expect:\n- {from: demo/frontend, to: demo/other, port: 8080, nobody-else: true, why: private}\n",
    );
    assert_eq!(report.failures.len(), 1, "{report}");
    let failure = &report.failures[0];
    assert_eq!(
        (failure.outcome, failure.expected, failure.why.as_deref()),
        (Outcome::Broken, false, Some("private"))
    );
    assert!(failure.flow.starts_with("the world"), "{report}");
}

#[test]
fn nothing_reaches_the_world_but_what_is_excepted() {
    let file = "expect:\n- {from: demo/*, to: world, allowed: false, except: [demo/frontend, demo/other]}\n";
    let report = report(file);
    assert!(report.is_kept(), "{report}");
    assert_eq!(
        report.asked, 3,
        "a usual port, another, and one that nobody names"
    );
}

#[test]
fn an_expectation_about_nobody_is_not_kept() {
    let report = report("expect:\n- {from: elsewhere/*, to: demo/backend, port: 8080}\n");
    assert_eq!(report.failures[0].outcome, Outcome::AboutNobody);
}

#[test]
fn what_the_input_does_not_have_is_unknown() {
    let report = report("expect:\n- {from: demo/frontend, to: 'service:demo/missing', port: 80}\n");
    assert_eq!(report.failures[0].outcome, Outcome::Unknown);
}

#[test]
fn a_misspelt_member_or_place_is_refused() {
    for file in [
        "expect:\n- {from: demo/a, to: demo/b, prot: 80}\n",
        "expect:\n- {from: web, to: demo/b, port: 80}\n",
    ] {
        assert!(
            serde_yaml::from_str::<Requirements>(file).is_err(),
            "{file}"
        );
    }
}

#[test]
fn what_lies_outside_of_the_input_is_told_and_not_held_against_it() {
    let report = report(
        "expect:\n- {from: kong/kong-gateway, to: 'service:demo/backend', port: 80}\n- {from: demo/frontend, to: 'service:monitoring/tempo', port: 4317}\n",
    );
    assert!(report.is_kept(), "{report}");
    assert_eq!((report.asked, report.outside.len()), (0, 2));
    let text = report.to_string();
    assert!(
        text.contains("kong/kong-gateway lies outside of the input"),
        "{text}"
    );
    assert!(
        text.ends_with("0 flows asked about, 0 not as expected, 2 unknown"),
        "{text}"
    );
    let in_part = self::report(
        "expect:\n- {from: demo/far, to: demo/backend, port: 8080}\n- {from: demo/other, to: demo/backend, port: 8080}\noutside: [demo]\n",
    );
    assert_eq!(
        (in_part.outside.len(), in_part.failures.len()),
        (1, 1),
        "{in_part}"
    );
    // A renamed workload among others of its namespace does not pass.
    let renamed =
        self::report("expect:\n- {from: demo/front-end, to: 'service:demo/backend', port: 80}\n");
    assert_eq!(renamed.failures.len(), 1, "{renamed}");
}
