//! What the documentation lists of the component's images, to compare with what it really pulls.

use stack_builder::{AirGap, ComponentError, Licence, OptionalImage};

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

/// What the makers of the images' programs state.
const LICENCES: &[Licence<'_>] = &[
    Licence::of(
        "quay.io/argoproj/argocd",
        "Apache-2.0",
        "https://github.com/argoproj/argo-cd",
    ),
    Licence::of(
        "ghcr.io/dexidp/dex",
        "Apache-2.0",
        "https://github.com/dexidp/dex",
    ),
    Licence::of(
        "public.ecr.aws/docker/library/redis",
        "LicenseRef-RSALv2 OR SSPL-1.0 OR AGPL-3.0-only",
        "https://redis.io/legal/licenses/",
    ),
    Licence::of(
        "ghcr.io/oliver006/redis_exporter",
        "MIT",
        "https://github.com/oliver006/redis_exporter",
    ),
];

pub(super) fn add(air_gap: &mut AirGap) -> Result<(), ComponentError> {
    documented::images(air_gap, IMAGES)?;
    air_gap.licences(LICENCES)?;
    for (image, note) in NOTES {
        air_gap.note(image, note)?;
    }
    for image in HIDDEN {
        air_gap.optional_image(image.clone())?;
    }
    Ok(())
}
