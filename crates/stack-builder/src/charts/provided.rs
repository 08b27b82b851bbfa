//! Whether charts make what their components say that they make.

use std::collections::BTreeMap;

use kube_vocab::{Finding, Severity, Subject};
use serde_json::Value;

use super::ChartObject;
use crate::bundle::{Bundle, Part};
use crate::contribution::Provided;

/// The stable name of the finding.
const CODE: &str = "not-provided";

/// Findings on what components declare with [`Provided`] and their charts do not make. A component without releases speaks of
/// what the cluster brings, and an API group may be brought by a program of the chart: of those nothing is said.
pub(super) fn wrong(bundle: &Bundle, objects: &[ChartObject]) -> Vec<Finding> {
    let made = Made::of(bundle, objects);
    let mut findings = Vec::new();
    let parts = bundle.parts().iter();
    for part in parts.filter(|part| !part.releases().is_empty()) {
        for provided in part.provided() {
            if let Some(message) = made.objection(provided) {
                let remedy = "declare what the charts make at their versions, with these values";
                let subject = Subject::Release(release_of(part, provided));
                let finding = Finding::new(CODE, Severity::Error, subject, message);
                findings.push(finding.remedy(remedy));
            }
        }
    }
    findings
}

/// The release that is meant: the first in the namespace, else the first.
fn release_of(part: &Part, provided: &Provided) -> String {
    let namespace = match provided {
        Provided::Service { namespace, .. }
        | Provided::ServiceAccount { namespace, .. }
        | Provided::Callee { namespace, .. } => namespace.as_str(),
        Provided::ApiGroup(_) | Provided::Made { .. } => "",
    };
    let mut releases = part.releases().iter();
    let found = releases.find(|release| release.namespace == namespace);
    let found = found.or_else(|| part.releases().first());
    found
        .map(|release| release.name.clone())
        .unwrap_or_default()
}

struct Made<'a> {
    /// By kind, namespace and name.
    objects: BTreeMap<(&'a str, &'a str, &'a str), &'a Value>,
    /// Pod templates, by namespace.
    templates: BTreeMap<&'a str, Vec<&'a Value>>,
}

impl<'a> Made<'a> {
    fn of(bundle: &'a Bundle, objects: &'a [ChartObject]) -> Self {
        let mut made = Made {
            objects: BTreeMap::new(),
            templates: BTreeMap::new(),
        };
        let own = bundle.objects().map(|object| (object.value(), "default"));
        let charts = objects.iter().map(|object| {
            let release = bundle.release(&object.release);
            let namespace = release.map_or("default", |release| release.namespace.as_str());
            (&*object.value, namespace)
        });
        for (object, default) in own.chain(charts) {
            let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
            let namespace = text("/metadata/namespace").unwrap_or(default);
            let key = (
                text("/kind").unwrap_or_default(),
                namespace,
                text("/metadata/name").unwrap_or_default(),
            );
            made.objects.insert(key, object);
            if let Some(template) = object.pointer("/spec/template") {
                made.templates.entry(namespace).or_default().push(template);
            }
        }
        made
    }

    /// What is wrong with a declaration.
    fn objection(&self, provided: &Provided) -> Option<String> {
        match provided {
            Provided::Service {
                namespace,
                name,
                ports,
            } => self.of_service(namespace, name, ports),
            Provided::ServiceAccount { namespace, name } => {
                let known = self
                    .objects
                    .contains_key(&("ServiceAccount", namespace, name));
                (!known).then(|| format!("no chart makes the ServiceAccount {namespace}/{name}"))
            }
            Provided::Callee {
                namespace,
                labels,
                port,
                purpose,
            } => {
                let mut templates = self.templates.get(namespace.as_str()).into_iter().flatten();
                let known = templates.any(|template| {
                    let has = |(key, value): (&String, &String)| {
                        template["metadata"]["labels"][key] == *value
                    };
                    labels.iter().all(has)
                });
                (!known).then(|| {
                    format!("no chart makes pods in {namespace} with the labels {labels:?} for port {port}: {purpose}")
                })
            }
            Provided::ApiGroup(_) | Provided::Made { .. } => None,
        }
    }

    fn of_service(&self, namespace: &str, name: &str, ports: &[u16]) -> Option<String> {
        let Some(service) = self.objects.get(&("Service", namespace, name)) else {
            return Some(format!("no chart makes the Service {namespace}/{name}"));
        };
        let found = service["spec"]["ports"].as_array();
        let found: Vec<u64> = (found.into_iter().flatten())
            .filter_map(|port| port["port"].as_u64())
            .collect();
        let missing = ports
            .iter()
            .find(|port| !found.contains(&u64::from(**port)));
        missing
            .map(|port| format!("the Service {namespace}/{name} has no port {port}, but {found:?}"))
    }
}
