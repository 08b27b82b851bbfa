//! Where the parameters of an ApplicationSet come from.
//!
//! A matrix or merge combines generators, and so may their members, once more: upstream allows three levels, and so do
//! [`ApplicationSetGenerator`], [`ApplicationSetNestedGenerator`] and [`ApplicationSetTerminalGenerator`].
//!
//! ```compile_fail
//! // A generator is one thing only: there is no place for a second one.
//! use argocd_types::v1alpha1::{ApplicationSetGenerator, ClusterGenerator, Generator, GitGenerator};
//!
//! let both: ApplicationSetGenerator =
//!     (Generator::Git(GitGenerator::default()), Generator::Clusters(ClusterGenerator::default())).into();
//! ```
//!
//! ```compile_fail
//! // At the third level nothing is combined any more.
//! use argocd_types::v1alpha1::{NestedMatrixGenerator, TerminalGenerator};
//!
//! let too_deep = TerminalGenerator::Matrix(NestedMatrixGenerator::default());
//! ```

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::application_set::ApplicationSetTemplate;
use super::generator_leaf::{
    ClusterGenerator, DuckTypeGenerator, GitDirectoryGeneratorItem, GitFileGeneratorItem,
    GitGenerator, ListGenerator, PluginGenerator,
};
use super::scm::{PullRequestGenerator, ScmProviderGenerator};

