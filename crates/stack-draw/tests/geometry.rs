//! No two boxes overlap, labels lie inside, arrows cross no box, for any graph; and the same graph gives the same bytes.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use stack_draw::{
    Direction, Edge, EdgeKind, Graph, Group, GroupId, Node, NodeId, NodeKind, Point, Rect,
    SvgOptions,
};

/// A little less than a pixel of rounding.
const SLACK: f64 = 0.01;

fn contains(outer: &Rect, inner: &Rect) -> bool {
    let wider = Rect {
        x: outer.x - SLACK,
        y: outer.y - SLACK,
        width: outer.width + 2.0 * SLACK,
        height: outer.height + 2.0 * SLACK,
    };
    wider.contains(inner)
}

/// The frames around a box.
fn frames(graph: &Graph, mut group: Option<GroupId>) -> Vec<usize> {
    let mut frames = Vec::new();
    while let Some(frame) = group {
        frames.push(frame.index());
        group = graph.groups()[frame.index()].parent;
    }
    frames
}

/// Points of the way in small steps, as it is drawn: straight along the direction, bent across it.
fn way(points: &[Point], direction: Direction) -> Vec<Point> {
    let mut way = Vec::new();
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        for step in 0..=12 {
            let t = f64::from(step) / 12.0;
            // The curve's course along the direction, and across it: ends that leave straight.
            let along = |a: f64, b: f64| {
                let middle = f64::midpoint(a, b);
                let (u, v) = (1.0 - t, t);
                u * u * u * a + 3.0 * u * u * v * middle + 3.0 * u * v * v * middle + v * v * v * b
            };
            let across = |a: f64, b: f64| {
                let (u, v) = (1.0 - t, t);
                (u * u * u + 3.0 * u * u * v) * a + (3.0 * u * v * v + v * v * v) * b
            };
            way.push(match direction {
                Direction::Down => Point {
                    x: across(from.x, to.x),
                    y: along(from.y, to.y),
                },
                Direction::Right => Point {
                    x: along(from.x, to.x),
                    y: across(from.y, to.y),
                },
            });
        }
    }
    way
}

fn assert_well_drawn(graph: &Graph) {
    let drawing = graph.draw();
    let layout = drawing.layout();
    for (index, place) in layout.nodes.iter().enumerate() {
        for (other, other_place) in layout.nodes.iter().enumerate().skip(index + 1) {
            assert!(
                !place.overlaps(other_place),
                "boxes {index} and {other}: {place:?} {other_place:?}"
            );
        }
        let own = frames(graph, graph.nodes()[index].group);
        for (frame, frame_place) in layout.groups.iter().enumerate() {
            match own.contains(&frame) {
                true => assert!(
                    contains(frame_place, place),
                    "box {index} leaves frame {frame}"
                ),
                false => assert!(
                    !frame_place.overlaps(place),
                    "box {index} lies in the foreign frame {frame}"
                ),
            }
        }
        let whole = Rect {
            x: 0.0,
            y: 0.0,
            width: layout.width,
            height: layout.height,
        };
        assert!(contains(&whole, place));
    }
    for text in drawing.texts() {
        assert!(contains(&text.within, &text.place), "{text:?}");
    }
    let labels: Vec<Rect> = layout
        .routes
        .iter()
        .flatten()
        .filter_map(|route| route.label)
        .collect();
    for (index, label) in labels.iter().enumerate() {
        assert!(
            labels[index + 1..]
                .iter()
                .all(|other| !label.overlaps(other)),
            "label {index}"
        );
        assert!(
            layout.nodes.iter().all(|place| !label.overlaps(place)),
            "label {index} on a box"
        );
    }
    for (edge, route) in graph.edges().iter().zip(&layout.routes) {
        let Some(route) = route else {
            assert_eq!(edge.from, edge.to);
            continue;
        };
        let (first, last) = (route.points.first().unwrap(), route.points.last().unwrap());
        let at = |point: &Point, node: NodeId| {
            let point = Rect {
                x: point.x,
                y: point.y,
                width: 0.0,
                height: 0.0,
            };
            contains(&layout.nodes[node.index()], &point)
        };
        assert!(
            at(first, edge.from) && at(last, edge.to),
            "{edge:?} {route:?}"
        );
        for point in way(&route.points, graph.direction) {
            for (index, place) in layout.nodes.iter().enumerate() {
                let inside = point.x > place.x + SLACK
                    && point.x < place.x + place.width - SLACK
                    && point.y > place.y + SLACK
                    && point.y < place.y + place.height - SLACK;
                assert!(
                    !inside,
                    "{edge:?} goes through box {index} {place:?} at {point:?}"
                );
            }
        }
    }
}

