//! Other projects' cases, asked of the program itself in the forms that their README documents. The folder is named by the
//! environment variable `CASES_DIR`.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::process::Command;

use fidelity::cases::{
    Case, Suite, Tally, check_answer, check_assertion, check_status, compare, pairs,
};
use serde_json::Value;

/// The names of settings that are flags of the same name.
const SETTINGS: [&str; 5] = [
    "policy-enforcement",
    "policy-cidr-match-mode",
    "cluster-name",
    "trust-domain",
    "root-namespace",
];

/// What the program prints, a JSON value per line.
fn answers(case: &str, arguments: &[&str], paths: &[&Path]) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_stackctl"))
        .args(arguments)
        .args(paths)
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{case}: {complaints}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The settings among the features of a case, as flags.
fn flags(expected: &Value) -> Vec<String> {
    let features = expected["features"].as_array().unwrap();
    let settings = features.iter().filter_map(Value::as_str).filter(|feature| {
        let name = feature.split_once('=').map(|(name, _)| name);
        name.is_some_and(|name| SETTINGS.contains(&name))
    });
    settings.map(|setting| format!("--{setting}")).collect()
}

/// Asks every flow of a suite; `goal` in per cent of the verdicts.
fn flows(suite: &str, goal: f64) {
    let Some(suite) = Suite::from_environment(suite) else {
        return;
    };
    let (mut verdicts, mut places) = (Tally::new("verdicts"), Tally::new("places"));
    for case in suite.cases() {
        let expected = case.expected();
        let file = case.expectation();
        let flags = flags(&expected);
        let mut arguments = vec!["reach", "--flows", file.to_str().unwrap()];
        arguments.extend(flags.iter().map(String::as_str));
        let found = answers(&case.name, &arguments, &[&case.folder.join("manifests")]);
        let flows = expected["flows"].as_array().unwrap();
        assert_eq!(found.len(), flows.len(), "{}", case.name);
        for (index, (wanted, found)) in flows.iter().zip(&found).enumerate() {
            assert_eq!(found["index"], index, "{}", case.name);
            let right = found["allowed"] == wanted["allowed"];
            verdicts.count(right, || {
                format!("{} [{index}] {wanted}: found {found}", case.name)
            });
            if right && !wanted["at"].is_null() {
                places.count(found["at"] == wanted["at"], || {
                    format!("{} [{index}] {wanted}: found {found}", case.name)
                });
            }
        }
    }
    if places.asked() > 0 {
        places.report();
    }
    verdicts.report();
    verdicts.demand(goal);
}

#[test]
fn flows_of_cilium_agree() {
    flows("cilium", 99.0);
}

#[test]
fn flows_of_istio_agree() {
    flows("istio", 97.0);
}

#[test]
fn flows_of_both_together_agree() {
    flows("combined", 100.0);
}

#[test]
fn flows_of_network_policies_agree() {
    flows("flows", 99.0);
}

/// Whether a case is about something else than one network of pods: more networks, or input that is refused.
fn is_beyond(expected: &Value) -> bool {
    let features = expected["features"].as_array().unwrap();
    expected["kind"] == "invalid"
        || expected["multiple_networks"] == true
        || features.iter().any(|feature| feature == "VirtualMachine")
}

#[test]
fn matrices_agree() {
    let Some(suite) = Suite::from_environment("netpol") else {
        return;
    };
    let (mut plain, mut optional) = (Tally::new("pairs"), Tally::new("optional pairs"));
    for case in suite.cases() {
        let expected = case.expected();
        if is_beyond(&expected) {
            continue;
        }
        let arguments = ["reach", "--matrix", "--format", "json"];
        let found = answers(&case.name, &arguments, &[&case.folder.join("manifests")]);
        let tally = match expected["optional"] == true {
            true => &mut optional,
            false => &mut plain,
        };
        let wanted = pairs(&expected["connections"], &["conn"]);
        compare(&case.name, &wanted, &pairs(&found[0], &["conn"]), tally);
    }
    for tally in [plain, optional] {
        tally.report();
        tally.demand(99.0);
    }
}

#[test]
fn differences_agree() {
    let Some(suite) = Suite::from_environment("netpol-diff") else {
        return;
    };
    let mut tally = Tally::new("changes");
    for case in suite.cases() {
        let expected = case.expected();
        if is_beyond(&expected) {
            continue;
        }
        let (old, new) = (case.folder.join("a"), case.folder.join("b"));
        let arguments = ["reach", "--format", "json", "--diff"];
        let found = answers(&case.name, &arguments, &[&old, &new]);
        let members = ["type", "a", "b"];
        let wanted = pairs(&expected["diff"], &members);
        compare(&case.name, &wanted, &pairs(&found[0], &members), &mut tally);
    }
    tally.report();
    tally.demand(99.0);
}

/// Asks the requests and statuses of a suite that has manifests in common.
fn gateway(suite: &str, explained: usize) {
    let Some(suite) = Suite::from_environment(suite) else {
        return;
    };
    let base = suite.root().join("_base");
    let (mut requests, mut statuses) = (Tally::new("requests"), Tally::new("statuses"));
    for case in suite.cases() {
        let paths = [base.as_path(), &case.folder.join("manifests")];
        ask(&case, &paths, &mut requests);
        let Some(file) = case.json("statuses.json") else {
            continue;
        };
        let status = answers(&case.name, &["status", "--format", "json"], &paths);
        for assertion in file["assertions"].as_array().unwrap() {
            check_assertion(&case.name, assertion, &status[0], &mut statuses);
        }
    }
    requests.close(explained);
    if statuses.asked() > 0 {
        statuses.close(0);
    }
}

fn ask(case: &Case, paths: &[&Path], tally: &mut Tally) {
    let Some(file) = case.json("requests.json") else {
        return;
    };
    let questions = case.folder.join("requests.json");
    let arguments = ["route", "--requests", questions.to_str().unwrap()];
    let found = answers(&case.name, &arguments, paths);
    let rows = file["requests"].as_array().unwrap();
    assert_eq!(found.len(), rows.len(), "{}", case.name);
    for (row, found) in rows.iter().zip(&found) {
        assert_eq!(row["id"], found["id"], "{}", case.name);
        let outcome = check_answer(&row["request"], &row["expect"], found);
        tally.count(outcome.is_ok(), || {
            let (id, request) = (&row["id"], &row["request"]);
            format!(
                "{} {id}: {}, asked {request}",
                case.name,
                outcome.unwrap_err()
            )
        });
    }
}

#[test]
fn requests_to_gateways_agree() {
    gateway("gateway", 4);
}

#[test]
fn calls_inside_a_mesh_agree() {
    gateway("gateway-mesh", 0);
}

#[test]
fn statuses_agree() {
    let Some(suite) = Suite::from_environment("gateway-status") else {
        return;
    };
    let (mut tally, mut optional) = (Tally::new("conditions"), Tally::new("optional conditions"));
    for case in suite.cases() {
        let input = case.folder.join("input.yaml");
        let found = answers(&case.name, &["status", "--format", "json"], &[&input]);
        check_status(
            &case.name,
            &case.expected(),
            &found[0],
            &mut tally,
            &mut optional,
        );
    }
    tally.close(1);
    optional.close(6);
}
