//! Agreement with cases of other projects' test suites, which the environment variable `CASES_DIR` names.

use fidelity::cases::{Suite, Tally, compare, pairs};
use stack_model::Model;
use stack_reach::{Flow, Reach, Settings};

/// Asks every flow of a suite; `goal` in per cent of the verdicts.
fn flows(suite: &str, goal: f64, counts: impl Fn(&serde_json::Value) -> bool) {
    let Some(suite) = Suite::from_environment(suite) else {
        return;
    };
    let mut verdicts = Tally::new("verdicts");
    let mut places = Tally::new("places");
    for case in suite.cases() {
        let expected = case.expected();
        if !counts(&expected) {
            continue;
        }
        let mut settings = Settings::default();
        let features = expected["features"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|feature| feature.as_str());
        settings.set_features(features);
        let model = Model::read(case.objects("manifests"));
        let reach = Reach::with(&model, settings);
        assert!(
            reach.unread().is_empty(),
            "{}: {:?}",
            case.name,
            reach.unread()
        );
        for (index, wanted) in expected["flows"].as_array().unwrap().iter().enumerate() {
            let flow: Flow = serde_json::from_value(wanted.clone())
                .unwrap_or_else(|error| panic!("{} {index}: {error}", case.name));
            let answer = reach.flow(&flow);
            let right = answer.allowed == wanted["allowed"].as_bool();
            verdicts.count(right, || {
                format!(
                    "{} [{index}] {flow}: expected {} at {}, {answer}",
                    case.name, wanted["allowed"], wanted["at"]
                )
            });
            if let (Some(at), true) = (wanted["at"].as_str(), right) {
                let found = answer.at.map(|layer| layer.as_str());
                places.count(found == Some(at), || {
                    format!("{} [{index}] {flow}: expected at {at}, {answer}", case.name)
                });
            }
        }
    }
    places.report();
    verdicts.report();
    verdicts.demand(goal);
}

#[test]
fn cilium_flows_agree() {
    flows("cilium", 99.0, |_| true);
}

#[test]
fn istio_flows_agree() {
    flows("istio", 97.0, |_| true);
}

#[test]
fn combined_flows_agree() {
    flows("combined", 100.0, |_| true);
}

#[test]
fn network_policy_flows_agree() {
    flows("flows", 99.0, |expected| expected["optional"] != true);
}

#[test]
fn admin_policy_flows_agree() {
    flows("flows", 99.0, |expected| expected["optional"] == true);
}

/// Whether a case is about something else than one network of pods: more networks, or input that is refused.
fn is_beyond(expected: &serde_json::Value) -> bool {
    let kinds = [
        "UserDefinedNetwork",
        "ClusterUserDefinedNetwork",
        "NetworkAttachmentDefinition",
        "MultiNetworkPolicy",
        "VirtualMachine",
    ];
    let has = |name: &str| {
        expected["features"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|feature| feature == name)
    };
    expected["kind"] == "invalid"
        || expected["multiple_networks"] == true
        || kinds.iter().any(|kind| has(kind))
}

/// Works out every matrix of `netpol`; `goal` in per cent of the connections.
fn matrices(goal: f64, counts: impl Fn(&serde_json::Value) -> bool) {
    let Some(suite) = Suite::from_environment("netpol") else {
        return;
    };
    let mut tally = Tally::new("connections");
    for case in suite.cases() {
        let expected = case.expected();
        if is_beyond(&expected) || !counts(&expected) {
            continue;
        }
        let matrix = Reach::of(&Model::read(case.objects("manifests"))).matrix();
        let found = serde_json::to_value(&matrix).unwrap();
        let wanted = pairs(&expected["connections"], &["conn"]);
        compare(&case.name, &wanted, &pairs(&found, &["conn"]), &mut tally);
    }
    tally.report();
    tally.demand(goal);
}

#[test]
fn matrices_of_network_policies_agree() {
    matrices(99.0, |expected| expected["optional"] != true);
}

#[test]
fn matrices_of_admin_policies_agree() {
    matrices(99.0, |expected| expected["optional"] == true);
}

/// Compares both sides of every case of `netpol-diff`.
fn differences(goal: f64, counts: impl Fn(&serde_json::Value) -> bool) {
    let Some(suite) = Suite::from_environment("netpol-diff") else {
        return;
    };
    let mut tally = Tally::new("changes");
    for case in suite.cases() {
        let expected = case.expected();
        if is_beyond(&expected) || !counts(&expected) {
            continue;
        }
        let matrix = |side: &str| Reach::of(&Model::read(case.objects(side))).matrix();
        let found = serde_json::to_value(stack_reach::diff(&matrix("a"), &matrix("b"))).unwrap();
        let members = ["type", "a", "b"];
        let wanted = pairs(&expected["diff"], &members);
        compare(&case.name, &wanted, &pairs(&found, &members), &mut tally);
    }
    tally.report();
    tally.demand(goal);
}

#[test]
fn differences_of_network_policies_agree() {
    differences(99.0, |expected| expected["optional"] != true);
}

#[test]
fn differences_of_admin_policies_agree() {
    differences(99.0, |expected| expected["optional"] == true);
}
