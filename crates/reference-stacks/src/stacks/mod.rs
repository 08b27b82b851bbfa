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

mod api;
mod assembly;
mod foundation;
mod guardrails;
mod needs;
mod plan;
mod rows;

use stack_builder::Stack;
use stack_builder::fleet::{Fleet, Site};
use stack_cluster::ClusterNeeds;

pub use api::Api;
pub use foundation::Foundation;
pub use plan::{Identity, Mesh, Network, Plan, Policies, Storage, WordError};
pub use rows::{Choice, Column};

plan::words! {
    /// A size of the selection table, or the quick bundle of its appendix.
    Size {
        /// One cluster in one zone.
        Small = "small",
        /// One cluster over several zones.
        Medium = "medium",
        /// Clusters in several regions.
        Large = "large",
        /// The bundle for a first try.
        Quick = "quick",
    }
}

impl Size {
    /// The systems of the size, column by column, and what fills each.
    pub fn choices(self) -> Vec<Choice> {
        Plan::of(self).choices()
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
        Plan::of(self).fleet(environment, domain)
    }

    /// The stack of a cluster, before it is built: components can be configured, replaced and left out.
    pub fn stack(self, cluster: &Cluster) -> Stack {
        Plan::of(self).stack(cluster)
    }

    /// The other clusters of a cluster's environment. Of a cluster that is none of the size's own, there are none.
    pub fn others(self, cluster: &Cluster) -> Vec<Cluster> {
        let environment = self.clusters("", "").into_iter().find_map(|own| {
            let environment = cluster.name.strip_suffix(&own.name)?;
            (own.region == cluster.region).then(|| environment.to_owned())
        });
        let own_name = format!("{}.", cluster.name);
        let domain = cluster.domain.strip_prefix(&own_name);
        match (environment, domain) {
            (Some(environment), Some(domain)) => {
                let all = self.clusters(&environment, domain);
                all.into_iter().filter(|other| other != cluster).collect()
            }
            _ => Vec::new(),
        }
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
        Plan::of(self).needs(cluster)
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
