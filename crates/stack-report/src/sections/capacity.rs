//! What is asked for, allowed and left, as tables.

use maud::html;
use stack_check::capacity::Table;

use super::Section;
use crate::words::{t, table};

pub(super) fn section(capacity: &Table) -> Option<Section> {
    let namespaces = capacity.namespaces.iter().map(|row| {
        let or_dash = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "–".to_owned());
        html! { tr {
            th scope="row" { (t(&row.namespace)) }
            td { (t(&row.resource)) }
            td.n { (t(&row.asked)) }
            td.n { (t(&or_dash(&row.allowed))) }
            td.n { (t(&or_dash(&row.left))) }
            td.n { (t(&row.at_rollout)) }
            td.n { (t(&row.at_most)) }
        } }
    });
    let nodes = capacity.nodes.iter().map(|row| {
        html! { tr {
            th scope="row" { (t(&row.node)) }
            td { (t(&row.resource)) }
            td.n { (t(&row.asked)) }
            td.n { (t(&row.allowed)) }
            td.n { (t(&row.left)) }
        } }
    });
    let has_any = !capacity.namespaces.is_empty() || !capacity.nodes.is_empty();
    let head = [
        "Namespace",
        "Resource",
        "Asked",
        "Allowed",
        "Left",
        "At a rollout",
        "At most",
    ];
    let body = html! {
        @if !capacity.namespaces.is_empty() { (table("What workloads ask for", &head, namespaces)) }
        @if !capacity.nodes.is_empty() { (table("Nodes", &["Node", "Resource", "Asked", "Allowed", "Left"], nodes)) }
        @if !capacity.refused.is_empty() {
            h3 { "Refused by a quota" }
            ul { @for row in &capacity.refused { li { (t(&row.workload)) ": " (row.refused) " of " (row.refused + row.admitted) " pods: " (t(&row.reason)) } } }
        }
        @if !capacity.unplaced.is_empty() {
            h3 { "Without a node" }
            ul { @for workload in &capacity.unplaced { li { (t(workload)) } } }
        }
    };
    has_any.then(|| Section::new("capacity", "Capacity", body))
}
