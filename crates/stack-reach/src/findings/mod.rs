//! What is wrong with policies, or not as their author believes. Each finding names the policy, where in it, and a remedy.

mod connections;
mod exposure;
mod mesh;
mod refused;
mod requests;
mod rules;
mod shadowed;

use std::collections::BTreeSet;

use kube_vocab::{FieldPath, Finding, Severity};
use stack_model::Entry;

use crate::Reach;

/// The number of pods that are looked at for one rule, before it is left alone.
const PATIENCE: usize = 400;

/// A finding, and the object that it is about.
#[derive(Clone, Debug)]
pub struct Remark<'m> {
    /// The policy's entry in the model, with its fields and lines.
    pub entry: &'m Entry,
    /// What is wrong with it, where in it, and a remedy.
    pub finding: Finding,
    /// Other objects, of which each alone is enough to say so; empty where the object itself is, or its policies are.
    pub because: Vec<&'m Entry>,
    /// Other objects that must all be applied with it for this to be so: a policy of which it repeats a rule.
    pub beside: Vec<&'m Entry>,
}

/// Takes findings about objects by the names that steps and rules have for them.
struct Remarks<'r, 'm> {
    reach: &'r Reach<'m>,
    all: Vec<Remark<'m>>,
}

impl Remarks<'_, '_> {
    /// Notes a finding; nothing where the input does not have the object.
    fn add(
        &mut self,
        code: &'static str,
        severity: Severity,
        place: (&str, &str),
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add_because(code, severity, place, message, remedy, Vec::new());
    }
}

impl<'m> Remarks<'_, 'm> {
    /// The same where other objects are the reason.
    fn add_because(
        &mut self,
        code: &'static str,
        severity: Severity,
        place: (&str, &str),
        message: impl Into<String>,
        remedy: impl Into<String>,
        because: Vec<&'m Entry>,
    ) {
        let (object, path) = place;
        let Some(entry) = self.reach.entry(object) else {
            return;
        };
        let path = FieldPath::parse(path);
        let location = entry.location_of(&path);
        let finding = Finding::new(code, severity, entry.id(), message)
            .at(path)
            .remedy(remedy)
            .located(location);
        self.all.push(Remark {
            entry,
            finding,
            because,
            beside: Vec::new(),
        });
    }

    /// Says of the last one which other objects must be applied with its object, by the names that rules have for them.
    fn beside<'n>(&mut self, objects: impl IntoIterator<Item = &'n str>) {
        let entries = objects
            .into_iter()
            .filter_map(|object| self.reach.entry(object));
        let entries: Vec<&Entry> = entries.collect();
        if let Some(last) = self.all.last_mut() {
            last.beside = entries;
        }
    }
}

impl<'m> Reach<'m> {
    /// Policies that have no effect or another one than is written, and traffic that they stop by accident.
    ///
    /// What may lie outside of the input is not found fault with.
    pub fn findings(&self) -> Vec<Finding> {
        let remarks = self.remarks();
        remarks.into_iter().map(|remark| remark.finding).collect()
    }

    /// The same, each with the object that it is about.
    pub fn remarks(&self) -> Vec<Remark<'m>> {
        let mut remarks = Remarks {
            reach: self,
            all: Vec::new(),
        };
        connections::find(self, &mut remarks);
        rules::find(self, &mut remarks);
        shadowed::find(self, &mut remarks);
        mesh::find(self, &mut remarks);
        requests::find(self, &mut remarks);
        exposure::find(self, &mut remarks);
        remarks.all
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
