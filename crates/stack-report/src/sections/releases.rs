//! Helm releases.

use maud::html;

use super::Section;
use crate::Report;
use crate::words::{t, table};

pub(super) fn section(report: &Report<'_>) -> Option<Section> {
    let bundle = report.bundle?;
    let mut count = 0;
    let rows: Vec<_> = bundle
        .parts()
        .iter()
        .flat_map(|part| part.releases().iter().map(move |release| (part, release)))
        .map(|(part, release)| {
            count += 1;
            html! { tr {
                td.n { (part.step()) }
                th scope="row" { (t(&release.name)) }
                td { (t(&release.namespace)) }
                td { (t(&release.chart.name)) }
                td { (t(&release.chart.version)) }
                td { code { (t(&release.chart.repository)) } }
                td { (t(&release.chart.note)) }
            } }
        })
        .collect();
    let head = [
        "Step",
        "Release",
        "Namespace",
        "Chart",
        "Version",
        "From",
        "Note",
    ];
    let body = table("Releases in the order of their installation", &head, rows);
    (count > 0).then(|| Section::new("releases", "Releases", body).counting(count))
}
