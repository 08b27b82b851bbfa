//! The containers of a pod, with their places.

use kube_vocab::FieldPath;
use stack_model::Value;

/// A pod, with all that the controls ask for one after the other.
#[derive(Clone, Debug)]
pub(super) struct Pod<'p> {
    pub value: &'p Value,
    /// All containers: those that run first, the others, and those that were added to a running pod.
    pub containers: Vec<Container<'p>>,
    security: Option<&'p Value>,
}

impl<'p> Pod<'p> {
    pub fn of(value: &'p Value) -> Self {
        let spec = value.get("spec");
        let lists = ["initContainers", "containers", "ephemeralContainers"];
        let of = |list: &'static str| {
            let items = spec.and_then(|spec| spec.get(list)?.as_array());
            let items = items.into_iter().flatten().enumerate();
            items.map(move |(at, value)| Container {
                name: value
                    .get("name")
                    .and_then(Value::as_str)
                    .unwrap_or_default(),
                value,
                security: value.get("securityContext"),
                place: (list, at),
            })
        };
        Self {
            value,
            containers: lists.into_iter().flat_map(of).collect(),
            security: spec.and_then(|spec| spec.get("securityContext")),
        }
    }

    /// A member of the pod's own security context; `None` where it is null, too.
    pub fn secured(&self, pointer: &str) -> Option<&'p Value> {
        set(self.security?.pointer(pointer))
    }
}

/// A container of a pod, wherever it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Container<'p> {
    pub name: &'p str,
    pub value: &'p Value,
    security: Option<&'p Value>,
    /// The list in which it stands, and where in it.
    place: (&'static str, usize),
}

pub(super) fn spec() -> FieldPath {
    FieldPath::root().field("spec")
}

impl<'p> Container<'p> {
    /// A member of its security context; `None` where it is null, too.
    pub fn secured(&self, pointer: &str) -> Option<&'p Value> {
        set(self.security?.pointer(pointer))
    }

    pub fn at(&self, members: &[&str]) -> FieldPath {
        let (list, at) = self.place;
        let path = spec().field(list).index(at);
        members
            .iter()
            .fold(path, |path, member| path.field(*member))
    }
}

/// A value that is set: not null.
pub(super) fn set(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
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
