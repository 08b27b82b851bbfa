#![doc = include_str!("../README.md")]

mod page;
mod sections;
mod words;

use kube_vocab::{Finding, Severity};
use stack_builder::Bundle;
use stack_diff::Diff;
use stack_model::Model;

/// What a report is made of. Everything but the objects may be left out.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    pub(crate) title: String,
    pub(crate) model: &'a Model,
    pub(crate) bundle: Option<&'a Bundle>,
    pub(crate) charts: bool,
    pub(crate) findings: &'a [Finding],
    pub(crate) allowed: Vec<(String, String)>,
    pub(crate) compared: Option<(String, &'a Diff)>,
}

impl<'a> Report<'a> {
    /// A report of objects; the title is what the stack is called.
    pub fn new(title: impl Into<String>, model: &'a Model) -> Self {
        Self {
            title: title.into(),
            model,
            bundle: None,
            charts: false,
            findings: &[],
            allowed: Vec::new(),
            compared: None,
        }
    }

    /// The bundle from which the objects come: it knows releases, images, steps and exercises. `charts` says whether the objects
    /// of its charts are in the model.
    #[must_use]
    pub fn bundle(self, bundle: &'a Bundle, charts: bool) -> Self {
        Self {
            bundle: Some(bundle),
            charts,
            ..self
        }
    }

    /// What was found, whoever found it.
    #[must_use]
    pub fn findings(self, findings: &'a [Finding]) -> Self {
        Self { findings, ..self }
    }

    /// What was found and is allowed: the finding, and why.
    #[must_use]
    pub fn allowed(self, allowed: Vec<(String, String)>) -> Self {
        Self { allowed, ..self }
    }

    /// What differs from another stack, which is called so.
    #[must_use]
    pub fn compared(self, with: impl Into<String>, diff: &'a Diff) -> Self {
        Self {
            compared: Some((with.into(), diff)),
            ..self
        }
    }

    /// The report as one HTML file.
    #[must_use]
    pub fn to_html(&self) -> String {
        page::page(self).into_string()
    }

    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }
}
