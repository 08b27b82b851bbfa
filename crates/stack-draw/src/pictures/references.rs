//! Who names an object, and what it names.

use std::collections::{HashMap, HashSet, VecDeque};

use stack_model::{Entry, EntryId, Extent, Model, Reference, Resolution};

use super::boxes::icon_of;
use crate::graph::{Direction, Edge, EdgeKind, Graph, Mark, Node, NodeId, NodeKind};

/// The objects that one names, and those that name it, up to so many steps away; what is missing is marked.
#[must_use]
pub fn references(model: &Model, object: &Entry, steps: usize) -> Graph {
    let mut graph = Graph::new(format!("References of {}", object.id()), Direction::Right);
    let mut named_by: HashMap<EntryId, Vec<Reference<'_>>> = HashMap::new();
    for reference in model.references() {
        if let Some(target) = found(model, &reference) {
            named_by
                .entry(target.entry_id())
                .or_default()
                .push(reference);
        }
    }
    let mut nodes: HashMap<EntryId, NodeId> = HashMap::new();
    let mut edges: HashSet<(NodeId, NodeId, String)> = HashSet::new();
    let first = graph.add(of(object));
    nodes.insert(object.entry_id(), first);
    let mut waiting = VecDeque::from([(object, 0)]);
    while let Some((entry, far)) = waiting.pop_front() {
        if far >= steps {
            continue;
        }
        let from = nodes[&entry.entry_id()];
        for reference in model.references_of(entry) {
            let path = reference.path.to_field_path().to_string();
            match found(model, &reference) {
                Some(target) => {
                    let to = node(&mut graph, &mut nodes, &mut waiting, target, far + 1);
                    draw(
                        &mut graph,
                        &mut edges,
                        (from, to),
                        EdgeKind::Reference,
                        &path,
                    );
                }
                None if matches!(model.resolve(&reference, Extent::Part), Resolution::Missing) => {
                    let title = reference.name.to_owned();
                    let missing = Node::new(
                        format!("missing_{}_{title}", reference.kind),
                        NodeKind::Config,
                        title,
                    )
                    .detail(reference.kind)
                    .detail("is not there")
                    .marked(Mark::Missing);
                    let to = graph.add(missing);
                    draw(&mut graph, &mut edges, (from, to), EdgeKind::Broken, &path);
                }
                None => {
                    let title = reference.name.to_owned();
                    let outside = Node::new(
                        format!("outside_{}_{title}", reference.kind),
                        NodeKind::Other,
                        title,
                    )
                    .detail(reference.kind)
                    .detail("outside of the input");
                    let to = graph.add(outside);
                    draw(
                        &mut graph,
                        &mut edges,
                        (from, to),
                        EdgeKind::Reference,
                        &path,
                    );
                }
            }
        }
        if let Some(service) = entry
            .namespace()
            .and_then(|namespace| model.service(namespace, entry.name()))
            && entry.is("", "Service")
        {
            for workload in service.workloads() {
                let to = node(
                    &mut graph,
                    &mut nodes,
                    &mut waiting,
                    workload.entry(),
                    far + 1,
                );
                draw(
                    &mut graph,
                    &mut edges,
                    (from, to),
                    EdgeKind::Selects,
                    "spec.selector",
                );
            }
        }
        for reference in named_by.get(&entry.entry_id()).into_iter().flatten() {
            let path = reference.path.to_field_path().to_string();
            let other = node(
                &mut graph,
                &mut nodes,
                &mut waiting,
                reference.from,
                far + 1,
            );
            draw(
                &mut graph,
                &mut edges,
                (other, from),
                EdgeKind::Reference,
                &path,
            );
        }
    }
    graph.description = format!("{} objects, at most {steps} steps away.", graph.nodes.len());
    graph
}

fn found<'m>(model: &'m Model, reference: &Reference<'m>) -> Option<&'m Entry> {
    match model.resolve(reference, Extent::Part) {
        Resolution::Found(entry) | Resolution::KeyMissing(entry) | Resolution::Made(entry) => {
            Some(entry)
        }
        _ => None,
    }
}

fn node<'m>(
    graph: &mut Graph,
    nodes: &mut HashMap<EntryId, NodeId>,
    waiting: &mut VecDeque<(&'m Entry, usize)>,
    entry: &'m Entry,
    far: usize,
) -> NodeId {
    *nodes.entry(entry.entry_id()).or_insert_with(|| {
        waiting.push_back((entry, far));
        graph.add(of(entry))
    })
}

fn draw(
    graph: &mut Graph,
    edges: &mut HashSet<(NodeId, NodeId, String)>,
    (from, to): (NodeId, NodeId),
    kind: EdgeKind,
    path: &str,
) {
    // The last members say what it is for; the whole path is the tip.
    if edges.insert((from, to, path.to_owned())) {
        let short: Vec<&str> = path.rsplit('.').take(2).collect();
        let short: Vec<&str> = short.into_iter().rev().collect();
        graph.connect(Edge::new(from, to, kind).label(short.join(".")).tip(path));
    }
}

fn of(entry: &Entry) -> Node {
    Node::new(entry.id().to_string(), icon_of(entry.kind()), entry.name())
        .detail(match entry.namespace() {
            Some(namespace) => format!("{} in {namespace}", entry.kind()),
            None => entry.kind().to_owned(),
        })
        .tip(entry.id().to_string())
}
