//! Nodes against the pods that land on them.

use kube_vocab::Quantity;
use stack_model::{Amounts, Entry, Model, NodeRole, Selector, Workload, WorkloadKind};

/// A resource of a node.
#[derive(Clone, Debug)]
pub struct NodeUse<'m> {
    /// The node's name, as the Node or the kind configuration gives it.
    pub node: &'m str,
    /// `cpu`, `memory` or `pods`.
    pub resource: &'static str,
    /// What the pods that land here ask for.
    pub asked: Quantity,
    /// What the node can give.
    pub allowed: Quantity,
}

const RESOURCES: [&str; 3] = ["cpu", "memory", "pods"];

/// What one pod asks of a node.
fn asks(workload: &Workload<'_>) -> [Quantity; 3] {
    let requests = workload.amounts().requests;
    RESOURCES.map(|resource| match resource {
        "pods" => Quantity::new(1),
        resource => requests.get(resource).unwrap_or(Quantity::ZERO),
    })
}

/// Where pods land.
#[derive(Clone, Debug, Default)]
pub struct Placement<'m> {
    /// What each node carries, by resource.
    pub uses: Vec<NodeUse<'m>>,
    /// The workloads of which a pod found no node.
    pub unplaced: Vec<Workload<'m>>,
}

impl<'m> Placement<'m> {
    /// The node whose loss hurts most: the one that carries most processors, then most memory, then the first by name. `None`
    /// where there are not two.
    pub fn busiest(&self) -> Option<&'m str> {
        let mut loads: std::collections::BTreeMap<&str, Vec<Quantity>> =
            std::collections::BTreeMap::new();
        for row in &self.uses {
            loads.entry(row.node).or_default().push(row.asked);
        }
        let most = loads.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        most.map(|(node, _)| *node).filter(|_| loads.len() > 1)
    }
}

struct Bin<'m> {
    node: &'m str,
    labels: stack_model::Labels<'m>,
    worker: bool,
    allowed: Amounts<'m>,
    asked: [Quantity; 3],
}

impl Bin<'_> {
    fn takes(&self, asked: [Quantity; 3]) -> bool {
        RESOURCES.iter().enumerate().all(|(number, resource)| {
            self.allowed
                .get(resource)
                .is_none_or(|allowed| self.asked[number] + asked[number] <= allowed)
        })
    }

    fn put(&mut self, asked: [Quantity; 3]) {
        for (have, more) in self.asked.iter_mut().zip(asked) {
            *have = *have + more;
        }
    }
}

/// Places the pods at rest on the nodes that say what they can give: DaemonSets first, then the greediest workload, each pod on
/// the first node with room and the right labels. A node of which one asks what happens without it takes none.
pub fn place<'m>(model: &'m Model, without: Option<&str>) -> Placement<'m> {
    let nodes = model.nodes().filter_map(|node| {
        Some(Bin {
            node: node.entry().name(),
            labels: node.labels(),
            worker: node.role() == NodeRole::Worker,
            allowed: Amounts::read(Some(node.allocatable()?)),
            asked: [Quantity::ZERO; 3],
        })
    });
    let mut bins: Vec<Bin<'_>> = nodes.collect();
    bins.retain(|bin| Some(bin.node) != without);
    if bins.is_empty() {
        return Placement::default();
    }
    if bins.iter().any(|bin| bin.worker) {
        bins.retain(|bin| bin.worker);
    }
    let mut workloads: Vec<(Workload<'_>, [Quantity; 3])> = model
        .workloads()
        .map(|workload| (workload, asks(&workload)))
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
    Placement {
        uses: uses.collect(),
        unplaced,
    }
}

/// A workload of which one pod is larger than every node.
#[derive(Clone, Debug)]
pub struct Shortage<'m> {
    /// The workload whose pods find no place.
    pub workload: Workload<'m>,
    /// `cpu`, `memory` or `pods`.
    pub resource: &'static str,
    /// What one pod asks for.
    pub asked: Quantity,
    /// What the largest node can give.
    pub largest: Quantity,
}

/// What all pods ask for of all nodes.
#[derive(Clone, Debug)]
pub struct Total<'m> {
    /// The first node by name, on which to report.
    pub node: &'m Entry,
    /// `cpu`, `memory` or `pods`.
    pub resource: &'static str,
    /// What all pods ask for at rest.
    pub asked: Quantity,
    /// What all nodes can give.
    pub allowed: Quantity,
    /// What they can give without the largest.
    pub without_largest: Quantity,
}

