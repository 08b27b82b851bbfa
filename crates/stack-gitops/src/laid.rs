//! What is known of an environment once its Applications are: what files are written from.

use std::collections::{BTreeMap, BTreeSet};

use stack_builder::{Bundle, Part, Release};

use crate::names::Projects;
use crate::unit::Unit;

/// One environment on its way into files.
pub(crate) struct Laid<'a> {
    pub(crate) bundle: &'a Bundle,
    pub(crate) units: Vec<Unit<'a>>,
    pub(crate) argo_cd: (&'a Part, &'a Release),
    pub(crate) projects: Projects,
    /// Where the objects of its units lie.
    pub(crate) namespaces: BTreeSet<String>,
    /// The values files of each release, below the folder of all environments.
    pub(crate) values: BTreeMap<String, Vec<String>>,
}

impl Laid<'_> {
    pub(crate) fn environment(&self) -> &str {
        self.bundle.environment().name()
    }
}
