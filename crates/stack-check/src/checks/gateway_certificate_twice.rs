//! Hosts that share a certificate at one port of Istio gateways.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::{at, text};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Entry;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "gateway-certificate-twice",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "Two servers at one port present the same certificate for different hosts",
    explanation: "A browser that has a connection for the one host uses it for the other, since the certificate \
        covers both. The gateway answers 404 for the host that the connection was not made for.",
    remedy: "put the hosts into one server, or give each a certificate of its own",
    silent: "Certificates that are not named by `credentialName`.",
    failing: include_str!("../../fixtures/gateway-certificate-twice/failing.yaml"),
    passing: include_str!("../../fixtures/gateway-certificate-twice/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let mut gateways: Vec<&Entry> = context
        .model
        .objects("networking.istio.io", "Gateway")
        .collect();
    gateways.sort_by_cached_key(|entry| (entry.namespace(), entry.name()));
    let mut seen: HashMap<(String, String, &str), (&Entry, usize)> = HashMap::new();
    for gateway in gateways {
        let selector = gateway
            .at("spec.selector")
            .map(ToString::to_string)
            .unwrap_or_default();
        for (number, server) in gateway.items_at("spec.servers").iter().enumerate() {
            let Some(credential) = text(server, "tls.credentialName") else {
                continue;
            };
            let port = at(server, "port.number")
                .map(ToString::to_string)
                .unwrap_or_default();
            let key = (selector.clone(), port, credential);
            match seen.get(&key) {
                Some((other, _))
                    if other.entry_id() != gateway.entry_id()
                        && context.are_together(other, gateway) =>
                {
                    let message = format!("{other} presents `{credential}` at the same port");
                    let place = format!("spec.servers[{number}].tls.credentialName");
                    sink.report(gateway, path(&place), message);
                }
                Some(_) => {}
                None => drop(seen.insert(key, (gateway, number))),
            }
        }
    }
}