/// Writes one level: the union of its generators, and the union with its selector. The levels differ in what combines.
macro_rules! level {
    (
        $(#[doc = $entry_doc:literal])*
        $Entry:ident;
        $(#[doc = $union_doc:literal])*
        $Union:ident { $($(#[doc = $arm_doc:literal])* $Arm:ident($Type:ty) = $member:literal,)* }
    ) => {
        crd_core::union! {
            $(#[doc = $union_doc])*
            pub enum $Union {
                /// Parameters that are written down.
                List(ListGenerator) = "list",
                /// The clusters that Argo CD knows.
                Clusters(ClusterGenerator) = "clusters",
                /// Folders or files of a Git repository.
                Git(GitGenerator) = "git",
                /// The repositories of a source code host.
                ScmProvider(ScmProviderGenerator) = "scmProvider",
                /// The clusters that another controller chose.
                ClusterDecisionResource(DuckTypeGenerator) = "clusterDecisionResource",
                /// The pull requests of a repository.
                PullRequest(PullRequestGenerator) = "pullRequest",
                $($(#[doc = $arm_doc])* $Arm($Type) = $member,)*
                /// A service of yours.
                Plugin(PluginGenerator) = "plugin",
            }
        }

        crd_core::object! {
            $(#[doc = $entry_doc])*
            pub struct $Entry {
                /// Where the parameters come from. An entry without a generator is legal and yields nothing.
                #[embed]
                pub generator: Option<$Union>,
                /// Which sets of parameters are taken, as if parameters were labels. Absent takes all.
                #[schemars(schema_with = "crd_core::schema::label_selector")]
                pub selector: Option<LabelSelector>,
            }
        }

        impl $Entry {
            /// Parameters that are written down: one object per application.
            pub fn list(elements: impl IntoIterator<Item = Value>) -> Self {
                let elements = elements.into_iter().collect();
                $Union::List(ListGenerator { elements, ..ListGenerator::default() }).into()
            }

            /// All clusters that Argo CD knows, or those whose Secrets have the labels.
            #[must_use]
            pub fn clusters(selector: Option<LabelSelector>) -> Self {
                $Union::Clusters(ClusterGenerator { selector, ..ClusterGenerator::default() }).into()
            }

            /// The folders of a Git repository that fit a glob, such as `apps/*`.
            pub fn git_directories<P: Into<String>>(
                repo_url: impl Into<String>,
                revision: impl Into<String>,
                paths: impl IntoIterator<Item = P>,
            ) -> Self {
                let directories = paths.into_iter().map(|path| GitDirectoryGeneratorItem { path: path.into(), exclude: None });
                $Union::Git(GitGenerator {
                    repo_url: repo_url.into(),
                    revision: revision.into(),
                    directories: directories.collect(),
                    ..GitGenerator::default()
                })
                .into()
            }

            /// The files of a Git repository that fit a glob, such as `clusters/**/config.json`.
            pub fn git_files<P: Into<String>>(
                repo_url: impl Into<String>,
                revision: impl Into<String>,
                paths: impl IntoIterator<Item = P>,
            ) -> Self {
                let files = paths.into_iter().map(|path| GitFileGeneratorItem { path: path.into(), exclude: None });
                $Union::Git(GitGenerator {
                    repo_url: repo_url.into(),
                    revision: revision.into(),
                    files: files.collect(),
                    ..GitGenerator::default()
                })
                .into()
            }

            /// Takes only the sets of parameters that the selector fits.
            #[must_use]
            pub fn selected(mut self, selector: LabelSelector) -> Self {
                self.selector = Some(selector);
                self
            }
        }

        impl From<$Union> for $Entry {
            fn from(generator: $Union) -> Self {
                Self { generator: Some(generator), selector: None }
            }
        }
    };
}

level! {
    /// A generator of an ApplicationSet.
    ApplicationSetGenerator;
    /// Where the parameters of an ApplicationSet come from.
    Generator {
        /// Every combination of the sets of two generators.
        Matrix(MatrixGenerator) = "matrix",
        /// The sets of one generator, with parameters of others written over them.
        Merge(MergeGenerator) = "merge",
    }
}

level! {
    /// A generator inside a matrix or merge.
    ApplicationSetNestedGenerator;
    /// Where the parameters of a generator inside a matrix or merge come from.
    NestedGenerator {
        /// Every combination of the sets of two generators.
        Matrix(NestedMatrixGenerator) = "matrix",
        /// The sets of one generator, with parameters of others written over them.
        Merge(NestedMergeGenerator) = "merge",
    }
}

level! {
    /// A generator inside a matrix or merge that is inside another one; it cannot combine others.
    ApplicationSetTerminalGenerator;
    /// Where the parameters of a generator at the lowest level come from.
    TerminalGenerator {}
}

/// Every combination of the sets of two generators. The second may use the parameters of the first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MatrixGenerator {
    /// The generators; exactly two.
    pub generators: Vec<ApplicationSetNestedGenerator>,
    /// Overrides parts of the template for this generator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<ApplicationSetTemplate>,
}

/// The sets of the first generator; where a set of a later one has the same values for the merge keys, its parameters are
/// written over those of the first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MergeGenerator {
    /// The generators; at least two.
    pub generators: Vec<ApplicationSetNestedGenerator>,
    /// The parameters that say which sets belong together; no two sets of one generator may agree in all of them.
    pub merge_keys: Vec<String>,
    /// Overrides parts of the template for this generator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<ApplicationSetTemplate>,
}

/// A [`MatrixGenerator`] inside a matrix or merge. Upstream's schema says nothing about what is in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NestedMatrixGenerator {
    /// The generators; exactly two.
    pub generators: Vec<ApplicationSetTerminalGenerator>,
}

/// A [`MergeGenerator`] inside a matrix or merge. Upstream's schema says nothing about what is in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NestedMergeGenerator {
    /// The generators; at least two.
    pub generators: Vec<ApplicationSetTerminalGenerator>,
    /// The parameters that say which sets belong together.
    pub merge_keys: Vec<String>,
}

#[cfg(feature = "schema")]
crate::schema::opaque!(NestedMatrixGenerator, NestedMergeGenerator);

impl ApplicationSetGenerator {
    /// Every combination of the sets of two generators.
    #[must_use]
    pub fn matrix(
        first: ApplicationSetNestedGenerator,
        second: ApplicationSetNestedGenerator,
    ) -> Self {
        Generator::Matrix(MatrixGenerator {
            generators: vec![first, second],
            template: None,
        })
        .into()
    }

    /// The sets of the first generator, with parameters of the others written over those that agree in the keys.
    pub fn merge<K: Into<String>>(
        merge_keys: impl IntoIterator<Item = K>,
        generators: impl IntoIterator<Item = ApplicationSetNestedGenerator>,
    ) -> Self {
        Generator::Merge(MergeGenerator {
            generators: generators.into_iter().collect(),
            merge_keys: merge_keys.into_iter().map(Into::into).collect(),
            template: None,
        })
        .into()
    }
}
