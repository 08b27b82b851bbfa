//! Traffic that stays on its node.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};

crd_core::resource! {
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
    /// let mut policy = CiliumLocalRedirectPolicy::new("dns-cache").in_namespace("kube-system");
    /// policy.spec = Some(CiliumLocalRedirectPolicySpec {
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
    /// });
    /// ```
    ///
    /// <https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/>
    #[resource(
        group = "cilium.io", version = "v2", kind = "CiliumLocalRedirectPolicy",
        plural = "ciliumlocalredirectpolicies", scope = Namespaced,
        short_names = ["clrp"],
        categories = ["cilium", "ciliumpolicy"],
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    )]
    pub struct CiliumLocalRedirectPolicy {
        /// From where to where. Without it the policy has no effect.
        pub spec: Option<CiliumLocalRedirectPolicySpec>,
        /// What Cilium made of the policy.
        pub status: Option<CiliumLocalRedirectPolicyStatus>,
    }
}

/// From where to where traffic is sent. Only the description may change later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumLocalRedirectPolicySpec {
    /// The traffic that is taken.
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = [
        { "rule": "oldSelf == self", "message": "what is redirected cannot be changed" },
    ])))]
    pub redirect_frontend: RedirectFrontend,
    /// The pods that get it.
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = [
        { "rule": "oldSelf == self", "message": "the target of a redirect cannot be changed" },
    ])))]
    pub redirect_backend: RedirectBackend,
    /// Whether traffic of the pods that get it is left alone, so that they can reach the
    /// address themselves. Absent: false.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend(
        "default" = false,
        "x-kubernetes-validations" = [
            { "rule": "oldSelf == self", "message": "whether backends are spared cannot be changed" },
        ],
    )))]
    pub skip_redirect_from_backend: Option<bool>,
    /// For the reader; has no effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

crd_core::union! {
    /// The traffic that is taken.
    pub enum RedirectFrontend {
        /// By its destination's address.
        AddressMatcher(Frontend) = "addressMatcher",
        /// By the Service that it calls.
        ServiceMatcher(ServiceInfo) = "serviceMatcher",
    }
}

/// A destination by address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Frontend {
    /// An IPv4 or IPv6 address, such as `169.254.20.10`.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = crate::schema::IP_PATTERN)))]
    pub ip: String,
    /// Ports at that address. Several must have names.
    pub to_ports: Vec<PortInfo>,
}

/// A destination by Service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServiceInfo {
    /// Name of the Service; its type must be ClusterIP.
    pub service_name: String,
    /// Its namespace, which must be that of the policy.
    pub namespace: String,
    /// Ports of the Service. Several must have names. Empty and absent are the same: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_ports: Vec<PortInfo>,
}

/// The pods that get the traffic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RedirectBackend {
    /// Labels of pods in the policy's namespace; those on the caller's node are taken.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::LabelSelector"))]
    pub local_endpoint_selector: LabelSelector,
    /// Their ports. Several must have names, which say what goes where.
    pub to_ports: Vec<PortInfo>,
}

/// One port of a redirect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortInfo {
    /// The number, as text: `"53"`.
    #[cfg_attr(
        feature = "schema",
        schemars(regex(
            pattern = "^()([1-9]|[1-5]?[0-9]{2,4}|6[1-4][0-9]{3}|65[1-4][0-9]{2}|655[1-2][0-9]|6553[1-5])$"
        ))
    )]
    pub port: String,
    /// TCP or UDP.
    pub protocol: PortInfoProtocol,
    /// Ties ports of the two sides together. Letters, digits and single hyphens, at least one
    /// letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(regex(pattern = "^([0-9]{1,4})|([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*$"))
    )]
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

crd_core::string_enum! {
    /// Protocol of a [`PortInfo`].
    pub enum PortInfoProtocol {
        /// TCP.
        Tcp = "TCP",
        /// UDP.
        Udp = "UDP",
    }
}

/// What Cilium made of the policy. Written by Cilium.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CiliumLocalRedirectPolicyStatus {
    /// Whether the policy was read and taken over without error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ok: Option<bool>,
}
