//! Reading.

#[cfg(test)]
mod agreement;
mod error;
mod events;
mod fast;
mod full;
mod json;
mod list;
mod locations;
mod pieces;
mod quoted;
mod scalar;
mod scanner;
mod split;
mod tree;

use std::borrow::Cow;
use std::iter::FusedIterator;
use std::marker::PhantomData;

use kube_vocab::FieldPath;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use error::{ErrorKind, SyntaxError, Warning, WarningKind};
pub use list::{Manifests, Objects};
pub use locations::Locations;
pub use pieces::{Piece, Pieces};
use split::{Part, Parts};
pub use tree::Tree;

/// The deepest nesting that is read.
pub const MAX_DEPTH: usize = 100;
/// How many values the aliases of one document may stand for, all together.
pub const MAX_ALIASED: usize = 100_000;
/// How many values the anchors of one document may hold; one that stands in another counts twice.
pub const MAX_ANCHORED: usize = 1_000_000;

/// A document of a text.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Document<V = Value> {
    /// What stands there, as kubectl would send it.
    pub value: V,
    /// Place in the text, from 0; documents without content are not counted.
    pub index: usize,
    /// Line in the text where the content starts, from 1.
    pub line: usize,
    /// Where its values stand.
    pub locations: Locations,
    /// What kubectl reads without a word and is hardly meant so.
    pub warnings: Vec<Warning>,
}

impl<V> Document<V> {
    /// The same document with another value, or another form of the same.
    pub fn map<W>(self, with: impl FnOnce(V) -> W) -> Document<W> {
        let (value, document) = self.apart();
        Document {
            value: with(value),
            index: document.index,
            line: document.line,
            locations: document.locations,
            warnings: document.warnings,
        }
    }

    /// The value, and the document without it.
    fn apart(self) -> (V, Document<()>) {
        let document = Document {
            value: (),
            index: self.index,
            line: self.line,
            locations: self.locations,
            warnings: self.warnings,
        };
        (self.value, document)
    }

    /// The line in the text of the value at this path.
    pub fn line_of(&self, path: &FieldPath) -> Option<usize> {
        self.locations.line_of(path)
    }

    /// The line in the text of the value at this path, or of the innermost thing around it that is there.
    pub fn nearest_line(&self, path: &FieldPath) -> usize {
        if path.is_root() {
            return self.line;
        }
        self.locations.nearest_line(path).unwrap_or(self.line)
    }
}

/// The text of a file: UTF-8, without the mark that some editors put at its start.
///
/// # Errors
/// Where the bytes are not UTF-8.
pub fn decode(bytes: &[u8]) -> Result<&str, SyntaxError> {
    let encoding = |line, message: &str| SyntaxError::new(ErrorKind::Encoding, line, message);
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] = bytes {
        return Err(encoding(
            1,
            "the text is UTF-16 or UTF-32; only UTF-8 is read",
        ));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        encoding(line, "the text is not UTF-8")
    })
}

/// The value of the only document of a text; with several, of the first.
///
/// # Errors
/// What cannot be read, or does not fit the type.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, SyntaxError> {
    let (value, line) = match Documents::new(text).next() {
        Some(document) => document.map(|document| (document.value, document.line))?,
        None => (Value::Null, 1),
    };
    serde_json::from_value(value)
        .map_err(|error| SyntaxError::new(ErrorKind::Type, line, error.to_string()))
}

/// The documents of a text, one after the other, as kubectl cuts them; the text may be YAML or JSON.
///
/// A document that cannot be read spoils no other. Documents without content (empty, or comments only) are left out.
///
/// ```
/// use kube_yaml::Documents;
///
/// let text = "kind: Lamp\nspec:\n  colours: [red]\n---\nn: 1\n";
/// let documents = Documents::new(text).collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(documents[0].line_of(&"spec.colours[0]".into()), Some(3));
/// assert_eq!(documents[1].value, serde_json::json!({"false": 1}));
/// assert_eq!(documents[1].warnings[0].message, "`n` is read as false; quote the key");
/// # Ok::<(), kube_yaml::SyntaxError>(())
/// ```
#[derive(Clone)]
pub struct Documents<'a, V = Value> {
    state: State<'a>,
    index: usize,
    into: PhantomData<fn() -> V>,
}

