//! What the documentation lists of the component's images, to compare with what it really pulls.

use stack_builder::{AirGap, ComponentError, Licence};

use crate::documented;

/// The images of section 12-2, as printed.
const IMAGES: &[&str] = &[
    "quay.io/cilium/cilium:v1.19.1",
    "quay.io/cilium/operator-generic:v1.19.1",
    "quay.io/cilium/hubble-relay:v1.19.1",
    "quay.io/cilium/hubble-ui-backend:v0.13.3",
    "quay.io/cilium/hubble-ui:v0.13.3",
    "quay.io/cilium/certgen:v0.3.2",
    "quay.io/cilium/cilium-envoy:v1.31.5-1742306043-95dcc258b0448b2ef1445466e60a0e7dcdc6b85f",
];

/// What the makers of the images' programs state.
const LICENCES: &[Licence<'_>] = &[
    Licence::of(
        "quay.io/cilium/cilium",
        "Apache-2.0 AND (BSD-2-Clause OR GPL-2.0-only)",
        "https://github.com/cilium/cilium",
    ),
    Licence::of(
        "quay.io/cilium/cilium-envoy",
        "Apache-2.0",
        "https://github.com/cilium/proxy",
    ),
    Licence::of(
        "quay.io/cilium/operator-generic",
        "Apache-2.0",
        "https://github.com/cilium/cilium",
    ),
    Licence::of(
        "quay.io/cilium/hubble-relay",
        "Apache-2.0",
        "https://github.com/cilium/cilium",
    ),
    Licence::of(
        "quay.io/cilium/hubble-ui",
        "Apache-2.0",
        "https://github.com/cilium/hubble-ui",
    ),
    Licence::of(
        "quay.io/cilium/hubble-ui-backend",
        "Apache-2.0",
        "https://github.com/cilium/hubble-ui",
    ),
    Licence::of(
        "quay.io/cilium/certgen",
        "Apache-2.0",
        "https://github.com/cilium/certgen",
    ),
];

pub(super) fn add(air_gap: &mut AirGap) -> Result<(), ComponentError> {
    documented::images(air_gap, IMAGES)?;
    air_gap.licences(LICENCES)
}
