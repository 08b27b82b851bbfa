//! Nodes against the pods that land on them.

use kube_vocab::Quantity;
use stack_model::{Amounts, Model, NodeRole, Selector, Workload, WorkloadKind};

/// A resource of a node.
#[derive(Clone, Debug)]
pub struct NodeUse<'m> {
    /// The node's name.
    pub node: &'m str,
    /// `cpu` or `memory`.
    pub resource: &'static str,
    /// What the pods that land here ask for.
    pub asked: Quantity,
    /// What the node can give.
    pub allowed: Quantity,
}

const RESOURCES: [&str; 2] = ["cpu", "memory"];

struct Bin<'m> {
    node: &'m str,
    labels: stack_model::Labels<'m>,
    worker: bool,
    allowed: Amounts<'m>,
    asked: [Quantity; 2],
}

impl Bin<'_> {
    fn takes(&self, asked: [Quantity; 2]) -> bool {
        RESOURCES.iter().enumerate().all(|(number, resource)| {
            self.allowed
                .get(resource)
                .is_none_or(|allowed| self.asked[number] + asked[number] <= allowed)
        })
    }

    fn put(&mut self, asked: [Quantity; 2]) {
        for (have, more) in self.asked.iter_mut().zip(asked) {
            *have = *have + more;
        }
    }
}

/// Places the pods at rest on the nodes that say what they can give: DaemonSets first, then the greediest workload, each pod on
/// the first node with room and the right labels. Gives what each node carries, and the workloads of which a pod found no node.
pub fn nodes(model: &Model) -> (Vec<NodeUse<'_>>, Vec<Workload<'_>>) {
    let nodes = model.nodes().filter_map(|node| {
        Some(Bin {
            node: node.entry().name(),
            labels: node.labels(),
            worker: node.role() == NodeRole::Worker,
            allowed: Amounts::read(Some(node.allocatable()?)),
            asked: [Quantity::ZERO; 2],
        })
    });
    let mut bins: Vec<Bin<'_>> = nodes.collect();
    if bins.is_empty() {
        return (Vec::new(), Vec::new());
    }
    if bins.iter().any(|bin| bin.worker) {
        bins.retain(|bin| bin.worker);
    }
    let mut workloads: Vec<(Workload<'_>, [Quantity; 2])> = model
        .workloads()
        .map(|workload| {
            let requests = workload.amounts().requests;
            (
                workload,
                RESOURCES.map(|resource| requests.get(resource).unwrap_or(Quantity::ZERO)),
            )
        })
        .collect();
    workloads.sort_by(|(a, asked_a), (b, asked_b)| {
        let daemon = |workload: &Workload<'_>| workload.kind() == WorkloadKind::DaemonSet;
        (daemon(b), asked_b)
            .cmp(&(daemon(a), asked_a))
            .then_with(|| (a.namespace(), a.name()).cmp(&(b.namespace(), b.name())))
    });
    let mut unplaced = Vec::new();
    for (workload, asked) in workloads {
        let selector = workload
            .pod_spec()
            .and_then(|spec| spec.get("nodeSelector"));
        let selector = selector
            .and_then(|selector| Selector::read_labels(selector).ok())
            .unwrap_or_default();
        let mut fitting = bins.iter_mut().filter(|bin| selector.matches(&bin.labels));
        if workload.kind() == WorkloadKind::DaemonSet {
            fitting.for_each(|bin| bin.put(asked));
            continue;
        }
        let mut left = workload.replicas().min;
        let mut bin = fitting.next();
        while left > 0 {
            match &mut bin {
                None => break,
                Some(open) if open.takes(asked) => {
                    open.put(asked);
                    left -= 1;
                }
                Some(_) => bin = fitting.next(),
            }
        }
        if left > 0 {
            unplaced.push(workload);
        }
    }
    let uses = bins.iter().flat_map(|bin| {
        RESOURCES
            .into_iter()
            .enumerate()
            .filter_map(|(number, resource)| {
                let allowed = bin.allowed.get(resource)?;
                Some(NodeUse {
                    node: bin.node,
                    resource,
                    asked: bin.asked[number],
                    allowed,
                })
            })
    });
    (uses.collect(), unplaced)
}
