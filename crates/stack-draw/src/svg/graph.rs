//! Graphs: boxes with an icon and names, frames, arrows, and a legend.

use std::fmt::Write as _;

use super::cards::{self, Card, DETAIL, DETAIL_LINE, ICON, INSET, NAME, Plate, TITLE, TITLE_LINE};
use super::icon::icon;
use super::sheet::HUES;
use super::{SvgOptions, document, number};
use crate::escape::{clean, xml};
use crate::graph::{Direction, EdgeKind, Graph, Mark, Node, NodeKind};
use crate::layout::{self, Layout, Point, Rect, Route, Sizes};
use crate::measure::width;

/// A graph that is laid out, with every text in its lines.
#[derive(Clone, Debug)]
pub struct Drawing<'g> {
    graph: &'g Graph,
    layout: Layout,
    cards: Vec<Card>,
    plates: Vec<Option<Plate>>,
    names: Vec<(String, String, f64)>,
}

/// A text of a drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// What is written.
    pub text: String,
    /// The room that it takes, at most.
    pub place: Rect,
    /// What it must not leave: its box, its frame, or the plate of its arrow.
    pub within: Rect,
}

impl Graph {
    /// Lays the graph out. The same graph gives the same drawing.
    #[must_use]
    pub fn draw(&self) -> Drawing<'_> {
        let cards: Vec<Card> = self.nodes.iter().map(cards::card).collect();
        let plates: Vec<Option<Plate>> = self.edges.iter().map(cards::plate).collect();
        let names: Vec<_> = self.groups.iter().map(cards::name).collect();
        let size = |plate: &Option<Plate>| plate.as_ref().map(|plate| (plate.width, plate.height));
        let sizes = Sizes {
            nodes: cards.iter().map(|card| (card.width, card.height)).collect(),
            titles: names.iter().map(|(_, _, width)| *width).collect(),
            labels: plates.iter().map(size).collect(),
        };
        Drawing {
            graph: self,
            layout: layout::layout(self, &sizes),
            cards,
            plates,
            names,
        }
    }

    /// An SVG document; the same graph and options give the same bytes.
    #[must_use]
    pub fn to_svg(&self, options: &SvgOptions) -> String {
        self.draw().to_svg(options)
    }
}

