//! References: who names whom, where, and whether it is there.

mod call;
mod near;
mod resolution;
mod rule;
mod tables;
mod walk;

use foldhash::{HashMap, HashMapExt as _};
use kube_value::Value;

pub use call::{Call, NameForm};
pub use near::{Near, is_misspelt};
pub use resolution::{Extent, Resolution};
pub(crate) use resolution::{MadeKey, Makers, made_key};
pub use rule::{Form, Purpose, ReferenceRule};
pub use walk::ReferencePath;

use crate::entry::group_of;
use crate::model::Model;
use crate::{Entry, WorkloadKind, scope_of};
use walk::Tree;

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
    by_kind: HashMap<(&'static str, &'static str), Tree>,
    pods: Tree,
}

impl Rules {
    pub(crate) fn new(more: &[ReferenceRule]) -> Self {
        let mut by_kind: HashMap<_, Tree> = HashMap::new();
        for rule in tables::TABLES.iter().copied().flatten().chain(more) {
            for kind in rule.kinds {
                by_kind.entry((rule.group, *kind)).or_default().add(*rule);
            }
        }
        let mut pods = Tree::default();
        for rule in tables::PODS {
            pods.add(*rule);
        }
        Self { by_kind, pods }
    }
}

impl Reference<'_> {
    /// The line on which it stands, as [`Entry::line_of`] finds it.
    pub fn line(&self) -> Option<usize> {
        self.from.line_of(&self.path.to_field_path())
    }
}

impl Model {
    /// Everything that an object names, by the tables of the built-in kinds and the families. What is empty, a template
    /// (`{{ ... }}`, `$(...)`) or a placeholder (`<name>`) names nothing yet.
    pub fn references_of<'m>(&'m self, entry: &'m Entry) -> Vec<Reference<'m>> {
        let mut found = Vec::new();
        let rules = self.rules();
        if let Some(kind) = WorkloadKind::of(entry.group(), entry.kind())
            && let Some(pod) = entry.at(kind.pod_path())
        {
            self.collect(entry, &rules.pods, kind.pod_path(), pod, &mut found);
        }
        let kind: (&str, &str) = (entry.group(), entry.kind());
        if let Some(tree) = rules.by_kind.get(&kind) {
            self.collect(entry, tree, "", entry.value(), &mut found);
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
        tree: &Tree,
        prefix: &'static str,
        root: &'m Value,
        found: &mut Vec<Reference<'m>>,
    ) {
        tree.walk(root, &mut |rule, value, around, indices| {
            let path = ReferencePath::new(prefix, rule.path, indices);
            if let Form::Names { kinds } = rule.form {
                let names = value.as_str().unwrap_or_default().split(',');
                for name in names.map(str::trim) {
                    let (group, kind) = self.kind_with(kinds, entry.namespace(), name);
                    let target = (group, kind, entry.namespace(), name);
                    found.extend(self.reference(entry, rule, path, value, around, target));
                }
            } else if let Some(target) = target_of(entry, rule.form, value) {
                let reference = self.reference(entry, rule, path, value, around, target);
                if rule.items
                    && let Some(reference) = &reference
                {
                    let keys = around.get("items").and_then(Value::as_array);
                    let keys = keys.into_iter().flatten();
                    let keys = keys.filter_map(|item| item.get("key").and_then(Value::as_str));
                    found.extend(keys.map(|key| Reference {
                        key: Some(key),
                        ..reference.clone()
                    }));
                }
                found.extend(reference);
            }
        });
    }

    /// The first of some kinds that has an object of this name; the first of all where none has.
    fn kind_with(
        &self,
        kinds: &'static [(&'static str, &'static str)],
        namespace: Option<&str>,
        name: &str,
    ) -> (&'static str, &'static str) {
        let has = |(group, kind): &&(&str, &str)| {
            self.get(group, kind, namespace, name).is_some()
                || self.get(group, kind, None, name).is_some()
        };
        let found = kinds.iter().find(has).or(kinds.first());
        found.copied().unwrap_or_default()
    }

    fn reference<'m>(
        &'m self,
        from: &'m Entry,
        rule: &ReferenceRule,
        path: ReferencePath,
        value: &'m Value,
        around: &'m Value,
        (group, kind, namespace, name): Target<'m>,
    ) -> Option<Reference<'m>> {
        let is_mesh = matches!(rule.form, Form::Qualified { .. }) && name == "mesh";
        if name.is_empty() || kind.is_empty() || is_mesh || is_placeholder(kind, name) {
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
            key: around
                .get("key")
                .and_then(Value::as_str)
                .filter(|_| rule.key),
            optional: rule.optional
                && around.get("optional").and_then(Value::as_bool) == Some(true),
            value,
        })
    }
}

/// Group, kind, namespace and name of what is meant.
type Target<'m> = (&'m str, &'m str, Option<&'m str>, &'m str);

fn target_of<'m>(from: &'m Entry, form: Form, value: &'m Value) -> Option<Target<'m>> {
    let text = |member: &str| value.get(member).and_then(Value::as_str);
    let own = from.namespace();
    Some(match form {
        Form::Name { group, kind } => (group, kind, own, value.as_str()?),
        Form::Qualified { group, kind } => match value.as_str()?.split_once('/') {
            // Istio writes the own namespace as a point.
            Some((".", name)) => (group, kind, own, name),
            Some((namespace, name)) => (group, kind, Some(namespace), name),
            None => (group, kind, own, value.as_str()?),
        },
        Form::Object { group, kind } => {
            let written = text("group")
                .or_else(|| text("apiGroup"))
                .or_else(|| text("apiVersion").map(group_of));
            (
                written.unwrap_or(group),
                text("kind").unwrap_or(kind),
                text("namespace").or(own),
                text("name")?,
            )
        }
        Form::Host => {
            let (namespace, name) = service_of_host(value.as_str()?, own)?;
            ("", "Service", Some(namespace), name)
        }
        Form::Principal => {
            let (_, rest) = value.as_str()?.split_once("/ns/")?;
            let (namespace, name) = rest.split_once("/sa/")?;
            ("", "ServiceAccount", Some(namespace), name)
        }
        Form::Names { .. } => return None,
    })
}

/// Whether a name is to be filled in by somebody: a template, a variable, or a word that no server would take for a name.
fn is_placeholder(kind: &str, name: &str) -> bool {
    let any = |marks: &[char]| name.contains(marks);
    any(&['{', '}', '$', '<', '>', '*', '%', ' '])
        || (!kind.contains("Role")
            && !matches!(kind, "User" | "Group")
            && name.contains(|c: char| c.is_ascii_uppercase() || c == '_'))
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
