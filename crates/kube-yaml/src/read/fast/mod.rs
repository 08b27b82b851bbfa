//! The quick way through YAML as manifests are written: maps and lists in blocks, texts plain, quoted or in literal blocks,
//! small maps and lists in brackets.
//!
//! What is read here is read as the full reader would; on anything else (anchors, tags, tabs, keys that are no plain texts, a key
//! twice, whatever is wrong) it gives up, and the full reader reads the document from its start. Nothing is copied but what ends
//! up in the value.

mod blocks;
mod flow;
mod text;

pub use blocks::Blocks;

use std::borrow::Cow;

use kube_value::fingerprint;
use serde_json::Value;

use super::MAX_DEPTH;
use super::locations::{Locations, Mark, Recorder, short};
use super::quoted;
use super::scalar;
use super::tree::Tree;

/// Longer keys have rules of their own.
const LONGEST_KEY: usize = 1000;

/// What may end a plain text, by the byte.
const SIGN: [bool; 256] = {
    let mut sign = [false; 256];
    sign[b'\n' as usize] = true;
    sign[b'\t' as usize] = true;
    sign[b':' as usize] = true;
    sign[b'#' as usize] = true;
    sign
};

/// With what a plain text may begin, by the byte.
const BEGINS_PLAIN: [bool; 256] = {
    let mut begins = [true; 256];
    let others = b" \t\n?:,[]{}#&*!|>'\"%@`";
    let mut at = 0;
    while at < others.len() {
        begins[others[at] as usize] = false;
        at += 1;
    }
    begins
};

/// A document, and the line its content starts on, counted from 1 in the text.
#[derive(Debug)]
pub struct Read<V> {
    pub(super) value: V,
    pub(super) line: usize,
    pub(super) locations: Locations,
}

/// Reads a text without carriage returns and without characters that YAML does not allow or takes for line breaks. `None`: the
/// full reader has to. `Some(None)`: nothing stands there. The text stands inside of so many other values.
#[allow(clippy::option_option)]
pub(super) fn read<V: Tree>(
    text: &str,
    first_line: usize,
    depth: usize,
) -> Option<Option<Read<V>>> {
    let mut reader = Reader::<V> {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line_start: 0,
        line: u32::try_from(first_line).ok()?,
        more: false,
        behind_comment: false,
        blank_lines: 0,
        depth,
        recorder: Recorder::for_bytes(text.len()),
        colon: 0,
        members: Vec::with_capacity(16),
        items: Vec::with_capacity(8),
        blocks: V::blocks(),
    };
    let read = reader.document();
    if let Some(blocks) = reader.blocks {
        V::keep_blocks(blocks);
    }
    Some(read?.map(|(value, line)| Read {
        value,
        line: line as usize,
        locations: reader.recorder.finish(),
    }))
}

struct Reader<'a, V: Tree> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Where the line of `at` starts.
    line_start: usize,
    line: u32,
    /// After [`Reader::seek`]: whether content stands at `at`.
    more: bool,
    /// What the last [`Reader::seek`] passed.
    behind_comment: bool,
    blank_lines: usize,
    depth: usize,
    recorder: Recorder,
    /// The colon that [`Reader::key_ahead`] found last.
    colon: usize,
    /// The members and the items so far of all maps and lists that are open, the innermost last.
    members: Vec<(V::Key, V)>,
    items: Vec<V>,
    /// What was read before, for values that cost nothing to have twice.
    blocks: Option<Blocks<V>>,
}

impl<'a, V: Tree> Reader<'a, V> {
    /// All that the text holds, and the line on which it starts; `None` inside where there is nothing.
    #[allow(clippy::option_option)]
    fn document(&mut self) -> Option<Option<(V, u32)>> {
        self.seek()?;
        if !self.more {
            return Some(None);
        }
        let line = self.line;
        // A text alone is no manifest.
        let value = if self.is_dash() {
            self.list(self.column())?
        } else if matches!(self.peek(), b'{' | b'[') {
            let value = self.flow()?;
            self.end_line()?;
            value
        } else {
            self.map(self.column())?
        };
        (!self.more).then_some(Some((value, line)))
    }

