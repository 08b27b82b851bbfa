//! Network policies: what is written, what is read back, and what is refused where.

use cilium_types::v2::*;
use crd_core::parse;
use serde_json::{Value, json};

fn policy(spec: Value) -> Value {
    json!({
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": { "name": "p", "namespace": "demo" },
        "spec": spec,
    })
}

fn rule(fields: Value) -> Value {
    let mut rule = json!({ "endpointSelector": {} });
    rule.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    rule
}

fn problems(document: &Value) -> Vec<String> {
    match parse::strict::<CiliumNetworkPolicy>(document) {
        Ok(_) => Vec::new(),
        Err(error) => error.problems().iter().map(ToString::to_string).collect(),
    }
}

/// Every member of a rule, in the order in which it is written.
fn everything() -> Value {
    json!({
        "endpointSelector": {
            "matchLabels": { "any:tier": "db", "app": "a", "k8s:io.kubernetes.pod.namespace": "n" },
            "matchExpressions": [
                { "key": "k8s:app", "operator": "In", "values": ["x"] },
                { "key": "reserved:host", "operator": "DoesNotExist" },
            ],
        },
        "ingress": [
            { "fromEndpoints": [{}], "toPorts": [{
                "ports": [{ "port": "8000", "endPort": 8100, "protocol": "TCP" }, { "port": "http" }],
                "terminatingTLS": {
                    "secret": { "namespace": "n", "name": "s" }, "trustedCA": "ca",
                    "certificate": "c", "privateKey": "k",
                },
                "originatingTLS": { "secret": { "name": "s" } },
                "serverNames": ["*.example.com"],
                "rules": { "http": [{
                    "path": "/a", "method": "GET", "host": "h", "headers": ["X-A: 1"],
                    "headerMatches": [
                        { "mismatch": "REPLACE", "name": "X", "secret": { "name": "s" }, "value": "v" },
                    ],
                }, {}] },
            }], "authentication": { "mode": "test-always-fail" } },
            { "fromCIDR": ["10.0.0.0/8"] },
            { "fromCIDRSet": [
                { "cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"] },
                { "cidrGroupRef": "office" },
                { "cidrGroupSelector": { "matchLabels": { "a": "b" } } },
            ] },
            { "fromEntities": ["kube-apiserver", "remote-node", "moon"] },
            { "fromGroups": [{ "aws": {
                "labels": { "a": "b" }, "securityGroupsIds": ["sg-1"],
                "securityGroupsNames": ["x"], "region": "r",
            } }] },
            { "fromNodes": [{}] },
            { "icmps": [{ "fields": [
                { "family": "IPv6", "type": "EchoRequest" }, { "type": 8 }, { "type": "8" },
                { "type": "ExtendedEcho Reply" },
            ] }] },
        ],
        "ingressDeny": [{ "fromEntities": ["world"], "toPorts": [{ "ports": [{ "port": "22" }] }] }],
        "egress": [
            { "toEndpoints": [], "toPorts": [
                { "listener": {
                    "envoyConfig": { "kind": "CiliumClusterwideEnvoyConfig", "name": "e" },
                    "name": "l", "priority": 7,
                } },
                { "rules": { "kafka": [{
                    "role": "produce", "apiKey": "fetch", "apiVersion": "1", "clientID": "c", "topic": "t",
                }] } },
                { "rules": { "dns": [{ "matchName": "a.b" }, { "matchPattern": "*" }] } },
                { "rules": { "l7proto": "r2d2", "l7": [{ "cmd": "READ" }] } },
            ] },
            { "toServices": [
                { "k8sServiceSelector": { "selector": {}, "namespace": "n" } },
                { "k8sService": { "serviceName": "s", "namespace": "n" } },
            ] },
            { "toFQDNs": [{ "matchPattern": "*.example.com" }] },
            { "toCIDR": [], "toCIDRSet": [], "toEntities": [], "toGroups": [], "toNodes": [], "toPorts": [] },
        ],
        "egressDeny": [{}],
        "labels": [{ "key": "k", "value": "v", "source": "k8s" }],
        "enableDefaultDeny": { "ingress": false, "egress": true },
        "description": "",
        "log": { "value": "x" },
    })
}

#[test]
fn every_member_survives() {
    let mut document = policy(everything());
    document["specs"] =
        json!([rule(json!({ "egress": [] })), { "nodeSelector": {}, "ingress": [{}] }]);
    document["status"] = json!({
        "conditions": [{
            "type": "Valid", "status": "True", "lastTransitionTime": "2026-01-02T03:04:05Z",
            "reason": "r", "message": "m",
        }],
        "derivativePolicies": { "p": {
            "ok": true, "error": "e", "lastUpdated": "2026-01-02T03:04:05Z",
            "localPolicyRevision": 7, "enforcing": false, "annotations": { "a": "b" },
        } },
    });
    let read: CiliumNetworkPolicy = parse::strict(&document).unwrap();
    assert_eq!(
        serde_json::to_string_pretty(&read).unwrap(),
        serde_json::to_string_pretty(&document).unwrap(),
        "members keep their values and their order"
    );
    assert_eq!(read.rules().count(), 3);

    document["kind"] = json!("CiliumClusterwideNetworkPolicy");
    let read: CiliumClusterwideNetworkPolicy = parse::strict(&document).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), document);
}

