//! What the documentation lists of the component's images, to compare with what it really pulls.

use stack_builder::{AirGap, ComponentError, OptionalImage};

use crate::documented;

/// The images of section 12-2, as printed.
const IMAGES: &[&str] = &[
    "quay.io/argoproj/argocd:v3.3.2",
    "ghcr.io/dexidp/dex:v2.44.0",
    "public.ecr.aws/docker/library/redis:8.2.3-alpine",
];

/// What there is to say about an image that the documentation lists.
const NOTES: &[(&str, &str)] = &[(
    "public.ecr.aws/docker/library/redis:8.2.3-alpine",
    "the chart's own default is the same image at ecr-public.aws.com, which the documented firewall rules do not open",
)];

/// Images hidden in charts at the documented versions, found by reading their values.
const HIDDEN: &[OptionalImage] = &[OptionalImage {
    release: "argocd",
    source: "ghcr.io/oliver006/redis_exporter:v1.81.0",
    switches: &["/redis/exporter/enabled"],
    default: false,
    purpose: "metrics of Redis, which 12-1 names and 12-2 does not list",
}];

pub(super) fn add(air_gap: &mut AirGap) -> Result<(), ComponentError> {
    documented::images(air_gap, IMAGES)?;
    for (image, note) in NOTES {
        air_gap.note(image, note)?;
    }
    for image in HIDDEN {
        air_gap.optional_image(image.clone())?;
    }
    Ok(())
}
