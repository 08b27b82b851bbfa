//! What can be wrong with a component.

use crd_core::parse::ParseError;

use crate::image::ImageRefError;
use crate::object::ObjectError;
use crate::release::ReleaseError;

/// Why a component's contribution was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComponentError {
    /// Nobody gave the stack the shared values that the component reads.
    #[error(
        "it reads shared values of the type `{wanted}`: give them to the stack with Stack::wire"
    )]
    Wiring {
        /// The path of the Rust type that was asked for.
        wanted: &'static str,
    },
    /// An object has no kind, no name, or does not read as its kind.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// An object of the stack cannot be read as its kind.
    #[error(transparent)]
    Read(#[from] ParseError),
    /// A release's values cannot be put together.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// An image reference cannot be parsed.
    #[error("image of {used_by}: {source}")]
    Image {
        /// The release, container or file that names the image.
        used_by: String,
        /// Which part of the reference breaks a rule.
        source: ImageRefError,
    },
    /// A licence is no SPDX expression.
    #[error(
        "licence of {image}: `{text}` is no SPDX expression such as `Apache-2.0` or `ISC OR MIT`"
    )]
    Licence {
        /// The repository of the image.
        image: String,
        /// What the component states, unchanged.
        text: String,
    },
    /// A file would be written outside the tree.
    #[error(
        "file `{path}` cannot be written: it must be relative, without empty parts, `.`, `..`, `\\` or `:`"
    )]
    Path {
        /// The path below the tree's root that the component asked for.
        path: String,
    },
    /// A field of the component has a value that cannot work.
    #[error("`{field}` is {found}: {expected}")]
    Field {
        /// The field, from the component on.
        field: String,
        /// The refused value, as text.
        found: String,
        /// Which values work, in words that end the sentence of the message.
        expected: String,
    },
    /// A file of another format could not be written.
    #[error("file `{path}` cannot be serialised: {source}")]
    Serialize {
        /// The path below the tree's root, as it was given.
        path: String,
        /// Where the value has no form in JSON, such as a map whose keys are no texts.
        source: serde_json::Error,
    },
}
