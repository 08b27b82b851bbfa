#![doc = include_str!("../README.md")]

#[cfg(feature = "validate")]
mod data;
#[cfg(all(feature = "schema", feature = "validate"))]
mod made;

use std::collections::BTreeMap;

#[cfg(feature = "schema")]
use crd_core::crd::Definition;
#[doc(no_inline)]
pub use crd_core::{Channel, Family, Version};
#[cfg(feature = "validate")]
pub use data::{add_definitions, packed};
#[cfg(all(feature = "schema", feature = "validate"))]
pub use made::pack;

/// Every family whose feature is on, in alphabetical order.
pub fn families() -> Vec<Family> {
    Vec::from([
        #[cfg(feature = "argo-rollouts")]
        argo_rollouts_types::family(),
        #[cfg(feature = "argocd")]
        argocd_types::family(),
        #[cfg(feature = "cert-manager")]
        cert_manager_types::family(),
        #[cfg(feature = "cilium")]
        cilium_types::family(),
        #[cfg(feature = "external-secrets")]
        external_secrets_types::family(),
        #[cfg(feature = "gatekeeper")]
        gatekeeper_types::family(),
        #[cfg(feature = "gateway-api")]
        gateway_api::family(),
        #[cfg(feature = "istio")]
        istio_types::family(),
        #[cfg(feature = "keda")]
        keda_types::family(),
        #[cfg(feature = "kong")]
        kong_types::family(),
        #[cfg(feature = "kyverno")]
        kyverno_types::family(),
        #[cfg(feature = "linkerd")]
        linkerd_types::family(),
        #[cfg(feature = "litmus")]
        litmus_types::family(),
        #[cfg(feature = "opentelemetry-operator")]
        opentelemetry_operator_types::family(),
        #[cfg(feature = "prometheus-operator")]
        prometheus_operator_types::family(),
        #[cfg(feature = "spire")]
        spire_types::family(),
        #[cfg(feature = "velero")]
        velero_types::family(),
    ])
}

/// All families with an index of their versions. Cheap to ask, so make it once.
#[derive(Clone, Debug)]
pub struct Registry {
    families: Vec<Family>,
    /// By apiVersion, then kind.
    versions: BTreeMap<String, BTreeMap<&'static str, Version>>,
}

impl Registry {
    /// The registry of all [`families`].
    pub fn new() -> Self {
        Self::of(families())
    }

    /// A registry of these families: some of ours, or a program's own beside them. Of two families with one kind, the first
    /// counts.
    pub fn of(families: Vec<Family>) -> Self {
        let mut versions: BTreeMap<String, BTreeMap<&'static str, Version>> = BTreeMap::new();
        for version in families.iter().flat_map(Family::versions) {
            let kinds = versions.entry(version.api_version()).or_default();
            kinds.entry(version.info().kind).or_insert(*version);
        }
        Self { families, versions }
    }

    /// The families, in the order in which they were given.
    pub fn families(&self) -> &[Family] {
        &self.families
    }

    /// The definitions of all kinds that servers of a release channel know, none of them made yet.
    #[cfg(feature = "schema")]
    pub fn definitions(&self, channel: Channel) -> Vec<Definition> {
        let families = self.families.iter();
        families
            .flat_map(|family| family.definitions(channel))
            .collect()
    }

    /// The version that a document with this `apiVersion` and `kind` is read as, served or not; `None` for built-in kinds and
    /// for kinds of no family.
    pub fn version(&self, api_version: &str, kind: &str) -> Option<&Version> {
        self.versions.get(api_version)?.get(kind)
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}
