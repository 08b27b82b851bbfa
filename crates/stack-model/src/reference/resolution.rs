//! Whether what is named is there.

use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;

use kube_value::Value;

use super::{Near, Reference};
use crate::model::Model;
use crate::{Entry, EntryId, WorkloadKind};

/// How much of the cluster the input is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Extent {
    /// A part: what is not in it may exist all the same. Something is missing only where its name is one letter away from that
    /// of an object which is there.
    #[default]
    Part,
    /// All that is applied, charts included. Only what a cluster has or makes by itself is outside.
    Whole,
}

/// Where a reference leads.
#[derive(Clone, Copy, Debug)]
pub enum Resolution<'m> {
    /// To this object.
    Found(&'m Entry),
    /// To this object, but the key that is meant is not in it.
    KeyMissing(&'m Entry),
    /// To something that another object of the input makes.
    Made(&'m Entry),
    /// Nowhere.
    Missing,
    /// Out of the input: nobody can tell.
    Outside,
}

/// Objects that every cluster has.
const IN_EVERY_CLUSTER: &[(&str, &str)] = &[
    ("ClusterRole", "admin"),
    ("ClusterRole", "cluster-admin"),
    ("ClusterRole", "edit"),
    ("ClusterRole", "view"),
    // Istio writes it into every namespace.
    ("ConfigMap", "istio-ca-root-cert"),
    ("ConfigMap", "kube-root-ca.crt"),
    ("PriorityClass", "system-cluster-critical"),
    ("PriorityClass", "system-node-critical"),
    ("ServiceAccount", "default"),
    ("AppProject", "default"),
];

/// Kinds that come with a cluster or its add-ons: their absence says nothing.
const OF_THE_CLUSTER: &[&str] = &[
    "GatewayClass",
    "IngressClass",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "RuntimeClass",
    "StorageClass",
];

impl Model {
    /// Where a reference leads.
    pub fn resolve<'m>(&'m self, reference: &Reference<'m>, extent: Extent) -> Resolution<'m> {
        let Reference {
            group,
            kind,
            namespace,
            name,
            ..
        } = *reference;
        match self.look_up(group, kind, namespace, name, extent) {
            Resolution::Found(entry) if reference.key.is_some_and(|key| !has_key(entry, key)) => {
                Resolution::KeyMissing(entry)
            }
            resolution => resolution,
        }
    }

    /// Whether an object is there that somebody names; `namespace` is `None` for cluster-wide kinds.
    pub fn look_up(
        &self,
        group: &str,
        kind: &str,
        namespace: Option<&str>,
        name: &str,
        extent: Extent,
    ) -> Resolution<'_> {
        if let Some(entry) = self.get(group, kind, namespace, name) {
            return Resolution::Found(entry);
        }
        let maker = namespace.and_then(|namespace| self.maker_of(group, kind, namespace, name));
        if let Some(maker) = maker {
            return Resolution::Made(maker);
        }
        let is_declared =
            !self.made.is_empty() && self.made.contains(&made_key(group, kind, namespace, name));
        if !is_declared && self.could_know(group, kind, namespace, name, extent) {
            Resolution::Missing
        } else {
            Resolution::Outside
        }
    }

    /// Whether the input would hold it if it existed.
    fn could_know(
        &self,
        group: &str,
        kind: &str,
        namespace: Option<&str>,
        name: &str,
        extent: Extent,
    ) -> bool {
        let built_in = IN_EVERY_CLUSTER.contains(&(kind, name)) || name.starts_with("system:");
        // The cluster's own namespaces hold more than anybody applies.
        let of_cluster =
            (kind == "Service" && name == "kubernetes") || namespace == Some("kube-system");
        if built_in || of_cluster || !is_known(group, kind) {
            return false;
        }
        let holds_neighbours = self.objects(group, kind).next().is_some();
        if OF_THE_CLUSTER.contains(&kind) {
            return extent == Extent::Whole && holds_neighbours;
        }
        match (extent, namespace) {
            (Extent::Whole, _) => true,
            (Extent::Part, None) => false,
            // What is not here may be elsewhere, unless somebody clearly meant what is here.
            (Extent::Part, Some(namespace)) => {
                let is_filled = self.makers().filled.contains(namespace);
                !is_filled && self.nearly(group, kind, namespace, name).is_some()
            }
        }
    }

    /// An object of a kind and namespace whose name is one letter away from a name that no object has: what was probably meant.
    pub fn nearly(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Option<&Entry> {
        let place = (group.to_owned(), kind.to_owned(), namespace.to_owned());
        // A thread that panicked while it held the lock left the index as it was.
        let mut known = self.near.lock().unwrap_or_else(PoisonError::into_inner);
        let near = known.entry(place).or_insert_with(|| {
            let mut near = Near::default();
            for entry in self.objects_in(group, kind, namespace) {
                near.add(entry.name(), entry.entry_id());
            }
            near
        });
        let found = near.find(name, |id| self.entry(id).name());
        found.min().map(|id| self.entry(id))
    }

    /// The object of the input that makes what is named, as far as one can tell.
    fn maker_of(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Option<&Entry> {
        let makers = self.makers();
        let place = |name: &str| makers.places.get(namespace)?.get(name).copied();
        let named = match (group, kind) {
            ("", "Secret") => makers
                .secrets
                .get(namespace)
                .and_then(|names| names.get(name).copied()),
            ("", "PersistentVolumeClaim") => {
                // template-set-ordinal
                let stem = name.rsplit_once('-').map_or("", |(stem, _)| stem);
                let mut ends = stem.match_indices('-');
                ends.find_map(|(at, _)| {
                    self.get("apps", "StatefulSet", Some(namespace), &stem[at + 1..])
                })
                .map(Entry::entry_id)
            }
            _ => None,
        };
        let generated = || makers.generated.get(kind)?.get(name).copied();
        // Operators call what they make after the object that asks for it: `db` gives `db-rw` and `db-app`.
        let after_it = || {
            let is_made = matches!(group, "" | "apps" | "batch" | "rbac.authorization.k8s.io");
            let ends = name.match_indices('-').map(|(at, _)| at);
            let mut ends = ends.chain([name.len()]);
            ends.find_map(|end| place(&name[..end]).filter(|_| is_made))
        };
        named
            .or_else(generated)
            .or_else(after_it)
            .map(|id| self.entry(id))
    }
}

/// Group, kind, namespace and name.
pub(crate) type MadeKey = (String, String, Option<String>, String);

pub(crate) fn made_key(group: &str, kind: &str, namespace: Option<&str>, name: &str) -> MadeKey {
    (
        group.to_owned(),
        kind.to_owned(),
        namespace.map(str::to_owned),
        name.to_owned(),
    )
}

/// Who makes what others name.
#[derive(Debug, Default)]
pub(crate) struct Makers {
    /// Secrets by namespace and name.
    secrets: Names,
    /// Objects of kinds for which an operator works, by namespace and name.
    places: Names,
    /// What kustomizations generate, by kind and name.
    generated: Names,
    /// Namespaces that a GitOps tool fills with what is not in the input.
    filled: HashSet<String>,
}

/// By namespace or kind, then by name.
type Names = HashMap<String, HashMap<String, EntryId>>;

impl Makers {
    pub(crate) fn of(model: &Model) -> Self {
        let mut makers = Self::default();
        for (group, kind) in model.kinds() {
            if let Some(row) = SECRETS.iter().find(|row| (row.0, row.1) == (group, kind)) {
                for entry in model.objects(group, kind) {
                    let name = entry.text_at(row.2).unwrap_or(entry.name());
                    makers.secrets.note(entry.namespace(), name, entry);
                }
            }
            if FILLS.iter().any(|row| (row.0, row.1) == (group, kind)) {
                for entry in model.objects(group, kind) {
                    let place = ["spec.destination.namespace", "spec.targetNamespace"]
                        .iter()
                        .find_map(|path| entry.text_at(path));
                    let place = place.or(entry.namespace()).unwrap_or_default();
                    makers.filled.insert(place.to_owned());
                }
            }
            if kind == "Kustomization" && matches!(group, "kustomize.config.k8s.io" | "") {
                for entry in model.objects(group, kind) {
                    for (list, made) in [
                        ("configMapGenerator", "ConfigMap"),
                        ("secretGenerator", "Secret"),
                    ] {
                        for generator in entry.items_at(list) {
                            let name = generator.get("name").and_then(Value::as_str);
                            makers
                                .generated
                                .note(Some(made), name.unwrap_or_default(), entry);
                        }
                    }
                }
            }
            if is_for_an_operator(group, kind) {
                for entry in model.objects(group, kind) {
                    makers.places.note(entry.namespace(), entry.name(), entry);
                }
            }
        }
        makers
    }
}

trait Note {
    fn note(&mut self, place: Option<&str>, name: &str, entry: &Entry);
}

impl Note for Names {
    fn note(&mut self, place: Option<&str>, name: &str, entry: &Entry) {
        let (Some(place), false) = (place, name.is_empty()) else {
            return;
        };
        let names = self.entry(place.to_owned()).or_default();
        // Of several the first counts, whatever the order of the input.
        let id = names
            .entry(name.to_owned())
            .or_insert_with(|| entry.entry_id());
        *id = (*id).min(entry.entry_id());
    }
}

/// Kinds that make Secrets, and where they say the name; their own name where they do not.
const SECRETS: [(&str, &str, &str); 8] = [
    ("cert-manager.io", "Certificate", "spec.secretName"),
    ("external-secrets.io", "ExternalSecret", "spec.target.name"),
    ("bitnami.com", "SealedSecret", "spec.template.metadata.name"),
    ("onepassword.com", "OnePasswordItem", "metadata.name"),
    (
        "secrets.hashicorp.com",
        "VaultStaticSecret",
        "spec.destination.name",
    ),
    (
        "secrets.hashicorp.com",
        "VaultDynamicSecret",
        "spec.destination.name",
    ),
    (
        "secrets.infisical.com",
        "InfisicalSecret",
        "spec.managedSecretReference.secretName",
    ),
    ("kyverno.io", "ClusterPolicy", "spec.generate.name"),
];

/// Kinds that bring objects which are not in the input into a namespace.
const FILLS: [(&str, &str); 4] = [
    ("argoproj.io", "Application"),
    ("helm.cattle.io", "HelmChart"),
    ("helm.toolkit.fluxcd.io", "HelmRelease"),
    ("kustomize.toolkit.fluxcd.io", "Kustomization"),
];

/// Whether a controller may make pods, Services or Secrets for objects of a kind. The kinds of the families that only describe
/// are left out.
fn is_for_an_operator(group: &str, kind: &str) -> bool {
    const DESCRIBE: [&str; 14] = [
        "cilium.io",
        "config.gatekeeper.sh",
        "configuration.konghq.com",
        "constraints.gatekeeper.sh",
        "extensions.istio.io",
        "kind.x-k8s.io",
        "kustomize.config.k8s.io",
        "kyverno.io",
        "networking.istio.io",
        "security.istio.io",
        "telemetry.istio.io",
        "templates.gatekeeper.sh",
        "keda.sh",
        "autoscaling",
    ];
    let describes = DESCRIBE.contains(&group)
        || (group == "monitoring.coreos.com"
            && matches!(
                kind,
                "ServiceMonitor" | "PodMonitor" | "PrometheusRule" | "Probe"
            ))
        || (group == "gateway.networking.k8s.io" && kind != "Gateway")
        || (group == "argoproj.io" && kind != "ArgoCD")
        || (group.ends_with(".k8s.io") && group != "gateway.networking.k8s.io");
    group.contains('.') && !describes
}

/// Kinds whose objects would be in the input: all that the tables name. Of others, what makes them is unknown.
fn is_known(group: &str, kind: &str) -> bool {
    const OTHERS: [(&str, &str); 14] = [
        ("networking.istio.io", "ServiceEntry"),
        ("argoproj.io", "AppProject"),
        ("argoproj.io", "AnalysisTemplate"),
        ("cert-manager.io", "Certificate"),
        ("cert-manager.io", "ClusterIssuer"),
        ("cert-manager.io", "Issuer"),
        ("cilium.io", "CiliumCIDRGroup"),
        ("configuration.konghq.com", "KongIngress"),
        ("configuration.konghq.com", "KongPlugin"),
        ("configuration.konghq.com", "KongUpstreamPolicy"),
        ("external-secrets.io", "ClusterSecretStore"),
        ("external-secrets.io", "SecretStore"),
        ("keda.sh", "ClusterTriggerAuthentication"),
        ("keda.sh", "TriggerAuthentication"),
    ];
    const GROUPS: [&str; 9] = [
        "",
        "apps",
        "batch",
        "admissionregistration.k8s.io",
        "gateway.networking.k8s.io",
        "networking.istio.io",
        "networking.k8s.io",
        "rbac.authorization.k8s.io",
        "source.toolkit.fluxcd.io",
    ];
    (GROUPS.contains(&group) && !matches!(kind, "User" | "Group"))
        || OTHERS.contains(&(group, kind))
        || WorkloadKind::of(group, kind).is_some()
}

/// Whether a ConfigMap or Secret has a key.
fn has_key(entry: &Entry, key: &str) -> bool {
    let members = ["data", "stringData", "binaryData"];
    let mut maps = members
        .iter()
        .filter_map(|member| entry.at(member))
        .filter_map(Value::as_object);
    // A Secret without any data is filled in by somebody else.
    let empty = members.iter().all(|member| {
        entry
            .at(member)
            .and_then(Value::as_object)
            .is_none_or(|map| map.is_empty())
    });
    empty || maps.any(|map| map.contains_key(key))
}
