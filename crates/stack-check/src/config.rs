//! Which findings count.

use std::collections::{BTreeMap, BTreeSet};

use kube_vocab::Severity;
use serde::{Deserialize, Serialize};
use stack_model::Extent;

use crate::allowance::Allowance;
use crate::group::Group;

/// What becomes of the findings of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// They are left out.
    Allow,
    /// They are warnings.
    Warn,
    /// They are errors.
    Deny,
}

impl Level {
    pub(crate) const fn severity(self) -> Option<Severity> {
        match self {
            Self::Allow => None,
            Self::Warn => Some(Severity::Warning),
            Self::Deny => Some(Severity::Error),
        }
    }
}

/// How checks are run. Also readable from a file:
///
/// ```
/// let config: stack_check::Config = serde_json::from_str(r#"{
///     "whole": true,
///     "checks": {"quota-without-room": "allow"},
///     "namespaces": {"legacy": {"service-without-pods": "warn"}}
/// }"#)?;
/// assert!(config.whole);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Whether the input is all that is applied, charts included. What it lacks is then missing, not unknown.
    pub whole: bool,
    /// What becomes of a check's findings, by its code or by the name of its group; of both the code counts. Where nothing is
    /// said a check has its own severity, and one of the group `posture` says nothing.
    pub checks: BTreeMap<String, Level>,
    /// The same for one namespace; it counts before what is said for all.
    pub namespaces: BTreeMap<String, BTreeMap<String, Level>>,
    /// Where images may come from, for the check `unknown-registry`: registries (`ghcr.io`), folders of them (`ghcr.io/acme`) or
    /// images. Where it is empty, and a Namespace has no list of its own, the check says nothing.
    pub registries: BTreeSet<String>,
    /// Findings that may stay, each with its reason.
    pub allowances: Vec<Allowance>,
    /// Findings that are known and forgiven: see [`Report::baseline`](crate::Report::baseline).
    pub baseline: BTreeSet<String>,
}

impl Config {
    pub(crate) const fn extent(&self) -> Extent {
        if self.whole {
            Extent::Whole
        } else {
            Extent::Part
        }
    }

    /// What is said for a check in a namespace.
    pub(crate) fn level(&self, code: &str, group: Group, namespace: Option<&str>) -> Option<Level> {
        let own = namespace.and_then(|namespace| self.namespaces.get(namespace));
        let said = |levels: &BTreeMap<String, Level>| {
            let of_group = || levels.get(group.as_str());
            levels.get(code).or_else(of_group).copied()
        };
        own.and_then(said)
            .or_else(|| said(&self.checks))
            .or_else(|| group.is_opt_in().then_some(Level::Allow))
    }

    /// Whether a check can find anything that counts: an opt-in check for which nobody asks is not run at all.
    pub(crate) fn asks_for(&self, code: &str, group: Group) -> bool {
        let levels = std::iter::once(&self.checks).chain(self.namespaces.values());
        !group.is_opt_in()
            || levels
                .flat_map(BTreeMap::keys)
                .any(|name| name == code || name == group.as_str())
    }
}
