//! Blocks that come again, in one document or in several: their text is compared, and nothing in it is read.
//!
//! What a block means depends on its lines alone, with their indentation, and on that nothing behind it claims to be part of it.

use kube_value::fingerprint;

use super::{Reader, Tree};
use crate::read::locations::Lines;

/// The blocks that a thread read last, by how they begin.
#[derive(Debug)]
pub struct Blocks<V>(Vec<Slot<V>>);

#[derive(Debug)]
struct Slot<V> {
    /// What is known of the block that was here last: one is kept when it comes for the second time.
    seen: u64,
    block: Option<Block<V>>,
}

#[derive(Debug)]
struct Block<V> {
    /// All of its lines, up to the next line with content.
    text: Box<str>,
    breaks: u32,
    /// How many collections it stands in.
    depth: usize,
    value: V,
    lines: Lines,
}

/// How many blocks are remembered.
const SLOTS: usize = 1 << 9;
/// How many bytes blocks are found by.
const BEGINNING: usize = 64;
/// Shorter blocks are read as quickly as they are found.
const SHORTEST: usize = 24;
/// Longer ones hardly ever come twice.
const LONGEST: usize = 1 << 12;

impl<V> Default for Blocks<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> Blocks<V> {
    fn slot(&mut self, print: u64) -> &mut Slot<V> {
        if self.0.is_empty() {
            self.0.resize_with(SLOTS, || Slot {
                seen: 0,
                block: None,
            });
        }
        // The high bits depend on all others.
        &mut self.0[(print >> (u64::BITS - SLOTS.ilog2())) as usize]
    }
}

impl<V: Tree> Reader<'_, V> {
    /// The map or list whose first line the cursor is on, or whatever else stands there. `indent` is the column of the collection
    /// around it.
    pub(super) fn block(&mut self, indent: usize) -> Option<V> {
        let Some(mut blocks) = self.blocks.take() else {
            return self.node(indent);
        };
        let (start, line) = (self.line_start, self.line);
        let rest = &self.text[start..];
        let print = fingerprint(beginning(rest));
        let slot = blocks.slot(print);
        if let Some(block) = &slot.block
            && block.depth == self.depth
            && rest.starts_with(&*block.text)
            && self.ends_after(block)
        {
            self.recorder.put(&block.lines, line);
            let value = block.value.clone();
            self.blocks = Some(blocks);
            return Some(value);
        }
        self.blocks = Some(blocks);
        let (depth, mark) = (self.depth, self.recorder.taken());
        let value = self.node(indent)?;
        let end = match self.more {
            true => self.line_start,
            false => self.bytes.len(),
        };
        if !(SHORTEST..=LONGEST).contains(&(end - start)) || !value.is_collection() {
            return Some(value);
        }
        if let Some(blocks) = &mut self.blocks {
            let slot = blocks.slot(print);
            let seen = print ^ (end - start) as u64;
            if slot.seen == seen {
                slot.block = Some(Block {
                    text: self.text[start..end].into(),
                    breaks: self.line - line,
                    depth,
                    value: value.clone(),
                    lines: self.recorder.since(mark, line),
                });
            }
            slot.seen = seen;
        }
        Some(value)
    }

    /// Whether nothing behind the lines of a block is part of it; goes on behind them then.
    fn ends_after(&mut self, block: &Block<V>) -> bool {
        let (at, line_start, line) = (self.at, self.line_start, self.line);
        let (column, is_list) = (self.column(), self.is_dash());
        let end = line_start + block.text.len();
        (self.at, self.line) = (end, line + block.breaks);
        let ends = self.seek().is_some()
            // A blank line more may belong to a text at the end of the block.
            && self.line_start == end
            && (!self.more
                || self.column() < column
                || self.column() == column && is_list && !self.is_dash());
        if !ends {
            (self.at, self.line_start, self.line, self.more) = (at, line_start, line, true);
        }
        ends
    }
}

/// The first bytes of a text.
fn beginning(text: &str) -> &str {
    let mut end = text.len().min(BEGINNING);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
