//! The kinds that Kubernetes itself has.

use serde_json::Value;

use crate::report::Report;
use crate::validator::UnknownFields;

/// Judges an object of a built-in kind, or `None` where the kind is not one that is known here.
pub(crate) fn judge(
    _api_version: &str,
    _kind: &str,
    _object: &Value,
    _unknown: UnknownFields,
) -> Option<Report> {
    None
}
