//! Where the parameters of an ApplicationSet come from.
//!
//! A matrix or merge combines generators, and so may their members, once more: upstream allows three levels, and so do
//! [`ApplicationSetGenerator`], [`ApplicationSetNestedGenerator`] and [`ApplicationSetTerminalGenerator`].
//!
//! Upstream takes several generators in one entry, none, and a selector beside them; that is the arm `Entry` of each. An entry
//! with one generator and no selector is always read as that generator.
//!
//! ```
//! use argocd_types::v1alpha1::{ApplicationSetGenerator, GeneratorEntry, GitGenerator, ListGenerator};
//! use serde_json::json;
//!
//! let read = |json| serde_json::from_value::<ApplicationSetGenerator>(json);
//! assert_eq!(read(json!({"list": {}}))?, ApplicationSetGenerator::List(ListGenerator::default()));
//!
//! let both = json!({"list": {}, "git": {"repoURL": "https://git.example/x", "revision": "HEAD"}});
//! let ApplicationSetGenerator::Entry(entry) = read(both.clone())? else { panic!("there are two") };
//! assert!(entry.list.is_some() && entry.git.is_some() && entry.clusters.is_none());
//! assert_eq!(serde_json::to_value(ApplicationSetGenerator::from(*entry))?, both);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! ```compile_fail
//! // At the third level nothing is combined any more.
//! use argocd_types::v1alpha1::{ApplicationSetTerminalGenerator, NestedMatrixGenerator};
//!
//! let too_deep = ApplicationSetTerminalGenerator::Matrix(NestedMatrixGenerator::default());
//! ```

use crd_core::Object;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::generator_leaf::{
    ClusterGenerator, DuckTypeGenerator, GitDirectoryGeneratorItem, GitFileGeneratorItem,
    GitGenerator, ListGenerator, PluginGenerator,
};
use super::scm::{PullRequestGenerator, ScmProviderGenerator};
use super::template::ApplicationSetTemplate;

