//! Reading a document as the kind that it names.

use serde_json::Value;

/// Reads the document strictly as what it says it is, and writes it.
pub fn reread(document: &Value) -> Result<Value, String> {
    let text = |key: &str| document[key].as_str().unwrap_or_default();
    let family = istio_types::family();
    let version = family
        .version(text("apiVersion"), text("kind"))
        .unwrap_or_else(|| {
            panic!(
                "{} {} is no kind of Istio",
                document["apiVersion"], document["kind"]
            )
        });
    let object = version
        .strict(document)
        .map_err(|error| error.to_string())?;
    object.to_value().map_err(|error| error.to_string())
}
