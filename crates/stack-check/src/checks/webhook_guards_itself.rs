//! Webhooks that guard their own pods.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Selector;
use stack_model::Value;

pub(super) const CHECK: Check = Check {
    code: "webhook-guards-itself",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "A webhook has to be asked before its own pods can start",
    explanation: "The webhook is asked about pods of its own namespace, and requests fail while it does not answer. Once its \
        last pod is gone no new one can be created: the deadlock ends only by hand.",
    remedy: "exempt the namespace (`namespaceSelector`) or the webhook's pods (`objectSelector`), or set `failurePolicy: \
        Ignore`",
    silent: "Namespaces whose labels are not in the input; match conditions.",
    failing: include_str!("../../fixtures/webhook-guards-itself/failing.yaml"),
    passing: include_str!("../../fixtures/webhook-guards-itself/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for kind in [
        "ValidatingWebhookConfiguration",
        "MutatingWebhookConfiguration",
    ] {
        for entry in context.model.objects("admissionregistration.k8s.io", kind) {
            for (number, webhook) in entry.items_at("webhooks").iter().enumerate() {
                let service = guarded_service(context, webhook);
                if let Some(service) =
                    service.filter(|found| context.are_near(entry, found.entry()))
                {
                    let message = format!("is asked about the pods of {service}, which answers it");
                    sink.report(entry, path(&format!("webhooks[{number}]")), message);
                }
            }
        }
    }
}

/// The Service of a webhook, if the webhook is asked about the pods behind it and everything fails without it.
fn guarded_service<'m>(context: &Context<'m>, webhook: &Value) -> Option<stack_model::Service<'m>> {
    let fails = webhook.get("failurePolicy").and_then(Value::as_str) != Some("Ignore");
    let has_conditions = webhook.get("matchConditions").is_some();
    if !fails || has_conditions || !asks_about_pods(webhook) {
        return None;
    }
    let service = webhook.get("clientConfig")?.get("service")?;
    let text = |member: &str| service.get(member).and_then(Value::as_str);
    let service = context.model.service(text("namespace")?, text("name")?)?;
    let namespace = context
        .model
        .namespace(service.namespace())
        .filter(|namespace| namespace.is_declared())?;
    let selector = |member: &str| {
        webhook
            .get(member)
            .map_or(Some(Selector::everything()), |selector| {
                Selector::read(selector).ok()
            })
    };
    if !selector("namespaceSelector")?.matches(&namespace.labels()) {
        return None;
    }
    let objects = selector("objectSelector")?;
    service
        .workloads()
        .any(|workload| objects.matches(&workload.labels()))
        .then_some(service)
}

fn asks_about_pods(webhook: &Value) -> bool {
    let rules = webhook.get("rules").and_then(Value::as_array);
    rules.into_iter().flatten().any(|rule| {
        let has = |member: &str, values: &[&str]| {
            let list = rule.get(member).and_then(Value::as_array);
            list.into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .any(|value| values.contains(&value))
        };
        has("apiGroups", &["", "*"])
            && has("resources", &["pods", "*", "*/*"])
            && has("operations", &["CREATE", "*"])
    })
}
