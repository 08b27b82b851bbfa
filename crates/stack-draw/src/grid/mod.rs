//! Tables of pairs: who to whom.

mod fold;

use std::fmt::Write as _;

use crate::escape::{clean, xml};
use crate::graph::{Direction, Edge, EdgeKind, Graph, Node, NodeKind};
use crate::measure::{shortened, width};
use crate::svg::{SvgOptions, document, number};

/// How much of something is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Share {
    /// None of it.
    #[default]
    None,
    /// Some of it, and not all.
    Some,
    /// All that could be had.
    All,
    /// It depends on something that is not known.
    Depends,
}

/// What stands in a place of a grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What is written in the field; only a few letters fit.
    pub text: String,
    /// Decides the colour of the field.
    pub share: Share,
    /// What a reader sees who points at it.
    pub tip: String,
}

/// A table whose fields say how much of something a row has of a column: who may reach whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// The heading above the table.
    pub title: String,
    /// What it says, in a sentence or two.
    pub description: String,
    rows: Vec<String>,
    columns: Vec<String>,
    /// By row and column; places that are not here are empty.
    cells: std::collections::BTreeMap<(usize, usize), Cell>,
    /// Names that share the last row and column.
    hidden: Vec<String>,
}

const CELL: (f64, f64) = (78.0, 26.0);
const WIDEST: f64 = 190.0;

impl Grid {
    /// A grid without anything in it; names stand in alphabetical order.
    pub fn new(title: impl Into<String>, rows: &[String], columns: &[String]) -> Self {
        Self {
            title: title.into(),
            rows: rows.to_vec(),
            columns: columns.to_vec(),
            ..Self::default()
        }
    }

    /// Fills a place; one outside of the grid is left out.
    pub fn set(&mut self, row: usize, column: usize, cell: Cell) {
        if row < self.rows.len() && column < self.columns.len() {
            self.cells.insert((row, column), cell);
        }
    }

    /// The names of the rows.
    #[must_use]
    pub fn rows(&self) -> &[String] {
        &self.rows
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What stands in a place; `None` for nothing.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.cells.get(&(row, column))
    }

    /// Only rows and columns that are wanted, and those that have something to do with them.
    #[must_use]
    pub fn within(self, wanted: impl Fn(&str) -> bool) -> Self {
        let mut near: std::collections::BTreeSet<&str> = std::collections::BTreeSet::new();
        for (row, column) in self.cells.keys() {
            let (row, column) = (self.rows[*row].as_str(), self.columns[*column].as_str());
            if wanted(row) || wanted(column) {
                near.extend([row, column]);
            }
        }
        let names = |all: &[String]| -> Vec<String> {
            let kept = all
                .iter()
                .filter(|name| wanted(name) || near.contains(name.as_str()));
            kept.cloned().collect()
        };
        let (rows, columns) = (names(&self.rows), names(&self.columns));
        let mut grid = Self::new(&self.title, &rows, &columns);
        grid.description.clone_from(&self.description);
        let at = |names: &[String], name: &str| {
            names
                .binary_search_by(|known| known.as_str().cmp(name))
                .ok()
        };
        for ((row, column), cell) in &self.cells {
            let (row, column) = (self.rows[*row].as_str(), self.columns[*column].as_str());
            if !(wanted(row) || wanted(column)) {
                continue;
            }
            if let (Some(row), Some(column)) = (at(&rows, row), at(&columns, column)) {
                grid.set(row, column, cell.clone());
            }
        }
        grid
    }

