//! Why something cannot be an object of a stack.

use kube_vocab::ObjectId;
use kube_vocab::names::NameError;

/// Why something cannot be an object of a stack.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectError {
    /// The value could not be written as JSON, for example a map with keys that are not strings.
    #[error("{kind} cannot be serialised: {source}")]
    Serialize {
        /// The kind that was tried.
        kind: String,
        /// Where the value has no form in JSON.
        source: kube_yaml::WriteError,
    },
    /// A field that every object needs is missing or has the wrong type.
    #[error("{object}: `{path}` must be {expected}")]
    Shape {
        /// As much as is known of the object.
        object: String,
        /// The field from the object's root on, such as `metadata.name`.
        path: String,
        /// The type that belongs there, with its article.
        expected: &'static str,
    },
    /// A name, label or annotation key that Kubernetes refuses.
    #[error("{object}: {path} `{value}` is refused by Kubernetes: {reason}")]
    Name {
        /// The object whose field it is.
        object: Box<ObjectId>,
        /// The field from the object's root on, such as `metadata.name`.
        path: String,
        /// The refused text.
        value: String,
        /// The rule that it breaks.
        reason: NameError,
    },
}
