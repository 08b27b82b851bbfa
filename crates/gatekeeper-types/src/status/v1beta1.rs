//! `status.gatekeeper.sh/v1beta1`.

use super::pod::{
    ConfigPodStatusStatus, ConstraintPodStatusStatus, ConstraintTemplatePodStatusStatus,
    ExpansionTemplatePodStatusStatus, MutatorPodStatusStatus, ProviderPodStatusStatus,
};
use crd_core::{ObjectMeta, Resource};

/// What one Gatekeeper pod says about the Config; written by Gatekeeper only.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "status.gatekeeper.sh", version = "v1beta1", kind = "ConfigPodStatus", plural = "configpodstatuses", scope = Namespaced,
)]
pub struct ConfigPodStatus {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What the one pod that wrote this object says.
    pub status: Option<ConfigPodStatusStatus>,
}

/// What one Gatekeeper pod says about a constraint; written by Gatekeeper only.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "status.gatekeeper.sh", version = "v1beta1", kind = "ConstraintPodStatus", plural = "constraintpodstatuses", scope = Namespaced,
)]
pub struct ConstraintPodStatus {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What the one pod that wrote this object says.
    pub status: Option<ConstraintPodStatusStatus>,
}

/// What one Gatekeeper pod says about a template; written by Gatekeeper only.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "status.gatekeeper.sh", version = "v1beta1", kind = "ConstraintTemplatePodStatus", plural = "constrainttemplatepodstatuses", scope = Namespaced,
)]
pub struct ConstraintTemplatePodStatus {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What the one pod that wrote this object says.
    pub status: Option<ConstraintTemplatePodStatusStatus>,
}

/// What one Gatekeeper pod says about an ExpansionTemplate; written by Gatekeeper only.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "status.gatekeeper.sh", version = "v1beta1", kind = "ExpansionTemplatePodStatus", plural = "expansiontemplatepodstatuses", scope = Namespaced,
)]
pub struct ExpansionTemplatePodStatus {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What the one pod that wrote this object says.
    pub status: Option<ExpansionTemplatePodStatusStatus>,
}

/// What one Gatekeeper pod says about a mutator; written by Gatekeeper only.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "status.gatekeeper.sh", version = "v1beta1", kind = "MutatorPodStatus", plural = "mutatorpodstatuses", scope = Namespaced,
)]
pub struct MutatorPodStatus {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What the one pod that wrote this object says.
    pub status: Option<MutatorPodStatusStatus>,
}

/// What one Gatekeeper pod says about a Provider; written by Gatekeeper only.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "status.gatekeeper.sh", version = "v1beta1", kind = "ProviderPodStatus", plural = "providerpodstatuses", scope = Namespaced,
)]
pub struct ProviderPodStatus {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What the one pod that wrote this object says.
    pub status: Option<ProviderPodStatusStatus>,
}
