//! Judging one input: what is said of each of its documents.

use std::collections::HashSet;
use std::io;

use crd_validate::{Judgement, Registry, Report, UnknownFields, Verdict};
use kube_vocab::{Finding, Severity};
use kube_yaml::SyntaxError;
use stack_model::Value;

use super::arguments::{Arguments, FailOn, Format};
use super::between::Between;
use super::document::{Counts, Document, Found, NO_OBJECT, Outcome, Part, UNKNOWN_KIND};
use super::families;
use super::work::{self, Read};
use crate::files::{self, Bytes, Input};
use crate::recognise::{self, HELM, Patches};

/// Code of text that cannot be read.
const SYNTAX: &str = "syntax";
/// Code of a note on a definition that cannot be used.
const DEFINITION: &str = "definition";
/// Code of a note on what depends on the cluster.
const CLUSTER: &str = "cluster";

/// Judges inputs as the arguments ask.
pub(super) struct Judge<'a> {
    registry: &'a Registry,
    families: &'a crd_families::Registry,
    patches: &'a Patches,
    between: &'a Between,
    strict_yaml: bool,
    lenient: bool,
    with_objects: bool,
    /// Whether documents are reported of which there is nothing to say.
    with_all: bool,
    fail_on: &'a [FailOn],
}

impl<'a> Judge<'a> {
    pub fn new(
        registry: &'a Registry,
        families: &'a crd_families::Registry,
        patches: &'a Patches,
        between: &'a Between,
        arguments: &'a Arguments,
    ) -> Self {
        Self {
            registry,
            families,
            patches,
            between,
            strict_yaml: arguments.strict_yaml,
            lenient: arguments.lenient,
            with_objects: arguments.format == Format::Json,
            with_all: with_all(arguments),
            fail_on: &arguments.fail_on,
        }
    }

    /// Reads and judges an input.
    ///
    /// # Errors
    /// When it cannot be read. What stands in it and is wrong is a finding.
    pub fn input(&self, input: &Input) -> io::Result<Part> {
        let bytes = input.read()?;
        let mut part = Part {
            file: input.name.clone(),
            bytes: Bytes::default(),
            documents: Vec::new(),
            crowded: Vec::new(),
            counts: Counts::default(),
            unusable: Vec::new(),
        };
        let mut index = 0;
        let mut last_line = 0;
        let mut take = |(mut document, unusable): (Document, Option<String>)| {
            document.index = index;
            index += 1;
            if document.line == last_line && part.crowded.last() != Some(&last_line) {
                part.crowded.push(last_line);
            }
            last_line = document.line;
            part.unusable.extend(unusable);
            for found in &mut document.findings {
                found.fails = self.fails(found);
            }
            part.counts.add(&document);
            // Of a large input, most documents are only counted.
            if self.with_all || !document.findings.is_empty() {
                part.documents.push(document);
            }
        };
        if recognise::is_helm_file(&bytes, input.path.as_deref()) {
            take((template(), None));
        } else {
            let directives = recognise::has_directives(&bytes);
            let judge = |document| {
                let mut unusable = None;
                let judged = self.document(&document, input, directives, &mut unusable);
                (judged, unusable)
            };
            let known = input
                .known
                .get()
                .filter(|known| !self.with_all && known.print == files::print_of(&bytes));
            // What was judged when it was first read, and of which nothing is to be said.
            let silent = |piece: usize| {
                let line = *known?.silent.get(piece)?;
                let line = line.filter(|line| !self.between.is_at(&input.name, *line))?;
                Some((nameless(0, line, Outcome::Accepted), None))
            };
            work::each_document(&bytes, silent, judge, take);
        }
        part.bytes = bytes;
        Ok(part)
    }

    fn fails(&self, found: &Found) -> bool {
        let asked = |what| self.fail_on.contains(&what);
        match found.severity {
            Severity::Error => true,
            Severity::Warning => asked(FailOn::Warning),
            Severity::Note => found.is_unknown() && asked(FailOn::Unknown),
        }
    }

