//! Sets of strings.

/// A string that is none of a set's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is none of {}", crate::private::Listed(allowed))]
#[non_exhaustive]
pub struct UnknownName {
    /// The text that is none of the set.
    pub found: String,
    /// The texts of the set, in the order of its arms.
    pub allowed: &'static [&'static str],
}

impl UnknownName {
    #[doc(hidden)]
    pub fn new(found: &str, allowed: &'static [&'static str]) -> Self {
        Self {
            found: found.to_owned(),
            allowed,
        }
    }
}
