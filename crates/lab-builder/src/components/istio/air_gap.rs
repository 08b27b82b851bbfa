//! What the documentation lists of the component's images, to compare with what it really pulls.

use stack_builder::{AirGap, ComponentError, Licence};

use crate::documented;

/// The images of section 12-2, as printed.
const IMAGES: &[&str] = &[
    "docker.io/istio/pilot:1.29.0",
    "docker.io/istio/ztunnel:1.29.0",
    "docker.io/istio/install-cni:1.29.0",
];

/// What there is to say about an image that the documentation lists.
const NOTES: &[(&str, &str)] = &[
    ("docker.io/istio/pilot:1.29.0", DISTROLESS),
    ("docker.io/istio/install-cni:1.29.0", DISTROLESS),
];

const DISTROLESS: &str =
    "the ambient profile would pull 1.29.0-distroless; the values set no variant";

/// What the makers of the images' programs state.
const LICENCES: &[Licence<'_>] = &[
    Licence::of(
        "docker.io/istio/pilot",
        "Apache-2.0",
        "https://github.com/istio/istio",
    ),
    Licence::of(
        "docker.io/istio/install-cni",
        "Apache-2.0",
        "https://github.com/istio/istio",
    ),
    Licence::of(
        "docker.io/istio/ztunnel",
        "Apache-2.0",
        "https://github.com/istio/ztunnel",
    ),
];

pub(super) fn add(air_gap: &mut AirGap) -> Result<(), ComponentError> {
    documented::images(air_gap, IMAGES)?;
    air_gap.licences(LICENCES)?;
    for (image, note) in NOTES {
        air_gap.note(image, note)?;
    }
    Ok(())
}
