//! Bars: how much of something is used, and how much there is.

use std::fmt::Write as _;

use crate::escape::{clean, xml};
use crate::graph::{Direction, Graph, Group, Mark, Node, NodeKind};
use crate::measure::{shortened, width};
use crate::svg::{SvgOptions, document, number};

/// One bar. Numbers of one bar have one unit; texts are the numbers as people write them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    /// The thing and the resource that are counted: `node-1, cpu`.
    pub name: String,
    /// What is used at rest.
    pub used: f64,
    /// `used` with its unit, as people write it: `1.5Gi`.
    pub used_text: String,
    /// What is used at most; no less than `used`.
    pub most: f64,
    /// `most` with its unit.
    pub most_text: String,
    /// What there is; `None` where nothing says it.
    pub bound: Option<f64>,
    /// The same as text; empty where nothing says it.
    pub bound_text: String,
}

impl Bar {
    /// Whether more is used than there is.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.bound.is_some_and(|bound| self.most > bound)
    }

    /// `1 of 4, at most 2`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let mut text = self.used_text.clone();
        if !self.bound_text.is_empty() {
            let _ = write!(text, " of {}", self.bound_text);
        }
        if self.most > self.used {
            let _ = write!(text, ", at most {}", self.most_text);
        }
        if self.is_over() {
            text.push_str(": too much");
        }
        text
    }
}

/// Groups of bars, each below a heading. Each bar has its own scale: as long as what there is, or as what is used at most.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// The heading above all groups.
    pub title: String,
    /// What they say, in a sentence or two.
    pub description: String,
    groups: Vec<(String, Vec<Bar>)>,
}

const LONG: f64 = 300.0;
const HIGH: f64 = 22.0;

impl Bars {
    /// A picture with a heading and no bars yet.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    /// Adds a bar below a heading: the last one, where it is called so.
    pub fn add(&mut self, heading: &str, bar: Bar) {
        match self.groups.last_mut() {
            Some((last, bars)) if last == heading => bars.push(bar),
            _ => self.groups.push((heading.to_owned(), vec![bar])),
        }
    }

    /// The headings with their bars.
    #[must_use]
    pub fn groups(&self) -> &[(String, Vec<Bar>)] {
        &self.groups
    }

    /// An SVG document; what is used above what there is stands out by more than colour.
    #[must_use]
    pub fn to_svg(&self, options: &SvgOptions) -> String {
        let bars = self.groups.iter().flat_map(|(_, bars)| bars);
        let names = bars
            .clone()
            .map(|bar| width(&clean(&bar.name), 11.0, false));
        let left = names.fold(60.0, f64::max).min(220.0) + 28.0;
        let words = bars.map(|bar| width(&clean(&bar.in_words()), 11.0, false));
        let right = words.fold(40.0, f64::max).min(320.0);
        let mut body = String::new();
        let mut y = 6.0;
        for (index, (heading, bars)) in self.groups.iter().enumerate() {
            let _ = writeln!(
                body,
                "<text class=\"sd-name n{}\" x=\"14\" y=\"{}\">{}</text>",
                index % 7,
                number(y + 14.0),
                xml(&shortened(&clean(heading), left + LONG, 12.0, true)),
            );
            y += 22.0;
            for bar in bars {
                let whole = bar
                    .bound
                    .unwrap_or(bar.most)
                    .max(bar.most)
                    .max(f64::MIN_POSITIVE);
                let long = |amount: f64| (amount / whole * LONG).clamp(0.0, LONG);
                let over = if bar.is_over() { " sd-bar-full" } else { "" };
                let name = shortened(&clean(&bar.name), left - 24.0, 11.0, false);
                let _ = writeln!(
                    body,
                    "<g><title>{}</title><text class=\"sd-key\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\
                     <rect class=\"sd-track\" x=\"{}\" y=\"{}\" width=\"{LONG}\" height=\"12\" rx=\"3\"/>",
                    xml(&format!("{}: {}", bar.name, bar.in_words())),
                    number(left - 8.0),
                    number(y + 11.0),
                    xml(&name),
                    number(left),
                    number(y + 2.0),
                );
                if bar.most > bar.used {
                    let _ = writeln!(
                        body,
                        "<rect class=\"sd-bar-more\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"11\" rx=\"3\"/>",
                        number(left),
                        number(y + 2.5),
                        number(long(bar.most)),
                    );
                }
                let _ = writeln!(
                    body,
                    "<rect class=\"sd-bar{over}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"12\" rx=\"3\"/>",
                    number(left),
                    number(y + 2.0),
                    number(long(bar.used)),
                );
                if let Some(bound) = bar.bound {
                    let x = left + long(bound);
                    let _ = writeln!(
                        body,
                        "<path class=\"sd-bound\" d=\"M{} {}v18\"/>",
                        number(x),
                        number(y - 1.0)
                    );
                }
                let _ = writeln!(
                    body,
                    "<text class=\"sd-key\" x=\"{}\" y=\"{}\">{}</text></g>",
                    number(left + LONG + 12.0),
                    number(y + 11.0),
                    xml(&shortened(&clean(&bar.in_words()), 320.0, 11.0, false)),
                );
                y += HIGH;
            }
            y += 8.0;
        }
        let wide = left + LONG + 12.0 + right + 16.0;
        document(
            options,
            (&self.title, &self.description),
            (wide, y + 6.0),
            &body,
        )
    }

    /// The same as boxes, for forms that have no bars.
    #[must_use]
    pub fn to_graph(&self) -> Graph {
        let mut graph = Graph::new(&self.title, Direction::Down);
        graph.description.clone_from(&self.description);
        for (heading, bars) in &self.groups {
            let group = graph.add_group(Group::new(heading, heading));
            for bar in bars {
                let mark = if bar.is_over() {
                    Mark::Wrong
                } else {
                    Mark::None
                };
                let node = Node::new(
                    format!("{heading} {}", bar.name),
                    NodeKind::Other,
                    &bar.name,
                );
                graph.add(node.detail(bar.in_words()).marked(mark).within(group));
            }
        }
        graph
    }

    /// The bars for a terminal.
    #[must_use]
    pub fn to_text(&self) -> String {
        let bars = self.groups.iter().flat_map(|(_, bars)| bars);
        let longest = bars.map(|bar| bar.name.chars().count()).max().unwrap_or(0);
        let mut out = format!("{}\n{}\n", clean(&self.title), clean(&self.description));
        for (heading, bars) in &self.groups {
            let _ = writeln!(out, "{}", clean(heading));
            for bar in bars {
                let whole = bar
                    .bound
                    .unwrap_or(bar.most)
                    .max(bar.most)
                    .max(f64::MIN_POSITIVE);
                // A share of twenty.
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let cells = |amount: f64| ((amount / whole * 20.0).round() as usize).min(20);
                let (used, most) = (cells(bar.used), cells(bar.most).max(cells(bar.used)));
                let line = format!(
                    "{}{}{}",
                    "█".repeat(used),
                    "▒".repeat(most - used),
                    "·".repeat(20 - most)
                );
                let _ = writeln!(
                    out,
                    "  {:<longest$}  {line}  {}",
                    clean(&bar.name),
                    clean(&bar.in_words())
                );
            }
        }
        out
    }
}
