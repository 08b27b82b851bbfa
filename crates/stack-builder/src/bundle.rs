//! The built stack: typed objects, releases and files, in the order in which they are applied.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crd_core::parse::ParseError;
use kube_vocab::Finding;
use serde_json::Value;

use crate::charts::{Charts, Generates};
use crate::contribution::{Access, Action, Contribution, Image, Placed, Provided};
use crate::environment::Environment;
use crate::image::Registry;
use crate::object::{Object, TypedObject};
use crate::pods::{Count, Nodes, Pods};
use crate::release::Release;
use crate::shared::{Shared, SharedValues};
use crate::verify::Question;
use crate::whole::Whole;

/// A check: it reads the bundle and adds what it finds.
pub type Check = fn(&Bundle, &mut Vec<Finding>);

/// The stack of one environment, resolved and checked for owners; what writers and checks read.
#[derive(Clone, Debug)]
pub struct Bundle {
    pub(crate) environment: Environment,
    pub(crate) profile: String,
    pub(crate) wiring: SharedValues,
    pub(crate) registry: Option<Registry>,
    pub(crate) parts: Vec<Part>,
    pub(crate) whole: Whole,
    pub(crate) checks: Vec<Check>,
    pub(crate) by_kind: ByKind,
    pub(crate) charts: Option<Arc<Charts>>,
}

/// Where the objects of each kind stand: part, and object in it.
pub(crate) type ByKind = BTreeMap<String, Vec<(usize, usize)>>;

/// Looks where the objects of each kind stand.
pub(crate) fn by_kind(parts: &[Part]) -> ByKind {
    let mut kinds = ByKind::new();
    for (at, part) in parts.iter().enumerate() {
        for (object_at, placed) in part.contribution.objects.iter().enumerate() {
            let kind = &placed.object.id().kind;
            match kinds.get_mut(kind) {
                Some(known) => known.push((at, object_at)),
                None => {
                    kinds.insert(kind.clone(), vec![(at, object_at)]);
                }
            }
        }
    }
    kinds
}

/// One component in its place, with what it contributes.
#[derive(Clone, Debug)]
pub struct Part {
    pub(crate) id: String,
    pub(crate) namespace: Option<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) depth: usize,
    pub(crate) step: u8,
    pub(crate) depends_on: Vec<String>,
    pub(crate) contribution: Contribution,
}

impl Part {
    /// The id by which others require the component and by which its folder is named.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The namespace in which it mainly lives.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The roles that it fills beside its id.
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// The longest way to it through its dependencies: the number of its folder.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The documented installation step in which it is installed.
    pub fn step(&self) -> u8 {
        self.step
    }

    /// The components that come before it because it needs them, in order.
    pub fn depends_on(&self) -> &[String] {
        &self.depends_on
    }

    /// Whether it brings checks of its own, which look at the whole bundle.
    pub fn has_checks(&self) -> bool {
        !self.contribution.checks.is_empty()
    }

    /// Its folder in the tree: `<depth>-<id>`.
    pub fn folder(&self) -> String {
        format!("{:02}-{}", self.depth, self.id)
    }

    /// Its Helm releases, in installation order.
    pub fn releases(&self) -> &[Release] {
        &self.contribution.releases
    }

    /// Its objects, in apply order, each with its file.
    pub fn objects(&self) -> impl Iterator<Item = (&str, &Object)> {
        self.contribution
            .objects
            .iter()
            .map(|placed| (path(placed), &placed.object))
    }

    /// Objects that the exercises apply: exercise, file, object.
    pub fn exercises(&self) -> impl Iterator<Item = (&str, &str, &Object)> {
        self.contribution
            .exercises
            .iter()
            .map(|e| (e.exercise.as_str(), path(&e.placed), &e.placed.object))
    }

    /// Images that the component runs, each once, in the order in which it named them.
    pub fn images(&self) -> &[Image] {
        &self.contribution.images
    }

    /// The programs that it adds: path and text.
    pub(crate) fn programs(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.contribution.files.iter();
        files
            .filter(|file| file.executable)
            .map(|file| (file.place.path(), file.text.as_str()))
    }

    /// The text of a program that it adds, by its path in the tree.
    pub fn program(&self, path: &str) -> Option<&str> {
        self.programs()
            .find_map(|(at, text)| (at == path).then_some(text))
    }

    /// The pages that a person opens.
    pub fn access(&self) -> &[Access] {
        &self.contribution.access
    }

    /// What is done to install it, in order.
    pub fn plan(&self) -> &[Action] {
        &self.contribution.plan
    }

    /// The questions that `verify-all.sh` asks about it.
    pub fn questions(&self) -> &[Question] {
        self.contribution.questions.list()
    }

    /// Pods that come neither from a release nor from an object of the stack, by namespace: those of the cluster itself.
    pub fn pods_of_the_cluster(&self) -> impl Iterator<Item = (&str, Pods)> {
        let pods = self.contribution.pods.iter();
        pods.map(|(namespace, pods)| (namespace.as_str(), *pods))
    }

    /// Which values the chart of a release is known to make up, at the version that is installed; `None` where nobody said it.
    pub fn generates(&self, release: &Release) -> Option<&[Generates]> {
        let mut declared = self.contribution.generated.iter();
        declared
            .find(|one| one.release == release.name && one.version == release.chart.version)
            .map(|one| one.values.as_slice())
    }

