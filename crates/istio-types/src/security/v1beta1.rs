//! An older version of the security kinds, which is still served. Its schema is that of `v1`, and so are
//! its types.

pub use super::v1::*;
use crate::root::with_spec;
use crate::status::IstioStatus;

crd_core::resource! {
    /// [`v1::AuthorizationPolicy`](super::v1::AuthorizationPolicy) under the name of an older version.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/security/authorization-policy/>
    #[resource(
        group = "security.istio.io",
        version = "v1beta1",
        kind = "AuthorizationPolicy",
        plural = "authorizationpolicies",
        scope = Namespaced,
        short_names = ["ap"],
        categories = ["istio-io", "security-istio-io"],
        status_subresource = true,
        printer_columns = [
            ("Action", "string", ".spec.action"),
            ("Age", "date", ".metadata.creationTimestamp"),
        ],
    )]
    pub struct AuthorizationPolicy {
        /// Whom the policy protects and what it lets through. Left out, the same as an empty one:
        /// nothing is allowed in the namespace.
        pub spec: Option<AuthorizationPolicySpec>,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

crd_core::resource! {
    /// [`v1::PeerAuthentication`](super::v1::PeerAuthentication) under the name of an older version.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/security/peer_authentication/>
    #[resource(
        group = "security.istio.io",
        version = "v1beta1",
        kind = "PeerAuthentication",
        plural = "peerauthentications",
        scope = Namespaced,
        short_names = ["pa"],
        categories = ["istio-io", "security-istio-io"],
        status_subresource = true,
        printer_columns = [
            ("Mode", "string", ".spec.mtls.mode"),
            ("Age", "date", ".metadata.creationTimestamp"),
        ],
    )]
    pub struct PeerAuthentication {
        /// What is demanded, and of whom. Left out, the policy demands nothing of its own and
        /// inherits.
        pub spec: Option<PeerAuthenticationSpec>,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

crd_core::resource! {
    /// [`v1::RequestAuthentication`](super::v1::RequestAuthentication) under the name of an older version.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/security/request_authentication/>
    #[resource(
        group = "security.istio.io",
        version = "v1beta1",
        kind = "RequestAuthentication",
        plural = "requestauthentications",
        scope = Namespaced,
        short_names = ["ra"],
        categories = ["istio-io", "security-istio-io"],
        status_subresource = true,
    )]
    pub struct RequestAuthentication {
        /// The tokens, and the workloads. Left out, no token is honoured by this policy.
        pub spec: Option<RequestAuthenticationSpec>,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

with_spec! {
    AuthorizationPolicy: AuthorizationPolicySpec,
    PeerAuthentication: PeerAuthenticationSpec,
    RequestAuthentication: RequestAuthenticationSpec,
}
