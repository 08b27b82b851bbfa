//! All kinds by apiVersion and kind.

use serde_json::Value;

/// Reads the document strictly as what it says it is, and writes it.
pub fn reread(document: &Value) -> Result<Value, String> {
    let text = |key: &str| document[key].as_str().unwrap_or_default();
    let family = cilium_types::family();
    let version = family
        .version(text("apiVersion"), text("kind"))
        .unwrap_or_else(|| {
            panic!(
                "{} {} is no kind of Cilium",
                document["apiVersion"], document["kind"]
            )
        });
    let read = |document: &Value| {
        let object = version
            .strict(document)
            .map_err(|error| error.to_string())?;
        object.to_value().map_err(|error| error.to_string())
    };
    let written = read(document)?;
    assert_eq!(
        read(&written).as_ref(),
        Ok(&written),
        "what is written is read as the same"
    );
    Ok(written)
}
