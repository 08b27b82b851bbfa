//! The root types are what `kube::Api` asks for, without a dependency on kube.

use gateway_api::{v1, v1beta1};
use kube_core::Resource;
use serde_json::Value;

/// The bounds of `kube::Api<K>` and of its writing methods.
fn address<K>(namespace: Option<&str>) -> String
where
    K: Resource<DynamicType = ()>
        + Clone
        + std::fmt::Debug
        + serde::de::DeserializeOwned
        + serde::Serialize,
{
    K::url_path(&(), namespace)
}

#[test]
fn every_version_has_its_own_address() {
    for (found, path) in [
        (
            address::<v1::HttpRoute>(Some("demo")),
            "/apis/gateway.networking.k8s.io/v1/namespaces/demo/httproutes",
        ),
        (
            address::<v1beta1::HttpRoute>(Some("demo")),
            "/apis/gateway.networking.k8s.io/v1beta1/namespaces/demo/httproutes",
        ),
        (
            address::<v1::GatewayClass>(None),
            "/apis/gateway.networking.k8s.io/v1/gatewayclasses",
        ),
    ] {
        assert_eq!(found, path);
    }
}

#[test]
fn an_older_version_writes_its_own() {
    let route = v1beta1::HttpRoute::new("a", v1::HttpRouteSpec::default());
    let written: Value = serde_json::to_value(route).unwrap_or_default();
    assert_eq!(written["apiVersion"], "gateway.networking.k8s.io/v1beta1");
}
