use std::collections::BTreeSet;

use serde_json::Value;
use stack_builder::{Finding, ObjectId};

use super::{collector, error, items};
use crate::model::Whole;
use crate::wiring::Wiring;

/// Attributes whose value is another one in each process. Programs send the instance under the second name; the documentation
/// writes the third.
const PER_PROCESS: [&str; 3] = ["process.pid", "service.instance.id", "service_instance_id"];

/// Attributes that differ per process make a new series per process: they must go before metrics reach Mimir.
pub(super) fn check(
    whole: &Whole<'_>,
    id: &ObjectId,
    configuration: &Value,
    findings: &mut Vec<Finding>,
) {
    let Some(wiring) = whole.bundle.wiring::<Wiring>() else {
        return;
    };
    let mimir =
        (wiring.cluster).service_host(&wiring.telemetry.namespace, &wiring.telemetry.mimir_gateway);
    let mut find = |path: String, message: &str, remedy: String| {
        findings.push(error("attribute-cardinality", id, path, message, remedy));
    };
    let leads_to_mimir = |exporter: &Value| {
        let endpoint = exporter
            .as_str()
            .map(|name| &configuration["exporters"][name]["endpoint"]);
        endpoint
            .and_then(Value::as_str)
            .is_some_and(|endpoint| endpoint.contains(&mimir))
    };
    let mut missing = BTreeSet::new();
    let pipelines = configuration["service"]["pipelines"].as_object();
    for (name, pipeline) in pipelines.into_iter().flatten() {
        if !items(&pipeline["exporters"]).any(leads_to_mimir) {
            continue;
        }
        let cleaners: Vec<&str> = items(&pipeline["processors"])
            .filter_map(Value::as_str)
            .filter(|processor| collector::is_of_type(processor, "resource"))
            .collect();
        let Some(last) = cleaners.last() else {
            find(
                format!("service.pipelines.{name}.processors"),
                "attributes reach Mimir as they come",
                "list the processor `resource`".into(),
            );
            continue;
        };
        let actions: Vec<&Value> = cleaners
            .iter()
            .flat_map(|processor| items(&configuration["processors"][processor]["attributes"]))
            .filter(|action| action["action"] == "delete")
            .collect();
        for attribute in PER_PROCESS {
            // What a pattern deletes is not known here.
            let deletes = |action: &&Value| {
                action["key"] == attribute || action["pattern"].as_str().is_some()
            };
            if !actions.iter().any(deletes) {
                missing.insert((format!("processors.{last}.attributes"), attribute));
            }
        }
    }
    for (path, attribute) in missing {
        let message = "every process makes series of its own";
        find(path, message, format!("delete `{attribute}` there"));
    }
}
