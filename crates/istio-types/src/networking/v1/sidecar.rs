//! Sidecar: what sidecar proxies know and capture.

use crd_core::resource;
use serde::{Deserialize, Serialize};

use super::connection_pool::ConnectionPoolSettings;
use super::destination::{Destination, SidecarPort};
use super::selector::LabelsSelector;
use super::tls::ServerTlsSettings;
use crate::root::with_spec;
use crate::status::IstioStatus;

resource! {
    /// Narrows what sidecar proxies know of the mesh and capture of their workload's traffic.
    /// Without effect in ambient mode.
    ///
    /// One without selector goes for its namespace, in the root namespace for the mesh.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/sidecar/>
    #[resource(
        group = "networking.istio.io",
        version = "v1",
        kind = "Sidecar",
        plural = "sidecars",
        scope = Namespaced,
        categories = ["istio-io", "networking-istio-io"],
        status_subresource = true,
    )]
    pub struct Sidecar {
        /// What is narrowed, and for whom.
        pub spec: Option<SidecarSpec>,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

with_spec! { Sidecar: SidecarSpec, }

/// What a [`Sidecar`] narrows, and for whom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SidecarSpec {
    /// The workloads. Left out, all of the namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workload_selector: Option<LabelsSelector>,

    /// Inbound ports and what becomes of their traffic. Left out, taken from the services of the
    /// workload.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ingress: Vec<IstioIngressListener>,

    /// Outbound ports, and the hosts that can be reached. Left out, as the namespace's or the
    /// mesh's default Sidecar says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub egress: Vec<IstioEgressListener>,

    /// Limits of inbound connections.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inbound_connection_pool: Option<ConnectionPoolSettings>,

    /// What becomes of traffic to unknown hosts. Left out, as the mesh says, which is `ALLOW_ANY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outbound_traffic_policy: Option<OutboundTrafficPolicy>,
}

/// An inbound port of a workload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct IstioIngressListener {
    /// The port.
    pub port: SidecarPort,

    /// Address to listen on. Left out, the workload's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bind: Option<String>,

    /// How traffic gets there. Left out, `DEFAULT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capture_mode: Option<CaptureMode>,

    /// Where traffic goes: `127.0.0.1:PORT`, `0.0.0.0:PORT`, `[::1]:PORT`, `[::]:PORT` or
    /// `unix://PATH`. Left out, the same port of the workload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_endpoint: Option<String>,

    /// How TLS from outside the mesh ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<ServerTlsSettings>,

    /// Limits of the connections; replaces `inbound_connection_pool` as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_pool: Option<ConnectionPoolSettings>,
}

/// An outbound port of a workload, or all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct IstioEgressListener {
    /// The port. Left out, all; then it is the last entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<SidecarPort>,

    /// Address to listen on. Left out, taken from the services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bind: Option<String>,

    /// How traffic gets there. Left out, `DEFAULT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capture_mode: Option<CaptureMode>,

    /// Hosts that can be reached: `NAMESPACE/NAME`, where the namespace may be `.`, `*` or `~` and
    /// the name may begin with a wildcard.
    pub hosts: Vec<String>,
}

crd_core::string_enum! {
    /// How traffic gets to a listener.
    pub enum CaptureMode {
        /// As the environment does.
        Default = "DEFAULT",
        /// By iptables redirection.
        Iptables = "IPTABLES",
        /// Not at all: the workload talks to the listener itself.
        None = "NONE",
    }
}

/// What becomes of traffic to unknown hosts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OutboundTrafficPolicy {
    /// Whether it is let through. Left out, `REGISTRY_ONLY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<OutboundTrafficPolicyMode>,

    /// Where it is sent instead of its own destination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub egress_proxy: Option<Destination>,
}

crd_core::string_enum! {
    /// Whether traffic to unknown hosts is let through.
    pub enum OutboundTrafficPolicyMode {
        /// It is not.
        RegistryOnly = "REGISTRY_ONLY",
        /// It is.
        AllowAny = "ALLOW_ANY",
    }
}