impl Drawing<'_> {
    /// Where boxes, frames and arrows stand, in pixels, before anything is drawn.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Every text with the room that it takes and the room that it has.
    #[must_use]
    pub fn texts(&self) -> Vec<Text> {
        let mut texts = Vec::new();
        let mut text = |text: &str, x: f64, base: f64, wide: f64, size: f64, within: Rect| {
            texts.push(Text {
                text: text.to_owned(),
                place: Rect {
                    x,
                    y: base - size,
                    width: wide,
                    height: size * 1.2,
                },
                within,
            });
        };
        for (card, place) in self.cards.iter().zip(&self.layout.nodes) {
            for line in lines(card, *place) {
                let wide = width(line.text, line.size, line.bold);
                text(line.text, line.x, line.y, wide, line.size, *place);
            }
        }
        for ((title, note, wide), place) in self.names.iter().zip(&self.layout.groups) {
            if place.width > 0.0 {
                text(
                    &format!("{title} {note}"),
                    place.x + INSET,
                    place.y + 20.0,
                    *wide,
                    NAME,
                    *place,
                );
            }
        }
        for (plate, route) in self.plates.iter().zip(&self.layout.routes) {
            let label = route.as_ref().and_then(|route| route.label);
            if let (Some(plate), Some(place)) = (plate, label) {
                for (index, line) in plate.lines.iter().enumerate() {
                    let wide = width(line, DETAIL, false);
                    let x = place.x + (place.width - wide) / 2.0;
                    text(
                        line,
                        x,
                        plate_line(place, plate, index),
                        wide,
                        DETAIL,
                        place,
                    );
                }
            }
        }
        texts
    }

    /// An SVG document; the same drawing gives the same bytes.
    #[must_use]
    pub fn to_svg(&self, options: &SvgOptions) -> String {
        let prefix = options.prefix();
        let mut body = self.definitions(&prefix);
        let hues = self.hues();
        for (group, (place, (title, note, _))) in
            self.layout.groups.iter().zip(&self.names).enumerate()
        {
            if place.width <= 0.0 {
                continue;
            }
            let hue = hues[group];
            let _ = writeln!(
                body,
                "<rect class=\"sd-frame h{hue}\" {} rx=\"10\"/>",
                at(*place)
            );
            let _ = (title, note);
        }
        for (edge, route) in self.graph.edges.iter().zip(&self.layout.routes) {
            let Some(route) = route else { continue };
            let class = class(edge.kind);
            let tip = tip_of(self.graph, edge);
            let _ = writeln!(
                body,
                "<path class=\"sd-edge {class}\" d=\"{}\" marker-end=\"url(#{prefix}-{class})\"><title>{}</title></path>",
                self.path(route),
                xml(&tip),
            );
        }
        for (group, (place, (title, note, _))) in
            self.layout.groups.iter().zip(&self.names).enumerate()
        {
            if place.width <= 0.0 {
                continue;
            }
            let hue = hues[group];
            let beside = match note.as_str() {
                "" => String::new(),
                note => format!("<tspan class=\"sd-note\" dx=\"8\">{}</tspan>", xml(note)),
            };
            let _ = writeln!(
                body,
                "<text class=\"sd-name n{hue}\" style=\"stroke:var(--f{hue})\" x=\"{}\" y=\"{}\">{}{beside}</text>",
                number(place.x + INSET),
                number(place.y + 20.0),
                xml(title),
            );
        }
        for (number, node) in self.graph.nodes.iter().enumerate() {
            let hue = node.group.map_or(HUES - 1, |group| hues[group.0]);
            self.node(&mut body, &prefix, node, number, hue);
        }
        for (plate, route) in self.plates.iter().zip(&self.layout.routes) {
            let label = route.as_ref().and_then(|route| route.label);
            if let (Some(plate), Some(place)) = (plate, label) {
                let _ = writeln!(body, "<rect class=\"sd-plate\" {} rx=\"4\"/>", at(place));
                for (index, line) in plate.lines.iter().enumerate() {
                    let _ = writeln!(
                        body,
                        "<text class=\"sd-label\" x=\"{}\" y=\"{}\">{}</text>",
                        number(place.x + place.width / 2.0),
                        number(plate_line(place, plate, index)),
                        xml(line),
                    );
                }
            }
        }
        let (wide, high) = self.legend(&mut body, &prefix);
        let title = (self.graph.title.as_str(), self.graph.description.as_str());
        let size = (self.layout.width.max(wide), self.layout.height + high);
        document(options, title, size, &body)
    }

    /// Icons and arrow heads that are used.
    fn definitions(&self, prefix: &str) -> String {
        let mut icons: Vec<(&str, &str)> = self
            .graph
            .nodes
            .iter()
            .map(|node| icon(node.kind))
            .collect();
        icons.sort_unstable();
        icons.dedup();
        let mut text = String::from("<defs>\n");
        for (name, outline) in icons {
            let _ = writeln!(text, "<path id=\"{prefix}-{name}\" d=\"{outline}\"/>");
        }
        for kind in self.graph.edge_kinds() {
            let class = class(kind);
            let head = match kind {
                EdgeKind::Refused | EdgeKind::Broken => {
                    "M1 0L5 4L9 0L10 1L6 5L10 9L9 10L5 6L1 10L0 9L4 5L0 1z"
                }
                _ => "M0 0L10 5L0 10L2.5 5z",
            };
            let back = if matches!(kind, EdgeKind::Refused | EdgeKind::Broken) {
                10
            } else {
                9
            };
            let _ = writeln!(
                text,
                "<marker id=\"{prefix}-{class}\" viewBox=\"0 0 10 10\" refX=\"{back}\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" \
                 markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"sd-tip {class}\" d=\"{head}\"/></marker>"
            );
        }
        text.push_str("</defs>\n");
        text
    }

    /// A hue for each frame: frames around frames are grey, so that the inner ones stand out.
    fn hues(&self) -> Vec<usize> {
        let mut outer = vec![false; self.graph.groups.len()];
        for group in &self.graph.groups {
            if let Some(parent) = group.parent {
                outer[parent.0] = true;
            }
        }
        let mut next = 0;
        let hue = |outer: bool| {
            if outer {
                return HUES - 1;
            }
            next += 1;
            (next - 1) % (HUES - 1)
        };
        outer.into_iter().map(hue).collect()
    }

    fn node(&self, body: &mut String, prefix: &str, node: &Node, number_of: usize, hue: usize) {
        let place = self.layout.nodes[number_of];
        let (name, _) = icon(node.kind);
        let mark = match node.mark {
            Mark::None if node.kind == NodeKind::Folded => " sd-more",
            Mark::None => "",
            Mark::Added => " sd-added",
            Mark::Removed => " sd-removed",
            Mark::Changed => " sd-changed",
            Mark::Missing => " sd-missing",
            Mark::Wrong => " sd-wrong",
        };
        let _ = writeln!(
            body,
            "<g><title>{}</title><rect class=\"sd-card s{hue}{mark}\" {} rx=\"7\"/>",
            xml(&full(node)),
            at(place),
        );
        let _ = writeln!(
            body,
            "<use href=\"#{prefix}-{name}\" class=\"sd-icon i{hue}\" transform=\"translate({} {}) scale(.9)\"/>",
            number(place.x + INSET - 1.0),
            number(place.y + place.height / 2.0 - 9.0),
        );
        for line in lines(&self.cards[number_of], place) {
            let class = if line.bold { "sd-title" } else { "sd-detail" };
            let _ = writeln!(
                body,
                "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
                number(line.x),
                number(line.y),
                xml(line.text),
            );
        }
        body.push_str("</g>\n");
    }

    /// A line through the points: straight along the direction, bent across it.
    fn path(&self, route: &Route) -> String {
        let along = |point: &Point| match self.graph.direction {
            Direction::Down => (point.y, point.x),
            Direction::Right => (point.x, point.y),
        };
        let mut path = String::new();
        let mut last: Option<Point> = None;
        for point in &route.points {
            let Some(from) = last.replace(*point) else {
                let _ = write!(path, "M{} {}", number(point.x), number(point.y));
                continue;
            };
            let (start, at_start) = along(&from);
            let (end, at_end) = along(point);
            if (at_start - at_end).abs() < 0.05 {
                let _ = write!(path, "L{} {}", number(point.x), number(point.y));
                continue;
            }
            let middle = f64::midpoint(start, end);
            let (first, second) = match self.graph.direction {
                Direction::Down => ((at_start, middle), (at_end, middle)),
                Direction::Right => ((middle, at_start), (middle, at_end)),
            };
            let _ = write!(
                path,
                "C{} {} {} {} {} {}",
                number(first.0),
                number(first.1),
                number(second.0),
                number(second.1),
                number(point.x),
                number(point.y),
            );
        }
        path
    }

    /// What the lines mean, where there are several kinds or an uncommon one; how wide and high it is.
    fn legend(&self, body: &mut String, prefix: &str) -> (f64, f64) {
        let kinds = self.graph.edge_kinds();
        if kinds
            .iter()
            .all(|kind| matches!(kind, EdgeKind::Flow | EdgeKind::Then))
        {
            return (0.0, 0.0);
        }
        let y = self.layout.height + 8.0;
        let mut x = 14.0;
        let mut row = 0.0;
        let most = self.layout.width.max(420.0);
        let mut widest: f64 = 0.0;
        for kind in kinds {
            let wide = 44.0 + width(kind.meaning(), DETAIL, false) + 22.0;
            if x > 14.0 && x + wide > most {
                x = 14.0;
                row += 18.0;
            }
            let class = class(kind);
            let _ = writeln!(
                body,
                "<path class=\"sd-edge {class}\" d=\"M{} {}h34\" marker-end=\"url(#{prefix}-{class})\"/>\
                 <text class=\"sd-key\" x=\"{}\" y=\"{}\">{}</text>",
                number(x),
                number(y + row),
                number(x + 42.0),
                number(y + row + 4.0),
                kind.meaning(),
            );
            x += wide;
            widest = widest.max(x);
        }
        (widest, row + 26.0)
    }
}

