//! The generated CRDs judge as an API server with Cilium's own CRDs does.
#![cfg(feature = "schema")]

use std::collections::BTreeMap;
use std::fs;

use crd_validate::{Validator, reader};
use fidelity::Corpus;
use serde_json::{Value, json};

/// One judge per kind, made from our CRDs.
struct Judges(BTreeMap<String, Validator>);

impl Judges {
    fn new() -> Self {
        let judges = cilium_types::crds().into_iter().map(|crd| {
            let judge = Validator::new(&serde_json::to_value(crd).unwrap()).unwrap();
            judge.compile().unwrap();
            (judge.kind().to_owned(), judge)
        });
        Self(judges.collect())
    }

    /// What is wrong with a new object.
    fn findings(&self, object: &Value) -> Vec<String> {
        let report = self.0[object["kind"].as_str().unwrap()].create(object);
        assert!(report.notes.is_empty(), "every rule can be judged");
        report
            .findings
            .iter()
            .map(|found| format!("{}: {}", found.path, found.message))
            .collect()
    }
}

#[test]
fn verdicts_on_the_corpus_are_the_servers() {
    let corpus = Corpus::from_environment();
    let judges = Judges::new();
    let mut judged = 0;
    let mut differ = Vec::new();
    for (path, accepted, _) in corpus.verdicts("cilium") {
        let bytes = fs::read(corpus.root().join(&path)).unwrap();
        let object = reader::read(&bytes).remove(0).content.unwrap();
        let findings = judges.findings(&object);
        judged += 1;
        if findings.is_empty() != accepted {
            differ.push(format!(
                "{path}: accepted by the server: {accepted}, here {findings:?}"
            ));
        }
    }
    assert!(
        differ.is_empty(),
        "{} of {judged}:\n{}",
        differ.len(),
        differ.join("\n")
    );
    assert!(
        judged >= corpus.at_least(150),
        "only {judged} documents found"
    );
}

