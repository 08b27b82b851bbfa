//! The pictures of the reference stacks can be read: boxes beside each other, words inside them, few arrows that cross.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use crate::made;

use made::Declared;
use reference_stacks::documents::{self, Content};
use reference_stacks::stacks::Size;
use stack_builder::Bundle;
use stack_draw::{Graph, READABLE};
use stack_model::Model;

/// So many arrows of a folded picture may cross.
const CROSSINGS: [(&str, usize); 5] = [
    ("install_of_bundle", 0),
    ("install", 4),
    ("architecture", 4),
    ("traffic", 4),
    ("telemetry", 4),
];

fn pictures(bundle: &Bundle) -> [Graph; 5] {
    let own = bundle.objects().map(|object| object.value().clone());
    let charts = bundle.charts().into_iter();
    let charts = charts.flat_map(|charts| {
        charts
            .objects()
            .iter()
            .map(|object| (*object.value).clone())
    });
    let model = Model::read(own.chain(charts));
    let more = stack_draw::configurations(bundle);
    [
        stack_draw::install_of_bundle(bundle),
        stack_draw::install(&model),
        stack_draw::architecture(&model),
        stack_draw::traffic(&model),
        stack_draw::telemetry(&model, &more),
    ]
}

fn assert_readable(folded: &Graph, who: &str, most: usize) {
    let drawing = folded.draw();
    let layout = drawing.layout();
    let boxes = layout.nodes.len();
    assert!(boxes <= READABLE + 2, "{who}: {boxes}");
    for (index, place) in layout.nodes.iter().enumerate() {
        let others = &layout.nodes[index + 1..];
        assert!(
            !others.iter().any(|other| other.overlaps(place)),
            "{who}: box {index}"
        );
    }
    for text in drawing.texts() {
        assert!(text.within.contains(&text.place), "{who}: {text:?}");
    }
    println!("{who}: {boxes} boxes, {} crossings", layout.crossings);
    assert!(layout.crossings <= most, "{who}: {}", layout.crossings);
}

#[test]
fn every_picture_of_every_reference_stack_can_be_read() {
    for size in Size::ALL {
        let bundles = size.fleet("prod", "example.com").build().unwrap();
        for (cluster, bundle) in bundles.members() {
            let charts = Declared::without_definitions(bundle);
            let bundle = &bundle.clone().with_charts(&charts).unwrap();
            for (graph, (name, most)) in pictures(bundle).into_iter().zip(CROSSINGS) {
                let folded = graph.folded(READABLE);
                let who = format!("{size}, {}, {name}", cluster.name);
                assert_readable(&folded, &who, most);
            }
        }
    }
}

/// Those of the guides' own configuration, too, with what they scrape.
#[test]
fn the_pictures_of_the_guides_can_be_read_and_show_who_is_scraped() {
    let documents = documents::all().unwrap();
    let objects = documents
        .iter()
        .filter_map(|document| match document.sound()? {
            Content::Value(value) if value.get("apiVersion").is_some() => Some(value.clone()),
            _ => None,
        });
    let model = Model::read(objects);
    let graphs = [
        stack_draw::architecture(&model),
        stack_draw::traffic(&model),
        stack_draw::telemetry(&model, &[]),
    ];
    for graph in &graphs {
        let folded = graph.clone().folded(READABLE);
        assert_readable(&folded, &graph.title, 4);
        assert!(!folded.nodes().is_empty(), "{}", graph.title);
    }
    let scraped = |graph: &Graph| {
        graph
            .edges()
            .iter()
            .any(|edge| edge.label.contains("scraped"))
    };
    assert!(scraped(&graphs[2]), "{}", graphs[2].to_text());
}
