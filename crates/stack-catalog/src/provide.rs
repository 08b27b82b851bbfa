//! Short forms of what components say and do in the same way; for components of your own, too.

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde_json::{Value, json};
use stack_builder::{
    ComponentError, Contribution, Finding, KnownKind, ObjectId, Provided, Severity, Subject,
};

use crate::home::Home;

/// Says that a chart makes a Service with these ports.
pub fn service(out: &mut Contribution, namespace: &str, name: &str, ports: &[u16]) {
    out.provides(Provided::Service {
        namespace: namespace.into(),
        name: name.into(),
        ports: ports.into(),
    });
}

/// Says that a chart makes these ServiceAccounts.
pub fn accounts<'a>(
    out: &mut Contribution,
    namespace: &str,
    names: impl IntoIterator<Item = &'a str>,
) {
    for name in names {
        out.provides(Provided::ServiceAccount {
            namespace: namespace.into(),
            name: name.into(),
        });
    }
}

/// Says that the cluster gets the kinds of these groups.
pub fn groups<'a>(out: &mut Contribution, groups: impl IntoIterator<Item = &'a str>) {
    for group in groups {
        out.provides(Provided::ApiGroup(group.into()));
    }
}

/// Says that the API server calls the pods with a label, at a port of the container.
pub fn called(
    out: &mut Contribution,
    namespace: &str,
    (key, value): (&str, &str),
    port: u16,
    what: &str,
) {
    out.provides(Provided::Callee {
        namespace: namespace.into(),
        labels: [(key.into(), value.into())].into(),
        port,
        purpose: format!("{what}, which the API server calls"),
    });
}

/// Says that somebody makes an object that is in no chart.
pub fn made(
    out: &mut Contribution,
    api_version: &str,
    kind: &str,
    namespace: &str,
    name: &str,
    by: &str,
) {
    out.provides(Provided::Made {
        object: ObjectId::new(api_version, kind, Some(namespace), name),
        by: by.to_owned(),
    });
}

/// Says that people keep a Secret that the component reads.
pub fn secret(out: &mut Contribution, namespace: &str, name: &str) {
    let by = "whoever keeps the secrets of the stack";
    made(out, "v1", "Secret", namespace, name, by);
}

/// Adds objects, those without a namespace in that of the component.
///
/// # Errors
/// [`ComponentError`] when an object or the path is refused.
pub fn add_in<T>(
    out: &mut Contribution,
    file: &str,
    home: &Home,
    objects: &[T],
) -> Result<(), ComponentError>
where
    T: KnownKind + Metadata<Ty = ObjectMeta> + Serialize + Clone + Send + Sync + 'static,
{
    for object in objects {
        let mut object = object.clone();
        let namespace = &mut object.metadata_mut().namespace;
        namespace.get_or_insert_with(|| home.name().to_owned());
        out.object(file, object)?;
    }
    Ok(())
}

/// Adds objects as they are.
///
/// # Errors
/// [`ComponentError`] when an object or the path is refused.
pub fn add<T>(out: &mut Contribution, file: &str, objects: &[T]) -> Result<(), ComponentError>
where
    T: KnownKind + Serialize + Clone + Send + Sync + 'static,
{
    for object in objects {
        out.object(file, object.clone())?;
    }
    Ok(())
}

/// The names of objects, without those that have none.
pub fn names<T: Metadata<Ty = ObjectMeta>>(objects: &[T]) -> Vec<String> {
    let names = objects
        .iter()
        .filter_map(|object| object.metadata().name.clone());
    names.collect()
}

/// Asks the scheduler to put the pods with a label on different nodes where it can.
pub fn spread(key: &str, value: &str) -> Value {
    json!([{
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": {key: value}},
    }])
}

/// A finding about the values of a release.
pub fn finding(
    release: &str,
    code: &'static str,
    severity: Severity,
    path: &str,
    message: impl Into<String>,
    remedy: &str,
) -> Finding {
    let subject = Subject::Release(release.into());
    Finding::new(code, severity, subject, message.into())
        .at(path)
        .remedy(remedy)
}
