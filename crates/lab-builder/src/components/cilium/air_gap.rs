//! What the documentation lists of the component's images, to compare with what it really pulls.

use stack_builder::{AirGap, ComponentError};

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

pub(super) fn add(air_gap: &mut AirGap) -> Result<(), ComponentError> {
    documented::images(air_gap, IMAGES)
}
