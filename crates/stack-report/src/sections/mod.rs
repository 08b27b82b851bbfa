//! The sections, in their order; a file each.

mod capacity;
mod differences;
mod exercises;
mod findings;
mod images;
mod pictures;
mod policies;
mod reach;
mod releases;
mod summary;

use maud::Markup;
use stack_reach::Reach;

use crate::Report;

/// A part of the report.
pub(crate) struct Section {
    /// Its name in addresses.
    pub id: &'static str,
    pub title: String,
    /// How many things are in it, where that is worth a number.
    pub count: Option<usize>,
    /// Styles that it needs for itself.
    pub styles: String,
    pub body: Markup,
}

impl Section {
    fn new(id: &'static str, title: impl Into<String>, body: Markup) -> Self {
        Self {
            id,
            title: title.into(),
            count: None,
            styles: String::new(),
            body,
        }
    }

    fn counting(self, count: usize) -> Self {
        Self {
            count: Some(count),
            ..self
        }
    }
}

/// Every section about which the input says something.
pub(crate) fn all(report: &Report<'_>) -> Vec<Section> {
    let matrix = Reach::of(report.model).matrix();
    let table = stack_check::capacity::table(report.model);
    let sections = [
        Some(summary::section(report)),
        pictures::section(report, &matrix, &table),
        Some(findings::section(report)),
        images::section(report),
        releases::section(report),
        policies::section(report),
        exercises::section(report),
        reach::section(&matrix),
        capacity::section(&table),
        differences::section(report),
    ];
    sections.into_iter().flatten().collect()
}