#[test]
fn absent_empty_and_one_empty_entry_stay_apart() {
    for name in ["ingress", "ingressDeny", "egress", "egressDeny"] {
        for list in [
            json!([]),
            json!([{}]),
            json!([{ "toPorts": [] }]),
            json!([{ "toPorts": [{}] }]),
        ] {
            let document = policy(rule(json!({ name: list })));
            let read: CiliumNetworkPolicy = parse::strict(&document).unwrap();
            assert_eq!(serde_json::to_value(&read).unwrap(), document);
        }
    }
    for name in [
        "fromEndpoints",
        "fromCIDR",
        "fromCIDRSet",
        "fromEntities",
        "fromNodes",
        "fromGroups",
    ] {
        let document = policy(rule(json!({ "ingress": [{ name: [] }] })));
        let read: CiliumNetworkPolicy = parse::strict(&document).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), document);
    }
}

#[test]
fn problems_name_their_place() {
    let table = [
        (
            json!({}),
            "spec: exactly one of `endpointSelector`, `nodeSelector` must be set",
        ),
        (
            json!({ "endpointSelector": {}, "nodeSelector": {} }),
            "exclude each other",
        ),
        (rule(json!({ "ingres": [] })), "spec.ingres: unknown field"),
        (
            rule(json!({ "ingress": [{ "fromEndpoint": [] }] })),
            "spec.ingress[0].fromEndpoint: unknown field",
        ),
        (
            rule(json!({ "ingress": [{ "toPorts": [{ "ports": [{ "port": 80 }] }] }] })),
            "spec.ingress[0].toPorts[0].ports[0].port: invalid type: integer `80`, expected a port as a string",
        ),
        (
            rule(json!({ "ingress": [{ "toPorts": [{ "rules": { "http": [], "dns": [] } }] }] })),
            "spec.ingress[0].toPorts[0].rules: exactly one of `http`, `kafka`, `dns` and `l7proto`",
        ),
        (
            rule(json!({ "ingress": [{ "toPorts": [{ "rules": { "l7": [] } }] }] })),
            "spec.ingress[0].toPorts[0].rules: `l7` is allowed only together with `l7proto`",
        ),
        (
            rule(json!({ "egress": [{ "toFQDNs": [{ "matchName": "a", "matchPattern": "b" }] }] })),
            "`matchName` and `matchPattern` exclude each other",
        ),
        (
            rule(json!({ "ingress": [{ "fromCIDRSet": [{ "except": [] }] }] })),
            "spec.ingress[0].fromCIDRSet[0]: exactly one of `cidr`, `cidrGroupRef`, `cidrGroupSelector`",
        ),
        (
            rule(json!({ "ingress": [{ "fromCIDR": ["10.0.0.1"] }] })),
            "spec.ingress[0].fromCIDR[0]: `10.0.0.1` is not a CIDR",
        ),
        (
            rule(json!({ "ingress": [{ "icmps": [{ "fields": [{ "type": 256 }] }] }] })),
            "spec.ingress[0].icmps[0].fields[0].type: invalid value: integer `256`",
        ),
        (
            rule(json!({ "ingress": [{ "authentication": { "mode": "maybe" } }] })),
            "spec.ingress[0].authentication.mode: `maybe` is none of `disabled`, `required`",
        ),
        (
            json!({ "endpointSelector": { "matchExpressions": [{ "key": "a", "operator": "Is" }] } }),
            "spec.endpointSelector.matchExpressions[0].operator: `Is` is none of `In`",
        ),
    ];
    for (spec, expected) in table {
        let found = problems(&policy(spec));
        assert!(
            matches!(found.as_slice(), [one] if one.contains(expected)),
            "expected {expected:?}, found {found:?}"
        );
    }
}

#[test]
fn another_version_or_kind_is_refused() {
    for (member, value) in [
        ("apiVersion", "cilium.io/v2alpha1"),
        ("kind", "NetworkPolicy"),
    ] {
        let mut document = policy(rule(json!({ "ingress": [] })));
        document[member] = json!(value);
        let found = problems(&document);
        assert!(
            matches!(found.as_slice(), [one] if one.starts_with(member)),
            "{member}: {found:?}"
        );
    }
}