#[derive(Clone)]
enum State<'a> {
    /// Objects behind each other: what is left, and the line it starts on.
    Json(&'a str, usize),
    Yaml(Parts<'a>),
    /// A part whose own trouble, that of the line before it, has just been told.
    Misled(Part<'a>, Parts<'a>),
}

impl<V> std::fmt::Debug for Documents<'_, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Documents")
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

impl<'a> Documents<'a> {
    /// The documents of this text; see [`decode`] for bytes.
    pub fn new(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let state = if text.trim_start().starts_with('{') {
            State::Json(text, 1)
        } else {
            State::Yaml(Parts::new(text, 1))
        };
        Self::at(state)
    }

    fn json(text: &'a str, line: usize) -> Self {
        Self::at(State::Json(text, line))
    }

    fn of_part(part: Part<'a>) -> Self {
        Self::at(State::Yaml(Parts::of(part)))
    }

    fn at(state: State<'a>) -> Self {
        Self {
            state,
            index: 0,
            into: PhantomData,
        }
    }

    /// The same documents, as values of another sort.
    fn read_as<V: Tree>(self) -> Documents<'a, V> {
        Documents {
            state: self.state,
            index: self.index,
            into: PhantomData,
        }
    }

    /// How many bytes of the text are left.
    fn size(&self) -> usize {
        match &self.state {
            State::Json(text, _) => text.len(),
            State::Yaml(parts) => parts.size(),
            State::Misled(part, parts) => part.text.len() + parts.size(),
        }
    }
}

impl<'a, V: Tree> Documents<'a, V> {
    /// One object, or what is left as YAML.
    fn next_json(
        &mut self,
        text: &'a str,
        line: usize,
    ) -> Option<Result<Document<V>, SyntaxError>> {
        let rest = text.trim_start();
        if rest.is_empty() {
            return None;
        }
        let line = line + split::lines_in(&text[..text.len() - rest.len()]);
        if rest.starts_with("---") {
            self.state = State::Yaml(Parts::new(rest, line));
            return self.next_document();
        }
        let failure = match json::read(rest, line, 0) {
            Ok(read) => {
                self.state =
                    State::Json(&rest[read.text.len()..], line + split::lines_in(read.text));
                return Some(Ok(Document {
                    value: V::from_json(read.value),
                    index: 0,
                    line,
                    locations: read.locations,
                    warnings: read.warnings,
                }));
            }
            Err(failure) => failure,
        };
        // What starts like JSON may be YAML in braces.
        let mut parts = Parts::new(rest, line);
        let part = parts.next()?;
        self.state = State::Yaml(parts);
        if failure.is_json {
            return Some(Err(failure.error.starting(line)));
        }
        match read_part(part) {
            Ok(None) => self.next_document(),
            Ok(Some(document)) => Some(Ok(document)),
            Err(error) if matches!(error.kind, ErrorKind::Template | ErrorKind::Limit) => {
                Some(Err(error))
            }
            Err(_) => Some(Err(failure.error.starting(line))),
        }
    }

