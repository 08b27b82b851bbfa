//! What breaks between objects: the checks of all inputs together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use kube_vocab::{Finding, ObjectId, Severity, Subject};
use kube_yaml::Document;
use lab_builder::stack_builder::charts::Hook;
use lab_cli::charts::Charts;
use lab_cli::text::counted;
use lab_cli::{Console, Failure, Progress};
use serde_json::Value;
use stack_check::{Allowance, Config, Group, Level};
use stack_model::{Model, Origin, Scope, SourceObject, parallel, scope_of};

use super::between::Between;
use super::policies::CODES as POLICY_CODES;
use super::{policies, work};
use crate::files::{self, Input, Known};
use crate::recognise::{self, Patches};

/// Which findings between objects count.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Checks between objects")]
pub(super) struct Options {
    /// Judge each object alone, and say nothing of what breaks between them.
    #[arg(long, conflicts_with_all = ["whole", "charts", "allow", "warn", "deny", "level", "registries", "allowances", "baseline", "write_baseline"])]
    pub no_stack: bool,

    /// The inputs are all that is applied: what they refer to and lack is missing, not somewhere else, also beside charts and
    /// kustomizations; and an object that stands in two files is there twice.
    #[arg(long)]
    pub whole: bool,

    /// Judge with the inputs what charts make: a folder with what `helm template` printed, RELEASE.yaml each; or `helm`, which
    /// renders the releases of a tree that `stackctl render` wrote. What the inputs and the charts lack is then missing.
    #[arg(long, value_name = "helm|DIR")]
    pub charts: Option<Charts>,

    /// Do not ask the policies among the inputs about the others: Pod Security levels, ValidatingAdmissionPolicies, Kyverno's and
    /// Gatekeeper's.
    #[arg(long)]
    pub no_policies: bool,

    /// Leave out the findings of a check, or of a group: references, conflicts, capacity, posture. May be repeated.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = code)]
    pub allow: Vec<String>,

    /// Take the findings of a check or group for warnings; the checks of the group posture say nothing unless they are asked
    /// for like this. May be repeated.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = code)]
    pub warn: Vec<String>,

    /// Take the findings of a check or group for errors. May be repeated; of --deny, --warn and --allow for one code, the first named
    /// here counts.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = code)]
    pub deny: Vec<String>,

    /// The same for one namespace, which counts before what is said for all: `legacy:service-without-pods=warn`. May be repeated.
    #[arg(long, value_name = "NAMESPACE:CODE=LEVEL", value_delimiter = ',', value_parser = own_level)]
    pub level: Vec<(String, String, Level)>,

    /// Where images may come from: registries (`ghcr.io`), folders of them (`ghcr.io/acme`) or images. Others are warnings. May be
    /// repeated; a Namespace has a list of its own in the annotation `stack-check/registries`.
    #[arg(long, value_name = "REGISTRY", value_delimiter = ',')]
    pub registries: Vec<String>,

    /// Leave out the findings that this file allows: a row each with code, subject and reason, with tabs between them, such as
    /// `no-rollout-room`, `Deployment demo/web` and why; `*` at the end of a subject stands for anything. May be repeated. A tree
    /// that `stackctl render` wrote has one, `allowances.tsv`, which counts without being named.
    #[arg(long, value_name = "FILE")]
    pub allowances: Vec<PathBuf>,

    /// Leave out the findings that this file lists.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Write all findings between objects to this file instead of reporting them.
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub write_baseline: Option<PathBuf>,
}

/// The file of a rendered tree that says which findings may stay, and why.
const ALLOWANCES: &str = "allowances.tsv";

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

fn code(text: &str) -> Result<String, String> {
    let is_group = Group::ALL.iter().any(|group| group.as_str() == text);
    let is_policy = POLICY_CODES.iter().any(|(code, _)| *code == text);
    match stack_check::find(text).is_some() || is_group || is_policy {
        true => Ok(text.to_owned()),
        false => {
            Err("no check and no group has this code; `stackctl explain --list` has all".to_owned())
        }
    }
}

/// `NAMESPACE:CODE=LEVEL`.
fn own_level(text: &str) -> Result<(String, String, Level), String> {
    let parts = text.split_once(':').and_then(|(namespace, rest)| {
        let (code, level) = rest.split_once('=')?;
        let level = match level {
            "allow" => Level::Allow,
            "warn" => Level::Warn,
            "deny" => Level::Deny,
            _ => return None,
        };
        Some((namespace, code, level))
    });
    let (namespace, name, level) =
        parts.ok_or("write NAMESPACE:CODE=LEVEL, where LEVEL is allow, warn or deny")?;
    Ok((namespace.to_owned(), code(name)?, level))
}