/// What no type can express stands in the schemas. Each was shown to a server with Cilium's own
/// CRDs, which refuses it for the same reason.
#[test]
fn rules_beyond_the_types_are_in_the_schemas() {
    let judges = Judges::new();
    let object = |version: &str, kind: &str, spec: &Value| {
        json!({
            "apiVersion": format!("cilium.io/{version}"), "kind": kind,
            "metadata": { "name": "x", "namespace": "n" }, "spec": spec,
        })
    };
    let rule = |fields: Value| {
        let mut rule = json!({ "endpointSelector": {} });
        rule.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        object("v2", "CiliumNetworkPolicy", &rule)
    };
    let on_port = |port: Value| rule(json!({ "ingress": [{ "toPorts": [port] }] }));
    let peer = |peer: Value| {
        let instance = json!({ "name": "a", "peers": [peer] });
        cluster_wide(object(
            "v2",
            "CiliumBGPClusterConfig",
            &json!({ "bgpInstances": [instance] }),
        ))
    };
    let advertisement = |version: &str, advertisement: Value| {
        let spec = json!({ "advertisements": [advertisement] });
        cluster_wide(object(version, "CiliumBGPAdvertisement", &spec))
    };
    let long = "a".repeat(256);
    let table = [
        ("spec", rule(json!({}))),
        (
            "spec.ingress[0].fromRequires",
            rule(json!({ "ingress": [{ "fromRequires": ["a"] }] })),
        ),
        (
            "spec.log.value",
            rule(json!({ "ingress": [], "log": { "value": "a".repeat(33) } })),
        ),
        (
            "spec.log.value",
            rule(json!({ "ingress": [], "log": { "value": "a\tb" } })),
        ),
        (
            "spec.ingress[0].fromEntities[0]",
            rule(json!({ "ingress": [{ "fromEntities": ["moon"] }] })),
        ),
        (
            "spec.ingress[0].fromEndpoints[0].matchLabels.app",
            rule(json!({ "ingress": [{ "fromEndpoints": [{ "matchLabels": { "app": "-" } }] }] })),
        ),
        (
            "spec.ingress[0].fromCIDRSet[0].cidrGroupRef",
            rule(json!({ "ingress": [{ "fromCIDRSet": [{ "cidrGroupRef": "A" }] }] })),
        ),
        (
            "spec.ingress[0].icmps[0].fields[0].type",
            rule(json!({ "ingress": [{ "icmps": [{ "fields": [{ "type": "Pong" }] }] }] })),
        ),
        (
            "spec.egress[0].toFQDNs[0].matchName",
            rule(json!({ "egress": [{ "toFQDNs": [{ "matchName": "*.a" }] }] })),
        ),
        (
            "spec.egress[0].toFQDNs[0].matchPattern",
            rule(json!({ "egress": [{ "toFQDNs": [{ "matchPattern": long }] }] })),
        ),
        (
            "spec.ingress[0].toPorts[0].ports",
            on_port(json!({ "ports": vec![json!({ "port": "80" }); 41] })),
        ),
        (
            "spec.ingress[0].toPorts[0].ports[0].port",
            on_port(json!({ "ports": [{ "port": "-" }] })),
        ),
        (
            "spec.ingress[0].toPorts[0].ports[0].endPort",
            on_port(json!({ "ports": [{ "port": "80", "endPort": 65536 }] })),
        ),
        (
            "spec.ingress[0].toPorts[0].ports[0].protocol",
            on_port(json!({ "ports": [{ "port": "80", "protocol": "tcp" }] })),
        ),
        (
            "spec.ingress[0].toPorts[0].serverNames",
            on_port(json!({ "serverNames": [] })),
        ),
        (
            "spec.ingress[0].toPorts[0].serverNames[1]",
            on_port(json!({ "serverNames": ["a", "a"] })),
        ),
        (
            "spec.ingress[0].toPorts[0].rules",
            on_port(json!({ "rules": {} })),
        ),
        (
            "spec.ingress[0].toPorts[0].listener.priority",
            on_port(
                json!({ "listener": { "envoyConfig": { "name": "e" }, "name": "l", "priority": 101 } }),
            ),
        ),
        (
            "spec.bgpInstances[0].peers[0].name",
            peer(json!({ "name": "" })),
        ),
        (
            "spec.bgpInstances[0].peers[0].peerASN",
            peer(json!({ "name": "a", "peerASN": 4_294_967_296_i64 })),
        ),
        (
            "spec.bgpInstances[0].peers[0].peerAddress",
            peer(json!({ "name": "a", "peerAddress": "10.0.0" })),
        ),
        (
            "spec.advertisements[0]",
            advertisement(
                "v2",
                json!({ "advertisementType": "PodCIDR", "selector": {} }),
            ),
        ),
        (
            "spec.advertisements[0]",
            advertisement("v2", json!({ "advertisementType": "Interface" })),
        ),
        (
            "spec.advertisements[0]",
            advertisement("v2alpha1", json!({ "advertisementType": "Service" })),
        ),
        (
            "spec.advertisements[0].service.addresses",
            advertisement(
                "v2",
                json!({ "advertisementType": "Service", "service": { "addresses": [] } }),
            ),
        ),
        (
            "spec.advertisements[0].attributes.communities.standard[0]",
            advertisement(
                "v2",
                json!({
                    "advertisementType": "PodCIDR",
                    "attributes": { "communities": { "standard": ["65536:1"] } },
                }),
            ),
        ),
        (
            "spec.timers",
            cluster_wide(object(
                "v2",
                "CiliumBGPPeerConfig",
                &json!({
                    "timers": { "holdTimeSeconds": 3, "keepAliveTimeSeconds": 4 },
                }),
            )),
        ),
        (
            // The default of the other timer is judged, too.
            "spec.timers",
            cluster_wide(object(
                "v2",
                "CiliumBGPPeerConfig",
                &json!({ "timers": { "holdTimeSeconds": 3 } }),
            )),
        ),
        (
            "spec.ipv4.maskSize",
            cluster_wide(object(
                "v2alpha1",
                "CiliumPodIPPool",
                &json!({
                    "ipv4": { "cidrs": ["10.0.0.0/8"], "maskSize": 33 },
                }),
            )),
        ),
        (
            "spec.redirectBackend.toPorts[0].port",
            object(
                "v2",
                "CiliumLocalRedirectPolicy",
                &json!({
                    "redirectFrontend": { "serviceMatcher": { "serviceName": "s", "namespace": "n" } },
                    "redirectBackend": {
                        "localEndpointSelector": {},
                        "toPorts": [{ "port": "0", "protocol": "TCP" }],
                    },
                }),
            ),
        ),
        (
            "spec.description",
            object(
                "v2alpha1",
                "CiliumGatewayClassConfig",
                &json!({ "description": "a".repeat(65) }),
            ),
        ),
    ];
    for (place, object) in table {
        let findings = judges.findings(&object);
        assert!(
            findings
                .iter()
                .any(|finding| finding.starts_with(&format!("{place}: "))),
            "{place} is not among {findings:?} for {object}"
        );
    }
}

fn cluster_wide(mut object: Value) -> Value {
    object["metadata"]
        .as_object_mut()
        .unwrap()
        .shift_remove("namespace");
    object
}

/// What a redirect does cannot be changed later; its description can.
#[test]
fn redirects_do_not_change() {
    let judges = Judges::new();
    let policy = |port: &str, description: &str| {
        json!({
            "apiVersion": "cilium.io/v2", "kind": "CiliumLocalRedirectPolicy",
            "metadata": { "name": "x", "namespace": "n", "resourceVersion": "1", "uid": "u" },
            "spec": {
                "redirectFrontend": { "serviceMatcher": { "serviceName": "s", "namespace": "n" } },
                "redirectBackend": {
                    "localEndpointSelector": {},
                    "toPorts": [{ "port": port, "protocol": "TCP" }],
                },
                "description": description,
            },
        })
    };
    let judge = &judges.0["CiliumLocalRedirectPolicy"];
    assert!(
        judge
            .update(&policy("80", "new"), &policy("80", "old"))
            .is_accepted()
    );
    let report = judge.update(&policy("81", "old"), &policy("80", "old"));
    let findings: Vec<String> = report
        .findings
        .iter()
        .map(|found| format!("{}: {}", found.path, found.message))
        .collect();
    assert!(
        matches!(findings.as_slice(), [one] if one.starts_with("spec.redirectBackend: ")),
        "{findings:?}"
    );
}
