//! A size, and what is chosen where the table leaves a choice.

use stack_builder::Stack;
use stack_builder::fleet::Fleet;
use stack_catalog::components::ebs_storage_classes::EbsClass;
use stack_cluster::{ClusterNeeds, Effect, KubernetesMinor, NodePool};

use super::{Choice, Cluster, Size, assembly, rows};

/// A text that is none of the words of a choice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is none of {expected}")]
pub struct WordError {
    /// The text.
    pub found: String,
    /// The words, with commas between them.
    pub expected: String,
}

/// An enum of unit variants, each with the word by which it is written.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$variant),*];

            /// As it is written, on a command line for instance.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::stacks::WordError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.into_iter().find(|one| one.as_str() == text);
                found.ok_or_else(|| $crate::stacks::WordError {
                    found: text.to_owned(),
                    expected: Self::ALL.map(Self::as_str).join(", "),
                })
            }
        }
    };
}
pub(super) use words;

words! {
    /// How pods reach each other.
    Network {
        /// Calico, beside kube-proxy.
        Calico = "calico",
        /// Flannel, beside kube-proxy, with a program of its own for network policies.
        Flannel = "flannel",
        /// Cilium, in the place of kube-proxy.
        Cilium = "cilium",
    }
}

words! {
    /// The service mesh.
    Mesh {
        /// None.
        None = "none",
        /// Istio in ambient mode: a proxy on each node, none in the pods. Needs Cilium.
        Istio = "istio",
        /// Linkerd with its dashboard: a proxy in each pod of the mesh.
        Linkerd = "linkerd",
    }
}

words! {
    /// Who gives workloads their identities.
    Identity {
        /// The mesh, where there is one.
        Mesh = "mesh",
        /// SPIRE, beside the mesh: also for workloads outside of it, and for those of other clusters.
        Spire = "spire",
    }
}

words! {
    /// Where data lies.
    Storage {
        /// On the cloud's volumes.
        Volumes = "volumes",
        /// On Ceph, too: Rook spreads copies over the zones, on volumes of the cloud that it claims.
        Ceph = "ceph",
    }
}

words! {
    /// Who refuses what may not run.
    Policies {
        /// Kyverno, with two policies: images with a version, and requests.
        Kyverno = "kyverno",
        /// Gatekeeper, with the policies of the lab.
        Gatekeeper = "gatekeeper",
    }
}

/// A reference stack: a size, and what is chosen where the table leaves a choice. [`Plan::of`] is the stack as the table has it.
///
/// ```
/// use reference_stacks::stacks::{Identity, Mesh, Plan, Size};
///
/// let plan = Plan { mesh: Mesh::Linkerd, ..Plan::of(Size::Large) };
/// let bundles = plan.fleet("prod", "example.com").build()?;
/// let (_, seoul) = bundles.members().next().unwrap();
/// assert!(seoul.release("linkerd-control-plane").is_some());
/// assert!(seoul.release("spire").is_some()); // as the table has it
/// # Ok::<(), stack_catalog::stack_builder::fleet::FleetError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Plan {
    /// The size.
    pub size: Size,
    /// How pods reach each other. As documented: Calico in the small one, Cilium in the others.
    pub network: Network,
    /// Whether Kong takes requests from outside by the Gateway API. Needs Cilium. As documented: in the quick bundle.
    pub gateway: bool,
    /// The mesh. As documented: one in the large stack alone.
    pub mesh: Mesh,
    /// Who gives identities. As documented: SPIRE in the large one.
    pub identity: Identity,
    /// Where data lies. As documented: also on Ceph in the medium one.
    pub storage: Storage,
    /// Who refuses what may not run. As documented: Kyverno in the small one and in the quick bundle, else Gatekeeper.
    pub policies: Policies,
}

impl Plan {
    /// A size as the table has it.
    pub fn of(size: Size) -> Self {
        Plan {
            size,
            network: match size {
                Size::Small => Network::Calico,
                _ => Network::Cilium,
            },
            gateway: size == Size::Quick,
            mesh: match size {
                Size::Large => Mesh::Istio,
                _ => Mesh::None,
            },
            identity: match size {
                Size::Large => Identity::Spire,
                _ => Identity::Mesh,
            },
            storage: match size {
                Size::Medium => Storage::Ceph,
                _ => Storage::Volumes,
            },
            policies: match size {
                Size::Small | Size::Quick => Policies::Kyverno,
                Size::Medium | Size::Large => Policies::Gatekeeper,
            },
        }
    }

    /// The systems of the stack, column by column, and what fills each.
    pub fn choices(self) -> Vec<Choice> {
        rows::of(self)
    }

    /// The clusters of an environment, and the stack that they share.
    pub fn fleet(self, environment: &str, domain: &str) -> Fleet<Cluster> {
        let fleet = Fleet::new(move |cluster: &Cluster| self.stack(cluster));
        self.size
            .clusters(environment, domain)
            .into_iter()
            .fold(fleet, Fleet::with)
    }

    /// The stack of a cluster, before it is built: components can be configured, replaced and left out. Choices that do not go
    /// together, such as Istio without Cilium, are refused when it is built.
    pub fn stack(self, cluster: &Cluster) -> Stack {
        assembly::stack(self, cluster)
    }

    /// What the stack needs of its cluster.
    pub fn needs(self, cluster: &Cluster) -> ClusterNeeds {
        let version = KubernetesMinor { minor: 35 };
        let machines = |name: &str| match name {
            "system" => ["m7i.large", "m6i.large"],
            _ => ["m7i.xlarge", "m6i.xlarge"],
        };
        let pool = |name: &str, nodes| {
            NodePool::new(name, machines(name), nodes).labelled("workload", name)
        };
        let needs = ClusterNeeds::new(&cluster.name, version)
            .in_region(&cluster.region, cluster.zones.clone());
        let needs = assembly::classes()
            .iter()
            .map(EbsClass::need)
            .fold(needs, ClusterNeeds::with_storage);
        let needs = match self.size {
            Size::Small | Size::Quick => needs.with_pool(pool("general", 3..=4)),
            Size::Medium => needs
                .with_pool(pool("system", 3..=4))
                .with_pool(pool("general", 3..=9)),
            Size::Large => needs
                .with_pool(pool("system", 3..=6))
                .with_pool(pool("general", 6..=30))
                .with_pool(pool("batch", 0..=20).on_spot().tainted(
                    "spot",
                    "true",
                    Effect::NoSchedule,
                )),
        };
        let needs = assembly::roles(self.size, cluster)
            .into_iter()
            .fold(needs, ClusterNeeds::with_role);
        match self.network {
            Network::Calico | Network::Flannel => needs.with_own_network(),
            Network::Cilium => needs.without_kube_proxy(),
        }
    }
}

impl From<Size> for Plan {
    fn from(size: Size) -> Self {
        Plan::of(size)
    }
}
