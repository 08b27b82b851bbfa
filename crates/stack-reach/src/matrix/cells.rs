//! What is allowed between two peers, kept once for the many pairs that have it in common.

use std::collections::HashMap;

use crate::Connections;

/// What may be opened: for sure, and if conditions hold that the input does not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Cell {
    pub(super) certain: Connections,
    /// Includes what is certain.
    pub(super) possible: Connections,
}

/// A cell by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct CellId(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    Union,
    Intersection,
    Difference,
}

/// All cells, and what has already been worked out about two of them.
#[derive(Debug)]
pub(super) struct Cells {
    cells: Vec<Cell>,
    numbers: HashMap<Cell, CellId>,
    known: HashMap<(Operation, CellId, CellId), CellId>,
}

impl Cells {
    pub(super) const NONE: CellId = CellId(0);
    pub(super) const ALL: CellId = CellId(1);

    pub(super) fn new() -> Self {
        let mut cells = Self {
            cells: Vec::new(),
            numbers: HashMap::new(),
            known: HashMap::new(),
        };
        cells.id(Cell::default());
        cells.id(Cell {
            certain: Connections::all(),
            possible: Connections::all(),
        });
        cells
    }

    pub(super) fn id(&mut self, cell: Cell) -> CellId {
        if let Some(&id) = self.numbers.get(&cell) {
            return id;
        }
        let id = CellId(u32::try_from(self.cells.len()).unwrap_or(u32::MAX));
        self.cells.push(cell.clone());
        self.numbers.insert(cell, id);
        id
    }

    /// Connections that are certain.
    pub(super) fn sure(&mut self, connections: Connections) -> CellId {
        self.id(Cell {
            possible: connections.clone(),
            certain: connections,
        })
    }

    pub(super) fn get(&self, id: CellId) -> &Cell {
        static EMPTY: Cell = Cell {
            certain: Connections::none(),
            possible: Connections::none(),
        };
        self.cells.get(id.0 as usize).unwrap_or(&EMPTY)
    }

    pub(super) fn union(&mut self, a: CellId, b: CellId) -> CellId {
        match (a, b) {
            (Self::NONE, other) | (other, Self::NONE) => other,
            _ if a == b => a,
            _ => self.work(Operation::Union, a.min(b), a.max(b)),
        }
    }

    pub(super) fn intersection(&mut self, a: CellId, b: CellId) -> CellId {
        match (a, b) {
            (Self::NONE, _) | (_, Self::NONE) => Self::NONE,
            (Self::ALL, other) | (other, Self::ALL) => other,
            _ if a == b => a,
            _ => self.work(Operation::Intersection, a.min(b), a.max(b)),
        }
    }

    /// `a` without `b`: what `b` takes away only perhaps is no longer certain, and still possible.
    pub(super) fn difference(&mut self, a: CellId, b: CellId) -> CellId {
        match (a, b) {
            (_, Self::NONE) | (Self::NONE, _) => a,
            (_, Self::ALL) => Self::NONE,
            _ => self.work(Operation::Difference, a, b),
        }
    }

    fn work(&mut self, operation: Operation, a: CellId, b: CellId) -> CellId {
        if let Some(&id) = self.known.get(&(operation, a, b)) {
            return id;
        }
        let (x, y) = (self.get(a), self.get(b));
        let cell = match operation {
            Operation::Union => Cell {
                certain: x.certain.union(&y.certain),
                possible: x.possible.union(&y.possible),
            },
            Operation::Intersection => Cell {
                certain: x.certain.intersection(&y.certain),
                possible: x.possible.intersection(&y.possible),
            },
            Operation::Difference => Cell {
                certain: x.certain.difference(&y.possible),
                possible: x.possible.difference(&y.certain),
            },
        };
        let id = self.id(cell);
        self.known.insert((operation, a, b), id);
        id
    }
}
