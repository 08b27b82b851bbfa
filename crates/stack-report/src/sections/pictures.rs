//! The pictures, each with its text.

use maud::{Markup, PreEscaped, html};
use stack_check::capacity::Table;
use stack_draw::{Picture, READABLE, SvgOptions};
use stack_reach::Matrix;

use super::Section;
use crate::Report;
use crate::words::t;

pub(super) fn section(report: &Report<'_>, matrix: &Matrix, table: &Table) -> Option<Section> {
    let model = report.model;
    let install = match report.bundle {
        Some(bundle) => stack_draw::install_of_bundle(bundle),
        None => stack_draw::install(model),
    };
    let settings = report.bundle.filter(|_| !report.charts);
    let settings = settings.map(stack_draw::configurations).unwrap_or_default();
    let pictures = [
        ("install", "Installation", Picture::Graph(install)),
        (
            "traffic",
            "Traffic",
            Picture::Graph(stack_draw::traffic(model)),
        ),
        (
            "telemetry",
            "Telemetry",
            Picture::Graph(stack_draw::telemetry(model, &settings)),
        ),
        (
            "architecture",
            "Workloads",
            Picture::Graph(stack_draw::architecture(model)),
        ),
        (
            "policy-matrix",
            "Who may talk to whom",
            Picture::Grid(stack_draw::policies(matrix)),
        ),
        (
            "capacity-bars",
            "Capacity",
            Picture::Bars(stack_draw::capacity(table)),
        ),
    ];
    let drawn: Vec<Markup> = pictures
        .into_iter()
        .filter(|(_, _, picture)| !picture.is_empty())
        .map(|(id, title, picture)| figure(id, title, picture))
        .collect();
    (!drawn.is_empty()).then(|| {
        Section::new(
            "pictures",
            "Pictures",
            html! { @for one in drawn { (one) } },
        )
    })
}

pub(super) fn figure(id: &str, title: &str, picture: Picture) -> Markup {
    let picture = picture.titled(title).folded(READABLE);
    html! {
        h3 id={ (id) "-heading" } { (title) }
        figure {
            div.wide tabindex="0" role="region" aria-label={ "Picture: " (title) } {
                (PreEscaped(picture.to_svg(&SvgOptions::inside(id))))
            }
            figcaption { (t(picture.description())) }
            details { summary { "The same as text: " (title) } pre { (multiline(&picture.to_text())) } }
        }
    }
}

/// Lines stay lines; each was made fit by the writer.
fn multiline(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", t(line))).collect()
}