prop_compose! {
    fn graphs(most: usize)(
        boxes in 1..most,
        frames in 0_usize..12,
        seeds in prop::collection::vec((any::<u16>(), any::<u16>(), any::<u8>()), most * 2),
        across in any::<bool>(),
        labels in any::<bool>(),
    ) -> Graph {
        let direction = if across { Direction::Right } else { Direction::Down };
        let mut graph = Graph::new("random", direction);
        let mut groups: Vec<GroupId> = Vec::new();
        for (frame, (a, _, b)) in seeds.iter().copied().enumerate().take(frames) {
            let parent = (b % 3 == 0 && !groups.is_empty()).then(|| groups[usize::from(a) % groups.len()]);
            groups.push(graph.add_group(Group::new(format!("f{frame}"), format!("frame {frame}")).within(parent)));
        }
        let mut nodes = Vec::new();
        for (index, (a, b, c)) in seeds.iter().copied().enumerate().take(boxes) {
            let group = (c % 4 != 0 && !groups.is_empty()).then(|| groups[usize::from(b) % groups.len()]);
            let name = "이름-of-a-box ".repeat(1 + usize::from(a) % 4);
            nodes.push(graph.add(Node::new(format!("n{index}"), NodeKind::Workload, name).detail("a line more").within(group)));
        }
        for (index, (a, b, c)) in seeds[boxes..].iter().enumerate().take(boxes + boxes / 2) {
            let edge = Edge::new(nodes[usize::from(*a) % boxes], nodes[usize::from(*b) % boxes], EdgeKind::Flow);
            let label = if labels && c % 3 == 0 { format!("label {index}") } else { String::new() };
            graph.connect(edge.label(label));
        }
        graph
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn small_graphs_are_well_drawn(graph in graphs(30)) {
        assert_well_drawn(&graph);
    }

    #[test]
    fn the_same_graph_gives_the_same_bytes(graph in graphs(40)) {
        let again = graph.clone();
        prop_assert_eq!(graph.to_svg(&SvgOptions::default()), again.to_svg(&SvgOptions::default()));
        prop_assert_eq!(graph.to_mermaid(), again.to_mermaid());
        prop_assert_eq!(graph.to_dot(), again.to_dot());
        prop_assert_eq!(graph.to_text(), again.to_text());
    }

    #[test]
    fn folded_graphs_are_well_drawn(graph in graphs(120)) {
        assert_well_drawn(&graph.folded(40));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn graphs_of_two_hundred_boxes_are_well_drawn(graph in graphs(200)) {
        assert_well_drawn(&graph);
    }
}

/// A tree and a grid of layers have drawings without a crossing; ours must find them.
#[test]
fn what_can_be_drawn_without_crossings_is() {
    let mut tree = Graph::new("tree", Direction::Down);
    let mut nodes = Vec::new();
    for index in 0..63_usize {
        let node = tree.add(Node::new(
            format!("n{index}"),
            NodeKind::Other,
            format!("n{index}"),
        ));
        if index > 0 {
            tree.connect(Edge::new(nodes[(index - 1) / 2], node, EdgeKind::Flow));
        }
        nodes.push(node);
    }
    assert_eq!(tree.draw().layout().crossings, 0);
}
