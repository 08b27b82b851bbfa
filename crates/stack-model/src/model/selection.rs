//! Which workloads have which labels.

use std::borrow::Cow;
use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use foldhash::{HashMap, HashMapExt as _};
use kube_value::Text;

use super::Model;
use crate::{Operator, Requirement, WorkloadKind};

/// Which workloads have a label: by the hash of namespace, key and value.
#[derive(Debug)]
pub(super) struct Selection {
    hasher: RandomState,
    by_label: HashMap<u64, Vec<usize>>,
    pub(super) by_namespace: HashMap<Text, Vec<usize>>,
}

/// The label by which one pod of a StatefulSet is meant.
const POD_NAME: &str = "statefulset.kubernetes.io/pod-name";

/// Labels that some controller gives to each pod on its own, so that they stand in no index.
const GIVEN_PER_POD: [&str; 11] = [
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/job-name",
    "controller-revision-hash",
    "controller-uid",
    "job-name",
    "pod-template-generation",
    "pod-template-hash",
    "rollouts-pod-template-hash",
    POD_NAME,
];

impl Model {
    /// The workloads that may satisfy a requirement, from the index; `None` where the index does not help.
    pub(super) fn labelled<'s>(
        &self,
        selection: &'s Selection,
        namespace: &str,
        requirement: &Requirement,
    ) -> Option<Cow<'s, [usize]>> {
        if requirement.operator != Operator::In {
            return None;
        }
        let key = &*requirement.key;
        if key != POD_NAME && GIVEN_PER_POD.contains(&key) {
            return None;
        }
        let look_up = |value: &str| {
            let label = selection.hasher.hash_one((namespace, key, value));
            selection
                .by_label
                .get(&label)
                .map_or(&[][..], Vec::as_slice)
        };
        if let [value] = &*requirement.values
            && key != POD_NAME
        {
            return Some(look_up(value).into());
        }
        let mut found = Vec::new();
        for value in &requirement.values {
            found.extend(look_up(value));
            if let Some((set, _)) = value.rsplit_once('-').filter(|_| key == POD_NAME) {
                found.extend(look_up(set));
            }
        }
        found.sort_unstable();
        found.dedup();
        Some(found.into())
    }

    pub(super) fn build_selection(&self) -> Selection {
        let hasher = RandomState::default();
        let mut by_label: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut by_namespace: HashMap<Text, Vec<usize>> = HashMap::new();
        for (position, workload) in self.workloads().enumerate() {
            let Some(namespace) = &self.entry(workload.data.entry).head.namespace else {
                continue;
            };
            by_namespace
                .entry(namespace.clone())
                .or_default()
                .push(position);
            for (key, value) in workload.labels().iter() {
                let label = hasher.hash_one((&**namespace, key, value));
                by_label.entry(label).or_default().push(position);
            }
            if workload.kind() == WorkloadKind::StatefulSet {
                let pods = hasher.hash_one((&**namespace, POD_NAME, workload.name()));
                by_label.entry(pods).or_default().push(position);
            }
        }
        Selection {
            hasher,
            by_label,
            by_namespace,
        }
    }
}
