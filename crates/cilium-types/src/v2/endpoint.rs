//! Endpoints as the agents see them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

crd_core::resource! {
    /// What the agent knows of one pod's endpoint. Made by Cilium; people only read it.
    ///
    /// <https://docs.cilium.io/en/stable/network/kubernetes/ciliumendpoint/>
    #[resource(
        group = "cilium.io", version = "v2", kind = "CiliumEndpoint",
        plural = "ciliumendpoints", scope = Namespaced,
        short_names = ["cep", "ciliumep"],
        categories = ["cilium"],
        printer_columns = [
            ("Security Identity", "integer", ".status.identity.id"),
            ("Ingress Enforcement", "string", ".status.policy.ingress.state", 1),
            ("Egress Enforcement", "string", ".status.policy.egress.state", 1),
            ("Endpoint State", "string", ".status.state"),
            ("IPv4", "string", ".status.networking.addressing[0].ipv4"),
            ("IPv6", "string", ".status.networking.addressing[0].ipv6"),
        ],
    )]
    pub struct CiliumEndpoint {
        /// The endpoint's state.
        pub status: Option<EndpointStatus>,
    }
}

/// State of an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct EndpointStatus {
    /// Number of the endpoint on its node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Controllers of the endpoint that fail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controllers: Vec<ControllerStatus>,
    /// By what others know the endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_identifiers: Option<EndpointIdentifiers>,
    /// Whether the endpoint's parts are well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<EndpointHealth>,
    /// The identity that policies know it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<EndpointIdentity>,
    /// Service account of the pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account: Option<String>,
    /// The last few warnings and errors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<EndpointStatusChange>,
    /// Addresses of the pod and of its node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub networking: Option<EndpointNetworking>,
    /// How its traffic is encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<EncryptionSpec>,
    /// What policies allow and deny.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<EndpointPolicy>,
    /// Where the endpoint stands in its life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<EndpointState>,
    /// Ports of the pod that have a name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named_ports: Vec<NamedPort>,
}

crd_core::string_enum! {
    /// Where an endpoint stands in its life.
    #[open]
    #[schemars(extend("enum" = [
        "creating", "waiting-for-identity", "not-ready", "waiting-to-regenerate", "regenerating",
        "restoring", "ready", "disconnecting", "disconnected", "invalid"
    ]))]
    pub enum EndpointState {
        /// It is being made.
        Creating = "creating",
        /// Its labels have no identity yet.
        WaitingForIdentity = "waiting-for-identity",
        /// It works, with a configuration that is not the newest.
        NotReady = "not-ready",
        /// Its programs wait to be built anew.
        WaitingToRegenerate = "waiting-to-regenerate",
        /// Its programs are being built anew.
        Regenerating = "regenerating",
        /// The agent restarted and takes it over.
        Restoring = "restoring",
        /// It works.
        Ready = "ready",
        /// It is being removed.
        Disconnecting = "disconnecting",
        /// It is removed.
        Disconnected = "disconnected",
        /// It could not be made.
        Invalid = "invalid",
    }
}

/// A controller of the agent that fails.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ControllerStatus {
    /// What the controller does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How it is set up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<ControllerConfiguration>,
    /// How it fares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ControllerStatusStatus>,
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
}

/// How a controller is set up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ControllerConfiguration {
    /// Whether it tries again after an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_retry: Option<bool>,
    /// Nanoseconds until the first new attempt; each further wait is longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_retry_base: Option<i64>,
    /// Nanoseconds between two runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<i64>,
}

/// How a controller fares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ControllerStatusStatus {
    /// Failures since the last success.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consecutive_failure_count: Option<i64>,
    /// Failures in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_count: Option<i64>,
    /// What the last failure said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_failure_msg: Option<String>,
    /// When it last failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_failure_timestamp: Option<String>,
    /// When it last succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_success_timestamp: Option<String>,
    /// Successes in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_count: Option<i64>,
}

/// By what others know an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct EndpointIdentifiers {
    /// Identifier that the container runtime gave to this attachment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cni_attachment_id: Option<String>,
    /// Identifier of the container. Deprecated; may stand for several endpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container_id: Option<String>,
    /// Name of the container. Deprecated; may stand for several endpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container_name: Option<String>,
    /// Docker's identifier of the endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docker_endpoint_id: Option<String>,
    /// Docker's identifier of the network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docker_network_id: Option<String>,
    /// Namespace of the pod. Deprecated; may stand for several endpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub k8s_namespace: Option<String>,
    /// Name of the pod. Deprecated; may stand for several endpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub k8s_pod_name: Option<String>,
    /// Namespace and name of the pod. Deprecated; may stand for several endpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod_name: Option<String>,
}

/// Whether the parts of an endpoint are well. The words are the agent's: `OK`, `Bootstrap`,
/// `Pending`, `Warning`, `Failure`, `Disabled`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EndpointHealth {
    /// Its programs in the kernel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bpf: Option<String>,
    /// Whether it can be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connected: Option<bool>,
    /// All in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overall_health: Option<String>,
    /// Its policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}

/// The identity of an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndpointIdentity {
    /// Its number, the name of a `CiliumIdentity`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Its labels, as `source:key=value`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
}

/// A warning or an error of an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndpointStatusChange {
    /// `ok` or `failed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The endpoint's state after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// When it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
}

/// Addresses of an endpoint and of its node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndpointNetworking {
    /// Addresses of the pod.
    pub addressing: Vec<AddressPair>,
    /// Address of its node, as other nodes reach it.
    #[serde(rename = "node", skip_serializing_if = "Option::is_none")]
    pub node_ip: Option<String>,
}

/// An address for each version of IP.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddressPair {
    /// The IPv4 address, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipv4: Option<String>,
    /// The IPv6 address, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipv6: Option<String>,
}

/// How traffic is encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EncryptionSpec {
    /// Number of the key in use; 0 is none, the traffic is in the clear.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Integer>"))]
    pub key: Option<i64>,
}

/// What policies allow and deny an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndpointPolicy {
    /// For what comes in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingress: Option<EndpointPolicyDirection>,
    /// For what goes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub egress: Option<EndpointPolicyDirection>,
}

/// What policies allow and deny in one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndpointPolicyDirection {
    /// Whether a policy is in force at all.
    pub enforcing: bool,
    /// Who is allowed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<IdentityTuple>,
    /// Who is denied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denied: Vec<IdentityTuple>,
    /// No longer in use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removing: Vec<IdentityTuple>,
    /// No longer in use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adding: Vec<IdentityTuple>,
    /// How policies are enforced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<EndpointPolicyState>,
}

crd_core::string_enum! {
    /// How policies are enforced on an endpoint.
    #[open]
    pub enum EndpointPolicyState {
        /// What they deny is dropped.
        Enforcing = "enforcing",
        /// What they deny is only noted.
        NonEnforcing = "non-enforcing",
        /// There are none.
        Disabled = "disabled",
    }
}

/// A peer and a port.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct IdentityTuple {
    /// Number of the peer's identity; 0 is every peer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<i64>,
    /// Labels of that identity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub identity_labels: BTreeMap<String, String>,
    /// The port that is called; 0 is every port.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Integer>"))]
    pub dest_port: Option<u16>,
    /// Number of the protocol in IP: 6 is TCP, 17 UDP, 0 every protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Integer>"))]
    pub protocol: Option<u8>,
}

/// A port that has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NamedPort {
    /// The name; a port may do without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Integer>"))]
    pub port: Option<u16>,
    /// `TCP`, `UDP`, `SCTP`, `ICMP`, `ICMPV6` or `ANY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
}
