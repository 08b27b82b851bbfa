//! What a check is.

use kube_vocab::Severity;

use crate::checks;
use crate::context::{Context, Sink};

/// A check, with everything that a person needs to know about it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Check {
    /// The stable name, in kebab case. Never used again for something else.
    pub code: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub title: &'static str,
    /// What happens in a cluster, and why.
    pub explanation: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// When the check says nothing, because it cannot know.
    pub silent: &'static str,
    /// A small stack with the fault, as YAML.
    pub failing: &'static str,
    /// A small stack without it, as YAML: also what other tools take for a fault.
    pub passing: &'static str,
    pub(crate) run: fn(&Context<'_>, &mut Sink<'_, '_>),
}

/// All checks, in alphabetical order of their codes.
pub fn all() -> &'static [Check] {
    checks::ALL
}

/// A check by its code.
pub fn find(code: &str) -> Option<&'static Check> {
    all().iter().find(|check| check.code == code)
}
