//! Under which licence the program of an image stands, as far as components say it.

use std::collections::BTreeMap;

use crate::error::ComponentError;
use crate::image::ImageRef;

/// The licence of the program for which people run an image, as a component declares it beside the image.
///
/// It is a fact about the program, not about all that lies in the image: base systems and libraries have licences of their own.
///
/// ```
/// use stack_builder::Licence;
///
/// const LICENCES: &[Licence<'_>] = &[
///     Licence::of("docker.io/library/memcached", "BSD-3-Clause", "https://memcached.org"),
///     Licence::unknown("registry.example/acme/tools", "https://acme.example/tools"),
/// ];
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Licence<'a> {
    /// The image's registry and repository, without tag and digest: what holds for it holds for all its versions in the stack.
    pub repository: &'a str,
    /// An SPDX licence expression, such as `Apache-2.0` or `ISC OR MIT`; empty where the licence is not known.
    pub spdx: &'a str,
    /// Where its makers say so: the page of the program or of its source.
    pub page: &'a str,
}

impl<'a> Licence<'a> {
    /// A licence that its makers state.
    #[must_use]
    pub const fn of(repository: &'a str, spdx: &'a str, page: &'a str) -> Self {
        Licence {
            repository,
            spdx,
            page,
        }
    }

    /// An image of which only the page is known: reports say `unknown`.
    #[must_use]
    pub const fn unknown(repository: &'a str, page: &'a str) -> Self {
        Licence::of(repository, "", page)
    }
}

/// What [`Licence`] says, kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stated {
    pub(crate) spdx: String,
    pub(crate) page: String,
}

/// Licences by the canonical name of the image, without tag and digest.
pub(crate) type Licences = BTreeMap<String, Stated>;

/// Adds what is declared; of two statements on one repository, the later counts.
pub(crate) fn add(known: &mut Licences, licences: &[Licence<'_>]) -> Result<(), ComponentError> {
    for licence in licences {
        let image: ImageRef =
            licence
                .repository
                .parse()
                .map_err(|source| ComponentError::Image {
                    used_by: "a licence".into(),
                    source,
                })?;
        let is_expression = |c: char| c.is_ascii_alphanumeric() || "-.+:() ".contains(c);
        if !licence.spdx.chars().all(is_expression) {
            return Err(ComponentError::Licence {
                image: licence.repository.to_owned(),
                text: licence.spdx.to_owned(),
            });
        }
        let stated = Stated {
            spdx: licence.spdx.to_owned(),
            page: licence.page.to_owned(),
        };
        known.insert(image.canonical().name().to_owned(), stated);
    }
    Ok(())
}
