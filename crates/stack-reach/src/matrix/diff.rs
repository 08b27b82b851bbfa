//! What a change opens and closes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::line::Party;
use super::{Asked, Line, Matrix};
use crate::Connections;
use crate::address::{Block, pieces_v4};

/// What became of a pair of peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// The pair had no connection before.
    Added,
    /// The pair had connections, and has none any more.
    Removed,
    /// The pair has other connections, or other requests pass, than before.
    Changed,
}

/// A pair of peers whose connections are others than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Whether the pair was opened, closed, or changed.
    #[serde(rename = "type")]
    pub kind: ChangeKind,
    /// The side that opens connections.
    #[serde(rename = "src")]
    pub from: Party,
    /// The side that accepts them.
    #[serde(rename = "dst")]
    pub to: Party,
    /// What could be opened before the change; empty where the pair is new.
    #[serde(rename = "a")]
    pub old: Connections,
    /// What can be opened after it; empty where nothing is left.
    #[serde(rename = "b")]
    pub new: Connections,
    /// What was asked of requests before; empty where nothing is asked before and after.
    #[serde(rename = "requests_a", skip_serializing_if = "Vec::is_empty")]
    pub old_requests: Vec<Asked>,
    /// What is asked of requests after.
    #[serde(rename = "requests_b", skip_serializing_if = "Vec::is_empty")]
    pub new_requests: Vec<Asked>,
}

/// What is let through on one side of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Side {
    connections: Connections,
    requests: Vec<Asked>,
}

impl Side {
    fn of(line: Option<&Line>) -> Self {
        line.map_or_else(Self::default, |line| Self {
            connections: line.connections.clone(),
            requests: line.requests.clone(),
        })
    }

    fn is_empty(&self) -> bool {
        self.connections.is_empty() && self.requests.is_empty()
    }
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
            changes.extend(change(
                line.from.clone(),
                line.to.clone(),
                Side::of(old.first().copied()),
                Side::of(new.first().copied()),
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
        Side::of(found.copied())
    };
    let mut joined: Vec<(Block, Side, Side)> = Vec::new();
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

fn change(from: Party, to: Party, old: Side, new: Side) -> Option<Change> {
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
        old: old.connections,
        new: new.connections,
        old_requests: old.requests,
        new_requests: new.requests,
    })
}
