//! What exercises apply by hand.

use maud::html;

use super::Section;
use crate::Report;
use crate::words::{t, table};

pub(super) fn section(report: &Report<'_>) -> Option<Section> {
    let bundle = report.bundle?;
    let exercises: Vec<_> = bundle
        .parts()
        .iter()
        .flat_map(|part| part.exercises())
        .collect();
    let rows = exercises.iter().map(|(exercise, file, object)| {
        html! { tr {
            th scope="row" { (t(exercise)) }
            td { (t(&object.id().to_string())) }
            td { code { "kubectl apply -f " (t(file)) } }
        } }
    });
    let body = table(
        "Not part of the running stack",
        &["Exercise", "Object", "Command"],
        rows,
    );
    (!exercises.is_empty())
        .then(|| Section::new("exercises", "Exercises", body).counting(exercises.len()))
}
