//! Reading a document as the kind that it names.

use fidelity::{is_hollow, losses_but};
use serde_json::Value;

/// Reads the document strictly as what it says it is: an error if that or writing it back loses anything but hollow values,
/// `None` for kinds that are not of the family.
pub fn reread(document: &Value) -> Option<Result<(), String>> {
    let text = |key: &str| document[key].as_str().unwrap_or_default();
    let family = gatekeeper_types::family();
    let version = family.version(text("apiVersion"), text("kind"))?;
    let written = version
        .strict(document)
        .map_err(|error| error.to_string())
        .and_then(|object| object.to_value().map_err(|error| error.to_string()));
    Some(written.and_then(|written| {
        match losses_but(document, &written, |_, value| is_hollow(value)) {
            none if none.is_empty() => Ok(()),
            lost => Err(lost.join("; ")),
        }
    }))
}
