//! How the engine writes values as YAML; [`kube_yaml`] writes.

use std::io;

use kube_yaml::Order;
use serde_json::Value;

pub use kube_yaml::comment;

use crate::object::Object;

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

/// One object below a block of comment lines, where there is a comment.
pub(crate) fn object(comment: &str, object: &Object) -> String {
    let mut text = self::comment(comment).into_bytes();
    append_object(&mut text, object);
    finished(text)
}

/// Several objects, as [`stream`] has them.
pub(crate) fn objects<'a>(objects: impl IntoIterator<Item = &'a Object>) -> String {
    let mut text = Vec::new();
    for object in objects {
        text.extend_from_slice(b"---\n");
        append_object(&mut text, object);
    }
    finished(text)
}

/// As [`objects`], each handed on as soon as it is written.
pub(crate) fn write_objects<'a>(
    out: impl io::Write,
    objects: impl IntoIterator<Item = &'a Object>,
) -> io::Result<()> {
    let mut stream = kube_yaml::Writer::new(out);
    for object in objects {
        object.write_to(&mut stream).map_err(io_error)?;
    }
    stream.finish().map(drop).map_err(io_error)
}

/// What the writer below said, or that a type told something else than when its object was taken.
pub(crate) fn io_error(error: kube_yaml::WriteError) -> io::Error {
    match error {
        kube_yaml::WriteError::Io(error) => error,
        error => io::Error::other(error),
    }
}

fn append_object(text: &mut Vec<u8>, object: &Object) {
    let start = text.len();
    if object.append_to(text).is_err() {
        text.truncate(start);
        append(text, &object.to_value());
    }
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
