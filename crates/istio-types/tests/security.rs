//! The security kinds: what they write, what they read, what they keep apart.
#![cfg(feature = "security")]

use crd_core::parse;
use istio_types::security::{v1, v1beta1};
use istio_types::{PolicyTargetReference, Principal, WorkloadSelector};
use serde_json::{Value, json};

fn written(object: &impl serde::Serialize) -> Value {
    serde_json::to_value(object).expect("types can be written")
}

#[test]
fn mesh_wide_strict_is_the_default_policy_of_the_root_namespace() {
    assert_eq!(
        written(&v1::PeerAuthentication::mesh_wide_strict()),
        json!({
            "apiVersion": "security.istio.io/v1",
            "kind": "PeerAuthentication",
            "metadata": {"name": "default", "namespace": "istio-system"},
            "spec": {"mtls": {"mode": "STRICT"}},
        })
    );
}

#[test]
fn ports_are_strings_on_the_wire() {
    let policy = v1::PeerAuthentication::permissive_ports(
        "kong-proxy",
        "kong",
        WorkloadSelector::labels([("app", "kong-gateway")]),
        [8443, 8000],
    );
    let json = written(&policy);
    assert_eq!(
        json["spec"],
        json!({
            "selector": {"matchLabels": {"app": "kong-gateway"}},
            "portLevelMtls": {"8000": {"mode": "PERMISSIVE"}, "8443": {"mode": "PERMISSIVE"}},
        })
    );
    assert_eq!(parse::strict::<v1::PeerAuthentication>(&json), Ok(policy));
}

#[test]
fn ports_are_plain_decimal_numbers() {
    for key in ["http", "65536", "-1", "08000", "+80", ""] {
        let document = json!({
            "apiVersion": "security.istio.io/v1",
            "kind": "PeerAuthentication",
            "metadata": {"name": "p"},
            "spec": {"portLevelMtls": {key: {"mode": "STRICT"}}},
        });
        let error = parse::strict::<v1::PeerAuthentication>(&document).unwrap_err();
        assert!(
            error.problems()[0]
                .path
                .to_string()
                .starts_with("spec.portLevelMtls"),
            "{key}: {error}"
        );
    }
}

#[test]
fn an_allow_policy_names_its_callers() {
    let policy = v1::AuthorizationPolicy::allow_service_accounts(
        "backend",
        "demo",
        WorkloadSelector::labels([("app", "backend")]),
        [
            Principal::new("demo", "frontend"),
            Principal::new("kong", "kong-gateway").in_trust_domain("lab.local"),
        ],
    );
    assert_eq!(
        written(&policy)["spec"],
        json!({
            "selector": {"matchLabels": {"app": "backend"}},
            "rules": [{"from": [{"source": {"principals": [
                "cluster.local/ns/demo/sa/frontend",
                "lab.local/ns/kong/sa/kong-gateway",
            ]}}]}],
            "action": "ALLOW",
        })
    );
}

#[test]
fn no_rules_and_empty_rules_stay_what_they_are() {
    for (spec, rules) in [
        (json!({}), None),
        (json!({"rules": []}), Some(vec![])),
        (json!({"rules": [{}]}), Some(vec![v1::Rule::any()])),
        (
            json!({"rules": [{"from": []}]}),
            Some(vec![v1::Rule {
                from: Some(vec![]),
                ..v1::Rule::any()
            }]),
        ),
    ] {
        let document = json!({
            "apiVersion": "security.istio.io/v1",
            "kind": "AuthorizationPolicy",
            "metadata": {"name": "p"},
            "spec": spec,
        });
        let policy: v1::AuthorizationPolicy = parse::strict(&document).unwrap();
        assert_eq!(policy.spec.as_ref().unwrap().rules, rules);
        assert_eq!(written(&policy), document);
    }
}

#[test]
fn an_object_without_spec_is_legal() {
    let document = json!({
        "apiVersion": "security.istio.io/v1beta1",
        "kind": "AuthorizationPolicy",
        "metadata": {"name": "deny-all"},
    });
    let policy: v1beta1::AuthorizationPolicy = parse::strict(&document).unwrap();
    assert_eq!(policy.spec, None);
    assert_eq!(written(&policy), document);
    assert!(parse::strict::<v1::AuthorizationPolicy>(&document).is_err());
}