impl Options {
    /// Runs the checks over all inputs. What cannot be read is left to the judge, who complains. Objects of which `is_silent` says
    /// that there is nothing to say of them alone are noted in the inputs, so that the judge need not read them again.
    ///
    /// # Errors
    /// When the baseline cannot be read or written.
    pub(super) fn run(
        &self,
        inputs: &[Input],
        paths: &[PathBuf],
        patches: &Patches,
        is_silent: &(impl Fn(&Document<stack_model::Value>) -> bool + Sync),
        progress: &Progress,
        console: &mut Console,
    ) -> Result<Between, Failure> {
        if self.no_stack {
            return Ok(Between::default());
        }
        progress.begin("reading files", inputs.len());
        let read = work::all(inputs, |input| {
            let read = Objects::of(input, patches, is_silent);
            input.release();
            progress.advance();
            read
        });
        progress.step("checking between objects");
        let mut config = self.config(paths)?;
        if !config.whole {
            let passed_over = read.iter().any(|read| read.passed_over);
            let unsure = MISSING.iter().filter(|_| passed_over);
            for code in unsure {
                let levels = &mut config.checks;
                levels.entry((*code).to_owned()).or_insert(Level::Allow);
            }
        }
        let mut made = Vec::new();
        let mut objects = Vec::new();
        let mut hooks = Vec::new();
        let mut with_programs: BTreeSet<String> = BTreeSet::new();
        for read in read {
            let runs =
                |hook: &&SourceObject| matches!(hook.value["kind"].as_str(), Some("Job" | "Pod"));
            let files = read
                .hooks
                .iter()
                .filter(runs)
                .filter_map(|hook| hook.origin.file.as_deref());
            with_programs.extend(files.map(str::to_owned));
            objects.extend(read.objects);
            made.extend(read.hooks.iter().map(|hook| id_of(&hook.value)));
            hooks.extend(read.hooks);
        }
        // A hook is gone once it has run, but a policy may refuse it.
        let with_hooks = (!self.no_policies && !hooks.is_empty())
            .then(|| Model::read(objects.iter().cloned().chain(hooks)));
        let model = Model::read(objects).with_made(made);
        let denied = || match self.no_policies {
            true => Vec::new(),
            false => policies::findings(with_hooks.as_ref().unwrap_or(&model)),
        };
        let (denied, mut report) = parallel::both(denied, || stack_check::run(&model, &config));
        // What a program makes while a chart is installed is not in the chart.
        report.findings.retain(|finding| {
            let file = finding
                .location
                .as_ref()
                .map(|location| location.file.as_str());
            finding.code != "missing-config"
                || !file.is_some_and(|file| with_programs.contains(file))
        });
        report.add(
            leveled(denied, &config),
            with_hooks.as_ref().unwrap_or(&model),
            &config,
        );
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
        let between = Between::new(report.findings, |finding| console.note(&finding));
        with_hooks
            .into_iter()
            .chain([model])
            .for_each(Model::give_back);
        Ok(between)
    }

    /// The allowances that the options name, and those of the trees among the paths.
    fn allowances(&self, paths: &[PathBuf]) -> Result<Vec<Allowance>, Failure> {
        let of_trees = paths.iter().map(|path| path.join(ALLOWANCES));
        let of_trees = of_trees.filter(|file| file.is_file());
        let mut allowances = Vec::new();
        for file in self.allowances.iter().cloned().chain(of_trees) {
            let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
            let text = std::fs::read_to_string(&file).map_err(|error| failed(&error))?;
            allowances.extend(Allowance::parse_all(&text).map_err(|error| failed(&error))?);
        }
        Ok(allowances)
    }

