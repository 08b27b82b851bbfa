//! Manifests from bytes, all at once: [`kube_yaml`] reads them.

use kube_yaml::{FieldPath, Locations, Manifests, Warning};
use serde_json::Value;

pub use kube_yaml::SyntaxError;

/// One document of a file: an object, or text that is none.
#[derive(Clone, Debug)]
pub struct Document {
    /// Place in the file, from 0; documents without content are not counted, and each item of a `List` is.
    pub index: usize,
    /// Line in the file where the document's content starts, from 1.
    pub line: usize,
    /// What stands there.
    pub content: Result<Value, SyntaxError>,
    /// What kubectl reads without a word and is hardly meant so.
    pub warnings: Vec<Warning>,
    /// The lines of its values; none where the content cannot be read.
    pub locations: Locations,
}

impl Document {
    /// Lines in the file of these paths, or of the nearest thing around each that exists. Paths are in the server's
    /// notation, as [`Finding`](kube_vocab::Finding) shows them.
    #[must_use]
    pub fn lines_of<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Vec<usize> {
        paths
            .into_iter()
            .map(|path| match path {
                "" => self.line,
                path => self
                    .locations
                    .nearest_line(&FieldPath::parse(path))
                    .unwrap_or(self.line),
            })
            .collect()
    }
}

/// Reads all documents of a file. Documents without content (empty, or comments only) are left out; the items of a
/// `List` come as documents of their own.
#[must_use]
pub fn read(bytes: &[u8]) -> Vec<Document> {
    match kube_yaml::decode(bytes) {
        Ok(text) => Manifests::new(text).map(document).collect(),
        Err(error) => vec![document(Err(error))],
    }
}

fn document(read: Result<kube_yaml::Document, SyntaxError>) -> Document {
    match read {
        Ok(read) => Document {
            index: read.index,
            line: read.line,
            content: Ok(read.value),
            warnings: read.warnings,
            locations: read.locations,
        },
        Err(error) => Document {
            index: error.index,
            line: error.start,
            content: Err(error),
            warnings: Vec::new(),
            locations: Locations::default(),
        },
    }
}
