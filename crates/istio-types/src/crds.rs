//! The CustomResourceDefinitions of all kinds.

use crd_core::crd::CustomResourceDefinition;

/// The CustomResourceDefinitions of all kinds whose group is turned on, with all their served versions, in alphabetical order of
/// group and kind. The version that is stored is upstream's.
///
/// ```
/// let names: Vec<_> = istio_types::crds().into_iter().filter_map(|crd| crd.metadata.name).collect();
/// assert!(names.contains(&"peerauthentications.security.istio.io".to_owned()));
/// ```
pub fn crds() -> Vec<CustomResourceDefinition> {
    let groups: &[Vec<CustomResourceDefinition>] = &[
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
fn extensions() -> Vec<CustomResourceDefinition> {
    use crd_core::crd::Crd;

    use crate::extensions::v1alpha1;
    vec![Crd::of::<v1alpha1::WasmPlugin>().build()]
}

#[cfg(feature = "networking")]
fn networking() -> Vec<CustomResourceDefinition> {
    use crd_core::crd::Crd;

    use crate::networking::{v1, v1alpha3, v1beta1};
    vec![
        Crd::of::<v1::DestinationRule>()
            .version::<v1alpha3::DestinationRule>()
            .version::<v1beta1::DestinationRule>()
            .build(),
        Crd::of::<v1alpha3::EnvoyFilter>().build(),
        Crd::of::<v1::Gateway>()
            .version::<v1alpha3::Gateway>()
            .version::<v1beta1::Gateway>()
            .build(),
        Crd::of::<v1beta1::ProxyConfig>().build(),
        Crd::of::<v1::ServiceEntry>()
            .version::<v1alpha3::ServiceEntry>()
            .version::<v1beta1::ServiceEntry>()
            .build(),
        Crd::of::<v1::Sidecar>()
            .version::<v1alpha3::Sidecar>()
            .version::<v1beta1::Sidecar>()
            .build(),
        Crd::of::<v1::VirtualService>()
            .version::<v1alpha3::VirtualService>()
            .version::<v1beta1::VirtualService>()
            .build(),
        Crd::of::<v1::WorkloadEntry>()
            .version::<v1alpha3::WorkloadEntry>()
            .version::<v1beta1::WorkloadEntry>()
            .build(),
        Crd::of::<v1::WorkloadGroup>()
            .version::<v1alpha3::WorkloadGroup>()
            .version::<v1beta1::WorkloadGroup>()
            .build(),
    ]
}

#[cfg(feature = "security")]
fn security() -> Vec<CustomResourceDefinition> {
    use crd_core::crd::Crd;

    use crate::security::{v1, v1beta1};
    vec![
        Crd::of::<v1::AuthorizationPolicy>()
            .version::<v1beta1::AuthorizationPolicy>()
            .build(),
        Crd::of::<v1::PeerAuthentication>()
            .version::<v1beta1::PeerAuthentication>()
            .build(),
        Crd::of::<v1::RequestAuthentication>()
            .version::<v1beta1::RequestAuthentication>()
            .build(),
    ]
}

#[cfg(feature = "telemetry")]
fn telemetry() -> Vec<CustomResourceDefinition> {
    use crd_core::crd::Crd;

    use crate::telemetry::{v1, v1alpha1};
    vec![
        Crd::of::<v1::Telemetry>()
            .version::<v1alpha1::Telemetry>()
            .stored_as("v1alpha1")
            .build(),
    ]
}
