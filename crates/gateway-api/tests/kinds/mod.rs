//! Reads any kind of the family strictly and writes it back.

use crd_core::ParseError;
use serde_json::Value;

/// What comes of reading `document` as the type of its own apiVersion and kind, and writing it again; `None` for a kind that
/// the family does not have.
pub fn reread(document: &Value) -> Option<Result<Value, ParseError>> {
    let (api_version, kind) = (document["apiVersion"].as_str()?, document["kind"].as_str()?);
    let family = gateway_api::family();
    let read = family.version(api_version, kind)?.strict(document);
    Some(read.map(|object| object.to_value().unwrap()))
}
