//! The one list of kinds, and the definitions that are made from it.

use crd_core::Family;

/// All kinds whose group is turned on, with all their served versions, in alphabetical order of group and kind.
///
/// ```
/// let family = istio_types::family();
/// let older = family.version("networking.istio.io/v1alpha3", "Gateway");
/// assert!(older.is_some());
/// ```
#[inline]
pub fn family() -> Family {
    let family = Family::new("istio");
    #[cfg(feature = "extensions")]
    let family = {
        use crate::extensions::v1alpha1;

        family.kind::<v1alpha1::WasmPlugin>()
    };
    #[cfg(feature = "networking")]
    let family = {
        use crate::networking::{v1, v1alpha3, v1beta1};

        family
            .kind::<v1::DestinationRule>()
            .kind::<v1alpha3::EnvoyFilter>()
            .kind::<v1::Gateway>()
            .kind::<v1beta1::ProxyConfig>()
            .kind::<v1::ServiceEntry>()
            .kind::<v1::Sidecar>()
            .kind::<v1::VirtualService>()
            .kind::<v1::WorkloadEntry>()
            .kind::<v1::WorkloadGroup>()
    };
    #[cfg(feature = "security")]
    let family = {
        use crate::security::v1;

        family
            .kind::<v1::AuthorizationPolicy>()
            .kind::<v1::PeerAuthentication>()
            .kind::<v1::RequestAuthentication>()
    };
    #[cfg(feature = "telemetry")]
    let family = {
        use crate::telemetry::v1;

        family.kind::<v1::Telemetry>()
    };
    family
}

#[cfg(feature = "schema")]
crd_core::family_crds!();
