//! What the documentation lists of the component's images, to compare with what it really pulls.

use stack_builder::{AirGap, ComponentError};

use crate::documented;

/// The images of section 12-2, as printed.
const IMAGES: &[&str] = &[
    "docker.io/kong:3.9",
    "docker.io/kong/kubernetes-ingress-controller:3.5",
];

pub(super) fn add(air_gap: &mut AirGap) -> Result<(), ComponentError> {
    documented::images(air_gap, IMAGES)
}
