//! Objects as one writes them who knows Istio's YAML and has not read this crate: struct literals with `..Default::default()`,
//! texts and numbers `.into()`. What has to be looked up is a fault of the types.
#![cfg(all(feature = "networking", feature = "security", feature = "telemetry"))]

use istio_types::WorkloadSelector;
use istio_types::networking::v1::*;
use istio_types::security::v1::{
    AuthorizationAction, AuthorizationPolicy, AuthorizationPolicySpec, Condition, Operation, Rule,
    RuleFrom, RuleTo, Source,
};
use serde_json::json;

#[test]
fn a_canary_with_retries_and_a_fault() {
    let route = VirtualService::new(
        "reviews",
        VirtualServiceSpec {
            hosts: vec!["reviews.example.com".into()],
            gateways: vec!["public".into()],
            http: vec![HttpRoute {
                name: Some("canary".into()),
                r#match: vec![HttpMatchRequest {
                    uri: Some(StringMatch::Prefix("/v2".into())),
                    ..Default::default()
                }],
                route: vec![
                    HttpRouteDestination {
                        destination: Destination {
                            host: "reviews".into(),
                            subset: Some("v2".into()),
                            port: Some(9080.into()),
                        },
                        weight: Some(10),
                        ..Default::default()
                    },
                    HttpRouteDestination {
                        destination: Destination {
                            host: "reviews".into(),
                            ..Default::default()
                        },
                        weight: Some(90),
                        ..Default::default()
                    },
                ],
                timeout: Some("5s".parse().unwrap()),
                retries: Some(HttpRetry {
                    attempts: Some(3),
                    per_try_timeout: Some("2s".parse().unwrap()),
                    ..Default::default()
                }),
                fault: Some(HttpFaultInjection {
                    abort: Some(Abort {
                        error: Some(AbortError::HttpStatus(503)),
                        percentage: Some(10.into()),
                    }),
                    ..Default::default()
                }),
                ..Default::default()
            }],
            ..Default::default()
        },
    )
    .in_namespace("shop");
    assert_eq!(
        json!(route)["spec"],
        json!({
            "hosts": ["reviews.example.com"], "gateways": ["public"],
            "http": [{
                "name": "canary", "match": [{"uri": {"prefix": "/v2"}}],
                "route": [
                    {"destination": {"host": "reviews", "subset": "v2", "port": {"number": 9080}}, "weight": 10},
                    {"destination": {"host": "reviews"}, "weight": 90},
                ],
                "timeout": "5s", "retries": {"attempts": 3, "perTryTimeout": "2s"},
                "fault": {"abort": {"httpStatus": 503, "percentage": {"value": 10}}},
            }],
        })
    );
}

#[test]
fn a_destination_rule_with_subsets() {
    let rule = DestinationRule::new(
        "reviews",
        DestinationRuleSpec {
            host: "reviews".into(),
            subsets: vec![Subset {
                name: "v2".into(),
                labels: [("version".into(), "v2".into())].into(),
                ..Default::default()
            }],
            traffic_policy: Some(TrafficPolicy {
                outlier_detection: Some(OutlierDetection {
                    consecutive_5xx_errors: Some(5),
                    max_ejection_percent: Some(50),
                    ..Default::default()
                }),
                ..Default::default()
            }),
            ..Default::default()
        },
    );
    assert_eq!(
        json!(rule)["spec"],
        json!({
            "host": "reviews", "subsets": [{"name": "v2", "labels": {"version": "v2"}}],
            "trafficPolicy": {"outlierDetection": {"consecutive5xxErrors": 5, "maxEjectionPercent": 50}},
        })
    );
}

#[test]
fn a_service_outside_of_the_mesh() {
    let entry = ServiceEntry::new(
        "payments",
        ServiceEntrySpec {
            hosts: vec!["api.payments.example".into()],
            ports: vec![ServicePort {
                number: 443,
                name: "https".into(),
                protocol: Some(Protocol::Tls),
                ..Default::default()
            }],
            location: Some(Location::MeshExternal),
            resolution: Some(Resolution::Dns),
            ..Default::default()
        },
    );
    assert_eq!(
        json!(entry)["spec"],
        json!({
            "hosts": ["api.payments.example"],
            "ports": [{"number": 443, "protocol": "TLS", "name": "https"}],
            "location": "MESH_EXTERNAL",
            "resolution": "DNS",
        })
    );
}

#[test]
fn a_policy_for_one_caller() {
    let policy = AuthorizationPolicy::new(
        "backend",
        AuthorizationPolicySpec {
            selector: Some(WorkloadSelector {
                match_labels: Some([("app".into(), "backend".into())].into()),
            }),
            action: Some(AuthorizationAction::Allow),
            rules: Some(vec![Rule {
                from: Some(vec![RuleFrom {
                    source: Some(Source {
                        principals: vec!["cluster.local/ns/shop/sa/frontend".into()],
                        ..Default::default()
                    }),
                }]),
                to: Some(vec![RuleTo {
                    operation: Some(Operation {
                        methods: vec!["GET".into()],
                        paths: vec!["/v1/*".into()],
                        ..Default::default()
                    }),
                }]),
                when: Some(vec![Condition {
                    key: "request.headers[x-tenant]".into(),
                    values: vec!["a".into()],
                    ..Default::default()
                }]),
            }]),
            ..Default::default()
        },
    );
    assert_eq!(
        json!(policy)["spec"],
        json!({
            "selector": {"matchLabels": {"app": "backend"}}, "action": "ALLOW",
            "rules": [{
                "from": [{"source": {"principals": ["cluster.local/ns/shop/sa/frontend"]}}],
                "to": [{"operation": {"methods": ["GET"], "paths": ["/v1/*"]}}],
                "when": [{"key": "request.headers[x-tenant]", "values": ["a"]}],
            }],
        })
    );
}

#[test]
fn an_empty_selector_is_not_lost() {
    for (kind, api, selector) in [
        (
            "AuthorizationPolicy",
            "security.istio.io/v1",
            json!({"selector": {"matchLabels": {}}}),
        ),
        (
            "PeerAuthentication",
            "security.istio.io/v1",
            json!({"selector": {"matchLabels": {}}}),
        ),
        (
            "Telemetry",
            "telemetry.istio.io/v1",
            json!({"selector": {"matchLabels": {}}}),
        ),
        (
            "DestinationRule",
            "networking.istio.io/v1",
            json!({"host": "a", "workloadSelector": {"matchLabels": {}}}),
        ),
        (
            "Sidecar",
            "networking.istio.io/v1",
            json!({"workloadSelector": {"labels": {}}}),
        ),
        (
            "ServiceEntry",
            "networking.istio.io/v1",
            json!({"hosts": ["a"], "workloadSelector": {"labels": {}}}),
        ),
        (
            "EnvoyFilter",
            "networking.istio.io/v1alpha3",
            json!({"workloadSelector": {"labels": {}}}),
        ),
    ] {
        let document =
            json!({"apiVersion": api, "kind": kind, "metadata": {"name": "a"}, "spec": selector});
        let family = istio_types::family();
        let read = family
            .version(api, kind)
            .unwrap()
            .strict(&document)
            .unwrap();
        assert_eq!(read.to_value().unwrap(), document);
    }
}
