//! `expansion.gatekeeper.sh/v1beta1`.

use super::spec::{ExpansionTemplateSpec, ExpansionTemplateStatus};

crd_core::resource! {
    /// How Gatekeeper derives the object that a controller will create from the object that asks for it, so that constraints on the
    /// one are held against the other.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/expansion>.
    #[resource(
        group = "expansion.gatekeeper.sh", version = "v1beta1", kind = "ExpansionTemplate", plural = "expansiontemplate", scope = Cluster,
        status_subresource = true,
    )]
    pub struct ExpansionTemplate {
        /// What is derived from what.
        pub spec: Option<ExpansionTemplateSpec>,
        /// What Gatekeeper reports.
        pub status: Option<ExpansionTemplateStatus>,
    }
}
