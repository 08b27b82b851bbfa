//! Our pictures say what the documented ones say: same boxes, same arrows, same words.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use lab_builder::stack_draw::{self, EdgeKind, Graph, READABLE, SvgOptions};
use lab_builder::{Environment, Lab, Whole, diagrams};

/// Boxes with their lines, and arrows with their labels and whether they are dotted.
#[derive(Debug, Default, PartialEq)]
struct Said {
    boxes: BTreeMap<String, (Vec<String>, String)>,
    arrows: BTreeSet<(String, String, String, bool)>,
}

fn ours(graph: &Graph) -> Said {
    let id = |index: usize| graph.nodes()[index].id.clone();
    let boxes = graph.nodes().iter().map(|node| {
        let lines = std::iter::once(node.title.clone()).chain(node.details.iter().cloned());
        let frame = node
            .group
            .map(|group| graph.groups()[group.index()].title.clone());
        (
            node.id.clone(),
            (lines.collect(), frame.unwrap_or_default()),
        )
    });
    let arrows = graph.edges().iter().map(|edge| {
        let dotted = edge.kind == EdgeKind::Query;
        (
            id(edge.from.index()),
            id(edge.to.index()),
            edge.label.clone(),
            dotted,
        )
    });
    Said {
        boxes: boxes.collect(),
        arrows: arrows.collect(),
    }
}

/// What a documented flowchart says; only the forms that are used there.
fn documented(text: &str) -> Said {
    let mut said = Said::default();
    let mut frames: Vec<String> = Vec::new();
    let lines_of = |label: &str| -> Vec<String> {
        let plain = ["<b>", "</b>", "<i>", "</i>"]
            .iter()
            .fold(label.to_owned(), |text, tag| text.replace(tag, ""));
        plain
            .split("<br/>")
            .map(|line| line.trim().to_owned())
            .collect()
    };
    for line in text.lines().map(str::trim) {
        if let Some(frame) = line.strip_prefix("subgraph ") {
            let title = frame
                .split_once('[')
                .map_or(frame, |(_, title)| title.trim_end_matches(']'));
            frames.push(title.trim_matches('"').to_owned());
        } else if line == "end" {
            frames.pop();
        } else if line.is_empty()
            || ["style ", "flowchart ", "graph "]
                .iter()
                .any(|word| line.starts_with(word))
        {
        } else {
            let mut end = |text: &str| -> String {
                let text = text.trim();
                let Some((id, label)) = text.split_once('[') else {
                    return text.to_owned();
                };
                let label = label.trim_end_matches(']').trim_matches('"');
                let frame = frames.last().cloned().unwrap_or_default();
                said.boxes.insert(id.to_owned(), (lines_of(label), frame));
                id.to_owned()
            };
            let arrow = ["-.->", "-->"]
                .into_iter()
                .find(|arrow| line.contains(arrow));
            let Some((arrow, (from, rest))) =
                arrow.and_then(|arrow| Some((arrow, line.split_once(arrow)?)))
            else {
                end(line);
                continue;
            };
            let (label, to) = match rest.strip_prefix('|').and_then(|rest| rest.split_once('|')) {
                Some((label, to)) => (lines_of(label.trim_matches('"')).join(" "), to),
                None => (String::new(), rest),
            };
            let arrow = (end(from), end(to), label, arrow == "-.->");
            said.arrows.insert(arrow);
        }
    }
    said
}

fn dev() -> lab_builder::Bundle {
    Lab::new(Environment::Dev).build().unwrap()
}

#[test]
fn the_documented_pictures_have_the_same_boxes_and_arrows() {
    let Some(folder) = fidelity::data_folder("SPEC_DIR") else {
        return;
    };
    let lab = dev();
    for (file, graph) in [
        ("000-1-Diagram-maturity-levels.mmd", diagrams::maturity()),
        (
            "004-1-Diagram-cluster-architecture.mmd",
            diagrams::architecture(&lab),
        ),
        ("004-1-Diagram-install-flow.mmd", diagrams::install(&lab)),
    ] {
        let text = std::fs::read_to_string(folder.join("documents").join(file)).unwrap();
        let (ours, documented) = (ours(&graph), documented(&text));
        assert!(!documented.boxes.is_empty() && !documented.arrows.is_empty());
        assert_eq!(ours.boxes, documented.boxes, "{file}");
        assert_eq!(ours.arrows, documented.arrows, "{file}");
        // What we write for Mermaid says the same, as far as it is read back.
        assert_eq!(
            graph.to_mermaid().matches(" subgraph ").count(),
            graph.groups().len()
        );
    }
}

#[test]
fn the_pictures_follow_the_lab() {
    let without = Lab::new(Environment::Stg).skip_istio().build().unwrap();
    let graph = diagrams::architecture(&without);
    assert!(
        graph
            .nodes()
            .iter()
            .all(|node| node.id != "ZTunnel" && node.id != "Istiod")
    );
    assert!(
        graph
            .nodes()
            .iter()
            .any(|node| node.details == ["*.lab-stg.local"])
    );
    assert_eq!(
        diagrams::install(&without).nodes().len(),
        without.parts().len()
    );
}

#[test]
fn the_documented_pictures_are_drawn_without_a_crossing() {
    let lab = dev();
    for graph in [
        diagrams::maturity(),
        diagrams::architecture(&lab),
        diagrams::install(&lab),
    ] {
        let drawing = graph.draw();
        assert_eq!(drawing.layout().crossings, 0, "{}", graph.title);
        assert_eq!(
            drawing.to_svg(&SvgOptions::default()),
            graph.to_svg(&SvgOptions::default())
        );
    }
}

/// Of a graph as people see it: boxes that lie on each other, words that leave their box, and arrows that cross.
#[test]
fn the_other_pictures_are_readable_in_every_environment() {
    for environment in [Environment::Dev, Environment::Stg, Environment::Prod] {
        let bundle = Lab::new(environment).build().unwrap();
        let model = Whole::of(&bundle).model;
        let more = stack_draw::configurations(&bundle);
        let pictures = [
            (stack_draw::install_of_bundle(&bundle), 0),
            (stack_draw::install(&model), 8),
            (stack_draw::architecture(&model), 8),
            (stack_draw::traffic(&model), 4),
            (stack_draw::telemetry(&model, &more), 8),
        ];
        for (graph, most) in pictures {
            let graph = graph.folded(READABLE);
            let drawing = graph.draw();
            let layout = drawing.layout();
            assert!(layout.nodes.len() <= READABLE, "{}", graph.title);
            for (index, place) in layout.nodes.iter().enumerate() {
                let others = &layout.nodes[index + 1..];
                assert!(
                    !others.iter().any(|other| other.overlaps(place)),
                    "{}: {index}",
                    graph.title
                );
            }
            for text in drawing.texts() {
                assert!(
                    text.within.contains(&text.place),
                    "{}: {text:?}",
                    graph.title
                );
            }
            assert!(
                layout.crossings <= most,
                "{}: {} crossings",
                graph.title,
                layout.crossings
            );
        }
    }
}