    /// The byte at the cursor; a line break at the end.
    fn peek(&self) -> u8 {
        self.byte(self.at)
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    fn column(&self) -> usize {
        self.at - self.line_start
    }

    /// The dash of an item: a blank or the end of the line follows. Behind a tab the full reader has to look.
    fn is_dash(&self) -> bool {
        self.peek() == b'-' && matches!(self.byte(self.at + 1), b' ' | b'\n' | b'\t')
    }

    fn skip_blanks(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let blanks = rest.iter().position(|&byte| byte != b' ');
        self.at += blanks.unwrap_or(rest.len());
    }

    /// To the start of the next line.
    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        // Behind most values nothing is left of their line.
        let length = match rest.first() {
            Some(b'\n') => Some(0),
            _ => memchr::memchr(b'\n', rest),
        };
        match length {
            Some(length) => {
                self.at += length + 1;
                self.line += 1;
            }
            None => self.at = self.bytes.len(),
        }
        self.line_start = self.at;
    }

    /// From the start of a line to the next content.
    fn seek(&mut self) -> Option<()> {
        self.behind_comment = false;
        self.blank_lines = 0;
        loop {
            self.line_start = self.at;
            self.skip_blanks();
            match self.bytes.get(self.at) {
                None => {
                    self.more = false;
                    return Some(());
                }
                Some(b'\n') => {
                    self.at += 1;
                    self.line += 1;
                    self.blank_lines += 1;
                }
                Some(b'#') => {
                    self.behind_comment = true;
                    self.skip_line();
                }
                Some(b'\t') => return None,
                Some(byte) => {
                    if self.at == self.line_start
                        && (*byte == b'%' || self.bytes[self.at..].starts_with(b"..."))
                    {
                        return None;
                    }
                    self.more = true;
                    return Some(());
                }
            }
        }
    }

    /// Behind a value: nothing but a comment may stand on its line. Then to the next content.
    fn end_line(&mut self) -> Option<()> {
        let end = self.at;
        self.skip_blanks();
        match self.peek() {
            b'\n' => {}
            b'#' if self.at > end => {}
            _ => return None,
        }
        self.skip_line();
        self.seek()
    }

