//! Which pods are in the mesh, and on which of their ports it takes no plain text.

use std::collections::{BTreeMap, BTreeSet};

use stack_model::{Entry, LabelSet, Selector, Value};

use crate::model::Whole;
use crate::wiring::Wiring;

/// The mesh, as the objects of the stack make it.
pub(super) struct Mesh<'a> {
    root: &'a str,
    ambient: BTreeSet<&'a str>,
    policies: BTreeMap<&'a str, Vec<Policy<'a>>>,
}

struct Policy<'a> {
    /// Nothing where it is about a whole namespace.
    selector: Option<Selector>,
    spec: &'a Value,
}

impl<'a> Mesh<'a> {
    /// Nothing where the stack has not the lab's wiring.
    pub(super) fn of(whole: &'a Whole<'a>) -> Option<Self> {
        let wiring: &Wiring = whole.bundle.wiring()?;
        let (mode, ambient) = istio_types::labels::DataplaneMode::Ambient.label();
        let namespaces = whole.model.namespaces();
        let ambient = namespaces
            .filter(|namespace| namespace.labels().get(mode) == Some(ambient))
            .map(|namespace| namespace.name());
        let mut policies: BTreeMap<&str, Vec<Policy<'a>>> = BTreeMap::new();
        for entry in whole
            .model
            .objects("security.istio.io", "PeerAuthentication")
        {
            let namespace = entry.namespace().unwrap_or_default();
            if let Some(spec) = entry.at("spec") {
                let selector = selector(entry);
                policies
                    .entry(namespace)
                    .or_default()
                    .push(Policy { selector, spec });
            }
        }
        Some(Mesh {
            root: &wiring.mesh.root_namespace,
            ambient: ambient.collect(),
            policies,
        })
    }

    /// Whether any namespace is in the mesh.
    pub(super) fn has_any(&self) -> bool {
        !self.ambient.is_empty()
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
    pub(super) fn is_strict(&self, namespace: &str, labels: &impl LabelSet, port: u16) -> bool {
        let key = port.to_string();
        let of = |namespace| self.policies.get(namespace).into_iter().flatten();
        // In the root namespace a policy with a selector is ignored.
        let selecting = || {
            of(namespace)
                .filter(|_| namespace != self.root)
                .filter(|policy| {
                    policy
                        .selector
                        .as_ref()
                        .is_some_and(|it| it.matches(labels))
                })
                .map(|policy| policy.spec)
        };
        let whole = |namespace| {
            of(namespace)
                .filter(|policy| policy.selector.is_none())
                .map(|policy| &policy.spec["mtls"])
        };
        strict(selecting().map(|spec| &spec["portLevelMtls"][&key]))
            .or_else(|| strict(selecting().map(|spec| &spec["mtls"])))
            .or_else(|| strict(whole(namespace)))
            .or_else(|| strict(whole(self.root)))
            .unwrap_or(false)
    }
}

/// The selector of a policy of Istio; none where it is about all pods.
pub(super) fn selector(policy: &Entry) -> Option<Selector> {
    let labels = policy.at("spec.selector.matchLabels")?;
    let selector = Selector::read_labels(labels).ok()?;
    (!selector.is_everything()).then_some(selector)
}

/// What demands of the same reach come to; nothing where none says anything.
fn strict<'a>(demands: impl Iterator<Item = &'a Value>) -> Option<bool> {
    demands
        .filter_map(|mtls| mtls["mode"].as_str())
        .filter(|mode| *mode != "UNSET")
        .map(|mode| mode == "STRICT")
        .reduce(|one, other| one && other)
}
