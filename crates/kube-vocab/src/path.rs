//! Where in a document something is.

use std::fmt;

/// One step from a value to a value inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// A member of an object whose keys are the type's fields: `.name`.
    Field(String),
    /// A member of a map whose keys are data, such as labels: `[key]`.
    Key(String),
    /// An element of a list, counted from zero: `[0]`.
    Index(usize),
}

/// The way from the root of a document to one of its values, written as the API server writes it:
/// `spec.rules[0].backendRefs[1].port`, `metadata.annotations[example.com/owner]`.
///
/// A field whose name would be ambiguous in that notation (it has a dot, say) is written as a key. The root itself is empty.
///
/// ```
/// use kube_vocab::FieldPath;
///
/// let path = FieldPath::root().field("metadata").field("annotations").key("example.com/owner");
/// assert_eq!(path.to_string(), "metadata.annotations[example.com/owner]");
/// assert_eq!(FieldPath::parse("spec.rules[0].matches"), FieldPath::root().field("spec").field("rules").index(0).field("matches"));
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

    /// Reads the notation that [`Display`](fmt::Display) writes. A bracket with nothing but digits is an index, any other a
    /// key. Never fails: what does not fit the notation becomes part of a field's name.
    pub fn parse(text: &str) -> Self {
        let mut path = Self::root();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some((inner, tail)) = rest
                .strip_prefix('[')
                .and_then(|inner| inner.split_once(']'))
            {
                let number = inner.bytes().all(|byte| byte.is_ascii_digit());
                let index = inner.parse().ok().filter(|_| number);
                path.push(index.map_or_else(|| Segment::Key(inner.to_owned()), Segment::Index));
                rest = tail.strip_prefix('.').unwrap_or(tail);
                continue;
            }
            let end = rest
                .char_indices()
                .find(|(at, c)| *c == '.' || (*c == '[' && *at > 0))
                .map_or(rest.len(), |(at, _)| at);
            path.push(Segment::Field(rest[..end].to_owned()));
            rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
        }
        path
    }

    /// The member `name` of the value at this path.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>) -> Self {
        self.push(Segment::Field(name.into()));
        self
    }

    /// The member `key` of the map at this path.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.push(Segment::Key(key.into()));
        self
    }

    /// The element `index` of the list at this path.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.push(Segment::Index(index));
        self
    }

    /// Goes one step further in.
    pub fn push(&mut self, segment: Segment) {
        self.segments.push(segment);
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
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.segments.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(name) => write!(f, "[{name}]")?,
                Segment::Field(name) => write_field(f, name, position == 0)?,
            }
        }
        Ok(())
    }
}

fn write_field(f: &mut fmt::Formatter<'_>, name: &str, first: bool) -> fmt::Result {
    if name.is_empty() || name.contains(['.', '[', ']']) {
        write!(f, "[{name}]")
    } else if first {
        f.write_str(name)
    } else {
        write!(f, ".{name}")
    }
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Field(&'a str),
    Key(&'a str),
    Index(usize),
}

/// A [`FieldPath`] that borrows its parent, so that walking a document costs no allocation; it is written out for a finding
/// only.
///
/// ```
/// use kube_vocab::Path;
///
/// let spec = Path::ROOT.field("spec");
/// let ports = spec.field("ports");
/// assert_eq!(ports.index(2).to_string(), "spec.ports[2]");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    inner: Option<(&'a Path<'a>, Step<'a>)>,
}

impl<'a> Path<'a> {
    /// The document itself.
    pub const ROOT: Path<'static> = Path { inner: None };

    /// The member `name` of the value at this path.
    #[must_use]
    pub const fn field(&'a self, name: &'a str) -> Path<'a> {
        self.then(Step::Field(name))
    }

    /// The member `key` of the map at this path, whose keys are data.
    #[must_use]
    pub const fn key(&'a self, key: &'a str) -> Path<'a> {
        self.then(Step::Key(key))
    }

    /// The element `index` of the list at this path.
    #[must_use]
    pub const fn index(&'a self, index: usize) -> Path<'a> {
        self.then(Step::Index(index))
    }

    /// Whether this is the document itself.
    pub const fn is_root(&self) -> bool {
        self.inner.is_none()
    }

    /// The same path, owned.
    pub fn to_field_path(&self) -> FieldPath {
        let segments = self
            .steps()
            .into_iter()
            .map(|step| match step {
                Step::Field(name) => Segment::Field(name.to_owned()),
                Step::Key(key) => Segment::Key(key.to_owned()),
                Step::Index(index) => Segment::Index(index),
            })
            .collect();
        FieldPath { segments }
    }

    const fn then(&'a self, step: Step<'a>) -> Path<'a> {
        Path {
            inner: Some((self, step)),
        }
    }

    /// From the root inwards.
    fn steps(&self) -> Vec<Step<'_>> {
        let mut steps = Vec::new();
        let mut at = self;
        while let Some((parent, step)) = at.inner {
            steps.push(step);
            at = parent;
        }
        steps.reverse();
        steps
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.steps().into_iter().enumerate() {
            match step {
                Step::Field(name) => write_field(f, name, position == 0)?,
                Step::Key(key) => write!(f, "[{key}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl From<Path<'_>> for FieldPath {
    fn from(path: Path<'_>) -> Self {
        path.to_field_path()
    }
}

impl From<&str> for FieldPath {
    fn from(text: &str) -> Self {
        Self::parse(text)
    }
}

impl From<String> for FieldPath {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_notation_is_the_servers() {
        for text in [
            "",
            "spec",
            "spec.rules[0].backendRefs[1].port",
            "metadata.annotations[example.com/owner]",
            "metadata.labels[a]",
            "[0].kind",
            "spec.ports[0][1]",
        ] {
            assert_eq!(FieldPath::parse(text).to_string(), text);
        }
    }

    #[test]
    fn a_path_lies_within_those_around_it() {
        let path = FieldPath::parse("spec.rules[0].port");
        assert!(path.is_within(&FieldPath::root()));
        assert!(path.is_within(&FieldPath::parse("spec.rules[0]")));
        assert!(!path.is_within(&FieldPath::parse("spec.rules[1]")));
        assert_eq!(path.parent(), Some(FieldPath::parse("spec.rules[0]")));
        assert_eq!(FieldPath::root().parent(), None);
    }

    #[test]
    fn the_borrowed_form_says_the_same() {
        let labels = Path::ROOT.field("metadata");
        let labels = labels.field("labels");
        let label = labels.key("a.b/c");
        assert_eq!(label.to_string(), "metadata.labels[a.b/c]");
        assert_eq!(label.to_field_path().to_string(), label.to_string());
        assert!(Path::ROOT.is_root() && !label.is_root());
    }

    fn segment() -> impl Strategy<Value = Segment> {
        prop_oneof![
            "[a-zA-Z][a-zA-Z0-9-]{0,5}".prop_map(Segment::Field),
            "[a-z][a-z./-]{0,8}".prop_map(Segment::Key),
            (0_usize..1000).prop_map(Segment::Index),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(segments in prop::collection::vec(segment(), 0..6)) {
            let path = FieldPath { segments };
            prop_assert_eq!(FieldPath::parse(&path.to_string()), path);
        }

        #[test]
        fn no_text_is_refused(text in ".{0,40}") {
            let _ = FieldPath::parse(&text).to_string();
        }
    }
}