/// The nodes that take ordinary pods and say what they can give; none where some do not say it.
fn sized(model: &Model) -> Vec<(&Entry, Amounts<'_>)> {
    let mut nodes: Vec<_> = model.nodes().collect();
    if nodes.iter().any(|node| node.role() == NodeRole::Worker) {
        nodes.retain(|node| node.role() == NodeRole::Worker);
    }
    let sized = nodes
        .iter()
        .map(|node| Some((node.entry(), Amounts::read(Some(node.allocatable()?)))));
    sized.collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// The workloads of which no node can take a pod, by size alone.
pub fn shortages(model: &Model) -> Vec<Shortage<'_>> {
    let nodes = sized(model);
    let mut found = Vec::new();
    for (number, resource) in RESOURCES.into_iter().enumerate() {
        let sizes: Option<Vec<Quantity>> = nodes.iter().map(|node| node.1.get(resource)).collect();
        let Some(largest) = sizes.and_then(|sizes| sizes.into_iter().max()) else {
            continue;
        };
        for workload in model.workloads() {
            let asked = asks(&workload)[number];
            if asked > largest {
                found.push(Shortage {
                    workload,
                    resource,
                    asked,
                    largest,
                });
            }
        }
    }
    found
}

/// Pods of which no two fit one node, and the nodes that can take one.
#[derive(Clone, Debug)]
pub struct Crowd<'m> {
    /// The greediest of the workloads, the first by namespace and name among its equals.
    pub workload: Workload<'m>,
    /// `cpu` or `memory`.
    pub resource: &'static str,
    /// How many pods ask for more than half of what any node has left beside its DaemonSets.
    pub pods: u64,
    /// How many nodes can take one of them.
    pub nodes: u64,
}

/// How many pods want a node for themselves by size alone, per resource of which every node says what it can give; none where no
/// pod does. However pods are placed, no two of these share a node.
pub fn crowds(model: &Model) -> Vec<Crowd<'_>> {
    let nodes = sized(model);
    let mut found = Vec::new();
    for (number, resource) in RESOURCES.into_iter().enumerate().take(2) {
        let sizes: Option<Vec<Quantity>> = nodes.iter().map(|node| node.1.get(resource)).collect();
        let Some(sizes) = sizes.filter(|sizes| !sizes.is_empty()) else {
            continue;
        };
        let is_everywhere = |workload: &Workload<'_>| {
            let spec = workload.pod_spec();
            workload.kind() == WorkloadKind::DaemonSet
                && spec.is_none_or(|spec| {
                    spec.get("nodeSelector").is_none() && spec.get("affinity").is_none()
                })
        };
        let taken: Quantity = model
            .workloads()
            .filter(is_everywhere)
            .map(|workload| asks(&workload)[number])
            .sum();
        let left: Vec<Quantity> = sizes
            .into_iter()
            .map(|size| size - taken)
            .filter(|left| *left > Quantity::ZERO)
            .collect();
        let Some(largest) = left.iter().copied().max() else {
            continue;
        };
        let (mut pods, mut least, mut greediest) = (0_u64, largest, None);
        for workload in model.workloads() {
            let comes_and_goes = matches!(
                workload.kind(),
                WorkloadKind::Job | WorkloadKind::CronJob | WorkloadKind::DaemonSet
            );
            let asked = asks(&workload)[number];
            // What fits no node at all is a shortage.
            if comes_and_goes || asked > largest || asked * 2 <= largest {
                continue;
            }
            pods += u64::from(workload.replicas().min);
            least = least.min(asked);
            let key = (
                asked,
                std::cmp::Reverse((workload.namespace(), workload.name())),
            );
            if greediest.as_ref().is_none_or(|(known, _)| *known < key) {
                greediest = Some((key, workload));
            }
        }
        if let Some((_, workload)) = greediest {
            let able = left.iter().filter(|left| **left >= least).count();
            found.push(Crowd {
                workload,
                resource,
                pods,
                nodes: u64::try_from(able).unwrap_or(u64::MAX),
            });
        }
    }
    found
}

/// What all pods at rest ask for of all nodes together, per resource that every node states. Pods of DaemonSets count once per
/// node in `asked`, and take their part from `without_largest` as if that node's pod were gone with it.
pub fn totals(model: &Model) -> Vec<Total<'_>> {
    let nodes = sized(model);
    let Some(node) = nodes
        .iter()
        .map(|node| node.0)
        .min_by_key(|node| node.name())
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (number, resource) in RESOURCES.into_iter().enumerate() {
        let sizes: Option<Vec<Quantity>> = nodes.iter().map(|node| node.1.get(resource)).collect();
        let Some(sizes) = sizes else { continue };
        let allowed: Quantity = sizes.iter().copied().sum();
        let largest = sizes.into_iter().max().unwrap_or(Quantity::ZERO);
        let (mut asked, mut per_node) = (Quantity::ZERO, Quantity::ZERO);
        for workload in model.workloads() {
            let one = asks(&workload)[number];
            // Jobs come and go.
            match workload.kind() {
                WorkloadKind::Job | WorkloadKind::CronJob => {}
                WorkloadKind::DaemonSet => {
                    per_node = per_node + one;
                    asked = asked + one * i64::try_from(nodes.len()).unwrap_or(i64::MAX);
                }
                _ => asked = asked + one * i64::from(workload.replicas().min),
            }
        }
        found.push(Total {
            node,
            resource,
            asked,
            allowed,
            without_largest: allowed - largest + per_node,
        });
    }
    found
}
