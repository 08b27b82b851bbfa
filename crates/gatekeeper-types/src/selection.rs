//! Whether match criteria select an object, decided as Gatekeeper decides it.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde_json::Value;

use crate::matching::{Match, Scope, Source, Wildcard};

/// An object that match criteria are held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate<'a> {
    /// The object, with apiVersion, kind and metadata.
    pub object: &'a Value,
    /// The Namespace that the object lives in; `None` where it is not known or there is none.
    pub namespace: Option<&'a Value>,
    /// Where the object comes from.
    pub source: Source,
}

/// Why nothing can be said about an object. Gatekeeper counts each of these as a violation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MatchError {
    /// A namespaceSelector is to be decided, and the object's Namespace is not known.
    #[error("the namespaceSelector needs the Namespace `{namespace}`, which was not given")]
    NamespaceUnknown {
        /// The namespace whose labels would decide.
        namespace: String,
    },
    /// A requirement of a selector has an operator that does not exist.
    #[error(
        "label selector: `{key}` has the operator `{operator}`; allowed are In, NotIn, Exists, DoesNotExist"
    )]
    Operator {
        /// The key of the label that the requirement is about.
        key: String,
        /// The text that stands where an operator is due.
        operator: String,
    },
    /// A requirement of a selector has values where there must be none, or none where there must be some.
    #[error("label selector: `{key}` has the operator {operator} with {found} values")]
    Values {
        /// The key of the label that the requirement is about.
        key: String,
        /// The operator, which takes another number of values.
        operator: String,
        /// How many values stand there.
        found: usize,
    },
}

impl<'a> Candidate<'a> {
    /// An object as users send it, in a namespace that is not known closer.
    #[must_use]
    pub fn new(object: &'a Value) -> Self {
        Self {
            object,
            namespace: None,
            source: Source::Original,
        }
    }

    fn text(&self, pointer: &str) -> Option<&'a str> {
        self.object
            .pointer(pointer)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    }

    fn group(&self) -> &'a str {
        let api_version = self.text("/apiVersion").unwrap_or_default();
        api_version.split_once('/').map_or("", |(group, _)| group)
    }

    fn kind(&self) -> &'a str {
        self.text("/kind").unwrap_or_default()
    }

    fn is_namespace(&self) -> bool {
        self.group().is_empty() && self.kind() == "Namespace"
    }

    /// The namespace that lists of namespaces are held against; `None` for other cluster-scoped objects.
    fn namespace_name(&self) -> Option<&'a str> {
        if self.is_namespace() {
            return self.text("/metadata/name").or(Some(""));
        }
        let known = self
            .namespace
            .and_then(|found| found.pointer("/metadata/name")?.as_str());
        known.or_else(|| self.text("/metadata/namespace"))
    }

    fn has_namespace(&self) -> bool {
        self.namespace.is_some() || self.text("/metadata/namespace").is_some()
    }
}

impl Match {
    /// Whether the criteria select an object.
    ///
    /// # Errors
    ///
    /// A selector that is not valid, or a namespaceSelector about a Namespace that is not known.
    pub fn selects(&self, candidate: &Candidate<'_>) -> Result<bool, MatchError> {
        Ok(self.selects_source(candidate.source)
            && self.selects_kind(candidate)
            && self.selects_scope(candidate)
            && self.selects_namespace(candidate)
            && self.selects_labels(candidate)?
            && self.selects_namespace_labels(candidate)?
            && self.selects_name(candidate))
    }

    fn selects_source(&self, source: Source) -> bool {
        self.source
            .is_none_or(|wanted| wanted == Source::All || wanted == source)
    }

    fn selects_kind(&self, candidate: &Candidate<'_>) -> bool {
        let (group, kind) = (candidate.group(), candidate.kind());
        self.kinds.is_empty() || self.kinds.iter().any(|kinds| kinds.selects(group, kind))
    }

    fn selects_scope(&self, candidate: &Candidate<'_>) -> bool {
        match self.scope {
            Some(Scope::Cluster) => candidate.is_namespace() || !candidate.has_namespace(),
            Some(Scope::Namespaced) => !candidate.is_namespace() && candidate.has_namespace(),
            _ => true,
        }
    }

    fn selects_namespace(&self, candidate: &Candidate<'_>) -> bool {
        let Some(name) = candidate.namespace_name() else {
            return true;
        };
        let fits = |list: &[Wildcard]| list.iter().any(|wildcard| wildcard.matches(name));
        (self.namespaces.is_empty() || fits(&self.namespaces)) && !fits(&self.excluded_namespaces)
    }

    fn selects_labels(&self, candidate: &Candidate<'_>) -> Result<bool, MatchError> {
        match &self.label_selector {
            Some(selector) => selects(selector, candidate.object),
            None => Ok(true),
        }
    }

    fn selects_namespace_labels(&self, candidate: &Candidate<'_>) -> Result<bool, MatchError> {
        let Some(selector) = &self.namespace_selector else {
            return Ok(true);
        };
        if candidate.is_namespace() {
            return selects(selector, candidate.object);
        }
        match (candidate.namespace, candidate.text("/metadata/namespace")) {
            (Some(namespace), _) => selects(selector, namespace),
            (None, None) => Ok(true),
            (None, Some(name)) => Err(MatchError::NamespaceUnknown {
                namespace: name.to_owned(),
            }),
        }
    }

    fn selects_name(&self, candidate: &Candidate<'_>) -> bool {
        let Some(wanted) = self
            .name
            .as_ref()
            .filter(|wanted| !wanted.as_str().is_empty())
        else {
            return true;
        };
        // Of a generated name only the beginning is known, so that neither a whole name nor an ending can fit.
        let may_be_generated = wanted.as_str().ends_with('*');
        wanted.matches(candidate.text("/metadata/name").unwrap_or_default())
            || candidate
                .text("/metadata/generateName")
                .is_some_and(|prefix| may_be_generated && wanted.matches(prefix))
    }
}

/// Whether a selector selects the labels of an object.
fn selects(selector: &LabelSelector, object: &Value) -> Result<bool, MatchError> {
    let label = |key: &str| object.get("metadata")?.get("labels")?.get(key)?.as_str();
    let mut selected = true;
    for (key, value) in selector.match_labels.iter().flatten() {
        selected &= label(key) == Some(value);
    }
    for requirement in selector.match_expressions.iter().flatten() {
        let values = requirement.values.as_deref().unwrap_or_default();
        let found = label(&requirement.key);
        let listed = found.is_some_and(|found| values.iter().any(|value| value == found));
        let (fits, wants_values) = match requirement.operator.as_str() {
            "In" => (listed, true),
            "NotIn" => (!listed, true),
            "Exists" => (found.is_some(), false),
            "DoesNotExist" => (found.is_none(), false),
            other => {
                return Err(MatchError::Operator {
                    key: requirement.key.clone(),
                    operator: other.to_owned(),
                });
            }
        };
        if wants_values == values.is_empty() {
            return Err(MatchError::Values {
                key: requirement.key.clone(),
                operator: requirement.operator.clone(),
                found: values.len(),
            });
        }
        selected &= fits;
    }
    Ok(selected)
}
