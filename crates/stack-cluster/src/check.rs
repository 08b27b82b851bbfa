//! Whether a stack finds what it needs.

use std::collections::BTreeSet;

use kube_vocab::{Finding, Severity};

use stack_model::{Model, Value, Workload};

use crate::needs::{ClusterNeeds, Effect, NodePool};

/// Labels that the cloud or the kubelet sets: which values there are, is not known here.
const SET_ELSEWHERE: [&str; 5] = [
    "kubernetes.io/",
    "node.kubernetes.io/",
    "topology.kubernetes.io/",
    "eks.amazonaws.com/",
    "beta.kubernetes.io/",
];

impl ClusterNeeds {
    /// What a stack would not find in the cluster: nodes with the labels that its pods select, or without taints that they do not
    /// tolerate, and storage classes. A volume without a class, and a class that the stack itself brings, are found.
    pub fn check(&self, model: &Model) -> Vec<Finding> {
        let mut findings = Vec::new();
        if !self.pools.is_empty() {
            for workload in model.workloads() {
                findings.extend(self.placed(&workload));
            }
        }
        findings.extend(self.stored(model));
        findings
    }

    fn placed(&self, workload: &Workload<'_>) -> Option<Finding> {
        let spec = workload.pod_spec()?;
        let selector: Vec<(&str, &str)> = spec
            .get("nodeSelector")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter(|(key, _)| !SET_ELSEWHERE.iter().any(|prefix| key.starts_with(prefix)))
            .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
            .collect();
        let fits = |pool: &&NodePool| {
            let mut labels = selector.iter();
            labels.all(|(key, value)| pool.labels.get(*key).map(String::as_str) == Some(*value))
        };
        let fitting: Vec<&NodePool> = self.pools.iter().filter(fits).collect();
        let (path, message) = if fitting.is_empty() {
            let labels: Vec<String> = selector
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            let message = format!("no pool has nodes with {}", labels.join(", "));
            (workload.pod_field("nodeSelector"), message)
        } else if fitting.iter().all(|pool| keeps_away(pool, spec)) {
            let names: Vec<&str> = fitting.iter().map(|pool| pool.name.as_str()).collect();
            let message = format!("tolerates no taint of pool {}", names.join(" or "));
            (workload.pod_field("tolerations"), message)
        } else {
            return None;
        };
        let remedy = "add a pool for it, or change what the pod asks for";
        let finding = Finding::new(
            "no-pool-fits",
            Severity::Error,
            workload.template_entry().id(),
            message,
        );
        Some(finding.at(path).remedy(remedy))
    }

    fn stored(&self, model: &Model) -> Vec<Finding> {
        let mut known: BTreeSet<&str> =
            self.storage.iter().map(|need| need.name.as_str()).collect();
        let brought = model.objects("storage.k8s.io", "StorageClass");
        known.extend(brought.map(|class| class.name()));
        let mut findings = Vec::new();
        let mut ask = |id: kube_vocab::ObjectId, path: String, class: Option<&str>| {
            if let Some(class) = class.filter(|class| !class.is_empty() && !known.contains(class)) {
                let message = format!("the cluster is not asked for a storage class `{class}`");
                let finding = Finding::new("no-such-storage", Severity::Error, id, message);
                findings.push(
                    finding
                        .at(path)
                        .remedy("add it to what the cluster needs, or name another"),
                );
            }
        };
        for claim in model.objects("", "PersistentVolumeClaim") {
            let path = "spec.storageClassName";
            ask(claim.id(), path.to_owned(), claim.text_at(path));
        }
        for set in model.objects("apps", "StatefulSet") {
            for (number, template) in set.items_at("spec.volumeClaimTemplates").iter().enumerate() {
                let class = template
                    .pointer("/spec/storageClassName")
                    .and_then(Value::as_str);
                let path = format!("spec.volumeClaimTemplates[{number}].spec.storageClassName");
                ask(set.id(), path, class);
            }
        }
        findings
    }
}

/// Whether a taint of the pool keeps the pod away.
fn keeps_away(pool: &NodePool, spec: &Value) -> bool {
    let tolerations = spec.get("tolerations").and_then(Value::as_array);
    pool.taints
        .iter()
        .filter(|taint| taint.effect != Effect::PreferNoSchedule)
        .any(|taint| {
            !tolerations.into_iter().flatten().any(|toleration| {
                let text = |member: &str| toleration.get(member).and_then(Value::as_str);
                let effect = text("effect").unwrap_or_default();
                let key = text("key").unwrap_or_default();
                let any_value = text("operator") == Some("Exists");
                let same_value = any_value || text("value").unwrap_or_default() == taint.value;
                let same_key = key == taint.key || (key.is_empty() && any_value);
                same_key && same_value && (effect.is_empty() || effect == taint.effect.as_str())
            })
        })
}
