//! What the documentation lists of the component's images, to compare with what it really pulls.

use stack_builder::{AirGap, ComponentError, Licence};

use crate::documented;

/// The images of section 12-2, as printed.
const IMAGES: &[&str] = &[
    "docker.io/kennethreitz/httpbin:latest",
    "docker.io/curlimages/curl:latest",
];

/// What there is to say about an image that the documentation lists.
const NOTES: &[(&str, &str)] = &[
    (
        "docker.io/kennethreitz/httpbin:latest",
        "the tag moves; the chart's values-prod.yaml pins 0.9.2. Nodes on arm64 may need emulation",
    ),
    (
        "docker.io/curlimages/curl:latest",
        "the tag moves; the chart's values-prod.yaml pins 8.5.0",
    ),
];

/// What the makers of the images' programs state.
const LICENCES: &[Licence<'_>] = &[
    Licence::of(
        "docker.io/curlimages/curl",
        "curl",
        "https://curl.se/docs/copyright.html",
    ),
    Licence::of(
        "docker.io/kennethreitz/httpbin",
        "ISC OR MIT",
        "https://github.com/postmanlabs/httpbin",
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
