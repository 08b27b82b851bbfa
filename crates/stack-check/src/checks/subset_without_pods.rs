//! Subsets that no pod is in.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Labels, Operator, Requirement, Selector};

pub(super) const CHECK: Check = Check {
    code: "subset-without-pods",
    group: Group::References,
    severity: Severity::Warning,
    title: "A subset of a DestinationRule has no pods",
    explanation: "The labels of the subset fit none of the pods behind the Service: traffic that is sent to it \
        gets 503.",
    remedy: "use labels of the pod template",
    silent: "Hosts whose Service or pods are not in the input; labels that the platform gives to pods \
        (`topology.kubernetes.io/...`); in a part of a stack, subsets of workloads that may be elsewhere, unless a value \
        is misspelt.",
    failing: include_str!("../../fixtures/subset-without-pods/failing.yaml"),
    passing: include_str!("../../fixtures/subset-without-pods/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for rule in context
        .model
        .objects("networking.istio.io", "DestinationRule")
    {
        let references = context.model.references_of(rule);
        let host = references
            .iter()
            .find(|reference| reference.path.to_string() == "spec.host");
        let service = host
            .and_then(|host| context.model.service(host.namespace?, host.name))
            .filter(|service| context.are_near(rule, service.entry()));
        let Some(selector) = service.and_then(|service| service.selector()) else {
            continue;
        };
        let Some(namespace) = service.map(|service| service.namespace()) else {
            continue;
        };
        if context
            .model
            .select_workloads(namespace, &selector)
            .is_empty()
        {
            continue;
        }
        for (number, subset) in rule.items_at("spec.subsets").iter().enumerate() {
            let labels = Labels::of(subset.get("labels"));
            let given = |key: &str| {
                key.starts_with("topology.")
                    || key.ends_with("/hash")
                    || key.contains("pod-template-hash")
            };
            if labels.iter().any(|(key, _)| given(key)) {
                continue;
            }
            let narrower = labels
                .iter()
                .fold(selector.clone(), |selector, (key, value)| {
                    selector.and(Requirement::new(key, Operator::In, [value]))
                });
            let own: Selector = Selector::new(
                labels
                    .iter()
                    .map(|(key, value)| Requirement::new(key, Operator::In, [value])),
            );
            if context
                .model
                .select_workloads(namespace, &narrower)
                .is_empty()
                && context.is_for_our_pods(rule, namespace, &own)
            {
                let message = format!(
                    "no pod has the labels {}",
                    crate::context::in_words(&narrower)
                );
                sink.report(
                    rule,
                    path(&format!("spec.subsets[{number}].labels")),
                    message,
                );
            }
        }
    }
}
