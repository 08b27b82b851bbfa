//! Findings that may stay, for a reason.

use std::collections::HashSet;

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
}

/// Many allowances, found by code and subject, so that a finding is not compared with each.
#[derive(Debug, Default)]
pub(crate) struct Allowances<'c> {
    /// Code and subject.
    exact: HashSet<(&'c str, &'c str)>,
    /// Code and beginning of the subject, of those that end with a star.
    open: HashSet<(&'c str, &'c str)>,
    /// The lengths of those beginnings.
    lengths: Vec<usize>,
}

impl<'c> Allowances<'c> {
    pub(crate) fn of(rows: &'c [Allowance]) -> Self {
        let mut all = Self::default();
        for row in rows.iter().filter(|row| !row.reason.trim().is_empty()) {
            match row.subject.strip_suffix('*') {
                Some(start) => {
                    all.open.insert((&row.code, start));
                    all.lengths.push(start.len());
                }
                None => drop(all.exact.insert((&row.code, &row.subject))),
            }
        }
        all.lengths.sort_unstable();
        all.lengths.dedup();
        all
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.open.is_empty()
    }

    /// Whether one is about a finding with this code on this subject.
    pub(crate) fn cover(&self, code: &str, subject: &str) -> bool {
        let mut starts = self
            .lengths
            .iter()
            .filter_map(|length| subject.get(..*length));
        self.exact.contains(&(code, subject))
            || starts.any(|start| self.open.contains(&(code, start)))
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
    use proptest::prelude::*;

    use super::*;

    fn row() -> impl Strategy<Value = Allowance> {
        ("[xy]", "[aäb]{0,4}[*]?", "[r ]").prop_map(|(code, subject, reason)| Allowance {
            code,
            subject,
            reason,
        })
    }

    /// The plain way: one row after the other.
    fn covers(row: &Allowance, code: &str, subject: &str) -> bool {
        let same = match row.subject.strip_suffix('*') {
            Some(start) => subject.starts_with(start),
            None => row.subject == subject,
        };
        same && row.code == code && !row.reason.trim().is_empty()
    }

    proptest! {
        #[test]
        fn rows_are_found_as_if_each_were_asked(rows in prop::collection::vec(row(), 0..12), code in "[xy]", subject in "[aäb]{0,4}") {
            let plain = rows.iter().any(|row| covers(row, &code, &subject));
            prop_assert_eq!(Allowances::of(&rows).cover(&code, &subject), plain);
        }
    }

    #[test]
    fn rows_have_three_cells_and_a_star_stands_for_anything() {
        let text = "code\tsubject\treason\n# why not\n\nodd\tService demo/web\tit is\nodd\tPod demo/*\tthey are\n";
        let rows = Allowance::parse_all(text).unwrap();
        let all = Allowances::of(&rows);
        let covers = |code: &str, subject: &str| all.cover(code, subject);
        assert!(covers("odd", "Service demo/web"));
        assert!(covers("odd", "Pod demo/one"));
        assert!(!covers("odd", "Pod other/one"));
        assert!(!covers("odd", "Service demo/web2"));
        assert!(!covers("even", "Service demo/web"));
        let silent = Allowance {
            code: "odd".into(),
            subject: "stack".into(),
            reason: " ".into(),
        };
        assert!(Allowances::of(&[silent]).is_empty());
        for broken in ["odd", "odd\tService demo/web", "odd\tService demo/web\t "] {
            let error = Allowance::parse_all(&format!("\n{broken}")).unwrap_err();
            assert_eq!(error.line, 2, "{broken}");
        }
    }
}
