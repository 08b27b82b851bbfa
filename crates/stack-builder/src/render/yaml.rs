//! The only place that writes YAML.
//!
//! kubectl, Helm and Argo CD read YAML 1.1, most newer tools read YAML 1.2, and the two disagree about what `yes`,
//! `0777`, `12:30:45` or `1e3` is. What this module writes means the same to both: every string that either version
//! takes for something else is quoted, as a value and as a key, and numbers are spelled so that both read the same
//! number. Maps keep their order, multi-line strings are literal blocks, nothing is folded, and there are no anchors
//! and no tags. Text outside ASCII stays readable.
//!
//! [`serde_saphyr`] does the writing. Measured over some 50,000 generated documents, read back by kubectl, PyYAML,
//! libyaml and two YAML 1.2 parsers, its quoting and its numbers hold everywhere. Five things it does not do are added
//! here:
//!
//! - Lines longer than 80 characters were folded (`>`): switched off.
//! - A literal block whose first text starts with a tab (`"\tfoo\nbar"`) is refused by libyaml and by kubectl: "found a
//!   tab character where an indentation space is expected". Such a string is double quoted; tabs in later lines
//!   (Rego, Go, Makefiles) are fine and stay.
//! - Blank lines inside a literal block carried the block's indentation. They are written empty, so that files hold no
//!   invisible blanks. A string with a line of nothing but blanks of its own is double quoted instead: nobody would
//!   see them, and the first editor that trims lines would take them away.
//! - kubectl cuts a file into documents before it parses them, at every line that begins with `---`, and refuses
//!   `---x: 1`: "invalid Yaml document separator". A document with such a line is written two columns to the right.
//! - A number is taken out of [`serde_json::Number`] first, because that type's own form changes when some other crate
//!   of the build turns on `serde_json/arbitrary_precision`.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;
use serde_saphyr::{DoubleQuoted, SerializerOptions};

/// One document in block style, without a `---` line; ends with a line break.
pub fn document(value: &Value) -> String {
    let mut text = String::new();
    append(&mut text, value);
    text
}

/// Several documents in one text, each after its own `---` line; no documents give no text.
pub fn stream<'a>(documents: impl IntoIterator<Item = &'a Value>) -> String {
    let mut text = String::new();
    for value in documents {
        text.push_str("---\n");
        append(&mut text, value);
    }
    text
}

/// One document below a block of comment lines; see [`comment`].
pub fn commented(comment: &str, value: &Value) -> String {
    let mut text = self::comment(comment);
    append(&mut text, value);
    text
}

/// Comment lines for the top of a document or of a stream: `# ` before each line of the text.
///
/// Whatever either version of YAML takes for the end of a line starts a new comment line, so that no text can leave
/// the comment; other control characters, which YAML files must not hold, become U+FFFD. No text, no comment.
pub fn comment(text: &str) -> String {
    let mut block = String::new();
    let unix = text.replace("\r\n", "\n");
    let lines = unix.strip_suffix('\n').unwrap_or(&unix);
    if lines.is_empty() {
        return block;
    }
    for line in lines.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        block.push('#');
        let line = line.trim_end();
        if !line.is_empty() {
            block.push(' ');
            block.extend(line.chars().map(|c| {
                if is_printable(c) {
                    c
                } else {
                    char::REPLACEMENT_CHARACTER
                }
            }));
        }
        block.push('\n');
    }
    block
}

/// What a YAML file may hold outside an escape, tabs included and line breaks left out.
fn is_printable(c: char) -> bool {
    c == '\t' || !(c.is_control() || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
}

fn append(text: &mut String, value: &Value) {
    let mut options = SerializerOptions::default();
    options.folded_wrap_chars = usize::MAX;
    let mut written = String::new();
    if serde_saphyr::to_fmt_writer_with_options(&mut written, &Node(value), options).is_err() {
        // No JSON value makes the writer fail. If one ever does: JSON is YAML.
        written = format!("{value}\n");
    }
    let margin = if written.lines().any(|line| line.starts_with("---")) {
        "  "
    } else {
        ""
    };
    text.reserve(written.len());
    for line in written.split_inclusive('\n') {
        // A line of blanks can only be an empty line of a literal block: `literal_is_exact` keeps others out of blocks.
        if line.bytes().all(|b| b == b' ' || b == b'\n') {
            text.push('\n');
        } else {
            text.push_str(margin);
            text.push_str(line);
        }
    }
}

/// A JSON value as the writer is to see it.
struct Node<'a>(&'a Value);

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            Value::Number(number) => {
                if let Some(integer) = number.as_u64() {
                    serializer.serialize_u64(integer)
                } else if let Some(integer) = number.as_i64() {
                    serializer.serialize_i64(integer)
                } else if let Some(float) = number.as_f64() {
                    serializer.serialize_f64(float)
                } else {
                    number.serialize(serializer)
                }
            }
            Value::String(text) if literal_is_exact(text) => serializer.serialize_str(text),
            Value::String(text) => DoubleQuoted(text).serialize(serializer),
            Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Node(item))?;
                }
                list.end()
            }
            Value::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (key, member) in members {
                    map.serialize_entry(key, &Node(member))?;
                }
                map.end()
            }
        }
    }
}

/// Whether the writer may choose a literal block; strings of one line never become one.
fn literal_is_exact(text: &str) -> bool {
    let blank = |line: &str| !line.is_empty() && line.bytes().all(|b| b == b' ' || b == b'\t');
    let body = text.trim_start_matches('\n');
    // A block of line breaks alone, at the end of a document, takes the next `---` into itself.
    !text.contains('\n')
        || !(body.is_empty() || body.starts_with('\t') || text.split('\n').any(blank))
}