#[test]
fn both_spellings_of_the_key_url_mean_the_same_and_stay() {
    for key in ["jwksUri", "jwks_uri"] {
        let json = json!({"issuer": "me", key: "https://example.com/jwks.json"});
        let rule: v1::JwtRule = parse::strict(&json).unwrap();
        assert_eq!(
            rule.jwks.as_ref().and_then(v1::JwksSource::uri),
            Some("https://example.com/jwks.json")
        );
        assert_eq!(written(&rule), json);
    }
    let both = json!({"jwksUri": "https://a", "jwks_uri": "https://b"});
    let error = parse::strict::<v1::JwtRule>(&both).unwrap_err();
    assert!(error.to_string().contains("exclude each other"), "{error}");
}

#[test]
fn strict_parsing_reports_everything_with_its_path() {
    let document = json!({
        "apiVersion": "security.istio.io/v1",
        "kind": "AuthorizationPolicy",
        "metadata": {"name": "p"},
        "spec": {
            "action": "PERMIT",
            "rules": [{
                "from": [{"source": {"principal": ["x"]}}],
                "when": [{"values": ["x"]}],
            }],
        },
    });
    let error = parse::strict::<v1::AuthorizationPolicy>(&document).unwrap_err();
    let paths: Vec<String> = error
        .problems()
        .iter()
        .map(|problem| problem.path.to_string())
        .collect();
    assert_eq!(
        paths,
        [
            "spec.action",
            "spec.rules[0].from[0].source.principal",
            "spec.rules[0].when[0].key"
        ]
    );
}

#[test]
fn targets_carry_their_group() {
    for (target, group, kind) in [
        (
            PolicyTargetReference::gateway("g"),
            "gateway.networking.k8s.io",
            "Gateway",
        ),
        (
            PolicyTargetReference::gateway_class("g"),
            "gateway.networking.k8s.io",
            "GatewayClass",
        ),
        (PolicyTargetReference::service("g"), "", "Service"),
        (
            PolicyTargetReference::service_entry("g"),
            "networking.istio.io",
            "ServiceEntry",
        ),
    ] {
        assert_eq!(
            written(&target),
            json!({"group": group, "kind": kind, "name": "g"})
        );
    }
}

#[test]
fn status_keeps_what_it_does_not_know() {
    let document = json!({
        "apiVersion": "security.istio.io/v1",
        "kind": "PeerAuthentication",
        "metadata": {"name": "p"},
        "status": {
            "conditions": [{
                "type": "Reconciled",
                "status": "True",
                "lastTransitionTime": "2026-01-02T03:04:05.123456789Z",
                "observedGeneration": "7",
            }],
            "observedGeneration": "7",
            "addresses": [{"value": "240.240.0.1"}],
        },
    });
    let policy: v1::PeerAuthentication = parse::strict(&document).unwrap();
    assert_eq!(written(&policy), document);
}

/// Seed 001, section 6.3.
#[test]
fn the_policy_of_the_seeds_is_what_the_types_write() {
    let policy = v1::AuthorizationPolicy::new(
        "api-authz",
        v1::AuthorizationPolicySpec {
            selector: Some(WorkloadSelector::labels([("app", "api")])),
            rules: Some(vec![
                v1::Rule::from_principals([Principal::new("frontend", "web-sa")])
                    .to_http(["GET"], ["/v1/*"]),
            ]),
            ..v1::AuthorizationPolicySpec::default()
        },
    )
    .in_namespace("default");
    let document = json!({
        "apiVersion": "security.istio.io/v1",
        "kind": "AuthorizationPolicy",
        "metadata": {"name": "api-authz", "namespace": "default"},
        "spec": {
            "selector": {"matchLabels": {"app": "api"}},
            "rules": [{
                "from": [{"source": {"principals": ["cluster.local/ns/frontend/sa/web-sa"]}}],
                "to": [{"operation": {"methods": ["GET"], "paths": ["/v1/*"]}}],
            }],
        },
    });
    assert_eq!(written(&policy), document);
    assert_eq!(parse::strict(&document), Ok(policy));
}
