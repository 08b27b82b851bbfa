//! Kinds beside network policies: unions, root fields and versions.

use crate::kinds;

use cilium_types::crd_core::parse;
use cilium_types::{v2, v2alpha1};
use kinds::reread;
use serde_json::{Value, json};

fn object(version: &str, kind: &str, fields: Value) -> Value {
    let mut object = json!({
        "apiVersion": format!("cilium.io/{version}"),
        "kind": kind,
        "metadata": { "name": "x" },
    });
    object
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    object
}

fn advertisement(version: &str, advertisement: Value) -> Value {
    let spec = json!({ "spec": { "advertisements": [advertisement] } });
    object(version, "CiliumBGPAdvertisement", spec)
}

fn redirect(frontend: Value) -> Value {
    let spec = json!({ "spec": {
        "redirectFrontend": frontend,
        "redirectBackend": {
            "localEndpointSelector": {},
            "toPorts": [{ "port": "53", "protocol": "UDP", "name": "dns" }],
        },
    } });
    object("v2", "CiliumLocalRedirectPolicy", spec)
}

#[test]
fn kinds_without_a_spec_keep_their_root_fields() {
    for document in [
        object(
            "v2",
            "CiliumIdentity",
            json!({ "security-labels": { "k8s:app": "a", "reserved:host": "" } }),
        ),
        object("v2", "CiliumIdentity", json!({ "security-labels": {} })),
        object("v2", "CiliumEndpoint", json!({})),
        object(
            "v2alpha1",
            "CiliumEndpointSlice",
            json!({ "namespace": "demo", "endpoints": [] }),
        ),
        object(
            "v2alpha1",
            "CiliumEndpointSlice",
            json!({ "endpoints": [
            { "name": "a", "id": 7, "networking": { "addressing": [{ "ipv4": "10.0.0.1" }] } },
        ] }),
        ),
        object("v2", "CiliumNode", json!({ "spec": {} })),
        object(
            "v2",
            "CiliumCIDRGroup",
            json!({ "spec": { "externalCIDRs": [] } }),
        ),
        object("v2", "CiliumEnvoyConfig", json!({})),
        object(
            "v2",
            "CiliumEnvoyConfig",
            json!({ "spec": {
            "resources": [{ "@type": "t", "any": [null, { "thing": 1.5 }] }],
        } }),
        ),
    ] {
        assert_eq!(reread(&document), Ok(document));
    }
}

#[test]
fn unions_come_back_as_they_were() {
    for document in [
        advertisement("v2", json!({ "advertisementType": "PodCIDR" })),
        advertisement(
            "v2",
            json!({ "advertisementType": "CiliumPodIPPool", "selector": {} }),
        ),
        advertisement(
            "v2",
            json!({
                "advertisementType": "Service",
                "service": { "addresses": ["LoadBalancerIP", "MoonIP"], "aggregationLengthIPv4": 24 },
                "attributes": {
                    "communities": { "standard": ["65000:1"], "wellKnown": ["no-export"], "large": ["1:2:3"] },
                    "localPreference": 100,
                },
            }),
        ),
        advertisement(
            "v2",
            json!({ "advertisementType": "Interface", "interface": { "name": "lo" } }),
        ),
        // The older version lets the member stand beside any type.
        advertisement(
            "v2alpha1",
            json!({
                "advertisementType": "PodCIDR", "service": { "addresses": ["ClusterIP"] },
            }),
        ),
        redirect(json!({ "addressMatcher": {
            "ip": "169.254.20.10", "toPorts": [{ "port": "53", "protocol": "UDP" }],
        } })),
        redirect(json!({ "serviceMatcher": { "serviceName": "s", "namespace": "n" } })),
    ] {
        assert_eq!(reread(&document), Ok(document));
    }
}

