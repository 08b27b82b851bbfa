//! The nodes of the input, for checks that ask where pods can go.

use stack_model::Value;
use stack_model::{ClusterNode, Model, NodeRole, PodMatch, Selector, Workload};

use crate::fields::{list, text};

/// The nodes of a cluster whose number is fixed.
#[derive(Debug)]
pub(crate) struct Nodes<'m> {
    all: Vec<ClusterNode<'m>>,
    workers: bool,
}

impl<'m> Nodes<'m> {
    /// The nodes; `None` where the input has none, or where nodes come and go by themselves.
    pub(crate) fn of(model: &'m Model) -> Option<Self> {
        let all: Vec<_> = model.nodes().collect();
        let pools = [
            ("karpenter.sh", "NodePool"),
            ("cluster.x-k8s.io", "MachineDeployment"),
            ("machine.openshift.io", "MachineSet"),
        ];
        let grows = pools
            .iter()
            .any(|(group, kind)| model.objects(group, kind).next().is_some());
        if all.is_empty() || grows {
            return None;
        }
        let workers = all.iter().any(|node| node.role() == NodeRole::Worker);
        Some(Self { all, workers })
    }

    /// The nodes that may take a workload's pods, by role and `nodeSelector`.
    pub(crate) fn for_pods<'a>(
        &'a self,
        workload: &Workload<'m>,
    ) -> impl Iterator<Item = ClusterNode<'m>> + use<'a, 'm> {
        let spec = workload.pod_spec();
        let tolerates = spec.is_some_and(|spec| {
            list(spec, "tolerations").iter().any(|toleration| {
                matches!(
                    text(toleration, "key").unwrap_or_default(),
                    "" | "node-role.kubernetes.io/control-plane" | "node-role.kubernetes.io/master"
                )
            })
        });
        let selector = spec
            .and_then(|spec| spec.get("nodeSelector"))
            .and_then(|selector| Selector::read_labels(selector).ok())
            .unwrap_or_default();
        let workers_alone = self.workers && !tolerates;
        self.all.iter().copied().filter(move |node| {
            (!workers_alone || node.role() == NodeRole::Worker)
                && selector.requirements().iter().all(|requirement| {
                    // What clouds and kubelets set is unknown, not absent.
                    let value = node.labels().get(&requirement.key);
                    requirement.accepts(value) || (value.is_none() && is_given(&requirement.key))
                })
        })
    }

    /// Whether the input says of every node whether it has a label. Of `Node` objects from a cluster it does; in a kind
    /// configuration labels of the platform may be set later, but then no node has them yet.
    pub(crate) fn knows(&self, key: &str) -> bool {
        !is_given(key) || self.all.iter().any(|node| node.labels().get(key).is_some())
    }
}

/// Labels that clouds, kubelets and operators set.
fn is_given(key: &str) -> bool {
    let domain = key.split_once('/').map_or("", |(domain, _)| domain);
    [
        "kubernetes.io",
        "k8s.io",
        "amazonaws.com",
        "google.com",
        "azure.com",
    ]
    .iter()
    .any(|suffix| domain.ends_with(suffix))
}

/// Whether a workload's pods refuse to share a node with one another.
pub(crate) fn wants_a_node_each(workload: &Workload<'_>) -> bool {
    let terms = workload.pod_spec().and_then(|spec| {
        spec.get("affinity")?
            .get("podAntiAffinity")?
            .get("requiredDuringSchedulingIgnoredDuringExecution")?
            .as_array()
    });
    terms.into_iter().flatten().any(|term| {
        let selector = term
            .get("labelSelector")
            .and_then(|selector| Selector::read(selector).ok());
        term.get("topologyKey").and_then(Value::as_str) == Some("kubernetes.io/hostname")
            && selector.is_some_and(|selector| workload.matched_by(&selector) == PodMatch::Every)
    })
}
