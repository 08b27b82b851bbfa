//! What the crate as a whole is like.

use serde::Deserialize;

/// Where doc comments come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Words {
    /// From the definitions' descriptions: for crates of one's own.
    #[default]
    Crd,
    /// Facts (type, default, bounds, whether it must be there) and the sentences of the overrides; messages of rules are those
    /// of the overrides, or none.
    Facts,
}

/// What the manifest of the crate is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Manifest {
    /// A crate that stands alone.
    #[default]
    Alone,
    /// A member of a workspace that has version, edition, licence, lints and all dependencies.
    Workspace,
}

/// The table `crate` of the overrides; [`Options`](crate::Options) has the same fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Package {
    /// The crate's name.
    pub name: Option<String>,
    /// The family's short name.
    pub family: Option<String>,
    /// Whose kinds these are, and of which version.
    pub project: Option<String>,
    /// Where doc comments come from: `crd` or `facts`.
    pub words: Words,
    /// `alone` or `workspace`.
    pub manifest: Manifest,
    /// Modules written by hand.
    pub hand_written: Vec<String>,
    /// Files written by hand in place of generated ones.
    pub kept: Vec<String>,
}
