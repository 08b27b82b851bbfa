//! Platforms to start from: small, medium and large, as the guide's selection table has them, and its quick bundle.
//!
//! ```
//! use reference_stacks::stacks::Size;
//!
//! let small = Size::Small.fleet("dev", "example.com").build()?;
//! let (cluster, bundle) = small.members().next().unwrap();
//! assert_eq!(cluster.zones.len(), 1);
//! assert!(bundle.release("kube-prometheus-stack").is_some());
//! # Ok::<(), stack_catalog::stack_builder::fleet::FleetError>(())
//! ```
//!
//! Each is a [`Fleet`]: of one cluster, but for the large one, which has one in each of two regions. What a size consists of is
//! [`Size::choices`], system by system, with what is not there yet and why; a stack of one's own begins with [`Size::stack`].

mod foundation;
mod guardrails;
mod rows;

use std::fmt;
use std::str::FromStr;

use stack_builder::Stack;
use stack_builder::fleet::{Fleet, Site};
use stack_cluster::{ClusterNeeds, NodePool, StorageNeed};

pub use foundation::Foundation;
pub use rows::{Choice, Column};

/// A size of the selection table, or the quick bundle of its appendix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Size {
    /// One cluster in one zone.
    Small,
    /// One cluster over several zones.
    Medium,
    /// Clusters in several regions.
    Large,
    /// The bundle for a first try.
    Quick,
}

/// A word that is no size.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is none of small, medium, large, quick")]
pub struct SizeError(pub String);

impl Size {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Small, Self::Medium, Self::Large, Self::Quick];

    /// As it is written: `small`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
            Self::Quick => "quick",
        }
    }

    /// The systems of the size, column by column, and what fills each.
    pub fn choices(self) -> Vec<Choice> {
        rows::of(self)
    }

    /// The clusters of an environment. One cluster is called as the environment; of several, each has its region behind the name.
    pub fn clusters(self, environment: &str, domain: &str) -> Vec<Cluster> {
        let in_region = |name: String, region: &str, zones: &[&str]| Cluster {
            domain: format!("{name}.{domain}"),
            name,
            region: region.to_owned(),
            zones: zones.iter().map(|zone| format!("{region}{zone}")).collect(),
        };
        let home = "ap-northeast-2";
        match self {
            Self::Small | Self::Quick => vec![in_region(environment.to_owned(), home, &["a"])],
            Self::Medium => vec![in_region(environment.to_owned(), home, &["a", "b", "c"])],
            Self::Large => [("seoul", home), ("tokyo", "ap-northeast-1")]
                .map(|(city, region)| {
                    in_region(format!("{environment}-{city}"), region, &["a", "c", "d"])
                })
                .into(),
        }
    }

    /// The clusters of an environment, and the stack that they share.
    pub fn fleet(self, environment: &str, domain: &str) -> Fleet<Cluster> {
        let fleet = Fleet::new(move |cluster: &Cluster| self.stack(cluster));
        self.clusters(environment, domain)
            .into_iter()
            .fold(fleet, Fleet::with)
    }

    /// The stack of a cluster, before it is built: components can be configured, replaced and left out.
    pub fn stack(self, cluster: &Cluster) -> Stack {
        rows::stack(self, cluster)
    }

    /// The region in which a cluster's backups lie: another one than its own where there are several.
    pub fn backup_region(self, cluster: &Cluster) -> String {
        let all = self.clusters("x", "x");
        let mut others = all.iter().filter(|other| other.region != cluster.region);
        others
            .next()
            .map_or_else(|| cluster.region.clone(), |other| other.region.clone())
    }

    /// What the stack needs of its cluster.
    pub fn needs(self, cluster: &Cluster) -> ClusterNeeds {
        let version = stack_cluster::KubernetesMinor { minor: 35 };
        let machines = |name: &str| match name {
            "system" => ["m7i.large", "m6i.large"],
            _ => ["m7i.xlarge", "m6i.xlarge"],
        };
        let pool = |name: &str, nodes| {
            NodePool::new(name, machines(name), nodes).labelled("workload", name)
        };
        let needs = ClusterNeeds::new(&cluster.name, version)
            .in_region(&cluster.region, cluster.zones.clone())
            .with_storage(StorageNeed::gp3("fast-gp3").by_default());
        let needs = match self {
            Self::Small | Self::Quick => needs.with_pool(pool("general", 3..=4)),
            Self::Medium => needs
                .with_pool(pool("system", 3..=4))
                .with_pool(pool("general", 3..=9)),
            Self::Large => needs
                .with_pool(pool("system", 3..=6))
                .with_pool(pool("general", 6..=30))
                .with_pool(pool("batch", 0..=20).on_spot().tainted(
                    "spot",
                    "true",
                    stack_cluster::Effect::NoSchedule,
                )),
        };
        let needs = rows::roles(self, cluster)
            .into_iter()
            .fold(needs, ClusterNeeds::with_role);
        match self {
            // Calico works beside kube-proxy, Cilium in its place.
            Self::Small => needs.with_own_network(),
            _ => needs.without_kube_proxy(),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Size {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Self, SizeError> {
        let mut sizes = Self::ALL.into_iter();
        let found = sizes.find(|size| size.as_str() == text);
        found.ok_or_else(|| SizeError(text.to_owned()))
    }
}

/// A cluster of a reference stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The environment, and where there are several clusters the place behind it.
    pub name: String,
    /// The domain below which its hosts live.
    pub domain: String,
    /// The cloud's region.
    pub region: String,
    /// The zones in which its nodes stand.
    pub zones: Vec<String>,
}

impl Site for Cluster {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Cluster {
    /// The host name under which the API server is reached by nodes: a name of one's own, that points to the cloud's.
    pub fn api_server(&self) -> String {
        format!("api.{}", self.domain)
    }
}
