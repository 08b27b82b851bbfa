//! Running checks, and what they found.

use std::collections::BTreeSet;

use kube_vocab::{FieldPath, Finding, Severity, Subject};
use serde::Serialize;
use stack_model::{Model, parallel};

use crate::allowance::Allowances;
use crate::check::Check;
use crate::checks::{Told, all, told_by};
use crate::config::Config;
use crate::context::{Context, Sink};
use crate::ledger::{self, Ledger, fingerprint};

/// What all checks found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The findings: by object, path and code, so the same for any order of the input.
    pub findings: Vec<Finding>,
    /// How many findings an annotation, the configuration or the baseline forgives.
    pub allowed: usize,
    /// Rows of the baseline that nothing matches any more.
    pub settled: Vec<String>,
}

/// A finding as a row of plain texts, for programs that read JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingRow {
    /// The check's code, for `explain` and for allowances.
    pub code: String,
    /// `note`, `warning` or `error`.
    pub severity: &'static str,
    /// The object's kind; empty for what concerns the stack as a whole.
    pub kind: String,
    /// The object's namespace; `None` where the kind has none.
    pub namespace: Option<String>,
    /// The object's name, as in its metadata.
    pub name: String,
    /// The field, as `spec.ports[0].name`; empty for the object as a whole.
    pub path: String,
    /// The file it was read from.
    pub file: Option<String>,
    /// The line of the path, or of the innermost thing around it that stands in the file.
    pub line: Option<usize>,
    /// What is wrong, in one sentence for people.
    pub message: String,
    /// What to do, in words that begin like a command.
    pub remedy: String,
}

impl Report {
    /// The worst severity; `None` where nothing was found.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    /// Adds findings of others on the objects of a model, such as those of policies: baseline, allowances and annotations forgive
    /// them as they forgive those of checks.
    pub fn add(
        &mut self,
        findings: impl IntoIterator<Item = Finding>,
        model: &Model,
        config: &Config,
    ) {
        let mut forgiven = BTreeSet::new();
        let allowances = Allowances::of(&config.allowances);
        for finding in findings {
            let entry = match &finding.subject {
                Subject::Object(id) => {
                    model.get(id.group(), &id.kind, id.namespace.as_deref(), &id.name)
                }
                _ => None,
            };
            if ledger::excuses(&allowances, &finding, entry) {
                self.allowed += 1;
                continue;
            }
            match ledger::forgiven(config, &finding) {
                Some(print) => {
                    forgiven.insert(print);
                    self.allowed += 1;
                }
                None => self.findings.push(finding),
            }
        }
        self.settled.retain(|row| !forgiven.contains(row));
    }

    /// The findings as rows, in the order of [`findings`](Self::findings).
    pub fn rows(&self) -> Vec<FindingRow> {
        self.findings.iter().map(row).collect()
    }

    /// One line per finding, which stays the same while the finding does: for [`Config::baseline`].
    pub fn baseline(&self) -> BTreeSet<String> {
        self.findings.iter().map(fingerprint).collect()
    }
}

fn row(finding: &Finding) -> FindingRow {
    let (kind, namespace, name) = match &finding.subject {
        Subject::Object(id) => (id.kind.clone(), id.namespace.clone(), id.name.clone()),
        other => (String::new(), None, other.to_string()),
    };
    FindingRow {
        code: finding.code.clone().into_owned(),
        severity: finding.severity.as_str(),
        kind,
        namespace,
        name,
        path: finding.path.to_string(),
        file: finding
            .location
            .as_ref()
            .map(|location| location.file.clone()),
        line: finding.location.as_ref().map(|location| location.line),
        message: finding.message.clone(),
        remedy: finding.remedy.clone(),
    }
}

/// From how many objects on the checks run side by side: for fewer, threads take longer to start than the checks to run.
const MANY: usize = 500;

/// What a thread does at a time.
enum Job<'c> {
    /// Works out what several checks tell.
    WorkOut(Told),
    Check(&'c Check),
}

fn perform(check: &Check, context: &Context<'_>, ledger: &mut Ledger<'_>) {
    let mut sink = Sink {
        code: check.code,
        group: check.group,
        severity: check.severity,
        remedy: check.remedy,
        ledger,
    };
    (check.run)(context, &mut sink);
}

/// By what findings are sorted.
fn order_of(finding: &Finding) -> (&Subject, &FieldPath, &str, &str) {
    (
        &finding.subject,
        &finding.path,
        &finding.code,
        &finding.message,
    )
}

/// Runs all checks over a model; over a large one on all processors.
pub fn run(model: &Model, config: &Config) -> Report {
    let mut context = Context::of(model, config.extent());
    context.registries = config.registries.iter().cloned().collect();
    let checks: Vec<&Check> = all()
        .iter()
        .filter(|check| config.asks_for(check.code, check.group))
        .collect();
    let allowances = Allowances::of(&config.allowances);
    let mut ledger = Ledger::new(config, &allowances);
    if model.len() < MANY {
        for check in checks {
            perform(check, &context, &mut ledger);
        }
    } else {
        let (tellers, lookers): (Vec<&Check>, Vec<&Check>) = checks
            .into_iter()
            .partition(|check| told_by(check).is_some());
        let wanted = |told| {
            let is_wanted = tellers.iter().any(|check| told_by(check) == Some(told));
            is_wanted.then_some(Job::WorkOut(told))
        };
        // The first and the last begin before all others: they take longest.
        let mut jobs = Vec::from_iter(wanted(Told::Remarks));
        jobs.extend(lookers.into_iter().map(Job::Check));
        jobs.extend(wanted(Told::Quotas));
        let ledgers = parallel::all(&jobs, |job| {
            let mut ledger = Ledger::new(config, &allowances);
            match job {
                Job::WorkOut(Told::Remarks) => {
                    context.remarks();
                }
                Job::WorkOut(Told::Quotas) => {
                    context.quotas();
                }
                Job::Check(check) => perform(check, &context, &mut ledger),
            }
            ledger
        });
        for other in ledgers {
            ledger.append(other);
        }
        for check in tellers {
            perform(check, &context, &mut ledger);
        }
    }
    ledger
        .findings
        .sort_by(|a, b| order_of(a).cmp(&order_of(b)));
    ledger.findings.dedup();
    Report {
        findings: ledger.findings,
        allowed: ledger.allowed,
        settled: config
            .baseline
            .difference(&ledger.forgiven)
            .cloned()
            .collect(),
    }
}
