//! Sidecar: what sidecar proxies know and capture.

use super::connection_pool::ConnectionPoolSettings;
use super::destination::{Destination, SidecarPort};
use super::selector::LabelsSelector;
use super::tls::ServerTlsSettings;
use crate::status::IstioStatus;
use crd_core::{Object, ObjectMeta, Resource, StringEnum};

/// Narrows what sidecar proxies know of the mesh and capture of their workload's traffic.
/// Without effect in ambient mode.
///
/// One without selector goes for its namespace, in the root namespace for the mesh.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/sidecar/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "networking.istio.io",
    version = "v1",
    kind = "Sidecar",
    plural = "sidecars",
    scope = Namespaced,
    categories = ["istio-io", "networking-istio-io"],
    status_subresource,
    older(version = "v1alpha3"),
    older(version = "v1beta1"),
)]
pub struct Sidecar {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What is narrowed, and for whom.
    pub spec: Option<SidecarSpec>,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

/// What a [`Sidecar`] narrows, and for whom.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SidecarSpec {
    /// The workloads. Left out, all of the namespace.
    pub workload_selector: Option<LabelsSelector>,

    /// Inbound ports and what becomes of their traffic. Left out, taken from the services of the
    /// workload.
    pub ingress: Vec<IstioIngressListener>,

    /// Outbound ports, and the hosts that can be reached. Left out, as the namespace's or the
    /// mesh's default Sidecar says.
    pub egress: Vec<IstioEgressListener>,

    /// Limits of inbound connections.
    pub inbound_connection_pool: Option<ConnectionPoolSettings>,

    /// What becomes of traffic to unknown hosts. Left out, as the mesh says, which is `ALLOW_ANY`.
    pub outbound_traffic_policy: Option<OutboundTrafficPolicy>,
}

/// An inbound port of a workload.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct IstioIngressListener {
    /// Port of the workload on which requests come in.
    pub port: SidecarPort,

    /// Address to listen on. Left out, the workload's.
    pub bind: Option<String>,

    /// How traffic gets there. Left out, `DEFAULT`.
    pub capture_mode: Option<CaptureMode>,

    /// Where traffic goes: `127.0.0.1:PORT`, `0.0.0.0:PORT`, `[::1]:PORT`, `[::]:PORT` or
    /// `unix://PATH`. Left out, the same port of the workload.
    pub default_endpoint: Option<String>,

    /// How TLS from outside the mesh ends.
    pub tls: Option<ServerTlsSettings>,

    /// Limits of the connections; replaces `inbound_connection_pool` as a whole.
    pub connection_pool: Option<ConnectionPoolSettings>,
}

/// An outbound port of a workload, or all of them.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct IstioEgressListener {
    /// The port. Left out, all; then it is the last entry.
    pub port: Option<SidecarPort>,

    /// Address to listen on. Left out, taken from the services.
    pub bind: Option<String>,

    /// How traffic gets there. Left out, `DEFAULT`.
    pub capture_mode: Option<CaptureMode>,

    /// Hosts that can be reached: `NAMESPACE/NAME`, where the namespace may be `.`, `*` or `~` and
    /// the name may begin with a wildcard.
    #[field(required)]
    pub hosts: Vec<String>,
}

/// How traffic gets to a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "UPPERCASE")]
pub enum CaptureMode {
    /// As the environment is set up.
    Default,
    /// Rules of iptables redirect them to the proxy.
    Iptables,
    /// Not at all: the workload talks to the listener itself.
    None,
}

/// What becomes of traffic to unknown hosts.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct OutboundTrafficPolicy {
    /// Whether it is let through. Left out, `REGISTRY_ONLY`.
    pub mode: Option<OutboundTrafficPolicyMode>,

    /// Where it is sent instead of its own destination.
    pub egress_proxy: Option<Destination>,
}

/// Whether traffic to unknown hosts is let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OutboundTrafficPolicyMode {
    /// Traffic to hosts that no service or ServiceEntry names is dropped.
    RegistryOnly,
    /// Traffic to hosts that nobody names passes as it is.
    AllowAny,
}
