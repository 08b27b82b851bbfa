//! Names of kinds.

use crd_core::Object;

/// A kind with its group and version.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Gvk {
    /// The API group; absent or empty for the core group.
    pub group: Option<String>,
    /// The version of the API, without group, such as `v1`.
    pub version: Option<String>,
    /// The kind, such as `Pod`.
    pub kind: Option<String>,
}

impl Gvk {
    /// A kind with its group (empty for the core group) and version.
    pub fn new(
        group: impl Into<String>,
        version: impl Into<String>,
        kind: impl Into<String>,
    ) -> Self {
        Self {
            group: Some(group.into()),
            version: Some(version.into()),
            kind: Some(kind.into()),
        }
    }
}
