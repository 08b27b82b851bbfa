//! Nodes as the agents and the operator see them.

use std::collections::BTreeMap;

use super::endpoint::{AddressPair, EncryptionSpec};
use super::node_cloud::{AlibabaSpec, AlibabaStatus, AzureSpec, AzureStatus, EniSpec, EniStatus};
use crate::cidr::Cidr;
use crd_core::{Object, ObjectMeta, Resource, StringEnum};

/// One node: its addresses, and the addresses that its pods are given. Made by Cilium; people
/// read it, and at most write `spec.ipam`.
///
/// <https://docs.cilium.io/en/stable/network/concepts/ipam/crd/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumNode",
    plural = "ciliumnodes", scope = Cluster,
    short_names = ["cn", "ciliumn"],
    categories = ["cilium"],
    status_subresource,
    printer_columns = [
        ("CiliumInternalIP", "string", ".spec.addresses[?(@.type==\"CiliumInternalIP\")].ip"),
        ("InternalIP", "string", ".spec.addresses[?(@.type==\"InternalIP\")].ip"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
)]
pub struct CiliumNode {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The node and what it wants.
    pub spec: NodeSpec,
    /// What the operator gave it.
    pub status: Option<NodeStatus>,
}

/// A node and what it wants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct NodeSpec {
    /// Name of the machine at the cloud provider, where there is one.
    pub instance_id: Option<String>,
    /// Changes with each boot of the machine.
    #[field(rename = "bootid")]
    pub boot_id: Option<String>,
    /// Addresses of the node itself.
    pub addresses: Vec<NodeAddress>,
    /// Addresses of its health endpoint.
    pub health: Option<HealthAddressingSpec>,
    /// Addresses of its ingress listener.
    pub ingress: Option<AddressPair>,
    /// How traffic to it is encrypted.
    pub encryption: Option<EncryptionSpec>,
    /// How addresses are had from Amazon EC2.
    pub eni: Option<EniSpec>,
    /// How addresses are had from Azure.
    pub azure: Option<AzureSpec>,
    /// How addresses are had from Alibaba Cloud.
    pub alibaba_cloud: Option<AlibabaSpec>,
    /// How the node's pods get their addresses.
    pub ipam: Option<IpamSpec>,
    /// Number of the node's own identity. Absent: it has none.
    #[field(rename = "nodeidentity")]
    pub node_identity: Option<i64>,
}

/// An address of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct NodeAddress {
    /// What the address is for: `InternalIP`, `ExternalIP`, `CiliumInternalIP`, `Hostname` and the like.
    #[field(rename = "type")]
    pub type_: Option<String>,
    /// IPv4 or IPv6 address by which the node is reached.
    pub ip: Option<String>,
}

/// Addresses of a node's health endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct HealthAddressingSpec {
    /// The IPv4 address, if there is one.
    pub ipv4: Option<String>,
    /// The IPv6 address, if there is one.
    pub ipv6: Option<String>,
}

/// Addresses for the pods of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct IpamSpec {
    /// IPv4 addresses that the node may give away, those in use included. The keys are the
    /// addresses.
    pub pool: BTreeMap<String, AllocationIp>,
    /// IPv6 addresses that the node may give away, those in use included. The keys are the
    /// addresses.
    pub ipv6_pool: BTreeMap<String, AllocationIp>,
    /// Blocks from named pools (`CiliumPodIPPool`).
    pub pools: Option<IpamPoolSpec>,
    /// Blocks that the node may give away addresses of.
    #[field(rename = "podCIDRs")]
    pub pod_cidrs: Vec<String>,
    /// Addresses that the node has from the start on, at least. 0 or more.
    #[schemars(with = "Option<crate::schema::Integer>", range(min = 0))]
    pub min_allocate: Option<i64>,
    /// Addresses that the node has at most. 0 or more; absent and 0: no limit.
    #[schemars(with = "Option<crate::schema::Integer>", range(min = 0))]
    pub max_allocate: Option<i64>,
    /// Addresses that the node keeps in reserve. 0 or more.
    #[schemars(with = "Option<crate::schema::Integer>", range(min = 0))]
    pub pre_allocate: Option<i64>,
    /// Addresses that may be fetched beyond that reserve, to save calls to the provider. 0 or more.
    #[schemars(with = "Option<crate::schema::Integer>", range(min = 0))]
    pub max_above_watermark: Option<i64>,
    /// Tags of the pool that the node's static address comes from.
    pub static_ip_tags: BTreeMap<String, String>,
}

