//! Version `v1alpha3` of `gateway.networking.k8s.io`: the types of [`v1`](crate::v1) under a former
//! version, which servers of the standard channel know but do not serve.

use crate::v1::{BackendTlsPolicySpec, PolicyStatus, RouteStatus, TlsRouteSpec};

crd_core::resource! {
    /// Which TLS connections go where; see [`v1::TlsRoute`](crate::v1::TlsRoute).
    ///
    /// See <https://gateway-api.sigs.k8s.io/reference/spec/#tlsroute>.
    #[resource(
        group = "gateway.networking.k8s.io", version = "v1alpha3", kind = "TLSRoute", plural = "tlsroutes", scope = Namespaced,
        categories = ["gateway-api"],
        status_subresource = true,
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
        deprecated = "TLSRoute v1alpha3 is on its way out; write v1",
    )]
    pub struct TlsRoute {
        /// What is wanted.
        pub spec: TlsRouteSpec,
        /// What controllers made of it.
        pub status: Option<RouteStatus>,
    }
}

crd_core::resource! {
    /// How Gateways speak TLS to a backend; see [`v1::BackendTlsPolicy`](crate::v1::BackendTlsPolicy).
    ///
    /// See <https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicy>.
    #[resource(
        group = "gateway.networking.k8s.io", version = "v1alpha3", kind = "BackendTLSPolicy", plural = "backendtlspolicies", scope = Namespaced,
        short_names = ["btlspolicy"],
        categories = ["gateway-api"],
        status_subresource = true,
        deprecated = "BackendTLSPolicy v1alpha3 is on its way out; write v1",
    )]
    pub struct BackendTlsPolicy {
        /// What is wanted.
        pub spec: BackendTlsPolicySpec,
        /// What controllers made of it.
        pub status: Option<PolicyStatus>,
    }
}
