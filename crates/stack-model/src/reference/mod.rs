//! References: who names whom, where, and whether it is there.

mod resolution;
mod rule;
mod tables;
mod walk;

use std::collections::HashMap;

use serde_json::Value;

pub use resolution::{Extent, Resolution};
pub(crate) use resolution::{MadeKey, Makers, made_key};
pub use rule::{Form, Purpose, ReferenceRule};
pub use walk::ReferencePath;

use crate::entry::group_of;
use crate::model::Model;
use crate::{Entry, WorkloadKind, scope_of};

/// An object that another one names.
#[derive(Clone, Debug)]
pub struct Reference<'m> {
    /// Who refers.
    pub from: &'m Entry,
    /// Where it does.
    pub path: ReferencePath,
    /// What it is for.
    pub purpose: Purpose,
    /// The group of what is meant.
    pub group: &'m str,
    /// The kind of what is meant.
    pub kind: &'m str,
    /// The namespace of what is meant; `None` for cluster-wide kinds.
    pub namespace: Option<&'m str>,
    /// The name of what is meant.
    pub name: &'m str,
    /// The key of the ConfigMap or Secret that is meant.
    pub key: Option<&'m str>,
    /// Whether it may be missing.
    pub optional: bool,
    /// The value as written.
    pub value: &'m Value,
}

/// The rows of all tables, by the kind that refers.
#[derive(Debug)]
pub(crate) struct Rules {
    by_kind: HashMap<(&'static str, &'static str), Vec<ReferenceRule>>,
}

impl Rules {
    pub(crate) fn new(more: &[ReferenceRule]) -> Self {
        let mut by_kind: HashMap<_, Vec<_>> = HashMap::new();
        for rule in tables::TABLES.iter().copied().flatten().chain(more) {
            for kind in rule.kinds {
                by_kind.entry((rule.group, *kind)).or_default().push(*rule);
            }
        }
        Self { by_kind }
    }
}

impl Model {
    /// Everything that an object names, by the tables of the built-in kinds and the families. What is empty or a template
    /// (`{{ ... }}`, `$(...)`) names nothing yet.
    pub fn references_of<'m>(&'m self, entry: &'m Entry) -> Vec<Reference<'m>> {
        let mut found = Vec::new();
        if let Some(kind) = WorkloadKind::of(entry.group(), entry.kind())
            && let Some(pod) = entry.at(kind.pod_path())
        {
            for rule in tables::PODS {
                self.collect(entry, rule, kind.pod_path(), pod, &mut found);
            }
        }
        let rows = self
            .rules()
            .by_kind
            .get(&(entry.group(), entry.kind()) as &(&str, &str));
        for rule in rows.into_iter().flatten() {
            self.collect(entry, rule, "", entry.value(), &mut found);
        }
        found
    }

    /// Everything that any object names, in the order of the input.
    pub fn references(&self) -> impl Iterator<Item = Reference<'_>> {
        self.entries().flat_map(|entry| self.references_of(entry))
    }

    fn collect<'m>(
        &'m self,
        entry: &'m Entry,
        rule: &ReferenceRule,
        prefix: &'static str,
        root: &'m Value,
        found: &mut Vec<Reference<'m>>,
    ) {
        walk::walk(rule.path, root, &mut |value, beside, indices| {
            let path = ReferencePath::new(prefix, rule.path, indices);
            found.extend(self.read_reference(entry, rule, path, value, beside));
        });
    }

    fn read_reference<'m>(
        &'m self,
        from: &'m Entry,
        rule: &ReferenceRule,
        path: ReferencePath,
        value: &'m Value,
        beside: &'m Value,
    ) -> Option<Reference<'m>> {
        let text = |member: &str| value.get(member).and_then(Value::as_str);
        let own = from.namespace();
        let (group, kind, namespace, name) = match rule.form {
            Form::Name { group, kind } => (group, kind, own, value.as_str()?),
            Form::Qualified { group, kind } => match value.as_str()?.split_once('/') {
                Some((namespace, name)) => (group, kind, Some(namespace), name),
                None => (group, kind, own, value.as_str()?),
            },
            Form::Object { group, kind } => {
                let written = text("group")
                    .or_else(|| text("apiGroup"))
                    .or_else(|| text("apiVersion").map(group_of));
                let namespace = text("namespace").or(own);
                (
                    written.unwrap_or(group),
                    text("kind").unwrap_or(kind),
                    namespace,
                    text("name")?,
                )
            }
            Form::Host => {
                let (namespace, name) = service_of_host(value.as_str()?, own)?;
                ("", "Service", Some(namespace), name)
            }
        };
        let is_template = ["{{", "$(", "${"].iter().any(|mark| name.contains(mark));
        let is_mesh = matches!(rule.form, Form::Qualified { .. }) && name == "mesh";
        if name.is_empty() || kind.is_empty() || is_template || is_mesh {
            return None;
        }
        let cluster_wide = self.scope_of(group, kind).or_else(|| scope_of(group, kind))
            == Some(crate::Scope::Cluster);
        Some(Reference {
            from,
            path,
            purpose: rule.purpose,
            group,
            kind,
            namespace: namespace.filter(|_| !cluster_wide),
            name,
            key: beside
                .get("key")
                .and_then(Value::as_str)
                .filter(|_| rule.key),
            optional: rule.optional
                && beside.get("optional").and_then(Value::as_bool) == Some(true),
            value,
        })
    }
}

/// Namespace and name of the Service that a host name means, if it means one: `web`, `web.demo.svc`, `web.demo.svc.cluster.local`.
fn service_of_host<'m>(host: &'m str, own: Option<&'m str>) -> Option<(&'m str, &'m str)> {
    let mut labels = host.split('.');
    let name = labels.next().filter(|name| !name.contains('*'))?;
    match (labels.next(), labels.next()) {
        (None, _) => Some((own?, name)),
        (Some(namespace), Some("svc")) => Some((namespace, name)),
        _ => None,
    }
}