/// Who uses an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct AllocationIp {
    /// The user, mostly the name of a pod. Absent: the address is free.
    pub owner: Option<String>,
    /// What the address hangs on at the provider, such as the identifier of an interface.
    pub resource: Option<String>,
}

/// Blocks that a node wants and has from named pools.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct IpamPoolSpec {
    /// What the node wants. Written by the agent.
    pub requested: Vec<IpamPoolRequest>,
    /// What the node has. The operator adds to it, the agent gives back.
    pub allocated: Vec<IpamPoolAllocation>,
}

/// What a node wants from one pool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct IpamPoolRequest {
    /// Name of the pool, not empty.
    #[schemars(length(min = 1))]
    pub pool: String,
    /// How many addresses the node asks for.
    pub needed: Option<IpamPoolDemand>,
}

/// A number of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct IpamPoolDemand {
    /// How many IPv4 addresses; absent asks for none.
    #[field(rename = "ipv4-addrs")]
    #[schemars(with = "Option<crate::schema::Integer>")]
    pub ipv4_addrs: Option<i64>,
    /// How many IPv6 addresses; absent asks for none.
    #[field(rename = "ipv6-addrs")]
    #[schemars(with = "Option<crate::schema::Integer>")]
    pub ipv6_addrs: Option<i64>,
}

/// What a node has from one pool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct IpamPoolAllocation {
    /// Name of the pool, not empty.
    #[schemars(length(min = 1))]
    pub pool: String,
    /// The blocks that the node got of the pool.
    pub cidrs: Vec<Cidr>,
}

/// What the operator gave a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct NodeStatus {
    /// The node's network interfaces at Amazon EC2.
    pub eni: Option<EniStatus>,
    /// The node's network interfaces at Azure.
    pub azure: Option<AzureStatus>,
    /// Which addresses the node's pods use, and what the operator did.
    pub ipam: Option<IpamStatus>,
    /// The node's network interfaces at Alibaba Cloud.
    pub alibaba_cloud: Option<AlibabaStatus>,
}

/// Which addresses of a node are in use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct IpamStatus {
    /// IPv4 addresses in use. The keys are the addresses.
    pub used: BTreeMap<String, AllocationIp>,
    /// IPv6 addresses in use. The keys are the addresses.
    pub ipv6_used: BTreeMap<String, AllocationIp>,
    /// State of each block of the node. The keys are the blocks.
    pub pod_cidrs: BTreeMap<String, PodCidrMapEntry>,
    /// What the operator has to say.
    pub operator_status: Option<OperatorStatus>,
    /// IPv4 addresses that are to be given back, and how far that is.
    pub release_ips: BTreeMap<String, IpReleaseStatus>,
    /// IPv6 addresses that are to be given back, and how far that is.
    pub release_ipv6s: BTreeMap<String, IpReleaseStatus>,
    /// The static address that the node was given.
    pub assigned_static_ip: Option<String>,
}

/// State of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct PodCidrMapEntry {
    /// Whether the block is in use.
    pub status: Option<PodCidrStatus>,
}

/// State of a block of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "kebab-case")]
pub enum PodCidrStatus {
    /// Given back; the operator may give it to another node.
    Released,
    /// None of its addresses is left.
    Depleted,
    /// Some of its addresses are in use.
    InUse,
}

/// How far the return of an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "kebab-case")]
pub enum IpReleaseStatus {
    /// The operator would like to have it back.
    MarkedForRelease,
    /// The agent says that nobody uses the address, and that it can go.
    ReadyForRelease,
    /// The agent refuses: it is in use, or not the node's.
    DoNotRelease,
    /// The operator has taken it back.
    Released,
}

/// What the operator has to say of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct OperatorStatus {
    /// What went wrong, if something did.
    pub error: Option<String>,
}
