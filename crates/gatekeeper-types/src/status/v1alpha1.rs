//! `status.gatekeeper.sh/v1alpha1`.

use super::pod::ConnectionPodStatusStatus;

crd_core::resource! {
    /// What one Gatekeeper pod says about a Connection; written by Gatekeeper only.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
    #[resource(
        group = "status.gatekeeper.sh", version = "v1alpha1", kind = "ConnectionPodStatus", plural = "connectionpodstatuses", scope = Namespaced,
    )]
    pub struct ConnectionPodStatus {
        /// What the pod says.
        pub status: Option<ConnectionPodStatusStatus>,
    }
}