#[test]
fn the_documented_backend_policies() {
    let backend = EndpointSelector::labels([("app", "backend")]);
    let frontend = EndpointSelector::labels([("app", "frontend")]);
    let l3 = CiliumNetworkPolicy::new(
        "backend-allow-frontend-only",
        Rule::endpoints(backend.clone()).allow_ingress([IngressRule::from_endpoints([
            frontend.clone(),
            EndpointSelector::namespace("kong"),
        ])]),
    )
    .in_namespace("demo");
    assert_eq!(
        serde_json::to_value(&l3).unwrap(),
        json!({
            "apiVersion": "cilium.io/v2",
            "kind": "CiliumNetworkPolicy",
            "metadata": { "name": "backend-allow-frontend-only", "namespace": "demo" },
            "spec": {
                "endpointSelector": { "matchLabels": { "app": "backend" } },
                "ingress": [{ "fromEndpoints": [
                    { "matchLabels": { "app": "frontend" } },
                    { "matchLabels": { "k8s:io.kubernetes.pod.namespace": "kong" } },
                ] }],
            },
        })
    );

    let l7 =
        Rule::endpoints(backend).allow_ingress([IngressRule::from_endpoints([frontend])
            .on([PortRule::tcp(80)
                .http([PortRuleHttp::get("/status/.*"), PortRuleHttp::get("/get")])])]);
    assert_eq!(
        serde_json::to_value(&l7).unwrap(),
        json!({
            "endpointSelector": { "matchLabels": { "app": "backend" } },
            "ingress": [{
                "fromEndpoints": [{ "matchLabels": { "app": "frontend" } }],
                "toPorts": [{
                    "ports": [{ "port": "80", "protocol": "TCP" }],
                    "rules": { "http": [
                        { "path": "/status/.*", "method": "GET" },
                        { "path": "/get", "method": "GET" },
                    ] },
                }],
            }],
        })
    );
}

#[test]
fn names_outside_come_with_the_lookups_they_need() {
    let rules = EgressRule::to_dns_names(["quay.io", "*.quay.io"], [PortRule::tcp(443)]);
    let names = json!([{ "matchName": "quay.io" }, { "matchPattern": "*.quay.io" }]);
    assert_eq!(
        serde_json::to_value(rules).unwrap(),
        json!([
            {
                "toEndpoints": [{ "matchLabels": {
                    "k8s:io.kubernetes.pod.namespace": "kube-system",
                    "k8s:k8s-app": "kube-dns",
                } }],
                "toPorts": [{
                    "ports": [{ "port": "53", "protocol": "ANY" }],
                    "rules": { "dns": names },
                }],
            },
            { "toPorts": [{ "ports": [{ "port": "443", "protocol": "TCP" }] }], "toFQDNs": names },
        ])
    );
}

#[test]
fn default_deny_is_one_empty_entry_per_direction() {
    let all = EndpointSelector::everything();
    assert!(all.selects_all() && !EndpointSelector::namespace("n").selects_all());
    assert_eq!(
        serde_json::to_value(Rule::default_deny(all.clone())).unwrap(),
        json!({ "endpointSelector": {}, "ingress": [{}], "egress": [{}] })
    );
    assert_eq!(
        serde_json::to_value(Rule::default_deny_ingress(all.clone())).unwrap(),
        json!({ "endpointSelector": {}, "ingress": [{}] })
    );
    assert_eq!(
        serde_json::to_value(Rule::default_deny_egress(all)).unwrap(),
        json!({ "endpointSelector": {}, "egress": [{}] })
    );
}

#[test]
fn ports_are_text_on_the_wire() {
    assert_eq!(
        serde_json::to_value(PortRule::on([
            PortProtocol::tcp(8000).to(8100),
            PortProtocol::named("http"),
            PortProtocol::udp(53),
        ]))
        .unwrap(),
        json!({ "ports": [
            { "port": "8000", "endPort": 8100, "protocol": "TCP" },
            { "port": "http", "protocol": "TCP" },
            { "port": "53", "protocol": "UDP" },
        ] })
    );
    assert_eq!(
        serde_json::to_value(PortRule::any(53)).unwrap(),
        json!({ "ports": [{ "port": "53", "protocol": "ANY" }] })
    );
}

#[test]
fn ports_keep_their_spelling() {
    for (text, expected) in [
        ("80", Port::Number(80)),
        ("0", Port::Number(0)),
        ("080", Port::Name("080".into())),
        ("65536", Port::Name("65536".into())),
        ("http-8080", Port::Name("http-8080".into())),
    ] {
        let port: Port = serde_json::from_value(json!(text)).unwrap();
        assert_eq!(port, expected);
        assert_eq!(serde_json::to_value(&port).unwrap(), json!(text));
    }
}

#[test]
fn label_keys_know_their_source() {
    for (text, source, name) in [
        ("app", None, "app"),
        ("any:app", Some(LabelSource::Any), "app"),
        (
            "k8s:io.kubernetes.pod.namespace",
            Some(LabelSource::K8s),
            "io.kubernetes.pod.namespace",
        ),
        ("reserved:host", Some(LabelSource::Reserved), "host"),
        ("$host", Some(LabelSource::Reserved), "host"),
        ("mars:x:y", Some(LabelSource::Other("mars".into())), "x:y"),
        (":app", None, "app"),
    ] {
        let key = LabelKey::from(text);
        assert_eq!((key.source(), key.name()), (source, name), "{text}");
        assert_eq!(key.to_string(), text);
    }
}
