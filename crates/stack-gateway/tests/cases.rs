//! Gateway API's own conformance suite as data, and statuses on which implementations agree. The data is not part of the
//! project: the folder is named by the environment variable `CASES_DIR`.

use fidelity::cases::{Suite, Tally, check_answer, check_assertion, check_status, objects_below};
use serde_json::Value;
use stack_gateway::{Question, Routing};
use stack_model::Model;

fn ask(suite: &Suite, requests: &mut Tally, statuses: &mut Tally) {
    let base = objects_below(&suite.root().join("_base"));
    for case in suite.cases() {
        let mut objects = base.clone();
        objects.extend(case.objects("manifests"));
        let model = Model::read(objects);
        let routing = Routing::of(&model);
        let file = case.json("requests.json").unwrap_or_default();
        for row in file["requests"].as_array().into_iter().flatten() {
            let question: Question = serde_json::from_value(row.clone()).unwrap();
            let answer = serde_json::to_value(routing.answer(&question)).unwrap();
            let outcome = check_answer(&row["request"], &row["expect"], &answer);
            requests.count(outcome.is_ok(), || {
                format!(
                    "{} {}: {} asked {}",
                    case.name,
                    row["id"],
                    outcome.unwrap_err(),
                    row["request"]
                )
            });
        }
        let status = serde_json::to_value(routing.status()).unwrap();
        let file: Value = case.json("statuses.json").unwrap_or_default();
        for assertion in file["assertions"].as_array().into_iter().flatten() {
            check_assertion(&case.name, assertion, &status, statuses);
        }
    }
}

#[test]
fn requests_get_the_answers_of_the_conformance_suite() {
    let Some(suite) = Suite::from_environment("gateway") else {
        return;
    };
    let (mut requests, mut statuses) = (Tally::new("requests"), Tally::new("statuses"));
    ask(&suite, &mut requests, &mut statuses);
    // What stands in certificates, and how long a backend takes, no manifest says.
    requests.close(4);
    statuses.close(0);
}

#[test]
fn calls_inside_a_mesh_get_the_answers_of_the_conformance_suite() {
    let Some(suite) = Suite::from_environment("gateway-mesh") else {
        return;
    };
    let (mut requests, mut statuses) = (Tally::new("calls"), Tally::new("statuses"));
    ask(&suite, &mut requests, &mut statuses);
    requests.close(0);
}

#[test]
fn statuses_are_those_on_which_implementations_agree() {
    let Some(suite) = Suite::from_environment("gateway-status") else {
        return;
    };
    let (mut tally, mut optional) = (Tally::new("conditions"), Tally::new("optional conditions"));
    for case in suite.cases() {
        let model = Model::read(case.objects("input.yaml"));
        let status = serde_json::to_value(Routing::of(&model).status()).unwrap();
        check_status(
            &case.name,
            &case.expected(),
            &status,
            &mut tally,
            &mut optional,
        );
    }
    // A ServiceEntry of Istio whose ports are not in the input.
    tally.close(1);
    // What one implementation says in words of its own: ports that a Service lacks, filters and addresses that it does not take.
    optional.close(6);
}
