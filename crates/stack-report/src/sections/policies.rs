//! Policies, and the workloads of which they speak.

use maud::html;
use stack_draw::policy_uses;

use super::Section;
use crate::Report;
use crate::words::{t, table};

pub(super) fn section(report: &Report<'_>) -> Option<Section> {
    let uses = policy_uses(report.model);
    let rows = uses.iter().map(|one| {
        let names: Vec<&str> = one
            .workloads
            .iter()
            .map(|workload| workload.name())
            .collect();
        let selected = match (one.all, names.is_empty()) {
            (true, true) => "every pod of its namespace; none is among the objects".to_owned(),
            (true, false) => format!("every pod of its namespace: {}", names.join(", ")),
            (false, true) => "nothing among the objects".to_owned(),
            (false, false) => names.join(", "),
        };
        html! { tr {
            th scope="row" { (t(one.policy.name())) }
            td { (t(one.policy.kind())) }
            td { (t(one.policy.namespace().unwrap_or("–"))) }
            td { (t(&selected)) }
        } }
    });
    let body = table(
        "Policies with what they select",
        &["Policy", "Kind", "Namespace", "Selects"],
        rows,
    );
    (!uses.is_empty()).then(|| Section::new("policies", "Policies", body).counting(uses.len()))
}
