//! Where in a text each value stands: a line per value, beside the value itself.

use kube_vocab::{FieldPath, Segment};

/// The lines of all values of one document, found by path. They hold for the text, whatever has been done to the value since.
#[derive(Clone, Debug, Default)]
pub struct Locations {
    /// The members of a collection stand next to each other; the root comes last.
    nodes: Box<[Node]>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    line: u32,
    /// A fingerprint of the key; nothing for items.
    key: u32,
    first: u32,
    count: u32,
}

impl Locations {
    /// The line of the key, or of the item, at this path, from 1. A root's line is where its content starts.
    pub fn line_of(&self, path: &FieldPath) -> Option<usize> {
        match self.find(path) {
            (node, true) => node.map(|node| node.line as usize),
            (_, false) => None,
        }
    }

    /// As [`Locations::line_of`]; where nothing stands at the path, the line of the innermost thing around it.
    pub fn nearest_line(&self, path: &FieldPath) -> Option<usize> {
        self.find(path).0.map(|node| node.line as usize)
    }

    /// The innermost node on the way, and whether it is the end of the way.
    fn find(&self, path: &FieldPath) -> (Option<&Node>, bool) {
        let Some(mut at) = self.nodes.last() else {
            return (None, false);
        };
        for segment in path.segments() {
            match self.child(at, segment) {
                Some(child) => at = child,
                None => return (Some(at), false),
            }
        }
        (Some(at), true)
    }

    fn child(&self, node: &Node, segment: &Segment) -> Option<&Node> {
        let first = node.first as usize;
        let children = self
            .nodes
            .get(first..first.wrapping_add(node.count as usize))?;
        // Of a key that appears twice the last counts.
        let by_key = |name: &str| {
            let key = fingerprint(name);
            children.iter().rev().find(|child| child.key == key)
        };
        match segment {
            Segment::Field(name) | Segment::Key(name) => by_key(name),
            Segment::Index(index) => match children.first() {
                Some(first) if first.key == 0 => children.get(*index),
                // A key of digits.
                _ => by_key(&index.to_string()),
            },
        }
    }

    /// Counts all lines from further up.
    pub(super) fn shift(&mut self, lines: usize) {
        let lines = u32::try_from(lines).unwrap_or(u32::MAX);
        for node in &mut self.nodes {
            node.line = node.line.saturating_add(lines);
        }
    }

    /// The lines of the value at this path and of all in it, with that value as the root; none where nothing stands there.
    #[must_use]
    pub fn below(&self, path: &FieldPath) -> Self {
        let Some(mut at) = self.nodes.last() else {
            return Self::default();
        };
        for segment in path.segments() {
            match self.child(at, segment) {
                Some(child) => at = child,
                None => return Self::default(),
            }
        }
        let mut recorder = Recorder::default();
        self.copy(at, &mut recorder);
        recorder.finish()
    }

    /// Readers bound how deep values are nested.
    fn copy(&self, node: &Node, into: &mut Recorder) {
        let mark = into.open();
        let first = node.first as usize;
        for child in &self.nodes[first..first + node.count as usize] {
            self.copy(child, into);
        }
        into.close(mark, node.line, node.key);
    }
}

/// Takes down lines while a document is read, innermost first.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    nodes: Vec<Node>,
    pending: Vec<Node>,
}

/// The start of a collection's members.
#[derive(Clone, Copy)]
pub(super) struct Mark(usize);

/// Up to how many members are compared each with each.
const FEW: usize = 24;

/// How many bytes of a manifest there are to a value, about.
const BYTES: usize = 20;

impl Recorder {
    /// For a text of so many bytes.
    pub(super) fn for_bytes(bytes: usize) -> Self {
        Self {
            nodes: Vec::with_capacity(bytes / BYTES),
            pending: Vec::with_capacity(32),
        }
    }

    /// A value without members.
    pub(super) fn leaf(&mut self, line: u32, key: u32) {
        self.pending.push(Node {
            line,
            key,
            first: 0,
            count: 0,
        });
    }

    pub(super) fn open(&self) -> Mark {
        Mark(self.pending.len())
    }

    /// All that came since the mark are the members of a value at this line.
    pub(super) fn close(&mut self, mark: Mark, line: u32, key: u32) {
        let count = (self.pending.len() - mark.0) as u32;
        let first = if count == 0 {
            0
        } else {
            self.nodes.len() as u32
        };
        self.nodes.extend_from_slice(&self.pending[mark.0..]);
        self.pending.truncate(mark.0);
        self.pending.push(Node {
            line,
            key,
            first,
            count,
        });
    }

    /// Whether two of the values that came since the mark may be members of one key: their fingerprints are the same.
    pub(super) fn may_repeat(&self, mark: Mark) -> bool {
        let members = &self.pending[mark.0..];
        if members.len() <= FEW {
            let is_there = |(at, member): (usize, &Node)| {
                members[..at].iter().any(|before| before.key == member.key)
            };
            return members.iter().enumerate().any(is_there);
        }
        let mut keys: Vec<u32> = members.iter().map(|member| member.key).collect();
        keys.sort_unstable();
        keys.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// How many values inside of collections have been taken down for good.
    pub(super) fn taken(&self) -> usize {
        self.nodes.len()
    }

    /// The lines of the collection that came last and of all in it, which were taken down since there were so many, counted from a
    /// line.
    pub(super) fn since(&self, taken: usize, line: u32) -> Lines {
        let shift = Shift {
            lines: 0_u32.wrapping_sub(line),
            nodes: 0_u32.wrapping_sub(taken as u32),
        };
        Lines {
            nodes: self.nodes[taken..]
                .iter()
                .map(|node| shift.of(node))
                .collect(),
            whole: self.pending.last().map(|node| shift.of(node)),
        }
    }

    /// Takes down such lines as those of the next value, which starts on a line.
    pub(super) fn put(&mut self, lines: &Lines, line: u32) {
        let shift = Shift {
            lines: line,
            nodes: self.nodes.len() as u32,
        };
        self.nodes
            .extend(lines.nodes.iter().map(|node| shift.of(node)));
        self.pending
            .extend(lines.whole.iter().map(|node| shift.of(node)));
    }

    /// Gives the value that came last its place in the map or list around it.
    pub(super) fn name_last(&mut self, line: u32, key: u32) {
        if let Some(last) = self.pending.last_mut() {
            (last.line, last.key) = (line, key);
        }
    }

    pub(super) fn finish(mut self) -> Locations {
        self.nodes.append(&mut self.pending);
        Locations {
            nodes: self.nodes.into(),
        }
    }
}

/// The lines of a collection and of all in it, to be put where its text stands again.
#[derive(Debug)]
pub(super) struct Lines {
    nodes: Box<[Node]>,
    whole: Option<Node>,
}

/// How far a collection has moved: lines, and places among all values.
struct Shift {
    lines: u32,
    nodes: u32,
}

impl Shift {
    const fn of(&self, node: &Node) -> Node {
        Node {
            line: node.line.wrapping_add(self.lines),
            key: node.key,
            first: match node.count {
                0 => 0,
                _ => node.first.wrapping_add(self.nodes),
            },
            count: node.count,
        }
    }
}

pub(super) fn fingerprint(key: &str) -> u32 {
    short(kube_value::fingerprint(key))
}

/// What is kept of the fingerprint of a key: never 0, which is an item's.
pub(super) const fn short(fingerprint: u64) -> u32 {
    match (fingerprint >> 32) as u32 {
        0 => 1,
        print => print,
    }
}
