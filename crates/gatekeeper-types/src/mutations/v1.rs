//! `mutations.gatekeeper.sh/v1`.

use super::spec::{AssignMetadataSpec, AssignSpec, ModifySetSpec, MutatorStatus};

crd_core::resource! {
    /// Sets a field of objects that are created or changed, whatever it was before.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/mutation/#assign>.
    #[resource(
        group = "mutations.gatekeeper.sh", version = "v1", kind = "Assign", plural = "assign", scope = Cluster,
        status_subresource = true,
    )]
    pub struct Assign {
        /// What is set where.
        pub spec: Option<AssignSpec>,
        /// What Gatekeeper reports.
        pub status: Option<MutatorStatus>,
    }
}

crd_core::resource! {
    /// Adds a label or annotation to objects that are created, where they have none of that key.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/mutation/#assignmetadata>.
    #[resource(
        group = "mutations.gatekeeper.sh", version = "v1", kind = "AssignMetadata", plural = "assignmetadata", scope = Cluster,
        status_subresource = true,
    )]
    pub struct AssignMetadata {
        /// What is set where.
        pub spec: Option<AssignMetadataSpec>,
        /// What Gatekeeper reports.
        pub status: Option<MutatorStatus>,
    }
}

crd_core::resource! {
    /// Adds values to a list of objects that are created or changed, or takes them out.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/mutation/#modifyset>.
    #[resource(
        group = "mutations.gatekeeper.sh", version = "v1", kind = "ModifySet", plural = "modifyset", scope = Cluster,
        status_subresource = true,
    )]
    pub struct ModifySet {
        /// What is added to which list, or taken out.
        pub spec: Option<ModifySetSpec>,
        /// What Gatekeeper reports.
        pub status: Option<MutatorStatus>,
    }
}
