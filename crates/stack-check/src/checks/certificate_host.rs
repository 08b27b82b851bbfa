//! Certificates for other hosts than those that they are presented for.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::{list, text, texts};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Entry;
use stack_model::certificate::{Certificate, content};

pub(super) const CHECK: Check = Check {
    code: "certificate-host",
    group: Group::References,
    severity: Severity::Error,
    title: "A certificate is not for the host that it is presented for",
    explanation: "A listener or an Ingress presents a certificate whose names do not cover its host. Every client that checks \
        certificates ends the connection.",
    remedy: "name a Secret with a certificate for the host, or ask for one that covers it",
    silent: "Secrets that are not in the input, and those whose content is no certificate that can be read. Whether a \
        certificate has expired is not looked at: checks have no clock.",
    failing: include_str!("../../fixtures/certificate-host/failing.yaml"),
    passing: include_str!("../../fixtures/certificate-host/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for listener in context.routing.listeners() {
        let (owner, index) = (listener.owner, listener.index);
        let tls = owner
            .items_at("spec.listeners")
            .get(index)
            .and_then(|value| value.get("tls"));
        let (Some(tls), Some(host)) = (tls, listener.hostname.as_deref()) else {
            continue;
        };
        let references = list(tls, "certificateRefs");
        if text(tls, "mode") == Some("Passthrough") || references.is_empty() {
            continue;
        }
        let certificates = references.iter().map(|reference| {
            let is_secret = text(reference, "kind").unwrap_or("Secret") == "Secret";
            let namespace = text(reference, "namespace").or(owner.namespace())?;
            let name = text(reference, "name").filter(|_| is_secret)?;
            certificate(context, owner, namespace, name)
        });
        let Some(certificates) = certificates.collect::<Option<Vec<_>>>() else {
            continue;
        };
        if !certificates.iter().any(|one| serves(one, host)) {
            let at = path(&format!("spec.listeners[{index}].hostname"));
            sink.report(owner, at, message(host, &certificates));
        }
    }
    for ingress in context.model.objects("networking.k8s.io", "Ingress") {
        for (number, tls) in ingress.items_at("spec.tls").iter().enumerate() {
            let certificate = text(tls, "secretName")
                .and_then(|name| certificate(context, ingress, ingress.namespace()?, name));
            let Some(certificate) = certificate else {
                continue;
            };
            for (position, host) in texts(tls, "hosts").enumerate() {
                if !serves(&certificate, host) {
                    let at = path(&format!("spec.tls[{number}].hosts[{position}]"));
                    sink.report(
                        ingress,
                        at,
                        message(host, std::slice::from_ref(&certificate)),
                    );
                }
            }
        }
    }
}

/// The certificate in a Secret, if that surely is the one that is presented.
fn certificate(
    context: &Context<'_>,
    user: &Entry,
    namespace: &str,
    name: &str,
) -> Option<Certificate> {
    let secret = context.model.get("", "Secret", Some(namespace), name)?;
    let is_sure = !context.is_ambiguous(secret) && context.are_near(user, secret);
    let text = content(secret, "tls.crt").filter(|_| is_sure)?;
    Certificate::first(&text).filter(|certificate| !certificate.names().is_empty())
}

/// Whether some client that asks for the host is content. A wildcard is served in part by each certificate below it.
fn serves(certificate: &Certificate, host: &str) -> bool {
    let below = |parent: &str| {
        let names = certificate.names().iter();
        names.into_iter().any(|name| {
            // Of `*.a.b` it is `*.`, of `x.a.b` it is `x.`.
            let before = name.strip_suffix(parent);
            before.is_some_and(|before| before.ends_with('.'))
        })
    };
    let placeholder = host.contains(['$', '{', '<']);
    placeholder
        || certificate.covers(host)
        || host
            .strip_prefix("*.")
            .is_some_and(|parent| below(&parent.to_ascii_lowercase()))
}

fn message(host: &str, certificates: &[Certificate]) -> String {
    let names: Vec<&str> = certificates
        .iter()
        .flat_map(Certificate::names)
        .map(String::as_str)
        .collect();
    format!(
        "the certificate is for {}, not for {host}",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_is_served_by_a_certificate_below_it() {
        let documents = kube_yaml::Manifests::new(CHECK.passing);
        let model = stack_model::Model::read(documents.map(|document| document.unwrap().value));
        let secret = model.get("", "Secret", Some("demo"), "web").unwrap();
        let text = content(secret, "tls.crt").unwrap();
        let certificate = Certificate::first(&text).unwrap();
        for (host, expected) in [
            ("web.example.com", true),
            ("api.example.com", false),
            ("*.example.com", true),
            ("*.web.example.com", false),
            ("*.apps.example.com", true),
            ("*.other.com", false),
            ("${HOST}", true),
        ] {
            assert_eq!(serves(&certificate, host), expected, "{host}");
        }
    }
}
