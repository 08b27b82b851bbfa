//! What the documentation lists of the component's images, to compare with what it really pulls.

use stack_builder::{AirGap, ComponentError, Licence, OptionalImage};

use crate::documented;

/// The images of section 12-2, as printed.
const IMAGES: &[&str] = &[
    "docker.io/openpolicyagent/gatekeeper:v3.21.1",
    "docker.io/openpolicyagent/gatekeeper-crds:v3.21.1",
];

/// Images hidden in charts at the documented versions, found by reading their values.
const HIDDEN: &[OptionalImage] = &[OptionalImage {
    release: "gatekeeper",
    source: "docker.io/curlimages/curl:8.12.0",
    switches: &["/postInstall/probeWebhook/enabled"],
    default: true,
    purpose: "a Job that asks the webhook after the installation",
}];

/// What the makers of the images' programs state.
const LICENCES: &[Licence<'_>] = &[
    Licence::of(
        "docker.io/openpolicyagent/gatekeeper",
        "Apache-2.0",
        "https://github.com/open-policy-agent/gatekeeper",
    ),
    Licence::of(
        "docker.io/openpolicyagent/gatekeeper-crds",
        "Apache-2.0",
        "https://github.com/open-policy-agent/gatekeeper",
    ),
    Licence::of(
        "docker.io/curlimages/curl",
        "curl",
        "https://curl.se/docs/copyright.html",
    ),
];

pub(super) fn add(air_gap: &mut AirGap) -> Result<(), ComponentError> {
    documented::images(air_gap, IMAGES)?;
    air_gap.licences(LICENCES)?;
    for image in HIDDEN {
        air_gap.optional_image(image.clone())?;
    }
    Ok(())
}
