use serde_json::Value;
use stack_builder::Finding;

use super::{collector, error, items};
use crate::model::Whole;

/// Attributes that differ per process make a new series per process: they must go before metrics reach Mimir.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let Some((id, configuration)) = collector::configuration(whole) else {
        return;
    };
    let mut find = |path: String, message: &str, remedy: String| {
        findings.push(error("attribute-cardinality", &id, path, message, remedy));
    };
    let deleted = |attribute: &str| {
        items(&configuration["processors"]["resource"]["attributes"])
            .any(|action| action["key"] == attribute && action["action"] == "delete")
    };
    for attribute in ["process.pid", "service.instance.id"] {
        if !deleted(attribute) {
            let message = "every process makes series of its own";
            find(
                "processors.resource.attributes".into(),
                message,
                format!("delete `{attribute}` there"),
            );
        }
    }
    let names = |list: &Value, name: &str| items(list).any(|item| item == name);
    let pipelines = configuration["service"]["pipelines"].as_object();
    for (name, pipeline) in pipelines.into_iter().flatten() {
        if names(&pipeline["exporters"], "otlphttp/mimir")
            && !names(&pipeline["processors"], "resource")
        {
            find(
                format!("service.pipelines.{name}.processors"),
                "attributes reach Mimir as they come",
                "list the processor `resource`".into(),
            );
        }
    }
}
