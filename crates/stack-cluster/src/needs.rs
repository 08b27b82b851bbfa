//! What a stack needs of its cluster.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use k8s_openapi::api::storage::v1::StorageClass;

use crate::storage::StorageNeed;

/// What a stack needs of its cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterNeeds {
    /// The cluster's name.
    pub name: String,
    /// The version of Kubernetes.
    pub version: KubernetesMinor,
    /// The cloud's region; empty where there is no cloud.
    pub region: String,
    /// The zones in which nodes stand; empty leaves the choice to the cloud.
    pub zones: Vec<String>,
    /// The nodes, by what they are for.
    pub pools: Vec<NodePool>,
    /// What service accounts may do in the cloud.
    pub roles: Vec<Role>,
    /// The storage classes.
    pub storage: Vec<StorageNeed>,
    /// Whether the stack brings its own network: the cloud's CNI is left out. Default: no.
    pub own_network: bool,
    /// Whether kube-proxy runs. Default: yes.
    pub kube_proxy: bool,
}

impl ClusterNeeds {
    /// A cluster without nodes yet.
    pub fn new(name: impl Into<String>, version: KubernetesMinor) -> Self {
        Self {
            name: name.into(),
            version,
            region: String::new(),
            zones: Vec::new(),
            pools: Vec::new(),
            roles: Vec::new(),
            storage: Vec::new(),
            own_network: false,
            kube_proxy: true,
        }
    }

    /// The same in a region, with nodes in these zones.
    #[must_use]
    pub fn in_region<Z: Into<String>>(
        mut self,
        region: impl Into<String>,
        zones: impl IntoIterator<Item = Z>,
    ) -> Self {
        self.region = region.into();
        self.zones = zones.into_iter().map(Into::into).collect();
        self
    }

    /// The same with a pool of nodes.
    #[must_use]
    pub fn with_pool(mut self, pool: NodePool) -> Self {
        self.pools.push(pool);
        self
    }

    /// The same with a role for a service account.
    #[must_use]
    pub fn with_role(mut self, role: Role) -> Self {
        self.roles.push(role);
        self
    }

    /// The same with a storage class.
    #[must_use]
    pub fn with_storage(mut self, storage: StorageNeed) -> Self {
        self.storage.push(storage);
        self
    }

    /// The same without the cloud's CNI: for a stack that brings Calico or Flannel.
    #[must_use]
    pub fn with_own_network(mut self) -> Self {
        self.own_network = true;
        self
    }

    /// The same without kube-proxy, too: for a stack whose own network does its work, as Cilium can.
    #[must_use]
    pub fn without_kube_proxy(mut self) -> Self {
        self.kube_proxy = false;
        self.with_own_network()
    }

    /// The storage classes as objects.
    pub fn storage_classes(&self) -> Vec<StorageClass> {
        self.storage.iter().map(StorageNeed::object).collect()
    }

    /// What of the cloud's usual additions is left where the stack brings its own network.
    pub(crate) fn additions(&self) -> impl Iterator<Item = &'static str> {
        let proxy = self.kube_proxy.then_some("kube-proxy");
        ["coredns"].into_iter().chain(proxy)
    }
}

/// A version of Kubernetes, without its patch: `1.35`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KubernetesMinor {
    /// The second number.
    pub minor: u16,
}

/// A text that is no version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no version of Kubernetes: write 1.35")]
pub struct MinorError(pub String);

impl FromStr for KubernetesMinor {
    type Err = MinorError;

    fn from_str(text: &str) -> Result<Self, MinorError> {
        let minor = text.strip_prefix("1.").and_then(|minor| minor.parse().ok());
        let minor = minor.ok_or_else(|| MinorError(text.to_owned()))?;
        Ok(Self { minor })
    }
}

impl fmt::Display for KubernetesMinor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

