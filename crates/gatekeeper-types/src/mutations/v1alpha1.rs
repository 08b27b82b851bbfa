//! `mutations.gatekeeper.sh/v1alpha1`.

use super::spec::{AssignImageSpec, AssignMetadataSpec, AssignSpec, ModifySetSpec, MutatorStatus};

crd_core::resource! {
    /// Sets a field of objects that are created or changed, whatever it was before.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/mutation/#assign>.
    #[resource(
        group = "mutations.gatekeeper.sh", version = "v1alpha1", kind = "Assign", plural = "assign", scope = Cluster,
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
        group = "mutations.gatekeeper.sh", version = "v1alpha1", kind = "AssignMetadata", plural = "assignmetadata", scope = Cluster,
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
    /// Sets the registry, path or tag of the images of objects that are created or changed.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/mutation/#assignimage>.
    #[resource(
        group = "mutations.gatekeeper.sh", version = "v1alpha1", kind = "AssignImage", plural = "assignimage", scope = Cluster,
        status_subresource = true,
    )]
    pub struct AssignImage {
        /// What is set where.
        pub spec: Option<AssignImageSpec>,
        /// What Gatekeeper reports.
        pub status: Option<MutatorStatus>,
    }
}

crd_core::resource! {
    /// Adds values to a list of objects that are created or changed, or takes them out.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/mutation/#modifyset>.
    #[resource(
        group = "mutations.gatekeeper.sh", version = "v1alpha1", kind = "ModifySet", plural = "modifyset", scope = Cluster,
        status_subresource = true,
    )]
    pub struct ModifySet {
        /// What is added to which list, or taken out.
        pub spec: Option<ModifySetSpec>,
        /// What Gatekeeper reports.
        pub status: Option<MutatorStatus>,
    }
}
