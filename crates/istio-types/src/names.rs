//! Names, ports and addresses that mean something to Istio.

/// Namespace whose policies reach the whole mesh, unless `meshConfig.rootNamespace` says otherwise.
pub const ROOT_NAMESPACE: &str = "istio-system";

/// Trust domain of the mesh, unless `meshConfig.trustDomain` says otherwise.
pub const DEFAULT_TRUST_DOMAIN: &str = "cluster.local";

/// Gateway name by which a VirtualService means traffic inside the mesh, as opposed to that of a Gateway.
pub const MESH_GATEWAY: &str = "mesh";

/// Entry of `exportTo` that means every namespace.
pub const EXPORT_TO_ALL: &str = "*";

/// Entry of `exportTo` that means the object's own namespace.
pub const EXPORT_TO_SELF: &str = ".";

/// Entry of `exportTo` that means no namespace.
pub const EXPORT_TO_NONE: &str = "~";

/// Class of a Gateway (Gateway API) that Istio deploys as an ingress gateway.
pub const GATEWAY_CLASS_ISTIO: &str = "istio";

/// Class of a Gateway that Istio deploys as a waypoint. Its one listener is [`WAYPOINT_PROTOCOL`] on [`HBONE_PORT`].
pub const GATEWAY_CLASS_WAYPOINT: &str = "istio-waypoint";

/// Class of a Gateway that Istio deploys to carry ambient traffic between clusters.
pub const GATEWAY_CLASS_EAST_WEST: &str = "istio-east-west";

/// Class of a Gateway that stands for one in another cluster; Istio deploys nothing for it.
pub const GATEWAY_CLASS_REMOTE: &str = "istio-remote";

/// Protocol of a waypoint's listener.
pub const WAYPOINT_PROTOCOL: &str = "HBONE";

/// Port on which ztunnel and waypoints receive mesh traffic (HTTP CONNECT over mTLS). NetworkPolicies have to let it through.
pub const HBONE_PORT: u16 = 15008;

/// Port on which ztunnel receives traffic in plain text for a captured pod.
pub const INBOUND_PLAINTEXT_PORT: u16 = 15006;

/// Port on which a captured pod's outbound traffic is taken.
pub const OUTBOUND_PORT: u16 = 15001;

/// Source address of the kubelet's probes as a pod in ambient mode sees it. NetworkPolicies have to let it through.
pub const HOST_PROBE_ADDRESS: &str = "169.254.7.127";
