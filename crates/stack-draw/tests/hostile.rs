//! Text of manifests is shown, whatever it is, and never becomes part of the language that a picture is written in.

use serde_json::json;
use stack_draw::{Direction, Edge, EdgeKind, Graph, Group, Node, NodeKind, Picture, SvgOptions};
use stack_model::Model;

const HOSTILE: [&str; 9] = [
    "</text><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"]; click a \"javascript:alert(1)\"",
    "a\"]:::evil\nend\nsubgraph x",
    "\\\"; shape=none; URL=\"javascript:alert(1)",
    "&lt;b&gt; ]]> --> <!-- %%{init: {}}%%",
    "\u{202e}gnissim\u{202c} \u{0}\u{1b}[31m",
    "url(http://evil.example/x) #quot; `**md**`",
    "{{constructor.constructor('alert(1)')()}}|x|",
];

fn hostile() -> Graph {
    let mut graph = Graph::new(HOSTILE[0], Direction::Right);
    graph.description = HOSTILE[5].into();
    let mut before = None;
    for text in HOSTILE {
        let group = graph.add_group(Group::new(text, text).note(text));
        let node = graph.add(
            Node::new(text, NodeKind::Workload, text)
                .detail(text)
                .tip(text)
                .within(group),
        );
        if let Some(before) = before.replace(node) {
            graph.connect(
                Edge::new(before, node, EdgeKind::Flow)
                    .label(text)
                    .tip(text),
            );
        }
    }
    graph
}

#[test]
fn svg_has_no_element_and_no_attribute_of_the_text() {
    let svg = hostile().to_svg(&SvgOptions::default());
    for tag in svg.split('<').skip(1) {
        let name = tag
            .split([' ', '>', '/', '\n'])
            .find(|name| !name.is_empty())
            .unwrap();
        let known = [
            "svg", "title", "desc", "style", "rect", "text", "g", "defs", "path", "marker", "use",
            "tspan",
        ];
        assert!(known.contains(&name), "{name}");
        let inside = tag.split('>').next().unwrap();
        assert!(
            !inside.contains("onerror") && !inside.contains("javascript:"),
            "{inside}"
        );
    }
    assert!(!svg.contains(['\u{0}', '\u{1b}', '\u{202e}', '\u{202c}']));
}

#[test]
fn mermaid_keeps_text_between_its_quotes() {
    let text = hostile().to_mermaid();
    for line in text.lines().map(str::trim) {
        let quotes = line.matches('"').count();
        assert!(quotes == 0 || quotes == 2, "{line}");
        let outside: String = line.split('"').step_by(2).collect();
        assert!(
            // Ids hold its letters and digits.
            !outside.contains("alert(") || line.starts_with("acc"),
            "{line}"
        );
        let words = [
            "flowchart",
            "accTitle",
            "accDescr",
            "subgraph",
            "end",
            "n_",
            "g_",
        ];
        let known = words.iter().any(|word| line.starts_with(word))
            || line.starts_with(|c: char| c.is_ascii_alphanumeric());
        assert!(known, "{line}");
    }
    assert_eq!(
        text.lines().filter(|line| line.trim() == "end").count(),
        HOSTILE.len()
    );
}

#[test]
fn dot_keeps_text_between_its_quotes() {
    for line in hostile().to_dot().lines() {
        let plain = line.replace("\\\\", "").replace("\\\"", "");
        assert_eq!(plain.matches('"').count() % 2, 0, "{line}");
        let outside: String = plain.split('"').step_by(2).collect();
        assert!(
            !outside.contains("URL=") && !outside.contains("javascript:"),
            "{line}"
        );
    }
}

#[test]
fn a_terminal_gets_no_control_characters() {
    assert!(
        !hostile()
            .to_text()
            .chars()
            .any(|c| c.is_control() && c != '\n')
    );
}

#[test]
fn every_picture_of_hostile_objects_is_drawn() {
    let name = HOSTILE[0];
    let model = Model::read([
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": HOSTILE[1], "labels": {"app": "a"}},
               "spec": {"replicas": 2, "template": {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [
                   {"name": "a", "image": HOSTILE[2], "env": [{"name": "URL", "value": "http://b.c.svc:4317/v1/traces"}]}]}}}}),
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": HOSTILE[4], "namespace": HOSTILE[1]},
               "spec": {"rules": [{"host": HOSTILE[3], "http": {"paths": [{"backend": {"service": {"name": name, "port": {"number": 80}}}}]}}]}}),
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "b", "namespace": "c"}, "spec": {"ports": [{"port": 4317}]}}),
    ]);
    let object = model.entries().next().unwrap();
    let pictures = [
        Picture::Graph(stack_draw::install(&model)),
        Picture::Graph(stack_draw::architecture(&model)),
        Picture::Graph(stack_draw::traffic(&model)),
        Picture::Graph(stack_draw::telemetry(&model, &[])),
        Picture::Graph(stack_draw::references(&model, object, 2)),
        Picture::Grid(stack_draw::policies(
            &stack_reach::Reach::of(&model).matrix(),
        )),
        Picture::Bars(stack_draw::capacity(&stack_check::capacity::table(&model))),
    ];
    for picture in pictures {
        assert!(!picture.is_empty(), "{}", picture.title());
        for options in [SvgOptions::default(), SvgOptions::inside("a\"><script>")] {
            let svg = picture.to_svg(&options);
            assert!(!svg.contains("<script") && !svg.contains("<img"), "{svg}");
        }
        assert!(
            !picture.to_mermaid().contains("<script")
                && !picture.to_dot().is_empty()
                && !picture.to_text().is_empty()
        );
    }
}
