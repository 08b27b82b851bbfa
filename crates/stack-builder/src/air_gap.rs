//! What must be known to bring a stack into a place without Internet, beside its images and charts.

use crate::error::ComponentError;
use crate::image::ImageRef;
use crate::licence::{self, Licence, Licences};

/// The folder of images that exercises run and no component.
pub(crate) const EXERCISES: &str = "exercises";

/// An image that a chart names, and pulls only when something in its values is switched on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionalImage {
    /// Name of the release whose chart names the image.
    pub release: &'static str,
    /// The image, as upstream publishes it.
    pub source: &'static str,
    /// JSON pointers into the values that switch it on, each by itself.
    pub switches: &'static [&'static str],
    /// Whether it is on where the values do not say.
    pub default: bool,
    /// What it is for, in a few words.
    pub purpose: &'static str,
}

/// A domain that a firewall must let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// A DNS name without scheme or port; `*.` in front stands for all below it.
    pub name: String,
    /// What is fetched from there, in a few words for the person who opens the firewall.
    pub purpose: String,
    /// The host in image references whose images come from it; empty where it serves none.
    pub images: String,
    /// What else there is to say.
    pub comment: String,
}

/// A domain to which another one sends whoever asks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The domain that is reached in the end.
    pub name: String,
    /// What is fetched there, in a few words: layers of images, archives of charts.
    pub purpose: String,
    /// The domain that redirects: the host of images, charts or files.
    pub from: String,
}

/// A file that is fetched while a stack is brought in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Download {
    pub(crate) url: String,
    pub(crate) file: String,
    pub(crate) purpose: String,
}

/// What a component, or a stack as a whole, adds to the tables and programs for a place without Internet.
#[derive(Clone, Debug, Default)]
pub struct AirGap {
    /// Images that a documented list names: the list, and the image written out.
    pub(crate) listed: Vec<(String, ImageRef)>,
    pub(crate) notes: Vec<(ImageRef, String)>,
    pub(crate) licences: Licences,
    pub(crate) optional: Vec<(OptionalImage, ImageRef)>,
    /// Images of nodes, and of exercises that belong to no component.
    pub(crate) nodes: Vec<(ImageRef, String)>,
    pub(crate) exercises: Vec<(ImageRef, String)>,
    pub(crate) downloads: Vec<Download>,
    pub(crate) reached: Vec<(String, String)>,
    pub(crate) domains: Vec<Domain>,
    pub(crate) redirects: Vec<Redirect>,
}

impl AirGap {
    /// Says that a documented list names an image, so that `images.tsv` compares what is pulled with it.
    ///
    /// # Errors
    /// [`ComponentError::Image`] when the reference cannot be parsed.
    pub fn listed_image(&mut self, list: &str, image: &str) -> Result<(), ComponentError> {
        let image = parse(list, image)?.canonical();
        self.listed.push((list.to_owned(), image));
        Ok(())
    }

    /// What there is to say of an image in `images.tsv`, where it is pulled without a comment.
    ///
    /// # Errors
    /// [`ComponentError::Image`] when the reference cannot be parsed.
    pub fn note(&mut self, image: &str, note: &str) -> Result<(), ComponentError> {
        self.notes
            .push((parse("a note", image)?.canonical(), note.to_owned()));
        Ok(())
    }

    /// Under which licences the programs of images stand; see also [`Contribution::licences`].
    ///
    /// [`Contribution::licences`]: crate::Contribution::licences
    ///
    /// # Errors
    /// [`ComponentError::Image`] when a repository cannot be parsed, [`ComponentError::Licence`] when a licence is no SPDX
    /// expression.
    pub fn licences(&mut self, licences: &[Licence<'_>]) -> Result<(), ComponentError> {
        licence::add(&mut self.licences, licences)
    }

    /// An image that a chart hides behind a switch.
    ///
    /// # Errors
    /// [`ComponentError::Image`] when the reference cannot be parsed.
    pub fn optional_image(&mut self, image: OptionalImage) -> Result<(), ComponentError> {
        let source = parse(image.release, image.source)?;
        self.optional.push((image, source));
        Ok(())
    }

    /// The image of a node, which the container engine pulls before there is a cluster. Named twice, it is listed once.
    ///
    /// # Errors
    /// [`ComponentError::Image`] when the reference cannot be parsed.
    pub fn node_image(&mut self, image: &str, comment: &str) -> Result<(), ComponentError> {
        let image = parse("a node", image)?;
        if !self.nodes.iter().any(|(known, _)| *known == image) {
            self.nodes.push((image, comment.to_owned()));
        }
        Ok(())
    }

    /// An image that exercises run and no component.
    ///
    /// # Errors
    /// [`ComponentError::Image`] when the reference cannot be parsed.
    pub fn exercise_image(&mut self, image: &str, comment: &str) -> Result<(), ComponentError> {
        self.exercises
            .push((parse("an exercise", image)?, comment.to_owned()));
        Ok(())
    }

    /// A file that `mirror.sh` fetches, by its URL, its name in the folder of downloads, and what it is.
    pub fn download(
        &mut self,
        url: impl Into<String>,
        file: impl Into<String>,
        purpose: impl Into<String>,
    ) {
        self.downloads.push(Download {
            url: url.into(),
            file: file.into(),
            purpose: purpose.into(),
        });
    }

    /// A URL that is reached, and what for; `mirror.sh` does not fetch it.
    pub fn reach(&mut self, url: impl Into<String>, purpose: impl Into<String>) {
        self.reached.push((url.into(), purpose.into()));
    }

    /// A documented row of `firewall.tsv`.
    pub fn domain(&mut self, domain: Domain) {
        self.domains.push(domain);
    }

    /// A row of `firewall.tsv` that is there when its `from` is reached.
    pub fn redirect(&mut self, redirect: Redirect) {
        self.redirects.push(redirect);
    }
}

fn parse(used_by: &str, image: &str) -> Result<ImageRef, ComponentError> {
    image.parse().map_err(|source| ComponentError::Image {
        used_by: used_by.to_owned(),
        source,
    })
}
