//! Where in a document something was found.

use std::fmt;

/// One step from a value to a value inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// A member of an object, by its key.
    Field(String),
    /// An element of a list, counted from zero.
    Index(usize),
}

/// The way from the root of a document to one of its values, written the way the API server
/// writes it: `spec.rules[0].backendRefs[1].port`.
///
/// A key that would be ambiguous in that notation (it has a dot, say) stands in brackets:
/// `metadata.annotations[example.com/owner]`.
///
/// ```
/// use crd_core::FieldPath;
///
/// let path = FieldPath::root().field("metadata").field("annotations").field("example.com/owner");
/// assert_eq!(path.to_string(), "metadata.annotations[example.com/owner]");
/// assert_eq!(FieldPath::root().field("spec").field("rules").index(0).to_string(), "spec.rules[0]");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath {
    segments: Vec<Segment>,
}

impl FieldPath {
    /// The document itself.
    pub const fn root() -> Self {
        Self {
            segments: Vec::new(),
        }
    }

    /// The member `key` of the value at this path.
    #[must_use]
    pub fn field(mut self, key: impl Into<String>) -> Self {
        self.segments.push(Segment::Field(key.into()));
        self
    }

    /// The element `index` of the list at this path.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.segments.push(Segment::Index(index));
        self
    }

    /// All steps, from the root inwards.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The path of the value around this one; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        let (_, rest) = self.segments.split_last()?;
        Some(Self {
            segments: rest.to_vec(),
        })
    }

    /// Whether this is the document itself.
    pub fn is_root(&self) -> bool {
        self.segments.is_empty()
    }

    /// Whether this is the value at `outer`, or inside it.
    pub fn is_within(&self, outer: &Self) -> bool {
        self.segments.starts_with(&outer.segments)
    }

    pub(crate) fn push(&mut self, segment: Segment) {
        self.segments.push(segment);
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_root() {
            return f.write_str(".");
        }
        for (position, segment) in self.segments.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Field(key) if key.is_empty() || key.contains(['.', '[', ']']) => {
                    write!(f, "[{key}]")?;
                }
                Segment::Field(key) if position == 0 => f.write_str(key)?,
                Segment::Field(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}
