//! What a cluster would hold with a bundle.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};
use stack_builder::charts::{ChartObject, Charts};
use stack_builder::{Bundle, ObjectId, Part, Provided};
use stack_model::{Entry, Extent, Model, Origin, Scope, SourceObject, scope_of};

/// A bundle as a model, and how much of the cluster that is.
#[derive(Debug)]
pub struct Whole<'b> {
    /// What was read; findings on releases and files come from it.
    pub bundle: &'b Bundle,
    /// Its objects, the nodes of its kind cluster, and what its charts make, as far as that is known: rendered, after
    /// [`Bundle::with_charts`], or else the Services and ServiceAccounts that its components [declare](Provided). Hooks are not
    /// among them, because they do not stay.
    pub model: Model,
    /// Whether the charts are rendered, so that what is not in the model is not in the cluster.
    pub extent: Extent,
    declared: BTreeSet<ObjectId>,
    /// Whether a placeholder may stand in one of the bundle's own objects.
    pub(crate) unfilled: bool,
}

impl<'b> Whole<'b> {
    /// Reads a bundle.
    pub fn of(bundle: &'b Bundle) -> Self {
        Self::with_objects(bundle, own(bundle), true)
    }

    /// Reads a bundle without what its charts make, whether or not that is known: the same for every reader.
    pub(crate) fn of_declared(bundle: &'b Bundle) -> Self {
        Self::with(bundle, own(bundle), None)
    }

    /// As [`of`](Self::of), where somebody has read the bundle's objects already; `unfilled` says whether a placeholder may stand in
    /// one of them.
    pub(crate) fn with_objects(
        bundle: &'b Bundle,
        objects: Vec<SourceObject>,
        unfilled: bool,
    ) -> Self {
        Self {
            unfilled,
            ..Self::with(bundle, objects, bundle.charts())
        }
    }

    fn with(bundle: &'b Bundle, objects: Vec<SourceObject>, charts: Option<&Charts>) -> Self {
        let extent = match charts.is_some() || bundle.releases().next().is_none() {
            true => Extent::Whole,
            false => Extent::Part,
        };
        let mut declared: BTreeMap<ObjectId, stack_model::Value> = match charts {
            Some(_) => BTreeMap::new(),
            None => declared(bundle)
                .into_iter()
                .map(|object| (id(&object), object))
                .collect(),
        };
        if !declared.is_empty() {
            for object in &objects {
                declared.remove(&id(&object.value));
            }
        }
        let nodes = bundle.cluster().map(|nodes| nodes.clone().into());
        let declares = declared
            .values()
            .map(|object| SourceObject::new(object.clone(), Origin::default()));
        let made: Vec<SourceObject> = charts
            .map(|charts| of_charts(bundle, charts.objects(), ChartObject::stays))
            .unwrap_or_default();
        let sources = nodes.into_iter().chain(objects).chain(declares).chain(made);
        let hooks = charts.into_iter().flat_map(|charts| charts.objects());
        let hooks = hooks.filter(|object| !object.stays());
        Self {
            bundle,
            model: Model::read(sources)
                .with_made(hooks.map(ChartObject::id).chain(made_by_programs(bundle))),
            extent,
            declared: declared.into_keys().collect(),
            unfilled: true,
        }
    }

    /// Whether an object stands for one that a component only declares: its fields are not known.
    pub fn is_declared(&self, object: &ObjectId) -> bool {
        self.declared.contains(object)
    }

    /// What stands for objects that components only declare.
    pub(crate) fn declared(&self) -> impl Iterator<Item = &Entry> {
        self.declared.iter().filter_map(|id| {
            self.model
                .get(id.group(), &id.kind, id.namespace.as_deref(), &id.name)
        })
    }

    /// Whether the charts are rendered.
    pub fn has_charts(&self) -> bool {
        self.bundle.charts().is_some()
    }

