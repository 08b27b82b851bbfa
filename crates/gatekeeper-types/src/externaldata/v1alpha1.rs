//! `externaldata.gatekeeper.sh/v1alpha1`.

use super::spec::{ProviderSpec, ProviderStatus};

crd_core::resource! {
    /// A service outside of Gatekeeper that policies (`external_data` in Rego) and mutators ask.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/externaldata>.
    #[resource(
        group = "externaldata.gatekeeper.sh", version = "v1alpha1", kind = "Provider", plural = "providers", scope = Cluster,
        status_subresource = true,
        deprecated = "use externaldata.gatekeeper.sh/v1beta1",
    )]
    pub struct Provider {
        /// Where the service is.
        pub spec: Option<ProviderSpec>,
        /// What Gatekeeper reports.
        pub status: Option<ProviderStatus>,
    }
}
