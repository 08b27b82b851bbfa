//! Pod Security: the levels that namespaces ask for.
//!
//! The API server's own admission, with no exemptions. A level is asked for by a namespace's labels, for each of three modes and
//! with a version; where a label is missing nothing is asked for, which is the default of every cluster.

mod containers;
mod controls;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use kube_vocab::{FieldPath, ObjectId};
use stack_model::{Model, Value};

use self::containers::Pod;
use crate::case::Case;
use crate::engine::{Engine, PolicyRow};
use crate::verdict::{Action, Outcome, Verdict};

/// The name of the engine.
const ENGINE: &str = "Pod Security";

/// The newest minor version of Kubernetes whose controls are known: what `latest` means here.
pub const LATEST: u32 = 36;

/// How much a pod may do to its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Everything.
    Privileged,
    /// What ordinary programs need.
    Baseline,
    /// What hardened programs need.
    Restricted,
}

impl Level {
    /// The word in a label; `None` for any other.
    pub fn read(text: &str) -> Option<Self> {
        Some(match text {
            "privileged" => Self::Privileged,
            "baseline" => Self::Baseline,
            "restricted" => Self::Restricted,
            _ => return None,
        })
    }

    /// The word in a label.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

/// What breaks a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The control, in few words: `host namespaces`.
    pub control: &'static str,
    /// Where in the pod: the first place of several.
    pub path: FieldPath,
    /// What is wrong, in detail.
    pub detail: String,
}

/// What of a pod breaks a level, as it was defined in a minor version of Kubernetes 1. `pod` has `metadata` and `spec`.
///
/// ```
/// use serde_json::json;
/// use stack_policy::pod_security::{LATEST, Level, violations};
///
/// let pod = json!({"spec": {"hostPID": true, "containers": []}}).into();
/// let found = violations(&pod, Level::Baseline, LATEST);
/// assert_eq!((found[0].control, found[0].path.to_string().as_str()), ("host namespaces", "spec.hostPID"));
/// ```
pub fn violations(pod: &Value, level: Level, minor: u32) -> Vec<Violation> {
    let pod = Pod::of(pod);
    let mut found = Vec::new();
    for control in controls::ALL {
        let replaced =
            level == Level::Restricted && control.replaced.is_some_and(|since| since <= minor);
        let asked = control.level <= level && !replaced && control.since <= minor;
        if asked && minor < control.until.unwrap_or(u32::MAX) {
            found.extend((control.check)(&pod, minor));
        }
    }
    found
}

/// The labels that ask for a level and its version, and what becomes of pods that break it.
const MODES: [(&str, &str, Action); 3] = [
    (
        "pod-security.kubernetes.io/enforce",
        "pod-security.kubernetes.io/enforce-version",
        Action::Deny,
    ),
    (
        "pod-security.kubernetes.io/warn",
        "pod-security.kubernetes.io/warn-version",
        Action::Warn,
    ),
    (
        "pod-security.kubernetes.io/audit",
        "pod-security.kubernetes.io/audit-version",
        Action::Audit,
    ),
];

#[derive(Clone, Debug)]
struct Mode {
    action: Action,
    level: Level,
    /// As written: `latest` or `v1.30`.
    version: String,
    minor: u32,
}

/// The levels that the namespaces of a model ask for.
#[derive(Clone, Debug, Default)]
pub struct PodSecurity {
    namespaces: BTreeMap<String, (ObjectId, Vec<Mode>)>,
    /// The pod that was judged last: many workloads have the same template.
    last: Arc<Mutex<Option<Judged>>>,
}

/// What was said of a pod.
#[derive(Clone, Debug)]
struct Judged {
    pod: Value,
    level: Level,
    minor: u32,
    violations: Arc<[Violation]>,
}

impl PodSecurity {
    /// Reads the labels of all namespaces.
    pub fn of(model: &Model) -> Self {
        let mut namespaces = BTreeMap::new();
        for entry in model.objects("", "Namespace") {
            let labels = entry.labels();
            let mode = |(level, version, action)| {
                // A word that is none is taken for the strictest level, as the API server does.
                let level = Level::read(labels.get(level)?).unwrap_or(Level::Restricted);
                let version = labels.get(version).unwrap_or("latest");
                let minor = version
                    .strip_prefix("v1.")
                    .and_then(|minor| minor.parse().ok());
                Some(Mode {
                    action,
                    level,
                    version: version.to_owned(),
                    minor: minor.unwrap_or(LATEST).min(LATEST),
                })
            };
            let modes: Vec<Mode> = MODES
                .into_iter()
                .filter_map(mode)
                .filter(|mode| mode.level != Level::Privileged)
                .collect();
            if !modes.is_empty() {
                namespaces.insert(entry.name().to_owned(), (entry.id(), modes));
            }
        }
        Self {
            namespaces,
            ..Self::default()
        }
    }

    /// As [`violations`], which are remembered for the next pod.
    fn violations(&self, pod: &Value, level: Level, minor: u32) -> Arc<[Violation]> {
        // Nothing that could panic happens behind the lock.
        let lock = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock()
            .clone()
            .filter(|last| (last.level, last.minor) == (level, minor) && last.pod == *pod);
        if let Some(known) = known {
            return known.violations;
        }
        let violations: Arc<[Violation]> = violations(pod, level, minor).into();
        *lock() = Some(Judged {
            pod: pod.clone(),
            level,
            minor,
            violations: Arc::clone(&violations),
        });
        violations
    }
}

impl Engine for PodSecurity {
    fn policies(&self) -> Vec<PolicyRow> {
        let rows = self.namespaces.values().map(|(id, _)| PolicyRow {
            engine: ENGINE,
            id: id.clone(),
            unknown: None,
        });
        rows.collect()
    }

    fn judge(&self, case: &Case<'_>, verdicts: &mut Vec<Verdict>) {
        let Some(pod) = case.pod() else {
            return;
        };
        let Some((id, modes)) = case
            .namespace_name()
            .and_then(|name| self.namespaces.get(name))
        else {
            return;
        };
        let found: Vec<_> = modes
            .iter()
            .map(|mode| (mode, self.violations(pod, mode.level, mode.minor)))
            .collect();
        // Of two modes that say the same, the stricter is enough.
        let mut said: Vec<&Violation> = Vec::new();
        for (mode, violations) in &found {
            for violation in &**violations {
                if said.contains(&violation) {
                    continue;
                }
                verdicts.push(Verdict {
                    engine: ENGINE,
                    policy: format!("namespace {}", id.name),
                    policy_id: id.clone(),
                    action: mode.action,
                    entry: case.entry.entry_id(),
                    object: case.entry.id(),
                    path: case.path(&violation.path),
                    outcome: Outcome::Broken,
                    message: format!(
                        "violates PodSecurity \"{}:{}\": {} ({})",
                        mode.level.as_str(),
                        mode.version,
                        violation.control,
                        violation.detail
                    ),
                });
                said.push(violation);
            }
        }
    }
}

#[cfg(test)]
mod tests;