    /// The hooks that run while the stack is installed, as a model needs them: they are gone afterwards, but a policy may refuse
    /// them.
    pub fn hooks(&self) -> Vec<SourceObject> {
        let objects = self
            .bundle
            .charts()
            .map_or(&[][..], |charts| charts.objects());
        let runs = |object: &ChartObject| {
            object
                .hook
                .as_ref()
                .is_some_and(|hook| hook.is_for_install())
        };
        of_charts(self.bundle, objects, runs)
    }
}

/// The bundle's own objects.
fn own(bundle: &Bundle) -> Vec<SourceObject> {
    let objects = bundle.objects();
    objects
        .map(|object| SourceObject::new(object.to_held(), Origin::default()))
        .collect()
}

/// Who an object is.
pub(crate) fn id(object: &stack_model::Value) -> ObjectId {
    let text = |pointer: &str| object.pointer(pointer).and_then(stack_model::Value::as_str);
    ObjectId::new(
        text("/apiVersion").unwrap_or_default(),
        text("/kind").unwrap_or_default(),
        text("/metadata/namespace"),
        text("/metadata/name").unwrap_or_default(),
    )
}

/// What is in no chart because a program makes it.
fn made_by_programs(bundle: &Bundle) -> impl Iterator<Item = ObjectId> {
    let provided = bundle.parts().iter().flat_map(Part::provided);
    provided.filter_map(|provided| match provided {
        Provided::Made { object, .. } => Some(object.clone()),
        _ => None,
    })
}

/// What components say that their charts make, as far as they say it.
fn declared(bundle: &Bundle) -> Vec<stack_model::Value> {
    let provided = bundle.parts().iter().flat_map(Part::provided);
    let objects = provided.filter_map(|provided| match provided {
        Provided::Service {
            namespace,
            name,
            ports,
        } => {
            let ports: Vec<Value> = ports
                .iter()
                .map(|port| json!({"name": format!("port-{port}"), "port": port}))
                .collect();
            Some(json!({
                "apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace},
                "spec": {"ports": ports},
            }))
        }
        Provided::ServiceAccount { namespace, name } => Some(json!({
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": namespace},
        })),
        _ => None,
    });
    objects.map(stack_model::Value::from).collect()
}

/// Objects of charts, each in the namespace in which Helm puts it.
fn of_charts(
    bundle: &Bundle,
    objects: &[ChartObject],
    wanted: impl Fn(&ChartObject) -> bool,
) -> Vec<SourceObject> {
    let cluster_wide: BTreeSet<(&str, &str)> = objects
        .iter()
        .map(|object| &*object.value)
        .filter(|value| {
            value["kind"] == "CustomResourceDefinition" && value["spec"]["scope"] == "Cluster"
        })
        .filter_map(|value| {
            let spec = &value["spec"];
            Some((spec["group"].as_str()?, spec["names"]["kind"].as_str()?))
        })
        .collect();
    let scope = |value: &Value| {
        let text = |member: &str| value[member].as_str().unwrap_or_default();
        let group = text("apiVersion")
            .split_once('/')
            .map_or("", |(group, _)| group);
        match cluster_wide.contains(&(group, text("kind"))) {
            true => Some(Scope::Cluster),
            false => scope_of(group, text("kind")),
        }
    };
    let placed = |object: &ChartObject| {
        let value = &object.value;
        let needs =
            value.pointer("/metadata/namespace").is_none() && scope(value) != Some(Scope::Cluster);
        let release = bundle.release(&object.release).filter(|_| needs);
        let Some(release) = release else {
            return stack_model::Value::from(&**value);
        };
        let mut value = Value::clone(value);
        if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.insert("namespace".to_owned(), release.namespace.clone().into());
        }
        value.into()
    };
    objects
        .iter()
        .filter(|object| wanted(object))
        .map(|object| {
            let origin = Origin {
                file: object.file.clone(),
                line: object.file.as_ref().map(|_| object.line),
                release: Some(Arc::clone(&object.release)),
            };
            SourceObject::new(placed(object), origin)
        })
        .collect()
}
