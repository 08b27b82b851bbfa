//! Ways into the cluster without encryption.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::{list, text};
use crate::group::Group;
use kube_vocab::Severity;
use stack_gateway::ListenerProtocol;
use stack_model::Value;

pub(super) const CHECK: Check = Check {
    code: "exposed-without-tls",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "A way into the cluster is not encrypted",
    explanation: "Listeners for HTTP and Ingresses without TLS carry passwords and cookies in plain text through \
        the networks before the cluster.",
    remedy: "serve HTTPS, and let the listener for HTTP redirect",
    silent: "Listeners whose routes all redirect; what a load balancer before the cluster encrypts.",
    failing: include_str!("../../fixtures/exposed-without-tls/failing.yaml"),
    passing: include_str!("../../fixtures/exposed-without-tls/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for (number, listener) in context.routing.listeners().iter().enumerate() {
        let routes = context.routing.attached(number);
        let plain = routes.iter().any(|(route, _)| {
            context.routing.routes()[*route]
                .rules()
                .iter()
                .any(|rule| !redirects(rule))
        });
        if listener.protocol == ListenerProtocol::Http && plain {
            let at = path(&format!("spec.listeners[{}].protocol", listener.index));
            sink.report(listener.owner, at, "routes answer without encryption here");
        }
    }
    for ingress in context.model.objects("networking.k8s.io", "Ingress") {
        if ingress.items_at("spec.tls").is_empty() && ingress.at("spec.rules").is_some() {
            sink.report(ingress, path("spec.rules"), "no host has a certificate");
        }
    }
}

fn redirects(rule: &Value) -> bool {
    list(rule, "filters")
        .iter()
        .any(|filter| text(filter, "type") == Some("RequestRedirect"))
}
