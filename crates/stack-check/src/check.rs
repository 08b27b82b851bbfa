//! What a check is.

use kube_vocab::Severity;

use crate::checks;
use crate::context::{Context, Sink};

/// What kind of fault a check looks for. Levels can be set for a whole group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Group {
    /// What names something that is not there, or not as it is named.
    References,
    /// What contradicts or undoes something else.
    Conflicts,
    /// What does not fit: quotas, nodes, budgets, volumes.
    Capacity,
    /// What works, and invites attackers or accidents. These checks say something only where they are asked for.
    Posture,
}

impl Group {
    /// All groups.
    pub const ALL: [Self; 4] = [
        Self::References,
        Self::Conflicts,
        Self::Capacity,
        Self::Posture,
    ];

    /// The name by which levels are set: `references`, `conflicts`, `capacity` or `posture`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::References => "references",
            Self::Conflicts => "conflicts",
            Self::Capacity => "capacity",
            Self::Posture => "posture",
        }
    }

    /// The checks of the group, in alphabetical order of their codes.
    pub fn checks(self) -> impl Iterator<Item = &'static Check> {
        all().iter().filter(move |check| check.group == self)
    }
}

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
        self.group == Group::Posture
    }
}

/// All checks, in alphabetical order of their codes.
pub fn all() -> &'static [Check] {
    checks::ALL
}

/// A check by its code.
pub fn find(code: &str) -> Option<&'static Check> {
    all().iter().find(|check| check.code == code)
}
