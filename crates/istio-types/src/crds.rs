//! The CustomResourceDefinitions of all kinds.

use crd_core::crd::{CustomResourceDefinition, Definition};

/// The CustomResourceDefinitions of all kinds whose group is turned on, with all their served versions, in alphabetical order of
/// group and kind. The version that is stored is upstream's.
///
/// ```
/// let names: Vec<_> = istio_types::crds().into_iter().filter_map(|crd| crd.metadata.name).collect();
/// assert!(names.contains(&"peerauthentications.security.istio.io".to_owned()));
/// ```
pub fn crds() -> Vec<CustomResourceDefinition> {
    definitions().iter().map(Definition::build).collect()
}

/// The [`crds`], none of them made yet: for tools that look up a few kinds.
pub fn definitions() -> Vec<Definition> {
    let groups: &[Vec<Definition>] = &[
        #[cfg(feature = "extensions")]
        extensions(),
        #[cfg(feature = "networking")]
        networking(),
        #[cfg(feature = "security")]
        security(),
        #[cfg(feature = "telemetry")]
        telemetry(),
    ];
    groups.concat()
}

#[cfg(feature = "extensions")]
fn extensions() -> Vec<Definition> {
    use crd_core::crd::Crd;

    use crate::extensions::v1alpha1;
    vec![Crd::of::<v1alpha1::WasmPlugin>().definition()]
}

#[cfg(feature = "networking")]
fn networking() -> Vec<Definition> {
    use crd_core::crd::Crd;

    use crate::networking::{v1, v1alpha3, v1beta1};
    vec![
        Crd::of::<v1::DestinationRule>()
            .version::<v1alpha3::DestinationRule>()
            .version::<v1beta1::DestinationRule>()
            .definition(),
        Crd::of::<v1alpha3::EnvoyFilter>().definition(),
        Crd::of::<v1::Gateway>()
            .version::<v1alpha3::Gateway>()
            .version::<v1beta1::Gateway>()
            .definition(),
        Crd::of::<v1beta1::ProxyConfig>().definition(),
        Crd::of::<v1::ServiceEntry>()
            .version::<v1alpha3::ServiceEntry>()
            .version::<v1beta1::ServiceEntry>()
            .definition(),
        Crd::of::<v1::Sidecar>()
            .version::<v1alpha3::Sidecar>()
            .version::<v1beta1::Sidecar>()
            .definition(),
        Crd::of::<v1::VirtualService>()
            .version::<v1alpha3::VirtualService>()
            .version::<v1beta1::VirtualService>()
            .definition(),
        Crd::of::<v1::WorkloadEntry>()
            .version::<v1alpha3::WorkloadEntry>()
            .version::<v1beta1::WorkloadEntry>()
            .definition(),
        Crd::of::<v1::WorkloadGroup>()
            .version::<v1alpha3::WorkloadGroup>()
            .version::<v1beta1::WorkloadGroup>()
            .definition(),
    ]
}

#[cfg(feature = "security")]
fn security() -> Vec<Definition> {
    use crd_core::crd::Crd;

    use crate::security::{v1, v1beta1};
    vec![
        Crd::of::<v1::AuthorizationPolicy>()
            .version::<v1beta1::AuthorizationPolicy>()
            .definition(),
        Crd::of::<v1::PeerAuthentication>()
            .version::<v1beta1::PeerAuthentication>()
            .definition(),
        Crd::of::<v1::RequestAuthentication>()
            .version::<v1beta1::RequestAuthentication>()
            .definition(),
    ]
}

#[cfg(feature = "telemetry")]
fn telemetry() -> Vec<Definition> {
    use crd_core::crd::Crd;

    use crate::telemetry::{v1, v1alpha1};
    vec![
        Crd::of::<v1::Telemetry>()
            .version::<v1alpha1::Telemetry>()
            .stored_as("v1alpha1")
            .definition(),
    ]
}
