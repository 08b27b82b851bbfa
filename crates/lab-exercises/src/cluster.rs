//! The lab as the exercises find it, and change it.

use lab_builder::stack_builder::Part;
use lab_builder::{Bundle, Whole, Wiring};
use serde_json::{Value, json};
use stack_model::Model;

use crate::ExerciseError;

/// The objects of a cluster, to which something is applied and from which something is deleted.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    objects: Vec<Value>,
}

impl Cluster {
    /// The lab, as it runs. Where its charts are not rendered, a pod stands for Kong's: with its labels and its identity.
    pub(crate) fn of(lab: &Bundle, exercise: &'static str) -> Result<Self, ExerciseError> {
        let whole = Whole::of(lab);
        let mut cluster = Self {
            objects: whole
                .model
                .entries()
                .map(|entry| entry.value().to_json())
                .collect(),
        };
        let wiring = wiring(lab, exercise)?;
        let gateway = &wiring.gateway;
        if whole
            .model
            .workloads()
            .all(|workload| workload.namespace() != gateway.namespace)
        {
            cluster.apply(json!({
                "apiVersion": "v1", "kind": "Pod",
                "metadata": {"name": gateway.name, "namespace": gateway.namespace, "labels": gateway.pod_labels},
                "spec": {"serviceAccountName": gateway.service_account, "containers": [{"name": "proxy", "image": "kong"}]},
            }));
        }
        Ok(cluster)
    }

    /// What `kubectl apply` does: an object of the same identity is replaced.
    pub(crate) fn apply(&mut self, object: Value) {
        let same = |other: &Value| id(other) == id(&object);
        match self.objects.iter_mut().find(|other| same(other)) {
            Some(known) => *known = object,
            None => self.objects.push(object),
        }
    }

    /// Changes the object of a kind and name; says whether it is there.
    pub(crate) fn change(
        &mut self,
        kind: &str,
        name: &str,
        change: impl FnOnce(&mut Value),
    ) -> bool {
        let found = self
            .objects
            .iter_mut()
            .find(|object| is(object, kind, name));
        match found {
            Some(object) => {
                change(object);
                true
            }
            None => false,
        }
    }

    pub(crate) fn delete(&mut self, kind: &str, name: &str) {
        self.objects.retain(|object| !is(object, kind, name));
    }

    pub(crate) fn get(&self, kind: &str, name: &str) -> Option<&Value> {
        self.objects.iter().find(|object| is(object, kind, name))
    }

    pub(crate) fn model(&self) -> Model {
        Model::read(&self.objects)
    }
}

fn is(object: &Value, kind: &str, name: &str) -> bool {
    object["kind"] == kind && object["metadata"]["name"] == name
}

fn id(object: &Value) -> [&Value; 4] {
    let metadata = &object["metadata"];
    [
        &object["apiVersion"],
        &object["kind"],
        &metadata["namespace"],
        &metadata["name"],
    ]
}

/// What the components of the lab agree on.
pub(crate) fn wiring<'b>(
    lab: &'b Bundle,
    exercise: &'static str,
) -> Result<&'b Wiring, ExerciseError> {
    lab.wiring().ok_or_else(|| missing(exercise, "wiring"))
}

/// An object that an exercise of the lab applies.
pub(crate) fn applied(lab: &Bundle, exercise: &'static str) -> Result<Value, ExerciseError> {
    let mut exercises = lab.parts().iter().flat_map(Part::exercises);
    let found = exercises.find(|(of, _, _)| *of == exercise);
    found
        .map(|(_, _, object)| object.value().clone())
        .ok_or_else(|| missing(exercise, "object of its own"))
}

pub(crate) fn missing(exercise: &'static str, what: impl Into<String>) -> ExerciseError {
    ExerciseError::Missing {
        exercise,
        what: what.into(),
    }
}

/// A pod as the exercises write them: it keeps to the four policies, until it is changed.
pub(crate) fn pod(
    lab: &Bundle,
    exercise: &'static str,
    name: &str,
) -> Result<Value, ExerciseError> {
    let demo = &wiring(lab, exercise)?.demo;
    Ok(json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": demo.namespace, "labels": {
            "app": name, "env": lab.environment().name(), "team": "platform"}},
        "spec": {
            "serviceAccountName": demo.frontend,
            "securityContext": {"runAsNonRoot": true, "runAsUser": 1000},
            "containers": [{"name": "test", "image": "busybox", "command": ["sleep", "3600"],
                "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}}}],
        },
    }))
}
