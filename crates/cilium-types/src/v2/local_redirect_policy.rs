//! Traffic that stays on its node.

use crd_core::{Object, ObjectMeta, Resource, StringEnum, Union};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

/// Sends traffic for an address or a Service to pods of the same node, as for a DNS cache on
/// each node.
///
/// ```
/// use cilium_types::v2::{
///     CiliumLocalRedirectPolicy, CiliumLocalRedirectPolicySpec, PortInfo, RedirectBackend,
///     RedirectFrontend, ServiceInfo,
/// };
/// use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
///
/// let spec = CiliumLocalRedirectPolicySpec {
///     redirect_frontend: RedirectFrontend::ServiceMatcher(ServiceInfo {
///         service_name: "kube-dns".into(),
///         namespace: "kube-system".into(),
///         to_ports: vec![],
///     }),
///     redirect_backend: RedirectBackend {
///         local_endpoint_selector: LabelSelector {
///             match_labels: Some([("app".into(), "dns-cache".into())].into()),
///             ..LabelSelector::default()
///         },
///         to_ports: vec![PortInfo::udp(53)],
///     },
///     skip_redirect_from_backend: Some(true),
///     description: None,
/// };
/// let policy = CiliumLocalRedirectPolicy::new("dns-cache", spec).in_namespace("kube-system");
/// ```
///
/// <https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumLocalRedirectPolicy",
    plural = "ciliumlocalredirectpolicies", scope = Namespaced,
    short_names = ["clrp"],
    categories = ["cilium", "ciliumpolicy"],
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
)]
pub struct CiliumLocalRedirectPolicy {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// From where to where. Without it the policy has no effect.
    pub spec: Option<CiliumLocalRedirectPolicySpec>,
    /// What Cilium made of the policy.
    pub status: Option<CiliumLocalRedirectPolicyStatus>,
}

/// From where to where traffic is sent. Only the description may change later.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct CiliumLocalRedirectPolicySpec {
    /// The traffic that is taken.
    #[schemars(extend("x-kubernetes-validations" = [
        { "rule": "oldSelf == self", "message": "what is redirected cannot be changed" },
    ]))]
    pub redirect_frontend: RedirectFrontend,
    /// The pods of the same node that get the traffic instead.
    #[schemars(extend("x-kubernetes-validations" = [
        { "rule": "oldSelf == self", "message": "the target of a redirect cannot be changed" },
    ]))]
    pub redirect_backend: RedirectBackend,
    /// Whether traffic of the pods that get it is left alone, so that they can reach the
    /// address themselves. Absent: false.
    #[schemars(extend(
        "default" = false,
        "x-kubernetes-validations" = [
            { "rule": "oldSelf == self", "message": "whether backends are spared cannot be changed" },
        ],
    ))]
    pub skip_redirect_from_backend: Option<bool>,
    /// For the reader; has no effect.
    pub description: Option<String>,
}

/// The traffic that is taken.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum RedirectFrontend {
    /// By its destination's address.
    AddressMatcher(Frontend),
    /// By the Service that it calls.
    ServiceMatcher(ServiceInfo),
}

/// A destination by address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct Frontend {
    /// An IPv4 or IPv6 address, such as `169.254.20.10`.
    #[schemars(regex(pattern = crate::schema::IP_PATTERN))]
    pub ip: String,
    /// Ports at that address. Several must have names.
    #[field(required)]
    pub to_ports: Vec<PortInfo>,
}

/// A destination by Service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct ServiceInfo {
    /// Name of the Service; its type must be ClusterIP.
    pub service_name: String,
    /// Its namespace, which must be that of the policy.
    pub namespace: String,
    /// Ports of the Service. Several must have names. Empty and absent are the same: all.
    pub to_ports: Vec<PortInfo>,
}

/// The pods that get the traffic.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RedirectBackend {
    /// Labels of pods in the policy's namespace; those on the caller's node are taken.
    #[schemars(with = "crate::v2::EndpointSelector")]
    pub local_endpoint_selector: LabelSelector,
    /// Their ports. Several must have names, which say what goes where.
    #[field(required)]
    pub to_ports: Vec<PortInfo>,
}

/// One port of a redirect.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct PortInfo {
    /// The number, as text: `"53"`.
    #[schemars(regex(
        pattern = "^()([1-9]|[1-5]?[0-9]{2,4}|6[1-4][0-9]{3}|65[1-4][0-9]{2}|655[1-2][0-9]|6553[1-5])$"
    ))]
    pub port: String,
    /// TCP or UDP.
    pub protocol: PortInfoProtocol,
    /// Ties ports of the two sides together. Letters, digits and single hyphens, at least one
    /// letter.
    #[schemars(regex(pattern = "^([0-9]{1,4})|([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*$"))]
    pub name: Option<String>,
}

impl PortInfo {
    /// A TCP port without a name.
    pub fn tcp(port: u16) -> Self {
        Self {
            port: port.to_string(),
            protocol: PortInfoProtocol::Tcp,
            name: None,
        }
    }

    /// A UDP port without a name.
    pub fn udp(port: u16) -> Self {
        Self {
            port: port.to_string(),
            protocol: PortInfoProtocol::Udp,
            name: None,
        }
    }
}

/// Protocol of a [`PortInfo`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "UPPERCASE")]
pub enum PortInfoProtocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// What Cilium made of the policy. Written by Cilium.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CiliumLocalRedirectPolicyStatus {
    /// Whether the policy was read and taken over without error.
    pub ok: Option<bool>,
}
