//! What is wrong with policies, or not as their author believes. Each finding names the policy, where in it, and a remedy.

mod connections;
mod mesh;
mod requests;

use std::collections::{BTreeSet, HashMap};

use kube_vocab::{Finding, Location, ObjectId, Severity};

use crate::Reach;

/// The objects of the input by the names that steps and rules have for them.
struct Objects<'m> {
    by_name: HashMap<String, &'m stack_model::Entry>,
}

impl<'m> Objects<'m> {
    fn of(reach: &Reach<'m>) -> Self {
        Self {
            by_name: reach
                .model
                .entries()
                .map(|entry| (entry.id().to_string(), entry))
                .collect(),
        }
    }

    /// A finding about an object; `None` for one that the input does not have.
    fn finding(
        &self,
        code: &'static str,
        severity: Severity,
        object: &str,
        path: &str,
        message: impl Into<String>,
    ) -> Option<Finding> {
        let entry = self.by_name.get(object)?;
        let (id, location): (ObjectId, Option<Location>) = (entry.id(), entry.origin().location());
        let path = kube_vocab::FieldPath::parse(path);
        Some(
            Finding::new(code, severity, id, message)
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
        let objects = Objects::of(self);
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
