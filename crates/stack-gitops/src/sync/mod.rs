//! What Argo CD would do with a repository: which Application syncs what, in which phase and wave, and what would go wrong.
//!
//! ```
//! use stack_gitops::sync::{Repository, SyncPlan};
//!
//! let repository = Repository::read([
//!     ("root.yaml", "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: web, namespace: argocd},
//!        spec: {project: default, source: {repoURL: https://git.example/x, path: web, targetRevision: main},
//!               destination: {server: https://kubernetes.default.svc, namespace: web}}}"),
//!     ("web/config.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: web, namespace: web}}"),
//! ]);
//! let plan = SyncPlan::of(&repository);
//! assert_eq!(plan.applications[0].steps[0].objects[0].to_string(), "ConfigMap web/web");
//! assert!(plan.findings.is_empty());
//! ```

mod checks;
mod expand;
mod health;
mod pattern;
mod permission;
mod repository;
mod source;
mod task;
mod tree;

use std::fmt;

use kube_vocab::{Finding, Location, ObjectId, Severity, Subject};
use serde_json::{Value, json};

pub use repository::Repository;
pub use task::Phase;

use self::tree::{App, Tree};
use crate::object::identity;

/// What Argo CD would do with a repository.
#[derive(Clone, Debug, Default)]
pub struct SyncPlan {
    /// The Applications in the order in which they come alive, those above before those below.
    pub applications: Vec<PlannedApplication>,
    /// What would go wrong, in the order of the files.
    pub findings: Vec<Finding>,
}

/// One Application, and what its sync applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedApplication {
    /// `metadata.name`, or what an ApplicationSet's template makes of it.
    pub name: String,
    /// Where it, or the ApplicationSet that makes it, stands.
    pub location: Location,
    /// Those above it, from the top, each by its name.
    pub above: Vec<String>,
    /// Its wave among the Applications of the one above; for those of a rolling ApplicationSet the step, from 0.
    pub wave: i64,
    /// Phases and waves, in order.
    pub steps: Vec<SyncStep>,
    /// Sources whose objects are not in the repository.
    pub outside: Vec<String>,
}

/// What is applied together: the next step begins when all of it is healthy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncStep {
    /// When in the sync it is applied: hooks come before and after the objects.
    pub phase: Phase,
    /// The wave in the phase.
    pub wave: i64,
    /// The objects, in the order in which they are applied.
    pub objects: Vec<ObjectId>,
}

impl SyncPlan {
    /// Simulates the first sync of all that the repository holds, in clusters that are empty.
    #[must_use]
    pub fn of(repository: &Repository) -> Self {
        let health = health::told(repository);
        let tree = Tree::of(repository, health);
        let mut findings: Vec<Finding> = repository
            .unreadable()
            .iter()
            .map(|(location, message)| {
                Finding::new(
                    "sync-unreadable",
                    Severity::Error,
                    Subject::File(location.file.clone()),
                    message.clone(),
                )
                .located(Some(location.clone()))
            })
            .collect();
        findings.extend(checks::all(repository, &tree, health));
        findings.sort_by(|a, b| {
            a.location
                .cmp(&b.location)
                .then_with(|| a.code.cmp(&b.code))
        });
        Self {
            applications: planned(&tree),
            findings,
        }
    }

    /// For other programs: `applications`, each with `name`, `file`, `line`, `above`, `wave`, `steps` and `outside`; and
    /// `findings`, each with `code`, `severity`, `subject`, `path`, `file`, `line`, `message` and `remedy`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let applications = self.applications.iter().map(|app| {
            let steps = app.steps.iter().map(|step| {
                json!({
                    "phase": step.phase.as_str(),
                    "wave": step.wave,
                    "objects": step.objects.iter().map(ToString::to_string).collect::<Vec<_>>(),
                })
            });
            json!({
                "name": app.name,
                "file": app.location.file,
                "line": app.location.line,
                "above": app.above,
                "wave": app.wave,
                "steps": steps.collect::<Vec<_>>(),
                "outside": app.outside,
            })
        });
        let findings = self.findings.iter().map(|finding| {
            json!({
                "code": finding.code,
                "severity": finding.severity.as_str(),
                "subject": finding.subject.to_string(),
                "path": finding.path.to_string(),
                "file": finding.location.as_ref().map(|location| &location.file),
                "line": finding.location.as_ref().map(|location| location.line),
                "message": finding.message,
                "remedy": finding.remedy,
            })
        });
        json!({
            "applications": applications.collect::<Vec<_>>(),
            "findings": findings.collect::<Vec<_>>(),
        })
    }
}

fn planned(tree: &Tree<'_>) -> Vec<PlannedApplication> {
    let mut planned: Vec<PlannedApplication> = Vec::new();
    // By the number of the Application above; ApplicationSets have no name of their own here.
    let name = |number: usize| tree.apps.get(number).map(|app| app.name().to_owned());
    for app in &tree.apps {
        planned.push(PlannedApplication {
            name: app.name().to_owned(),
            location: app.held.location(&kube_vocab::FieldPath::root()),
            above: app.way.iter().filter_map(|level| name(level.of)).collect(),
            wave: tree::wave_of(app),
            steps: steps(app),
            outside: app.outside.clone(),
        });
    }
    // The way is the order: a stable sort keeps those that nothing tells apart as they stand in the repository.
    let mut order: Vec<usize> = (0..planned.len()).collect();
    let key = |app: &App<'_>| -> Vec<_> {
        app.way
            .iter()
            .map(|level| (level.phase, level.wave, level.at))
            .collect()
    };
    order.sort_by_cached_key(|number| (tree.apps[*number].top, key(&tree.apps[*number])));
    let mut slots: Vec<Option<PlannedApplication>> = planned.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|number| slots.get_mut(number)?.take())
        .collect()
}

fn steps(app: &App<'_>) -> Vec<SyncStep> {
    let mut steps: Vec<SyncStep> = Vec::new();
    for task in &app.tasks {
        let value = task.held.value();
        let id = identity(value);
        match steps
            .last_mut()
            .filter(|step| (step.phase, step.wave) == (task.phase, task.wave))
        {
            Some(step) => step.objects.push(id),
            None => steps.push(SyncStep {
                phase: task.phase,
                wave: task.wave,
                objects: vec![id],
            }),
        }
    }
    steps
}

/// For people: Applications in order, steps below them, then what would go wrong.
impl fmt::Display for SyncPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for app in &self.applications {
            let indent = "  ".repeat(app.above.len());
            writeln!(f, "{indent}{} (wave {})", app.name, app.wave)?;
            for outside in &app.outside {
                writeln!(f, "{indent}    {outside}")?;
            }
            for step in &app.steps {
                let objects: Vec<String> = step.objects.iter().map(ToString::to_string).collect();
                writeln!(
                    f,
                    "{indent}    {} {}: {}",
                    step.phase.as_str(),
                    step.wave,
                    objects.join(", ")
                )?;
            }
        }
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        Ok(())
    }
}
