//! `status.gatekeeper.sh/v1alpha1`.

use super::pod::ConnectionPodStatusStatus;
use crd_core::{ObjectMeta, Resource};

/// What one Gatekeeper pod says about a Connection; written by Gatekeeper only.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "status.gatekeeper.sh", version = "v1alpha1", kind = "ConnectionPodStatus", plural = "connectionpodstatuses", scope = Namespaced,
)]
pub struct ConnectionPodStatus {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What the one pod that wrote this object says.
    pub status: Option<ConnectionPodStatusStatus>,
}
