//! `externaldata.gatekeeper.sh/v1beta1`.

// Whoever imports a version finds all of it there.
#[doc(no_inline)]
pub use super::spec::{ProviderSpec, ProviderStatus};
use crd_core::{ObjectMeta, Resource};

/// A service outside of Gatekeeper that policies (`external_data` in Rego) and mutators ask.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/externaldata>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "externaldata.gatekeeper.sh", version = "v1beta1", kind = "Provider", plural = "providers", scope = Cluster,
    status_subresource,
    older(version = "v1alpha1", deprecated = "use externaldata.gatekeeper.sh/v1beta1"),
)]
pub struct Provider {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The service's URL, its certificates and how long it may take.
    pub spec: Option<ProviderSpec>,
    /// What each of Gatekeeper's pods reports; written by them alone.
    pub status: Option<ProviderStatus>,
}
