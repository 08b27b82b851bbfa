//! DNS names, as peers and as lookups.

use crd_core::Union;

/// A DNS name, or a pattern of names. Used for the peers of a rule
/// ([`EgressRule::to_fqdns`](super::EgressRule::to_fqdns)) and for the lookups that a DNS
/// rule allows ([`L7Rules::Dns`](super::L7Rules::Dns)).
///
/// Upper and lower case are the same, a dot at the end may be left out.
#[derive(Clone, Debug, PartialEq, Eq, Union)]
pub enum FqdnSelector {
    /// Exactly this name: letters, digits, hyphens, underscores and dots, at most 255
    /// characters.
    #[schemars(length(max = 255), regex(pattern = r"^([-a-zA-Z0-9_]+[.]?)+$"))]
    MatchName(String),
    /// Every name of this form, at most 255 characters. `*` stands for any number of
    /// characters within one label (`*.example.com` is `a.example.com`, neither
    /// `example.com` nor `a.b.example.com`), a leading `**.` for one or more whole labels,
    /// and `*` alone for every name.
    #[schemars(length(max = 255), regex(pattern = r"^([-a-zA-Z0-9_*]+[.]?)+$"))]
    MatchPattern(String),
}

impl FqdnSelector {
    /// This name; a text with `*` becomes a pattern.
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        if name.contains('*') {
            Self::MatchPattern(name)
        } else {
            Self::MatchName(name)
        }
    }
}
