//! What is judged: each object, and the pod that a workload makes.

use std::sync::OnceLock;

use kube_vocab::{FieldPath, Segment};
use serde_json::{Map, Value};
use stack_model::{Entry, Labels, Model, Selector, Workload, WorkloadKind};

/// The label that every Namespace has, with its name.
pub(crate) const NAME_OF_NAMESPACE: &str = "kubernetes.io/metadata.name";

/// An object as it stands before admission: as it would be created.
#[derive(Clone, Debug)]
pub struct Case<'m> {
    /// The object of the model of which findings are told.
    pub entry: &'m Entry,
    /// Where the pod stands in the object of the model; `None` where the object itself is judged.
    pub pod_path: Option<&'static str>,
    /// The kind of workload that makes the pod; `None` where the object itself is judged.
    pub made_by: Option<WorkloadKind>,
    /// The `Namespace` object in which it lives; `None` where it lives in none, or the input does not hold it.
    pub namespace: Option<&'m Entry>,
    /// Whose pod is judged.
    workload: Option<Workload<'m>>,
    /// Made when a policy asks for it.
    object: OnceLock<Value>,
}

/// Everything that is judged of a model, in the order of the input: first an object, then the pod that it makes.
pub fn cases(model: &Model) -> impl Iterator<Item = Case<'_>> {
    model.entries().flat_map(|entry| {
        let namespace = entry
            .namespace()
            .and_then(|name| model.namespace(name)?.entry());
        let workload = model.workload(entry.entry_id());
        let itself = Case {
            entry,
            pod_path: None,
            made_by: None,
            namespace,
            workload: workload.filter(|workload| workload.kind() == WorkloadKind::Pod),
            object: OnceLock::new(),
        };
        let pod = workload.and_then(|workload| pod_of(workload, namespace));
        [Some(itself), pod].into_iter().flatten()
    })
}

/// The pod that a workload makes; `None` for a Pod, and where there is no template.
fn pod_of<'m>(workload: Workload<'m>, namespace: Option<&'m Entry>) -> Option<Case<'m>> {
    if workload.kind() == WorkloadKind::Pod {
        return None;
    }
    workload.pod()?;
    Some(Case {
        entry: workload.template_entry(),
        pod_path: Some(workload.pod_path()),
        made_by: Some(workload.kind()),
        namespace,
        workload: Some(workload),
        object: OnceLock::new(),
    })
}

/// The object in the namespace in which it would live.
fn placed(entry: &Entry) -> Value {
    let mut value = entry.value().to_json();
    if let (Some(namespace), None) = (entry.namespace(), entry.at("metadata.namespace"))
        && let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut)
    {
        metadata.insert("namespace".to_owned(), namespace.into());
    }
    value
}

/// The pod as a workload asks the API server for it.
fn made(workload: &Workload<'_>) -> Value {
    let part = |member: &str| workload.pod().and_then(|template| template.get(member));
    let mut metadata = match part("metadata").map(stack_model::Value::to_json) {
        Some(Value::Object(metadata)) => metadata,
        _ => Map::new(),
    };
    let prefix = format!("{}-", workload.name());
    metadata.insert("generateName".to_owned(), prefix.into());
    metadata.insert("namespace".to_owned(), workload.namespace().into());
    let mut pod = Map::new();
    pod.insert("apiVersion".to_owned(), "v1".into());
    pod.insert("kind".to_owned(), "Pod".into());
    pod.insert("metadata".to_owned(), Value::Object(metadata));
    let spec = part("spec").map_or(Value::Null, stack_model::Value::to_json);
    pod.insert("spec".to_owned(), spec);
    Value::Object(pod)
}

/// Adds to a pod what the API server and LimitRanges fill in before policies look.
fn fill_amounts(pod: &mut Value, workload: &Workload<'_>) {
    for container in workload.containers() {
        let path = container.path();
        let [.., Segment::Field(list), Segment::Index(at)] = path.segments() else {
            continue;
        };
        let amounts = workload.container_amounts(container);
        for (which, amounts) in [("limits", &amounts.limits), ("requests", &amounts.requests)] {
            for (resource, amount) in amounts.iter() {
                let pointer = format!("/spec/{list}/{at}/resources/{which}");
                let written = pod
                    .pointer(&pointer)
                    .and_then(|written| written.get(resource));
                if written.is_some() {
                    continue;
                }
                let container = pod.pointer_mut(&format!("/spec/{list}/{at}"));
                if let Some(container @ Value::Object(_)) = container {
                    set(
                        &mut container["resources"],
                        which,
                        resource,
                        amount.to_string(),
                    );
                }
            }
        }
    }
}

