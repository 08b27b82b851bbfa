//! The ids of the documented components, and the role that one of them fills.

/// The id of the kind cluster.
pub const KIND: &str = "kind";
/// The id of Cilium and Hubble.
pub const CILIUM: &str = "cilium";
/// The id of Kong Gateway and the Gateway API.
pub const KONG: &str = "kong";
/// The id of Istio ambient.
pub const ISTIO: &str = "istio";
/// The id of Argo CD.
pub const ARGOCD: &str = "argocd";
/// The id of Gatekeeper and its policies.
pub const GATEKEEPER: &str = "gatekeeper";
/// The id of the observability stack.
pub const LGTM: &str = "lgtm";
/// The id of the demo app.
pub const DEMO_APP: &str = "demo-app";
/// The id of the guard rails.
pub const PLATFORM: &str = "platform";

/// The role of whoever serves the Gateway that [`GatewayWiring`](crate::GatewayWiring) names; Kong, unless another component
/// takes its place.
pub const GATEWAY: &str = "gateway";
