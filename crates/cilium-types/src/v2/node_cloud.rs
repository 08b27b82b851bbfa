//! What nodes of cloud providers say beside the rest.

use std::collections::BTreeMap;

use crd_core::Object;

/// How a node has its addresses from Amazon EC2. ENI is EC2's network interface.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct EniSpec {
    /// Name of the machine. No longer in use; see `spec.instance-id`.
    pub instance_id: Option<String>,
    /// Type of the machine, such as `m5.large`.
    pub instance_type: Option<String>,
    /// No longer in use; see `spec.ipam`. 0 or more.
    #[schemars(with = "Option<crate::schema::Integer>", range(min = 0))]
    pub min_allocate: Option<i64>,
    /// No longer in use; see `spec.ipam`. 0 or more.
    #[schemars(with = "Option<crate::schema::Integer>", range(min = 0))]
    pub pre_allocate: Option<i64>,
    /// No longer in use; see `spec.ipam`. 0 or more.
    #[schemars(with = "Option<crate::schema::Integer>", range(min = 0))]
    pub max_above_watermark: Option<i64>,
    /// First interface whose addresses pods get, counted from 0. Absent: the agent's setting.
    #[schemars(with = "Option<crate::schema::Integer>", range(min = 0))]
    pub first_interface_index: Option<i64>,
    /// Security groups of interfaces that are made. Empty: those with the tags below, or those of
    /// the first interface.
    pub security_groups: Vec<String>,
    /// Tags by which security groups are found.
    pub security_group_tags: BTreeMap<String, String>,
    /// Subnets that interfaces are made in.
    pub subnet_ids: Vec<String>,
    /// Tags by which subnets are found.
    pub subnet_tags: BTreeMap<String, String>,
    /// Subnet of the first interface, taken where nothing else is set.
    pub node_subnet_id: Option<String>,
    /// Private network that interfaces are made in.
    pub vpc_id: Option<String>,
    /// Zone that interfaces are made in.
    pub availability_zone: Option<String>,
    /// Tags of interfaces that Cilium leaves alone.
    pub exclude_interface_tags: BTreeMap<String, String>,
    /// Whether interfaces go when the machine goes. Absent: they do.
    pub delete_on_termination: Option<bool>,
    /// Whether pods may get an interface's first address, too. Absent: they may not.
    pub use_primary_address: Option<bool>,
    /// Whether addresses come one by one in place of /28 blocks. Absent: the agent's setting.
    pub disable_prefix_delegation: Option<bool>,
}

/// How a node has its addresses from Azure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct AzureSpec {
    /// The interface whose addresses pods get. Absent: every interface.
    pub interface_name: Option<String>,
}

/// How a node has its addresses from Alibaba Cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct AlibabaSpec {
    /// Type of the machine, such as `ecs.g6.2xlarge`.
    pub instance_type: Option<String>,
    /// Zone that interfaces are made in.
    pub availability_zone: Option<String>,
    /// Private network that interfaces are made in.
    pub vpc_id: Option<String>,
    /// IPv4 block of that network.
    pub cidr_block: Option<String>,
    /// Switches that interfaces are made at.
    pub vswitches: Vec<String>,
    /// Tags by which switches are found.
    pub vswitch_tags: BTreeMap<String, String>,
    /// Security groups of interfaces that are made.
    pub security_groups: Vec<String>,
    /// Tags by which security groups are found.
    pub security_group_tags: BTreeMap<String, String>,
}

/// Interfaces of a node at Amazon EC2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct EniStatus {
    /// The interfaces by identifier.
    pub enis: BTreeMap<String, Eni>,
}

/// A network interface at Amazon EC2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct Eni {
    /// The identifier that the cloud gave it.
    pub id: Option<String>,
    /// The interface's first address.
    pub ip: Option<String>,
    /// The interface's hardware address.
    pub mac: Option<String>,
    /// The availability zone that the interface lies in.
    pub availability_zone: Option<String>,
    /// The note that was left when the interface was made.
    pub description: Option<String>,
    /// Its place among the interfaces of the machine, counted from 0.
    #[schemars(with = "Option<crate::schema::Integer>")]
    pub number: Option<i64>,
    /// The subnet that the interface lies in.
    pub subnet: Option<AwsSubnet>,
    /// The private network that the interface lies in.
    pub vpc: Option<AwsVpc>,
    /// The interface's addresses beside the first; pods get these.
    pub addresses: Vec<String>,
    /// The /28 blocks that the interface holds, where blocks are given out.
    pub prefixes: Vec<String>,
    /// The identifiers of the security groups that guard the interface.
    pub security_groups: Vec<String>,
    /// The tags of the interface at the cloud.
    pub tags: BTreeMap<String, String>,
    /// Its public address, if it has one.
    pub public_ip: Option<String>,
}

