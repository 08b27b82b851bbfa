use k8s_openapi::api::core::v1::ConfigMap;
use serde_json::Value;

use super::{Finding, Severity};
use crate::bundle::Bundle;

/// Attributes that differ per process make a new series per process: they must go before metrics reach Mimir.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let Some(configuration) = collector_configuration(bundle) else {
        return;
    };
    let mut find = |path: String, message: &str, remedy: String| {
        findings.push(Finding {
            severity: Severity::Error,
            check: "attribute-cardinality",
            subject: format!("ConfigMap of {}", bundle.wiring().telemetry.collector),
            path,
            message: message.into(),
            remedy,
        });
    };
    let deleted = |attribute: &str| {
        let actions = configuration
            .pointer("/processors/resource/attributes")
            .and_then(Value::as_array);
        actions
            .into_iter()
            .flatten()
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
    let names = |list: &Value, name: &str| {
        list.as_array()
            .is_some_and(|list| list.iter().any(|item| item == name))
    };
    for (name, pipeline) in configuration["service"]["pipelines"]
        .as_object()
        .into_iter()
        .flatten()
    {
        if names(&pipeline["exporters"], "otlphttp/mimir")
            && !names(&pipeline["processors"], "resource")
        {
            let path = format!("service.pipelines.{name}.processors");
            find(
                path,
                "attributes reach Mimir as they come",
                "list the processor `resource`".into(),
            );
        }
    }
}

/// The collector's configuration, read back from its ConfigMap.
pub(super) fn collector_configuration(bundle: &Bundle) -> Option<Value> {
    let telemetry = &bundle.wiring().telemetry;
    bundle
        .objects_of::<ConfigMap>()
        .filter(|config| {
            let metadata = &config.metadata;
            metadata.namespace.as_ref() == Some(&telemetry.namespace)
                && metadata
                    .name
                    .as_ref()
                    .is_some_and(|name| name.starts_with(&telemetry.collector))
        })
        .filter_map(|config| config.data.as_ref())
        .flat_map(|data| data.values())
        .filter_map(|text| serde_saphyr::from_str::<Value>(text).ok())
        .find(|configuration| configuration.get("processors").is_some())
}
