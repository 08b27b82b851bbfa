//! Secrets for TLS that hold no certificate.

use crate::check::{Check, Group};
use crate::context::{Context, Sink};
use kube_vocab::Severity;
use stack_model::{Purpose, Resolution};

pub(super) const CHECK: Check = Check {
    code: "tls-secret",
    group: Group::References,
    severity: Severity::Error,
    title: "A Secret that is to hold a certificate does not",
    explanation: "A listener or an Ingress takes its certificate from a Secret that has no `tls.crt` or no \
        `tls.key`. Connections are refused, or get the certificate of the controller.",
    remedy: "put certificate and key under `tls.crt` and `tls.key`",
    silent: "Secrets that are not in the input, and those without any data, which somebody fills in.",
    failing: include_str!("../../fixtures/tls-secret/failing.yaml"),
    passing: include_str!("../../fixtures/tls-secret/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for entry in context.model.entries() {
        let serves = matches!(
            entry.kind(),
            "Gateway" | "ListenerSet" | "XListenerSet" | "Ingress"
        );
        if !serves || entry.group() == "networking.istio.io" {
            continue;
        }
        for reference in context.model.references_of(entry) {
            if reference.purpose != Purpose::Certificate || reference.kind != "Secret" {
                continue;
            }
            let at = reference.path.to_string();
            if !at.contains("certificateRefs") && !at.starts_with("spec.tls") {
                continue;
            }
            let Resolution::Found(secret) = context.model.resolve(&reference, context.extent)
            else {
                continue;
            };
            let has = |key: &str| {
                let maps = ["data", "stringData"]
                    .iter()
                    .filter_map(|map| secret.at(map));
                maps.into_iter().any(|map| map.get(key).is_some())
            };
            let is_empty = secret.at("data").is_none() && secret.at("stringData").is_none();
            let missing = ["tls.crt", "tls.key"].into_iter().find(|key| !has(key));
            if let Some(key) = missing.filter(|_| !is_empty && !context.is_ambiguous(secret)) {
                sink.report(
                    entry,
                    reference.path.to_field_path(),
                    format!("{secret} has no key `{key}`"),
                );
            }
        }
    }
}
