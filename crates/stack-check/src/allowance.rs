//! Findings that may stay, for a reason.

use serde::{Deserialize, Serialize};
use stack_model::Entry;

/// The annotation with which an object allows itself a finding; the code follows, the value is the reason:
/// `allow.stack-check/service-without-pods: "its pods come from the operator"`.
const ANNOTATION: &str = "allow.stack-check/";

/// A finding that may stay, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// The code of the findings that it forgives.
    pub code: String,
    /// What it is about, as findings write it: `Service demo/web`, `release kong`, `stack`. A `*` at the end stands for anything.
    pub subject: String,
    /// Why it may stay. One without a reason allows nothing.
    pub reason: String,
}

/// A row of a file of allowances that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: write code, subject and reason with tabs between them: {text}")]
pub struct AllowanceError {
    /// The line, from 1.
    pub line: usize,
    /// The line as it stands there, for the message.
    pub text: String,
}

impl Allowance {
    /// The rows of a file: code, subject and reason with tabs between them. Empty lines, those that begin with `#`, and the heading
    /// `code`, `subject`, `reason` are passed over.
    ///
    /// # Errors
    /// The first row that lacks one of the three.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, AllowanceError> {
        let rows = text.lines().enumerate().filter(|(_, row)| {
            let row = row.trim();
            !row.is_empty() && !row.starts_with('#') && row != "code\tsubject\treason"
        });
        rows.map(|(index, row)| {
            let cells: Vec<&str> = row.split('\t').map(str::trim).collect();
            match cells.as_slice() {
                [code, subject, reason] if cells.iter().all(|cell| !cell.is_empty()) => Ok(Self {
                    code: (*code).to_owned(),
                    subject: (*subject).to_owned(),
                    reason: (*reason).to_owned(),
                }),
                _ => Err(AllowanceError {
                    line: index + 1,
                    text: row.to_owned(),
                }),
            }
        })
        .collect()
    }

    /// Whether it is about a finding with this code on this subject.
    pub(crate) fn covers(&self, code: &str, subject: &str) -> bool {
        let same = match self.subject.strip_suffix('*') {
            Some(start) => subject.starts_with(start),
            None => self.subject == subject,
        };
        same && self.code == code && !self.reason.trim().is_empty()
    }
}

/// Whether an object allows itself a finding. An allowance without a reason is none.
pub(crate) fn allows_itself(entry: &Entry, code: &str) -> bool {
    let annotations = entry.annotations();
    let reason = annotations.get(&format!("{ANNOTATION}{code}"));
    reason.is_some_and(|reason| !reason.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_three_cells_and_a_star_stands_for_anything() {
        let text = "code\tsubject\treason\n# why not\n\nodd\tService demo/web\tit is\nodd\tPod demo/*\tthey are\n";
        let rows = Allowance::parse_all(text).unwrap();
        let covers = |code: &str, subject: &str| rows.iter().any(|row| row.covers(code, subject));
        assert!(covers("odd", "Service demo/web"));
        assert!(covers("odd", "Pod demo/one"));
        assert!(!covers("odd", "Pod other/one"));
        assert!(!covers("odd", "Service demo/web2"));
        assert!(!covers("even", "Service demo/web"));
        for broken in ["odd", "odd\tService demo/web", "odd\tService demo/web\t "] {
            let error = Allowance::parse_all(&format!("\n{broken}")).unwrap_err();
            assert_eq!(error.line, 2, "{broken}");
        }
    }
}
