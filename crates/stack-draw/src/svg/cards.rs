//! How much room boxes and labels need, and in which lines their texts stand.

use crate::escape::clean;
use crate::graph::{Edge, Group, Node};
use crate::measure::{shortened, width, wrapped};

/// Sizes of letters, as in the stylesheet.
pub(super) const TITLE: f64 = 13.0;
pub(super) const DETAIL: f64 = 11.0;
pub(super) const NAME: f64 = 12.0;
/// The widest text of a box, of a label and of a frame's title.
const WIDEST: f64 = 176.0;
const WIDEST_LABEL: f64 = 150.0;
const WIDEST_NAME: f64 = 420.0;

/// Room inside of a box on each side; the icon and the room behind it.
pub(super) const INSET: f64 = 10.0;
pub(super) const ICON: f64 = 26.0;
pub(super) const TITLE_LINE: f64 = 16.0;
pub(super) const DETAIL_LINE: f64 = 14.0;

/// The lines of a box.
#[derive(Clone, Debug, Default)]
pub(super) struct Card {
    pub title: Vec<String>,
    pub details: Vec<String>,
    pub width: f64,
    pub height: f64,
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn card(node: &Node) -> Card {
    let sign = node.mark.sign();
    let title = match sign {
        "" => clean(&node.title).into_owned(),
        sign => format!("{sign} {}", clean(&node.title)),
    };
    let title = wrapped(&title, WIDEST, 2, TITLE, true);
    let details: Vec<String> = node
        .details
        .iter()
        .take(6)
        .flat_map(|line| wrapped(&clean(line), WIDEST, 2, DETAIL, false))
        .collect();
    let widest = title
        .iter()
        .map(|line| width(line, TITLE, true))
        .chain(details.iter().map(|line| width(line, DETAIL, false)))
        .fold(34.0, f64::max);
    let lines = title.len() as f64 * TITLE_LINE + details.len() as f64 * DETAIL_LINE;
    Card {
        width: (2.0 * INSET + ICON + widest).ceil(),
        height: (2.0 * INSET + lines.max(20.0) - 2.0).ceil(),
        title,
        details,
    }
}

/// The lines of an arrow's label, and the room that they need.
#[derive(Clone, Debug)]
pub(super) struct Plate {
    pub lines: Vec<String>,
    pub width: f64,
    pub height: f64,
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn plate(edge: &Edge) -> Option<Plate> {
    let label = clean(edge.label.trim()).into_owned();
    if label.is_empty() {
        return None;
    }
    let lines = wrapped(&label, WIDEST_LABEL, 2, DETAIL, false);
    let widest = lines
        .iter()
        .map(|line| width(line, DETAIL, false))
        .fold(0.0, f64::max);
    Some(Plate {
        width: (widest + 10.0).ceil(),
        height: lines.len() as f64 * DETAIL_LINE + 4.0,
        lines,
    })
}

/// The title of a frame and what is said beside it, and how wide both are.
pub(super) fn name(group: &Group) -> (String, String, f64) {
    let title = shortened(&clean(&group.title), WIDEST_NAME, NAME, true);
    let note = shortened(&clean(&group.note), WIDEST_NAME, DETAIL, false);
    let mut wide = width(&title, NAME, true);
    if !note.is_empty() {
        wide += width(&note, DETAIL, false) + 8.0;
    }
    (title, note, wide)
}
