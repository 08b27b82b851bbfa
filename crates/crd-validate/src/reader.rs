//! Manifests from bytes, all at once: [`kube_yaml`] reads them.

use kube_yaml::{FieldPath, Locations, Manifests, Pieces, Warning};
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

/// A part of a file that can be read by itself: a document, or an item of a large `List`.
#[derive(Clone, Debug)]
pub struct Piece<'a>(Result<kube_yaml::Piece<'a>, SyntaxError>);

impl Piece<'_> {
    /// How many bytes of the file are in it.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.as_ref().map_or(0, kube_yaml::Piece::size)
    }

    /// Its documents, numbered from 0 in each piece.
    pub fn documents(&self) -> impl Iterator<Item = Document> {
        self.clone().into_documents()
    }
}

impl<'a> Piece<'a> {
    fn into_documents(self) -> impl Iterator<Item = Document> + use<'a> {
        let (piece, error) = match self.0 {
            Ok(piece) => (Some(piece), None),
            Err(error) => (None, Some(error)),
        };
        let objects = piece.into_iter().flat_map(kube_yaml::Piece::objects);
        objects.chain(error.map(Err)).map(document)
    }
}

/// The documents of a file one after the other, so that one alone is held; numbered from 0 in each piece of the file.
pub fn documents(bytes: &[u8]) -> impl Iterator<Item = Document> {
    pieces(bytes).flat_map(Piece::into_documents)
}

/// The pieces of a file in its order, to be read one after the other or side by side: what [`read`] gives at once.
pub fn pieces(bytes: &[u8]) -> impl Iterator<Item = Piece<'_>> {
    let (text, error) = match kube_yaml::decode(bytes) {
        Ok(text) => (text, None),
        Err(error) => ("", Some(error)),
    };
    let pieces = Pieces::new(text).map(Ok);
    pieces.chain(error.map(Err)).map(Piece)
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
