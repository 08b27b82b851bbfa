//! Peers by the labels that Cilium gives them.

use stack_model::LabelSet;

use crate::world::{LabelMap, Pod};

/// The labels of a pod as Cilium knows them. Sources (`k8s:`, `any:`) are already cut off the keys that are asked for.
pub(crate) struct PodIdentity<'a> {
    pub(crate) pod: &'a Pod,
    pub(crate) namespace: Option<&'a LabelMap>,
    pub(crate) cluster: &'a str,
}

impl LabelSet for PodIdentity<'_> {
    fn value(&self, key: &str) -> Option<&str> {
        match key {
            "io.kubernetes.pod.namespace" => Some(&self.pod.name.namespace),
            "io.cilium.k8s.policy.cluster" => Some(self.cluster),
            "io.cilium.k8s.policy.serviceaccount" => Some(&self.pod.service_account),
            _ => match key.strip_prefix("io.cilium.k8s.namespace.labels.") {
                Some(key) => self.namespace?.get(key),
                None => self.pod.labels.get(key),
            },
        }
    }
}

/// The labels of what is no pod: `reserved:host` and so on, with an empty value.
pub(crate) struct ReservedIdentity<'a> {
    pub(crate) names: &'a [&'a str],
}

impl LabelSet for ReservedIdentity<'_> {
    fn value(&self, key: &str) -> Option<&str> {
        let name = key.strip_prefix("reserved:")?;
        self.names.contains(&name).then_some("")
    }
}
