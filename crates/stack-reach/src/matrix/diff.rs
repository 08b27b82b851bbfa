//! What a change opens and closes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::peers::Party;
use super::{Line, Matrix};
use crate::Connections;
use crate::address::{Block, pieces_v4};

/// What became of a pair of peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It had no connection.
    Added,
    /// It has none any more.
    Removed,
    /// It has others.
    Changed,
}

/// A pair of peers whose connections are others than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What became of it.
    #[serde(rename = "type")]
    pub kind: ChangeKind,
    /// Who opens connections.
    #[serde(rename = "src")]
    pub from: Party,
    /// To whom.
    #[serde(rename = "dst")]
    pub to: Party,
    /// Before.
    #[serde(rename = "a")]
    pub old: Connections,
    /// After.
    #[serde(rename = "b")]
    pub new: Connections,
}

/// Compares two matrices. Ranges of addresses are cut where either cuts them, and joined where the change is the same.
pub fn diff(old: &Matrix, new: &Matrix) -> Vec<Change> {
    let mut pairs: BTreeMap<(Key, Key), [Vec<&Line>; 2]> = BTreeMap::new();
    for (side, matrix) in [old, new].into_iter().enumerate() {
        for line in &matrix.lines {
            let lines = pairs.entry((key(&line.from), key(&line.to))).or_default();
            if let Some(lines) = lines.get_mut(side) {
                lines.push(line);
            }
        }
    }
    let mut changes = Vec::new();
    for ((from, to), [old, new]) in pairs {
        let outside = from.is_none() || to.is_none();
        if outside {
            push_blocks(&mut changes, &old, &new);
        } else if let Some(line) = old.first().or(new.first()) {
            let connections = |lines: &[&Line]| {
                lines
                    .first()
                    .map_or_else(Connections::none, |line| line.connections.clone())
            };
            changes.extend(change(
                line.from.clone(),
                line.to.clone(),
                connections(&old),
                connections(&new),
            ));
        }
    }
    changes
}

/// A peer, but for its addresses.
type Key = Option<Party>;

fn key(party: &Party) -> Key {
    (!matches!(party, Party::Outside(_))).then(|| party.clone())
}

fn push_blocks(changes: &mut Vec<Change>, old: &[&Line], new: &[&Line]) {
    let Some(sample) = old.first().or(new.first()) else {
        return;
    };
    let block = |line: &Line| match (&line.from, &line.to) {
        (Party::Outside(block), _) | (_, Party::Outside(block)) => *block,
        _ => Block::IPV4,
    };
    let cuts: BTreeSet<Block> = old.iter().chain(new).map(|line| block(line)).collect();
    let of = |lines: &[&Line], piece: &Block| {
        let found = lines
            .iter()
            .find(|line| block(line).contains(piece.first()));
        found.map_or_else(Connections::none, |line| line.connections.clone())
    };
    let mut joined: Vec<(Block, Connections, Connections)> = Vec::new();
    for piece in pieces_v4(cuts) {
        let (a, b) = (of(old, &piece), of(new, &piece));
        match joined.last_mut() {
            Some((block, x, y)) if *x == a && *y == b => {
                if let Some(longer) = Block::range(block.first(), piece.last()) {
                    *block = longer;
                }
            }
            _ => joined.push((piece, a, b)),
        }
    }
    for (block, a, b) in joined {
        let outside = Party::Outside(block);
        let (from, to) = match &sample.from {
            Party::Outside(_) => (outside, sample.to.clone()),
            from => (from.clone(), outside),
        };
        changes.extend(change(from, to, a, b));
    }
}

fn change(from: Party, to: Party, old: Connections, new: Connections) -> Option<Change> {
    let kind = match (old.is_empty(), new.is_empty()) {
        _ if old == new => return None,
        (true, _) => ChangeKind::Added,
        (_, true) => ChangeKind::Removed,
        _ => ChangeKind::Changed,
    };
    Some(Change {
        kind,
        from,
        to,
        old,
        new,
    })
}
