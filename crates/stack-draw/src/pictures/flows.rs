//! What goes from one thing to another, as boxes and arrows.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{Edge, EdgeKind, Graph, Group, GroupId, Node, NodeId, NodeKind};

/// Namespace and name; what is in no namespace has an empty one.
pub(super) type Owner = (String, String);

/// What goes from one to the other, and whether the first asks the second for it.
pub(super) type Flows = BTreeMap<(Owner, Owner, bool), BTreeSet<&'static str>>;

/// Adds a box for each end, by what it does, and an arrow for each pair.
pub(super) fn draw(graph: &mut Graph, flows: &Flows) {
    let mut roles: BTreeMap<&Owner, Role> = BTreeMap::new();
    for ((from, to, query), signals) in flows {
        let role = roles.entry(from).or_default();
        role.asks |= query;
        role.sends |= !query && !signals.contains("alerts");
        let role = roles.entry(to).or_default();
        role.receives |= !query && !signals.contains("alerts");
        role.alerts |= signals.contains("alerts");
        role.is_asked |= query;
    }
    let mut frames: BTreeMap<&str, GroupId> = BTreeMap::new();
    let mut nodes: BTreeMap<&Owner, NodeId> = BTreeMap::new();
    for (owner, role) in &roles {
        let (namespace, name) = owner;
        let frame = (!namespace.is_empty()).then(|| {
            *frames.entry(namespace).or_insert_with(|| {
                graph.add_group(Group::new(format!("ns_{namespace}"), namespace))
            })
        });
        let (kind, what) = role.kind();
        let node = Node::new(format!("{namespace}_{name}"), kind, name)
            .detail(what)
            .within(frame);
        nodes.insert(owner, graph.add(node));
    }
    for ((from, to, query), signals) in flows {
        let kind = if *query {
            EdgeKind::Query
        } else {
            EdgeKind::Flow
        };
        let signals: Vec<&str> = signals.iter().copied().collect();
        let edge = Edge::new(nodes[from], nodes[to], kind);
        graph.connect(edge.label(signals.join(", ")));
    }
}

#[derive(Default)]
struct Role {
    sends: bool,
    receives: bool,
    asks: bool,
    is_asked: bool,
    alerts: bool,
}

impl Role {
    fn kind(&self) -> (NodeKind, &'static str) {
        match self {
            Self { alerts: true, .. } => (NodeKind::Alerts, "alerts"),
            Self { asks: true, .. } => (NodeKind::Dashboard, "dashboards"),
            Self { is_asked: true, .. } => (NodeKind::Store, "store"),
            Self {
                receives: true,
                sends: true,
                ..
            } => (NodeKind::Collector, "collector"),
            Self { receives: true, .. } => (NodeKind::Store, "receiver"),
            _ => (NodeKind::Workload, "source"),
        }
    }
}
