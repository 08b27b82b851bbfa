//! What nodes of cloud providers say beside the rest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How a node has its addresses from Amazon EC2. ENI is EC2's network interface.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct EniSpec {
    /// Name of the machine. No longer in use; see `spec.instance-id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<String>,
    /// Type of the machine, such as `m5.large`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_type: Option<String>,
    /// No longer in use; see `spec.ipam`. 0 or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Integer>", range(min = 0))
    )]
    pub min_allocate: Option<i64>,
    /// No longer in use; see `spec.ipam`. 0 or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Integer>", range(min = 0))
    )]
    pub pre_allocate: Option<i64>,
    /// No longer in use; see `spec.ipam`. 0 or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Integer>", range(min = 0))
    )]
    pub max_above_watermark: Option<i64>,
    /// First interface whose addresses pods get, counted from 0. Absent: the agent's setting.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::Integer>", range(min = 0))
    )]
    pub first_interface_index: Option<i64>,
    /// Security groups of interfaces that are made. Empty: those with the tags below, or those of
    /// the first interface.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security_groups: Vec<String>,
    /// Tags by which security groups are found.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub security_group_tags: BTreeMap<String, String>,
    /// Subnets that interfaces are made in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subnet_ids: Vec<String>,
    /// Tags by which subnets are found.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub subnet_tags: BTreeMap<String, String>,
    /// Subnet of the first interface, taken where nothing else is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_subnet_id: Option<String>,
    /// Private network that interfaces are made in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpc_id: Option<String>,
    /// Zone that interfaces are made in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability_zone: Option<String>,
    /// Tags of interfaces that Cilium leaves alone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exclude_interface_tags: BTreeMap<String, String>,
    /// Whether interfaces go when the machine goes. Absent: they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_on_termination: Option<bool>,
    /// Whether pods may get an interface's first address, too. Absent: they may not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_primary_address: Option<bool>,
    /// Whether addresses come one by one in place of /28 blocks. Absent: the agent's setting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_prefix_delegation: Option<bool>,
}

/// How a node has its addresses from Azure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct AzureSpec {
    /// The interface whose addresses pods get. Absent: every interface.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interface_name: Option<String>,
}

/// How a node has its addresses from Alibaba Cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct AlibabaSpec {
    /// Type of the machine, such as `ecs.g6.2xlarge`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_type: Option<String>,
    /// Zone that interfaces are made in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability_zone: Option<String>,
    /// Private network that interfaces are made in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpc_id: Option<String>,
    /// IPv4 block of that network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cidr_block: Option<String>,
    /// Switches that interfaces are made at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vswitches: Vec<String>,
    /// Tags by which switches are found.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vswitch_tags: BTreeMap<String, String>,
    /// Security groups of interfaces that are made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security_groups: Vec<String>,
    /// Tags by which security groups are found.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub security_group_tags: BTreeMap<String, String>,
}

/// Interfaces of a node at Amazon EC2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EniStatus {
    /// The interfaces by identifier.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub enis: BTreeMap<String, Eni>,
}

/// A network interface at Amazon EC2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Eni {
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its first address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// Its hardware address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// Its zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability_zone: Option<String>,
    /// What its maker noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its place among the interfaces of the machine, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Integer>"))]
    pub number: Option<i64>,
    /// Its subnet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subnet: Option<AwsSubnet>,
    /// Its private network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpc: Option<AwsVpc>,
    /// Its further addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Its /28 blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prefixes: Vec<String>,
    /// Its security groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security_groups: Vec<String>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Its public address, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_ip: Option<String>,
}

/// A subnet at Amazon EC2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AwsSubnet {
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its block of addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cidr: Option<String>,
}

/// A private network at Amazon EC2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct AwsVpc {
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its first block of addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_cidr: Option<String>,
    /// All its blocks of addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cidrs: Vec<String>,
}

/// Interfaces of a node at Azure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AzureStatus {
    /// The interfaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interfaces: Vec<AzureInterface>,
}

/// A network interface at Azure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct AzureInterface {
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its hardware address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// How far its set-up is; `succeeded` at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Its addresses, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<AzureAddress>,
    /// Its security group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security_group: Option<String>,
    /// No longer in use; see `gateway`.
    #[serde(rename = "GatewayIP", skip_serializing_if = "Option::is_none")]
    pub gateway_ip: Option<String>,
    /// Where its default route leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway: Option<String>,
    /// Its block of addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cidr: Option<String>,
}

/// An address of an interface at Azure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AzureAddress {
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// Its subnet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subnet: Option<String>,
    /// How far its set-up is; `succeeded` at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// Interfaces of a node at Alibaba Cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AlibabaStatus {
    /// The interfaces by identifier.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub enis: BTreeMap<String, AlibabaEni>,
}

/// A network interface at Alibaba Cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct AlibabaEni {
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_interface_id: Option<String>,
    /// Its hardware address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac_address: Option<String>,
    /// `Primary` or `Secondary`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<String>,
    /// Its machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<String>,
    /// Its security groups.
    #[serde(
        rename = "security-groupids",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub security_group_ids: Vec<String>,
    /// Its private network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpc: Option<AlibabaVpc>,
    /// Its zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone_id: Option<String>,
    /// Its switch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vswitch: Option<AlibabaVSwitch>,
    /// Its first address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_ip_address: Option<String>,
    /// Its addresses, the first one included.
    #[serde(
        rename = "private-ipsets",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub private_ip_sets: Vec<PrivateIpSet>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// A private network at Alibaba Cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct AlibabaVpc {
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpc_id: Option<String>,
    /// Its IPv4 block.
    #[serde(rename = "cidr", skip_serializing_if = "Option::is_none")]
    pub cidr_block: Option<String>,
    /// Its IPv6 block.
    #[serde(rename = "ipv6-cidr", skip_serializing_if = "Option::is_none")]
    pub ipv6_cidr_block: Option<String>,
    /// Its further IPv4 blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secondary_cidrs: Vec<String>,
}

/// A switch at Alibaba Cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct AlibabaVSwitch {
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vswitch_id: Option<String>,
    /// Its IPv4 block.
    #[serde(rename = "cidr", skip_serializing_if = "Option::is_none")]
    pub cidr_block: Option<String>,
    /// Its IPv6 block.
    #[serde(rename = "ipv6-cidr", skip_serializing_if = "Option::is_none")]
    pub ipv6_cidr_block: Option<String>,
}

/// An address of an interface at Alibaba Cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct PrivateIpSet {
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_ip_address: Option<String>,
    /// Whether it is the interface's first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
}
