//! Reading manifests: YAML and JSON as kubectl reads them, with the line of everything.
//!
//! Documents are split at `---` lines, so that a broken one spoils no other. Scalars follow YAML 1.1 as kubectl's parser
//! has it: `yes`, `on` and `0o17` mean something, a date is a string. Anchors, aliases and merge keys are resolved; a
//! merge key overwrites what stands before it, as there. Unlike there, a key that appears twice is refused.

mod json;
mod locate;
mod scalar;
mod split;
mod yaml;

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

/// The deepest nesting that is read.
pub const MAX_DEPTH: usize = 100;
/// How many values the aliases of one document may stand for, all together.
pub const MAX_ALIASED: usize = 100_000;

/// Text that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// Line in the file, from 1.
    pub line: usize,
    /// What is wrong, for people.
    pub message: String,
}

/// One document of a file: an object, or text that is none.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// Place in the file, from 0; documents without content are not counted, and each item of a `List` is.
    pub index: usize,
    /// Line in the file where the document's content starts, from 1.
    pub line: usize,
    /// What stands there.
    pub content: Result<Value, SyntaxError>,
    place: Arc<Place<'a>>,
    /// Path of the object in the text: empty, or an item of a `List`.
    base: String,
}

/// A text that documents come from; the items of a `List` share it.
struct Place<'a> {
    text: &'a str,
    /// Line in the file where `text` starts, from 1.
    first_line: usize,
    located: OnceLock<locate::Located>,
}

impl<'a> Place<'a> {
    fn new(text: &'a str, first_line: usize) -> Self {
        Self {
            text,
            first_line,
            located: OnceLock::new(),
        }
    }

    /// The line in the file of a path, or of the nearest thing around it.
    fn line(&self, path: &str) -> Option<usize> {
        self.located
            .get_or_init(|| locate::Located::new(&yaml::legible(self.text)))
            .line(path)
            .map(|line| line + self.first_line - 1)
    }
}

impl fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place")
            .field("first_line", &self.first_line)
            .finish_non_exhaustive()
    }
}

impl Document<'_> {
    /// Lines in the file of these paths, or of the nearest thing around each that exists. Paths are in the server's
    /// notation, as in [`Finding::path`](kube_vocab::Finding::path).
    #[must_use]
    pub fn lines_of<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Vec<usize> {
        paths
            .into_iter()
            .map(|path| {
                let full = match (self.base.as_str(), path) {
                    ("", path) => path.to_owned(),
                    (base, "") => base.to_owned(),
                    (base, path) if path.starts_with('[') => format!("{base}{path}"),
                    (base, path) => format!("{base}.{path}"),
                };
                if path.is_empty() {
                    return self.line;
                }
                self.place.line(&full).unwrap_or(self.line)
            })
            .collect()
    }
}

/// Reads all documents of a file. Documents without content (empty, or comments only) are left out; the items of a
/// `List` come as documents of their own.
#[must_use]
pub fn read(bytes: &[u8]) -> Vec<Document<'_>> {
    let mut documents = Vec::new();
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(error) => {
            let place = Place::new("", 1);
            push(&mut documents, error.line, Err(error), place);
            return documents;
        }
    };
    let json = if text.trim_start().starts_with('{') {
        json::parse(text)
    } else {
        Vec::new()
    };
    // What starts like JSON may be YAML in braces, or several objects with `---` between them.
    let in_doubt = json.is_empty() || json.iter().any(|part| !part.is_json);
    if in_doubt {
        documents = yaml_documents(text);
        if json.is_empty() || documents.iter().all(|document| document.content.is_ok()) {
            return documents;
        }
        documents.clear();
    }
    for part in json {
        let place = Place::new(part.text, part.line);
        push(&mut documents, part.line, part.content, place);
    }
    documents
}

fn yaml_documents(text: &str) -> Vec<Document<'_>> {
    let mut documents = Vec::new();
    for part in split::split(text) {
        let place = || Place::new(part.text, part.line);
        if part.misled {
            let error = SyntaxError {
                line: part.line - 1,
                message: "not a separator: behind `---` only a comment may stand".to_owned(),
            };
            push(&mut documents, error.line, Err(error), place());
        }
        for parsed in yaml::parse(part.text) {
            let shift = |line: usize| line + part.line - 1;
            let content = parsed.content.map_err(|error| SyntaxError {
                line: shift(error.line),
                ..error
            });
            push(&mut documents, shift(parsed.line), content, place());
        }
    }
    documents
}

