//! Applications in Applications: who syncs what, in which order, in which cluster.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::expand;
use super::health::Health;
use super::repository::{Held, Repository};
use super::source::{is_kustomization, sources};
use super::task::{Phase, Task, tasks, wave};
use crate::names::LOCAL;
use crate::object::text;

/// One step down: in the sync of an Application (or ApplicationSet), a task of this phase and wave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    /// Whose sync it is; numbers of Applications, and of ApplicationSets beyond them.
    pub(crate) of: usize,
    pub(crate) phase: Phase,
    pub(crate) wave: i64,
    /// Its place among all tasks of the sync.
    pub(crate) at: usize,
    /// Whether what comes in a later phase or wave waits for it to be healthy.
    pub(crate) waits: bool,
}

/// An Application, and where it stands in the order of all.
#[derive(Debug)]
pub(crate) struct App<'r> {
    pub(crate) value: Value,
    /// Its own document, or that of the ApplicationSet that makes it.
    pub(crate) held: Held<'r>,
    /// The way to it from the top.
    pub(crate) way: Vec<Level>,
    pub(crate) tasks: Vec<Task<'r>>,
    /// Sources that are not in the repository: charts, other repositories, files of other tools.
    pub(crate) outside: Vec<String>,
    /// Paths of this repository in which there is nothing.
    pub(crate) empty: Vec<String>,
    /// The number of the topmost one that leads to it.
    pub(crate) top: usize,
    /// Its cluster: a number for each top and destination.
    pub(crate) cluster: usize,
}

impl App<'_> {
    pub(crate) fn name(&self) -> &str {
        text(&self.value["metadata"]["name"])
    }

    pub(crate) fn option(&self, option: &str) -> bool {
        let options = self.value["spec"]["syncPolicy"]["syncOptions"].as_array();
        options.into_iter().flatten().any(|known| known == option)
    }
}

/// All of them, in the order in which they come alive.
#[derive(Debug, Default)]
pub(crate) struct Tree<'r> {
    pub(crate) apps: Vec<App<'r>>,
    /// ApplicationSets that cannot be read whole, and why.
    pub(crate) unknown: Vec<(Held<'r>, String)>,
    /// Applications that sync themselves, by whatever way.
    pub(crate) circles: Vec<Held<'r>>,
}

struct Builder<'r> {
    repository: &'r Repository,
    health: Health,
    tree: Tree<'r>,
    sets: usize,
    clusters: BTreeMap<(usize, String), usize>,
    seen: BTreeSet<Place<'r>>,
    /// The repositories of the tops: theirs are the paths that can be looked at.
    own: BTreeSet<String>,
}

/// A document, by file and number.
type Place<'r> = (&'r str, usize);

fn place<'r>(held: &Held<'r>) -> Place<'r> {
    (held.file, held.document.index)
}

fn is_argo(value: &Value, kind: &str) -> bool {
    value["kind"] == kind && value["apiVersion"] == "argoproj.io/v1alpha1"
}

impl<'r> Tree<'r> {
    pub(crate) fn of(repository: &'r Repository, health: Health) -> Self {
        let all: Vec<Held<'r>> = repository
            .documents()
            .filter(|held| {
                is_argo(held.value(), "Application") || is_argo(held.value(), "ApplicationSet")
            })
            .collect();
        let mut below: BTreeSet<Place<'r>> = BTreeSet::new();
        for held in all
            .iter()
            .filter(|held| is_argo(held.value(), "Application"))
        {
            for source in sources(held.value()) {
                below.extend(
                    folder(repository, source)
                        .unwrap_or_default()
                        .iter()
                        .map(place),
                );
            }
        }
        let tops: Vec<Held<'r>> = match all.iter().any(|held| !below.contains(&place(held))) {
            true => all
                .into_iter()
                .filter(|held| !below.contains(&place(held)))
                .collect(),
            // All of them are below another: begin with the first, and find the circle.
            false => all.into_iter().take(1).collect(),
        };
        let own = tops
            .iter()
            .flat_map(|top| sources(top.value()))
            .map(|source| text(&source["repoURL"]).to_owned())
            .collect();
        let mut builder = Builder {
            repository,
            health,
            tree: Tree::default(),
            sets: 0,
            clusters: BTreeMap::new(),
            seen: BTreeSet::new(),
            own,
        };
        for (number, top) in tops.into_iter().enumerate() {
            builder.visit(number, top, &[]);
        }
        builder.tree
    }
}

impl<'r> Builder<'r> {
    fn visit(&mut self, top: usize, held: Held<'r>, way: &[Level]) {
        let mut open = vec![(held, way.to_vec())];
        // A stack rather than recursion: Applications may be nested as deep as somebody likes.
        while let Some((held, way)) = open.pop() {
            if !self.seen.insert(place(&held)) {
                self.tree.circles.push(held);
                continue;
            }
            let mut next = match is_argo(held.value(), "Application") {
                true => self.application(top, held.value().clone(), held, way),
                false => self.set(top, held, &way),
            };
            next.reverse();
            open.extend(next);
        }
    }

