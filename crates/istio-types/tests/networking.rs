//! The networking kinds: unions, spellings, constructors, and the documents of the seeds.
#![cfg(feature = "networking")]

use istio_types::GoDuration;
use istio_types::networking::{v1, v1alpha3, v1beta1};
use istio_types::parse;
use serde_json::{Value, json};

fn written(object: &impl serde::Serialize) -> Value {
    serde_json::to_value(object).expect("types can be written")
}

#[test]
fn a_string_match_is_one_thing() {
    for (json, expected) in [
        (json!({"exact": "x"}), v1::StringMatch::exact("x")),
        (json!({"prefix": "/x"}), v1::StringMatch::prefix("/x")),
        (json!({"regex": "x.*"}), v1::StringMatch::regex("x.*")),
        (json!({}), v1::StringMatch::Any),
    ] {
        let read: v1::StringMatch = parse::strict(&json).unwrap();
        assert_eq!(read, expected);
        assert_eq!(written(&read), json);
    }
    for (json, expected) in [
        (json!({"exact": "x", "prefix": "y"}), "exclude each other"),
        (json!({"suffix": "x"}), "suffix: unknown field"),
        (json!({"exact": 7}), "exact: invalid type"),
    ] {
        let error = parse::strict::<v1::StringMatch>(&json)
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn unions_among_other_members_are_one_thing() {
    let both = [
        (
            "spec.trafficPolicy.loadBalancer",
            json!({"simple": "RANDOM", "consistentHash": {}}),
        ),
        (
            "spec.trafficPolicy.loadBalancer.consistentHash",
            json!({"consistentHash": {"useSourceIp": true, "httpHeaderName": "x"}}),
        ),
        (
            "spec.trafficPolicy.loadBalancer.consistentHash",
            json!({"consistentHash": {"useSourceIp": true, "maglev": {}, "ringHash": {}}}),
        ),
    ];
    for (path, load_balancer) in both {
        let document = json!({
            "apiVersion": "networking.istio.io/v1",
            "kind": "DestinationRule",
            "metadata": {"name": "r"},
            "spec": {"host": "h", "trafficPolicy": {"loadBalancer": load_balancer}},
        });
        let error = parse::strict::<v1::DestinationRule>(&document).unwrap_err();
        assert!(error.to_string().contains("exclude each other"), "{error}");
        assert!(
            error.error().problems()[0]
                .path
                .to_string()
                .starts_with(path),
            "{error}"
        );
    }
}

#[test]
fn both_spellings_of_the_mirrored_share_mean_the_same_and_stay() {
    for key in ["mirrorPercent", "mirror_percent"] {
        let json = json!({"mirror": {"host": "h"}, key: 25});
        let route: v1::HttpRoute = parse::strict(&json).unwrap();
        assert_eq!(
            route
                .mirror_percent
                .as_ref()
                .map(v1::MirrorPercent::percent),
            Some(25)
        );
        assert_eq!(written(&route), json);
    }
    let both = json!({"mirrorPercent": 1, "mirror_percent": 2});
    assert!(parse::strict::<v1::HttpRoute>(&both).is_err());
}

#[test]
fn numbers_and_durations_keep_their_spelling() {
    for (number, duration) in [
        (json!(50), "1h"),
        (json!(50.0), "60m"),
        (json!(0.5), "3600s"),
        (json!(0), "1h0m"),
    ] {
        let json = json!({"mirrorPercentage": {"value": number}, "timeout": duration});
        let route: v1::HttpRoute = parse::strict(&json).unwrap();
        assert_eq!(
            written(&route).to_string(),
            json!({"timeout": duration, "mirrorPercentage": {"value": number}}).to_string()
        );
    }
}

#[test]
fn sets_that_grow_keep_what_they_do_not_know() {
    let json = json!({"simple": "SOMETHING_NEW"});
    let settings: v1::LoadBalancerSettings = parse::strict(&json).unwrap();
    assert_eq!(
        settings.policy,
        Some(v1::LoadBalancerPolicy::Simple(v1::SimpleLb::Other(
            "SOMETHING_NEW".to_owned()
        )))
    );
    assert_eq!(written(&settings), json);
}

#[test]
fn free_form_configuration_keeps_the_order_of_its_members() {
    let text = r#"{"operation":"MERGE","value":{"z":1,"a":{"@type":"t","B":[null,{}]},"m":null}}"#;
    let patch: v1alpha3::Patch = parse::strict(&serde_json::from_str(text).unwrap()).unwrap();
    assert_eq!(serde_json::to_string(&patch).unwrap(), text);
}

/// Seed 000, section 4.
#[test]
fn the_canary_of_the_seeds_is_what_the_types_write() {
    let gateway = v1beta1::Gateway::new(
        "webapp-gateway",
        v1beta1::GatewaySpec {
            servers: vec![v1beta1::Server::https("webapp-tls", ["webapp.company.com"])],
            selector: [("istio".to_owned(), "ingressgateway".to_owned())].into(),
        },
    );
    assert_eq!(
        written(&gateway),
        json!({
            "apiVersion": "networking.istio.io/v1beta1",
            "kind": "Gateway",
            "metadata": {"name": "webapp-gateway"},
            "spec": {
                "servers": [{
                    "port": {"number": 443, "protocol": "HTTPS", "name": "https"},
                    "hosts": ["webapp.company.com"],
                    "tls": {"mode": "SIMPLE", "credentialName": "webapp-tls"},
                }],
                "selector": {"istio": "ingressgateway"},
            },
        })
    );

    let canary = v1beta1::Destination::host("webapp-service").subset("canary");
    let service = v1beta1::VirtualService::new(
        "webapp-vs",
        v1beta1::VirtualServiceSpec::weighted("webapp-service", [("stable", 90), ("canary", 10)])
            .with_header_route("canary", v1beta1::StringMatch::exact("true"), canary)
            .for_hosts(["webapp.company.com"])
            .through_gateways(["webapp-gateway"]),
    );
    assert_eq!(
        written(&service)["spec"],
        json!({
            "hosts": ["webapp.company.com"],
            "gateways": ["webapp-gateway"],
            "http": [
                {
                    "match": [{"headers": {"canary": {"exact": "true"}}}],
                    "route": [{"destination": {"host": "webapp-service", "subset": "canary"}}],
                },
                {"route": [
                    {"destination": {"host": "webapp-service", "subset": "stable"}, "weight": 90},
                    {"destination": {"host": "webapp-service", "subset": "canary"}, "weight": 10},
                ]},
            ],
        })
    );

    let rule = v1beta1::DestinationRule::new(
        "webapp-dr",
        v1beta1::DestinationRuleSpec::versions(
            "webapp-service",
            [("stable", "stable"), ("canary", "canary")],
        )
        .with_outlier_detection(v1beta1::OutlierDetection {
            interval: Some(GoDuration::seconds(30)),
            ..v1beta1::OutlierDetection::after_5xx(3, GoDuration::seconds(30))
        }),
    );
    assert_eq!(
        written(&rule)["spec"],
        json!({
            "host": "webapp-service",
            "trafficPolicy": {"outlierDetection": {
                "consecutive5xxErrors": 3,
                "interval": "30s",
                "baseEjectionTime": "30s",
            }},
            "subsets": [
                {"name": "stable", "labels": {"version": "stable"}},
                {"name": "canary", "labels": {"version": "canary"}},
            ],
        })
    );
}

#[test]
fn a_circuit_breaker_is_refused_with_a_hint() {
    let document = json!({
        "apiVersion": "networking.istio.io/v1beta1",
        "kind": "DestinationRule",
        "metadata": {"name": "webapp-dr"},
        "spec": {
            "host": "webapp-service",
            "trafficPolicy": {"circuitBreaker": {"consecutiveErrors": 3, "interval": "30s"}},
        },
    });
    let error = parse::strict::<v1beta1::DestinationRule>(&document).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("spec.trafficPolicy.circuitBreaker: unknown field"),
        "{text}"
    );
    assert!(text.contains("`outlierDetection`"), "{text}");
    assert_eq!(error.error().problems().len(), 1);
    // Who reads a cluster is not bothered.
    assert!(parse::lenient::<v1beta1::DestinationRule>(&document).is_ok());
}

#[test]
fn a_missing_spec_is_refused_only_where_the_kind_needs_one() {
    let bare = |kind: &str| json!({"apiVersion": "networking.istio.io/v1", "kind": kind, "metadata": {"name": "x"}});
    assert!(parse::strict::<v1::VirtualService>(&bare("VirtualService")).is_ok());
    assert!(parse::strict::<v1::Sidecar>(&bare("Sidecar")).is_ok());
    for error in [
        parse::strict::<v1::ServiceEntry>(&bare("ServiceEntry")).unwrap_err(),
        parse::strict::<v1::WorkloadEntry>(&bare("WorkloadEntry")).unwrap_err(),
        parse::strict::<v1::WorkloadGroup>(&bare("WorkloadGroup")).unwrap_err(),
    ] {
        assert!(
            error
                .to_string()
                .ends_with("spec: required field is missing"),
            "{error}"
        );
    }
}