/// A subnet at Amazon EC2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct AwsSubnet {
    /// The subnet's identifier, such as `subnet-0a1b`.
    pub id: Option<String>,
    /// The block that the subnet's addresses come from.
    pub cidr: Option<String>,
}

/// A private network at Amazon EC2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct AwsVpc {
    /// The private network's identifier, such as `vpc-0a1b`.
    pub id: Option<String>,
    /// Its first block of addresses.
    pub primary_cidr: Option<String>,
    /// All its blocks of addresses.
    pub cidrs: Vec<String>,
}

/// Interfaces of a node at Azure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct AzureStatus {
    /// The interfaces of the node that Cilium looks after.
    pub interfaces: Vec<AzureInterface>,
}

/// A network interface at Azure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct AzureInterface {
    /// The interface's resource identifier at Azure.
    pub id: Option<String>,
    /// The interface as Azure names it, unique in its resource group.
    pub name: Option<String>,
    /// The interface's hardware address.
    pub mac: Option<String>,
    /// How far its set-up is; `succeeded` at the end.
    pub state: Option<String>,
    /// Its addresses, all of them.
    pub addresses: Vec<AzureAddress>,
    /// The security group that guards the interface.
    pub security_group: Option<String>,
    /// No longer in use; see `gateway`.
    #[field(rename = "GatewayIP")]
    pub gateway_ip: Option<String>,
    /// Where its default route leads.
    pub gateway: Option<String>,
    /// The block that the subnet's addresses come from.
    pub cidr: Option<String>,
}

/// An address of an interface at Azure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct AzureAddress {
    /// Private address that pods are given.
    pub ip: Option<String>,
    /// The subnet that the interface lies in.
    pub subnet: Option<String>,
    /// How far its set-up is; `succeeded` at the end.
    pub state: Option<String>,
}

/// Interfaces of a node at Alibaba Cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct AlibabaStatus {
    /// The interfaces by identifier.
    pub enis: BTreeMap<String, AlibabaEni>,
}

/// A network interface at Alibaba Cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct AlibabaEni {
    /// The interface's identifier, such as `eni-0a1b`.
    pub network_interface_id: Option<String>,
    /// The interface's hardware address.
    pub mac_address: Option<String>,
    /// Whether it is the machine's own interface or an added one: `Primary` or `Secondary`.
    #[field(rename = "type")]
    pub type_: Option<String>,
    /// The identifier of the machine that it is attached to.
    pub instance_id: Option<String>,
    /// The identifiers of the security groups that guard the interface.
    #[field(rename = "security-groupids")]
    pub security_group_ids: Vec<String>,
    /// The private network that the interface lies in.
    pub vpc: Option<AlibabaVpc>,
    /// The identifier of the zone that the interface lies in.
    pub zone_id: Option<String>,
    /// The virtual switch that the interface is attached to.
    pub vswitch: Option<AlibabaVSwitch>,
    /// The interface's first address.
    pub primary_ip_address: Option<String>,
    /// Its addresses, the first one included.
    #[field(rename = "private-ipsets")]
    pub private_ip_sets: Vec<PrivateIpSet>,
    /// The tags of the interface at the cloud.
    pub tags: BTreeMap<String, String>,
}

/// A private network at Alibaba Cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct AlibabaVpc {
    /// The private network's identifier, such as `vpc-0a1b`.
    pub vpc_id: Option<String>,
    /// The block that IPv4 addresses come from.
    #[field(rename = "cidr")]
    pub cidr_block: Option<String>,
    /// The block that IPv6 addresses come from; absent without IPv6.
    #[field(rename = "ipv6-cidr")]
    pub ipv6_cidr_block: Option<String>,
    /// The IPv4 blocks that were added to the first.
    pub secondary_cidrs: Vec<String>,
}

/// A switch at Alibaba Cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct AlibabaVSwitch {
    /// The switch's identifier, such as `vsw-0a1b`.
    pub vswitch_id: Option<String>,
    /// The block that IPv4 addresses come from.
    #[field(rename = "cidr")]
    pub cidr_block: Option<String>,
    /// The block that IPv6 addresses come from; absent without IPv6.
    #[field(rename = "ipv6-cidr")]
    pub ipv6_cidr_block: Option<String>,
}

/// An address of an interface at Alibaba Cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[object(rename_all = "kebab-case")]
pub struct PrivateIpSet {
    /// Address within the VPC.
    pub private_ip_address: Option<String>,
    /// Whether it is the interface's first one.
    pub primary: Option<bool>,
}
