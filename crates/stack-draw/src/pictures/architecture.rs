//! What runs where, and who talks to whom.

use std::collections::{BTreeMap, HashSet};

use stack_gateway::Routing;
use stack_model::{Model, Workload};

use super::boxes::Namespaced;
use crate::graph::{Direction, Edge, EdgeKind, Graph, NodeId};

/// All workloads in their namespaces, with the calls and routes between them; Services are where they lead to.
#[must_use]
pub fn architecture(model: &Model) -> Graph {
    let mut graph = Graph::new("Architecture", Direction::Down);
    let workloads = model.workloads().count();
    let namespaces: HashSet<&str> = model
        .workloads()
        .map(|workload| workload.namespace())
        .collect();
    graph.description = format!("{workloads} workloads in {} namespaces.", namespaces.len());
    let mut all = Namespaced::new(graph, model);
    for workload in model.workloads() {
        all.workload(&workload);
    }
    let mut drawn: BTreeMap<(NodeId, NodeId), Vec<String>> = BTreeMap::new();
    for workload in model.workloads() {
        for call in model.calls_of(workload.entry()) {
            let targets = behind(model, call.namespace, call.service);
            let port = call.port.map(|port| format!(":{port}")).unwrap_or_default();
            join(&mut all, &mut drawn, &workload, &targets, &port);
        }
    }
    let routing = Routing::of(model);
    for (number, listener) in routing.listeners().iter().enumerate() {
        // Its pods have the name of the Gateway where the implementation makes them for it.
        let gate = model.workloads().find(|workload| {
            workload.namespace() == listener.namespace()
                && workload.name().starts_with(listener.owner.name())
        });
        let Some(gate) = gate else { continue };
        for (route, _) in routing.attached(number) {
            let route = &routing.routes()[*route];
            for (_, written) in route.backend_refs() {
                if let Ok(backend) = routing.backend(route, written) {
                    let targets = behind(model, backend.namespace, backend.name);
                    join(&mut all, &mut drawn, &gate, &targets, route.entry.kind());
                }
            }
        }
    }
    for ((from, to), mut labels) in drawn {
        labels.sort();
        labels.dedup();
        all.graph
            .connect(Edge::new(from, to, EdgeKind::Flow).label(labels.join(", ")));
    }
    all.graph
}

fn behind<'m>(model: &'m Model, namespace: &str, service: &str) -> Vec<Workload<'m>> {
    let service = model.service(namespace, service);
    service
        .into_iter()
        .flat_map(|service| service.workloads())
        .collect()
}

fn join(
    all: &mut Namespaced<'_>,
    drawn: &mut BTreeMap<(NodeId, NodeId), Vec<String>>,
    from: &Workload<'_>,
    targets: &[Workload<'_>],
    label: &str,
) {
    let start = all.workload(from);
    for target in targets {
        let end = all.workload(target);
        if start != end {
            drawn
                .entry((start, end))
                .or_default()
                .push(label.to_owned());
        }
    }
}
