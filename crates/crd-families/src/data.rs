//! The definitions of all families as data.

use crd_core::Channel;
use crd_validate::{PackedDefinitions, Registry};

/// The data of families: `definitions/NAME.txt` for each name.
macro_rules! packed {
    ($($name:literal),* $(,)?) => {
        [$(($name, PackedDefinitions::new(include_str!(concat!("../definitions/", $name, ".txt"))))),*]
    };
}

static PACKED: [(&str, PackedDefinitions); 17] = packed![
    "argo-rollouts",
    "argocd",
    "cert-manager",
    "cilium",
    "external-secrets",
    "gatekeeper",
    "gateway-api",
    "istio",
    "keda",
    "kong",
    "kyverno",
    "linkerd",
    "litmus",
    "opentelemetry-operator",
    "prometheus-operator",
    "spire",
    "velero",
];

/// The definitions of every family by its name, in alphabetical order: for whoever judges by some families alone. They are here
/// whether or not the family's types are.
pub fn packed() -> impl Iterator<Item = (&'static str, &'static PackedDefinitions)> {
    PACKED
        .iter()
        .map(|(name, definitions)| (*name, definitions))
}

/// Tells a judge of all kinds of every family that servers of a release channel know. Of a definition is read what the objects
/// that come touch. Kinds that the judge knows already stay as they are.
///
/// ```
/// use crd_families::Channel;
/// use crd_validate::{Registry, UnknownFields};
/// use serde_json::json;
///
/// let mut judge = Registry::new();
/// crd_families::add_definitions(Channel::Standard, &mut judge);
/// let class = json!({
///     "apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass", "metadata": {"name": "kong"},
///     "spec": {"controllerName": "kong"}
/// });
/// let judgement = judge.judge(&class, UnknownFields::Refuse);
/// assert_eq!(judgement.report.findings[0].path.to_string(), "spec.controllerName");
/// ```
pub fn add_definitions(channel: Channel, judge: &mut Registry) {
    for (_, definitions) in packed() {
        judge.add_packed(definitions, channel.as_str());
    }
}
