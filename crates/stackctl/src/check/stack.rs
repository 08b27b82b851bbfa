//! What breaks between objects: the checks of all inputs together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use crd_validate::reader;
use kube_vocab::{Finding, Subject};
use lab_cli::text::counted;
use lab_cli::{Console, Failure};
use serde_json::Value;
use stack_check::{Config, Level};
use stack_model::{Model, Origin, SourceObject};

use super::work;
use crate::files::Input;
use crate::recognise::{self, Patches};

/// Which findings between objects count.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Checks between objects")]
pub(super) struct Options {
    /// Judge each object alone, and say nothing of what breaks between them.
    #[arg(long, conflicts_with_all = ["whole", "allow", "warn", "deny", "baseline", "write_baseline"])]
    pub no_stack: bool,

    /// The inputs are all that is applied: what they refer to and lack is missing, not somewhere else, also beside charts and
    /// kustomizations; and an object that stands in two files is there twice.
    #[arg(long)]
    pub whole: bool,

    /// Leave out the findings of a check. May be repeated.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = code)]
    pub allow: Vec<String>,

    /// Take the findings of a check for warnings. May be repeated.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = code)]
    pub warn: Vec<String>,

    /// Take the findings of a check for errors. May be repeated; of --deny, --warn and --allow for one code, the first named
    /// here counts.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = code)]
    pub deny: Vec<String>,

    /// Leave out the findings that this file lists.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Write all findings between objects to this file instead of reporting them.
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub write_baseline: Option<PathBuf>,
}

/// Checks that miss something. They say nothing beside charts and kustomizations, whose objects are not seen.
const MISSING: [&str; 14] = [
    "dangling-backend",
    "dangling-parent",
    "dangling-scale-target",
    "dangling-webhook",
    "disruption-budget-without-pods",
    "missing-class",
    "missing-config",
    "missing-identity",
    "missing-policy",
    "missing-waypoint",
    "monitor-without-target",
    "policy-without-pods",
    "service-without-pods",
    "unknown-service-name",
];

/// Checks that say nothing of several files, which may hold an object once per environment.
const SEVERAL_TREES: [&str; 1] = ["duplicate-object"];

fn code(text: &str) -> Result<String, String> {
    match stack_check::find(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err("no check has this code; `stackctl explain --list` has all".to_owned()),
    }
}

/// The findings between objects, by the place of their objects.
#[derive(Default)]
pub(super) struct Between(HashMap<(String, usize), Vec<Finding>>);

impl Between {
    /// The findings of the object of the document that starts there.
    pub fn of(&self, file: &str, line: usize, object: &Value) -> Vec<&Finding> {
        let place = (file.to_owned(), line);
        let findings = self.0.get(&place).into_iter().flatten();
        // Objects of a list may stand on one line.
        findings.filter(|finding| is_of(finding, object)).collect()
    }
}

fn is_of(finding: &Finding, object: &Value) -> bool {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
    match &finding.subject {
        Subject::Object(id) => {
            let namespace = text("/metadata/namespace");
            text("/kind") == Some(&*id.kind)
                && text("/metadata/name").unwrap_or_default() == id.name
                && namespace.is_none_or(|namespace| id.namespace.as_deref() == Some(namespace))
        }
        _ => true,
    }
}

impl Options {
    /// Runs the checks over all inputs. What cannot be read is left to the judge, who complains.
    ///
    /// # Errors
    /// When the baseline cannot be read or written.
    pub(super) fn run(
        &self,
        inputs: &[Input],
        patches: &Patches,
        console: &mut Console,
    ) -> Result<Between, Failure> {
        if self.no_stack {
            return Ok(Between::default());
        }
        let read = work::all(inputs, |input| Objects::of(input, patches));
        let mut config = self.config()?;
        if !self.whole {
            let passed_over = read.iter().any(|read| read.passed_over);
            let unsure = MISSING.iter().filter(|_| passed_over);
            let many = SEVERAL_TREES.iter().filter(|_| inputs.len() > 1);
            for code in unsure.chain(many) {
                let levels = &mut config.checks;
                levels.entry((*code).to_owned()).or_insert(Level::Allow);
            }
        }
        let model = Model::read(read.into_iter().flat_map(|read| read.objects));
        let mut report = stack_check::run(&model, &config);
        if let Some(file) = &self.write_baseline {
            let mut text = String::new();
            for row in report.baseline() {
                let _ = writeln!(text, "{row}");
            }
            std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))?;
            console.note(format!(
                "{} between objects written to {}",
                counted(report.findings.len(), "finding"),
                file.display()
            ));
            report.findings.clear();
        }
        if let (Some(file), false) = (&self.baseline, report.settled.is_empty()) {
            console.note(format!(
                "{} of {} can go: nothing matches any more",
                counted(report.settled.len(), "line"),
                file.display()
            ));
        }
        let mut between: HashMap<(String, usize), Vec<Finding>> = HashMap::new();
        for finding in report.findings {
            if let Some(location) = &finding.location {
                let place = (location.file.clone(), location.line);
                between.entry(place).or_default().push(finding);
            }
        }
        Ok(Between(between))
    }

    fn config(&self) -> Result<Config, Failure> {
        let mut checks = BTreeMap::new();
        let levels = [
            (&self.allow, Level::Allow),
            (&self.warn, Level::Warn),
            (&self.deny, Level::Deny),
        ];
        for (codes, level) in levels {
            checks.extend(codes.iter().map(|code| (code.clone(), level)));
        }
        let baseline = match &self.baseline {
            None => BTreeSet::new(),
            Some(file) => std::fs::read_to_string(file)
                .map_err(|error| format!("{}: {error}", file.display()))?
                .lines()
                .map(|line| line.trim_end().to_owned())
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
                .collect(),
        };
        Ok(Config {
            whole: self.whole,
            checks,
            baseline,
            ..Config::default()
        })
    }
}

/// What an input holds.
#[derive(Default)]
struct Objects {
    objects: Vec<SourceObject>,
    /// Whether there is something in it that makes objects which are not seen here: a chart, its values, a kustomization.
    passed_over: bool,
}

impl Objects {
    /// The objects of an input, as far as it can be read.
    fn of(input: &Input, patches: &Patches) -> Self {
        let mut read = Self::default();
        let Ok(bytes) = input.peek() else {
            return read;
        };
        let path = input.path.as_deref();
        let documents = reader::read(&bytes);
        let broken = documents.iter().any(|document| document.content.is_err());
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        if recognise::is_helm_template(text, path, broken) {
            read.passed_over = true;
            return read;
        }
        for document in documents {
            let Ok(object) = document.content else {
                continue;
            };
            if recognise::no_object(&object, path, input.named, patches).is_some() {
                read.passed_over = true;
                continue;
            }
            let origin = Origin::file(input.name.as_str(), document.line);
            read.objects.push(SourceObject::new(object, origin));
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_check_of_each_name() {
        for code in MISSING.iter().chain(&SEVERAL_TREES) {
            assert!(stack_check::find(code).is_some(), "{code}");
        }
    }
}
