//! Subsets that nobody defines.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Entry, Value};
use std::collections::{HashMap, HashSet};

pub(super) const CHECK: Check = Check {
    code: "unknown-subset",
    group: Group::References,
    severity: Severity::Error,
    title: "A VirtualService sends traffic to a subset that nobody defines",
    explanation: "Subsets are defined by DestinationRules of the same host. Traffic to one that is not defined gets 503.",
    remedy: "define the subset in a DestinationRule of the host",
    silent: "Hosts without any DestinationRule in the input.",
    failing: include_str!("../../fixtures/unknown-subset/failing.yaml"),
    passing: include_str!("../../fixtures/unknown-subset/passing.yaml"),
    run,
};

const GROUP: &str = "networking.istio.io";

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let mut subsets: HashMap<String, HashSet<&str>> = HashMap::new();
    let mut definers: HashMap<String, Vec<&Entry>> = HashMap::new();
    for rule in context.model.objects(GROUP, "DestinationRule") {
        let host = full_host(
            rule.text_at("spec.host").unwrap_or_default(),
            rule.namespace(),
        );
        let names = rule
            .items_at("spec.subsets")
            .iter()
            .filter_map(|subset| subset.get("name")?.as_str());
        definers.entry(host.clone()).or_default().push(rule);
        subsets.entry(host).or_default().extend(names);
    }
    if subsets.is_empty() {
        return;
    }
    for service in context.model.objects(GROUP, "VirtualService") {
        for protocol in ["http", "tls", "tcp"] {
            let rules = service
                .items_at(&format!("spec.{protocol}"))
                .iter()
                .enumerate();
            for (number, rule) in rules {
                let routes = rule
                    .get("route")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .enumerate();
                for (position, route) in routes {
                    let text = |member: &str| route.get("destination")?.get(member)?.as_str();
                    let (Some(host), Some(subset)) = (text("host"), text("subset")) else {
                        continue;
                    };
                    let full = full_host(host, service.namespace());
                    let known = subsets.get(&full);
                    // Rules of which another file says something else, or that may be for another place, say nothing sure.
                    let is_sure = || {
                        let mut definers = definers.get(&full).into_iter().flatten();
                        definers.all(|rule| {
                            !context.is_ambiguous(rule) && context.are_near(rule, service)
                        })
                    };
                    if known.is_some_and(|known| !known.contains(subset)) && is_sure() {
                        let at = format!(
                            "spec.{protocol}[{number}].route[{position}].destination.subset"
                        );
                        sink.report(
                            service,
                            path(&at),
                            format!(
                                "no DestinationRule of host {host} defines the subset `{subset}`"
                            ),
                        );
                    }
                }
            }
        }
    }
}

/// A host as Istio completes it: a short name is one of the object's own namespace.
fn full_host(host: &str, namespace: Option<&str>) -> String {
    match (host.contains('.'), namespace) {
        (false, Some(namespace)) => format!("{host}.{namespace}.svc.cluster.local"),
        _ => host.to_owned(),
    }
}