    /// Adds an Application; the Applications among its objects come next.
    fn application(
        &mut self,
        top: usize,
        value: Value,
        held: Held<'r>,
        way: Vec<Level>,
    ) -> Vec<(Held<'r>, Vec<Level>)> {
        let number = self.tree.apps.len();
        let destination = &value["spec"]["destination"];
        let cluster = match (destination["server"].as_str(), destination["name"].as_str()) {
            (Some(LOCAL), _) | (None, Some("in-cluster")) => LOCAL.to_owned(),
            (Some(server), _) => server.to_owned(),
            (None, name) => name.unwrap_or_default().to_owned(),
        };
        let clusters = self.clusters.len();
        let cluster = *self.clusters.entry((top, cluster)).or_insert(clusters);
        let (mut objects, mut outside, mut empty) = (Vec::new(), Vec::new(), Vec::new());
        for source in sources(&value) {
            match folder(self.repository, source) {
                Some(found) if found.iter().any(|held| held.file.ends_with("/Chart.yaml")) => {
                    outside.push(format!("the chart in {}", text(&source["path"])));
                }
                Some(found) => objects.extend(found),
                None if source.get("ref").is_some() && source.get("path").is_none() => {}
                None => match (source["chart"].as_str(), source["path"].as_str()) {
                    (None, Some(path)) if self.own.contains(text(&source["repoURL"])) => {
                        empty.push(path.to_owned())
                    }
                    (Some(chart), _) => {
                        outside.push(format!("chart {chart} {}", text(&source["targetRevision"])))
                    }
                    (None, path) => outside.push(format!(
                        "{} {}",
                        text(&source["repoURL"]),
                        path.unwrap_or_default()
                    )),
                },
            }
        }
        objects.retain(|held| {
            held.value()["kind"].is_string() && held.value()["metadata"]["name"].is_string()
        });
        let kustomized = sources(&value)
            .iter()
            .any(|source| self.is_kustomized(source));
        if kustomized {
            outside.push("a kustomization".to_owned());
        }
        let tasks = tasks(&objects);
        let mut children = Vec::new();
        for (at, task) in tasks.iter().enumerate() {
            let value = task.held.value();
            if is_argo(value, "Application") || is_argo(value, "ApplicationSet") {
                let mut way = way.clone();
                let waits = self.health != Health::NotTold;
                way.push(Level {
                    of: number,
                    phase: task.phase,
                    wave: task.wave,
                    at,
                    waits,
                });
                children.push((task.held, way));
            }
        }
        self.tree.apps.push(App {
            value,
            held,
            way,
            tasks,
            outside,
            empty,
            top,
            cluster,
        });
        children
    }

    /// Whether the folder of a source is Kustomize's, so that its files are not the objects.
    fn is_kustomized(&self, source: &Value) -> bool {
        let found = source["path"]
            .as_str()
            .and_then(|path| self.repository.folder(path, false));
        found
            .into_iter()
            .flatten()
            .any(|held| is_kustomization(held.file))
    }

    /// The Applications of an ApplicationSet are added at once; those below them come next.
    fn set(&mut self, top: usize, held: Held<'r>, way: &[Level]) -> Vec<(Held<'r>, Vec<Level>)> {
        let made = match expand::applications(held.value(), self.repository) {
            Ok(made) => made,
            Err(unknown) => {
                self.tree.unknown.push((held, unknown));
                return Vec::new();
            }
        };
        let spec = &held.value()["spec"];
        let steps = spec["strategy"]["rollingSync"]["steps"]
            .as_array()
            .filter(|_| spec["strategy"]["type"] == "RollingSync");
        self.sets += 1;
        let of = usize::MAX - self.sets;
        let mut placed: Vec<(i64, Value)> = made
            .into_iter()
            .map(|made| (steps.map_or(0, |steps| step_of(&made, steps)), made))
            .collect();
        placed.sort_by_key(|(step, _)| *step);
        let mut children = Vec::new();
        for (at, (step, made)) in placed.into_iter().enumerate() {
            let mut way = way.to_vec();
            way.push(Level {
                of,
                phase: Phase::Sync,
                wave: step,
                at,
                waits: steps.is_some(),
            });
            children.extend(self.application(top, made, held, way));
        }
        children
    }
}

/// The first step whose expressions the labels fulfil; one that is in none is never synced, so it comes last.
fn step_of(application: &Value, steps: &[Value]) -> i64 {
    let labels = &application["metadata"]["labels"];
    let holds = |expression: &Value| {
        let value = labels[text(&expression["key"])].as_str();
        let among = expression["values"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|known| known.as_str() == value);
        match text(&expression["operator"]) {
            "In" => value.is_some() && among,
            "NotIn" => !among,
            _ => false,
        }
    };
    let found = steps.iter().position(|step| {
        step["matchExpressions"]
            .as_array()
            .into_iter()
            .flatten()
            .all(holds)
    });
    found
        .and_then(|at| i64::try_from(at).ok())
        .unwrap_or(i64::MAX)
}

/// The objects of a source that is a folder of plain files.
fn folder<'r>(repository: &'r Repository, source: &Value) -> Option<Vec<Held<'r>>> {
    if source.get("chart").is_some() {
        return None;
    }
    let recurse = source["directory"]["recurse"] == true;
    let mut found = repository.folder(source["path"].as_str()?, recurse)?;
    found.retain(|held| !is_kustomization(held.file));
    Some(found)
}

/// Whether one thing is applied, and waited for, before another begins, by the ways to both. `None` where nothing says so.
pub(crate) fn order(a: &[Level], b: &[Level]) -> Option<Ordering> {
    for (a, b) in a.iter().zip(b) {
        if a.of != b.of {
            return None;
        }
        match (a.phase, a.wave).cmp(&(b.phase, b.wave)) {
            Ordering::Equal if a.at == b.at => {}
            Ordering::Equal => return None,
            Ordering::Less => return a.waits.then_some(Ordering::Less),
            Ordering::Greater => return b.waits.then_some(Ordering::Greater),
        }
    }
    None
}

/// What an Application's own annotation says of its wave.
pub(crate) fn wave_of(app: &App<'_>) -> i64 {
    app.way
        .last()
        .map_or_else(|| wave(&app.value), |level| level.wave)
}
