//! In which order one sync applies its objects: phase, wave, kind, name, with namespaces and definitions before their users.
//!
//! Upstream: <https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/>.

use std::collections::BTreeMap;

use argocd_types::annotations::{HOOK, SYNC_WAVE};
use serde_json::Value;

use super::repository::Held;
use crate::object::{group, is_crd, text};

/// When in a sync something is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Hooks that must succeed before anything else is applied.
    PreSync,
    /// All objects that are no hooks, and hooks that come among them.
    Sync,
    /// When all objects are healthy.
    PostSync,
    /// Hooks that run only where the sync failed.
    SyncFail,
}

impl Phase {
    /// As Argo CD writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PreSync => "PreSync",
            Self::Sync => "Sync",
            Self::PostSync => "PostSync",
            Self::SyncFail => "SyncFail",
        }
    }
}

/// One object in one phase.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task<'r> {
    pub(crate) held: Held<'r>,
    pub(crate) phase: Phase,
    pub(crate) wave: i64,
    /// Whether it is a hook rather than an object of the Application.
    pub(crate) hook: bool,
}

/// What a hook's annotations say.
pub(crate) fn hooks(value: &Value) -> Vec<&str> {
    let annotation = |key: &str| {
        let all = value["metadata"]["annotations"][key]
            .as_str()
            .unwrap_or_default();
        all.split(',')
            .map(str::trim)
            .filter(|hook| !hook.is_empty())
    };
    let own: Vec<&str> = annotation(HOOK).collect();
    match own.is_empty() {
        false => own,
        true => annotation("helm.sh/hook").collect(),
    }
}

fn phase(hook: &str) -> Option<Phase> {
    match hook {
        "PreSync" | "pre-install" | "pre-upgrade" => Some(Phase::PreSync),
        "Sync" => Some(Phase::Sync),
        "PostSync" | "post-install" | "post-upgrade" => Some(Phase::PostSync),
        "SyncFail" => Some(Phase::SyncFail),
        _ => None,
    }
}

pub(crate) fn wave(value: &Value) -> i64 {
    let annotations = &value["metadata"]["annotations"];
    let number = |key: &str| annotations[key].as_str().and_then(|text| text.parse().ok());
    number(SYNC_WAVE)
        .or_else(|| number("helm.sh/hook-weight"))
        .unwrap_or(0)
}

/// The tasks of a sync, in order.
pub(crate) fn tasks<'r>(objects: &[Held<'r>]) -> Vec<Task<'r>> {
    let mut tasks = Vec::new();
    for held in objects {
        let value = held.value();
        let wave = wave(value);
        let hooks = hooks(value);
        // Helm's way to install definitions before hooks were there; they are plain objects.
        let hook = !hooks.is_empty() && hooks != ["crd-install"];
        if !hook {
            tasks.push(Task {
                held: *held,
                phase: Phase::Sync,
                wave,
                hook,
            });
        }
        let mut phases: Vec<Phase> = hooks.into_iter().filter_map(phase).collect();
        phases.dedup();
        tasks.extend(phases.into_iter().map(|phase| Task {
            held: *held,
            phase,
            wave,
            hook,
        }));
    }
    tasks.sort_by(|a, b| {
        let key = |task: &Task<'r>| {
            (
                task.phase,
                task.wave,
                kind_order(text(&task.held.value()["kind"])),
            )
        };
        let name = |task: &Task<'r>| text(&task.held.value()["metadata"]["name"]);
        key(a).cmp(&key(b)).then_with(|| name(a).cmp(name(b)))
    });
    bubble(&mut tasks, namespace_made, namespace_used);
    bubble(&mut tasks, kind_made, |value| Some(kind_of(value)));
    tasks
}

/// Moves what others need to the first of those others, into its phase and wave.
fn bubble(
    tasks: &mut Vec<Task<'_>>,
    made: fn(&Value) -> Option<String>,
    used: fn(&Value) -> Option<String>,
) {
    let mut first_use: BTreeMap<String, usize> = BTreeMap::new();
    let mut late: Vec<(usize, usize)> = Vec::new();
    for (at, task) in tasks.iter().enumerate() {
        let value = task.held.value();
        match made(value) {
            Some(key) => late.extend(first_use.get(&key).map(|first| (at, *first))),
            None => {
                if let Some(key) = used(value) {
                    first_use.entry(key).or_insert(at);
                }
            }
        }
    }
    // Rebuilt in one pass, so that many late ones do not cost the square.
    let mut before: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut moved = vec![false; tasks.len()];
    for (at, first) in late {
        before.entry(first).or_default().push(at);
        moved[at] = true;
    }
    let mut ordered = Vec::with_capacity(tasks.len());
    for (at, task) in tasks.iter().enumerate() {
        for moved in before.remove(&at).unwrap_or_default() {
            ordered.push(Task {
                phase: task.phase,
                wave: task.wave,
                ..tasks[moved]
            });
        }
        if !moved[at] {
            ordered.push(*task);
        }
    }
    *tasks = ordered;
}

