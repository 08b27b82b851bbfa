//! Large graphs made small: what matters least in each frame goes into one box.

use std::collections::HashMap;

use crate::graph::{Edge, EdgeKind, Graph, GroupId, Node, NodeId, NodeKind};

/// As many boxes as people can read.
pub const READABLE: usize = 40;

impl Graph {
    /// The graph with about `most` boxes: of each frame, those with the fewest arrows become one box that says how many they are
    /// and holds their names; where there are more frames than that, a frame becomes one box. Arrows go where their ends went.
    #[must_use]
    pub fn folded(self, most: usize) -> Self {
        if self.nodes.len() <= most.max(1) {
            return self;
        }
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); self.groups.len() + 1];
        for (index, node) in self.nodes.iter().enumerate() {
            members[place(node.group)].push(index);
        }
        let mut degree = vec![0_usize; self.nodes.len()];
        for edge in &self.edges {
            degree[edge.from.0] += 1;
            degree[edge.to.0] += 1;
        }
        let filled: Vec<usize> = (0..members.len())
            .filter(|at| !members[*at].is_empty())
            .collect();
        let plan = match filled.len() * 2 > most {
            true => whole_frames(&self, &members, &filled, &degree, most),
            false => within_frames(&self, &members, &filled, &degree, most),
        };
        self.rebuilt(&plan)
    }

    /// The graph with the boxes of a plan.
    fn rebuilt(mut self, plan: &[Folding]) -> Self {
        let mut target = vec![0; self.nodes.len()];
        let mut nodes: Vec<Node> = Vec::with_capacity(plan.len());
        for folding in plan {
            let new = nodes.len();
            match folding {
                Folding::Kept(node) => {
                    target[*node] = new;
                    nodes.push(std::mem::take(&mut self.nodes[*node]));
                }
                Folding::Together {
                    id,
                    title,
                    group,
                    of,
                } => {
                    let names = of
                        .iter()
                        .map(|node| self.nodes[*node].title.clone())
                        .collect();
                    of.iter().for_each(|node| target[*node] = new);
                    nodes.push(Node {
                        folded: names,
                        ..Node::new(id, NodeKind::Folded, title).within(*group)
                    });
                }
            }
        }
        let mut known: HashMap<(usize, usize, EdgeKind), usize> = HashMap::new();
        let mut edges: Vec<(Edge, usize)> = Vec::new();
        for edge in std::mem::take(&mut self.edges) {
            let (from, to) = (target[edge.from.0], target[edge.to.0]);
            let folded = |node: usize| nodes[node].kind == NodeKind::Folded;
            if from == to && folded(from) {
                continue;
            }
            let edge = Edge {
                from: NodeId(from),
                to: NodeId(to),
                ..edge
            };
            if !folded(from) && !folded(to) {
                edges.push((edge, 1));
                continue;
            }
            match known.get(&(from, to, edge.kind)) {
                Some(first) => edges[*first].1 += 1,
                None => {
                    known.insert((from, to, edge.kind), edges.len());
                    edges.push((edge, 1));
                }
            }
        }
        self.nodes = nodes;
        self.edges = edges
            .into_iter()
            .map(|(edge, count)| match count {
                1 => edge,
                count => Edge {
                    label: format!("{count} ×"),
                    ..edge
                },
            })
            .collect();
        self
    }
}

/// What becomes of boxes.
enum Folding {
    Kept(usize),
    Together {
        id: String,
        title: String,
        group: Option<GroupId>,
        of: Vec<usize>,
    },
}

fn place(group: Option<GroupId>) -> usize {
    group.map_or(0, |group| group.0 + 1)
}

fn group(place: usize) -> Option<GroupId> {
    place.checked_sub(1).map(GroupId)
}

