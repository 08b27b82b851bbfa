//! Webhooks and APIs whose Service does not exist.

use crate::check::Check;
use crate::context::{Context, Sink, path};
use crate::fields::{at, text};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::{Entry, Purpose, Value};

pub(super) const CHECK: Check = Check {
    code: "dangling-webhook",
    group: Group::References,
    severity: Severity::Error,
    title: "The API server asks a Service or a port that does not exist",
    explanation: "A webhook, an aggregated API or a conversion names a Service that is not there, or a port that it lacks (443 \
        where none is written). With failurePolicy Fail, which \
        is the default, every request that it is for is refused.",
    remedy: "name the Service of the webhook, or take the configuration out with it",
    silent: "What lies outside the input is unknown: in a part of a stack \
        something is missing only where its name is one letter away from one that is there.",
    failing: include_str!("../../fixtures/dangling-webhook/failing.yaml"),
    passing: include_str!("../../fixtures/dangling-webhook/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    missing::report(context, sink, &[Purpose::Webhook], |_| true);
    let hooks = "admissionregistration.k8s.io";
    for kind in [
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
    ] {
        for entry in context.model.objects(hooks, kind) {
            for (number, webhook) in entry.items_at("webhooks").iter().enumerate() {
                let service = at(webhook, "clientConfig.service");
                let place = format!("webhooks[{number}].clientConfig.service");
                look_at_port(context, entry, service, &place, sink);
            }
        }
    }
    for entry in context
        .model
        .objects("apiregistration.k8s.io", "APIService")
    {
        look_at_port(
            context,
            entry,
            entry.at("spec.service"),
            "spec.service",
            sink,
        );
    }
}

/// Reports a port that the Service lacks; 443 where none is written.
fn look_at_port(
    context: &Context<'_>,
    entry: &Entry,
    reference: Option<&Value>,
    place: &str,
    sink: &mut Sink<'_, '_>,
) {
    let service = reference.and_then(|reference| {
        let (namespace, name) = (text(reference, "namespace")?, text(reference, "name")?);
        context.model.service(namespace, name)
    });
    let Some(service) = service.filter(|service| {
        !context.is_ambiguous(service.entry()) && context.are_near(entry, service.entry())
    }) else {
        return;
    };
    let port = reference.and_then(|reference| reference.get("port"));
    let port = port.and_then(Value::as_u64).unwrap_or(443);
    let mut ports = service.ports().peekable();
    if ports.peek().is_some() && ports.all(|own| u64::from(own.port) != port) {
        sink.report_with(
            entry,
            path(place).field("port"),
            format!("{service} has no port {port}"),
            "use a port of the Service (`spec.ports[].port`), not one of the container",
        );
    }
}
