//! Ways into the cluster without encryption.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::{list, text};
use crate::group::Group;
use kube_vocab::Severity;
use stack_gateway::ListenerProtocol;
use stack_model::{Entry, Value};

pub(super) const CHECK: Check = Check {
    code: "exposed-without-tls",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "A way into the cluster is not encrypted",
    explanation: "Listeners for HTTP and Ingresses without TLS carry passwords and cookies in plain text through \
        the networks before the cluster.",
    remedy: "serve HTTPS, and let the listener for HTTP redirect",
    silent: "Listeners whose routes all redirect; what a load balancer before the cluster encrypts; Ingresses whose annotations \
        name a certificate, or leave TLS to the pods.",
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
        let has_rules = ingress.at("spec.rules").is_some();
        if has_rules && ingress.items_at("spec.tls").is_empty() && !is_encrypted(ingress) {
            sink.report(ingress, path("spec.rules"), "no host has a certificate");
        }
    }
}

/// Annotations by which controllers and load balancers of clouds get a certificate, or leave TLS to the pods; with a value, if not any
/// will do.
const CERTIFICATES: [(&str, Option<&str>); 14] = [
    ("alb.ingress.kubernetes.io/certificate-arn", None),
    ("alb.ingress.kubernetes.io/listen-ports", Some("HTTPS")),
    ("alb.ingress.kubernetes.io/ssl-redirect", None),
    ("appgw.ingress.kubernetes.io/appgw-ssl-certificate", None),
    ("haproxy.org/ssl-passthrough", Some("true")),
    ("ingress.gcp.kubernetes.io/pre-shared-cert", None),
    ("ingress.kubernetes.io/ssl-passthrough", Some("true")),
    ("konghq.com/protocols", Some("https")),
    ("kubernetes.io/ingress.allow-http", Some("false")),
    ("networking.gke.io/certmap", None),
    ("networking.gke.io/managed-certificates", None),
    ("nginx.ingress.kubernetes.io/ssl-passthrough", Some("true")),
    ("route.openshift.io/termination", None),
    ("traefik.ingress.kubernetes.io/router.tls", Some("true")),
];

/// Whether something else than the Ingress itself says where its certificate is.
fn is_encrypted(ingress: &Entry) -> bool {
    let annotations = ingress.annotations();
    let of_annotation = CERTIFICATES.iter().any(|(key, wanted)| {
        let value = annotations.get(key);
        value.is_some_and(|value| wanted.is_none_or(|wanted| value.contains(wanted)))
    });
    // Tailscale serves nothing else than HTTPS.
    of_annotation || ingress.text_at("spec.ingressClassName") == Some("tailscale")
}

fn redirects(rule: &Value) -> bool {
    list(rule, "filters")
        .iter()
        .any(|filter| text(filter, "type") == Some("RequestRedirect"))
}
