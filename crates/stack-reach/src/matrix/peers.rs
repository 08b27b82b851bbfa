//! The peers of a matrix.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::cells::{CellId, Cells};
use super::line::{Asked, Line, Party};
use super::mesh::Overlay;
use crate::address::{Block, pieces_v4};
use crate::path::End;
use crate::policy::Peer;
use crate::requests::RequestSet;
use crate::world::Pod;
use crate::{Connections, Reach};

/// A workload of the matrix, and a pod that stands for all of its pods.
#[derive(Clone, Debug)]
pub(super) struct Workload {
    pub(super) pod: usize,
    pub(super) party: Party,
}

pub(super) struct Universe {
    workloads: Vec<Workload>,
    numbers: HashMap<Party, usize>,
    pieces: Vec<Block>,
}

impl Universe {
    pub(super) fn of(reach: &Reach<'_>) -> Self {
        let mut workloads: Vec<Workload> = Vec::new();
        let mut numbers = HashMap::new();
        for (pod, found) in reach
            .world
            .pods
            .iter()
            .enumerate()
            .filter(|(_, pod)| !pod.implied)
        {
            let party = party(found);
            if let Entry::Vacant(vacant) = numbers.entry(party.clone()) {
                vacant.insert(workloads.len());
                workloads.push(Workload { pod, party });
            }
        }
        Self {
            workloads,
            numbers,
            pieces: pieces_v4(
                reach
                    .policies
                    .blocks()
                    .into_iter()
                    .chain(reach.mesh.authorization.blocks()),
            ),
        }
    }

    pub(super) fn workloads(&self) -> &[Workload] {
        &self.workloads
    }

    /// The workload to which a pod belongs.
    pub(super) fn workload_of(&self, reach: &Reach<'_>, pod: usize) -> Option<usize> {
        let party = party(reach.world.pods.get(pod)?);
        self.numbers.get(&party).copied()
    }

    /// The columns of rows: workloads, pieces of addresses, and a pod that the input does not have.
    pub(super) fn columns(&self) -> Vec<Peer> {
        let pods = self
            .workloads
            .iter()
            .map(|workload| Peer::Pod(workload.pod));
        let pieces = self
            .pieces
            .iter()
            .map(|piece| Peer::Outside(Some(piece.first())));
        pods.chain(pieces).chain([Peer::Stranger]).collect()
    }

    /// The pod that stands for a workload.
    pub(super) fn pod(&self, workload: usize) -> usize {
        self.workloads
            .get(workload)
            .map_or(usize::MAX, |workload| workload.pod)
    }

    /// A workload as one end of a connection.
    pub(super) fn end(&self, workload: usize) -> End {
        End::Pod(self.pod(workload))
    }

    /// What is left of a workload's row of what comes from outside, once the proxies have had their say.
    pub(super) fn overlaid(
        &self,
        workload: usize,
        row: &[CellId],
        overlay: &mut Overlay<'_>,
        cells: &mut Cells,
    ) -> Vec<CellId> {
        let mut row = row.to_vec();
        for (piece, cell) in self
            .pieces
            .iter()
            .zip(row.iter_mut().skip(self.workloads.len()))
        {
            *cell = overlay.apply(
                End::Outside(Some(piece.first())),
                self.pod(workload),
                *cell,
                cells,
            );
        }
        row
    }

    /// The column of the pod that the input does not have.
    pub(super) fn stranger(&self) -> usize {
        self.workloads.len() + self.pieces.len()
    }

    pub(super) fn push(
        &self,
        lines: &mut Vec<Line>,
        from: usize,
        to: usize,
        cell: CellId,
        cells: &Cells,
    ) {
        if let (Some(from), Some(to)) = (self.workloads.get(from), self.workloads.get(to)) {
            lines.extend(line(from.party.clone(), to.party.clone(), cell, cells));
        }
    }

    /// The lines between a workload and what is outside, neighbours with equal connections joined.
    pub(super) fn push_blocks(
        &self,
        lines: &mut Vec<Line>,
        workload: usize,
        row: &[CellId],
        leaves: bool,
        cells: &Cells,
    ) {
        let Some(workload) = self.workloads.get(workload) else {
            return;
        };
        let mut joined: Vec<(Block, CellId)> = Vec::new();
        for (piece, &cell) in self
            .pieces
            .iter()
            .zip(row.iter().skip(self.workloads.len()))
        {
            match joined.last_mut() {
                Some((block, last)) if *last == cell => {
                    if let Some(longer) = Block::range(block.first(), piece.last()) {
                        *block = longer;
                    }
                }
                _ => joined.push((*piece, cell)),
            }
        }
        for (block, cell) in joined {
            let (inside, outside) = (workload.party.clone(), Party::Outside(block));
            let (from, to) = if leaves {
                (inside, outside)
            } else {
                (outside, inside)
            };
            lines.extend(line(from, to, cell, cells));
        }
    }
}

fn party(pod: &Pod) -> Party {
    let (kind, name) = match &pod.owner {
        Some((kind, name)) if !kind.is_empty() => (kind.as_str(), name.as_str()),
        Some((_, name)) => ("Pod", name.as_str()),
        None => (pod.kind.as_str(), pod.name.name.as_str()),
    };
    Party::Workload {
        namespace: pod.name.namespace.as_str().into(),
        name: name.into(),
        kind: kind.into(),
    }
}

pub(super) fn line(from: Party, to: Party, cell: CellId, cells: &Cells) -> Option<Line> {
    let cell = cells.get(cell);
    let conditional: Connections = cell.possible.difference(&cell.certain);
    let requests: Vec<Asked> = cell
        .requests
        .iter()
        .map(|(connections, verdicts)| Asked {
            connections: connections.clone(),
            allowed: cells.sets.get(verdicts.sure).clone(),
            possible: cells.sets.get(verdicts.maybe).clone(),
        })
        .collect();
    let is_open = !cell.possible.is_empty()
        || requests
            .iter()
            .any(|asked| asked.possible != RequestSet::default());
    is_open.then(|| Line {
        from,
        to,
        connections: cell.possible.clone(),
        conditional,
        requests,
    })
}
