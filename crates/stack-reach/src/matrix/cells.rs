//! What is allowed between two peers, kept once for the many pairs that have it in common.

use std::collections::{BTreeMap, HashMap};

use crate::requests::{RequestSets, Verdicts};
use crate::{Connections, PortSet, Protocol};

/// What may be opened: for sure, and if conditions hold that the input does not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Cell {
    pub(super) certain: Connections,
    /// Includes what is certain.
    pub(super) possible: Connections,
    /// What is possible without a proxy that reads requests: all that ciphertext may pass. Includes what is certain.
    pub(super) direct: Connections,
    /// Ports of TCP where requests fare otherwise than bare connections: each port once.
    pub(super) requests: Vec<(Connections, Verdicts)>,
}

impl Cell {
    /// What becomes of requests, on every port of TCP.
    pub(super) fn parts(&self) -> Vec<(Connections, Verdicts)> {
        let tcp = |connections: &Connections| {
            Connections::of(Protocol::Tcp, connections.ports(Protocol::Tcp).clone())
        };
        let apart = self
            .requests
            .iter()
            .fold(Connections::none(), |sum, (ports, _)| sum.union(ports));
        let (certain, possible) = (tcp(&self.certain), tcp(&self.possible));
        let all = Connections::of(Protocol::Tcp, PortSet::all());
        let rest = [
            (certain.clone(), Verdicts::ALL),
            (possible.difference(&certain), Verdicts::UNKNOWN),
            (all.difference(&possible), Verdicts::NONE),
        ];
        let rest = rest
            .into_iter()
            .map(|(ports, verdicts)| (ports.difference(&apart), verdicts));
        let own = self.requests.iter().cloned();
        own.chain(rest)
            .filter(|(ports, _)| !ports.is_empty())
            .collect()
    }

    /// The same for what nobody on the way can read.
    pub(super) fn encrypted_parts(&self) -> Vec<(Connections, Verdicts)> {
        let cell = Self {
            certain: self.certain.clone(),
            possible: self.direct.clone(),
            ..Self::default()
        };
        cell.parts()
    }

    /// Notes what becomes of requests: only where bare connections do not tell it.
    pub(super) fn with_requests(
        mut self,
        parts: impl IntoIterator<Item = (Connections, Verdicts)>,
    ) -> Self {
        let mut apart: BTreeMap<Verdicts, Connections> = BTreeMap::new();
        for (ports, verdicts) in parts {
            let told = match verdicts {
                Verdicts::ALL => self.certain.clone(),
                Verdicts::UNKNOWN => self.possible.difference(&self.certain),
                Verdicts::NONE => Connections::all().difference(&self.possible),
                _ => Connections::none(),
            };
            let ports = ports.difference(&told);
            if !ports.is_empty() {
                let sum = apart.entry(verdicts).or_default();
                *sum = sum.union(&ports);
            }
        }
        self.requests = apart
            .into_iter()
            .map(|(verdicts, ports)| (ports, verdicts))
            .collect();
        self
    }
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
    pub(super) sets: RequestSets,
    cells: Vec<Cell>,
    numbers: HashMap<Cell, CellId>,
    known: HashMap<(Operation, CellId, CellId), CellId>,
}

impl Cells {
    pub(super) const NONE: CellId = CellId(0);
    pub(super) const ALL: CellId = CellId(1);

    pub(super) fn new() -> Self {
        let mut cells = Self {
            sets: RequestSets::new(),
            cells: Vec::new(),
            numbers: HashMap::new(),
            known: HashMap::new(),
        };
        cells.id(Cell::default());
        cells.id(Cell {
            certain: Connections::all(),
            possible: Connections::all(),
            direct: Connections::all(),
            requests: Vec::new(),
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
            direct: connections.clone(),
            certain: connections,
            requests: Vec::new(),
        })
    }

    pub(super) fn get(&self, id: CellId) -> &Cell {
        static EMPTY: Cell = Cell {
            certain: Connections::none(),
            possible: Connections::none(),
            direct: Connections::none(),
            requests: Vec::new(),
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
        let (x, y) = (self.get(a).clone(), self.get(b).clone());
        let merge = |a: &Connections, b: &Connections, taken: &Connections| match operation {
            Operation::Union => a.union(b),
            Operation::Intersection => a.intersection(b),
            Operation::Difference => a.difference(taken),
        };
        let certain = merge(&x.certain, &y.certain, &y.possible);
        let possible = merge(&x.possible, &y.possible, &y.certain);
        let direct = merge(&x.direct, &y.direct, &y.certain);
        let mut cell = Cell {
            certain,
            possible,
            direct,
            requests: Vec::new(),
        };
        if !x.requests.is_empty() || !y.requests.is_empty() {
            let mut parts = Vec::new();
            for (left, own) in x.parts() {
                for (right, other) in y.parts() {
                    let ports = left.intersection(&right);
                    if ports.is_empty() {
                        continue;
                    }
                    let verdicts = match operation {
                        Operation::Union => self.sets.union(own, other),
                        Operation::Intersection => self.sets.intersection(own, other),
                        Operation::Difference => {
                            let rest = self.sets.complement(other);
                            self.sets.intersection(own, rest)
                        }
                    };
                    parts.push((ports, verdicts));
                }
            }
            cell = cell.with_requests(parts);
        }
        let id = self.id(cell);
        self.known.insert((operation, a, b), id);
        id
    }
}
