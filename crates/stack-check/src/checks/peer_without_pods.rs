//! Peers of network policies that nobody is.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::list;
use crate::group::Group;
use kube_vocab::{FieldPath, Severity};
use stack_model::Value;
use stack_model::{Entry, Extent, Selector};

pub(super) const CHECK: Check = Check {
    code: "peer-without-pods",
    group: Group::References,
    severity: Severity::Warning,
    title: "A network policy speaks of pods that nobody runs",
    explanation: "A rule of the policy, or a policy for the whole cluster, asks for a label that no pod of the \
        stack has, though others have the same key: it lets nobody in, or out to nobody.",
    remedy: "write the labels of the pods that are meant",
    silent: "Parts of a stack, whose pods may be elsewhere; keys that no pod of the stack carries; labels \
        that the platform sets.",
    failing: include_str!("../../fixtures/peer-without-pods/failing.yaml"),
    passing: include_str!("../../fixtures/peer-without-pods/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    if context.extent == Extent::Part {
        return;
    }
    let model = context.model;
    for policy in model.objects("networking.k8s.io", "NetworkPolicy") {
        for (rules, peers) in [("spec.ingress", "from"), ("spec.egress", "to")] {
            look(context, sink, policy, rules, peers, Some("podSelector"));
        }
    }
    for kind in ["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"] {
        for policy in model.objects("cilium.io", kind) {
            look(context, sink, policy, "spec.ingress", "fromEndpoints", None);
            look(context, sink, policy, "spec.egress", "toEndpoints", None);
            let selector = policy.at("spec.endpointSelector");
            if let Some(label) = selector.and_then(|selector| nowhere(context, selector))
                && kind == "CiliumClusterwideNetworkPolicy"
            {
                sink.report(
                    policy,
                    path("spec.endpointSelector"),
                    format!("no pod of the stack has the label {label}"),
                );
            }
        }
    }
}

/// Looks at the peers of all rules of one direction; the selector is the peer itself, or a member of it.
fn look(
    context: &Context<'_>,
    sink: &mut Sink<'_, '_>,
    policy: &Entry,
    rules: &str,
    peers: &str,
    member: Option<&str>,
) {
    for (number, rule) in policy.items_at(rules).iter().enumerate() {
        for (position, peer) in list(rule, peers).iter().enumerate() {
            let selector = member.map_or(Some(peer), |member| peer.get(member));
            if let Some(label) = selector.and_then(|selector| nowhere(context, selector)) {
                let peer = path(&format!("{rules}[{number}].{peers}[{position}]"));
                let place = member.into_iter().fold(peer, FieldPath::field);
                sink.report(
                    policy,
                    place,
                    format!("no pod of the stack has the label {label}"),
                );
            }
        }
    }
}

/// A label that a selector asks for and that no pod has, where other pods have its key.
fn nowhere(context: &Context<'_>, selector: &Value) -> Option<String> {
    let selector = Selector::read(selector).ok()?;
    selector
        .requirements()
        .iter()
        .find_map(|requirement| context.label_that_nobody_has(requirement))
}
