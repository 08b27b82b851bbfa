//! Large grids made small: the names with the fewest fields share one row and one column.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Cell, Grid, Share};

/// Fields that become one.
struct Together {
    count: usize,
    share: Share,
    text: String,
}

impl Together {
    fn add(&mut self, cell: &Cell) {
        self.count += 1;
        self.share = match (self.share, cell.share) {
            (Share::Depends, _) | (_, Share::Depends) => Share::Depends,
            (Share::All, Share::All) => Share::All,
            _ => Share::Some,
        };
    }
}

impl Grid {
    /// The grid with at most about so many rows and columns, since every row has a field for each column. The names with the
    /// most fields keep theirs; the others get one row and one column together, whose fields say how many of theirs are filled.
    #[must_use]
    pub fn folded(self, most: usize) -> Self {
        let most = most.max(2);
        if self.rows.len() <= most && self.columns.len() <= most {
            return self;
        }
        let kept = self.heaviest(most - 1);
        let kept = |all: &[String]| -> Vec<String> {
            let is_kept = |name: &&String| all.len() <= most || kept.contains(name.as_str());
            all.iter().filter(is_kept).cloned().collect()
        };
        let rows = Axis::new(&self.rows, kept(&self.rows));
        let columns = Axis::new(&self.columns, kept(&self.columns));
        let mut grid = Self::new(&self.title, &rows.names, &columns.names);
        grid.description.clone_from(&self.description);
        let mut together: BTreeMap<(usize, usize), Together> = BTreeMap::new();
        for ((row, column), cell) in &self.cells {
            let place = (rows.target[*row], columns.target[*column]);
            if rows.size(place.0) * columns.size(place.1) == 1 {
                grid.set(place.0, place.1, cell.clone());
                continue;
            }
            let new = || Together {
                count: 0,
                share: cell.share,
                text: cell.text.clone(),
            };
            let fields = together.entry(place).or_insert_with(new);
            if fields.text != cell.text {
                fields.text.clear();
            }
            fields.add(cell);
        }
        for ((row, column), fields) in together {
            let possible = rows.size(row) * columns.size(column);
            let all = fields.count == possible;
            let count = format!("{} of {possible}", fields.count);
            let tip = format!("{} → {}: {count}", grid.rows[row], grid.columns[column]);
            let cell = Cell {
                text: match all && !fields.text.is_empty() {
                    true => fields.text,
                    false => count,
                },
                share: match fields.share {
                    Share::All if !all => Share::Some,
                    share => share,
                },
                tip,
            };
            grid.set(row, column, cell);
        }
        let hidden: BTreeSet<String> = rows.hidden.into_iter().chain(columns.hidden).collect();
        grid.hidden = hidden.into_iter().collect();
        grid
    }

    /// The names with the most fields, as rows and columns together.
    fn heaviest(&self, most: usize) -> BTreeSet<&str> {
        let mut weight: BTreeMap<&str, usize> = BTreeMap::new();
        let names = self.rows.iter().chain(&self.columns);
        weight.extend(names.map(|name| (name.as_str(), 0)));
        for (row, column) in self.cells.keys() {
            for name in [&self.rows[*row], &self.columns[*column]] {
                *weight.entry(name.as_str()).or_default() += 1;
            }
        }
        let mut by_weight: Vec<(&str, usize)> = weight.into_iter().collect();
        by_weight.sort_by_key(|(name, weight)| (Reverse(*weight), *name));
        by_weight.truncate(most);
        by_weight.into_iter().map(|(name, _)| name).collect()
    }
}

/// The rows or the columns of a grid that becomes smaller.
struct Axis {
    names: Vec<String>,
    /// Where each of the old ones goes.
    target: Vec<usize>,
    /// Those that have no place of their own any more.
    hidden: Vec<String>,
}

impl Axis {
    fn new(old: &[String], kept: Vec<String>) -> Self {
        let position: BTreeMap<&str, usize> = (kept.iter().map(String::as_str)).zip(0..).collect();
        let rest = kept.len();
        let at = |name: &String| position.get(name.as_str()).copied().unwrap_or(rest);
        let target: Vec<usize> = old.iter().map(at).collect();
        let hidden = old.iter().filter(|name| at(name) == rest);
        let hidden: Vec<String> = hidden.cloned().collect();
        let mut names = kept;
        if !hidden.is_empty() {
            names.push(format!("… and {} more", hidden.len()));
        }
        Self {
            names,
            target,
            hidden,
        }
    }

    /// How many of the old ones a place stands for.
    fn size(&self, place: usize) -> usize {
        let is_rest = place + 1 == self.names.len() && !self.hidden.is_empty();
        if is_rest { self.hidden.len() } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everybody to `hub`, and each to itself.
    fn star(count: usize) -> Grid {
        let mut names: Vec<String> = (0..count).map(|n| format!("n{n:03}")).collect();
        names.insert(0, "hub".to_owned());
        let mut grid = Grid::new("star", &names, &names);
        let cell = |text: &str, share| Cell {
            text: text.to_owned(),
            share,
            tip: String::new(),
        };
        for row in 1..=count {
            grid.set(row, 0, cell("80", Share::All));
            grid.set(row, row, cell("443", Share::Some));
        }
        grid
    }

    #[test]
    fn a_small_grid_stays_as_it_is() {
        assert_eq!(star(39).folded(40), star(39));
    }

    #[test]
    fn the_busiest_stay_and_the_others_are_counted_together() {
        let grid = star(500).folded(10);
        assert_eq!((grid.rows().len(), grid.columns().len()), (10, 10));
        assert_eq!(grid.rows()[..2], ["hub", "n000"]);
        assert_eq!(grid.rows()[9], "… and 492 more");
        let said = |row, column| grid.cell(row, column).map(|cell| (&*cell.text, cell.share));
        assert_eq!(said(1, 0), Some(("80", Share::All)));
        assert_eq!(said(9, 0), Some(("80", Share::All)));
        assert_eq!(said(9, 9), Some(("492 of 242064", Share::Some)));
        assert_eq!(said(0, 9), None);
        assert_eq!(grid.hidden.len(), 492);
        assert!(grid.to_text().contains("n499"));
    }

    #[test]
    fn what_depends_on_something_is_not_hidden() {
        let mut grid = star(50);
        grid.cells.get_mut(&(50, 0)).unwrap().share = Share::Depends;
        let folded = grid.folded(10);
        assert_eq!(folded.cell(9, 0).unwrap().share, Share::Depends);
    }
}