    /// What its charts are known to create.
    pub fn provided(&self) -> &[Provided] {
        &self.contribution.provided
    }
}

fn path(placed: &Placed) -> &str {
    placed.place.path()
}

/// Where the values of a component's releases are written: one release needs no folder of its own.
pub(crate) fn values_files(folder: &str, releases: &[Release]) -> Vec<String> {
    match releases {
        [_] => vec![format!("{folder}/values.yaml")],
        _ => releases
            .iter()
            .map(|release| format!("{folder}/{}/values.yaml", release.name))
            .collect(),
    }
}

impl Bundle {
    /// The environment for which the bundle was made.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The name of the profile that was rendered.
    pub fn profile(&self) -> &str {
        &self.profile
    }

    /// The values of a type that the components shared.
    pub fn wiring<T: Shared>(&self) -> Option<&T> {
        self.wiring.get()
    }

    /// The registry that mirrors every image, where one is set.
    pub fn registry(&self) -> Option<&Registry> {
        self.registry.as_ref()
    }

    /// What each component gave, in the order of installation.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// What the component of an id gave; `None` where the stack has none of that id.
    pub fn part(&self, id: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.id == id)
    }

    /// Whether there is a component of this id, or one that fills this role.
    pub fn has(&self, id_or_role: &str) -> bool {
        let is = |part: &Part| part.id == id_or_role || part.roles.iter().any(|r| r == id_or_role);
        self.parts.iter().any(is)
    }

    /// All objects of the running stack, in apply order.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.parts
            .iter()
            .flat_map(|part| part.objects().map(|(_, object)| object))
    }

    /// All objects of a kind, in apply order, whatever they were made from.
    pub fn of_kind(&self, group: &str, kind: &str) -> impl Iterator<Item = &Object> {
        let found = self.by_kind.get(kind).map_or(&[][..], Vec::as_slice);
        found
            .iter()
            .map(|(part, object)| &self.parts[*part].contribution.objects[*object].object)
            .filter(move |object| object.id().group() == group)
    }

    /// All objects of `T`'s group and kind as a `T`, in apply order, whatever they were made from. One that cannot be
    /// read as a `T` is left out; [`Bundle::read`] says why.
    pub fn objects_of<T: TypedObject>(&self) -> impl Iterator<Item = Cow<'_, T>> {
        self.read().filter_map(|(_, read)| read.ok())
    }

    /// All objects of `T`'s group and kind, in apply order, each with its value as a `T` or the reason why it has none.
    pub fn read<T: TypedObject>(
        &self,
    ) -> impl Iterator<Item = (&Object, Result<Cow<'_, T>, ParseError>)> {
        let (group, kind) = (T::group().into_owned(), T::kind().into_owned());
        let found = self.by_kind.get(&kind).map_or(&[][..], Vec::as_slice);
        found
            .iter()
            .map(|(part, object)| &self.parts[*part].contribution.objects[*object].object)
            .filter(move |object| object.id().group() == group)
            .filter_map(|object| Some((object, object.read().transpose()?)))
    }

    /// One object by kind, namespace and name.
    pub fn object(&self, kind: &str, namespace: Option<&str>, name: &str) -> Option<&Object> {
        let mut found = self.by_kind.get(kind)?.iter();
        found.find_map(|(part, object)| {
            let object = &self.parts[*part].contribution.objects[*object].object;
            let id = object.id();
            (id.namespace.as_deref() == namespace && id.name == name).then_some(object)
        })
    }

    /// The Helm releases of all components, in the order of installation.
    pub fn releases(&self) -> impl Iterator<Item = &Release> {
        self.parts.iter().flat_map(Part::releases)
    }

    /// The release of a name; Helm names are unique per namespace, ours in the whole stack.
    pub fn release(&self, name: &str) -> Option<&Release> {
        self.releases().find(|release| release.name == name)
    }

    /// The configuration from which kind creates the cluster.
    pub fn cluster(&self) -> Option<&Value> {
        self.parts
            .iter()
            .find_map(|part| part.contribution.cluster.as_ref())
            .map(|(_, config)| config)
    }

    /// The nodes of the cluster, where a component says which it has.
    pub fn nodes(&self) -> Option<Nodes> {
        self.parts.iter().find_map(|part| part.contribution.nodes)
    }

    /// How many pods these are on the nodes of the cluster.
    pub fn count(&self, pods: Pods) -> Count {
        pods.count(self.nodes())
    }

    /// The line for `/etc/hosts`: the host names of all routes; those that the stack puts first come first, in its order.
    pub fn hosts_line(&self) -> String {
        let names = |route: &Object| -> Vec<String> {
            let route = route.to_value();
            let names = route["spec"]["hostnames"].as_array();
            let names = names.into_iter().flatten().filter_map(Value::as_str);
            names.map(str::to_owned).collect()
        };
        let mut others: BTreeSet<String> = self
            .of_kind("gateway.networking.k8s.io", "HTTPRoute")
            .flat_map(names)
            .collect();
        let first = self.whole.hosts.iter();
        let mut hosts: Vec<String> = first.filter_map(|host| others.take(host)).collect();
        hosts.extend(others);
        format!("127.0.0.1 {}", hosts.join(" "))
    }
}
