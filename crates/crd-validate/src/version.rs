//! The versions of Kubernetes whose server can be asked.

use std::fmt;
use std::str::FromStr;

/// A minor version of Kubernetes: it decides which kinds are served, which fields they have, and a few rules.
///
/// ```
/// use crd_validate::KubernetesVersion;
///
/// assert_eq!("1.35".parse(), Ok(KubernetesVersion::V1_35));
/// assert_eq!("v1.35.2".parse(), Ok(KubernetesVersion::V1_35));
/// assert_eq!(KubernetesVersion::default().to_string(), "1.36");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum KubernetesVersion {
    /// 1.33, of April 2025.
    V1_33,
    /// 1.34, of August 2025.
    V1_34,
    /// 1.35, of December 2025.
    V1_35,
    /// 1.36, of April 2026: the version that all rules here were compared with.
    #[default]
    V1_36,
    /// 1.37, of August 2026.
    V1_37,
}

/// A text that names no version of Kubernetes that is known here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a version of Kubernetes known here: 1.33 to 1.37")]
pub struct VersionError(pub String);

impl KubernetesVersion {
    /// All versions, from the oldest to the newest.
    pub const ALL: [Self; 5] = [
        Self::V1_33,
        Self::V1_34,
        Self::V1_35,
        Self::V1_36,
        Self::V1_37,
    ];

    /// The number after `1.`.
    #[must_use]
    pub const fn minor(self) -> u8 {
        match self {
            Self::V1_33 => 33,
            Self::V1_34 => 34,
            Self::V1_35 => 35,
            Self::V1_36 => 36,
            Self::V1_37 => 37,
        }
    }
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor())
    }
}

impl FromStr for KubernetesVersion {
    type Err = VersionError;

    /// Reads `1.36`, with or without a `v` before it and a patch version after it.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        let number = text.strip_prefix('v').unwrap_or(text);
        let minor = number
            .strip_prefix("1.")
            .map(|rest| rest.split('.').next().unwrap_or(rest));
        let found = minor.and_then(|minor| minor.parse::<u8>().ok());
        Self::ALL
            .into_iter()
            .find(|version| Some(version.minor()) == found)
            .ok_or_else(|| VersionError(text.to_owned()))
    }
}
