//! What is wrong with policies, or not as their author believes. Each finding names the policy, where in it, and a remedy.

mod connections;
mod mesh;
mod requests;

use std::collections::BTreeSet;

use kube_vocab::{Finding, Location, Severity};

use crate::Reach;

/// Makes findings about objects by the names that steps and rules have for them.
struct Objects<'r> {
    reach: &'r Reach<'r>,
}

impl Objects<'_> {
    /// A finding about an object; `None` for one that the input does not have.
    fn finding(
        &self,
        code: &'static str,
        severity: Severity,
        object: &str,
        path: &str,
        message: impl Into<String>,
    ) -> Option<Finding> {
        let entry = self.reach.entry(object)?;
        let path = kube_vocab::FieldPath::parse(path);
        let location = entry.origin().location().map(|location| Location {
            line: self.reach.line_of(entry, &path).unwrap_or(location.line),
            ..location
        });
        Some(
            Finding::new(code, severity, entry.id(), message)
                .at(path)
                .located(location),
        )
    }
}

impl Reach<'_> {
    /// Policies that have no effect or another one than is written, and traffic that they stop by accident.
    ///
    /// What may lie outside of the input is not found fault with.
    pub fn findings(&self) -> Vec<Finding> {
        let objects = Objects { reach: self };
        let mut findings: Vec<Finding> = self
            .unread()
            .iter()
            .filter_map(|unread| {
                let message = format!("cannot be read, so it has no effect: {}", unread.error);
                objects.finding(
                    "policy-unreadable",
                    Severity::Error,
                    &unread.object,
                    "",
                    message,
                )
            })
            .collect();
        connections::find(self, &objects, &mut findings);
        mesh::find(self, &objects, &mut findings);
        requests::find(self, &objects, &mut findings);
        findings
    }
}

/// Some names for a message: the first three, and how many more.
fn some(names: &BTreeSet<String>) -> String {
    let first: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
    match names.len().saturating_sub(3) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