    /// An SVG document; the letters in a field say what its colour says.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn to_svg(&self, options: &SvgOptions) -> String {
        let names = |names: &[String]| -> Vec<String> {
            names
                .iter()
                .map(|name| shortened(&clean(name), WIDEST, 12.0, true))
                .collect()
        };
        let (rows, columns) = (names(&self.rows), names(&self.columns));
        let widest = |names: &[String]| {
            names
                .iter()
                .map(|name| width(name, 12.0, true))
                .fold(20.0, f64::max)
        };
        let left = widest(&rows) + 28.0;
        // Names of columns stand at an angle of 45 degrees.
        let slope = std::f64::consts::FRAC_1_SQRT_2;
        let top = widest(&columns) * slope + 24.0;
        let mut body = String::new();
        for (index, name) in columns.iter().enumerate() {
            let x = left + index as f64 * CELL.0 + CELL.0 / 2.0;
            let _ = writeln!(
                body,
                "<text class=\"sd-name n7\" transform=\"translate({} {}) rotate(-45)\">{}</text>",
                number(x),
                number(top - 8.0),
                xml(name),
            );
        }
        for (row, name) in rows.iter().enumerate() {
            let y = top + row as f64 * CELL.1;
            let _ = writeln!(
                body,
                "<text class=\"sd-name n7\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
                number(left - 10.0),
                number(y + 17.0),
                xml(name),
            );
            for column in 0..columns.len() {
                let x = left + column as f64 * CELL.0;
                let cell = self.cells.get(&(row, column));
                let class = match cell.map(|cell| cell.share).unwrap_or_default() {
                    Share::None => "sd-own",
                    Share::Some => "sd-some",
                    Share::All => "sd-all",
                    Share::Depends => "sd-none",
                };
                let tip = match cell {
                    Some(cell) => cell.tip.clone(),
                    None => format!("{} → {}: nothing", self.rows[row], self.columns[column]),
                };
                let _ = write!(
                    body,
                    "<g><title>{}</title><rect class=\"sd-cell {class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"/>",
                    xml(&tip),
                    number(x + 1.0),
                    number(y + 1.0),
                    number(CELL.0 - 2.0),
                    number(CELL.1 - 2.0),
                );
                if let Some(cell) = cell {
                    let sign = if cell.share == Share::Depends {
                        "? "
                    } else {
                        ""
                    };
                    let text = shortened(
                        &format!("{sign}{}", clean(&cell.text)),
                        CELL.0 - 8.0,
                        11.0,
                        false,
                    );
                    let _ = write!(
                        body,
                        "<text class=\"sd-number\" x=\"{}\" y=\"{}\">{}</text>",
                        number(x + CELL.0 / 2.0),
                        number(y + 17.0),
                        xml(&text),
                    );
                }
                body.push_str("</g>\n");
            }
        }
        let mut x = left;
        let y = top + rows.len() as f64 * CELL.1 + 14.0;
        for (class, meaning) in [
            ("sd-all", "everything is open"),
            ("sd-some", "some ports or pairs"),
            ("sd-none", "? depends on something unknown"),
            ("sd-own", "nothing is open"),
        ] {
            let _ = writeln!(
                body,
                "<rect class=\"sd-cell {class}\" x=\"{}\" y=\"{}\" width=\"16\" height=\"12\" rx=\"3\"/>\
                 <text class=\"sd-key\" x=\"{}\" y=\"{}\">{meaning}</text>",
                number(x),
                number(y),
                number(x + 22.0),
                number(y + 10.0),
            );
            x += 46.0 + width(meaning, 11.0, false);
        }
        let wide = (left + columns.len() as f64 * CELL.0 + top).max(x);
        document(
            options,
            (&self.title, &self.description),
            (wide, y + 26.0),
            &body,
        )
    }

    /// The same as boxes and arrows, for forms that have no tables.
    #[must_use]
    pub fn to_graph(&self) -> Graph {
        let mut graph = Graph::new(&self.title, Direction::Right);
        graph.description.clone_from(&self.description);
        let mut ids = std::collections::BTreeMap::new();
        for name in self.rows.iter().chain(&self.columns) {
            ids.entry(name.as_str())
                .or_insert_with(|| graph.add(Node::new(name, NodeKind::Other, name)));
        }
        for ((row, column), cell) in &self.cells {
            let ends = (self.rows.get(*row), self.columns.get(*column));
            if let (Some(from), Some(to)) = ends {
                let kind = match cell.share {
                    Share::Depends => EdgeKind::Depends,
                    _ => EdgeKind::Flow,
                };
                let edge = Edge::new(ids[from.as_str()], ids[to.as_str()], kind);
                graph.connect(edge.label(&cell.text).tip(&cell.tip));
            }
        }
        graph
    }

    /// The grid for a terminal.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut table: Vec<Vec<String>> = Vec::with_capacity(self.rows.len() + 1);
        let mut head = vec!["FROM \\ TO".to_owned()];
        head.extend(self.columns.iter().map(|name| clean(name).into_owned()));
        table.push(head);
        for (row, name) in self.rows.iter().enumerate() {
            let mut line = vec![clean(name).into_owned()];
            line.extend((0..self.columns.len()).map(
                |column| match self.cells.get(&(row, column)) {
                    Some(cell) if cell.share == Share::Depends => {
                        format!("? {}", clean(&cell.text))
                    }
                    Some(cell) => clean(&cell.text).into_owned(),
                    None => "-".to_owned(),
                },
            ));
            table.push(line);
        }
        let mut widths = vec![0; self.columns.len() + 1];
        for line in &table {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let mut out = format!("{}\n{}\n", clean(&self.title), clean(&self.description));
        for line in table {
            let cells: Vec<String> = line
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            let _ = writeln!(out, "{}", cells.join("  ").trim_end());
        }
        if !self.hidden.is_empty() {
            let names: Vec<_> = self.hidden.iter().map(|name| clean(name)).collect();
            let _ = writeln!(out, "The {} more: {}", names.len(), names.join(", "));
        }
        out
    }
}
