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
    /// What each of Gatekeeper's pods reports; written by them alone.
    pub status: Option<ConfigStatus>,
}

/// What Gatekeeper leaves alone, keeps at hand for policies, and traces.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConfigSpec {
    /// Objects that policies find in `data.inventory`.
    pub sync: Option<Sync>,
    /// Which admission requests have their evaluation written to the log. Absent traces none.
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
    /// The kinds whose objects policies read as `data.inventory`; empty replicates none.
    pub sync_only: Vec<Gvk>,
}

/// Which admission requests have their evaluation written to the log.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Validation {
    /// One entry per user and kind.
    pub traces: Vec<Trace>,
}

/// Requests of a user for a kind, whose evaluation is logged.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Trace {
    /// The name of the user whose requests are traced.
    pub user: Option<String>,
    /// The kind whose requests are traced.
    pub kind: Option<Gvk>,
    /// `All` logs all that Gatekeeper keeps at hand, too.
    pub dump: Option<String>,
}

/// Namespaces that some parts of Gatekeeper leave alone.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MatchEntry {
    /// Namespaces that these parts leave alone; `kube-*` and `*-system` are understood.
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

/// A part of Gatekeeper that can leave namespaces alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum Process {
    /// `*`: every part.
    #[arm(rename = "*")]
    All,
    /// The regular review of what is in the cluster.
    #[arm(rename = "audit")]
    Audit,
    /// The webhook that refuses objects at admission.
    #[arm(rename = "webhook")]
    Webhook,
    /// What fills `data.inventory`.
    #[arm(rename = "sync")]
    Sync,
    /// The webhook that changes objects at admission.
    #[arm(rename = "mutation-webhook")]
    MutationWebhook,
    /// A text that this version of the types does not know.
    Other(String),
}
