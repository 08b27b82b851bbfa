//! What kinds of faults there are.

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
    /// All groups, in the order in which `explain --list` tells them.
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

    /// Whether its checks say something only where they are asked for.
    pub(crate) const fn is_opt_in(self) -> bool {
        matches!(self, Self::Posture)
    }
}
