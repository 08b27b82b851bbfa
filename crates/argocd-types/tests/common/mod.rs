//! Reading a document as the kind that it names.

use fidelity::losses;
use serde_json::Value;

/// Reads the document strictly as what it says it is; an error if that or writing it back loses anything.
pub fn reread(document: &Value) -> Result<(), String> {
    let text = |key: &str| document[key].as_str().unwrap_or_default();
    let family = argocd_types::family();
    let version = family
        .version(text("apiVersion"), text("kind"))
        .ok_or("no kind of Argo CD")?;
    let object = version
        .strict(document)
        .map_err(|error| error.to_string())?;
    let written = object.to_value().map_err(|error| error.to_string())?;
    match losses(document, &written) {
        none if none.is_empty() => Ok(()),
        lost => Err(lost.join("; ")),
    }
}