/// A line of a box.
struct Line<'c> {
    text: &'c str,
    x: f64,
    /// The line on which the letters stand.
    y: f64,
    size: f64,
    bold: bool,
}

#[allow(clippy::cast_precision_loss)]
fn lines(card: &Card, place: Rect) -> impl Iterator<Item = Line<'_>> {
    let x = place.x + INSET + ICON;
    let high = card.title.len() as f64 * TITLE_LINE + card.details.len() as f64 * DETAIL_LINE;
    let top = place.y + (place.height - high) / 2.0;
    let below = top + card.title.len() as f64 * TITLE_LINE;
    let titles = card
        .title
        .iter()
        .enumerate()
        .map(move |(index, text)| Line {
            text,
            x,
            y: top + index as f64 * TITLE_LINE + 12.5,
            size: TITLE,
            bold: true,
        });
    let details = card
        .details
        .iter()
        .enumerate()
        .map(move |(index, text)| Line {
            text,
            x,
            y: below + index as f64 * DETAIL_LINE + 10.5,
            size: DETAIL,
            bold: false,
        });
    titles.chain(details)
}

#[allow(clippy::cast_precision_loss)]
fn plate_line(place: Rect, plate: &Plate, index: usize) -> f64 {
    let top = place.y + (place.height - plate.lines.len() as f64 * DETAIL_LINE) / 2.0;
    top + index as f64 * DETAIL_LINE + 10.5
}

fn at(place: Rect) -> String {
    format!(
        "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
        number(place.x),
        number(place.y),
        number(place.width),
        number(place.height)
    )
}

fn class(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Flow => "sd-flow",
        EdgeKind::Query => "sd-query",
        EdgeKind::Then => "sd-then",
        EdgeKind::Reference => "sd-reference",
        EdgeKind::Selects => "sd-selects",
        EdgeKind::Refused => "sd-refused",
        EdgeKind::Depends => "sd-depends",
        EdgeKind::Broken => "sd-broken",
    }
}

/// All that a box says, also what does not fit.
fn full(node: &Node) -> String {
    let mut text = node.title.clone();
    for detail in &node.details {
        let _ = write!(text, " · {detail}");
    }
    if !node.tip.is_empty() {
        let _ = write!(text, " — {}", node.tip);
    }
    if !node.folded.is_empty() {
        let _ = write!(text, ": {}", node.folded.join(", "));
    }
    clean(&text).into_owned()
}

fn tip_of(graph: &Graph, edge: &crate::graph::Edge) -> String {
    let name = |id: crate::NodeId| graph.nodes[id.0].title.as_str();
    let mut text = format!("{} → {}", name(edge.from), name(edge.to));
    for part in [&edge.label, &edge.tip] {
        if !part.is_empty() {
            let _ = write!(text, ": {part}");
        }
    }
    text
}
