//! Listeners whose hosts overlap under one certificate.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::EntryId;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "overlapping-hosts",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "Listeners with one certificate have hosts that overlap",
    explanation: "A browser that has a connection for the one host may send requests for the other over it, since \
        the certificate covers both. The listener answers what it was not made for, or 421.",
    remedy: "give each listener a certificate for its own host",
    silent: "Listeners without a certificate, and those of different Gateways.",
    failing: include_str!("../../fixtures/overlapping-hosts/failing.yaml"),
    passing: include_str!("../../fixtures/overlapping-hosts/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let mut seen: HashMap<(EntryId, u16, String), &str> = HashMap::new();
    for listener in context.routing.listeners() {
        let certificates = listener
            .owner
            .items_at("spec.listeners")
            .get(listener.index);
        let certificates = certificates.and_then(|value| value.get("tls")?.get("certificateRefs"));
        let (Some(certificates), Some(host)) = (certificates, listener.hostname.as_deref()) else {
            continue;
        };
        let key = (
            listener.owner.entry_id(),
            listener.port,
            certificates.to_string(),
        );
        match seen.get(&key) {
            Some(other) if *other != host => {
                let at = path(&format!("spec.listeners[{}].hostname", listener.index));
                sink.report(
                    listener.owner,
                    at,
                    format!("the certificate of {other} serves this host, too"),
                );
            }
            Some(_) => {}
            None => drop(seen.insert(key, host)),
        }
    }
}
