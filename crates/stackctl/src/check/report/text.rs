//! For people: a line per finding as compilers write them, with an excerpt of the file.

use kube_vocab::Severity;
use stack_model::parallel;

use super::excerpt::Excerpts;
use super::{Counts, Document, Found, Part, Report, Shown};
use lab_cli::text::{counted, one_line};

pub(super) struct Text {
    pub shown: Shown,
    pub colour: bool,
    pub excerpts: bool,
}

impl Report for Text {
    fn input(&self, part: &Part) -> String {
        let excerpts = self
            .excerpts
            .then(|| Excerpts::new(&part.bytes, &part.crowded, self.colour));
        let documents = &part.documents;
        let of = |document: &Document| self.document(&part.file, document, excerpts.as_ref());
        parallel::small(documents, of).concat()
    }

    fn end(&self, counts: &Counts, _: &[String]) -> String {
        if self.shown.quiet {
            return String::new();
        }
        let mut text = format!(
            "{}: {} accepted, {} rejected, {} unknown; {}",
            counted(counts.judged(), "document"),
            counts.accepted,
            counts.rejected,
            counts.unknown,
            counted(counts.errors, "finding"),
        );
        if counts.warnings > 0 {
            text.push_str(&format!("; {}", counted(counts.warnings, "warning")));
        }
        if counts.no_objects > 0 {
            let verb = if counts.no_objects == 1 {
                "is no object"
            } else {
                "are no objects"
            };
            text.push_str(&format!("; {} more {verb}", counts.no_objects));
        }
        text.push('\n');
        text
    }
}

impl Text {
    fn document(&self, file: &str, document: &Document, excerpts: Option<&Excerpts<'_>>) -> String {
        let mut text = String::new();
        for found in self.shown.by_line(document) {
            text.push_str(&self.line(file, document, found));
            // Of what could not be judged there is nothing to show.
            if let Some(excerpts) = excerpts.filter(|_| found.severity != Severity::Note) {
                text.push_str(&excerpts.of(found));
            }
            if self.excerpts && !found.remedy.is_empty() {
                text.push_str(&format!("  help: {}\n", one_line(&found.remedy)));
            }
        }
        text
    }

    fn line(&self, file: &str, document: &Document, found: &Found) -> String {
        let code = match found.remedy.as_str() {
            "" => String::new(),
            _ => format!(" ({})", found.code),
        };
        format!(
            "{}:{}: {}: {}{code}\n",
            one_line(file),
            found.line,
            self.word(found),
            one_line(&document.sentence(found))
        )
    }

    fn word(&self, found: &Found) -> String {
        let (word, colour) = match found.severity {
            Severity::Error => ("error", 31),
            Severity::Warning => ("warning", 33),
            Severity::Note if found.is_unknown() => ("unknown", 36),
            Severity::Note => ("note", 32),
        };
        match self.colour {
            true => format!("\u{1b}[1;{colour}m{word}\u{1b}[0m"),
            false => word.to_owned(),
        }
    }
}