fn namespace_made(value: &Value) -> Option<String> {
    (value["kind"] == "Namespace" && value["apiVersion"] == "v1")
        .then(|| text(&value["metadata"]["name"]).to_owned())
}

fn namespace_used(value: &Value) -> Option<String> {
    value["metadata"]["namespace"].as_str().map(str::to_owned)
}

/// The kind that a definition makes.
pub(crate) fn kind_made(value: &Value) -> Option<String> {
    is_crd(value).then(|| {
        format!(
            "{}/{}",
            text(&value["spec"]["group"]),
            text(&value["spec"]["names"]["kind"])
        )
    })
}

/// Group and kind of an object, as one text.
pub(crate) fn kind_of(value: &Value) -> String {
    format!(
        "{}/{}",
        group(text(&value["apiVersion"])),
        text(&value["kind"])
    )
}

/// Argo CD's order of kinds, which goes by the kind's name alone; kinds that it does not know come last.
fn kind_order(kind: &str) -> usize {
    const ORDER: [&str; 35] = [
        "Namespace",
        "NetworkPolicy",
        "ResourceQuota",
        "LimitRange",
        "PodSecurityPolicy",
        "PodDisruptionBudget",
        "ServiceAccount",
        "Secret",
        "SecretList",
        "ConfigMap",
        "StorageClass",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "CustomResourceDefinition",
        "ClusterRole",
        "ClusterRoleList",
        "ClusterRoleBinding",
        "ClusterRoleBindingList",
        "Role",
        "RoleList",
        "RoleBinding",
        "RoleBindingList",
        "Service",
        "DaemonSet",
        "Pod",
        "ReplicationController",
        "ReplicaSet",
        "Deployment",
        "HorizontalPodAutoscaler",
        "StatefulSet",
        "Job",
        "CronJob",
        "IngressClass",
        "Ingress",
        "APIService",
    ];
    ORDER
        .iter()
        .position(|known| *known == kind)
        .unwrap_or(ORDER.len())
}

#[cfg(test)]
mod tests {
    use super::super::repository::Repository;
    use super::*;

    fn order(text: &str) -> Vec<String> {
        let repository = Repository::read([("a.yaml", text)]);
        let held: Vec<Held<'_>> = repository.documents().collect();
        let shown = |task: &Task<'_>| {
            let value = task.held.value();
            format!("{} {} {}", task.phase.as_str(), task.wave, text_of(value))
        };
        tasks(&held).iter().map(shown).collect()
    }

    fn text_of(value: &Value) -> &str {
        text(&value["kind"])
    }

    #[test]
    fn phase_then_wave_then_kind_then_name() {
        let text = r#"
{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}
---
{apiVersion: example.org/v1, kind: Custom, metadata: {name: a}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
---
{apiVersion: v1, kind: Service, metadata: {name: a, annotations: {argocd.argoproj.io/sync-wave: "-1"}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: a, annotations: {helm.sh/hook: "pre-install", helm.sh/hook-weight: "3"}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: b, annotations: {argocd.argoproj.io/hook: "PostSync"}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: t, annotations: {helm.sh/hook: "test"}}}
"#;
        assert_eq!(
            order(text),
            [
                "PreSync 3 Job",
                "Sync -1 Service",
                "Sync 0 ConfigMap",
                "Sync 0 Deployment",
                "Sync 0 Custom",
                "PostSync 0 Job"
            ]
        );
    }

    #[test]
    fn namespaces_and_definitions_come_with_the_first_that_needs_them() {
        let text = r#"
{apiVersion: v1, kind: Namespace, metadata: {name: web, annotations: {argocd.argoproj.io/sync-wave: "5"}}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: web, annotations: {argocd.argoproj.io/sync-wave: "1"}}}
---
{apiVersion: example.org/v1, kind: Lamp, metadata: {name: a, namespace: web, annotations: {argocd.argoproj.io/sync-wave: "2"}}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: lamps.example.org, annotations: {argocd.argoproj.io/sync-wave: "3"}}
spec: {group: example.org, names: {kind: Lamp}}
"#;
        assert_eq!(
            order(text),
            [
                "Sync 1 Namespace",
                "Sync 1 ConfigMap",
                "Sync 2 CustomResourceDefinition",
                "Sync 2 Lamp"
            ]
        );
    }
}
