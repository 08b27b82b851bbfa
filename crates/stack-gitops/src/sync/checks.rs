//! What would go wrong in the first sync.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use kube_vocab::{FieldPath, Finding, Severity};
use serde_json::Value;
use stack_model::{Extent, Model, Origin, Reference, Resolution, Scope, SourceObject, scope_of};

use super::health::Health;
use super::permission;
use super::repository::{Held, Repository};
use super::source::sources;
use super::task::{Phase, hooks, kind_made, kind_of};
use super::tree::{App, Level, Tree, order};
use crate::names::PROVIDES;
use crate::object::{group, identity, text};

/// Everything that is looked for.
pub(crate) fn all(repository: &Repository, tree: &Tree<'_>, health: Health) -> Vec<Finding> {
    let mut findings = Vec::new();
    of_tree(tree, health, &mut findings);
    for app in &tree.apps {
        of_sources(app, &mut findings);
        of_hooks(app, &mut findings);
    }
    let projects = projects(repository);
    let mut clusters: BTreeMap<usize, Vec<(usize, &App<'_>)>> = BTreeMap::new();
    for (number, app) in tree.apps.iter().enumerate() {
        clusters.entry(app.cluster).or_default().push((number, app));
    }
    for apps in clusters.into_values() {
        Cluster::of(&apps).check(&projects, &mut findings);
    }
    findings
}

fn of_tree(tree: &Tree<'_>, health: Health, findings: &mut Vec<Finding>) {
    for held in &tree.circles {
        findings.push(
            about(
                held,
                "sync-circle",
                Severity::Error,
                "it is reached twice: by two Applications, or by itself",
            )
            .remedy("let exactly one Application hold it"),
        );
    }
    for (held, unknown) in &tree.unknown {
        findings.push(about(
            held,
            "sync-unknown",
            Severity::Note,
            &format!("its Applications are not known here: {unknown}"),
        ));
    }
    if health == Health::NotTold {
        // One finding for each sync whose waves are meant to order Applications.
        let mut waves: BTreeMap<usize, BTreeSet<i64>> = BTreeMap::new();
        for app in &tree.apps {
            if let Some(level) = app.way.last().filter(|level| level.of < tree.apps.len()) {
                waves.entry(level.of).or_default().insert(level.wave);
            }
        }
        for (above, waves) in waves.into_iter().filter(|(_, waves)| waves.len() > 1) {
            let app = &tree.apps[above];
            let message = format!(
                "its Applications have {} waves, and none waits for another: Argo CD is not told what the health of an Application is",
                waves.len()
            );
            findings.push(
                about(&app.held, "sync-waves-ignored", Severity::Error, &message)
                    .remedy(format!("set `{}` in `argocd-cm`", crate::health::KEY)),
            );
        }
    }
}

fn about(held: &Held<'_>, code: &'static str, severity: Severity, message: &str) -> Finding {
    Finding::new(code, severity, identity(held.value()), message)
        .located(Some(held.location(&FieldPath::root())))
}

/// A finding about a field of an Application; of one that an ApplicationSet makes, at that.
fn of_app(
    app: &App<'_>,
    code: &'static str,
    severity: Severity,
    path: &str,
    message: String,
) -> Finding {
    let path = FieldPath::from(path);
    Finding::new(code, severity, identity(&app.value), message)
        .located(Some(app.held.location(&path)))
        .at(path)
}

fn of_sources(app: &App<'_>, findings: &mut Vec<Finding>) {
    let one = app.value["spec"].get("source").is_some();
    for (at, source) in sources(&app.value).into_iter().enumerate() {
        let path = if one {
            "spec.source".to_owned()
        } else {
            format!("spec.sources[{at}]")
        };
        let revision = text(&source["targetRevision"]);
        if matches!(revision, "" | "HEAD" | "*" | "latest") {
            findings.push(
                of_app(
                    app,
                    "sync-floating-revision",
                    Severity::Warning,
                    &format!("{path}.targetRevision"),
                    "the revision is not pinned: what is synced changes without a commit here"
                        .to_owned(),
                )
                .remedy("name a tag, a commit, a branch of this environment, or a chart's version"),
            );
        }
        if let Some(missing) = source["path"]
            .as_str()
            .filter(|path| app.empty.iter().any(|empty| empty == path))
        {
            findings.push(
                of_app(
                    app,
                    "sync-empty-source",
                    Severity::Error,
                    &format!("{path}.path"),
                    format!("there is nothing to sync in `{missing}`"),
                )
                .remedy("write the path from the root of the repository"),
            );
        }
    }
}

fn of_hooks(app: &App<'_>, findings: &mut Vec<Finding>) {
    for task in app.tasks.iter().filter(|task| task.hook) {
        let value = task.held.value();
        let own = hooks(value);
        let has = |names: &[&str]| own.iter().any(|hook| names.contains(hook));
        let mut say = |message: &str, remedy: &str| {
            findings.push(
                about(&task.held, "sync-hook-hangs", Severity::Error, message).remedy(remedy),
            );
        };
        let before = has(&["PreSync", "pre-install", "pre-upgrade"]);
        if task.phase == Phase::PostSync
            && before
            && has(&["PostSync", "post-install", "post-upgrade"])
        {
            say(
                "it is a hook before and after the sync, which then never ends",
                "split it in two",
            );
        }
        if value["kind"] == "Job" && value["spec"]["ttlSecondsAfterFinished"] == 0 {
            say(
                "the Job is gone the moment it ends, and the sync waits for it for ever",
                "leave it some seconds, or use a hook-delete-policy",
            );
        }
    }
}

/// The projects by their names.
fn projects(repository: &Repository) -> BTreeMap<&str, &Value> {
    let found = repository
        .documents()
        .filter(|held| held.value()["kind"] == "AppProject");
    let mut projects = BTreeMap::new();
    for held in found {
        projects
            .entry(text(&held.value()["metadata"]["name"]))
            .or_insert(held.value());
    }
    projects
}

/// One object of a cluster: by which Application, and when.
struct Applied<'t, 'r> {
    app: &'t App<'r>,
    held: Held<'r>,
    hook: bool,
    way: Vec<Level>,
}

/// All that the Applications of one cluster apply.
struct Cluster<'t, 'r> {
    apps: &'t [(usize, &'t App<'r>)],
    applied: Vec<Applied<'t, 'r>>,
    /// The objects that make a namespace, by its name.
    namespaces: HashMap<&'r str, Vec<usize>>,
    /// What makes a kind: objects by number.
    kinds: HashMap<String, Vec<usize>>,
    /// Applications that make whole groups out of sight.
    groups: HashMap<String, Vec<&'t App<'r>>>,
}

impl<'t, 'r> Cluster<'t, 'r> {
    fn of(apps: &'t [(usize, &'t App<'r>)]) -> Self {
        let mut cluster = Self {
            apps,
            applied: Vec::new(),
            namespaces: HashMap::new(),
            kinds: HashMap::new(),
            groups: HashMap::new(),
        };
        // Its number is how those below it name it.
        for (number, app) in apps {
            for (at, task) in app.tasks.iter().enumerate() {
                let mut way = app.way.clone();
                way.push(Level {
                    of: *number,
                    phase: task.phase,
                    wave: task.wave,
                    at,
                    waits: true,
                });
                let (value, here) = (task.held.value(), cluster.applied.len());
                if value["kind"] == "Namespace" && value["apiVersion"] == "v1" {
                    cluster
                        .namespaces
                        .entry(text(&value["metadata"]["name"]))
                        .or_default()
                        .push(here);
                }
                for kind in kind_made(value).into_iter().chain(constraint_made(value)) {
                    cluster.kinds.entry(kind).or_default().push(here);
                }
                cluster.applied.push(Applied {
                    app,
                    held: task.held,
                    hook: task.hook,
                    way,
                });
            }
            let provides = app.value["metadata"]["annotations"][PROVIDES]
                .as_str()
                .unwrap_or_default();
            for group in provides.split(',').filter(|group| !group.is_empty()) {
                cluster
                    .groups
                    .entry(group.to_owned())
                    .or_default()
                    .push(app);
            }
        }
        cluster
    }

    fn check(&self, projects: &BTreeMap<&str, &Value>, findings: &mut Vec<Finding>) {
        self.shared(findings);
        for (_, app) in self.apps {
            if let Some(project) = projects.get(text(&app.value["spec"]["project"])) {
                findings.extend(permission::refused(app, project, is_namespaced));
            }
            self.release_namespace(app, findings);
        }
        for (at, applied) in self.applied.iter().enumerate() {
            // Argo CD runs already when it syncs: its own kinds and its namespace are there.
            if is_argo_cds_own(applied.held.value()) {
                continue;
            }
            self.namespace(applied, findings);
            self.kind(at, applied, findings);
        }
        self.references(findings);
    }

    /// One object, two owners.
    fn shared(&self, findings: &mut Vec<Finding>) {
        let mut seen: HashMap<_, &Applied<'_, '_>> = HashMap::new();
        for applied in self.applied.iter().filter(|applied| !applied.hook) {
            let id = identity(applied.held.value());
            let key = (id.group().to_owned(), id.kind, id.namespace, id.name);
            match seen.get(&key) {
                None => {
                    seen.insert(key, applied);
                }
                Some(first) if std::ptr::eq(first.app, applied.app) => {
                    findings.push(about(
                        &applied.held,
                        "sync-twice",
                        Severity::Error,
                        &format!(
                            "Application `{}` has it twice; the other is in {}",
                            applied.app.name(),
                            first.held.file
                        ),
                    ));
                }
                Some(first) => {
                    findings.push(about(&applied.held, "sync-shared-object", Severity::Error, &format!(
                        "Applications `{}` and `{}` both apply it, and undo each other's work", first.app.name(), applied.app.name()
                    ))
                    .remedy("leave it to one of them"));
                }
            }
        }
    }

    /// Whether everything that makes something comes only after what needs it.
    fn only_later(
        &self,
        needs: &[Level],
        makers: impl IntoIterator<Item = impl AsRef<[Level]>>,
    ) -> bool {
        let mut any = false;
        for maker in makers {
            any = true;
            if order(needs, maker.as_ref()) != Some(Ordering::Less) {
                return false;
            }
        }
        any
    }

    fn ways<'s>(&'s self, numbers: &'s [usize]) -> impl Iterator<Item = &'s [Level]> + 's {
        numbers
            .iter()
            .map(|number| self.applied[*number].way.as_slice())
    }

    fn namespace(&self, applied: &Applied<'_, '_>, findings: &mut Vec<Finding>) {
        let value = applied.held.value();
        let destination = text(&applied.app.value["spec"]["destination"]["namespace"]);
        let own = value["metadata"]["namespace"].as_str();
        let Some(namespace) = own.or_else(|| is_namespaced(value).then_some(destination)) else {
            return;
        };
        if namespace == destination && applied.app.option("CreateNamespace=true") {
            return;
        }
        let makers = self
            .namespaces
            .get(namespace)
            .map(Vec::as_slice)
            .unwrap_or_default();
        if self.only_later(&applied.way, self.ways(makers)) {
            let message = format!(
                "its namespace `{namespace}` comes in a later wave: an API server refuses it before that"
            );
            findings.push(
                about(
                    &applied.held,
                    "sync-namespace-late",
                    Severity::Error,
                    &message,
                )
                .remedy("put the Namespace into an earlier wave"),
            );
        }
    }

    /// The objects of a chart are not known; the namespace in which they will be is.
    fn release_namespace(&self, app: &App<'_>, findings: &mut Vec<Finding>) {
        let namespace = text(&app.value["spec"]["destination"]["namespace"]);
        if app.outside.is_empty() || app.option("CreateNamespace=true") {
            return;
        }
        let makers = self
            .namespaces
            .get(namespace)
            .map(Vec::as_slice)
            .unwrap_or_default();
        if self.only_later(&app.way, self.ways(makers)) {
            findings.push(of_app(
                app,
                "sync-namespace-late",
                Severity::Error,
                "spec.destination.namespace",
                format!("namespace `{namespace}` comes in a later wave: what the source renders to is refused before that"),
            )
            .remedy("put the Namespace into an earlier wave, or sync with CreateNamespace=true"));
        }
    }

    fn kind(&self, at: usize, applied: &Applied<'_, '_>, findings: &mut Vec<Finding>) {
        let value = applied.held.value();
        let kind = kind_of(value);
        let group = group(text(&value["apiVersion"]));
        let makers = self.kinds.get(&kind).map(Vec::as_slice).unwrap_or_default();
        let groups = self
            .groups
            .get(group)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let ways = self
            .ways(makers)
            .chain(groups.iter().map(|app| app.way.as_slice()));
        if self.only_later(&applied.way, ways) {
            let message = format!(
                "its kind {} is defined in a later wave: an API server does not know it before that",
                text(&value["kind"])
            );
            findings.push(
                about(&applied.held, "sync-kind-late", Severity::Error, &message)
                    .remedy("put what defines the kind into an earlier wave"),
            );
        }
        // A dry run comes before everything: a kind that a controller makes cannot pass it.
        let by_controller = makers.iter().find(|maker| {
            let maker = &self.applied[**maker];
            constraint_made(maker.held.value()).is_some() && std::ptr::eq(maker.app, applied.app)
        });
        if let Some(maker) = by_controller.filter(|maker| **maker != at)
            && !skips_dry_run(value)
            && !applied.app.option("SkipDryRunOnMissingResource=true")
        {
            let message = format!(
                "a controller makes its kind from {}, and the dry run of the sync comes before that",
                identity(self.applied[*maker].held.value())
            );
            findings.push(about(&applied.held, "sync-dry-run", Severity::Error, &message)
                .remedy("annotate it with argocd.argoproj.io/sync-options: SkipDryRunOnMissingResource=true"));
        }
    }

    /// What is waited for, and waits itself for something of a later wave.
    fn references(&self, findings: &mut Vec<Finding>) {
        let by_place: HashMap<(&str, usize), usize> = self
            .applied
            .iter()
            .enumerate()
            .rev()
            .map(|(at, applied)| ((applied.held.file, applied.held.document.line), at))
            .collect();
        let model = Model::read(self.applied.iter().map(|applied| {
            let origin = Origin::file(applied.held.file, applied.held.document.line);
            SourceObject::new(applied.held.value(), origin)
        }));
        let number = |origin: &Origin| {
            by_place
                .get(&(origin.file.as_deref()?, origin.line?))
                .copied()
        };
        for reference in model.references() {
            let Resolution::Found(target) = model.resolve(&reference, Extent::Part) else {
                continue;
            };
            let (Some(from), Some(to)) = (number(reference.from.origin()), number(target.origin()))
            else {
                continue;
            };
            let (from, to) = (&self.applied[from], &self.applied[to]);
            if order(&from.way, &to.way) == Some(Ordering::Less) && hangs(&reference) {
                let path = reference.path.to_field_path();
                let message = format!(
                    "it is not healthy without {}, which comes in a later wave, and that wave waits for it",
                    identity(to.held.value())
                );
                findings.push(
                    Finding::new(
                        "sync-deadlock",
                        Severity::Error,
                        identity(from.held.value()),
                        message,
                    )
                    .located(Some(from.held.location(&path)))
                    .at(path)
                    .remedy("put what it needs into the same wave or an earlier one"),
                );
            }
        }
    }
}