#[test]
fn broken_values_are_refused_with_their_place() {
    let table = [
        (
            advertisement("v2", json!({ "advertisementType": "Service" })),
            "`advertisementType` is `Service`, which demands the member `service`",
        ),
        (
            advertisement(
                "v2",
                json!({
                    "advertisementType": "PodCIDR", "service": { "addresses": ["ClusterIP"] },
                }),
            ),
            "spec.advertisements[0]: `advertisementType` is `PodCIDR`, but `service` is set",
        ),
        (
            advertisement("v2alpha1", json!({ "advertisementType": "Interface" })),
            "spec.advertisements[0].advertisementType: `Interface` is none of `PodCIDR`",
        ),
        (
            redirect(json!({})),
            "spec.redirectFrontend: exactly one of `addressMatcher`, `serviceMatcher`",
        ),
        (
            object("v2", "CiliumIdentity", json!({})),
            "security-labels: required field is missing",
        ),
        (
            object(
                "v2",
                "CiliumLoadBalancerIPPool",
                json!({ "spec": { "blocks": [{ "cidr": "10.0.0.1" }] } }),
            ),
            "spec.blocks[0].cidr: `10.0.0.1` is not a CIDR",
        ),
        (
            object(
                "v2alpha1",
                "CiliumPodIPPool",
                json!({ "spec": { "ipv4": { "cidrs": [] } } }),
            ),
            "spec.ipv4.maskSize: required field is missing",
        ),
    ];
    for (document, expected) in table {
        let error = reread(&document).unwrap_err();
        assert!(
            error.contains(expected),
            "expected {expected:?}, found {error:?}"
        );
    }
}

#[test]
fn one_version_never_becomes_the_other() {
    let document = object(
        "v2alpha1",
        "CiliumNodeConfig",
        json!({ "spec": { "defaults": {}, "nodeSelector": {} } }),
    );
    let older: v2alpha1::CiliumNodeConfig = parse::strict(&document).unwrap();
    assert_eq!(serde_json::to_value(&older).unwrap(), document);
    assert!(parse::strict::<v2::CiliumNodeConfig>(&document).is_err());
    // Where both have one schema, moving on is a matter of one field.
    let newer = v2::CiliumNodeConfig {
        metadata: older.metadata,
        spec: older.spec,
    };
    assert_eq!(
        serde_json::to_value(&newer).unwrap()["apiVersion"],
        "cilium.io/v2"
    );
}

#[test]
fn kinds_are_resources_for_kube() {
    fn url<K: kube_core::Resource<DynamicType = ()>>(namespace: Option<&str>) -> String {
        K::url_path(&(), namespace)
    }
    assert_eq!(
        url::<v2::CiliumNetworkPolicy>(Some("demo")),
        "/apis/cilium.io/v2/namespaces/demo/ciliumnetworkpolicies"
    );
    assert_eq!(
        url::<v2::CiliumIdentity>(None),
        "/apis/cilium.io/v2/ciliumidentities"
    );
    assert_eq!(
        url::<v2alpha1::CiliumL2AnnouncementPolicy>(None),
        "/apis/cilium.io/v2alpha1/ciliuml2announcementpolicies"
    );
}

#[test]
fn constructors_write_what_they_say() {
    let peer =
        v2::CiliumBgpPeer::new("rack", 65000, "fd00::1".parse().unwrap()).with_config("fast");
    assert_eq!(
        serde_json::to_value(peer).unwrap(),
        json!({
            "name": "rack", "peerAddress": "fd00::1", "peerASN": 65000, "peerConfigRef": { "name": "fast" },
        })
    );
    assert_eq!(
        serde_json::to_value(v2::PortInfo::udp(53)).unwrap(),
        json!({ "port": "53", "protocol": "UDP" })
    );
    assert_eq!(
        serde_json::to_value(v2::CiliumLoadBalancerIpPoolIpBlock::range(
            "10.0.0.1", "10.0.0.9"
        ))
        .unwrap(),
        json!({ "start": "10.0.0.1", "stop": "10.0.0.9" })
    );
}