/// Writes one level: the generators as an enum, and the entry with all that upstream takes. The levels differ in what combines.
macro_rules! level {
    (
        $(#[doc = $doc:literal])*
        $Generator:ident in $Entry:ident
        $({ $($(#[doc = $arm_doc:literal])* $(#[schemars($schemars:meta)])? $Arm:ident($Type:ty): $field:ident = $member:literal,)* })?
    ) => {
        level! { @
            $(#[doc = $doc])*
            $Generator in $Entry {
                /// Parameters that are written down.
                List(ListGenerator): list = "list",
                /// The clusters that Argo CD knows.
                Clusters(ClusterGenerator): clusters = "clusters",
                /// Folders or files of a Git repository.
                Git(GitGenerator): git = "git",
                /// The repositories of a source code host.
                ScmProvider(ScmProviderGenerator): scm_provider = "scmProvider",
                /// The clusters that another controller chose.
                ClusterDecisionResource(DuckTypeGenerator): cluster_decision_resource = "clusterDecisionResource",
                /// The pull requests of a repository.
                PullRequest(PullRequestGenerator): pull_request = "pullRequest",
                $($($(#[doc = $arm_doc])* $(#[schemars($schemars)])? $Arm($Type): $field = $member,)*)?
                /// A service of yours.
                Plugin(PluginGenerator): plugin = "plugin",
            }
        }
    };
    (@
        $(#[doc = $doc:literal])*
        $Generator:ident in $Entry:ident
        { $($(#[doc = $arm_doc:literal])* $(#[schemars($schemars:meta)])? $Arm:ident($Type:ty): $field:ident = $member:literal,)* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $Generator {
            $($(#[doc = $arm_doc])* $Arm($Type),)*
            /// Several generators, none, or any with a selector beside them.
            Entry(Box<$Entry>),
        }

        $(#[doc = $doc])*
        ///
        /// The whole entry, as upstream declares it. Its generators count as if each were an entry of its own with the same
        /// selector; inside a matrix or merge, Argo CD refuses more than one. An entry without a generator yields nothing.
        #[derive(Clone, Debug, Default, PartialEq, Object)]
        pub struct $Entry {
            $($(#[doc = $arm_doc])* #[field(rename = $member)] $(#[schemars($schemars)])? pub $field: Option<$Type>,)*
            /// Which sets of parameters are taken, as if parameters were labels. Absent takes all.
            #[schemars(schema_with = "crd_core::schema::label_selector")]
            pub selector: Option<LabelSelector>,
        }

        impl From<$Generator> for $Entry {
            fn from(generator: $Generator) -> Self {
                match generator {
                    $($Generator::$Arm(generator) => Self { $field: Some(generator), ..Self::default() },)*
                    $Generator::Entry(entry) => *entry,
                }
            }
        }

        impl From<$Entry> for $Generator {
            fn from(mut entry: $Entry) -> Self {
                let generators = [$(entry.$field.is_some()),*];
                let is_one = generators.iter().filter(|is_set| **is_set).count() == 1;
                if is_one && entry.selector.is_none() {
                    $(if let Some(generator) = entry.$field.take() {
                        return Self::$Arm(generator);
                    })*
                }
                Self::Entry(Box::new(entry))
            }
        }

        impl Serialize for $Generator {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$Arm(generator) => serializer.collect_map([($member, generator)]),)*
                    Self::Entry(entry) => entry.serialize(serializer),
                }
            }
        }

        impl<'de> Deserialize<'de> for $Generator {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $Entry::deserialize(deserializer).map(Self::from)
            }
        }

        crd_core::if_schema! {
            impl crd_core::schema::JsonSchema for $Generator {
                fn schema_name() -> std::borrow::Cow<'static, str> {
                    stringify!($Generator).into()
                }

                fn json_schema(generator: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
                    <$Entry as crd_core::schema::JsonSchema>::json_schema(generator)
                }
            }
        }

        impl $Generator {
            /// Parameters that are written down: one object per application.
            pub fn list(elements: impl IntoIterator<Item = Value>) -> Self {
                let elements = elements.into_iter().collect();
                Self::List(ListGenerator { elements, ..ListGenerator::default() })
            }

            /// All clusters that Argo CD knows, or those whose Secrets have the labels.
            #[must_use]
            pub fn clusters(selector: Option<LabelSelector>) -> Self {
                Self::Clusters(ClusterGenerator { selector, ..ClusterGenerator::default() })
            }

            /// The folders of a Git repository that fit a glob, such as `apps/*`.
            pub fn git_directories<P: Into<String>>(
                repo_url: impl Into<String>,
                revision: impl Into<String>,
                paths: impl IntoIterator<Item = P>,
            ) -> Self {
                let directories = paths.into_iter().map(|path| GitDirectoryGeneratorItem { path: path.into(), exclude: None });
                Self::Git(GitGenerator {
                    repo_url: repo_url.into(),
                    revision: revision.into(),
                    directories: directories.collect(),
                    ..GitGenerator::default()
                })
            }

            /// The files of a Git repository that fit a glob, such as `clusters/**/config.json`.
            pub fn git_files<P: Into<String>>(
                repo_url: impl Into<String>,
                revision: impl Into<String>,
                paths: impl IntoIterator<Item = P>,
            ) -> Self {
                let files = paths.into_iter().map(|path| GitFileGeneratorItem { path: path.into(), exclude: None });
                Self::Git(GitGenerator {
                    repo_url: repo_url.into(),
                    revision: revision.into(),
                    files: files.collect(),
                    ..GitGenerator::default()
                })
            }

            /// Takes only the sets of parameters that the selector fits.
            #[must_use]
            pub fn selected(self, selector: LabelSelector) -> Self {
                $Entry { selector: Some(selector), ..self.into() }.into()
            }
        }
    };
}

level! {
    /// A generator of an ApplicationSet.
    ApplicationSetGenerator in GeneratorEntry {
        /// Every combination of the sets of two generators.
        Matrix(MatrixGenerator): matrix = "matrix",
        /// The sets of one generator, with parameters of others written over them.
        Merge(MergeGenerator): merge = "merge",
    }
}

level! {
    /// A generator inside a matrix or merge.
    ApplicationSetNestedGenerator in NestedGeneratorEntry {
        /// Every combination of the sets of two generators.
        #[schemars(schema_with = "crate::schema::anything")]
        Matrix(NestedMatrixGenerator): matrix = "matrix",
        /// The sets of one generator, with parameters of others written over them.
        #[schemars(schema_with = "crate::schema::anything")]
        Merge(NestedMergeGenerator): merge = "merge",
    }
}

level! {
    /// A generator inside a matrix or merge that is inside another one; it cannot combine others.
    ApplicationSetTerminalGenerator in TerminalGeneratorEntry
}

/// Every combination of the sets of two generators. The second may use the parameters of the first.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MatrixGenerator {
    /// The generators; exactly two.
    #[field(required)]
    pub generators: Vec<ApplicationSetNestedGenerator>,
    /// Overrides parts of the template for this generator.
    pub template: Option<ApplicationSetTemplate>,
}

/// The sets of the first generator; where a set of a later one has the same values for the merge keys, its parameters are
/// written over those of the first.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MergeGenerator {
    /// The generators; at least two.
    #[field(required)]
    pub generators: Vec<ApplicationSetNestedGenerator>,
    /// The parameters that say which sets belong together; no two sets of one generator may agree in all of them.
    #[field(required)]
    pub merge_keys: Vec<String>,
    /// Overrides parts of the template for this generator.
    pub template: Option<ApplicationSetTemplate>,
}

/// A [`MatrixGenerator`] inside a matrix or merge. Upstream's schema says nothing about what is in it.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct NestedMatrixGenerator {
    /// The generators; exactly two.
    #[field(required)]
    pub generators: Vec<ApplicationSetTerminalGenerator>,
}

/// A [`MergeGenerator`] inside a matrix or merge. Upstream's schema says nothing about what is in it.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct NestedMergeGenerator {
    /// The generators; at least two.
    #[field(required)]
    pub generators: Vec<ApplicationSetTerminalGenerator>,
    /// The parameters that say which sets belong together.
    #[field(required)]
    pub merge_keys: Vec<String>,
}

impl ApplicationSetGenerator {
    /// Every combination of the sets of two generators.
    #[must_use]
    pub fn matrix(
        first: ApplicationSetNestedGenerator,
        second: ApplicationSetNestedGenerator,
    ) -> Self {
        Self::Matrix(MatrixGenerator {
            generators: vec![first, second],
            template: None,
        })
    }

    /// The sets of the first generator, with parameters of the others written over those that agree in the keys.
    pub fn merge<K: Into<String>>(
        merge_keys: impl IntoIterator<Item = K>,
        generators: impl IntoIterator<Item = ApplicationSetNestedGenerator>,
    ) -> Self {
        Self::Merge(MergeGenerator {
            generators: generators.into_iter().collect(),
            merge_keys: merge_keys.into_iter().map(Into::into).collect(),
            template: None,
        })
    }
}
