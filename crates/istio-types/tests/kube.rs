//! The root types are what `kube::Api` asks for.
#![cfg(all(feature = "networking", feature = "security"))]

use istio_types::networking::v1alpha3::EnvoyFilter;
use istio_types::security::{v1, v1beta1};
use kube_core::{Resource, ResourceExt};
use serde::de::DeserializeOwned;

/// The bounds of `kube::Api<K>` and of its writing methods.
fn address<K>() -> (String, String)
where
    K: Resource<DynamicType = ()> + Clone + std::fmt::Debug + DeserializeOwned + serde::Serialize,
{
    (K::url_path(&(), Some("demo")), K::kind(&()).into_owned())
}

#[test]
fn every_version_has_its_own_address() {
    for (found, path, kind) in [
        (
            address::<v1::PeerAuthentication>(),
            "/apis/security.istio.io/v1/namespaces/demo/peerauthentications",
            "PeerAuthentication",
        ),
        (
            address::<v1beta1::PeerAuthentication>(),
            "/apis/security.istio.io/v1beta1/namespaces/demo/peerauthentications",
            "PeerAuthentication",
        ),
        (
            address::<EnvoyFilter>(),
            "/apis/networking.istio.io/v1alpha3/namespaces/demo/envoyfilters",
            "EnvoyFilter",
        ),
    ] {
        assert_eq!(found, (path.to_owned(), kind.to_owned()));
    }
    assert_eq!(
        v1::PeerAuthentication::mesh_wide_strict().name_any(),
        "default"
    );
}
