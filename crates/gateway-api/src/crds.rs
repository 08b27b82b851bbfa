use crd_core::crd::{API_APPROVED, Crd, CrdVersion, CustomResourceDefinition, Definition};

use crate::{v1, v1alpha2, v1alpha3, v1beta1};

/// The CustomResourceDefinitions of all kinds, as Gateway API v1.5.0 has them: those of the
/// standard channel, or with the feature `experimental` those of the experimental channel.
///
/// ```
/// let crds = gateway_api::crds();
/// let names: Vec<_> = crds.iter().map(|crd| crd.spec.names.kind.as_str()).collect();
/// assert!(names.starts_with(&["GatewayClass", "Gateway", "HTTPRoute"]));
/// ```
pub fn crds() -> Vec<CustomResourceDefinition> {
    definitions().iter().map(Definition::build).collect()
}

/// The [`crds`], none of them made yet: for tools that look up a few kinds.
pub fn definitions() -> Vec<Definition> {
    let tls_route = released::<v1::TlsRoute>();
    let backend_tls_policy = released::<v1::BackendTlsPolicy>();
    let (tls_route, backend_tls_policy) = if cfg!(feature = "experimental") {
        (
            tls_route
                .version::<v1alpha2::TlsRoute>()
                .version::<v1alpha3::TlsRoute>(),
            backend_tls_policy.version::<v1alpha3::BackendTlsPolicy>(),
        )
    } else {
        (
            tls_route
                .unserved_version::<v1alpha2::TlsRoute>()
                .unserved_version::<v1alpha3::TlsRoute>(),
            backend_tls_policy.unserved_version::<v1alpha3::BackendTlsPolicy>(),
        )
    };
    vec![
        released::<v1::GatewayClass>()
            .version::<v1beta1::GatewayClass>()
            .definition(),
        released::<v1::Gateway>()
            .version::<v1beta1::Gateway>()
            .definition(),
        released::<v1::HttpRoute>()
            .version::<v1beta1::HttpRoute>()
            .definition(),
        released::<v1::GrpcRoute>().definition(),
        tls_route.definition(),
        #[cfg(feature = "experimental")]
        released::<v1alpha2::TcpRoute>().definition(),
        #[cfg(feature = "experimental")]
        released::<v1alpha2::UdpRoute>().definition(),
        released::<v1::ReferenceGrant>()
            .version::<v1beta1::ReferenceGrant>()
            .stored_as("v1beta1")
            .definition(),
        backend_tls_policy.definition(),
        released::<v1::ListenerSet>().definition(),
        #[cfg(feature = "experimental")]
        released::<crate::x_k8s::v1alpha1::XMesh>().definition(),
        #[cfg(feature = "experimental")]
        released::<crate::x_k8s::v1alpha1::XBackendTrafficPolicy>().definition(),
    ]
}

/// A CRD with the annotations of the release. The API server demands the first of them.
fn released<V: CrdVersion>() -> Crd<V> {
    Crd::of::<V>()
        .annotation(
            API_APPROVED,
            "https://github.com/kubernetes-sigs/gateway-api/pull/4530",
        )
        .annotation("gateway.networking.k8s.io/bundle-version", "v1.5.0")
        .annotation("gateway.networking.k8s.io/channel", crate::CHANNEL)
}
