//! A Kubernetes object of any kind, kept typed for as long as possible.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crd_core::parse::{self, ParseError};
use kube_core::Resource;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use kube_vocab::ObjectId;
use kube_vocab::names::{self, NameError};
use kube_yaml::Order;

/// Why something cannot be an object of a stack.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectError {
    /// The value could not be written as JSON, for example a map with keys that are not strings.
    #[error("{kind} cannot be serialised: {source}")]
    Serialize {
        /// The kind that was tried.
        kind: String,
        /// What the writer said.
        source: kube_yaml::WriteError,
    },
    /// A field that every object needs is missing or has the wrong type.
    #[error("{object}: `{path}` must be {expected}")]
    Shape {
        /// As much as is known of the object.
        object: String,
        /// The field.
        path: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// A name, label or annotation key that Kubernetes refuses.
    #[error("{object}: {path} `{value}` is refused by Kubernetes: {reason}")]
    Name {
        /// The object.
        object: Box<ObjectId>,
        /// The field.
        path: String,
        /// What was found.
        value: String,
        /// The rule that it breaks.
        reason: NameError,
    },
}

/// A Rust type of one kind: k8s-openapi's types and the types crates' roots.
pub trait TypedObject:
    Resource<DynamicType = ()> + Serialize + DeserializeOwned + Clone + Send + Sync + 'static
{
}

impl<T> TypedObject for T where
    T: Resource<DynamicType = ()> + Serialize + DeserializeOwned + Clone + Send + Sync + 'static
{
}

/// One Kubernetes object: its identity, its typed value and the value as it goes over the wire.
///
/// ```
/// use k8s_openapi::api::core::v1::Namespace;
/// use stack_builder::Object;
///
/// let mut namespace = Namespace::default();
/// namespace.metadata.name = Some("demo".into());
/// let object = Object::typed(namespace)?;
/// assert_eq!(object.id().to_string(), "Namespace demo");
/// assert!(object.get::<Namespace>().is_some());
/// # Ok::<(), stack_builder::ObjectError>(())
/// ```
#[derive(Clone)]
pub struct Object {
    id: ObjectId,
    typed: Arc<dyn Any + Send + Sync>,
    value: Value,
}

impl Object {
    /// Takes a value of a type that knows its kind: k8s-openapi's types and the types crates' roots.
    ///
    /// # Errors
    /// [`ObjectError`] when it cannot be serialised, or when its name, labels or annotations are refused by Kubernetes.
    pub fn typed<T>(object: T) -> Result<Self, ObjectError>
    where
        T: Resource<DynamicType = ()> + Serialize + Send + Sync + 'static,
    {
        let order = Order::of_api_version(&T::api_version(&()));
        let value =
            kube_yaml::to_value_in(order, &object).map_err(|source| ObjectError::Serialize {
                kind: T::kind(&()).into_owned(),
                source,
            })?;
        Self::build(value, Arc::new(object))
    }

    /// Takes a value whose kind is known at run time only, such as a Gatekeeper constraint.
    ///
    /// # Errors
    /// [`ObjectError`] as for [`Object::typed`], or when `apiVersion`, `kind` or `metadata.name` is missing.
    pub fn dynamic<T>(object: T) -> Result<Self, ObjectError>
    where
        T: Serialize + Send + Sync + 'static,
    {
        let write = |order| {
            kube_yaml::to_value_in(order, &object).map_err(|source| ObjectError::Serialize {
                kind: "object".into(),
                source,
            })
        };
        let mut value = write(Order::Object)?;
        let version = value.get("apiVersion").and_then(Value::as_str);
        if version.is_some_and(|version| Order::of_api_version(version) == Order::BuiltIn) {
            value = write(Order::BuiltIn)?;
        }
        Self::build(value, Arc::new(object))
    }

    fn build(value: Value, typed: Arc<dyn Any + Send + Sync>) -> Result<Self, ObjectError> {
        let id = identify(&value)?;
        check_names(&id, &value)?;
        Ok(Object { id, typed, value })
    }

    /// What identifies it.
    pub fn id(&self) -> &ObjectId {
        &self.id
    }

    /// The value that it was made from, where that is a `T`. To ask for a kind, use [`Object::read`].
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.typed.downcast_ref()
    }

    /// The object as a `T`, where it is of `T`'s group and kind, whatever it was made from: the same value when it came
    /// typed, it is parsed when it came as a map or from a file. Fields that `T` does not know are skipped.
    ///
    /// ```
    /// use k8s_openapi::api::core::v1::{ConfigMap, Secret};
    /// use stack_builder::Object;
    ///
    /// let object = Object::dynamic(serde_json::json!({
    ///     "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"b": "c"}
    /// }))?;
    /// assert!(object.get::<ConfigMap>().is_none());
    /// assert_eq!(object.read::<ConfigMap>()?.unwrap().data.as_ref().unwrap()["b"], "c");
    /// assert!(object.read::<Secret>()?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ParseError`] when it is of the kind and cannot be read as a `T`.
    pub fn read<T: TypedObject>(&self) -> Result<Option<Cow<'_, T>>, ParseError> {
        if let Some(typed) = self.get() {
            return Ok(Some(Cow::Borrowed(typed)));
        }
        if self.id.kind != T::kind(&()) || self.id.group() != T::group(&()) {
            return Ok(None);
        }
        parse::lenient(&self.value).map(|read| Some(Cow::Owned(read)))
    }

    /// The object as an API server receives it, keys in writing order.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Object").field(&self.value).finish()
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

