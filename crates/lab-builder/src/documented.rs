//! How the lab compares with its documentation.

use stack_builder::{AirGap, ComponentError};

/// The section that lists images.
const IMAGE_LIST: &str = "12-2";

/// What `charts.tsv` says of charts that section 12-3 pulls without a version.
pub(crate) const UNVERSIONED: &str = "12-3 pulls it without a version, which takes the newest";

/// Says that the documentation lists these images.
pub(crate) fn images(air_gap: &mut AirGap, images: &[&str]) -> Result<(), ComponentError> {
    images
        .iter()
        .try_for_each(|image| air_gap.listed_image(IMAGE_LIST, image))
}
