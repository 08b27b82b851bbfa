//! How an application is brought in line with its source.

use std::collections::BTreeMap;

use super::sync_option::SyncOption;
use crd_core::Object;

/// When and how an application is synced. The empty policy means by hand.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SyncPolicy {
    /// Syncs on every change of the source. Absent means by hand; the empty object means automatic.
    pub automated: Option<SyncPolicyAutomated>,
    /// Switches for all objects of the application.
    pub sync_options: Vec<SyncOption>,
    /// How often a failed sync is tried again. Absent means never by hand, and five times for
    /// automatic syncs.
    pub retry: Option<RetryStrategy>,
    /// Labels and annotations of the destination's namespace; looked at with `CreateNamespace=true`
    /// only.
    pub managed_namespace_metadata: Option<ManagedNamespaceMetadata>,
}

/// What an automatic sync may do.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SyncPolicyAutomated {
    /// Whether objects that the source no longer has are deleted. Absent means no.
    pub prune: Option<bool>,
    /// Whether a change in the cluster is undone. Absent means that only a change of the source
    /// starts a sync.
    pub self_heal: Option<bool>,
    /// Whether an application may be left without any object. Absent means that pruning stops short
    /// of that.
    pub allow_empty: Option<bool>,
    /// Whether syncs are automatic; `false` switches them off without losing the rest. Absent means
    /// yes.
    pub enabled: Option<bool>,
}

/// How a failed sync is tried again.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RetryStrategy {
    /// The number of tries beside the first; negative is without end, 0 (as absent) is none.
    pub limit: Option<i64>,
    /// How long to wait between tries.
    pub backoff: Option<Backoff>,
    /// Whether a new commit that appears meanwhile replaces the revision that is tried. Absent
    /// means no.
    pub refresh: Option<bool>,
}

/// How long to wait between tries: `duration`, then that times `factor`, and so on up to
/// `maxDuration`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Backoff {
    /// The first wait, such as `5s` or `1m30s`; a number without unit is seconds. Absent means 5
    /// seconds.
    pub duration: Option<String>,
    /// What each wait is multiplied with for the next. Absent means 2.
    pub factor: Option<i64>,
    /// The longest wait. Absent means 3 minutes.
    pub max_duration: Option<String>,
}

/// Labels and annotations of a namespace that Argo CD creates.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ManagedNamespaceMetadata {
    /// Labels that the namespace gets; others stay.
    pub labels: BTreeMap<String, String>,
    /// Annotations that the namespace gets; others stay.
    pub annotations: BTreeMap<String, String>,
}