    fn deeper(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= MAX_DEPTH).then_some(())
    }

    /// What stands at the cursor on a line of its own, or behind a dash: a list, a map, or a value with nothing after it.
    /// `indent` is the column of the collection around it.
    fn node(&mut self, indent: usize) -> Option<V> {
        if self.is_dash() {
            return self.list(self.column());
        }
        if self.key_ahead()? {
            return self.map(self.column());
        }
        self.value(indent)
    }

    fn map(&mut self, column: usize) -> Option<V> {
        self.deeper()?;
        let (mark, start, first) = (self.recorder.open(), self.line, self.members.len());
        loop {
            let line = self.line;
            let key = self.key()?;
            let value = self.member(column)?;
            let print = fingerprint(&key);
            self.recorder.name_last(line, short(print));
            self.members.push((V::key(key, print), value));
            if !self.more || self.column() < column {
                break;
            }
            if self.column() > column {
                return None;
            }
        }
        self.close_map(mark, start, first)
    }

    /// Makes a map of the members from `first` on, unless two of them may have the same key.
    fn close_map(&mut self, mark: Mark, start: u32, first: usize) -> Option<V> {
        if self.recorder.may_repeat(mark) {
            return None;
        }
        self.recorder.close(mark, start, 0);
        self.depth -= 1;
        Some(V::map(&mut self.members, first))
    }

    fn close_list(&mut self, mark: Mark, start: u32, first: usize) -> V {
        self.recorder.close(mark, start, 0);
        self.depth -= 1;
        V::list(&mut self.items, first)
    }

    /// What belongs to a key; the cursor is behind its colon.
    fn member(&mut self, column: usize) -> Option<V> {
        let end = self.at;
        self.skip_blanks();
        match self.peek() {
            b'\n' => {}
            b'#' if self.at > end => {}
            _ => return self.value(column),
        }
        let line = self.line;
        self.skip_line();
        self.seek()?;
        let is_block = self.column() > column || self.column() == column && self.is_dash();
        if self.more && is_block {
            return self.block(column);
        }
        self.recorder.leaf(line, 0);
        Some(V::null())
    }

    fn list(&mut self, column: usize) -> Option<V> {
        self.deeper()?;
        let (mark, start, first) = (self.recorder.open(), self.line, self.items.len());
        loop {
            let line = self.line;
            self.at += 1;
            let dash = self.at;
            self.skip_blanks();
            let item = match self.peek() {
                b'\n' => None,
                b'#' if self.at > dash => None,
                _ => Some(self.node(column)?),
            };
            let item = match item {
                Some(item) => item,
                None => {
                    self.skip_line();
                    self.seek()?;
                    if self.more && self.column() > column {
                        self.node(column)?
                    } else {
                        self.recorder.leaf(line, 0);
                        V::null()
                    }
                }
            };
            self.items.push(item);
            if !self.more || self.column() < column {
                break;
            }
            if self.column() > column {
                return None;
            }
            if !self.is_dash() {
                break;
            }
        }
        Some(self.close_list(mark, start, first))
    }

    /// Whether a key and its colon stand at the cursor.
    fn key_ahead(&mut self) -> Option<bool> {
        match self.peek() {
            quote @ (b'"' | b'\'') => {
                let end = quoted::end(self.bytes, self.at + 1, quote)?;
                let rest = &self.bytes[end + 1..];
                let blanks = rest.iter().take_while(|&&byte| byte == b' ').count();
                Some(rest.get(blanks) == Some(&b':'))
            }
            _ => Some(match self.colon() {
                Some(colon) => {
                    self.colon = colon;
                    true
                }
                None => false,
            }),
        }
    }

    /// The next byte from here on that may end a plain text on its line; the end of the text otherwise.
    fn next_sign(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let length = rest.iter().position(|&byte| SIGN[usize::from(byte)]);
        length.map_or(self.bytes.len(), |length| at + length)
    }

    /// The colon behind the plain key at the cursor.
    fn colon(&self) -> Option<usize> {
        let mut at = self.at;
        loop {
            at = self.next_sign(at);
            match self.byte(at) {
                b':' if matches!(self.byte(at + 1), b' ' | b'\n' | b'\t') => return Some(at),
                b'#' if at > self.at && self.bytes[at - 1] == b' ' => return None,
                b':' | b'#' => at += 1,
                _ => return None,
            }
        }
    }

    /// The key at the cursor, which then stands behind the colon.
    fn key(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        let key = match self.peek() {
            b'"' | b'\'' => {
                let line = self.line;
                let key = self.quoted()?;
                self.skip_blanks();
                if self.line != line
                    || self.peek() != b':'
                    || !matches!(self.byte(self.at + 1), b' ' | b'\n')
                {
                    return None;
                }
                key
            }
            _ => {
                self.begins_plain().then_some(())?;
                // Behind a dash it has been found already.
                self.at = if self.colon > start {
                    self.colon
                } else {
                    self.colon()?
                };
                let text = without_blanks(&self.text[start..self.at]);
                is_plainly_text(text)?;
                Cow::Borrowed(text)
            }
        };
        self.at += 1;
        (self.at - start <= LONGEST_KEY).then_some(key)
    }

    /// Whether a plain text may start here.
    fn begins_plain(&self) -> bool {
        match self.peek() {
            b'-' => !self.is_dash(),
            byte => BEGINS_PLAIN[usize::from(byte)],
        }
    }

    /// A value that starts on this line, and all lines that belong to it.
    fn value(&mut self, indent: usize) -> Option<V> {
        let line = self.line;
        let value = match self.peek() {
            b'"' | b'\'' => {
                let text = self.quoted()?;
                self.end_line()?;
                V::text(text)
            }
            b'|' => V::text(self.literal(indent)?.into()),
            b'[' | b'{' => {
                let value = self.flow()?;
                self.end_line()?;
                return self.ends_before(indent).then_some(value);
            }
            _ => self.plain(indent)?,
        };
        self.recorder.leaf(line, 0);
        self.ends_before(indent).then_some(value)
    }

    /// Whether what follows does not claim to be part of the value.
    fn ends_before(&self, indent: usize) -> bool {
        !self.more || self.column() <= indent
    }

    /// The text between quotes; the cursor then stands behind them.
    fn quoted(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at + 1;
        let end = quoted::end(self.bytes, start, self.peek())?;
        let raw = &self.text[start..end];
        let text = quoted::text(raw, self.peek() == b'"')?;
        if let Some(last) = memchr::memrchr(b'\n', raw.as_bytes()) {
            self.line += u32::try_from(memchr::memchr_iter(b'\n', raw.as_bytes()).count()).ok()?;
            self.line_start = start + last + 1;
        }
        self.at = end + 1;
        Some(text)
    }
}

/// The text without blanks at its end.
fn without_blanks(text: &str) -> &str {
    match text.ends_with(' ') {
        true => text.trim_end_matches(' '),
        false => text,
    }
}

/// A plain text as what it means.
fn scalar<V: Tree>(text: &str) -> Option<V> {
    if scalar::is_text(text) {
        return Some(V::text(text.into()));
    }
    scalar::resolve(text).ok().map(V::from_json)
}

/// Whether a plain key is read as the text it is.
fn is_plainly_text(key: &str) -> Option<()> {
    let is_text = scalar::is_text(key) || matches!(scalar::resolve(key), Ok(Value::String(_)));
    (key != "<<" && is_text).then_some(())
}
