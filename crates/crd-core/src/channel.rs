//! What a release holds.

use std::fmt;

/// One of the two sets of definitions that a project releases: the proven part of its API, or all of it.
///
/// The types always have everything. The channel says which kinds, members and rules a server knows: it is asked for where
/// definitions are made ([`Family::definitions`](crate::Family::definitions)), and documents are judged against those.
/// A family without experimental parts is the same in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// What is proven: a server drops or refuses the rest.
    Standard,
    /// Every kind, field and value, also those that may still change or go.
    #[default]
    Experimental,
}

impl Channel {
    /// `standard` or `experimental`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Experimental => "experimental",
        }
    }

    /// Whether the channel has something that is experimental, or is not.
    pub const fn has(self, experimental: bool) -> bool {
        !experimental || matches!(self, Self::Experimental)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