fn is_argo_cds_own(value: &Value) -> bool {
    let kind = text(&value["kind"]);
    group(text(&value["apiVersion"])) == "argoproj.io"
        && matches!(kind, "Application" | "ApplicationSet" | "AppProject")
}

/// Whether Argo CD waits for the object that refers, and it is not healthy without what it refers to.
fn hangs(reference: &Reference<'_>) -> bool {
    let from = reference.from;
    let waited_for = match from.group() {
        "" => matches!(from.kind(), "Pod" | "ReplicationController"),
        "apps" => matches!(
            from.kind(),
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet"
        ),
        "batch" => from.kind() == "Job",
        "gateway.networking.k8s.io" => matches!(
            from.kind(),
            "Gateway" | "HTTPRoute" | "GRPCRoute" | "TLSRoute" | "ListenerSet"
        ),
        _ => false,
    };
    // A StatefulSet runs without the Service that gives its pods their names.
    let runs_without = from.kind() == "StatefulSet" && reference.kind == "Service";
    waited_for && !runs_without && !reference.optional
}

/// The kind that Gatekeeper makes of a template.
fn constraint_made(value: &Value) -> Option<String> {
    let is_template = value["kind"] == "ConstraintTemplate"
        && text(&value["apiVersion"]).starts_with("templates.gatekeeper.sh/");
    is_template.then(|| {
        format!(
            "constraints.gatekeeper.sh/{}",
            text(&value["spec"]["crd"]["spec"]["names"]["kind"])
        )
    })
}

fn skips_dry_run(value: &Value) -> bool {
    let options = text(&value["metadata"]["annotations"]["argocd.argoproj.io/sync-options"]);
    options
        .split(',')
        .any(|option| option.trim() == "SkipDryRunOnMissingResource=true")
}

/// Whether an object lives in a namespace; of a kind that nobody knows, whether it says so.
fn is_namespaced(value: &Value) -> bool {
    let known = scope_of(group(text(&value["apiVersion"])), text(&value["kind"]));
    known.map_or_else(
        || value["metadata"]["namespace"].is_string(),
        |scope| scope == Scope::Namespaced,
    )
}