/// Of each frame, the boxes with the most arrows stay.
fn within_frames(
    graph: &Graph,
    members: &[Vec<usize>],
    filled: &[usize],
    degree: &[usize],
    most: usize,
) -> Vec<Folding> {
    // Small frames stay as they are; what is left is shared among the others.
    let mut sizes: Vec<usize> = filled.iter().map(|at| members[*at].len()).collect();
    sizes.sort_unstable();
    let (mut left, mut frames) = (most, sizes.len());
    let mut share = 0;
    for size in sizes {
        share = left / frames.max(1);
        if size > share {
            break;
        }
        left -= size;
        frames -= 1;
    }
    let share = share.max(2);
    let mut plan = Vec::new();
    for at in filled {
        let nodes = &members[*at];
        if nodes.len() <= share {
            plan.extend(nodes.iter().map(|node| Folding::Kept(*node)));
            continue;
        }
        let mut by_weight = nodes.clone();
        by_weight.sort_by_key(|node| (std::cmp::Reverse(degree[*node]), *node));
        let mut kept = by_weight[..share - 1].to_vec();
        let mut rest = by_weight[share - 1..].to_vec();
        kept.sort_unstable();
        rest.sort_unstable();
        plan.extend(kept.into_iter().map(Folding::Kept));
        plan.push(Folding::Together {
            id: format!("more_{at}"),
            title: format!("… and {} more", rest.len()),
            group: group(*at),
            of: rest,
        });
    }
    let _ = graph;
    plan
}

/// Frames become boxes; where even these are too many, those with the fewest arrows become one.
fn whole_frames(
    graph: &Graph,
    members: &[Vec<usize>],
    filled: &[usize],
    degree: &[usize],
    most: usize,
) -> Vec<Folding> {
    let weight = |at: &usize| members[*at].iter().map(|node| degree[*node]).sum::<usize>();
    let mut by_weight = filled.to_vec();
    by_weight.sort_by_key(|at| (std::cmp::Reverse(weight(at)), *at));
    let kept = match by_weight.len() > most {
        true => most.max(2) - 1,
        false => by_weight.len(),
    };
    let mut kept_frames = by_weight[..kept].to_vec();
    let mut rest = by_weight[kept..].to_vec();
    kept_frames.sort_unstable();
    rest.sort_unstable();
    let mut plan = Vec::new();
    for at in kept_frames {
        let nodes = &members[at];
        match (nodes.as_slice(), group(at)) {
            ([node], _) => plan.push(Folding::Kept(*node)),
            (nodes, frame) => {
                let name = frame.map_or("", |frame| graph.groups[frame.0].title.as_str());
                plan.push(Folding::Together {
                    id: format!("frame_{at}"),
                    title: match name {
                        "" => format!("{} more", nodes.len()),
                        name => format!("{name}: {}", nodes.len()),
                    },
                    group: frame.and_then(|frame| graph.groups[frame.0].parent),
                    of: nodes.to_vec(),
                });
            }
        }
    }
    if !rest.is_empty() {
        let of: Vec<usize> = rest
            .iter()
            .flat_map(|at| members[*at].iter().copied())
            .collect();
        plan.push(Folding::Together {
            id: "more_frames".into(),
            title: format!("… and {} more in {} groups", of.len(), rest.len()),
            group: None,
            of,
        });
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Direction, Group};

    fn large(frames: usize, each: usize) -> Graph {
        let mut graph = Graph::new("large", Direction::Down);
        let mut first = None;
        for frame in 0..frames {
            let group = graph.add_group(Group::new(format!("g{frame}"), format!("g{frame}")));
            for node in 0..each {
                let name = format!("{frame}-{node}");
                let id = graph.add(Node::new(&name, NodeKind::Workload, &name).within(group));
                let first = *first.get_or_insert(id);
                graph.connect(Edge::new(first, id, EdgeKind::Flow));
            }
        }
        graph
    }

    #[test]
    fn a_small_graph_stays_as_it_is() {
        let graph = large(2, 3);
        assert_eq!(graph.clone().folded(40), graph);
    }

    #[test]
    fn large_graphs_get_small_and_name_what_they_hide() {
        for (frames, each) in [(3, 50), (1, 500), (30, 4), (200, 3), (45, 1)] {
            let graph = large(frames, each);
            let all = graph.nodes.len();
            let folded = graph.folded(READABLE);
            assert!(
                folded.nodes.len() <= READABLE + 2,
                "{frames}×{each}: {}",
                folded.nodes.len()
            );
            let named: usize = folded
                .nodes
                .iter()
                .map(|node| node.folded.len().max(1))
                .sum();
            assert_eq!(named, all);
        }
    }

    #[test]
    fn arrows_to_what_is_folded_are_one() {
        let folded = large(1, 100).folded(10);
        let more = folded
            .nodes
            .iter()
            .position(|node| node.kind == NodeKind::Folded)
            .unwrap();
        let to_more: Vec<&Edge> = folded
            .edges
            .iter()
            .filter(|edge| edge.to.0 == more)
            .collect();
        assert_eq!(to_more.len(), 1);
        assert_eq!(to_more[0].label, "91 ×");
    }
}
