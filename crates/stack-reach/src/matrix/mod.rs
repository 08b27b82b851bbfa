//! Everything to everything.

mod cells;
mod diff;
mod edge;
mod mesh;
mod peers;
mod render;
mod rows;

use serde::Serialize;

pub use diff::{Change, ChangeKind, diff};
pub(crate) use edge::{Exposed, read as read_exposed};

use crate::flow::Request;
use crate::policy::{Context, Direction, KnownName};
use crate::requests::RequestSet;
use crate::{Connections, Protocol, Reach};
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

/// One ordered pair of peers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Who opens connections: `namespace/name[Kind]`, a range of IPv4 addresses, or `{ingress-controller}`.
    #[serde(rename = "src")]
    pub from: Party,
    /// To whom.
    #[serde(rename = "dst")]
    pub to: Party,
    /// What may be opened.
    #[serde(rename = "conn")]
    pub connections: Connections,
    /// The part of it that depends on something: a request, or what the input does not tell.
    #[serde(rename = "depends", skip_serializing_if = "Connections::is_empty")]
    pub conditional: Connections,
    /// Ports on which HTTP requests fare otherwise than bare connections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Asked>,
}

/// What is asked of HTTP requests on some ports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The ports.
    #[serde(rename = "conn")]
    pub connections: Connections,
    /// The requests that are let through.
    #[serde(serialize_with = "in_words")]
    pub allowed: RequestSet,
    /// Those, and others of which the input does not tell.
    #[serde(serialize_with = "in_words")]
    pub possible: RequestSet,
}

/// `TCP 8080: method GET, path /api/.*`.
impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.connections, self.allowed)?;
        match self.possible == self.allowed {
            true => Ok(()),
            false => write!(f, " (perhaps {})", self.possible),
        }
    }
}

fn in_words<S: serde::Serializer>(set: &RequestSet, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(set)
}

impl Line {
    /// Whether a connection may be opened, or a request be sent; `None` where that depends.
    pub fn answer(&self, protocol: Protocol, port: u16, request: Option<&Request>) -> Option<bool> {
        let asked = request.filter(|_| protocol == Protocol::Tcp);
        let of_port = |asked: &&Asked| asked.connections.contains(protocol, port);
        if let Some(request) = asked
            && let Some(asked) = self.requests.iter().find(of_port)
        {
            return match (
                asked.allowed.contains(request),
                asked.possible.contains(request),
            ) {
                (true, _) => Some(true),
                (false, true) => None,
                (false, false) => Some(false),
            };
        }
        match self.conditional.contains(protocol, port) {
            true => None,
            false => Some(self.connections.contains(protocol, port)),
        }
    }
}

pub use peers::Party;

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
    /// Works out everything to everything.
    pub fn matrix(&self) -> Matrix {
        let universe = Universe::of(self);
        let context = Context {
            pods_have_addresses: false,
            ..self.context(KnownName::None)
        };
        let columns = universe.columns();
        let mut cells = Cells::new();
        let mut rows = Rows::new(&self.policies, &context, &columns);
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
                    universe.push(&mut lines, from, to, cell, &cells);
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
