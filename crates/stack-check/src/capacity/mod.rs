//! Capacity: what is asked for, allowed and left, per quota and per node.
//!
//! ```
//! # let model = stack_model::Model::default();
//! let table = stack_check::capacity::table(&model);
//! println!("{}", serde_json::to_string_pretty(&table)?);
//! # Ok::<(), serde_json::Error>(())
//! ```

mod admission;
mod namespace;
mod node;
mod quota;

use serde::Serialize;
use stack_model::Model;

pub use admission::{Admission, admissions};
pub use namespace::{NamespaceUse, namespaces};
pub use node::{Crowd, NodeUse, Placement, Shortage, Total, crowds, place, shortages, totals};
pub(crate) use quota::Quotas;
pub use quota::{QuotaUse, SilentWorkload, quotas, silent_workloads};

/// The whole table, for people and programs. Amounts are texts as manifests write them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// One row per resource of each namespace in which workloads run.
    pub namespaces: Vec<NamespaceRow>,
    /// One row per resource of each quota.
    pub quotas: Vec<QuotaRow>,
    /// One row per resource of each node that says what it can give.
    pub nodes: Vec<NodeRow>,
    /// What a quota would refuse if everything were applied in the order of the input.
    pub refused: Vec<RefusedRow>,
    /// Workloads of which not all pods find a node.
    pub unplaced: Vec<String>,
    /// Workloads of which not all pods find a node while the busiest node is gone, of those that find one otherwise.
    pub unplaced_without_a_node: Vec<String>,
}

/// A resource of a namespace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamespaceRow {
    /// The namespace whose workloads are added up.
    pub namespace: String,
    /// `pods`, `requests.cpu`, `requests.memory`, `limits.cpu` or `limits.memory`.
    pub resource: String,
    /// What all workloads ask for at rest.
    pub asked: String,
    /// What is asked for during the greediest rollout.
    pub at_rollout: String,
    /// What is asked for with all replicas that autoscalers may run.
    pub at_most: String,
    /// What the tightest quota allows, if one does.
    pub allowed: Option<String>,
    /// What is left of that at rest; below zero where too much is asked for.
    pub left: Option<String>,
}

/// A resource of a quota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuotaRow {
    /// The namespace whose pods are counted.
    pub namespace: String,
    /// The name of the ResourceQuota.
    pub quota: String,
    /// The resource as the quota names it.
    pub resource: String,
    /// What all workloads ask for at rest.
    pub asked: String,
    /// The `hard` amount, in the quota's own unit.
    pub allowed: String,
    /// What is left at rest; below zero where too much is asked for.
    pub left: String,
    /// What is asked for during the greediest rollout.
    pub at_rollout: String,
    /// What is asked for with all replicas that autoscalers may run.
    pub at_most: String,
}

/// A resource of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeRow {
    /// The node's name.
    pub node: String,
    /// `cpu`, `memory` or `pods`.
    pub resource: String,
    /// What the pods that land here ask for.
    pub asked: String,
    /// What the node can give.
    pub allowed: String,
    /// What further pods may still ask for.
    pub left: String,
}

/// Pods that a quota refuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedRow {
    /// The workload as `Kind namespace/name`.
    pub workload: String,
    /// How many of its pods are admitted.
    pub admitted: u32,
    /// How many are refused.
    pub refused: u32,
    /// Why the first is, in the words of the API server.
    pub reason: String,
}

/// Works out the whole table.
pub fn table(model: &Model) -> Table {
    let quotas = quotas(model);
    let namespaces = namespaces(model, &quotas)
        .into_iter()
        .map(|row| NamespaceRow {
            namespace: row.namespace.to_owned(),
            resource: row.resource.to_owned(),
            asked: row.asked.to_string(),
            at_rollout: row.at_rollout.to_string(),
            at_most: row.at_most.to_string(),
            allowed: row.allowed.map(|allowed| allowed.to_string()),
            left: row.allowed.map(|allowed| (allowed - row.asked).to_string()),
        });
    let namespaces = namespaces.collect();
    let quotas = quotas.into_iter().map(|row| QuotaRow {
        namespace: row.entry.namespace().unwrap_or_default().to_owned(),
        quota: row.entry.name().to_owned(),
        resource: row.resource.to_owned(),
        asked: row.asked.to_string(),
        allowed: row.allowed.to_string(),
        left: (row.allowed - row.asked).to_string(),
        at_rollout: row.at_rollout.to_string(),
        at_most: row.at_most.to_string(),
    });
    let placement = place(model, None);
    let without = placement
        .busiest()
        .map(|node| place(model, Some(node)).unplaced)
        .unwrap_or_default();
    let new = without
        .iter()
        .filter(|workload| !placement.unplaced.contains(workload));
    let unplaced_without_a_node = new.map(ToString::to_string).collect();
    let nodes = placement.uses.into_iter().map(|row| NodeRow {
        node: row.node.to_owned(),
        resource: row.resource.to_owned(),
        asked: row.asked.to_string(),
        allowed: row.allowed.to_string(),
        left: (row.allowed - row.asked).to_string(),
    });
    let refused = admissions(model)
        .into_iter()
        .filter(|admission| admission.refused > 0)
        .map(|admission| RefusedRow {
            workload: admission.workload.to_string(),
            admitted: admission.admitted,
            refused: admission.refused,
            reason: admission.reason.unwrap_or_default(),
        });
    Table {
        namespaces,
        quotas: quotas.collect(),
        nodes: nodes.collect(),
        refused: refused.collect(),
        unplaced: placement.unplaced.iter().map(ToString::to_string).collect(),
        unplaced_without_a_node,
    }
}
