//! Several clusters with one kind of stack: what they share is written once, what differs beside each.

mod compare;

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

pub use compare::{Comparison, Row};

use crate::build_error::BuildError;
use crate::bundle::Bundle;
use crate::check::Report;
use crate::render::{WriteError, WriteOptions, Written};
use crate::stack::Stack;

/// A cluster of a fleet: a value of the user's own, with regions, zones, node pools or whatever their stacks read.
pub trait Site {
    /// The environment's name in the cluster's stack: a DNS label that no other cluster of the fleet has. Its tree lies in a
    /// folder of this name.
    fn name(&self) -> &str;
}

type Change<S> = Box<dyn FnOnce(Stack, &S) -> Stack>;

/// Clusters, and how the stack of each is made.
///
/// ```
/// use stack_builder::{Component, ComponentError, Context, Contribution, Stack, fleet::{Fleet, Site}};
///
/// struct Cluster {
///     name: String,
///     region: String,
/// }
/// impl Site for Cluster {
///     fn name(&self) -> &str {
///         &self.name
///     }
/// }
///
/// #[derive(Debug)]
/// struct App {
///     region: String,
///     replicas: u32,
/// }
/// impl Component for App {
///     fn id(&self) -> &str {
///         "app"
///     }
///     fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
///         out.file("app.txt", format!("{} times in {}", self.replicas, self.region))
///     }
/// }
///
/// let cluster = |name: &str, region: &str| Cluster { name: name.into(), region: region.into() };
/// // Shared: each cluster runs the app, in its region.
/// let fleet = Fleet::new(|cluster: &Cluster| {
///     let app = App { region: cluster.region.clone(), replicas: 2 };
///     Stack::new(&cluster.name, format!("{}.example.com", cluster.name)).with(app)
/// })
/// .with(cluster("eu", "eu-central-1"))
/// // Different: more of it in the west.
/// .with_changed(cluster("us", "us-west-2"), |stack, _| stack.configure(|app: &mut App| app.replicas = 4));
///
/// let bundles = fleet.build()?;
/// let files = bundles.bundle("us").unwrap().files();
/// assert!(files.iter().any(|file| file.text == "4 times in us-west-2"));
/// # Ok::<(), stack_builder::fleet::FleetError>(())
/// ```
pub struct Fleet<S> {
    stack: Box<dyn Fn(&S) -> Stack>,
    sites: Vec<(S, Option<Change<S>>)>,
}

impl<S: fmt::Debug> fmt::Debug for Fleet<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sites = self.sites.iter().map(|(site, _)| site);
        f.debug_list().entries(sites).finish()
    }
}

/// Why a fleet could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FleetError {
    /// There is nothing to build.
    #[error("the fleet has no cluster")]
    Empty,
    /// Two clusters of one name.
    #[error("two clusters are called `{0}`: their trees would lie in one folder")]
    Twice(String),
    /// A cluster whose stack is of another environment than the cluster is called.
    #[error(
        "the stack of cluster `{site}` is of environment `{environment}`: give it the cluster's name"
    )]
    Name {
        /// The name that the fleet knows the cluster by.
        site: String,
        /// The environment of its stack.
        environment: String,
    },
    /// The stack of a cluster.
    #[error("cluster `{site}`: {source}")]
    Build {
        /// The name that the fleet knows the cluster by.
        site: String,
        /// Why its stack could not be built.
        source: Box<BuildError>,
    },
}

/// Why the trees of a fleet could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cluster `{site}`: {source}")]
pub struct FleetWriteError {
    /// The cluster. The trees of those before it are written.
    pub site: String,
    /// Why its tree could not be written.
    pub source: WriteError,
}

impl<S: Site> Fleet<S> {
    /// A fleet without clusters; `stack` makes what all clusters share, and reads of the cluster what differs by a rule.
    pub fn new(stack: impl Fn(&S) -> Stack + 'static) -> Self {
        Self {
            stack: Box::new(stack),
            sites: Vec::new(),
        }
    }

    /// Adds a cluster; those of one fleet are built and written in the order in which they were added.
    #[must_use]
    pub fn with(mut self, site: S) -> Self {
        self.sites.push((site, None));
        self
    }

    /// Adds a cluster with a stack that differs from the others' in what no rule says.
    #[must_use]
    pub fn with_changed(
        mut self,
        site: S,
        change: impl FnOnce(Stack, &S) -> Stack + 'static,
    ) -> Self {
        self.sites.push((site, Some(Box::new(change))));
        self
    }

    /// The clusters, in the order in which they were added.
    pub fn sites(&self) -> impl Iterator<Item = &S> {
        self.sites.iter().map(|(site, _)| site)
    }

    /// Builds the stack of each cluster.
    ///
    /// # Errors
    /// [`FleetError`] with the first cluster that cannot be built.
    pub fn build(self) -> Result<FleetBundles<S>, FleetError> {
        let mut names = BTreeSet::new();
        let mut members = Vec::new();
        for (site, change) in self.sites {
            let name = site.name().to_owned();
            if !names.insert(name.clone()) {
                return Err(FleetError::Twice(name));
            }
            let stack = (self.stack)(&site);
            let stack = match change {
                Some(change) => change(stack, &site),
                None => stack,
            };
            let bundle = stack.build().map_err(|source| FleetError::Build {
                site: name.clone(),
                source: Box::new(source),
            })?;
            if bundle.environment().name() != name {
                return Err(FleetError::Name {
                    site: name,
                    environment: bundle.environment().name().to_owned(),
                });
            }
            members.push((site, bundle));
        }
        match members.is_empty() {
            true => Err(FleetError::Empty),
            false => Ok(FleetBundles { members }),
        }
    }
}

/// What a fleet gives: a bundle for each cluster.
#[derive(Clone, Debug)]
pub struct FleetBundles<S> {
    members: Vec<(S, Bundle)>,
}

impl<S: Site> FleetBundles<S> {
    /// The clusters with their bundles, in the order in which they were added.
    pub fn members(&self) -> impl Iterator<Item = (&S, &Bundle)> {
        self.members.iter().map(|(site, bundle)| (site, bundle))
    }

    /// The bundle of a cluster.
    pub fn bundle(&self, name: &str) -> Option<&Bundle> {
        let mut members = self.members.iter();
        members.find_map(|(site, bundle)| (site.name() == name).then_some(bundle))
    }

    /// What the checks say of each cluster.
    pub fn check(&self) -> Vec<(&S, Report)> {
        let members = self.members.iter();
        members
            .map(|(site, bundle)| (site, bundle.check()))
            .collect()
    }

    /// What all clusters share, and what differs between them.
    pub fn compare(&self) -> Comparison {
        let members = self.members.iter();
        let members: Vec<(&str, &Bundle)> = members
            .map(|(site, bundle)| (site.name(), bundle))
            .collect();
        Comparison::of(&members)
    }

    /// Writes one tree for each cluster, in folders of their names below `folder`.
    ///
    /// # Errors
    /// [`FleetWriteError`] with the first cluster whose tree could not be written.
    pub fn write_trees(
        &self,
        folder: impl AsRef<Path>,
        options: WriteOptions,
    ) -> Result<Vec<(PathBuf, Written)>, FleetWriteError> {
        let mut written = Vec::new();
        for (site, bundle) in &self.members {
            let tree = folder.as_ref().join(site.name());
            let done =
                bundle
                    .write_tree_with(&tree, options)
                    .map_err(|source| FleetWriteError {
                        site: site.name().to_owned(),
                        source,
                    })?;
            written.push((tree, done));
        }
        Ok(written)
    }
}
