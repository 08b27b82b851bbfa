//! The model: every object, indexed.

mod buckets;
mod reading;
mod selection;

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use foldhash::{HashMap, HashSet};
use kube_value::Text;
use kube_vocab::ObjectId;

use self::buckets::Buckets;
use self::selection::Selection;
use crate::namespace::NamespaceData;
use crate::parallel;
use crate::reference::{MadeKey, Makers, Near, ReferenceRule, Rules, made_key};
use crate::workload::WorkloadData;
use crate::{
    ClusterNode, Entry, EntryId, Namespace, Origin, PodMatch, Scope, Selector, Service,
    SourceObject, Workload, scope_of,
};

/// From how many objects on a thread of its own gives a model back: for fewer, it takes longer to start.
const MANY: usize = 500;

/// What a cluster would hold. See the [crate documentation](crate).
///
/// It is immutable and can be shared between threads. All views (`Entry`, `Workload`, `Service` ...) borrow from it.
#[derive(Debug, Default)]
pub struct Model {
    entries: Vec<Entry>,
    skipped: Vec<Skipped>,
    /// By group, kind, namespace and name.
    by_identity: Buckets,
    /// By group and kind; in the order of the input.
    by_kind: BTreeMap<Box<str>, BTreeMap<Box<str>, Vec<EntryId>>>,
    /// By group, kind and namespace; in the order of the input.
    by_place: Buckets,
    scopes: HashMap<(String, String), Scope>,
    namespaces: Vec<NamespaceData>,
    namespace_by_name: HashMap<Text, usize>,
    workloads: Vec<WorkloadData>,
    workload_by_entry: HashMap<EntryId, usize>,
    /// Pods that another workload of the model controls.
    owned: HashMap<EntryId, EntryId>,
    selection: OnceLock<Selection>,
    /// What somebody outside the input makes, as far as it was told.
    pub(crate) made: HashSet<MadeKey>,
    rules: OnceLock<Rules>,
    makers: OnceLock<Makers>,
    /// Names that are looked for among similar ones, by group, kind and namespace.
    pub(crate) near: Mutex<HashMap<(String, String, String), Near<EntryId>>>,
}

/// A document that is no object, and therefore not in the model.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// The file and line, or the place in the input.
    pub origin: Origin,
    /// What it lacks: `apiVersion` or `kind`; empty for what is no object at all.
    pub lacks: &'static str,
}

/// Two objects of one identity in the input.
#[derive(Clone, Copy, Debug)]
pub struct Duplicate<'m> {
    /// The one that does not count.
    pub earlier: &'m Entry,
    /// The one that does: what is applied last stays.
    pub later: &'m Entry,
}

/// Objects of the model, in the order of the input. Made by [`Model::objects`] and its neighbours.
#[derive(Clone, Debug)]
pub struct Objects<'m> {
    model: &'m Model,
    ids: std::slice::Iter<'m, EntryId>,
}

impl<'m> Iterator for Objects<'m> {
    type Item = &'m Entry;

    fn next(&mut self) -> Option<&'m Entry> {
        let model = self.model;
        self.ids
            .by_ref()
            .map(|id| model.entry(*id))
            .find(|entry| entry.superseded_by.is_none())
    }
}

impl Model {
    /// Reads documents: [`SourceObject`]s, or plain JSON values.
    ///
    /// Lists are opened. Nothing is refused: what is no object is [`skipped`](Self::skipped), and what is malformed inside an
    /// object is absent for whoever looks there.
    pub fn read<I>(objects: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<SourceObject>,
    {
        let mut model = Self::default();
        let objects = objects.into_iter();
        model.entries.reserve_exact(objects.size_hint().0);
        for object in objects {
            model.take(object.into());
        }
        model.learn_scopes();
        model.index();
        model.find_workloads();
        model
    }

    /// Gives all of it back. Of a large model that takes as long as reading it did: another processor does it, where there is one,
    /// while the caller goes on.
    pub fn give_back(self) {
        if self.len() >= MANY {
            parallel::give_back(self);
        }
    }

    /// Every object that counts, in the order of the input.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(|entry| entry.superseded_by.is_none())
    }