fn decode(bytes: &[u8]) -> Result<&str, SyntaxError> {
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] = bytes {
        return Err(SyntaxError {
            line: 1,
            message: "the text is UTF-16 or UTF-32; only UTF-8 is read".to_owned(),
        });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let line_at = |end: usize| 1 + bytes[..end].iter().filter(|&&byte| byte == b'\n').count();
    let text = str::from_utf8(bytes).map_err(|error| SyntaxError {
        line: line_at(error.valid_up_to()),
        message: "the text is not UTF-8".to_owned(),
    })?;
    let forbidden = |&(_, c): &(usize, char)| {
        (c < ' ' && !matches!(c, '\t' | '\n' | '\r'))
            || matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}')
    };
    match text.char_indices().find(forbidden) {
        Some((at, character)) => Err(SyntaxError {
            line: line_at(at),
            message: format!(
                "the control character U+{:04X} is not allowed",
                u32::from(character)
            ),
        }),
        None => Ok(text),
    }
}

fn push<'a>(
    documents: &mut Vec<Document<'a>>,
    line: usize,
    content: Result<Value, SyntaxError>,
    place: Place<'a>,
) {
    let place = Arc::new(place);
    let document = |index: usize, line: usize, content, base: String| Document {
        index,
        line,
        content,
        place: Arc::clone(&place),
        base,
    };
    match content.and_then(|value| items(value, line, &place)) {
        Ok(Items::None) => {}
        Ok(Items::Single(value)) => {
            documents.push(document(documents.len(), line, Ok(value), String::new()));
        }
        Ok(Items::Many(items)) => {
            for (position, item) in items.into_iter().enumerate() {
                let path = format!("items[{position}]");
                let line = place.line(&path).unwrap_or(line);
                let item = match is_list(&item) {
                    false => Ok(item),
                    true => Err(SyntaxError {
                        line,
                        message: "a list in a list: kubectl reads the items of the outer one alone"
                            .to_owned(),
                    }),
                };
                documents.push(document(documents.len(), line, item, path));
            }
        }
        Err(error) => {
            documents.push(document(documents.len(), line, Err(error), String::new()));
        }
    }
}

enum Items {
    None,
    Single(Value),
    Many(Vec<Value>),
}

/// What a document stands for: nothing, itself, or the items of a list. Those of a `ConfigMapList` need not say that they
/// are each a ConfigMap.
fn items(mut value: Value, line: usize, place: &Place<'_>) -> Result<Items, SyntaxError> {
    if value.is_null() {
        return Ok(Items::None);
    }
    if !is_list(&value) {
        return Ok(Items::Single(value));
    }
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let (version, kind) = (text("apiVersion"), text("kind").unwrap_or_default());
    let kind = kind.strip_suffix("List").unwrap_or_default();
    let mut items = match value.get_mut("items").map(Value::take) {
        Some(Value::Null) => return Ok(Items::None),
        Some(Value::Array(items)) => items,
        other => {
            return Err(SyntaxError {
                line: place.line("items").unwrap_or(line),
                message: match other {
                    Some(_) => "items: must be a list".to_owned(),
                    None => "items: is required, a list".to_owned(),
                },
            });
        }
    };
    if let Some(version) = version.filter(|_| !kind.is_empty()) {
        for item in items.iter_mut().filter_map(Value::as_object_mut) {
            if !item.contains_key("apiVersion") && !item.contains_key("kind") {
                item.insert("apiVersion".to_owned(), version.clone().into());
                item.insert("kind".to_owned(), kind.into());
            }
        }
    }
    Ok(Items::Many(items))
}

/// Whether kubectl takes the object apart: a `List`, or a list of one kind such as a `ConfigMapList`.
fn is_list(value: &Value) -> bool {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    match text("kind") {
        "List" => text("apiVersion") == "v1" || value.get("items").is_some(),
        kind => kind.ends_with("List") && value.get("items").is_some(),
    }
}
