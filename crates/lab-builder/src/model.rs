//! What a cluster would hold with a bundle.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use stack_builder::charts::{ChartObject, Charts};
use stack_builder::{Bundle, ObjectId, Part, Provided};
use stack_model::{Extent, Model, Origin, Scope, SourceObject, scope_of};

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
}

impl<'b> Whole<'b> {
    /// Reads a bundle.
    pub fn of(bundle: &'b Bundle) -> Self {
        Self::with(bundle, bundle.charts())
    }

    /// Reads a bundle without what its charts make, whether or not that is known: the same for every reader.
    pub(crate) fn of_declared(bundle: &'b Bundle) -> Self {
        Self::with(bundle, None)
    }

    fn with(bundle: &'b Bundle, charts: Option<&Charts>) -> Self {
        let extent = match charts.is_some() || bundle.releases().next().is_none() {
            true => Extent::Whole,
            false => Extent::Part,
        };
        let mut sources: Vec<SourceObject> = Vec::new();
        sources.extend(bundle.cluster().map(|nodes| nodes.clone().into()));
        sources.extend(
            bundle
                .objects()
                .map(|object| SourceObject::new(object.shared_value(), Origin::default())),
        );
        let declared: Vec<Value> = match charts {
            Some(_) => Vec::new(),
            None => declared(bundle),
        };
        let known: BTreeSet<ObjectId> =
            bundle.objects().map(|object| object.id().clone()).collect();
        let declared: Vec<(ObjectId, Value)> = declared
            .into_iter()
            .map(|object| (id(&object), object))
            .filter(|(id, _)| !known.contains(id))
            .collect();
        sources.extend(declared.iter().map(|(_, object)| object.clone().into()));
        let made: Vec<SourceObject> = charts
            .map(|charts| of_charts(bundle, charts.objects(), ChartObject::stays))
            .unwrap_or_default();
        sources.extend(made);
        let hooks = charts.into_iter().flat_map(|charts| charts.objects());
        let hooks = hooks.filter(|object| !object.stays());
        Self {
            bundle,
            model: Model::read(sources)
                .with_made(hooks.map(ChartObject::id).chain(made_by_programs(bundle))),
            extent,
            declared: declared.into_iter().map(|(id, _)| id).collect(),
        }
    }

    /// Whether an object stands for one that a component only declares: its fields are not known.
    pub fn is_declared(&self, object: &ObjectId) -> bool {
        self.declared.contains(object)
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

fn id(object: &Value) -> ObjectId {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
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
fn declared(bundle: &Bundle) -> Vec<Value> {
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
    objects.collect()
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
            return Arc::clone(value);
        };
        let mut value = Value::clone(value);
        if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.insert("namespace".to_owned(), release.namespace.clone().into());
        }
        Arc::new(value)
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
