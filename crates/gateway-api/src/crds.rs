use crd_core::crd::{API_APPROVED, Crd, CrdVersion, CustomResourceDefinition};

use crate::{v1, v1beta1};

/// The CustomResourceDefinitions of all kinds, as Gateway API v1.5.0 has them: those of the
/// standard channel, or with the feature `experimental` those of the experimental channel.
pub fn crds() -> Vec<CustomResourceDefinition> {
    vec![
        released::<v1::GatewayClass>()
            .version::<v1beta1::GatewayClass>()
            .build(),
        released::<v1::Gateway>()
            .version::<v1beta1::Gateway>()
            .build(),
        released::<v1::HttpRoute>()
            .version::<v1beta1::HttpRoute>()
            .build(),
    ]
}

/// A CRD with the annotations of the release. The API server demands the first of them.
fn released<V: CrdVersion>() -> Crd<V> {
    let channel = if cfg!(feature = "experimental") {
        "experimental"
    } else {
        "standard"
    };
    Crd::of::<V>()
        .annotation(
            API_APPROVED,
            "https://github.com/kubernetes-sigs/gateway-api/pull/4530",
        )
        .annotation("gateway.networking.k8s.io/bundle-version", "v1.5.0")
        .annotation("gateway.networking.k8s.io/channel", channel)
}
