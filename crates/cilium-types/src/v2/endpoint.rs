//! Endpoints as the agents see them.

use std::collections::BTreeMap;

use crd_core::{Object, ObjectMeta, Resource, StringEnum};

/// What the agent knows of one pod's endpoint. Made by Cilium; people only read it.
///
/// <https://docs.cilium.io/en/stable/network/kubernetes/ciliumendpoint/>
#[derive(Clone, Debug, PartialEq, Resource)]
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
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The state of the endpoint, as the node's agent reports it.
    pub status: Option<EndpointStatus>,
}

/// State of an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct EndpointStatus {
    /// Number of the endpoint on its node.
    pub id: Option<i64>,
    /// Controllers of the endpoint that fail.
    pub controllers: Vec<ControllerStatus>,
    /// By what others know the endpoint.
    pub external_identifiers: Option<EndpointIdentifiers>,
    /// Whether the endpoint's parts are well.
    pub health: Option<EndpointHealth>,
    /// The identity that policies know it by.
    pub identity: Option<EndpointIdentity>,
    /// Service account of the pod.
    pub service_account: Option<String>,
    /// The last few warnings and errors.
    pub log: Vec<EndpointStatusChange>,
    /// Addresses of the pod and of its node.
    pub networking: Option<EndpointNetworking>,
    /// How its traffic is encrypted.
    pub encryption: Option<EncryptionSpec>,
    /// What policies allow and deny.
    pub policy: Option<EndpointPolicy>,
    /// Where the endpoint stands in its life.
    pub state: Option<EndpointState>,
    /// Ports of the pod that have a name.
    pub named_ports: Vec<NamedPort>,
}

/// Where an endpoint stands in its life.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = [
    "creating", "waiting-for-identity", "not-ready", "waiting-to-regenerate", "regenerating",
    "restoring", "ready", "disconnecting", "disconnected", "invalid"
]))]
#[string_enum(rename_all = "kebab-case")]
pub enum EndpointState {
    /// Its network is being set up.
    Creating,
    /// Its labels have no identity yet.
    WaitingForIdentity,
    /// It works, with a configuration that is not the newest.
    NotReady,
    /// Its programs wait to be built anew.
    WaitingToRegenerate,
    /// Its programs are being built anew.
    Regenerating,
    /// The agent restarted and takes it over.
    Restoring,
    /// Its policy is in force, and traffic flows.
    Ready,
    /// Its pod is gone, and its network is being taken down.
    Disconnecting,
    /// Its network is taken down.
    Disconnected,
    /// It could not be restored, and carries no traffic.
    Invalid,
    /// A text that this version of the types does not know.
    Other(String),
}

/// A controller of the agent that fails.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct ControllerStatus {
    /// What the controller does.
    pub name: Option<String>,
    /// How often the controller runs, and how long it waits after failures.
    pub configuration: Option<ControllerConfiguration>,
    /// How many runs of the controller succeeded and failed, and why.
    pub status: Option<ControllerStatusStatus>,
    /// The controller's identifier, unique within the agent.
    pub uuid: Option<String>,
}

/// How a controller is set up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct ControllerConfiguration {
    /// Whether it tries again after an error.
    pub error_retry: Option<bool>,
    /// Nanoseconds until the first new attempt; each further wait is longer.
    pub error_retry_base: Option<i64>,
    /// Nanoseconds between two runs.
    pub interval: Option<i64>,
}

/// How a controller fares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct ControllerStatusStatus {
    /// Failures since the last success.
    pub consecutive_failure_count: Option<i64>,
    /// How many runs failed since the agent began.
    pub failure_count: Option<i64>,
    /// What the last failure said.
    pub last_failure_msg: Option<String>,
    /// When a run last failed, in RFC 3339.
    pub last_failure_timestamp: Option<String>,
    /// When a run last succeeded, in RFC 3339.
    pub last_success_timestamp: Option<String>,
    /// How many runs succeeded since the agent began.
    pub success_count: Option<i64>,
}

/// By what others know an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct EndpointIdentifiers {
    /// Identifier that the container runtime gave to this attachment.
    pub cni_attachment_id: Option<String>,
    /// Identifier of the container. Deprecated; may stand for several endpoints.
    pub container_id: Option<String>,
    /// Name of the container. Deprecated; may stand for several endpoints.
    pub container_name: Option<String>,
    /// Docker's identifier of the endpoint.
    pub docker_endpoint_id: Option<String>,
    /// Docker's identifier of the network.
    pub docker_network_id: Option<String>,
    /// Namespace of the pod. Deprecated; may stand for several endpoints.
    pub k8s_namespace: Option<String>,
    /// Name of the pod. Deprecated; may stand for several endpoints.
    pub k8s_pod_name: Option<String>,
    /// Namespace and name of the pod. Deprecated; may stand for several endpoints.
    pub pod_name: Option<String>,
}

