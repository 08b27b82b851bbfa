//! StringMatch: how a text of a request is compared.

use crd_core::Union;

/// Compares one text of a request: its path, a header, a query parameter.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch>
///
/// ```
/// use istio_types::networking::v1::StringMatch;
///
/// let canary = StringMatch::exact("true");
/// assert_eq!(serde_json::to_string(&canary).unwrap(), r#"{"exact":"true"}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Union)]
pub enum StringMatch {
    /// No demand on the text: `{}` on the wire. For a header or query parameter it means that
    /// there must be one.
    Any,
    /// The whole text is this one.
    Exact(String),
    /// The text begins with this one.
    Prefix(String),
    /// The whole text matches this regular expression (RE2 syntax).
    Regex(String),
}

impl StringMatch {
    /// The whole text is `text`.
    pub fn exact(text: impl Into<String>) -> Self {
        Self::Exact(text.into())
    }

    /// The text begins with `text`.
    pub fn prefix(text: impl Into<String>) -> Self {
        Self::Prefix(text.into())
    }

    /// The whole text matches the regular expression `pattern`.
    pub fn regex(pattern: impl Into<String>) -> Self {
        Self::Regex(pattern.into())
    }
}
