//! The switches of a sync, which upstream writes as `Name=value`.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use crd_core::StringEnum;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A switch of a sync: for a whole application in `syncPolicy.syncOptions`, for one object in the
/// annotation `argocd.argoproj.io/sync-options`.
///
/// Upstream: <https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/>.
///
/// ```
/// use argocd_types::v1alpha1::SyncOption;
///
/// assert_eq!(SyncOption::CreateNamespace(true).to_string(), "CreateNamespace=true");
/// assert_eq!(SyncOption::from("Validate=false"), SyncOption::Validate(false));
/// assert_eq!(SyncOption::from("Shiny=yes").to_string(), "Shiny=yes");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SyncOption {
    /// Whether objects that the source no longer has may be deleted.
    Prune(Consent),
    /// Whether objects go when the application goes.
    Delete(Consent),
    /// Whether objects are held against the schema of the API server; `false` is `kubectl apply
    /// --validate=false`. The default is yes.
    Validate(bool),
    /// Whether the dry run is left out for kinds that the cluster does not have yet, such as those
    /// whose CustomResourceDefinition is part of the application. The default is no.
    SkipDryRunOnMissingResource(bool),
    /// Whether only objects that differ are applied. The default is no: all are.
    ApplyOutOfSyncOnly(bool),
    /// What becomes of an object's dependents when it is deleted. The default is `foreground`.
    PrunePropagationPolicy(PropagationPolicy),
    /// Whether objects are deleted only once all others are applied and healthy. The default is no.
    PruneLast(bool),
    /// Whether objects are replaced rather than applied (`kubectl replace`). The default is no.
    Replace(bool),
    /// Whether objects are deleted and created anew. The default is no.
    Force(bool),
    /// Whether the API server merges (`kubectl apply --server-side`). The default is no.
    ServerSideApply(bool),
    /// Whether fields that the client once applied move to server-side apply. The default is yes.
    ClientSideApplyMigration(bool),
    /// Whether a sync fails if another application has one of the objects. The default is no.
    FailOnSharedResource(bool),
    /// Whether a sync leaves fields alone that `ignoreDifferences` lists. The default is no.
    RespectIgnoreDifferences(bool),
    /// Whether the destination's namespace is created. The default is no.
    CreateNamespace(bool),
    /// A switch or a value that this version of the library does not know, kept as written.
    Other(String),
}

/// Whether something may be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum Consent {
    /// It may be done without asking; the default.
    #[arm(rename = "true")]
    Yes,
    /// It may never be done.
    #[arm(rename = "false")]
    No,
    /// It may once someone has confirmed it.
    #[arm(rename = "confirm")]
    Confirm,
}

/// What becomes of the dependents of an object that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "camelCase")]
pub enum PropagationPolicy {
    /// What the object owns goes first, then the object.
    Foreground,
    /// The object goes first; what it owns is collected afterwards.
    Background,
    /// The object goes, and what it owns stays.
    Orphan,
}

/// One table for both directions, so that they cannot disagree.
macro_rules! sync_options {
    ($($Name:ident: $Value:ty,)+) => {
        impl fmt::Display for SyncOption {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$Name(value) => write!(f, concat!(stringify!($Name), "={}"), value),)+
                    Self::Other(text) => f.write_str(text),
                }
            }
        }

        impl From<&str> for SyncOption {
            fn from(text: &str) -> Self {
                let known = match text.split_once('=') {
                    $(Some((stringify!($Name), value)) => <$Value>::from_str(value).ok().map(Self::$Name),)+
                    _ => None,
                };
                known.unwrap_or_else(|| Self::Other(text.to_owned()))
            }
        }
    };
}

sync_options! {
    Prune: Consent,
    Delete: Consent,
    Validate: bool,
    SkipDryRunOnMissingResource: bool,
    ApplyOutOfSyncOnly: bool,
    PrunePropagationPolicy: PropagationPolicy,
    PruneLast: bool,
    Replace: bool,
    Force: bool,
    ServerSideApply: bool,
    ClientSideApplyMigration: bool,
    FailOnSharedResource: bool,
    RespectIgnoreDifferences: bool,
    CreateNamespace: bool,
}

impl FromStr for SyncOption {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl Serialize for SyncOption {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SyncOption {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from(text.as_str()))
    }
}

crd_core::if_schema! {
    impl crd_core::schema::JsonSchema for SyncOption {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "SyncOption".into()
        }

        fn inline_schema() -> bool {
            true
        }

        fn json_schema(generator: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
            String::json_schema(generator)
        }
    }
}
