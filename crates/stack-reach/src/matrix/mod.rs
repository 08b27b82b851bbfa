//! Everything to everything.

mod cells;
mod diff;
mod edge;
mod line;
mod mesh;
mod peers;
mod render;
mod rows;

use serde::Serialize;

pub use diff::{Change, ChangeKind, diff};
pub use line::{Asked, Line, Party};

use crate::Reach;
use crate::candidates::Candidates;
use crate::policy::{Context, Direction, KnownName};
use cells::Cells;
use mesh::Overlay;
use peers::Universe;
use rows::Rows;

/// What may be opened between any two peers: workloads, and blocks of addresses outside of the cluster.
///
/// Pairs that are not listed have no connection. A workload to itself, and what is outside to what is outside, are never
/// listed. Blocks of addresses in policies mean what is outside here: a workload's pods have their addresses by chance.
/// Proxies of the mesh have had their say, and [`Line::requests`] tells what they and policies ask of requests; routes and
/// Services are for [`Reach::flow`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Matrix {
    lines: Vec<Line>,
}

impl Matrix {
    /// All pairs that have a connection, in the order of the input; what is outside comes last.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The same with only those pairs that `keep` wants.
    #[must_use]
    pub fn filtered(mut self, keep: impl Fn(&Line) -> bool) -> Self {
        self.lines.retain(keep);
        self
    }
}

impl Reach<'_> {
    /// Works out all pairs at once, in proportion to their number: what policies say is worked out once for pods that
    /// they treat alike.
    pub fn matrix(&self) -> Matrix {
        let universe = Universe::of(self);
        let context = Context {
            pods_have_addresses: false,
            ..self.context(KnownName::None)
        };
        let columns = universe.columns();
        let mut cells = Cells::new();
        let pods = universe.workloads().iter().map(|workload| workload.pod);
        let candidates = Candidates::new(self, pods.collect());
        let mut rows = Rows::new(&self.policies, &context, &columns, &candidates);
        let mut outgoing = Vec::new();
        let mut incoming = Vec::new();
        for workload in universe.workloads() {
            outgoing.push(rows.row(Direction::Egress, workload.pod, &mut cells));
            incoming.push(rows.row(Direction::Ingress, workload.pod, &mut cells));
        }
        let mut overlay = Overlay::of(self);
        let mut lines = Vec::new();
        for (from, out) in outgoing.iter().enumerate() {
            for (to, into) in incoming.iter().enumerate() {
                let (Some(&leaves), Some(&enters)) = (out.get(to), into.get(from)) else {
                    continue;
                };
                if from != to {
                    let cell = cells.intersection(leaves, enters);
                    let cell =
                        overlay.apply(universe.end(from), universe.pod(to), cell, &mut cells);
                    if cell != Cells::NONE {
                        universe.push(&mut lines, from, to, cell, &cells);
                    }
                }
            }
        }
        for (index, row) in outgoing.iter().enumerate() {
            universe.push_blocks(&mut lines, index, row, true, &cells);
        }
        for (index, row) in incoming.iter().enumerate() {
            let row = universe.overlaid(index, row, &mut overlay, &mut cells);
            universe.push_blocks(&mut lines, index, &row, false, &cells);
        }
        edge::push(self, &universe, &incoming, &mut cells, &mut lines);
        Matrix { lines }
    }
}