    fn document(
        &self,
        read: &Read,
        input: &Input,
        directives: bool,
        unusable: &mut Option<String>,
    ) -> Document {
        let document = match read {
            Ok(document) => document,
            Err(error) => return unreadable(error),
        };
        let object = &document.value;
        let path = input.path.as_deref();
        if let Some(note) =
            recognise::no_object(object, path, input.named, self.patches, directives)
        {
            let mut judged = described(document.index, document.line, object, Outcome::NoObject);
            if !note.is_empty() {
                judged.findings.push(remark(NO_OBJECT, note, document.line));
            }
            return judged;
        }
        let judgement = judge(self.registry, self.lenient, object);
        let outcome = judgement.verdict.into();
        // What a server refuses is not in the cluster: first things first.
        let between = match judgement.verdict {
            Verdict::Rejected => Vec::new(),
            _ => self.between.of(&input.name, document.line, object),
        };
        let is_silent = judgement.verdict == Verdict::Accepted
            && judgement.report.notes.is_empty()
            && document.warnings.is_empty()
            && between.is_empty();
        if is_silent && !self.with_all {
            // It is only counted.
            return nameless(document.index, document.line, outcome);
        }
        let mut judged = described(document.index, document.line, object, outcome);
        judged
            .findings
            .extend(document.warnings.iter().map(|warning| Found {
                severity: match self.strict_yaml {
                    true => Severity::Error,
                    false => Severity::Warning,
                },
                ..remark(SYNTAX, warning.message.clone(), warning.line)
            }));
        let Report {
            findings, notes, ..
        } = judgement.report;
        let broken = notes.iter().find(|finding| finding.code == DEFINITION);
        if let Some(fault) = broken {
            let (version, kind) = (judged.api_version.as_deref(), judged.kind.as_deref());
            *unusable = Some(format!(
                "the definition of {} in {}: {}",
                kind.unwrap_or_default(),
                version.unwrap_or_default(),
                fault.message
            ));
        }
        if judgement.verdict == Verdict::Unknown && notes.is_empty() {
            let message = match &judged.api_version {
                Some(version) => format!("no definition of this kind in {version} is known"),
                None => {
                    "not an object of Kubernetes: it has neither apiVersion nor kind".to_owned()
                }
            };
            judged
                .findings
                .push(remark(UNKNOWN_KIND, message, document.line));
        }
        judged.findings.extend(findings.into_iter().map(|finding| {
            let line = document.nearest_line(&finding.path);
            found(finding, line)
        }));
        let notes = notes.into_iter().map(|note| Found {
            severity: weight(&note),
            ..found(note, document.line)
        });
        judged.findings.extend(notes);
        judged.findings.extend(between.into_iter().map(|finding| {
            let line = document.nearest_line(&finding.path);
            found(finding.clone(), line)
        }));
        if self.with_objects {
            match families::round_trip(self.families, &object.to_json(), self.lenient) {
                Ok(typed) => judged.object = typed,
                Err(error) => {
                    let kind = judged.kind.as_deref().unwrap_or_default();
                    *unusable = Some(format!("the type of {kind} cannot be written: {error}"));
                }
            }
        }
        judged
    }
}

/// All that a server would say, each thing once.
fn judge(registry: &Registry, lenient: bool, object: &Value) -> Judgement {
    let unknown = match lenient {
        true => UnknownFields::Drop,
        false => UnknownFields::Refuse,
    };
    let mut judgement = registry.judge_held(object, unknown);
    let mut said = HashSet::new();
    judgement
        .report
        .findings
        .retain(|finding| said.insert((finding.path.clone(), finding.message.clone())));
    judgement
}

/// Whether there is nothing to say of an object by itself, of a document that may be no object otherwise.
pub(super) fn is_silent(
    registry: &Registry,
    arguments: &Arguments,
    document: &kube_yaml::Document<Value>,
) -> bool {
    document.warnings.is_empty() && !with_all(arguments) && {
        let judgement = judge(registry, arguments.lenient, &document.value);
        judgement.verdict == Verdict::Accepted && judgement.report.notes.is_empty()
    }
}

/// Whether documents are reported of which there is nothing to say.
fn with_all(arguments: &Arguments) -> bool {
    matches!(arguments.format, Format::Json | Format::Junit)
}

/// A template of a Helm chart, whatever stands in it.
fn template() -> Document {
    Document {
        findings: vec![remark(NO_OBJECT, HELM.to_owned(), 1)],
        ..nameless(0, 1, Outcome::NoObject)
    }
}

/// Text that is no document.
fn unreadable(error: &SyntaxError) -> Document {
    let finding = Found {
        severity: Severity::Error,
        ..remark(SYNTAX, error.message.clone(), error.line)
    };
    Document {
        findings: vec![finding],
        ..nameless(error.index, error.start, Outcome::Rejected)
    }
}

fn described(index: usize, line: usize, object: &Value, outcome: Outcome) -> Document {
    let text = |pointer: &str| {
        object
            .pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    Document {
        api_version: text("/apiVersion"),
        kind: text("/kind"),
        namespace: text("/metadata/namespace"),
        name: text("/metadata/name"),
        generate_name: text("/metadata/generateName"),
        ..nameless(index, line, outcome)
    }
}

/// One of which nobody says who it is.
fn nameless(index: usize, line: usize, outcome: Outcome) -> Document {
    Document {
        index,
        line,
        api_version: None,
        kind: None,
        namespace: None,
        name: None,
        generate_name: None,
        outcome,
        findings: Vec::new(),
        object: None,
    }
}

fn found(finding: Finding, line: usize) -> Found {
    Found {
        severity: finding.severity,
        code: finding.code,
        path: finding.path.to_string(),
        message: finding.message,
        remedy: finding.remedy,
        line,
        fails: false,
    }
}

/// How bad it is that something could not be judged: what only a cluster can know is nobody's fault.
fn weight(note: &Finding) -> Severity {
    match note.code.as_ref() {
        CLUSTER => Severity::Note,
        _ => Severity::Warning,
    }
}

fn remark(code: &'static str, message: String, line: usize) -> Found {
    Found {
        severity: Severity::Note,
        code: code.into(),
        path: String::new(),
        message,
        remedy: String::new(),
        line,
        fails: false,
    }
}
