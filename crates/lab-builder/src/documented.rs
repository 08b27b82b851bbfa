//! How the lab compares with its documentation.

use stack_builder::{AirGap, ComponentError, ImageRef, VersionPair};

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

/// A chart's version, the version of an image that belongs to it, the image that runs, and where the values say its tag.
pub(crate) fn pair(
    chart: &str,
    version: &str,
    image: &str,
    tag: &str,
) -> Result<VersionPair, ComponentError> {
    Ok(VersionPair {
        chart: chart.to_owned(),
        version: version.to_owned(),
        image: parse(tag, image)?,
        tag: tag.to_owned(),
    })
}

/// As [`pair`], with the image that is documented for the chart's documented version.
pub(crate) fn documented_pair(
    chart: &str,
    documented: &str,
    image: &str,
    tag: &str,
) -> Result<VersionPair, ComponentError> {
    let documented = parse(tag, documented)?;
    pair(chart, documented.tag().unwrap_or_default(), image, tag)
}

fn parse(used_by: &str, image: &str) -> Result<ImageRef, ComponentError> {
    image.parse().map_err(|source| ComponentError::Image {
        used_by: used_by.to_owned(),
        source,
    })
}