    /// The number of objects that were read, with those that a later one replaces: above the index of every [`EntryId`].
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The object at a place that this model gave.
    pub fn entry(&self, id: EntryId) -> &Entry {
        crate::work::step();
        &self.entries[id.index()]
    }

    /// An object by its identity, in whatever version it is written; `namespace` is `None` for cluster-wide objects.
    pub fn get(
        &self,
        group: &str,
        kind: &str,
        namespace: Option<&str>,
        name: &str,
    ) -> Option<&Entry> {
        let found = self.by_identity.get((group, kind, namespace, name));
        found.iter().map(|id| self.entry(*id)).find(|entry| {
            entry.name() == name && entry.namespace() == namespace && entry.is(group, kind)
        })
    }

    /// All objects of a kind, in any version.
    pub fn objects(&self, group: &str, kind: &str) -> Objects<'_> {
        let ids = self.by_kind.get(group).and_then(|kinds| kinds.get(kind));
        self.walk(ids.map_or(&[], Vec::as_slice))
    }

    /// All objects of a kind in one namespace.
    pub fn objects_in<'m, 'n>(
        &'m self,
        group: &'n str,
        kind: &'n str,
        namespace: &'n str,
    ) -> impl Iterator<Item = &'m Entry> + use<'m, 'n> {
        let ids = self.by_place.get((group, kind, namespace));
        // Hashes may coincide.
        self.walk(ids)
            .filter(move |entry| entry.namespace() == Some(namespace) && entry.is(group, kind))
    }

    /// Groups and kinds of the input, in alphabetical order.
    pub fn kinds(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_kind
            .iter()
            .flat_map(|(group, kinds)| kinds.keys().map(move |kind| (&**group, &**kind)))
    }

    /// Objects that a later one with the same identity replaces.
    pub fn duplicates(&self) -> impl Iterator<Item = Duplicate<'_>> {
        self.entries.iter().filter_map(|earlier| {
            let later = self.entry(earlier.superseded_by?);
            Some(Duplicate { earlier, later })
        })
    }

    /// Documents that are no objects.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Where objects of a kind live: as a definition of the input says, else as [`scope_of`] knows.
    pub fn scope_of(&self, group: &str, kind: &str) -> Option<Scope> {
        if let Some(known) = scope_of(group, kind) {
            return Some(known);
        }
        if self.scopes.is_empty() {
            return None;
        }
        self.scopes
            .get(&(group.to_owned(), kind.to_owned()))
            .copied()
    }

    fn walk<'m>(&'m self, ids: &'m [EntryId]) -> Objects<'m> {
        let ids = ids.iter();
        Objects { model: self, ids }
    }

    /// All namespaces, declared or mentioned, in the order of their first mention.
    pub fn namespaces(&self) -> impl Iterator<Item = Namespace<'_>> {
        self.namespaces
            .iter()
            .map(|data| Namespace { model: self, data })
    }

    /// A namespace; `None` if the input neither declares nor mentions it.
    pub fn namespace(&self, name: &str) -> Option<Namespace<'_>> {
        let data = &self.namespaces[*self.namespace_by_name.get(name)?];
        Some(Namespace { model: self, data })
    }

    /// All workloads, in the order of the input. Pods and ReplicaSets of a controller that is in the input, too, are not counted
    /// again, nor is a Deployment whose pods a Rollout runs.
    pub fn workloads(&self) -> impl Iterator<Item = Workload<'_>> {
        self.workloads
            .iter()
            .map(|data| Workload { model: self, data })
    }

    /// The workload that an object is; `None` if it runs no pods, or not on its own account.
    pub fn workload(&self, id: EntryId) -> Option<Workload<'_>> {
        let data = &self.workloads[*self.workload_by_entry.get(&id)?];
        Some(Workload { model: self, data })
    }

    /// The workload that runs a pod: its controller if that is in the input, else the pod itself.
    pub fn workload_of_pod(&self, namespace: &str, pod: &str) -> Option<Workload<'_>> {
        let mut id = self.get("", "Pod", Some(namespace), pod)?.id;
        // Pod, ReplicaSet or Job, Deployment or CronJob: more there is not, and whoever writes a circle gets nothing.
        for _ in 0..3 {
            match self.owned.get(&id) {
                Some(owner) => id = *owner,
                None => break,
            }
        }
        self.workload(id)
    }

    /// The workloads of a namespace with at least one pod that a selector means, in the order of the input. To know whether all
    /// pods are meant, ask [`Workload::matched_by`].
    pub fn select_workloads(&self, namespace: &str, selector: &Selector) -> Vec<Workload<'_>> {
        if selector.is_nothing() {
            return Vec::new();
        }
        let selection = self.selection.get_or_init(|| self.build_selection());
        let fewest = selector
            .requirements()
            .iter()
            .filter_map(|requirement| self.labelled(selection, namespace, requirement))
            .min_by_key(|positions| positions.len());
        let all = || {
            let positions = selection.by_namespace.get(namespace);
            positions.map_or(&[][..], Vec::as_slice).into()
        };
        fewest
            .unwrap_or_else(all)
            .iter()
            .map(|position| Workload {
                model: self,
                data: &self.workloads[*position],
            })
            .filter(|workload| {
                workload.namespace() == namespace && workload.matched_by(selector) != PodMatch::None
            })
            .collect()
    }
    pub(crate) fn rules(&self) -> &Rules {
        self.rules.get_or_init(|| Rules::new(&[]))
    }

    /// The same model, with references that the tables of this crate do not know: those of one's own kinds.
    #[must_use]
    pub fn with_references(self, rules: &[ReferenceRule]) -> Self {
        Self {
            rules: OnceLock::from(Rules::new(rules)),
            ..self
        }
    }

    /// The same model, knowing that these objects will be made by somebody: by a hook, an operator, an installer. References to
    /// them lead out of the input, and are not said to lead nowhere.
    #[must_use]
    pub fn with_made(mut self, objects: impl IntoIterator<Item = ObjectId>) -> Self {
        let keys = objects
            .into_iter()
            .map(|id| made_key(id.group(), &id.kind, id.namespace.as_deref(), &id.name));
        self.made.extend(keys);
        self
    }

    pub(crate) fn makers(&self) -> &Makers {
        self.makers.get_or_init(|| Makers::of(self))
    }

    /// All Services, in the order of the input.
    pub fn services(&self) -> impl Iterator<Item = Service<'_>> {
        self.objects("", "Service")
            .map(|entry| Service { model: self, entry })
    }

    /// A Service by its place; `None` where the input does not have it, which says nothing about the cluster.
    pub fn service(&self, namespace: &str, name: &str) -> Option<Service<'_>> {
        let entry = self.get("", "Service", Some(namespace), name)?;
        Some(Service { model: self, entry })
    }

    /// All nodes: the `Node` objects, then the nodes of kind configurations. A configuration without `nodes` has one.
    pub fn nodes(&self) -> impl Iterator<Item = ClusterNode<'_>> {
        let objects = self.objects("", "Node").map(|entry| ClusterNode {
            entry,
            member: None,
        });
        let kind = self.objects("kind.x-k8s.io", "Cluster").flat_map(|entry| {
            let members = entry.items_at("nodes");
            let members = if members.is_empty() {
                std::slice::from_ref(entry.value())
            } else {
                members
            };
            members
                .iter()
                .enumerate()
                .map(move |(index, member)| ClusterNode {
                    entry,
                    member: Some((index, member)),
                })
        });
        objects.chain(kind)
    }
}