/// Sets an amount in the `resources` of a container, and makes the maps on the way to it.
fn set(resources: &mut Value, which: &str, resource: &str, amount: String) {
    let mut at = resources;
    for key in [which, resource] {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        // Indexing a map by a new key makes the entry.
        at = &mut at[key];
    }
    *at = amount.into();
}

impl<'m> Case<'m> {
    /// What is created: the object in its namespace, or the pod that the workload makes; of pods with the amounts that the API
    /// server and LimitRanges fill in. It is made when somebody first asks.
    pub fn object(&self) -> &Value {
        self.object.get_or_init(|| {
            let mut object = match (self.pod_path, &self.workload) {
                (Some(_), Some(workload)) => made(workload),
                _ => placed(self.entry),
            };
            if let Some(workload) = &self.workload {
                fill_amounts(&mut object, workload);
            }
            object
        })
    }

    /// The pod that is created, as it is written: `metadata` and `spec` count, nothing is filled in. `None` for what is no pod.
    pub fn pod(&self) -> Option<&'m stack_model::Value> {
        match (&self.workload, self.pod_path) {
            (Some(workload), Some(_)) => workload.pod(),
            (None, Some(_)) => None,
            _ => (self.kind() == "Pod" && self.group().is_empty()).then(|| self.entry.value()),
        }
    }

    /// The group of what is created.
    pub fn group(&self) -> &'m str {
        match self.pod_path {
            Some(_) => "",
            None => self.entry.group(),
        }
    }

    /// The version of what is created, without its group.
    pub fn version(&self) -> &'m str {
        match self.pod_path {
            Some(_) => "v1",
            None => self.entry.version(),
        }
    }

    /// The kind of what is created.
    pub fn kind(&self) -> &'m str {
        match self.pod_path {
            Some(_) => "Pod",
            None => self.entry.kind(),
        }
    }

    /// The name; empty where the cluster makes one.
    pub fn name(&self) -> &'m str {
        self.metadata("name")
            .and_then(stack_model::Value::as_str)
            .unwrap_or_default()
    }

    /// The labels of what is created.
    pub fn labels(&self) -> Labels<'m> {
        Labels::of(self.metadata("labels"))
    }

    /// The annotations of what is created.
    pub fn annotations(&self) -> Labels<'m> {
        Labels::of(self.metadata("annotations"))
    }

    fn metadata(&self, member: &str) -> Option<&'m stack_model::Value> {
        let whole = match (&self.workload, self.pod_path) {
            (Some(workload), Some(_)) => workload.pod()?,
            _ => self.entry.value(),
        };
        whole.get("metadata")?.get(member)
    }

    /// The namespace in which it would live.
    pub fn namespace_name(&self) -> Option<&'m str> {
        self.entry.namespace()
    }

    /// The namespace by whose name policies choose it: that in which it lives, or itself. `None` for all else that lives in none.
    pub fn home(&self) -> Option<&'m str> {
        match self.is_namespace() {
            true => Some(self.name()),
            false => self.namespace_name(),
        }
    }

    /// Whether it is a Namespace.
    pub fn is_namespace(&self) -> bool {
        self.kind() == "Namespace" && self.group().is_empty()
    }

    /// The text at a JSON pointer of what is created.
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.object().pointer(pointer)?.as_str()
    }

    /// A path of what is created, in the object of the model.
    pub fn path(&self, inside: &FieldPath) -> FieldPath {
        match self.pod_path {
            None => inside.clone(),
            Some(prefix) => {
                inside
                    .segments()
                    .iter()
                    .fold(FieldPath::parse(prefix), |mut path, segment| {
                        path.push(segment.clone());
                        path
                    })
            }
        }
    }

    /// Whether a selector means the labels of its namespace, or its own where it is a Namespace. Always where it lives in none.
    /// `None` where that is not known.
    pub fn in_selected_namespace(&self, selector: &Selector) -> Option<bool> {
        if selector.is_everything() {
            return Some(true);
        }
        let Some(name) = self.home() else {
            return Some(true);
        };
        let entry = if self.is_namespace() {
            Some(self.entry)
        } else {
            self.namespace
        };
        let Some(entry) = entry else {
            let mut requirements = selector.requirements().iter();
            let by_name = requirements.all(|one| &*one.key == NAME_OF_NAMESPACE);
            return by_name.then(|| selector.matches(&[(NAME_OF_NAMESPACE, name)]));
        };
        let others = entry.labels().iter();
        let others = others.filter(|(key, _)| *key != NAME_OF_NAMESPACE);
        let labels: Vec<_> = std::iter::once((NAME_OF_NAMESPACE, name))
            .chain(others)
            .collect();
        Some(selector.matches(labels.as_slice()))
    }
}
