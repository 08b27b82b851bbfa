//! The containers of a pod, with their places.

use kube_vocab::FieldPath;
use stack_model::Value;

/// A container of a pod, wherever it stands.
#[derive(Clone, Debug)]
pub(super) struct Container<'p> {
    pub name: &'p str,
    pub value: &'p Value,
    pub path: FieldPath,
}

pub(super) fn spec() -> FieldPath {
    FieldPath::root().field("spec")
}

/// All containers: those that run first, the others, and those that were added to a running pod.
pub(super) fn containers(pod: &Value) -> Vec<Container<'_>> {
    let lists = ["initContainers", "containers", "ephemeralContainers"];
    let of = |list: &'static str| {
        let items = pod
            .pointer("/spec")
            .and_then(|spec| spec.get(list)?.as_array());
        let items = items.into_iter().flatten().enumerate();
        items.map(move |(at, value)| Container {
            name: value
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default(),
            value,
            path: spec().field(list).index(at),
        })
    };
    lists.into_iter().flat_map(of).collect()
}

impl<'p> Container<'p> {
    /// A member of its security context; `None` where it is null, too.
    pub fn secured(&self, pointer: &str) -> Option<&'p Value> {
        set(self.value.get("securityContext")?.pointer(pointer))
    }

    pub fn at(&self, members: &[&str]) -> FieldPath {
        members
            .iter()
            .fold(self.path.clone(), |path, member| path.field(*member))
    }
}

/// A value that is set: not null.
pub(super) fn set(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
}

/// A member of the pod's own security context.
pub(super) fn of_pod<'p>(pod: &'p Value, pointer: &str) -> Option<&'p Value> {
    set(pod.pointer("/spec/securityContext")?.pointer(pointer))
}

/// `container "a"` or `containers "a", "b"`.
pub(super) fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names
        .into_iter()
        .map(|name| format!("\"{name}\""))
        .collect();
    let word = if names.len() == 1 {
        "container"
    } else {
        "containers"
    };
    format!("{word} {}", names.join(", "))
}
