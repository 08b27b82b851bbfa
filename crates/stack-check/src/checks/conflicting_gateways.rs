//! Gateways of Istio that claim one host and port.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::{at, texts};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Entry;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "conflicting-gateways",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "Two Gateways of Istio claim one host at one port",
    explanation: "Both select the same gateway pods, and have a server for the same host and port. Which of them \
        counts depends on their age.",
    remedy: "merge them, or give each hosts of its own",
    silent: "Selectors that differ. Ports with TLS whose names differ.",
    failing: include_str!("../../fixtures/conflicting-gateways/failing.yaml"),
    passing: include_str!("../../fixtures/conflicting-gateways/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let mut gateways: Vec<&Entry> = context
        .model
        .objects("networking.istio.io", "Gateway")
        .collect();
    gateways.sort_by_cached_key(|entry| (entry.namespace(), entry.name()));
    let mut seen: HashMap<(String, String, String), &Entry> = HashMap::new();
    for gateway in gateways {
        let selector = gateway
            .at("spec.selector")
            .map(ToString::to_string)
            .unwrap_or_default();
        for (number, server) in gateway.items_at("spec.servers").iter().enumerate() {
            let port = at(server, "port.number")
                .map(ToString::to_string)
                .unwrap_or_default();
            for (position, host) in texts(server, "hosts").enumerate() {
                let key = (selector.clone(), port.clone(), host.to_owned());
                match seen.get(&key) {
                    Some(other)
                        if other.entry_id() != gateway.entry_id()
                            && context.are_together(other, gateway) =>
                    {
                        let place = format!("spec.servers[{number}].hosts[{position}]");
                        let message = format!("{other} claims `{host}` at port {port}, too");
                        sink.report(gateway, path(&place), message);
                    }
                    Some(_) => {}
                    None => drop(seen.insert(key, gateway)),
                }
            }
        }
    }
}
