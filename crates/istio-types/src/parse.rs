//! Reading objects, with a hint where a field is wrong that people often write.
//!
//! ```
//! use istio_types::networking::v1::DestinationRule;
//! use istio_types::parse;
//!
//! let written = serde_json::json!({
//!     "apiVersion": "networking.istio.io/v1",
//!     "kind": "DestinationRule",
//!     "metadata": {"name": "webapp"},
//!     "spec": {"host": "webapp", "trafficPolicy": {"circuitBreaker": {"interval": "30s"}}},
//! });
//! let error = parse::strict::<DestinationRule>(&written).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "DestinationRule webapp: spec.trafficPolicy.circuitBreaker: unknown field \
//!      (probably `outlierDetection`; limits of connections and requests are `connectionPool`)",
//! );
//! ```

use std::fmt;

use crd_core::{FieldPath, ParseError, Problem, ProblemKind, Segment};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use crd_core::parse::lenient;

/// Reads `document` and reports unknown fields, missing fields, wrong types and broken unions, each with its path.
///
/// # Errors
///
/// Everything that is wrong with the document.
pub fn strict<T: DeserializeOwned>(document: &Value) -> Result<T, HintedError> {
    crd_core::parse::strict(document).map_err(HintedError)
}

/// A document that could not be read, with all that is wrong with it and with hints in its text.
#[derive(Clone, Debug, PartialEq)]
pub struct HintedError(ParseError);

impl HintedError {
    /// The same without hints: the object, and the problems one by one.
    pub fn error(&self) -> &ParseError {
        &self.0
    }
}

impl fmt::Display for HintedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.0.object())?;
        for (position, problem) in self.0.problems().iter().enumerate() {
            if position > 0 {
                formatter.write_str("; ")?;
            }
            write!(formatter, "{problem}")?;
            if let Some(hint) = hint(problem) {
                write!(formatter, " ({hint})")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for HintedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// What was probably meant by an unknown field.
///
/// Known are fields of older versions of Istio, fields that similar kinds have, and words of other systems.
pub fn hint(problem: &Problem) -> Option<&'static str> {
    if problem.kind != ProblemKind::UnknownField {
        return None;
    }
    HINTS
        .iter()
        .find(|(suffix, _)| ends_with(&problem.path, suffix))
        .map(|(_, hint)| *hint)
}

/// The end of a path, and what is probably meant. The first that fits counts.
const HINTS: &[(&[&str], &str)] = &[
    (
        &["circuitBreaker"],
        "probably `outlierDetection`; limits of connections and requests are `connectionPool`",
    ),
    (
        &["websocketUpgrade"],
        "not needed any more: WebSocket is let through",
    ),
    (&["appendHeaders"], "probably `headers.request.add`"),
    (
        &["removeResponseHeaders"],
        "probably `headers.response.remove`",
    ),
    (
        &["spec", "workloadLabels"],
        "probably `workloadSelector.labels`",
    ),
    (&["spec", "filters"], "probably `configPatches`"),
    (&["spec", "host"], "probably `hosts`, a list"),
    (&["spec", "peers"], "probably `mtls`"),
    (
        &["spec", "origins"],
        "probably `jwtRules` of a RequestAuthentication",
    ),
    (
        &["workloadSelector", "matchLabels"],
        "probably `labels`, as this kind has it",
    ),
    (&["selector", "labels"], "probably `matchLabels`"),
    (&["spec", "targetRef"], "probably `targetRefs`, a list"),
    (&["source", "principal"], "probably `principals`, a list"),
    (&["source", "namespace"], "probably `namespaces`, a list"),
    (&["operation", "path"], "probably `paths`, a list"),
    (&["operation", "method"], "probably `methods`, a list"),
    (&["operation", "port"], "probably `ports`, a list of texts"),
];

fn ends_with(path: &FieldPath, suffix: &[&str]) -> bool {
    let segments = path.segments();
    segments.len() >= suffix.len()
        && segments[segments.len() - suffix.len()..]
            .iter()
            .zip(suffix)
            .all(|(segment, name)| matches!(segment, Segment::Field(key) if key == name))
}
