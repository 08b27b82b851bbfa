//! Secrets for TLS that hold no certificate.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::certificate::{Certificate, PrivateKey, content, pem_blocks};
use stack_model::{Entry, Purpose, Resolution, Value};

pub(super) const CHECK: Check = Check {
    code: "tls-secret",
    group: Group::References,
    severity: Severity::Error,
    title: "An object that is to hold a certificate does not",
    explanation: "A listener or an Ingress takes its certificate from a Secret that has no `tls.crt` or no \
        `tls.key`, that holds something else there than a certificate and a private key in PEM, or a key that belongs to \
        another certificate. Connections are refused, or get the certificate of the controller. A BackendTLSPolicy trusts what \
        stands under `ca.crt` of a ConfigMap; without it no backend is trusted.",
    remedy: "put the certificate and its key, both in PEM, under `tls.crt` and `tls.key`",
    silent: "Secrets that are not in the input; those without any data, which somebody fills in (that a server takes none of the \
        type kubernetes.io/tls so is said of the Secret itself); placeholders. Keys that are encrypted or do not state their \
        public part.",
    failing: include_str!("../../fixtures/tls-secret/failing.yaml"),
    passing: include_str!("../../fixtures/tls-secret/passing.yaml"),
    run,
};

/// What backends are trusted by: a ConfigMap or a Secret with `ca.crt`.
fn look_at_authorities(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let policies = context
        .model
        .objects("gateway.networking.k8s.io", "BackendTLSPolicy");
    for policy in policies {
        for reference in context.model.references_of(policy) {
            let found = match context.model.resolve(&reference, context.extent) {
                Resolution::Found(found) if reference.purpose == Purpose::Certificate => found,
                _ => continue,
            };
            let is_sure = !context.is_ambiguous(found) && context.are_near(policy, found);
            if is_sure && has_data(found) && content(found, "ca.crt").is_none() {
                let at = reference.path.to_field_path();
                let remedy = "put the certificate of the authority, in PEM, under `ca.crt`";
                sink.report_with(policy, at, format!("{found} has no key `ca.crt`"), remedy);
            }
        }
    }
}

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    look_at_authorities(context, sink);
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
            let is_open = !has_data(secret);
            let missing = ["tls.crt", "tls.key"].into_iter().find(|key| !has(key));
            let problem = match missing {
                Some(key) if !is_open => Some(format!("has no key `{key}`")),
                Some(_) => None,
                None => problem_of(secret),
            };
            if let Some(problem) = problem.filter(|_| !context.is_ambiguous(secret)) {
                let at = reference.path.to_field_path();
                sink.report(entry, at, format!("{secret} {problem}"));
            }
        }
    }
}

fn has_data(secret: &Entry) -> bool {
    let maps = ["data", "stringData"].map(|map| secret.at(map).and_then(Value::as_object));
    maps.into_iter().flatten().any(|map| !map.is_empty())
}

/// What is wrong with what a Secret holds under both keys.
fn problem_of(secret: &Entry) -> Option<String> {
    let certificate = content(secret, "tls.crt")?;
    let key = content(secret, "tls.key")?;
    for (name, text, wanted) in [
        ("tls.crt", &certificate, "CERTIFICATE"),
        ("tls.key", &key, "PRIVATE KEY"),
    ] {
        if is_placeholder(text) {
            return None;
        }
        let blocks = pem_blocks(text);
        if !blocks.iter().any(|(label, _)| label.ends_with(wanted)) {
            let what = match blocks.first() {
                _ if text.starts_with(PEM_IN_BASE64) => "base64 once too often".to_owned(),
                Some((label, _)) => format!("a {label}"),
                None => "no PEM".to_owned(),
            };
            return Some(format!("holds {what} under `{name}`"));
        }
    }
    let fits = Certificate::first(&certificate)?.fits(&PrivateKey::first(&key)?)?;
    (!fits).then(|| "holds a key that belongs to another certificate".to_owned())
}

/// How `-----BEGIN` begins in base64.
const PEM_IN_BASE64: &[u8] = b"LS0tLS1CRUdJTi";

/// Whether a text is too short for a key, or is to be filled in by somebody.
fn is_placeholder(text: &[u8]) -> bool {
    let marks: [&[u8]; 4] = [b"{{", b"${", b"ENC[", b"<"];
    text.len() < 64
        || marks
            .iter()
            .any(|mark| text.windows(mark.len()).any(|window| window == *mark))
}
