//! A size, and what is chosen where the table leaves a choice.

use super::Size;

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
}

impl From<Size> for Plan {
    fn from(size: Size) -> Self {
        Plan::of(size)
    }
}
