//! What a check is.

use kube_vocab::Severity;

use crate::context::{Context, Sink};
use crate::group::Group;

/// A check, with everything that a person needs to know about it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Check {
    /// The stable name, in kebab case. Never used again for something else.
    pub code: &'static str,
    /// What kind of fault it looks for.
    pub group: Group,
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

impl Check {
    /// Whether it says something only where a level of its own or of its group asks for it: those of [`Group::Posture`].
    pub fn is_opt_in(&self) -> bool {
        self.group.is_opt_in()
    }
}
