//! Secrets and ConfigMaps that hold certificates. What is in a certificate is not looked at.

use stack_model::certificate::{content, pem_blocks};
use stack_model::{Model, Value};

use crate::condition::Problem;
use crate::fields::text;
use crate::grant::{Grants, Side};

/// A reference to an object by group, kind, name and perhaps namespace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ObjectReference<'m> {
    pub(crate) group: &'m str,
    pub(crate) kind: &'m str,
    pub(crate) namespace: &'m str,
    pub(crate) name: &'m str,
}

impl<'m> ObjectReference<'m> {
    pub(crate) fn read(value: &'m Value, kind: &'m str, namespace: &'m str) -> Self {
        Self {
            group: text(value, "group").unwrap_or_default(),
            kind: text(value, "kind").unwrap_or(kind),
            namespace: text(value, "namespace").unwrap_or(namespace),
            name: text(value, "name").unwrap_or_default(),
        }
    }

    pub(crate) fn side(&self) -> Side<'m> {
        Side {
            group: self.group,
            kind: self.kind,
            namespace: self.namespace,
        }
    }
}

impl std::fmt::Display for ObjectReference<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}/{}", self.kind, self.namespace, self.name)
    }
}

/// What is wrong with a certificate that somebody presents: it must be a Secret with certificate and key in PEM.
pub(crate) fn key_pair_problem(
    model: &Model,
    grants: &Grants<'_>,
    from: Side<'_>,
    reference: ObjectReference<'_>,
    reason: &'static str,
) -> Option<Problem> {
    let problem = |what: &str| Some(Problem::new(reason, format!("{reference} {what}")));
    if (reference.group, reference.kind) != ("", "Secret") {
        return problem("is no Secret");
    }
    if !grants.allow(from, reference.side(), reference.name) {
        return Some(Problem::new(
            "RefNotPermitted",
            format!(
                "no ReferenceGrant of namespace {} permits {reference}",
                reference.namespace
            ),
        ));
    }
    let Some(secret) = model.get("", "Secret", Some(reference.namespace), reference.name) else {
        return problem("does not exist");
    };
    for key in ["tls.crt", "tls.key"] {
        match content(secret, key) {
            None => return problem(&format!("has no {key}")),
            Some(text) if !is_pem(&text) => return problem(&format!("has no PEM block in {key}")),
            Some(_) => {}
        }
    }
    None
}

/// What is wrong with certificates of authorities that somebody trusts: a ConfigMap or Secret with `ca.crt` in PEM.
pub(crate) fn authority_problem(
    model: &Model,
    reference: ObjectReference<'_>,
    reason: &'static str,
) -> Option<Problem> {
    let problem = |what: &str| Some(Problem::new(reason, format!("{reference} {what}")));
    let Some(object) = model.get(
        "",
        reference.kind,
        Some(reference.namespace),
        reference.name,
    ) else {
        return problem("does not exist");
    };
    match content(object, "ca.crt") {
        None => problem("has no ca.crt"),
        Some(text) if !is_pem(&text) => problem("has no PEM block in ca.crt"),
        Some(_) => None,
    }
}

/// Whether a text has a block of PEM that can be decoded.
fn is_pem(text: &[u8]) -> bool {
    pem_blocks(text)
        .iter()
        .any(|(_, content)| content.is_some())
}
