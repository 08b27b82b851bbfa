//! Labels that Istio reads, and their values.
//!
//! Kubernetes takes any label; a misspelt one does nothing and says nothing. Use these instead of texts.
//!
//! ```
//! use istio_types::labels::{DataplaneMode, UseWaypoint};
//!
//! assert_eq!(DataplaneMode::Ambient.label(), ("istio.io/dataplane-mode", "ambient"));
//! let waypoint = UseWaypoint::from("waypoint");
//! assert_eq!(waypoint.label(), ("istio.io/use-waypoint", "waypoint"));
//! ```

use std::fmt;

use crd_core::StringEnum;

/// Of a namespace or pod: whether its traffic goes through ztunnel. Values: [`DataplaneMode`].
pub const DATAPLANE_MODE: &str = "istio.io/dataplane-mode";

/// Of a namespace, Service, ServiceEntry, WorkloadEntry or pod: the waypoint in front of it. Values: [`UseWaypoint`].
pub const USE_WAYPOINT: &str = "istio.io/use-waypoint";

/// Beside [`USE_WAYPOINT`]: the namespace of the waypoint, where that is another one.
///
/// The waypoint's listener must allow routes from the namespace that uses it.
pub const USE_WAYPOINT_NAMESPACE: &str = "istio.io/use-waypoint-namespace";

/// Of a namespace or Service, value `true`: traffic from an ingress gateway passes the waypoint too. Without it, it goes past.
pub const INGRESS_USE_WAYPOINT: &str = "istio.io/ingress-use-waypoint";

/// Of a waypoint's Gateway: which traffic it handles. Values: [`WaypointFor`].
pub const WAYPOINT_FOR: &str = "istio.io/waypoint-for";

/// Of a Service, value `true`: the clusters of an ambient mesh share it.
pub const GLOBAL: &str = "istio.io/global";

/// Of a namespace, pod or Gateway: the revision of the control plane, or the revision tag, that it follows.
pub const REVISION: &str = "istio.io/rev";

/// Of a namespace: whether pods get sidecars, `enabled` or `disabled`. Goes before [`DATAPLANE_MODE`].
pub const INJECTION: &str = "istio-injection";

/// Of a pod: whether it gets a sidecar, `true` or `false`.
pub const SIDECAR_INJECT: &str = "sidecar.istio.io/inject";

/// Of a pod: name of the canonical service in telemetry.
pub const CANONICAL_NAME: &str = "service.istio.io/canonical-name";

/// Of a pod: revision of the canonical service in telemetry.
pub const CANONICAL_REVISION: &str = "service.istio.io/canonical-revision";

/// Of the system namespace, a pod or a gateway's Service: the network, an area of direct reachability, that it is in.
pub const NETWORK: &str = "topology.istio.io/network";

/// The cluster of a workload. Istio sets it by itself; the subsets of a DestinationRule can match it.
pub const CLUSTER: &str = "topology.istio.io/cluster";

/// Of a node: the part of a zone that it is in, below `topology.kubernetes.io/zone`.
pub const SUBZONE: &str = "topology.istio.io/subzone";

/// Of what Istio deploys for a Gateway: the controller that manages it.
pub const GATEWAY_MANAGED: &str = "gateway.istio.io/managed";

/// Value of [`DATAPLANE_MODE`]. Istio treats a value that it does not know as `none`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[string_enum(rename_all = "camelCase")]
pub enum DataplaneMode {
    /// Traffic goes through ztunnel.
    Ambient,
    /// It does not. On a pod this takes it out of its namespace's mesh.
    None,
    /// A text that this version of the types does not know.
    Other(String),
}

impl DataplaneMode {
    /// Key and value of the label.
    pub fn label(&self) -> (&'static str, &str) {
        (DATAPLANE_MODE, self.as_str())
    }
}

/// Value of [`WAYPOINT_FOR`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "camelCase")]
pub enum WaypointFor {
    /// Traffic addressed to Services. The meaning of a missing label.
    Service,
    /// Traffic addressed to pods and virtual machines by their own address.
    Workload,
    /// Services and workloads.
    All,
    /// Neither: the waypoint is there for tests.
    None,
}

impl WaypointFor {
    /// Key and value of the label.
    pub fn label(&self) -> (&'static str, &'static str) {
        (WAYPOINT_FOR, self.as_str())
    }
}

/// Value of [`USE_WAYPOINT`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UseWaypoint {
    /// No waypoint, even where the namespace names one: the value `none`.
    None,
    /// The Gateway of this name, in the same namespace unless [`USE_WAYPOINT_NAMESPACE`] names another.
    Named(String),
}

impl UseWaypoint {
    /// The value as the label carries it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::None => "none",
            Self::Named(name) => name,
        }
    }

    /// Key and value of the label.
    pub fn label(&self) -> (&'static str, &str) {
        (USE_WAYPOINT, self.as_str())
    }
}

impl From<&str> for UseWaypoint {
    /// Reads the label's value. A waypoint cannot be called `none`.
    fn from(text: &str) -> Self {
        match text {
            "none" => Self::None,
            name => Self::Named(name.to_owned()),
        }
    }
}

impl fmt::Display for UseWaypoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}
