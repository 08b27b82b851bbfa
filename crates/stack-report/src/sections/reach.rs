//! Who can talk to whom, to be filtered by namespace without a script.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use maud::html;
use stack_reach::{Matrix, Party};

use super::Section;
use crate::words::{counted, t, table};

/// More is for `stackctl reach --matrix`.
const SHOWN: usize = 1500;

/// Who opens connections, which, and to which namespace.
type From = (String, String, String);
/// To whom there, and the namespaces at which the row is shown.
type To = (Vec<String>, BTreeSet<String>);

pub(super) fn section(matrix: &Matrix) -> Option<Section> {
    // One row for all whom a workload reaches in the same way.
    let mut rows: BTreeMap<From, To> = BTreeMap::new();
    for line in matrix.lines() {
        let mut what = line.connections.to_string();
        if !line.conditional.is_empty() {
            let _ = write!(what, " (depends: {})", line.conditional);
        }
        for asked in &line.requests {
            let _ = write!(what, "; {asked}");
        }
        let row = rows
            .entry((line.from.to_string(), what, namespace(&line.to)))
            .or_default();
        row.0.push(short(&line.to));
        row.1.extend([namespace(&line.from), namespace(&line.to)]);
    }
    if rows.is_empty() {
        return None;
    }
    let namespaces: BTreeSet<&str> = rows
        .values()
        .flat_map(|(_, of)| of.iter().map(String::as_str))
        .collect();
    let number: BTreeMap<&str, usize> = namespaces
        .iter()
        .enumerate()
        .map(|(at, name)| (*name, at))
        .collect();
    let mut styles = String::new();
    for at in number.values() {
        let _ = write!(
            styles,
            "#reach:has(#ns{at}:checked) tbody tr:not(.ns{at}){{display:none}}"
        );
    }
    let shown = rows
        .iter()
        .take(SHOWN)
        .map(|((from, what, place), (to, of))| {
            let classes: Vec<String> = of
                .iter()
                .filter_map(|name| number.get(name.as_str()))
                .map(|at| format!("ns{at}"))
                .collect();
            html! { tr class=(classes.join(" ")) {
                th scope="row" { (t(from)) }
                td { (t(place)) }
                td { (t(&to.join(", "))) }
                td { (t(what)) }
            } }
        });
    let body = html! {
        p { "What policies and the mesh let through, between pods and with what is outside. Pairs that are not listed have no connection." }
        fieldset {
            legend { "Show" }
            label { input type="radio" name="namespace" id="ns-all" checked; " everything" }
            @for (name, at) in &number {
                label { input type="radio" name="namespace" id={ "ns" (at) }; " " (t(name)) }
            }
        }
        (table("Who can open connections to whom", &["From", "To namespace", "To", "What"], shown))
        @if rows.len() > SHOWN { p { "… and " (counted(rows.len() - SHOWN, "more row")) ": `stackctl reach --matrix` lists all." } }
    };
    let section = Section::new("reach", "Reachability", body).counting(matrix.lines().len());
    Some(Section { styles, ..section })
}

fn namespace(party: &Party) -> String {
    match party {
        Party::Workload { namespace, .. } => namespace.to_string(),
        _ => "outside".to_owned(),
    }
}

fn short(party: &Party) -> String {
    match party {
        Party::Workload { name, .. } => name.to_string(),
        other => other.to_string(),
    }
}
