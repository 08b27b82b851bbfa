//! The formats of the report.

mod excerpt;
mod github;
mod json;
mod junit;
mod sarif;
mod text;

use super::arguments::{Arguments, Format};
use super::document::{Counts, Document, Found, Part};

/// A way to report: what comes first, what each input adds, and what comes last.
pub(super) trait Report: Sync {
    /// What stands before all inputs.
    fn begin(&self) -> String {
        String::new()
    }

    /// What is said of one input; nothing at all where there is nothing to say.
    fn input(&self, part: &Part) -> String;

    /// What stands between two inputs of which something is said.
    fn separator(&self) -> &'static str {
        ""
    }

    /// What stands behind all inputs; with what could not be read or used.
    fn end(&self, _counts: &Counts, _complaints: &[String]) -> String {
        String::new()
    }
}

/// The report that is asked for.
pub(super) fn new(arguments: &Arguments, colour: bool) -> Box<dyn Report> {
    let shown = Shown {
        quiet: arguments.quiet,
    };
    match arguments.format {
        Format::Text => Box::new(text::Text {
            shown,
            colour,
            excerpts: !arguments.short,
        }),
        Format::Json => Box::new(json::Json { shown }),
        Format::Sarif => Box::new(sarif::Sarif { shown }),
        Format::Github => Box::new(github::Github { shown }),
        Format::Junit => Box::new(junit::Junit),
    }
}

/// What of the findings is to be reported.
#[derive(Clone, Copy)]
struct Shown {
    quiet: bool,
}

impl Shown {
    fn is_shown(self, found: &Found) -> bool {
        found.fails || !self.quiet
    }

    /// The findings to report, in the order of their lines.
    fn by_line(self, document: &Document) -> Vec<&Found> {
        let mut findings: Vec<&Found> = document
            .findings
            .iter()
            .filter(|found| self.is_shown(found))
            .collect();
        findings.sort_by_key(|found| found.line);
        findings
    }
}

/// A text with its code, and in a second line what to do.
fn with_remedy(text: String, found: &Found) -> String {
    match found.remedy.as_str() {
        "" => text,
        remedy => format!("{text} ({})\n{remedy}", found.code),
    }
}