/// Whether the parts of an endpoint are well. The words are the agent's: `OK`, `Bootstrap`,
/// `Pending`, `Warning`, `Failure`, `Disabled`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct EndpointHealth {
    /// Its programs in the kernel.
    pub bpf: Option<String>,
    /// Whether it can be reached.
    pub connected: Option<bool>,
    /// The worst of the other three.
    pub overall_health: Option<String>,
    /// Whether its policies are in force.
    pub policy: Option<String>,
}

/// The identity of an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct EndpointIdentity {
    /// Its number, the name of a `CiliumIdentity`.
    pub id: Option<i64>,
    /// Its labels, as `source:key=value`.
    pub labels: Vec<String>,
}

/// A warning or an error of an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct EndpointStatusChange {
    /// Whether the change succeeded: `ok` or `failed`.
    pub code: Option<String>,
    /// What happened to the endpoint, for people.
    pub message: Option<String>,
    /// The endpoint's state after it.
    pub state: Option<String>,
    /// When it happened, in RFC 3339.
    pub timestamp: Option<String>,
}

/// Addresses of an endpoint and of its node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct EndpointNetworking {
    /// The pod's addresses, a pair of IPv4 and IPv6 for each interface.
    #[field(required)]
    pub addressing: Vec<AddressPair>,
    /// Address of its node, as other nodes reach it.
    #[field(rename = "node")]
    pub node_ip: Option<String>,
}

/// An address for each version of IP.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct AddressPair {
    /// The IPv4 address, if there is one.
    pub ipv4: Option<String>,
    /// The IPv6 address, if there is one.
    pub ipv6: Option<String>,
}

/// How traffic is encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct EncryptionSpec {
    /// Number of the key in use; 0 is none, the traffic is in the clear.
    #[schemars(with = "Option<crate::schema::Integer>")]
    pub key: Option<i64>,
}

/// What policies allow and deny an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct EndpointPolicy {
    /// The policy for traffic to the endpoint.
    pub ingress: Option<EndpointPolicyDirection>,
    /// The policy for traffic from the endpoint.
    pub egress: Option<EndpointPolicyDirection>,
}

/// What policies allow and deny in one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct EndpointPolicyDirection {
    /// Whether a policy is in force at all.
    pub enforcing: bool,
    /// The identities and ports that are allowed.
    pub allowed: Vec<IdentityTuple>,
    /// The identities and ports that are denied, whatever allows them.
    pub denied: Vec<IdentityTuple>,
    /// No longer in use.
    pub removing: Vec<IdentityTuple>,
    /// No longer in use.
    pub adding: Vec<IdentityTuple>,
    /// How policies are enforced.
    pub state: Option<EndpointPolicyState>,
}

/// How policies are enforced on an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[string_enum(rename_all = "kebab-case")]
pub enum EndpointPolicyState {
    /// What they deny is dropped.
    Enforcing,
    /// What they deny is only noted.
    NonEnforcing,
    /// No policy is in force; everything is allowed.
    Disabled,
    /// A text that this version of the types does not know.
    Other(String),
}

/// A peer by its identity, and the port that it may or may not use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct IdentityTuple {
    /// Number of the peer's identity; 0 is every peer.
    pub identity: Option<i64>,
    /// Labels of that identity.
    pub identity_labels: BTreeMap<String, String>,
    /// The port that is called; 0 is every port.
    #[schemars(with = "Option<crate::schema::Integer>")]
    pub dest_port: Option<u16>,
    /// Number of the protocol in IP: 6 is TCP, 17 UDP, 0 every protocol.
    #[schemars(with = "Option<crate::schema::Integer>")]
    pub protocol: Option<u8>,
}

/// A port that has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct NamedPort {
    /// The name; a port may do without.
    pub name: Option<String>,
    /// Number that the name stands for, 1 to 65535.
    #[schemars(with = "Option<crate::schema::Integer>")]
    pub port: Option<u16>,
    /// `TCP`, `UDP`, `SCTP`, `ICMP`, `ICMPV6` or `ANY`.
    pub protocol: Option<String>,
}
