//! `status.gatekeeper.sh/v1beta1`.

use super::pod::{
    ConfigPodStatusStatus, ConstraintPodStatusStatus, ConstraintTemplatePodStatusStatus,
    ExpansionTemplatePodStatusStatus, MutatorPodStatusStatus, ProviderPodStatusStatus,
};

crd_core::resource! {
    /// What one Gatekeeper pod says about the Config; written by Gatekeeper only.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
    #[resource(
        group = "status.gatekeeper.sh", version = "v1beta1", kind = "ConfigPodStatus", plural = "configpodstatuses", scope = Namespaced,
    )]
    pub struct ConfigPodStatus {
        /// What the pod says.
        pub status: Option<ConfigPodStatusStatus>,
    }
}

crd_core::resource! {
    /// What one Gatekeeper pod says about a constraint; written by Gatekeeper only.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
    #[resource(
        group = "status.gatekeeper.sh", version = "v1beta1", kind = "ConstraintPodStatus", plural = "constraintpodstatuses", scope = Namespaced,
    )]
    pub struct ConstraintPodStatus {
        /// What the pod says.
        pub status: Option<ConstraintPodStatusStatus>,
    }
}

crd_core::resource! {
    /// What one Gatekeeper pod says about a template; written by Gatekeeper only.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
    #[resource(
        group = "status.gatekeeper.sh", version = "v1beta1", kind = "ConstraintTemplatePodStatus", plural = "constrainttemplatepodstatuses", scope = Namespaced,
    )]
    pub struct ConstraintTemplatePodStatus {
        /// What the pod says.
        pub status: Option<ConstraintTemplatePodStatusStatus>,
    }
}

crd_core::resource! {
    /// What one Gatekeeper pod says about an ExpansionTemplate; written by Gatekeeper only.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
    #[resource(
        group = "status.gatekeeper.sh", version = "v1beta1", kind = "ExpansionTemplatePodStatus", plural = "expansiontemplatepodstatuses", scope = Namespaced,
    )]
    pub struct ExpansionTemplatePodStatus {
        /// What the pod says.
        pub status: Option<ExpansionTemplatePodStatusStatus>,
    }
}

crd_core::resource! {
    /// What one Gatekeeper pod says about a mutator; written by Gatekeeper only.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
    #[resource(
        group = "status.gatekeeper.sh", version = "v1beta1", kind = "MutatorPodStatus", plural = "mutatorpodstatuses", scope = Namespaced,
    )]
    pub struct MutatorPodStatus {
        /// What the pod says.
        pub status: Option<MutatorPodStatusStatus>,
    }
}

crd_core::resource! {
    /// What one Gatekeeper pod says about a Provider; written by Gatekeeper only.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/operations>.
    #[resource(
        group = "status.gatekeeper.sh", version = "v1beta1", kind = "ProviderPodStatus", plural = "providerpodstatuses", scope = Namespaced,
    )]
    pub struct ProviderPodStatus {
        /// What the pod says.
        pub status: Option<ProviderPodStatusStatus>,
    }
}
