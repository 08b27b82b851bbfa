//! `config.gatekeeper.sh/v1alpha1`.

use crate::gvk::Gvk;
use crate::matching::Wildcard;
use crate::status::ConfigPodStatusStatus;
use crd_core::{Object, ObjectMeta, Resource, StringEnum};

/// What Gatekeeper leaves alone, keeps at hand for policies, and traces. There is one, by the name of `config`, in
/// Gatekeeper's own namespace.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/exempt-namespaces>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "config.gatekeeper.sh", version = "v1alpha1", kind = "Config", plural = "configs", scope = Namespaced,
    status_subresource,
)]
pub struct Config {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What is left alone, kept at hand, traced.
    pub spec: Option<ConfigSpec>,
    /// What Gatekeeper reports.
    pub status: Option<ConfigStatus>,
}

/// What Gatekeeper leaves alone, keeps at hand for policies, and traces.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConfigSpec {
    /// Objects that policies find in `data.inventory`.
    pub sync: Option<Sync>,
    /// Requests that are traced.
    pub validation: Option<Validation>,
    /// Namespaces that are left alone.
    pub r#match: Vec<MatchEntry>,
    /// How Gatekeeper becomes ready.
    pub readiness: Option<ReadinessSpec>,
}

/// Objects that policies find in `data.inventory`. A SyncSet does the same and can stand beside
/// others.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Sync {
    /// Their kinds.
    pub sync_only: Vec<Gvk>,
}

/// Requests that are traced.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Validation {
    /// One entry per user and kind.
    pub traces: Vec<Trace>,
}

/// Requests of a user for a kind, whose evaluation is logged.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Trace {
    /// The user.
    pub user: Option<String>,
    /// The kind.
    pub kind: Option<Gvk>,
    /// `All` logs all that Gatekeeper keeps at hand, too.
    pub dump: Option<String>,
}

/// Namespaces that some parts of Gatekeeper leave alone.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MatchEntry {
    /// The namespaces.
    pub excluded_namespaces: Vec<Wildcard>,
    /// The parts of Gatekeeper; `*` is all.
    pub processes: Vec<Process>,
}

/// How Gatekeeper becomes ready.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ReadinessSpec {
    /// Whether it logs what it waits for. Absent means no.
    pub stats_enabled: Option<bool>,
}

/// What Gatekeeper reports of the Config.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConfigStatus {
    /// What each Gatekeeper pod says.
    pub by_pod: Vec<ConfigPodStatusStatus>,
}

/// A part of Gatekeeper.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum Process {
    /// All parts.
    #[arm(rename = "*")]
    All,
    /// The regular review of what is in the cluster.
    #[arm(rename = "audit")]
    Audit,
    /// The validating webhook.
    #[arm(rename = "webhook")]
    Webhook,
    /// What fills `data.inventory`.
    #[arm(rename = "sync")]
    Sync,
    /// The mutating webhook.
    #[arm(rename = "mutation-webhook")]
    MutationWebhook,
    /// A text that this version of the types does not know.
    Other(String),
}
