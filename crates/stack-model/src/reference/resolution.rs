//! Whether what is named is there.

use std::collections::HashMap;

use serde_json::Value;

use super::Reference;
use crate::model::Model;
use crate::{Entry, EntryId, WorkloadKind};

/// How much of the cluster the input is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Extent {
    /// A part: what is not in it may exist all the same. Something is missing only where the input holds its neighbours.
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
        if let Some(maker) = self.maker_of(kind, namespace, name) {
            return Resolution::Made(maker);
        }
        let is_declared = self.made.contains(&made_key(group, kind, namespace, name));
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
            // Secrets and accounts are the ones that people and controllers make by the way.
            (Extent::Part, Some(_))
                if matches!(kind, "Secret" | "ConfigMap" | "ServiceAccount") =>
            {
                false
            }
            (Extent::Part, Some(namespace)) => {
                let declared = self
                    .namespace(namespace)
                    .is_some_and(|namespace| namespace.is_declared());
                let neighbours = self.objects_in(group, kind, namespace).next().is_some();
                let is_workload = WorkloadKind::of(group, kind).is_some();
                neighbours && (declared || kind == "Service" || is_workload)
            }
        }
    }

    /// The object of the input that makes what is named.
    fn maker_of(&self, target: &str, namespace: Option<&str>, name: &str) -> Option<&Entry> {
        let namespace = namespace?;
        let made =
            |group: &'static str, kind: &'static str| self.get(group, kind, Some(namespace), name);
        match target {
            "Secret" => self
                .makers()
                .secrets
                .get(&(namespace.to_owned(), name.to_owned()))
                .map(|id| self.entry(*id))
                .or_else(|| made("bitnami.com", "SealedSecret")),
            "PersistentVolumeClaim" => {
                // template-set-ordinal
                let (stem, _) = name.rsplit_once('-')?;
                stem.match_indices('-')
                    .filter_map(|(at, _)| {
                        self.get("apps", "StatefulSet", Some(namespace), &stem[at + 1..])
                    })
                    .next()
            }
            _ => None,
        }
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

/// Who makes Secrets, by namespace and name.
#[derive(Debug, Default)]
pub(crate) struct Makers {
    secrets: HashMap<(String, String), EntryId>,
}

impl Makers {
    pub(crate) fn of(model: &Model) -> Self {
        // The kind, and where it says the name of the Secret; its own name where it does not.
        const SECRETS: [(&str, &str, &str); 3] = [
            ("cert-manager.io", "Certificate", "spec.secretName"),
            ("external-secrets.io", "ExternalSecret", "spec.target.name"),
            ("kyverno.io", "ClusterPolicy", "spec.generate.name"),
        ];
        let mut secrets = HashMap::new();
        for (group, kind, path) in SECRETS {
            for entry in model.objects(group, kind) {
                let name = entry.text_at(path).unwrap_or(entry.name());
                let namespace = entry.namespace().unwrap_or_default();
                secrets.insert((namespace.to_owned(), name.to_owned()), entry.entry_id());
            }
        }
        Self { secrets }
    }
}

/// Kinds whose objects would be in the input: all that the tables name. Of others, what makes them is unknown.
fn is_known(group: &str, kind: &str) -> bool {
    const OTHERS: [(&str, &str); 3] = [
        ("networking.istio.io", "ServiceEntry"),
        ("argoproj.io", "AppProject"),
        ("cilium.io", "CiliumCIDRGroup"),
    ];
    const GROUPS: [&str; 8] = [
        "",
        "apps",
        "batch",
        "admissionregistration.k8s.io",
        "gateway.networking.k8s.io",
        "networking.istio.io",
        "networking.k8s.io",
        "rbac.authorization.k8s.io",
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
