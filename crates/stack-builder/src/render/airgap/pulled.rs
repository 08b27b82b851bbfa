//! The images of `images.tsv` that are pulled, for programs.

use std::collections::BTreeMap;

use super::images::{rows, sources};
use crate::bundle::Bundle;
use crate::licence::Stated;

/// An image that a place without Internet must hold: a row of `images.tsv` that is pulled, with its licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PulledImage {
    /// The component that names it; `-` for what belongs to the stack as a whole.
    pub component: String,
    /// The image as upstream publishes it, written out, with Docker's own ones as people spell them: `docker.io/kong:3.9`.
    pub source: String,
    /// Where the stack's registry keeps it; `None` without a registry.
    pub mirrored: Option<String>,
    /// Who pulls it: `stack`, `exercise` or `node`.
    pub pulled_by: &'static str,
    /// What there is to say of it; often empty.
    pub comment: String,
    /// The SPDX licence expression of its program; `None` where nobody stated one.
    pub licence: Option<String>,
    /// The page of the program; `None` where nobody stated one.
    pub page: Option<String>,
}

impl Bundle {
    /// Every image that is pulled, in the order of `images.tsv`, with what is known of its licence.
    #[must_use]
    pub fn pulled_images(&self) -> Vec<PulledImage> {
        let mut known: BTreeMap<&str, &Stated> = BTreeMap::new();
        for (_, air_gap) in sources(self) {
            let stated = air_gap.licences.iter();
            known.extend(stated.map(|(name, stated)| (name.as_str(), stated)));
        }
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let rows = rows(self).into_iter();
        rows.filter(|row| row.kind.is_pulled())
            .map(|row| {
                let stated = known.get(row.source.name());
                PulledImage {
                    source: row.spelled_source(),
                    mirrored: said(&row.mirrored),
                    pulled_by: row.kind.name(),
                    licence: stated.and_then(|stated| said(&stated.spdx)),
                    page: stated.and_then(|stated| said(&stated.page)),
                    component: row.component,
                    comment: row.comment,
                }
            })
            .collect()
    }
}
