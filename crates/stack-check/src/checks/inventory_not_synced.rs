//! Policies that read objects which nobody syncs to them.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::{list, text};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Extent;
use stack_model::Value;
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    code: "inventory-not-synced",
    group: Group::References,
    severity: Severity::Error,
    title: "A policy reads objects that are not synced to it",
    explanation: "A template of Gatekeeper reads `data.inventory`, in which only those kinds lie that a SyncSet or \
        the Config names. Without them the policy finds nothing, and lets everything pass.",
    remedy: "name the kind in `syncOnly` of a SyncSet or of the Config",
    silent: "Parts of a stack without any SyncSet and Config. Kinds that the policy works out while it runs.",
    failing: include_str!("../../fixtures/inventory-not-synced/failing.yaml"),
    passing: include_str!("../../fixtures/inventory-not-synced/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    let configs = model
        .objects("config.gatekeeper.sh", "Config")
        .map(|entry| entry.items_at("spec.sync.syncOnly"));
    let sets = model
        .objects("syncset.gatekeeper.sh", "SyncSet")
        .map(|entry| entry.items_at("spec.gvks"));
    let lists: Vec<&[Value]> = configs.chain(sets).collect();
    if lists.is_empty() && context.extent == Extent::Part {
        return;
    }
    let synced: BTreeSet<&str> = lists
        .into_iter()
        .flatten()
        .filter_map(|row| text(row, "kind"))
        .collect();
    for template in model.objects("templates.gatekeeper.sh", "ConstraintTemplate") {
        for (number, target) in template.items_at("spec.targets").iter().enumerate() {
            let code = list(target, "code")
                .iter()
                .filter_map(|code| text(code, "source.rego"));
            for rego in text(target, "rego").into_iter().chain(code) {
                for kind in kinds_read(rego).difference(&synced) {
                    let message =
                        format!("it reads objects of the kind {kind}, which nobody syncs");
                    sink.report(template, path(&format!("spec.targets[{number}]")), message);
                }
            }
        }
    }
}

/// The kinds that a policy takes from the inventory by a literal name: `data.inventory.namespace[ns]["v1"]["Service"]`.
fn kinds_read(rego: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for (at, _) in rego.match_indices("data.inventory.") {
        let rest = &rego[at + "data.inventory.".len()..];
        // Behind `cluster` come version and kind; behind `namespace` the namespace before them.
        let position = if rest.starts_with("cluster") { 1 } else { 2 };
        let end = rest.find(['\n', ';', ' ']).unwrap_or(rest.len());
        let kind = rest[..end].split('[').skip(1).nth(position);
        let kind = kind.and_then(|part| part.strip_prefix('"')?.split_once('"'));
        found.extend(kind.map(|(kind, _)| kind).filter(|kind| !kind.is_empty()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::kinds_read;

    #[test]
    fn literal_kinds_are_read_and_variables_are_not() {
        let rego = "a := data.inventory.namespace[ns][\"v1\"][\"Service\"][name]\nb := data.inventory.cluster[\"v1\"][\"Namespace\"][n]\nc := data.inventory.namespace[ns][v][kind][n]";
        assert_eq!(
            kinds_read(rego).into_iter().collect::<Vec<_>>(),
            ["Namespace", "Service"]
        );
    }
}
