//! How a model is made from documents.

use foldhash::{HashMap, HashMapExt as _, HashSet};
use kube_value::{Text, Value};
use kube_vocab::FieldPath;

use super::{Model, Skipped};
use crate::entry::{Head, group_of};
use crate::namespace::NamespaceData;
use crate::workload::{Template, WorkloadData};
use crate::{Autoscaler, Entry, EntryId, Origin, Scope, SourceObject, WorkloadKind};

impl Model {
    /// Keeps a document, and the members of a list instead of the list.
    pub(super) fn take(&mut self, object: SourceObject) {
        let SourceObject {
            value,
            origin,
            lines,
        } = object;
        let head = Head::of(&value);
        let lacks = if !value.is_object() {
            Some("")
        } else if head.kind.is_empty() {
            Some("kind")
        } else if head.api_version.is_empty() {
            Some("apiVersion")
        } else {
            None
        };
        if let Some(lacks) = lacks {
            self.skipped.push(Skipped { origin, lacks });
            return;
        }
        if let Some(item_kind) = head.kind.strip_suffix("List")
            && let Some(Value::Array(items)) = value.get("items")
        {
            for (position, item) in items.iter().enumerate() {
                let path = FieldPath::root().field("items").index(position);
                let lines = lines.as_ref().map(|lines| lines.below(&path));
                let line = lines
                    .as_ref()
                    .and_then(|lines| lines.line_of(&FieldPath::root()));
                self.take(SourceObject {
                    value: with_kind(item.clone(), &head.api_version, item_kind),
                    origin: Origin {
                        line: line.or(origin.line),
                        ..origin.clone()
                    },
                    lines,
                });
            }
            return;
        }
        // 4 billion objects do not fit into any memory.
        let Ok(id) = u32::try_from(self.entries.len()) else {
            return;
        };
        self.entries.push(Entry {
            id: EntryId(id),
            head,
            value,
            origin,
            lines,
            superseded_by: None,
        });
    }

    /// What the definitions of the input say about their kinds.
    pub(super) fn learn_scopes(&mut self) {
        for entry in &self.entries {
            if !entry.is("apiextensions.k8s.io", "CustomResourceDefinition") {
                continue;
            }
            let scope = match entry.text_at("spec.scope") {
                Some("Namespaced") => Scope::Namespaced,
                Some("Cluster") => Scope::Cluster,
                _ => continue,
            };
            if let (Some(group), Some(kind)) = (
                entry.text_at("spec.group"),
                entry.text_at("spec.names.kind"),
            ) {
                self.scopes
                    .insert((group.to_owned(), kind.to_owned()), scope);
            }
        }
    }

    pub(super) fn index(&mut self) {
        let mut entries = std::mem::take(&mut self.entries);
        self.by_identity.reserve(entries.len());
        self.by_place.reserve(entries.len());
        for position in 0..entries.len() {
            let namespace = self.place_of(&entries[position]);
            entries[position].head.namespace = namespace;
            let (before, from) = entries.split_at_mut(position);
            self.index_entry(&from[0], before);
        }
        self.entries = entries;
    }

    /// The namespace in which an object would live, noted as mentioned.
    fn place_of(&mut self, entry: &Entry) -> Option<Text> {
        if entry.is("", "Namespace") {
            let namespace = self.note_namespace(entry.name());
            self.namespaces[namespace].entry = Some(entry.id);
            return None;
        }
        let scope = self.scope_of(entry.group(), entry.kind());
        let name = match (scope, entry.namespace()) {
            (Some(Scope::Cluster), _) | (None, None) => return None,
            (_, Some(written)) => written,
            (Some(Scope::Namespaced), None) => "default",
        };
        let namespace = self.note_namespace(name);
        Some(self.namespaces[namespace].name.clone())
    }

    fn note_namespace(&mut self, name: &str) -> usize {
        if let Some(position) = self.namespace_by_name.get(name) {
            return *position;
        }
        let name = Text::from(name);
        let position = self.namespaces.len();
        self.namespace_by_name.insert(name.clone(), position);
        self.namespaces.push(NamespaceData { name, entry: None });
        position
    }

