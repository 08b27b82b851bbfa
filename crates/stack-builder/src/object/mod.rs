//! A Kubernetes object of any kind, kept typed for as long as possible.

mod error;
mod held;
mod kind;
mod survey;

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::io;
use std::sync::{Arc, OnceLock};

use crd_core::parse::{self, ParseError};
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::Value;

use kube_vocab::ObjectId;
use kube_yaml::{Emit, Order};

pub use self::error::ObjectError;
pub use self::kind::KnownKind;
use self::survey::Survey;

/// A Rust type of one kind: k8s-openapi's types and the types crates' roots.
pub trait TypedObject:
    KnownKind + Serialize + DeserializeOwned + Clone + Send + Sync + 'static
{
}

impl<T> TypedObject for T where
    T: KnownKind + Serialize + DeserializeOwned + Clone + Send + Sync + 'static
{
}

/// What an object was made from: it tells what it consists of, and can be asked for its type.
trait Typed: Emit + Any + Send + Sync {}

impl<T: Emit + Any + Send + Sync> Typed for T {}

/// What the clones of an object share.
struct Held<T: ?Sized> {
    id: ObjectId,
    /// The pointer to the template of the pods that it makes; empty for a Pod.
    pods: Option<&'static str>,
    order: Order,
    /// Made when somebody asks.
    value: OnceLock<Arc<Value>>,
    typed: T,
}

/// One Kubernetes object: its identity and its typed value. The value as it goes over the wire is made where it is asked for.
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
    held: Arc<Held<dyn Typed>>,
}

impl Object {
    /// Takes a value of a type that knows its kind: k8s-openapi's types and the types crates' roots.
    ///
    /// # Errors
    /// [`ObjectError`] when it cannot be serialised, or when its name, labels or annotations are refused by Kubernetes.
    pub fn typed<T>(object: T) -> Result<Self, ObjectError>
    where
        T: KnownKind + Serialize + Send + Sync + 'static,
    {
        Self::take(object, &T::kind())
    }

    /// Takes a value whose kind is known at run time only, such as a Gatekeeper constraint.
    ///
    /// # Errors
    /// [`ObjectError`] as for [`Object::typed`], or when `apiVersion`, `kind` or `metadata.name` is missing.
    pub fn dynamic<T>(object: T) -> Result<Self, ObjectError>
    where
        T: Serialize + Send + Sync + 'static,
    {
        Self::take(object, "object")
    }

    fn take<T>(object: T, kind: &str) -> Result<Self, ObjectError>
    where
        T: Serialize + Send + Sync + 'static,
    {
        let Survey { id, pods } = survey::of(&object, kind)?;
        let held = Arc::new(Held {
            order: Order::of_api_version(&id.api_version),
            id,
            pods,
            value: OnceLock::new(),
            typed: object,
        });
        Ok(Object { held })
    }

    /// apiVersion, kind, namespace and name, as they stand in the object.
    pub fn id(&self) -> &ObjectId {
        &self.held.id
    }

    /// The value that it was made from, where that is a `T`. To ask for a kind, use [`Object::read`].
    pub fn get<T: 'static>(&self) -> Option<&T> {
        let typed: &dyn Any = &self.held.typed;
        typed.downcast_ref()
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
        let id = self.id();
        if id.kind != T::kind() || id.group() != T::group() {
            return Ok(None);
        }
        parse::lenient(self.to_value().as_ref()).map(|read| Some(Cow::Owned(read)))
    }

    /// The object as an API server receives it, keys in writing order. It is made at the first call and kept from then on, which
    /// takes several times the memory of the object; whoever needs it once takes [`Object::to_value`].
    pub fn value(&self) -> &Value {
        self.held.value.get_or_init(|| self.make_value())
    }

    /// As [`Object::value`], to be shared with whoever keeps it.
    pub fn shared_value(&self) -> Arc<Value> {
        Arc::clone(self.held.value.get_or_init(|| self.make_value()))
    }

    /// As [`Object::value`], without keeping it.
    pub fn to_value(&self) -> Arc<Value> {
        let kept = self.held.value.get();
        kept.map_or_else(|| self.make_value(), Arc::clone)
    }

    /// The object in the form in which many are held, made anew: straight from the type, with short texts that others share. Its
    /// keys stand in the order of the type.
    ///
    /// ```
    /// use stack_builder::Object;
    ///
    /// let config = Object::dynamic(serde_json::json!({
    ///     "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"b": "c"}
    /// }))?;
    /// assert_eq!(config.to_held()["data"]["b"], "c");
    /// # Ok::<(), stack_builder::ObjectError>(())
    /// ```
    pub fn to_held(&self) -> kube_value::Value {
        // As for `make_value`.
        held::of(&self.held.typed).unwrap_or_else(|error| error.to_string().into())
    }

    fn make_value(&self) -> Arc<Value> {
        let made = kube_yaml::emitted_value(self.held.order, &self.held.typed);
        // All of it was told once when the object was taken. Should a type tell something else now, its word stands there.
        Arc::new(made.unwrap_or_else(|error| Value::String(error.to_string())))
    }

    /// The pointer to the template of the pods that it makes; empty for a Pod.
    pub(crate) fn pods_at(&self) -> Option<&'static str> {
        self.held.pods
    }

    /// Appends the object as a YAML document, without a `---` line.
    ///
    /// # Errors
    /// None, unless its type tells something else than when the object was taken.
    pub(crate) fn append_to(&self, out: &mut Vec<u8>) -> Result<(), kube_yaml::WriteError> {
        kube_yaml::append_emitted(out, self.held.order, &self.held.typed)
    }

    /// Writes the object as the next document of a stream.
    ///
    /// # Errors
    /// Those of the writer below.
    pub fn write_to<W: io::Write>(
        &self,
        stream: &mut kube_yaml::Writer<W>,
    ) -> Result<(), kube_yaml::WriteError> {
        stream.emitted(self.held.order, &self.held.typed)
    }

    /// As [`Object::write_to`] and [`Object::to_held`], for less than both: the object is gone through once.
    ///
    /// # Errors
    /// Those of the writer below.
    pub fn write_held<W: io::Write>(
        &self,
        stream: &mut kube_yaml::Writer<W>,
    ) -> Result<kube_value::Value, kube_yaml::WriteError> {
        held::of_written(&self.held.typed, |object| {
            stream.emitted(self.held.order, object)
        })
    }
}

/// As the object goes over the wire.
impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Object").field(&self.to_value()).finish()
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.held, &other.held) || self.to_value() == other.to_value()
    }
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
