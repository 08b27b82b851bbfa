//! `config.gatekeeper.sh/v1alpha1`.

use crd_core::string_enum;
use serde::{Deserialize, Serialize};

use crate::gvk::Gvk;
use crate::matching::Wildcard;
use crate::status::ConfigPodStatusStatus;

crd_core::resource! {
    /// What Gatekeeper leaves alone, keeps at hand for policies, and traces. There is one, by the name of `config`, in
    /// Gatekeeper's own namespace.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/exempt-namespaces>.
    #[resource(
        group = "config.gatekeeper.sh", version = "v1alpha1", kind = "Config", plural = "configs", scope = Namespaced,
        status_subresource = true,
    )]
    pub struct Config {
        /// What is left alone, kept at hand, traced.
        pub spec: Option<ConfigSpec>,
        /// What Gatekeeper reports.
        pub status: Option<ConfigStatus>,
    }
}

/// What Gatekeeper leaves alone, keeps at hand for policies, and traces.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConfigSpec {
    /// Objects that policies find in `data.inventory`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync: Option<Sync>,
    /// Requests that are traced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Validation>,
    /// Namespaces that are left alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub r#match: Vec<MatchEntry>,
    /// How Gatekeeper becomes ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readiness: Option<ReadinessSpec>,
}

/// Objects that policies find in `data.inventory`. A SyncSet does the same and can stand beside
/// others.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Sync {
    /// Their kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sync_only: Vec<Gvk>,
}

/// Requests that are traced.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Validation {
    /// One entry per user and kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traces: Vec<Trace>,
}

/// Requests of a user for a kind, whose evaluation is logged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Trace {
    /// The user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Gvk>,
    /// `All` logs all that Gatekeeper keeps at hand, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dump: Option<String>,
}

/// Namespaces that some parts of Gatekeeper leave alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MatchEntry {
    /// The namespaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_namespaces: Vec<Wildcard>,
    /// The parts of Gatekeeper; `*` is all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub processes: Vec<Process>,
}

/// How Gatekeeper becomes ready.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReadinessSpec {
    /// Whether it logs what it waits for. Absent means no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stats_enabled: Option<bool>,
}

/// What Gatekeeper reports of the Config.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConfigStatus {
    /// What each Gatekeeper pod says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_pod: Vec<ConfigPodStatusStatus>,
}

string_enum! {
    /// A part of Gatekeeper.
    #[open]
    pub enum Process {
        /// All parts.
        All = "*",
        /// The regular review of what is in the cluster.
        Audit = "audit",
        /// The validating webhook.
        Webhook = "webhook",
        /// What fills `data.inventory`.
        Sync = "sync",
        /// The mutating webhook.
        MutationWebhook = "mutation-webhook",
    }
}
