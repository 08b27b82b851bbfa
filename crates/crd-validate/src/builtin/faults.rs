//! Collects what the rules of a kind find, in a few forms of words.

use std::fmt::Display;
use std::sync::Arc;

use kube_vocab::names::{self, Verdict};
use kube_vocab::{FieldPath, Path};

use super::known::Known;
use super::node::Node;
use crate::fault::{Fault, Source};
use crate::value::Map;
use crate::version::KubernetesVersion;

/// What the rules of one object find.
pub(super) struct Faults {
    pub(super) found: Vec<Fault>,
    pub(super) notes: Vec<Fault>,
    pub(super) version: KubernetesVersion,
    /// What the cluster is known to hold.
    pub(super) known: Arc<Known>,
    /// Whether the object is there already: some rules are for its creation alone.
    pub(super) updating: bool,
}

impl Faults {
    pub(super) fn new(version: KubernetesVersion, known: Arc<Known>) -> Self {
        Self {
            found: Vec::new(),
            notes: Vec::new(),
            version,
            known,
            updating: false,
        }
    }

    pub(super) fn invalid(&mut self, path: impl Into<FieldPath>, message: impl Into<String>) {
        self.found.push(Fault::new(Source::Type, path, message));
    }

    /// What only the cluster knows.
    pub(super) fn note(&mut self, path: impl Into<FieldPath>, message: impl Into<String>) {
        self.notes.push(Fault::new(Source::Cluster, path, message));
    }

    /// An expression that this program does not judge.
    pub(super) fn not_judged(&mut self, path: impl Into<FieldPath>, reason: impl Display) {
        let message = format!("the expression is not judged: {reason}");
        self.notes.push(Fault::new(Source::Cel, path, message));
    }

    pub(super) fn required(&mut self, path: Path<'_>) {
        self.invalid(path, "is required");
    }

    /// With what is to be there.
    pub(super) fn required_as(&mut self, path: Path<'_>, what: &str) {
        self.invalid(path, format!("is required: {what}"));
    }

    pub(super) fn forbidden(&mut self, path: Path<'_>, why: &str) {
        self.invalid(path, format!("is not allowed: {why}"));
    }

    pub(super) fn duplicate(&mut self, path: Path<'_>, what: impl Display) {
        self.invalid(
            path,
            format!("\"{what}\" is there already; each may appear once"),
        );
    }

    pub(super) fn unsupported(&mut self, path: Path<'_>, found: impl Display, allowed: &[&str]) {
        self.invalid(
            path,
            format!("\"{found}\" is not one of: {}", listed(allowed)),
        );
    }

    pub(super) fn not_found(&mut self, path: Path<'_>, what: impl Display, place: &str) {
        self.invalid(path, format!("\"{what}\" is not the name of {place}"));
    }

    /// Reports a text that is there and none of `allowed`. Says whether it was fine.
    pub(super) fn one_of(&mut self, node: &Node<'_, '_>, allowed: &[&str]) -> bool {
        let fine = !node.is_set() || allowed.contains(&node.str());
        if !fine {
            self.unsupported(node.path, node.str(), allowed);
        }
        fine
    }

    /// Reports a text that is missing, or none of `allowed`. Says whether it was fine.
    pub(super) fn must_be_one_of(&mut self, node: &Node<'_, '_>, allowed: &[&str]) -> bool {
        if node.str().is_empty() {
            let message = format!("is required: one of {}", listed(allowed));
            self.invalid(node.path, message);
            return false;
        }
        self.one_of(node, allowed)
    }

    /// Reports a text that is none of `allowed`, or not there.
    pub(super) fn must_be_supported(&mut self, node: &Node<'_, '_>, allowed: &[&str]) {
        if !allowed.contains(&node.str()) {
            self.unsupported(node.path, node.str(), allowed);
        }
    }

    /// Reports a name that breaks a rule. Says whether it was fine.
    pub(super) fn named(&mut self, node: &Node<'_, '_>, rule: fn(&str) -> Verdict) -> bool {
        self.name(node.path, node.str(), rule)
    }

    pub(super) fn name(&mut self, path: Path<'_>, name: &str, rule: fn(&str) -> Verdict) -> bool {
        let verdict = rule(name);
        if let Err(reason) = &verdict {
            self.invalid(path, format!("\"{name}\": {reason}"));
        }
        verdict.is_ok()
    }

    /// Reports a name that is missing or no DNS subdomain.
    pub(super) fn required_subdomain(&mut self, node: &Node<'_, '_>) {
        if node.str().is_empty() {
            self.required(node.path);
        } else {
            self.named(node, names::dns_subdomain);
        }
    }

    pub(super) fn required_label(&mut self, node: &Node<'_, '_>) {
        if node.str().is_empty() {
            self.required(node.path);
        } else {
            self.named(node, names::dns_label);
        }
    }

    pub(super) fn required_text(&mut self, node: &Node<'_, '_>) {
        if node.str().is_empty() {
            self.required(node.path);
        }
    }

    /// Reports a number that is there and below zero.
    pub(super) fn not_negative(&mut self, node: &Node<'_, '_>) {
        if node.int() < 0 {
            self.invalid(node.path, format!("{} must not be negative", node.int()));
        }
    }

    pub(super) fn within(&mut self, node: &Node<'_, '_>, least: i64, most: i64) {
        if !(least..=most).contains(&node.int()) {
            let message = format!("{} must be from {least} to {most}", node.int());
            self.invalid(node.path, message);
        }
    }

    /// Reports a list or map with more than `most` members. Says whether it was fine.
    pub(super) fn at_most(&mut self, node: &Node<'_, '_>, most: usize) -> bool {
        let count = node.map().map_or(node.list().len(), Map::len);
        if count > most {
            let what = if node.value.is_object() {
                "members"
            } else {
                "items"
            };
            self.invalid(
                node.path,
                format!("must have at most {most} {what}, has {count}"),
            );
        }
        count <= most
    }

    /// Reports a number that is no port.
    pub(super) fn port(&mut self, node: &Node<'_, '_>) {
        if !(1..=65535).contains(&node.int()) {
            let message = format!("{} must be a port, from 1 to 65535", node.int());
            self.invalid(node.path, message);
        }
    }
}

/// What is allowed, with an empty text shown as such.
fn listed(allowed: &[&str]) -> String {
    let shown = |text: &&str| if text.is_empty() { "\"\"" } else { *text }.to_owned();
    allowed.iter().map(shown).collect::<Vec<_>>().join(", ")
}
