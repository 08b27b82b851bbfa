//! What is wanted of the crate.

use crate::go::GoTypes;
use crate::overrides::Overrides;
use crate::package::{Manifest, Words};

/// What is wanted of the crate.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// The crate's name, such as `keda-types`.
    pub name: String,
    /// The family's short name; otherwise the crate's name without `-types`.
    pub family: Option<String>,
    /// Whose kinds these are, and of which version: `KEDA v2.20`.
    pub project: Option<String>,
    /// Where doc comments come from.
    pub words: Words,
    /// What the manifest is like.
    pub manifest: Manifest,
    /// Modules written by hand, which the crate declares beside the generated ones: `short`, or `pub result` for one whose
    /// types stand in generated ones by `replace`.
    pub hand_written: Vec<String>,
    /// Files written by hand in place of generated ones, such as `README.md`.
    pub kept: Vec<String>,
    /// What people decided.
    pub overrides: Overrides,
    /// The structs of upstream's Go sources, for their names.
    pub go: GoTypes,
    /// The text of the licence file; none without.
    pub licence: Option<String>,
}

impl Options {
    /// A crate of this name, with nothing decided.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// What the overrides say of the crate, and the rest of them; `name` counts where they say none.
    pub fn of(overrides: Overrides, name: impl Into<String>) -> Self {
        let package = overrides.package.clone();
        Self {
            name: package.name.unwrap_or_else(|| name.into()),
            family: package.family,
            project: package.project,
            words: package.words,
            manifest: package.manifest,
            hand_written: package.hand_written,
            kept: package.kept,
            overrides,
            ..Self::default()
        }
    }

    pub(crate) fn family(&self) -> &str {
        match &self.family {
            Some(family) => family,
            None => self.name.strip_suffix("-types").unwrap_or(&self.name),
        }
    }

    pub(crate) fn project(&self) -> &str {
        self.project.as_deref().unwrap_or_else(|| self.family())
    }
}