    fn next_document(&mut self) -> Option<Result<Document<V>, SyntaxError>> {
        loop {
            let (part, parts) = match &mut self.state {
                State::Json(text, line) => {
                    let (text, line) = (*text, *line);
                    return self.next_json(text, line);
                }
                State::Misled(part, parts) => (*part, parts.clone()),
                State::Yaml(parts) => {
                    let part = parts.next()?;
                    if part.misled {
                        self.state = State::Misled(part, parts.clone());
                        let message = "not a separator: behind `---` only a comment may stand";
                        return Some(Err(SyntaxError::new(
                            ErrorKind::Unsupported,
                            part.line - 1,
                            message,
                        )));
                    }
                    (part, parts.clone())
                }
            };
            self.state = State::Yaml(parts);
            match read_part(part) {
                Ok(None) => {}
                Ok(Some(document)) => return Some(Ok(document)),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<V: Tree> Iterator for Documents<'_, V> {
    type Item = Result<Document<V>, SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut document = self.next_document()?;
        match &mut document {
            Ok(document) => document.index = self.index,
            Err(error) => error.index = self.index,
        }
        self.index += 1;
        Some(document)
    }
}

impl<V: Tree> FusedIterator for Documents<'_, V> {}

/// What a part of a text holds, with the lines of the text. A document that is null is none.
fn read_part<V: Tree>(part: Part<'_>) -> Result<Option<Document<V>>, SyntaxError> {
    read_text(part).map_err(|mut error| {
        if error.kind != ErrorKind::Encoding
            && let Some(line) = template_line(part.text)
        {
            let message = "this is a Helm template: render it with `helm template` and check that";
            error = SyntaxError::new(ErrorKind::Template, part.line + line, message);
        }
        error.start = part.line + first_content(part.text);
        error
    })
}

/// The line, from 0, of the first content.
fn first_content(text: &str) -> usize {
    let is_content = |row: &str| !row.trim().is_empty() && !row.trim_start().starts_with('#');
    text.lines().position(is_content).unwrap_or(0)
}

/// The line, from 0, of the first action of a Go template. YAML's own braces have no such look.
fn template_line(text: &str) -> Option<usize> {
    let at = memchr::memmem::find(text.as_bytes(), b"{{")?;
    text[at..]
        .contains("}}")
        .then(|| split::lines_in(&text[..at]))
}

fn read_text<V: Tree>(part: Part<'_>) -> Result<Option<Document<V>>, SyntaxError> {
    let characters = Characters::of(part.text);
    characters.check(part)?;
    let mut text = match characters.carriage_returns {
        // Every reader takes them for one line break.
        true => Cow::Owned(part.text.replace("\r\n", "\n")),
        false => Cow::Borrowed(part.text),
    };
    if !text.ends_with('\n') {
        // As kubectl does, which reads line by line.
        text.to_mut().push('\n');
    }
    if characters.are_simple
        && !(characters.carriage_returns && text.contains('\r'))
        && let Some(read) = V::read(&text, part.line, 0)
    {
        return Ok(read.map(|read| Document {
            value: read.value,
            index: 0,
            line: read.line,
            locations: read.locations,
            warnings: Vec::new(),
        }));
    }
    let shift = part.line - 1;
    let read = full::read(&text, 0).map_err(|error| SyntaxError {
        line: error.line + shift,
        ..error
    })?;
    Ok(read.filter(|read| !read.value.is_null()).map(|mut read| {
        read.locations.shift(shift);
        for warning in &mut read.warnings {
            warning.line += shift;
        }
        Document {
            value: V::from_json(read.value),
            index: 0,
            line: read.line + shift,
            locations: read.locations,
            warnings: read.warnings,
        }
    }))
}

/// Which sorts of characters a text has.
struct Characters {
    carriage_returns: bool,
    /// Control characters, which YAML does not allow, may be there.
    suspect: bool,
    /// None that some reader takes for the end of a line, and no byte order mark.
    are_simple: bool,
}

impl Characters {
    fn of(text: &str) -> Self {
        // No branches, so that many bytes are looked at at once.
        let (mut low, mut returns, mut wide) = (0, 0, 0);
        for byte in text.bytes() {
            low |= u8::from(byte < 0x20) & u8::from(byte != b'\t') & u8::from(byte != b'\n')
                | u8::from(byte == 0x7f);
            returns |= u8::from(byte == b'\r');
            wide |= u8::from(byte == 0xc2) | u8::from(byte == 0xe2) | u8::from(byte == 0xef);
        }
        let mut found = Self {
            carriage_returns: returns > 0,
            suspect: low > returns,
            are_simple: true,
        };
        // A carriage return counts as low, too.
        found.suspect |= low > 0 && returns > 0;
        let bytes = text.as_bytes();
        let leads = memchr::memchr3_iter(0xc2, 0xe2, 0xef, if wide > 0 { bytes } else { &[] });
        for at in leads {
            match bytes[at..] {
                [0xc2, 0x85, ..] | [0xe2, 0x80, 0xa8 | 0xa9, ..] | [0xef, 0xbb, 0xbf, ..] => {
                    found.are_simple = false
                }
                [0xc2, 0x80..=0x9f, ..] | [0xef, 0xbf, 0xbe | 0xbf, ..] => found.suspect = true,
                _ => {}
            }
        }
        found
    }

    /// kubectl's parser refuses control characters wherever they stand.
    fn check(&self, part: Part<'_>) -> Result<(), SyntaxError> {
        let is_control = |c: char| {
            c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')
                || matches!(c, '\u{fffe}' | '\u{ffff}')
        };
        let text = if self.suspect { part.text } else { "" };
        match text.find(is_control) {
            Some(at) => {
                let line = part.line + split::lines_in(&part.text[..at]);
                let code = part.text[at..].chars().next().map_or(0, u32::from);
                let message = format!("the control character U+{code:04X} is not allowed");
                Err(SyntaxError::new(ErrorKind::Encoding, line, message))
            }
            None => Ok(()),
        }
    }
}
