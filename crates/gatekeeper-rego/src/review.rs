//! What policies find in `input.review`.

use serde_json::{Map, Value, json};

use crate::error::RegoError;
use gatekeeper_types::matching::Source;
use gatekeeper_types::selection::Candidate;

/// A request to the API server, as Gatekeeper sees it: `input.review`.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    request: Value,
    namespace: Option<Value>,
    source: Source,
}

impl Review {
    /// The creation of an object.
    #[must_use]
    pub fn create(object: Value) -> Self {
        Self::of("CREATE", object, Value::Null)
    }

    /// The change of an object into another one.
    #[must_use]
    pub fn update(old: Value, new: Value) -> Self {
        Self::of("UPDATE", new, old)
    }

    /// The deletion of an object, which policies find in `object` as well as in `oldObject`.
    #[must_use]
    pub fn delete(object: Value) -> Self {
        Self::of("DELETE", object.clone(), object)
    }

    /// A request in the form in which the API server sends it: an AdmissionReview.
    ///
    /// # Errors
    ///
    /// A document without a request, or with neither `object` nor `oldObject` in it.
    pub fn admission_review(review: &Value) -> Result<Self, RegoError> {
        let Some(Value::Object(request)) = review.get("request") else {
            return Err(RegoError::NoAdmissionReview { missing: "request" });
        };
        let mut request = request.clone();
        let part = |name: &str| request.get(name).filter(|found| found.is_object()).cloned();
        let (object, old) = (part("object"), part("oldObject"));
        let deleted = request
            .get("operation")
            .is_some_and(|operation| operation == "DELETE");
        let object = if deleted {
            old.clone().or(object)
        } else {
            object
        };
        let Some(reviewed) = object.as_ref().or(old.as_ref()) else {
            return Err(RegoError::NoAdmissionReview {
                missing: "request.object",
            });
        };
        for (key, value) in head(reviewed) {
            request.entry(key).or_insert(value);
        }
        request.insert("object".to_owned(), object.unwrap_or_default());
        Ok(Self {
            request: Value::Object(request),
            namespace: None,
            source: Source::Original,
        })
    }

    /// Gives the Namespace that the object lives in, for a constraint's namespaceSelector.
    #[must_use]
    pub fn with_namespace(mut self, namespace: Value) -> Self {
        self.namespace = Some(namespace);
        self
    }

    /// Says where the object comes from; without this, from a user.
    #[must_use]
    pub fn from_source(mut self, source: Source) -> Self {
        self.source = source;
        self
    }

    /// The request as policies see it.
    #[must_use]
    pub fn as_value(&self) -> &Value {
        &self.request
    }

    /// The objects that a constraint's match is held against; one that fits is enough.
    pub(crate) fn candidates(&self) -> impl Iterator<Item = Candidate<'_>> {
        ["object", "oldObject"].into_iter().filter_map(|name| {
            let object = self.request.get(name).filter(|found| found.is_object())?;
            Some(Candidate {
                object,
                namespace: self.namespace.as_ref(),
                source: self.source,
            })
        })
    }

    fn of(operation: &str, object: Value, old: Value) -> Self {
        let mut request: Map<String, Value> = head(&object).collect();
        request.insert("operation".to_owned(), operation.into());
        request.insert("object".to_owned(), object);
        request.insert("oldObject".to_owned(), old);
        Self {
            request: Value::Object(request),
            namespace: None,
            source: Source::Original,
        }
    }
}

/// What a request says about its object beside the object.
fn head(object: &Value) -> impl Iterator<Item = (String, Value)> {
    let text = |pointer: &str| {
        object
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (group, version) = text("/apiVersion")
        .split_once('/')
        .unwrap_or(("", text("/apiVersion")));
    [
        ("uid", json!("")),
        (
            "kind",
            json!({ "group": group, "version": version, "kind": text("/kind") }),
        ),
        (
            "resource",
            json!({ "group": "", "version": "", "resource": "" }),
        ),
        ("name", json!(text("/metadata/name"))),
        ("namespace", json!(text("/metadata/namespace"))),
        ("operation", json!("")),
        ("userInfo", json!({})),
        ("oldObject", Value::Null),
        ("options", Value::Null),
    ]
    .into_iter()
    .filter(|(key, value)| !(matches!(*key, "name" | "namespace") && *value == ""))
    .map(|(key, value)| (key.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deleted_object_stands_in_both_places() {
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}});
        let review = json!({"kind": "AdmissionReview", "request": {"operation": "DELETE", "object": null, "oldObject": pod}});
        let review = Review::admission_review(&review).unwrap();
        assert_eq!(review.as_value()["object"], pod);
        assert_eq!(review.as_value()["oldObject"], pod);
        assert_eq!(
            review.as_value()["kind"],
            json!({"group": "", "version": "v1", "kind": "Pod"})
        );
        assert_eq!(review.as_value().get("namespace"), None);
        assert_eq!(Review::delete(pod.clone()).as_value()["oldObject"], pod);
    }

    #[test]
    fn what_is_no_review_is_refused() {
        for (document, missing) in [
            (json!({}), "request"),
            (
                json!({"request": {"operation": "CREATE"}}),
                "request.object",
            ),
        ] {
            assert_eq!(
                Review::admission_review(&document),
                Err(RegoError::NoAdmissionReview { missing })
            );
        }
    }
}
