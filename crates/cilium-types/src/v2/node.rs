//! Nodes as the agents and the operator see them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::endpoint::{AddressPair, EncryptionSpec};
use super::node_cloud::{AlibabaSpec, AlibabaStatus, AzureSpec, AzureStatus, EniSpec, EniStatus};
use crate::cidr::Cidr;

crd_core::resource! {
    /// One node: its addresses, and the addresses that its pods are given. Made by Cilium; people
    /// read it, and at most write `spec.ipam`.
    ///
    /// <https://docs.cilium.io/en/stable/network/concepts/ipam/crd/>
    #[resource(
        group = "cilium.io", version = "v2", kind = "CiliumNode",
        plural = "ciliumnodes", scope = Cluster,
        short_names = ["cn", "ciliumn"],
        categories = ["cilium"],
        status_subresource = true,
        printer_columns = [
            ("CiliumInternalIP", "string", ".spec.addresses[?(@.type==\"CiliumInternalIP\")].ip"),
            ("InternalIP", "string", ".spec.addresses[?(@.type==\"InternalIP\")].ip"),
            ("Age", "date", ".metadata.creationTimestamp"),
        ],
    )]
    pub struct CiliumNode {
        /// The node and what it wants.
        pub spec: NodeSpec,
        /// What the operator gave it.
        pub status: Option<NodeStatus>,
    }
}

/// A node and what it wants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct NodeSpec {
    /// Name of the machine at the cloud provider, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<String>,
    /// Changes with each boot of the machine.
    #[serde(rename = "bootid", skip_serializing_if = "Option::is_none")]
    pub boot_id: Option<String>,
    /// Addresses of the node itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<NodeAddress>,
    /// Addresses of its health endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<HealthAddressingSpec>,
    /// Addresses of its ingress listener.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingress: Option<AddressPair>,
    /// How traffic to it is encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<EncryptionSpec>,
    /// How addresses are had from Amazon EC2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eni: Option<EniSpec>,
    /// How addresses are had from Azure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub azure: Option<AzureSpec>,
    /// How addresses are had from Alibaba Cloud.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alibaba_cloud: Option<AlibabaSpec>,
    /// Addresses for its pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipam: Option<IpamSpec>,
    /// Number of the node's own identity. Absent: it has none.
    #[serde(rename = "nodeidentity", skip_serializing_if = "Option::is_none")]
    pub node_identity: Option<i64>,
}

/// An address of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NodeAddress {
    /// What the address is for: `InternalIP`, `ExternalIP`, `CiliumInternalIP`, `Hostname` and the like.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<String>,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
}

/// Addresses of a node's health endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HealthAddressingSpec {
    /// The IPv4 address, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipv4: Option<String>,
    /// The IPv6 address, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipv6: Option<String>,
}

/// Addresses for the pods of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct IpamSpec {
    /// IPv4 addresses that the node may give away, those in use included. The keys are the
    /// addresses.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pool: BTreeMap<String, AllocationIp>,
    /// IPv6 addresses that the node may give away, those in use included. The keys are the
    /// addresses.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ipv6_pool: BTreeMap<String, AllocationIp>,
    /// Blocks from named pools (`CiliumPodIPPool`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pools: Option<IpamPoolSpec>,
    /// Blocks that the node may give away addresses of.
    #[serde(rename = "podCIDRs", default, skip_serializing_if = "Vec::is_empty")]
    pub pod_cidrs: Vec<String>,
    /// Addresses that the node has from the start on, at least. 0 or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Integer>", range(min = 0))
    )]
    pub min_allocate: Option<i64>,
    /// Addresses that the node has at most. 0 or more; absent and 0: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Integer>", range(min = 0))
    )]
    pub max_allocate: Option<i64>,
    /// Addresses that the node keeps in reserve. 0 or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Integer>", range(min = 0))
    )]
    pub pre_allocate: Option<i64>,
    /// Addresses that may be fetched beyond that reserve, to save calls to the provider. 0 or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Integer>", range(min = 0))
    )]
    pub max_above_watermark: Option<i64>,
    /// Tags of the pool that the node's static address comes from.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub static_ip_tags: BTreeMap<String, String>,
}

/// Who uses an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AllocationIp {
    /// The user, mostly the name of a pod. Absent: the address is free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What the address hangs on at the provider, such as the identifier of an interface.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
}

/// Blocks that a node wants and has from named pools.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IpamPoolSpec {
    /// What the node wants. Written by the agent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requested: Vec<IpamPoolRequest>,
    /// What the node has. The operator adds to it, the agent gives back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allocated: Vec<IpamPoolAllocation>,
}

/// What a node wants from one pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IpamPoolRequest {
    /// Name of the pool, not empty.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub pool: String,
    /// How many addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needed: Option<IpamPoolDemand>,
}

/// A number of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IpamPoolDemand {
    /// Of IPv4.
    #[serde(rename = "ipv4-addrs", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Integer>"))]
    pub ipv4_addrs: Option<i64>,
    /// Of IPv6.
    #[serde(rename = "ipv6-addrs", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Integer>"))]
    pub ipv6_addrs: Option<i64>,
}

/// What a node has from one pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IpamPoolAllocation {
    /// Name of the pool, not empty.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub pool: String,
    /// The blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cidrs: Vec<Cidr>,
}

/// What the operator gave a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct NodeStatus {
    /// State at Amazon EC2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eni: Option<EniStatus>,
    /// State at Azure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub azure: Option<AzureStatus>,
    /// Addresses for its pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipam: Option<IpamStatus>,
    /// State at Alibaba Cloud.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alibaba_cloud: Option<AlibabaStatus>,
}

/// Which addresses of a node are in use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct IpamStatus {
    /// IPv4 addresses in use. The keys are the addresses.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub used: BTreeMap<String, AllocationIp>,
    /// IPv6 addresses in use. The keys are the addresses.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ipv6_used: BTreeMap<String, AllocationIp>,
    /// State of each block of the node. The keys are the blocks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pod_cidrs: BTreeMap<String, PodCidrMapEntry>,
    /// What the operator has to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_status: Option<OperatorStatus>,
    /// IPv4 addresses that are to be given back, and how far that is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub release_ips: BTreeMap<String, IpReleaseStatus>,
    /// IPv6 addresses that are to be given back, and how far that is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub release_ipv6s: BTreeMap<String, IpReleaseStatus>,
    /// The static address that the node was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_static_ip: Option<String>,
}

/// State of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PodCidrMapEntry {
    /// Whether the block is in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<PodCidrStatus>,
}

crd_core::string_enum! {
    /// State of a block of addresses.
    pub enum PodCidrStatus {
        /// Given back; the operator may give it to another node.
        Released = "released",
        /// None of its addresses is left.
        Depleted = "depleted",
        /// Some of its addresses are in use.
        InUse = "in-use",
    }
}

crd_core::string_enum! {
    /// How far the return of an address is.
    pub enum IpReleaseStatus {
        /// The operator would like to have it back.
        MarkedForRelease = "marked-for-release",
        /// The agent agrees.
        ReadyForRelease = "ready-for-release",
        /// The agent refuses: it is in use, or not the node's.
        DoNotRelease = "do-not-release",
        /// The operator has taken it back.
        Released = "released",
    }
}

/// What the operator has to say of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OperatorStatus {
    /// What went wrong, if something did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
