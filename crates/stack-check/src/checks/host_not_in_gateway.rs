//! Hosts of a VirtualService that its Gateway does not serve.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::{list, texts};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Entry;

pub(super) const CHECK: Check = Check {
    code: "host-not-in-gateway",
    group: Group::References,
    severity: Severity::Error,
    title: "A Gateway does not serve the host that a VirtualService is for",
    explanation: "The Gateway that the VirtualService names has no server for its host: requests get 404, although \
        both objects are accepted.",
    remedy: "add the host to a server of the Gateway, or correct it",
    silent: "Gateways that are not in the input, and those that several files describe.",
    failing: include_str!("../../fixtures/host-not-in-gateway/failing.yaml"),
    passing: include_str!("../../fixtures/host-not-in-gateway/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    for entry in model.objects("networking.istio.io", "VirtualService") {
        let mut gateways = Vec::new();
        for name in texts(entry.value(), "spec.gateways") {
            let (namespace, name) = match name.split_once('/') {
                Some((namespace, name)) if namespace != "." => (Some(namespace), name),
                Some((_, name)) => (entry.namespace(), name),
                None => (entry.namespace(), name),
            };
            // Of a gateway that is not here, and of the mesh, nobody knows the hosts.
            match model.get("networking.istio.io", "Gateway", namespace, name) {
                Some(gateway)
                    if !context.is_ambiguous(gateway)
                        && !gateway.items_at("spec.servers").is_empty() =>
                {
                    gateways.push(gateway);
                }
                _ => gateways.clear(),
            }
            if gateways.is_empty() {
                break;
            }
        }
        if gateways.is_empty() {
            continue;
        }
        for (number, host) in texts(entry.value(), "spec.hosts").enumerate() {
            if !gateways
                .iter()
                .any(|gateway| serves(gateway, entry.namespace(), host))
            {
                let message = format!("{} serves no host that fits `{host}`", gateways[0]);
                sink.report(entry, path(&format!("spec.hosts[{number}]")), message);
            }
        }
    }
}

fn serves(gateway: &Entry, namespace: Option<&str>, host: &str) -> bool {
    let servers = gateway.items_at("spec.servers").iter();
    servers
        .flat_map(|server| list(server, "hosts"))
        .filter_map(|served| served.as_str())
        .any(|served| {
            let (place, served) = served.split_once('/').unwrap_or(("*", served));
            let in_reach = match place {
                "*" => true,
                "." => gateway.namespace() == namespace,
                place => Some(place) == namespace,
            };
            in_reach && (overlap(served, host) || overlap(host, served))
        })
}

/// Whether a pattern, which may begin with `*`, covers a host or another pattern.
fn overlap(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(end) => host.ends_with(end),
        None => pattern.eq_ignore_ascii_case(host),
    }
}
