//! The same cluster on a laptop.

use std::collections::BTreeMap;

use crate::kind::{Cluster, KubeProxyMode, Networking, Node, NodeRole};
use crate::needs::ClusterNeeds;

/// The label by which Kubernetes knows a node's zone.
const ZONE: &str = "topology.kubernetes.io/zone";
/// More workers than this a laptop does not carry.
const MOST_WORKERS: u32 = 6;

impl ClusterNeeds {
    /// A kind cluster with one control plane and, of each pool, as many workers as it begins with, at most two, and six in all. The
    /// workers have the pools' labels and taints, and stand in the zones in turn: pods are placed as they would be in the cloud.
    pub fn kind(&self) -> Cluster {
        let image = format!("kindest/node:v{}.0", self.version);
        let node = |role, labels| Node {
            role,
            image: Some(image.clone()),
            labels,
            extra_port_mappings: Vec::new(),
            extra_mounts: Vec::new(),
            kubeadm_config_patches: Vec::new(),
        };
        let mut nodes = vec![node(NodeRole::ControlPlane, BTreeMap::new())];
        let each = self
            .pools
            .iter()
            .flat_map(|pool| (0..pool.desired.clamp(1, 2)).map(move |_| pool));
        let each = each.zip(0_usize..);
        for (pool, number) in each.take(usize::try_from(MOST_WORKERS).unwrap_or(6)) {
            let mut labels = pool.labels.clone();
            let zone = number
                .checked_rem(self.zones.len())
                .and_then(|at| self.zones.get(at));
            if let Some(zone) = zone {
                labels.insert(ZONE.to_owned(), zone.clone());
            }
            let mut worker = node(NodeRole::Worker, labels);
            if !pool.taints.is_empty() {
                worker.kubeadm_config_patches = vec![join_with(pool)];
            }
            nodes.push(worker);
        }
        Cluster {
            api_version: "kind.x-k8s.io/v1alpha4".into(),
            kind: "Cluster".into(),
            name: self.name.clone(),
            feature_gates: BTreeMap::new(),
            runtime_config: BTreeMap::new(),
            networking: Networking {
                disable_default_cni: self.own_network,
                kube_proxy_mode: (!self.kube_proxy).then_some(KubeProxyMode::None),
                ..Networking::default()
            },
            nodes,
            kubeadm_config_patches: Vec::new(),
            containerd_config_patches: Vec::new(),
        }
    }
}

/// kubeadm's configuration of a worker with taints. Its values are in quotes of JSON, which is YAML.
fn join_with(pool: &crate::needs::NodePool) -> String {
    let taints: Vec<serde_json::Value> = pool
        .taints
        .iter()
        .map(|taint| {
            serde_json::json!({"key": taint.key, "value": taint.value, "effect": taint.effect.as_str()})
        })
        .collect();
    format!(
        "kind: JoinConfiguration\nnodeRegistration:\n  taints: {}\n",
        serde_json::Value::from(taints)
    )
}
