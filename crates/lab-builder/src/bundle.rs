//! The built lab: typed objects, releases and files, in the order in which they are applied.

use serde_json::{Value, json};

use crate::component::{Access, Action, Contribution, Image, Place, Placed, Provided};
use crate::environment::{Environment, Profile};
use crate::image::Registry;
use crate::object::Object;
use crate::release::Release;
use crate::wiring::Wiring;

/// Files that the tree writer itself makes.
pub(crate) const RESERVED: [&str; 9] = [
    crate::render::readme::FILE,
    crate::render::tree::MARKER,
    crate::render::scripts::SETUP,
    crate::render::scripts::VERIFY,
    crate::render::scripts::TEARDOWN,
    crate::render::airgap::IMAGES,
    crate::render::airgap::CHARTS,
    crate::render::airgap::FIREWALL,
    crate::render::airgap::MIRROR,
];

/// The lab of one environment, resolved and checked for owners; what writers and checks read.
#[derive(Clone, Debug)]
pub struct Bundle {
    pub(crate) environment: Environment,
    pub(crate) profile: Profile,
    pub(crate) wiring: Wiring,
    pub(crate) registry: Option<Registry>,
    pub(crate) parts: Vec<Part>,
}

/// One component in its place, with what it contributes.
#[derive(Clone, Debug)]
pub struct Part {
    pub(crate) id: String,
    pub(crate) namespace: Option<String>,
    pub(crate) depth: usize,
    pub(crate) step: u8,
    pub(crate) depends_on: Vec<String>,
    pub(crate) contribution: Contribution,
}

impl Part {
    /// The component's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The namespace in which it mainly lives.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
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

    /// The images that it runs.
    pub fn images(&self) -> &[Image] {
        &self.contribution.images
    }

    /// The programs that it adds, by their paths.
    pub(crate) fn programs(&self) -> impl Iterator<Item = &str> {
        let files = self.contribution.files.iter();
        files
            .filter(|file| file.executable)
            .map(|file| settled(&file.place))
    }

    /// The text of a program that it adds.
    pub(crate) fn program(&self, path: &str) -> Option<&str> {
        let mut files = self.contribution.files.iter();
        let file = files.find(|file| file.executable && settled(&file.place) == path)?;
        Some(&file.text)
    }

    /// The pages that a person opens.
    pub fn access(&self) -> &[Access] {
        &self.contribution.access
    }

    /// What is done to install it, in order.
    pub fn plan(&self) -> &[Action] {
        &self.contribution.plan
    }

    /// What its charts are known to create.
    pub fn provided(&self) -> &[Provided] {
        &self.contribution.provided
    }
}

/// The settled path of a file; `Lab::build` makes every place a root place.
pub(crate) fn settled(place: &Place) -> &str {
    match place {
        Place::Root(path) | Place::Own(path) | Place::Of(_, path) => path,
    }
}

fn path(placed: &Placed) -> &str {
    settled(&placed.place)
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
    /// The environment that was rendered.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The profile that was rendered.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// Names and numbers that the components shared.
    pub fn wiring(&self) -> &Wiring {
        &self.wiring
    }

    /// The registry that mirrors every image, where one is set.
    pub fn registry(&self) -> Option<&Registry> {
        self.registry.as_ref()
    }

    /// The components in installation order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The component of an id.
    pub fn part(&self, id: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.id == id)
    }

    /// All objects of the running stack, in apply order.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.parts
            .iter()
            .flat_map(|part| part.objects().map(|(_, object)| object))
    }

    /// All objects that are a `T`, in apply order.
    pub fn objects_of<T: 'static>(&self) -> impl Iterator<Item = &T> {
        self.objects().filter_map(Object::get)
    }

    /// One object by kind, namespace and name.
    pub fn object(&self, kind: &str, namespace: Option<&str>, name: &str) -> Option<&Object> {
        self.objects().find(|object| {
            let id = object.id();
            id.kind == kind && id.namespace.as_deref() == namespace && id.name == name
        })
    }

    /// All releases, in installation order.
    pub fn releases(&self) -> impl Iterator<Item = &Release> {
        self.parts.iter().flat_map(Part::releases)
    }

    /// The release of a name.
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

    /// The line for `/etc/hosts`: the documented hosts that are routed, in the documented order, then all others.
    pub fn hosts_line(&self) -> String {
        let mut others: Vec<String> = self
            .objects_of::<gateway_api::v1::HttpRoute>()
            .flat_map(|route| route.spec.hostnames.iter().cloned())
            .collect();
        others.sort();
        others.dedup();
        let mut hosts = Vec::with_capacity(others.len());
        for documented in self.wiring.hosts.in_hosts_order(&self.environment) {
            if let Some(at) = others.iter().position(|host| *host == documented) {
                hosts.push(others.remove(at));
            }
        }
        hosts.extend(others);
        format!("127.0.0.1 {}", hosts.join(" "))
    }

    /// The whole lab as one JSON value, for other programs. Its keys are `environment`, `profile`, `kind`, `objects`,
    /// `releases`, `images`, `components` and `exercises`; the README describes each.
    pub fn to_json(&self) -> Value {
        let releases = self.parts.iter().flat_map(|part| {
            part.releases().iter().map(|release| {
                json!({
                    "component": part.id,
                    "name": release.name,
                    "namespace": release.namespace,
                    "chart": release.chart.name,
                    "repository": release.chart.repository,
                    "version": release.chart.version,
                    "step": part.step,
                    "values": release.values,
                })
            })
        });
        let images = self.parts.iter().flat_map(|part| {
            part.images().iter().map(|image| {
                json!({
                    "component": part.id,
                    "source": image.full_source(),
                    "mirrored": image.mirrored.as_ref().map(ToString::to_string),
                    "comment": image.comment,
                })
            })
        });
        let components = self.parts.iter().map(|part| {
            json!({
                "id": part.id,
                "namespace": part.namespace,
                "depth": part.depth,
                "dependsOn": part.depends_on,
                "step": part.step,
                "folder": part.folder(),
            })
        });
        let exercises = self.parts.iter().flat_map(|part| {
            part.exercises().map(|(exercise, file, object)| json!({"exercise": exercise, "file": file, "object": object.value()}))
        });
        json!({
            "environment": {"name": self.environment.name(), "domain": self.environment.domain()},
            "profile": self.profile.name(),
            "registry": self.registry.as_ref().map(ToString::to_string),
            "kind": self.cluster(),
            "objects": self.objects().map(Object::value).collect::<Vec<_>>(),
            "releases": releases.collect::<Vec<_>>(),
            "images": images.collect::<Vec<_>>(),
            "components": components.collect::<Vec<_>>(),
            "exercises": exercises.collect::<Vec<_>>(),
        })
    }
}
