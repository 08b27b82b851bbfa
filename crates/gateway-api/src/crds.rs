//! All kinds, declared once.

use crd_core::Family;
#[cfg(feature = "schema")]
use crd_core::{
    Channel,
    crd::{API_APPROVED, Definition},
};

use crate::{v1, v1alpha2, x_k8s};

/// Every kind of Gateway API v1.5.0 with all its versions.
#[inline]
pub fn family() -> Family {
    let family = Family::new("gateway-api")
        .kind::<v1::GatewayClass>()
        .kind::<v1::Gateway>()
        .kind::<v1::HttpRoute>()
        .kind::<v1::GrpcRoute>()
        .kind::<v1::TlsRoute>()
        .kind::<v1alpha2::TcpRoute>()
        .kind::<v1alpha2::UdpRoute>()
        .kind::<v1::ReferenceGrant>()
        .kind::<v1::BackendTlsPolicy>()
        .kind::<v1::ListenerSet>()
        .kind::<x_k8s::v1alpha1::XMesh>()
        .kind::<x_k8s::v1alpha1::XBackendTrafficPolicy>();
    #[cfg(feature = "schema")]
    let family = family.release(released);
    family
}

#[cfg(feature = "schema")]
crd_core::family_crds! {
    /// The CustomResourceDefinitions of a release channel, as Gateway API v1.5.0 has them.
    ///
    /// ```
    /// use gateway_api::Channel;
    ///
    /// let kinds = |channel| {
    ///     let crds = gateway_api::crds(channel).into_iter();
    ///     crds.map(|crd| crd.spec.names.kind).collect::<Vec<_>>()
    /// };
    /// assert!(kinds(Channel::Standard).starts_with(&["GatewayClass".to_owned(), "Gateway".to_owned()]));
    /// assert!(kinds(Channel::Experimental).contains(&"TCPRoute".to_owned()));
    /// ```
    by_channel
}

/// A definition with the annotations of the release. The API server demands the first of them.
#[cfg(feature = "schema")]
fn released(definition: Definition, channel: Channel) -> Definition {
    definition
        .annotation(
            API_APPROVED,
            "https://github.com/kubernetes-sigs/gateway-api/pull/4530",
        )
        .annotation("gateway.networking.k8s.io/bundle-version", "v1.5.0")
        .annotation("gateway.networking.k8s.io/channel", channel.as_str())
}