    fn index_entry(&mut self, entry: &Entry, before: &mut [Entry]) {
        let (group, kind) = (entry.group(), entry.kind());
        let of_group = match self.by_kind.get_mut(group) {
            Some(of_group) => of_group,
            None => self.by_kind.entry(group.into()).or_default(),
        };
        match of_group.get_mut(kind) {
            Some(ids) => ids.push(entry.id),
            None => drop(of_group.insert(kind.into(), vec![entry.id])),
        }
        if let Some(namespace) = entry.namespace() {
            self.by_place.add((group, kind, namespace), entry.id);
        }
        if entry.name().is_empty() {
            return;
        }
        let identity = (group, kind, entry.namespace(), entry.name());
        let is_replaced = |id: EntryId| {
            let other = &before[id.index()];
            other.is(group, kind)
                && other.namespace() == entry.namespace()
                && other.name() == entry.name()
        };
        if let Some(other) = self.by_identity.replace(identity, entry.id, is_replaced) {
            before[other.index()].superseded_by = Some(entry.id);
        }
    }

    pub(super) fn find_workloads(&mut self) {
        let kinds = [
            ("autoscaling", "HorizontalPodAutoscaler"),
            ("keda.sh", "ScaledObject"),
        ];
        let mut scalers: Vec<&Entry> = kinds
            .iter()
            .flat_map(|(group, kind)| self.objects(group, kind))
            .collect();
        // Of several for one target the first by name counts, whatever the order of the input.
        scalers.sort_by_key(|entry| (entry.kind(), entry.name()));
        let mut scaler_of = HashMap::new();
        for entry in scalers {
            let target = Autoscaler::of(entry).and_then(|scaler| {
                let (group, kind, name) = scaler.target()?;
                self.get(group, kind, entry.namespace(), name)
            });
            if let Some(target) = target {
                scaler_of.entry(target.id).or_insert(entry.id);
            }
        }
        let mut workloads = Vec::new();
        let mut owned = HashMap::new();
        for entry in self.entries() {
            let Some(kind) = WorkloadKind::of(entry.group(), entry.kind()) else {
                continue;
            };
            if let Some(owner) = self.controller_of(entry) {
                owned.insert(entry.id, owner);
                continue;
            }
            workloads.push(WorkloadData {
                entry: entry.id,
                kind,
                template: self.template_of(entry, kind),
                autoscaler: scaler_of.get(&entry.id).copied(),
            });
        }
        // A Deployment that a Rollout refers to runs no pods of its own.
        let referred: HashSet<EntryId> = workloads
            .iter()
            .map(|workload| (workload.entry, workload.template.entry))
            .filter(|(workload, template)| workload != template)
            .map(|(_, template)| template)
            .collect();
        workloads.retain(|workload| {
            !(referred.contains(&workload.entry) && workload.template.entry == workload.entry)
        });
        self.workload_by_entry = workloads
            .iter()
            .enumerate()
            .map(|(position, workload)| (workload.entry, position))
            .collect();
        self.workloads = workloads;
        self.owned = owned;
    }

    /// The workload of the model that controls an object, if it says so of itself.
    fn controller_of(&self, entry: &Entry) -> Option<EntryId> {
        let owner = entry
            .items_at("metadata.ownerReferences")
            .iter()
            .find(|owner| owner.get("controller").and_then(Value::as_bool) == Some(true))?;
        let text = |member: &str| owner.get(member).and_then(Value::as_str);
        let (group, kind) = (group_of(text("apiVersion")?), text("kind")?);
        WorkloadKind::of(group, kind)?;
        let found = self.get(group, kind, entry.namespace(), text("name")?)?;
        (found.id != entry.id).then_some(found.id)
    }

    fn template_of(&self, entry: &Entry, kind: WorkloadKind) -> Template {
        let own = || Template::of(entry, kind);
        let target = match kind {
            WorkloadKind::Rollout => entry.at("spec.workloadRef"),
            _ => None,
        };
        let Some(target) = target else {
            return own();
        };
        let text = |member: &str| {
            target
                .get(member)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let (group, target_kind) = (group_of(text("apiVersion")), text("kind"));
        let found = WorkloadKind::of(group, target_kind).zip(self.get(
            group,
            target_kind,
            entry.namespace(),
            text("name"),
        ));
        found.map_or_else(own, |(kind, target)| Template::of(target, kind))
    }
}

/// Items of a `PodList` may leave out what the list says.
fn with_kind(mut item: Value, api_version: &str, kind: &str) -> Value {
    for (member, text) in [("apiVersion", api_version), ("kind", kind)] {
        if !kind.is_empty() && item.get(member).is_none() {
            item = item.with(member, text);
        }
    }
    item
}
