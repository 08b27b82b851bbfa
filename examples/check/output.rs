//! How a judged document is reported.

use std::io::IsTerminal;
use std::ops::AddAssign;
use std::sync::OnceLock;

use crd_validate::{Report, Verdict};
use kube_vocab::Finding;
use serde_json::{Map, Value};

use crate::bindings;

/// A document with its verdict.
pub struct Checked<'a> {
    /// Name of the file.
    pub file: &'a str,
    /// Place in the file, from 0.
    pub index: usize,
    /// Where the document starts.
    pub line: usize,
    /// The document, where it could be read.
    pub object: Option<&'a Value>,
    /// What a server would do.
    pub verdict: Verdict,
    /// Why.
    pub report: &'a Report,
    /// The line of each finding.
    pub lines: &'a [usize],
}

/// What was found so far.
#[derive(Default)]
pub struct Counts {
    accepted: usize,
    rejected: usize,
    unknown: usize,
    /// All findings together.
    pub findings: usize,
}

impl Counts {
    /// Counts one document.
    pub fn add(&mut self, checked: &Checked<'_>) {
        match checked.verdict {
            Verdict::Accepted => self.accepted += 1,
            Verdict::Rejected => self.rejected += 1,
            Verdict::Unknown => self.unknown += 1,
        }
        self.findings += checked.report.findings.len();
    }

    /// One line for people.
    pub fn summary(&self) -> String {
        let documents = self.accepted + self.rejected + self.unknown;
        format!(
            "{}: {} accepted, {} rejected, {} unknown; {}\n",
            counted(documents, "document"),
            self.accepted,
            self.rejected,
            self.unknown,
            counted(self.findings, "finding"),
        )
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.unknown += other.unknown;
        self.findings += other.findings;
    }
}

#[derive(Clone, Copy)]
enum Severity {
    Error,
    Warning,
    Unknown,
}

impl Severity {
    fn word(self) -> &'static str {
        let (plain, coloured) = match self {
            Self::Error => ("error", "\u{1b}[1;31merror\u{1b}[0m"),
            Self::Warning => ("warning", "\u{1b}[1;33mwarning\u{1b}[0m"),
            Self::Unknown => ("unknown", "\u{1b}[1;36munknown\u{1b}[0m"),
        };
        if colour() { coloured } else { plain }
    }
}

fn colour() -> bool {
    static COLOUR: OnceLock<bool> = OnceLock::new();
    *COLOUR.get_or_init(|| {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        std::io::stdout().is_terminal() && !unwanted
    })
}

impl Checked<'_> {
    fn text(&self, pointer: &str) -> Option<&str> {
        self.object?.pointer(pointer)?.as_str()
    }

    fn name(&self) -> Option<&str> {
        self.text("/metadata/name")
            .or_else(|| self.text("/metadata/generateName"))
    }

    /// `Kind namespace/name: `, as far as the document says, or nothing.
    fn subject(&self) -> String {
        let name = match (self.text("/metadata/namespace"), self.name()) {
            (Some(namespace), Some(name)) => format!("{namespace}/{name}"),
            (_, name) => name.unwrap_or_default().to_owned(),
        };
        let subject = [self.text("/kind").unwrap_or_default(), &name].join(" ");
        match subject.trim() {
            "" => String::new(),
            subject => format!("{}: ", one_line(subject)),
        }
    }

    fn write_line(&self, text: &mut String, line: usize, severity: Severity, message: &str) {
        let (file, word) = (one_line(self.file), severity.word());
        let (subject, message) = (self.subject(), one_line(message));
        text.push_str(&format!("{file}:{line}: {word}: {subject}{message}\n"));
    }

    /// Why the definition of the document's kind cannot be used, if it is there and cannot.
    pub fn unusable_definition(&self) -> Option<String> {
        let mut notes = self.report.notes.iter();
        let fault = notes.find(|note| note.code == "definition")?;
        let text = |pointer| self.text(pointer).unwrap_or_default();
        let (version, kind) = (text("/apiVersion"), text("/kind"));
        Some(format!(
            "the definition of {kind} in {version}: {}",
            fault.message
        ))
    }

    /// Appends one line per finding, in the order of their lines.
    pub fn write_text(&self, text: &mut String) {
        let mut findings: Vec<_> = self.lines.iter().zip(&self.report.findings).collect();
        findings.sort_by_key(|(line, _)| **line);
        for (line, finding) in findings {
            self.write_line(text, *line, Severity::Error, &said(finding));
        }
        for rule in &self.report.notes {
            self.write_line(text, self.line, Severity::Warning, &said(rule));
        }
        if self.verdict == Verdict::Unknown && self.report.notes.is_empty() {
            let message = match self.text("/apiVersion") {
                Some(version) => format!("no definition of this kind in {version} is known"),
                None => {
                    "not an object of Kubernetes: it has neither apiVersion nor kind".to_owned()
                }
            };
            self.write_line(text, self.line, Severity::Unknown, &message);
        }
    }

    /// Appends one line with an object.
    pub fn write_json(&self, text: &mut String, lenient: bool) {
        let optional = |value: Option<&str>| value.map_or(Value::Null, Value::from);
        let findings: Vec<Value> = self
            .report
            .findings
            .iter()
            .zip(self.lines)
            .map(|(finding, line)| {
                serde_json::json!({
                    "path": finding.path.to_string(),
                    "message": finding.message,
                    "source": finding.code,
                    "line": line,
                })
            })
            .collect();
        let mut out = Map::new();
        out.insert("file".into(), self.file.into());
        out.insert("index".into(), self.index.into());
        out.insert("line".into(), self.line.into());
        out.insert("apiVersion".into(), optional(self.text("/apiVersion")));
        out.insert("kind".into(), optional(self.text("/kind")));
        out.insert(
            "namespace".into(),
            optional(self.text("/metadata/namespace")),
        );
        out.insert("name".into(), optional(self.text("/metadata/name")));
        out.insert("verdict".into(), self.verdict.as_str().into());
        out.insert("findings".into(), findings.into());
        if let Some(object) = self
            .object
            .and_then(|object| bindings::round_trip(object, lenient))
        {
            out.insert("object".into(), object);
        }
        text.push_str(&Value::Object(out).to_string());
        text.push('\n');
    }
}

/// `path: message`, without the path where it is the object as a whole.
fn said(finding: &Finding) -> String {
    if finding.path.is_root() {
        finding.message.clone()
    } else {
        format!("{}: {}", finding.path, finding.message)
    }
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// Text from a document or a name of a file, without what would break a line, forge one or turn it around.
pub fn one_line(text: &str) -> String {
    let harmful = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|c| if harmful(c) { ' ' } else { c })
        .collect()
}
