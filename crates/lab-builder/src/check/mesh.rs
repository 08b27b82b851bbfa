//! Which pods are in the mesh, and on which of their ports it takes no plain text.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stack_builder::{Bundle, Object};

use crate::wiring::Wiring;

/// The mesh, as the objects of the lab make it.
pub(super) struct Mesh<'a> {
    root: &'a str,
    ambient: BTreeSet<&'a str>,
    policies: BTreeMap<&'a str, Vec<&'a Object>>,
}

impl<'a> Mesh<'a> {
    /// Nothing where the stack has not the lab's wiring.
    pub(super) fn of(bundle: &'a Bundle) -> Option<Self> {
        let wiring: &Wiring = bundle.wiring()?;
        let (mode, ambient) = istio_types::labels::DataplaneMode::Ambient.label();
        let namespaces = bundle.of_kind("", "Namespace");
        let ambient = namespaces
            .filter(|namespace| namespace.value()["metadata"]["labels"][mode] == *ambient)
            .map(|namespace| namespace.id().name.as_str());
        let mut policies: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
        for policy in bundle.of_kind("security.istio.io", "PeerAuthentication") {
            let namespace = policy.id().namespace.as_deref().unwrap_or("default");
            policies.entry(namespace).or_default().push(policy);
        }
        Some(Mesh {
            root: &wiring.mesh.root_namespace,
            ambient: ambient.collect(),
            policies,
        })
    }

    /// Whether pods of a namespace are in the mesh; a label of the pod goes before its namespace's.
    pub(super) fn has(&self, namespace: &str, of_pod: Option<&str>) -> bool {
        let (_, ambient) = istio_types::labels::DataplaneMode::Ambient.label();
        match of_pod {
            Some(mode) => mode == ambient,
            None => self.ambient.contains(namespace),
        }
    }

    /// Whether pods with these labels refuse plain text on a port. Where several policies of one reach say different
    /// things the oldest counts, and age is not known here: then they do not.
    pub(super) fn is_strict(
        &self,
        namespace: &str,
        labels: &BTreeMap<&str, &str>,
        port: u16,
    ) -> bool {
        let key = port.to_string();
        let of = |namespace| self.policies.get(namespace).into_iter().flatten();
        // In the root namespace a policy with a selector is ignored.
        let selecting = || {
            of(namespace)
                .filter(|_| namespace != self.root)
                .filter_map(|policy| Some((policy, selector(policy)?)))
                .filter(|(_, selector)| {
                    let has = |(key, value): (&String, &Value)| {
                        labels.get(key.as_str()).copied() == value.as_str()
                    };
                    selector.iter().all(has)
                })
                .map(|(policy, _)| &policy.value()["spec"])
        };
        let whole = |namespace| {
            of(namespace)
                .filter(|policy| selector(policy).is_none())
                .map(|policy| &policy.value()["spec"]["mtls"])
        };
        strict(selecting().map(|spec| &spec["portLevelMtls"][&key]))
            .or_else(|| strict(selecting().map(|spec| &spec["mtls"])))
            .or_else(|| strict(whole(namespace)))
            .or_else(|| strict(whole(self.root)))
            .unwrap_or(false)
    }
}

fn selector(policy: &Object) -> Option<&serde_json::Map<String, Value>> {
    let labels = policy.value()["spec"]["selector"]["matchLabels"].as_object();
    labels.filter(|labels| !labels.is_empty())
}

/// What demands of the same reach come to; nothing where none says anything.
fn strict<'a>(demands: impl Iterator<Item = &'a Value>) -> Option<bool> {
    demands
        .filter_map(|mtls| mtls["mode"].as_str())
        .filter(|mode| *mode != "UNSET")
        .map(|mode| mode == "STRICT")
        .reduce(|one, other| one && other)
}