/// Nodes of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodePool {
    /// The pool's name, unique in the cluster.
    pub name: String,
    /// The machines that will do, the first choice first.
    pub machines: Vec<String>,
    /// How many nodes there are when the pool is made. Default: the least.
    pub desired: u32,
    /// How many nodes there may be.
    pub nodes: RangeInclusive<u32>,
    /// Labels of the nodes.
    pub labels: BTreeMap<String, String>,
    /// What keeps pods away that do not tolerate it.
    pub taints: Vec<Taint>,
    /// Whether the cloud may take the machines back at any time, for a lower price. Default: no.
    pub spot: bool,
    /// The size of the nodes' own disks in GiB *(ours: 50)*.
    pub disk_gib: u32,
}

impl NodePool {
    /// A pool of these machines, with at least and at most so many nodes.
    pub fn new<M: Into<String>>(
        name: impl Into<String>,
        machines: impl IntoIterator<Item = M>,
        nodes: RangeInclusive<u32>,
    ) -> Self {
        Self {
            name: name.into(),
            machines: machines.into_iter().map(Into::into).collect(),
            desired: *nodes.start(),
            nodes,
            labels: BTreeMap::new(),
            taints: Vec::new(),
            spot: false,
            disk_gib: 50,
        }
    }

    /// The same with so many nodes to begin with.
    #[must_use]
    pub fn beginning_with(mut self, nodes: u32) -> Self {
        self.desired = nodes;
        self
    }

    /// The same with a label on its nodes.
    #[must_use]
    pub fn labelled(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    /// The same, for pods alone that tolerate this.
    #[must_use]
    pub fn tainted(mut self, key: &str, value: &str, effect: Effect) -> Self {
        self.taints.push(Taint {
            key: key.to_owned(),
            value: value.to_owned(),
            effect,
        });
        self
    }

    /// The same of machines that the cloud may take back.
    #[must_use]
    pub fn on_spot(mut self) -> Self {
        self.spot = true;
        self
    }
}

/// What keeps pods away from a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taint {
    /// The key.
    pub key: String,
    /// The value; may be empty.
    pub value: String,
    /// What happens to pods that do not tolerate it.
    pub effect: Effect,
}

/// What happens to pods that do not tolerate a taint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// No new one comes.
    NoSchedule,
    /// New ones come only when there is no other place.
    PreferNoSchedule,
    /// None stays.
    NoExecute,
}

impl Effect {
    /// As Kubernetes writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSchedule => "NoSchedule",
            Self::PreferNoSchedule => "PreferNoSchedule",
            Self::NoExecute => "NoExecute",
        }
    }

    /// As the API of EKS writes it.
    #[cfg(feature = "terraform")]
    pub(crate) fn of_eks(self) -> &'static str {
        match self {
            Self::NoSchedule => "NO_SCHEDULE",
            Self::PreferNoSchedule => "PREFER_NO_SCHEDULE",
            Self::NoExecute => "NO_EXECUTE",
        }
    }
}

/// What a service account may do in the cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The service account's namespace.
    pub namespace: String,
    /// The service account.
    pub account: String,
    /// What it may do.
    pub may: Cloud,
}

impl Role {
    /// What a service account may do.
    pub fn of(may: Cloud, namespace: impl Into<String>, account: impl Into<String>) -> Self {
        Self {
            namespace: namespace.into(),
            account: account.into(),
            may,
        }
    }

    /// A name for it that is unique in the cluster.
    pub(crate) fn name(&self) -> String {
        format!("{}-{}", self.namespace, self.account)
    }
}

/// What can be done in AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cloud {
    /// Make and attach volumes, as the EBS CSI driver does.
    EbsCsi,
    /// Snapshot volumes, and write backups into these buckets, by ARN.
    Velero(Vec<String>),
    /// Read secrets of the Secrets Manager and the Parameter Store.
    ExternalSecrets,
    /// Write DNS records, to prove to an authority that a domain is one's own.
    CertManager,
    /// Change the number of nodes.
    ClusterAutoscaler,
    /// Whatever these managed policies allow, by ARN: object storage for Loki, Tempo or Thanos.
    Policies(Vec<String>),
}
