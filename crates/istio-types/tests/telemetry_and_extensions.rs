//! Telemetry and WasmPlugin: unions, free-form parts, required fields.
#![cfg(all(feature = "extensions", feature = "telemetry"))]

use istio_types::extensions::v1alpha1::{TrafficMode, WasmPlugin, WasmPluginSpec};
use istio_types::parse;
use istio_types::telemetry::{v1, v1alpha1};
use serde_json::{Value, json};

fn written(object: &impl serde::Serialize) -> Value {
    serde_json::to_value(object).expect("types can be written")
}

#[test]
fn the_value_of_a_tag_comes_from_one_place() {
    for (json, expected) in [
        (
            json!({"literal": {"value": "x"}}),
            v1::CustomTag::Literal(v1::Literal {
                value: "x".to_owned(),
            }),
        ),
        (
            json!({"header": {"name": "x-tenant", "defaultValue": "none"}}),
            v1::CustomTag::Header(v1::RequestHeader {
                name: "x-tenant".to_owned(),
                default_value: Some("none".to_owned()),
            }),
        ),
        (json!({}), v1::CustomTag::Unset),
    ] {
        let tag: v1::CustomTag = parse::strict(&json).unwrap();
        assert_eq!(tag, expected);
        assert_eq!(written(&tag), json);
    }
    let both = json!({"literal": {"value": "x"}, "formatter": {"value": "y"}});
    assert!(parse::strict::<v1::CustomTag>(&both).is_err());
}

#[test]
fn a_metric_has_one_name() {
    let json = json!({"metric": "REQUEST_COUNT", "mode": "SERVER"});
    let selector: v1::MetricSelector = parse::strict(&json).unwrap();
    assert_eq!(
        selector.metric,
        Some(v1::MetricMatch::Metric(v1::IstioMetric::RequestCount))
    );
    assert_eq!(selector.mode, Some(v1::WorkloadMode::Server));
    let both = json!({"metric": "REQUEST_COUNT", "customMetric": "mine"});
    assert!(parse::strict::<v1::MetricSelector>(&both).is_err());
}

#[test]
fn the_version_is_never_rewritten() {
    let document = json!({
        "apiVersion": "telemetry.istio.io/v1alpha1",
        "kind": "Telemetry",
        "metadata": {"name": "t"},
        "spec": {"tracing": [{"randomSamplingPercentage": 12.5, "disableSpanReporting": false}]},
    });
    let old: v1alpha1::Telemetry = parse::strict(&document).unwrap();
    assert_eq!(written(&old), document);
    let error = parse::strict::<v1::Telemetry>(&document).unwrap_err();
    assert_eq!(error.error().problems()[0].path.to_string(), "apiVersion");
}

#[test]
fn the_configuration_of_a_plugin_is_kept_to_the_letter() {
    let text = r#"{"url":"oci://r.example.com/p:1","pluginConfig":{"z":{"b":1,"a":[null]},"y":"x"},"match":[{"mode":"CLIENT","ports":[{"number":80}]}]}"#;
    let spec: WasmPluginSpec = parse::strict(&serde_json::from_str(text).unwrap()).unwrap();
    assert_eq!(spec.r#match[0].mode, Some(TrafficMode::Client));
    assert_eq!(serde_json::to_string(&spec).unwrap(), text);
}

#[test]
fn a_plugin_needs_a_module() {
    let document = json!({
        "apiVersion": "extensions.istio.io/v1alpha1",
        "kind": "WasmPlugin",
        "metadata": {"name": "p"},
        "spec": {"pluginName": "p", "priorty": 1},
    });
    let error = parse::strict::<WasmPlugin>(&document).unwrap_err();
    assert_eq!(
        error.to_string(),
        "WasmPlugin p: spec.priorty: unknown field; spec.url: required field is missing"
    );
}
