//! How the engine writes values as YAML; [`kube_yaml`] writes.

use kube_yaml::Order;
use serde_json::Value;

pub use kube_yaml::comment;

/// One document in block style, without a `---` line; ends with a line break.
pub fn document(value: &Value) -> String {
    let mut text = Vec::new();
    append(&mut text, value);
    finished(text)
}

/// Several documents in one text, each after its own `---` line; no documents give no text.
pub fn stream<'a>(documents: impl IntoIterator<Item = &'a Value>) -> String {
    let mut text = Vec::new();
    for value in documents {
        text.extend_from_slice(b"---\n");
        append(&mut text, value);
    }
    finished(text)
}

/// One document below a block of comment lines; see [`comment`].
pub fn commented(comment: &str, value: &Value) -> String {
    let mut text = self::comment(comment).into_bytes();
    append(&mut text, value);
    finished(text)
}

fn append(text: &mut Vec<u8>, value: &Value) {
    let start = text.len();
    if kube_yaml::append(text, Order::Given, value).is_err() {
        // No JSON value makes the writer fail. If one ever does: JSON is YAML.
        text.truncate(start);
        text.extend_from_slice(format!("{value}\n").as_bytes());
    }
}

/// What the writer writes is UTF-8.
fn finished(text: Vec<u8>) -> String {
    String::from_utf8(text)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
