//! VirtualServices that claim one host inside the mesh.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::texts;
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Entry;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "virtual-service-conflict",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "Two VirtualServices claim one host inside the mesh",
    explanation: "Inside the mesh one VirtualService alone counts for a host; which of two it is depends on their \
        age. (At a gateway they are merged.)",
    remedy: "merge them",
    silent: "VirtualServices that are exported to namespaces which do not overlap.",
    failing: include_str!("../../fixtures/virtual-service-conflict/failing.yaml"),
    passing: include_str!("../../fixtures/virtual-service-conflict/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let mut entries: Vec<&Entry> = context
        .model
        .objects("networking.istio.io", "VirtualService")
        .collect();
    entries.sort_by_cached_key(|entry| (entry.namespace(), entry.name()));
    let mut seen: HashMap<String, &Entry> = HashMap::new();
    for entry in entries {
        let mut gateways = texts(entry.value(), "spec.gateways").peekable();
        let in_mesh = gateways.peek().is_none() || gateways.any(|gateway| gateway == "mesh");
        let is_exported = texts(entry.value(), "spec.exportTo").all(|place| place == "*");
        // What is seen in some namespaces alone is rarely seen twice in one.
        if !in_mesh || !is_exported {
            continue;
        }
        for (number, host) in texts(entry.value(), "spec.hosts").enumerate() {
            let full = match (host.contains('.') || host == "*", entry.namespace()) {
                (false, Some(namespace)) => format!("{host}.{namespace}.svc.cluster.local"),
                _ => host.to_owned(),
            };
            if let Some(other) = seen.get(&full).filter(|other| {
                other.entry_id() != entry.entry_id() && context.are_together(other, entry)
            }) {
                sink.report(
                    entry,
                    path(&format!("spec.hosts[{number}]")),
                    format!("{other} claims `{host}`, too"),
                );
            } else {
                seen.insert(full, entry);
            }
        }
    }
}
