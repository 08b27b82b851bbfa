//! What the documentation lists of the component's images, to compare with what it really pulls.

use stack_builder::{AirGap, ComponentError, Licence};

use crate::documented;

/// The images of section 12-2, as printed.
const IMAGES: &[&str] = &[
    "docker.io/kong:3.9",
    "docker.io/kong/kubernetes-ingress-controller:3.5",
];

/// What the makers of the images' programs state.
const LICENCES: &[Licence<'_>] = &[
    Licence::of(
        "docker.io/kong",
        "Apache-2.0",
        "https://github.com/Kong/kong",
    ),
    Licence::of(
        "docker.io/kong/kubernetes-ingress-controller",
        "Apache-2.0",
        "https://github.com/Kong/kubernetes-ingress-controller",
    ),
];

pub(super) fn add(air_gap: &mut AirGap) -> Result<(), ComponentError> {
    documented::images(air_gap, IMAGES)?;
    air_gap.licences(LICENCES)
}
