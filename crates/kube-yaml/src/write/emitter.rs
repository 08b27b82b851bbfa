//! From events to block YAML.

use std::io;

use super::arrange::{Arranger, Lists, Order};
use super::error::WriteError;
use super::events::{Events, MapKind};
use super::text;

/// Bytes that are gathered before they are handed on.
pub(super) const CHUNK: usize = 64 << 10;
/// How deep most objects are nested.
const USUAL_DEPTH: usize = 16;
/// Readers look this far for the colon behind a key; libyaml counts characters, its Rust port bytes.
const LONGEST_SIMPLE_KEY: usize = 1024;

/// What stands before the value on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nothing: the whole document.
    Root,
    /// A key and its colon.
    Key,
    /// The dash of an item, or the `:` of a long key, and a blank.
    Dash,
}

/// A collection whose first line depends on what stands before it.
#[derive(Clone, Copy, Debug)]
struct Open {
    place: Place,
    column: usize,
    is_empty: bool,
    /// Its members may have to change places.
    arranged: bool,
}

impl Open {
    /// Goes to where the next entry begins; the first one after a dash begins on the line of the dash.
    fn next(&mut self, out: &mut Vec<u8>) {
        if self.is_empty {
            self.is_empty = false;
            if self.place != Place::Key {
                return;
            }
            out.push(b'\n');
        }
        text::indent(out, self.column);
    }

    fn end(self, out: &mut Vec<u8>, empty: &[u8]) {
        if self.is_empty {
            if self.place == Place::Key {
                out.push(b' ');
            }
            out.extend_from_slice(empty);
        }
    }
}

/// Writes one document. Nothing is taken back once written, so that a document may be larger than memory; but a typed object
/// of a built-in kind is held until its fields are in order.
pub(super) struct Emitter<'w> {
    out: &'w mut Vec<u8>,
    sink: Option<&'w mut dyn io::Write>,
    arranger: Arranger,
    open: Vec<Open>,
    /// Column of the collection around the value.
    column: usize,
    place: Place,
}

/// The lists of a document that is complete, with room for those of the next one.
#[derive(Debug, Default)]
pub(super) struct Room {
    open: Vec<Open>,
    lists: Lists,
}

impl<'w> Emitter<'w> {
    pub(super) fn new(
        out: &'w mut Vec<u8>,
        sink: Option<&'w mut dyn io::Write>,
        order: Order,
        room: Room,
    ) -> Self {
        let Room { mut open, lists } = room;
        open.reserve(USUAL_DEPTH);
        Self {
            out,
            sink,
            arranger: Arranger::new(order, lists),
            open,
            column: 0,
            place: Place::Root,
        }
    }

    /// Ends a document that is complete.
    pub(super) fn finish(mut self) -> Result<Room, WriteError> {
        self.relieve()?;
        Ok(Room {
            open: self.open,
            lists: self.arranger.into_lists(),
        })
    }

    /// Hands on what has been gathered, if it is much.
    fn relieve(&mut self) -> Result<(), WriteError> {
        if self.out.len() >= CHUNK
            && self.arranger.is_idle()
            && let Some(sink) = &mut self.sink
        {
            sink.write_all(self.out)?;
            self.out.clear();
        }
        Ok(())
    }

    fn before_scalar(&mut self) {
        if self.place == Place::Key {
            self.out.push(b' ');
        }
    }

    fn scalar(&mut self, text: &str) -> Result<(), WriteError> {
        self.before_scalar();
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'\n');
        Ok(())
    }

    fn open(&mut self, arranged: bool, below_a_key: usize) {
        let column = match self.place {
            Place::Root => 0,
            Place::Key => self.column + below_a_key,
            Place::Dash => self.column + 2,
        };
        self.open.push(Open {
            place: self.place,
            column,
            is_empty: true,
            arranged,
        });
    }
}

impl Events for Emitter<'_> {
    fn null(&mut self) -> Result<(), WriteError> {
        self.scalar("null")
    }

    fn boolean(&mut self, value: bool) -> Result<(), WriteError> {
        self.scalar(if value { "true" } else { "false" })
    }

    fn signed(&mut self, value: i64) -> Result<(), WriteError> {
        self.scalar(itoa::Buffer::new().format(value))
    }

    fn unsigned(&mut self, value: u64) -> Result<(), WriteError> {
        self.scalar(itoa::Buffer::new().format(value))
    }

    fn float(&mut self, value: f64) -> Result<(), WriteError> {
        if value.is_nan() {
            return self.scalar(".nan");
        }
        if value.is_infinite() {
            return self.scalar(if value > 0.0 { ".inf" } else { "-.inf" });
        }
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(value);
        // YAML 1.1 takes `1e21` for a text: it wants a dot before an exponent, and a sign in it.
        let Some((mantissa, exponent)) = text.split_once('e') else {
            return self.scalar(text);
        };
        self.before_scalar();
        self.out.extend_from_slice(mantissa.as_bytes());
        if !mantissa.contains('.') {
            self.out.extend_from_slice(b".0");
        }
        self.out.push(b'e');
        if !exponent.starts_with(['+', '-']) {
            self.out.push(b'+');
        }
        self.out.extend_from_slice(exponent.as_bytes());
        self.out.push(b'\n');
        Ok(())
    }

    fn number(&mut self, digits: &str) -> Result<(), WriteError> {
        // A whole number stays what it is, however long.
        if !digits.contains(['.', 'e', 'E']) {
            return self.scalar(digits);
        }
        match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => self.float(value),
            _ => self.scalar(digits),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), WriteError> {
        self.before_scalar();
        let at_line_start = self.place == Place::Root;
        let column = if at_line_start { 2 } else { self.column + 2 };
        text::write_value(self.out, text, column, at_line_start);
        Ok(())
    }

    fn open_map(&mut self, kind: MapKind, _length: usize) {
        let arranged = self.arranger.open(self.place == Place::Root, kind);
        self.open(arranged, 2);
    }

    fn key(&mut self, key: &str) -> Result<(), WriteError> {
        self.relieve()?;
        let Some(open) = self.open.last_mut() else {
            return Err(WriteError::Key);
        };
        open.next(self.out);
        if open.arranged {
            self.arranger.field(key, self.out.len());
        }
        let column = open.column;
        let start = self.out.len();
        text::write_key(self.out, key);
        self.column = column;
        self.place = Place::Key;
        if self.out.len() - start > LONGEST_SIMPLE_KEY {
            self.out.splice(start..start, *b"? ");
            self.out.push(b'\n');
            text::indent(self.out, column);
            self.out.extend_from_slice(b": ");
            self.place = Place::Dash;
        } else {
            self.out.push(b':');
        }
        Ok(())
    }

    fn close_map(&mut self) {
        if let Some(open) = self.open.pop() {
            open.end(self.out, b"{}\n");
            if open.arranged {
                self.arranger.close(self.out, open.column);
            }
        }
    }

    fn open_list(&mut self, _length: usize) {
        self.arranger.pass();
        self.open(false, 0);
    }

    fn item(&mut self) -> Result<(), WriteError> {
        self.relieve()?;
        if let Some(open) = self.open.last_mut() {
            open.next(self.out);
            self.out.extend_from_slice(b"- ");
            self.column = open.column;
            self.place = Place::Dash;
        }
        Ok(())
    }

    fn close_list(&mut self) {
        if let Some(open) = self.open.pop() {
            open.end(self.out, b"[]\n");
        }
    }
}
