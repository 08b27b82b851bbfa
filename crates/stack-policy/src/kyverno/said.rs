//! What a rule says of an object.

use kube_vocab::FieldPath;

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It is broken there.
    Broken(FieldPath, String),
    /// Nobody can tell, and why.
    Unknown(String),
}