    fn config(&self, paths: &[PathBuf]) -> Result<Config, Failure> {
        let mut checks = BTreeMap::new();
        let levels = [
            (&self.allow, Level::Allow),
            (&self.warn, Level::Warn),
            (&self.deny, Level::Deny),
        ];
        for (codes, level) in levels {
            checks.extend(codes.iter().map(|code| (code.clone(), level)));
        }
        if !self.registries.is_empty() {
            let own = checks.entry("unknown-registry".to_owned());
            own.or_insert(Level::Warn);
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
        let mut namespaces: BTreeMap<String, BTreeMap<String, Level>> = BTreeMap::new();
        for (namespace, code, level) in &self.level {
            let levels = namespaces.entry(namespace.clone()).or_default();
            levels.insert(code.clone(), *level);
        }
        Ok(Config {
            // With what the charts make, nothing is somewhere else.
            whole: self.whole || self.charts.is_some(),
            checks,
            namespaces,
            allowances: self.allowances(paths)?,
            registries: self.registries.iter().cloned().collect(),
            baseline,
        })
    }
}

/// Who an object is, for references to it.
fn id_of(object: &stack_model::Value) -> ObjectId {
    let text = |pointer: &str| object.pointer(pointer).and_then(stack_model::Value::as_str);
    ObjectId::new(
        text("/apiVersion").unwrap_or_default(),
        text("/kind").unwrap_or_default(),
        text("/metadata/namespace"),
        text("/metadata/name").unwrap_or_default(),
    )
}

/// Puts an object of a chart into the namespace of its release, where it names none and needs one.
pub(crate) fn place(object: &mut Value, namespace: Option<&str>) {
    let text = |pointer: &str| {
        object
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let group = text("/apiVersion")
        .split_once('/')
        .map_or("", |(group, _)| group);
    let namespaced = scope_of(group, text("/kind")) == Some(Scope::Namespaced);
    let names_one = object.pointer("/metadata/namespace").is_some();
    let metadata = object.get_mut("metadata").and_then(Value::as_object_mut);
    if let (Some(metadata), Some(namespace), true, false) =
        (metadata, namespace, namespaced, names_one)
    {
        metadata.insert("namespace".to_owned(), namespace.into());
    }
}

/// Findings of policies with the levels that the user set for their codes.
fn leveled(findings: Vec<Finding>, config: &Config) -> Vec<Finding> {
    let level = |finding: &mut Finding| {
        let namespace = match &finding.subject {
            Subject::Object(id) => id.namespace.as_deref(),
            _ => None,
        };
        let own =
            namespace.and_then(|namespace| config.namespaces.get(namespace)?.get(&*finding.code));
        match own.or_else(|| config.checks.get(&*finding.code)) {
            Some(Level::Allow) => return false,
            Some(Level::Warn) => finding.severity = Severity::Warning,
            Some(Level::Deny) => finding.severity = Severity::Error,
            None => {}
        }
        true
    };
    let mut findings = findings;
    findings.retain_mut(level);
    findings
}

/// What an input holds.
#[derive(Default)]
struct Objects {
    objects: Vec<SourceObject>,
    /// Objects of charts that are there for a while only.
    hooks: Vec<SourceObject>,
    /// Whether there is something in it that makes objects which are not seen here: a chart, its values, a kustomization.
    passed_over: bool,
}

impl Objects {
    /// The objects of an input, as far as it can be read; without the lines of their values, which the judge finds again for
    /// the few of which there is something to say.
    fn of(
        input: &Input,
        patches: &Patches,
        is_silent: &(impl Fn(&Document<stack_model::Value>) -> bool + Sync),
    ) -> Self {
        let mut read = Self::default();
        let Ok(bytes) = input.peek() else {
            return read;
        };
        let path = input.path.as_deref();
        if recognise::is_helm_file(&bytes, path) {
            read.passed_over = true;
            return read;
        }
        if !input.named && recognise::is_of_an_exercise(&bytes) {
            return read;
        }
        let file: Arc<str> = input.name.as_str().into();
        let directives = recognise::has_directives(&bytes);
        let Some(chart) = &input.chart else {
            let of = |document: work::Read| {
                let document = document.ok()?;
                let is_object =
                    recognise::no_object(&document.value, path, input.named, patches, directives)
                        .is_none();
                Some(is_object.then(|| {
                    let silent = is_silent(&document).then_some(document.line);
                    let origin = Origin::file(Arc::clone(&file), document.line);
                    (silent, SourceObject::new(document.value, origin))
                }))
            };
            let mut silent = Vec::new();
            work::each_piece_of(
                &bytes,
                |_| None,
                of,
                |piece| {
                    silent.push(match piece.as_slice() {
                        [Some(Some((silent, _)))] => *silent,
                        _ => None,
                    });
                    for found in piece.into_iter().flatten() {
                        match found {
                            Some((_, object)) => read.objects.push(object),
                            None => read.passed_over = true,
                        }
                    }
                },
            );
            let print = files::print_of(&bytes);
            // The first word counts, as with all that is read once.
            let _ = input.known.set(Known { print, silent });
            return read;
        };
        let of = |document: work::Read| {
            let document = document.ok()?;
            if recognise::no_object(&document.value, path, input.named, patches, directives)
                .is_some()
            {
                return Some(None);
            }
            let mut object = document.value.to_json();
            let mut origin = Origin::file(Arc::clone(&file), document.line);
            origin.release = Some(chart.release.as_str().into());
            place(&mut object, chart.namespace.as_deref());
            let is_hook = Hook::of(&object).is_some();
            Some(Some((SourceObject::new(object, origin), is_hook)))
        };
        work::each_document(
            &bytes,
            |_| None,
            of,
            |found| match found {
                Some(Some((hook, true))) => read.hooks.push(hook),
                Some(Some((object, false))) => read.objects.push(object),
                Some(None) => read.passed_over = true,
                None => {}
            },
        );
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_check_of_each_name() {
        for code in MISSING {
            assert!(stack_check::find(code).is_some(), "{code}");
        }
    }
}
