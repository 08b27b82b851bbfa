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
    text: &'a str,
    /// Line in the file where `text` starts, from 1.
    first_line: usize,
    /// Path of the object in `text`: empty, or an item of a `List`.
    base: String,
}

impl Document<'_> {
    /// Lines in the file of these paths, or of the nearest thing around each that exists. Paths are in the server's
    /// notation, as in [`Finding::path`](crate::Finding::path).
    #[must_use]
    pub fn lines_of<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Vec<usize> {
        let located = locate::Located::new(self.text);
        paths
            .into_iter()
            .map(|path| {
                let full = match (self.base.as_str(), path) {
                    ("", path) => path.to_owned(),
                    (base, "") => base.to_owned(),
                    (base, path) if path.starts_with('[') => format!("{base}{path}"),
                    (base, path) => format!("{base}.{path}"),
                };
                match located.line(&full) {
                    Some(line) if !path.is_empty() => line + self.first_line - 1,
                    _ => self.line,
                }
            })
            .collect()
    }
}

/// Reads all documents of a file. Documents without content (empty, or comments only) are left out; the items of a
/// `List` come as documents of their own.
#[must_use]
pub fn read(bytes: &[u8]) -> Vec<Document<'_>> {
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(error) => {
            return vec![Document {
                index: 0,
                line: error.line,
                content: Err(error),
                text: "",
                first_line: 1,
                base: String::new(),
            }];
        }
    };
    let mut documents = Vec::new();
    let json = if text.trim_start().starts_with('{') {
        json::parse(text)
    } else {
        Vec::new()
    };
    // What starts like JSON may be YAML in braces, or several objects with `---` between them.
    let broken = json.iter().any(|part| part.content.is_err());
    if !json.is_empty()
        && (!broken
            || yaml_documents(text)
                .iter()
                .any(|document| document.content.is_err()))
    {
        for part in json {
            push(&mut documents, part.line, part.content, text, 1);
        }
        documents
    } else {
        yaml_documents(text)
    }
}

fn yaml_documents(text: &str) -> Vec<Document<'_>> {
    let mut documents = Vec::new();
    for part in split::split(text) {
        for parsed in yaml::parse(part.text) {
            let shift = |line: usize| line + part.line - 1;
            let content = parsed.content.map_err(|error| SyntaxError {
                line: shift(error.line),
                ..error
            });
            push(
                &mut documents,
                shift(parsed.line),
                content,
                part.text,
                part.line,
            );
        }
    }
    documents
}

fn decode(bytes: &[u8]) -> Result<&str, SyntaxError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let line_at = |end: usize| 1 + bytes[..end].iter().filter(|&&byte| byte == b'\n').count();
    let text = str::from_utf8(bytes).map_err(|error| SyntaxError {
        line: line_at(error.valid_up_to()),
        message: "the text is not UTF-8".to_owned(),
    })?;
    let forbidden = |c: char| {
        (c < ' ' && !matches!(c, '\t' | '\n' | '\r'))
            || matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}')
    };
    match text.find(forbidden) {
        Some(at) => Err(SyntaxError {
            line: line_at(at),
            message: "control characters are not allowed".to_owned(),
        }),
        None => Ok(text),
    }
}

fn push<'a>(
    documents: &mut Vec<Document<'a>>,
    line: usize,
    content: Result<Value, SyntaxError>,
    text: &'a str,
    first_line: usize,
) {
    let document = |index: usize, line: usize, content, base: String| Document {
        index,
        line,
        content,
        text,
        first_line,
        base,
    };
    match content {
        Ok(Value::Null) => {}
        Ok(mut list) if is_list(&list) => {
            let items = list.get_mut("items").and_then(Value::as_array_mut);
            let items = items.map(std::mem::take).unwrap_or_default();
            let located = locate::Located::new(text);
            for (position, item) in items.into_iter().enumerate() {
                let path = format!("items[{position}]");
                let line = located
                    .line(&path)
                    .map_or(line, |line| line + first_line - 1);
                documents.push(document(documents.len(), line, Ok(item), path));
            }
        }
        content => documents.push(document(documents.len(), line, content, String::new())),
    }
}

fn is_list(value: &Value) -> bool {
    let kind = value
        .get("kind")
        .and_then(Value::as_str)
        .unwrap_or_default();
    kind.ends_with("List") && value.get("items").is_some_and(Value::is_array)
}