fn identify(value: &Value) -> Result<ObjectId, ObjectError> {
    let text = |path: &str| {
        value
            .pointer(path)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    let known = [
        text("/kind"),
        text("/metadata/namespace"),
        text("/metadata/name"),
    ];
    let object = || {
        let parts: Vec<&str> = known.iter().copied().flatten().collect();
        if parts.is_empty() {
            "object".to_owned()
        } else {
            parts.join(" ")
        }
    };
    let required = |pointer: &str| {
        text(pointer)
            .map(str::to_owned)
            .ok_or_else(|| ObjectError::Shape {
                object: object(),
                path: pointer.trim_start_matches('/').replace('/', "."),
                expected: "a non-empty string",
            })
    };
    Ok(ObjectId {
        api_version: required("/apiVersion")?,
        kind: required("/kind")?,
        namespace: text("/metadata/namespace").map(str::to_owned),
        name: required("/metadata/name")?,
    })
}

fn check_names(id: &ObjectId, value: &Value) -> Result<(), ObjectError> {
    let refuse = |path: &str, value: &str, reason: NameError| ObjectError::Name {
        object: Box::new(id.clone()),
        path: path.to_owned(),
        value: value.to_owned(),
        reason,
    };
    let name_rule = match (id.group(), id.kind.as_str()) {
        ("", "Namespace") => names::dns_label,
        ("", "Service") => names::dns_1035_label,
        ("rbac.authorization.k8s.io", _) => names::path_segment,
        _ => names::dns_subdomain,
    };
    name_rule(&id.name).map_err(|reason| refuse("metadata.name", &id.name, reason))?;
    if let Some(namespace) = &id.namespace {
        names::dns_label(namespace)
            .map_err(|reason| refuse("metadata.namespace", namespace, reason))?;
    }
    // The pods of a template carry labels of their own.
    for at in [
        "/metadata",
        "/spec/template/metadata",
        "/spec/jobTemplate/spec/template/metadata",
    ] {
        let path = at.trim_start_matches('/').replace('/', ".");
        let entries = |field: &str| {
            value
                .pointer(&format!("{at}/{field}"))
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
        };
        for (key, label) in entries("labels") {
            names::qualified_name(key)
                .map_err(|reason| refuse(&format!("{path}.labels key"), key, reason))?;
            if let Some(label) = label.as_str() {
                names::label_value(label)
                    .map_err(|reason| refuse(&format!("{path}.labels[{key}]"), label, reason))?;
            }
        }
        for (key, _) in entries("annotations") {
            // Annotation keys may be written in upper case; the server compares them in lower case.
            names::qualified_name(&key.to_lowercase())
                .map_err(|reason| refuse(&format!("{path}.annotations key"), key, reason))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn identity_comes_first_and_what_a_reader_looks_for_in_typed_objects() {
        use k8s_openapi::api::core::v1::{Container, Pod, PodSpec};

        let keys =
            |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
        let class = json!({"description": "", "value": 1, "metadata": {"labels": {"b": "", "app": ""}, "name": "a"},
            "kind": "PriorityClass", "apiVersion": "scheduling.k8s.io/v1"});
        let class = Object::dynamic(class).unwrap();
        assert_eq!(
            keys(class.value()),
            ["apiVersion", "kind", "metadata", "description", "value"]
        );
        assert_eq!(keys(&class.value()["metadata"]), ["name", "labels"]);
        assert_eq!(keys(&class.value()["metadata"]["labels"]), ["b", "app"]);

        let mut pod = Pod::default();
        pod.metadata.name = Some("a".to_owned());
        pod.spec = Some(PodSpec {
            containers: vec![Container {
                args: Some(vec![]),
                image: Some("i".to_owned()),
                name: "c".to_owned(),
                ..Container::default()
            }],
            node_selector: Some([("app".into(), "x".into()), ("env".into(), "y".into())].into()),
            ..PodSpec::default()
        });
        let pod = Object::typed(pod).unwrap();
        let spec = &pod.value()["spec"];
        assert_eq!(keys(&spec["containers"][0]), ["name", "image", "args"]);
        assert_eq!(keys(&spec["nodeSelector"]), ["app", "env"]);
    }

    #[test]
    fn an_object_needs_kind_and_name() {
        for (value, path) in [
            (
                json!({"kind": "Pod", "metadata": {"name": "x"}}),
                "apiVersion",
            ),
            (
                json!({"apiVersion": "v1", "metadata": {"name": "x"}}),
                "kind",
            ),
            (
                json!({"apiVersion": "v1", "kind": "Pod", "metadata": {}}),
                "metadata.name",
            ),
        ] {
            let error = Object::dynamic(value).unwrap_err().to_string();
            assert!(error.contains(&format!("`{path}`")), "{error}");
        }
    }

    #[test]
    fn names_and_labels_that_kubernetes_refuses_are_refused() {
        for (value, part) in [
            (
                json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "Bad_Name"}}),
                "metadata.name `Bad_Name`",
            ),
            (
                json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a.b"}}),
                "metadata.name `a.b`",
            ),
            (
                json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "0a"}}),
                "metadata.name `0a`",
            ),
            (
                json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "a.b"}}),
                "metadata.namespace `a.b`",
            ),
            (
                json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "labels": {"app": "a b"}}}),
                "metadata.labels[app] `a b`",
            ),
            (
                json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {"template": {"metadata": {"labels": {"a/b/c": ""}}}}}),
                "spec.template.metadata.labels key `a/b/c`",
            ),
        ] {
            let error = Object::dynamic(value).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "system:x"}});
        assert!(Object::dynamic(role).is_ok());
    }
}
