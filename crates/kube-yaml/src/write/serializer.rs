//! From serde's data model straight to block YAML.

use std::io;

use serde::ser::{self, Serialize};

use super::WriteError;
use super::arrange::{Arranger, Order};
use super::key::KeyText;
use super::text;

/// Bytes that are gathered before they are handed on.
const CHUNK: usize = 64 << 10;
/// Readers look this far for the colon behind a key; libyaml counts characters, its Rust port bytes.
const LONGEST_SIMPLE_KEY: usize = 1024;
/// What serde_json calls a number where another crate of the build turned on its `arbitrary_precision`.
pub(super) const JSON_NUMBER: &str = "$serde_json::private::Number";

/// What stands before the value on its line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing: the whole document.
    Root,
    /// A key and its colon.
    Key,
    /// The dash of an item, or the `:` of a long key, and a blank.
    Dash,
}

/// Writes one document. Nothing is taken back once written, so that a document may be larger than memory; but a typed object
/// of a built-in kind is held until its fields are in order.
pub(super) struct Serializer<'w> {
    pub(super) out: &'w mut Vec<u8>,
    sink: Option<&'w mut dyn io::Write>,
    pub(super) arranger: Arranger,
    /// Column of the collection around the value.
    column: usize,
    place: Place,
}

impl<'w> Serializer<'w> {
    pub(super) fn new(
        out: &'w mut Vec<u8>,
        sink: Option<&'w mut dyn io::Write>,
        order: Order,
    ) -> Self {
        Self {
            out,
            sink,
            arranger: Arranger::new(order),
            column: 0,
            place: Place::Root,
        }
    }

    /// Hands on what has been gathered, if it is much.
    pub(super) fn relieve(&mut self) -> Result<(), WriteError> {
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

    /// A number that serde_json kept as text.
    fn json_number(&mut self, text: &str) -> Result<(), WriteError> {
        if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() {
            return self.scalar(text);
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => self.float(value),
            _ => self.scalar(text),
        }
    }

    fn map(&mut self, arranged: bool) -> Map<'_, 'w> {
        let place = self.place;
        let column = match place {
            Place::Root => 0,
            Place::Key | Place::Dash => self.column + 2,
        };
        Map {
            open: Open {
                place,
                column,
                is_empty: true,
            },
            arranged,
            is_json_number: false,
            long_key: false,
            serializer: self,
        }
    }

    fn sequence(&mut self) -> Sequence<'_, 'w> {
        let place = self.place;
        let column = match place {
            Place::Root => 0,
            Place::Key => self.column,
            Place::Dash => self.column + 2,
        };
        Sequence {
            open: Open {
                place,
                column,
                is_empty: true,
            },
            serializer: self,
        }
    }

    /// The single key of an enum's variant; what follows is its value.
    fn variant(&mut self, name: &'static str) -> Result<(), WriteError> {
        let mut map = self.map(false);
        map.key(name);
        let (column, long_key) = (map.open.column, map.long_key);
        self.column = column;
        self.place = if long_key { Place::Dash } else { Place::Key };
        Ok(())
    }
}

/// A collection whose first line depends on what stands before it.
#[derive(Clone, Copy)]
struct Open {
    place: Place,
    column: usize,
    is_empty: bool,
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

pub(super) struct Map<'s, 'w> {
    serializer: &'s mut Serializer<'w>,
    open: Open,
    /// The fields of a struct, which may have to change places.
    arranged: bool,
    is_json_number: bool,
    long_key: bool,
}

impl Map<'_, '_> {
    fn key(&mut self, name: &str) {
        let out = &mut *self.serializer.out;
        self.open.next(out);
        if self.arranged {
            self.serializer.arranger.field(name, out.len());
        }
        let start = out.len();
        text::write_key(out, name);
        self.long_key = out.len() - start > LONGEST_SIMPLE_KEY;
        if self.long_key {
            out.splice(start..start, *b"? ");
            out.push(b'\n');
            text::indent(out, self.open.column);
            out.extend_from_slice(b": ");
        } else {
            out.push(b':');
        }
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.serializer.column = self.open.column;
        self.serializer.place = if self.long_key {
            Place::Dash
        } else {
            Place::Key
        };
        value.serialize(&mut *self.serializer)?;
        self.serializer.relieve()
    }

    fn finish(self) {
        self.open.end(self.serializer.out, b"{}\n");
        if self.arranged {
            self.serializer
                .arranger
                .close(self.serializer.out, self.open.column);
        }
    }
}

impl ser::SerializeMap for Map<'_, '_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), WriteError> {
        key.serialize(KeyText(&mut |name: &str| self.key(name)))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.value(value)
    }

    fn end(self) -> Result<(), WriteError> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeStruct for Map<'_, '_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        if self.is_json_number {
            let mut number = String::new();
            value.serialize(KeyText(&mut |text: &str| number.push_str(text)))?;
            return self.serializer.json_number(&number);
        }
        self.key(key);
        self.value(value)
    }

    fn end(self) -> Result<(), WriteError> {
        if !self.is_json_number {
            self.finish();
        }
        Ok(())
    }
}

impl ser::SerializeStructVariant for Map<'_, '_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        self.key(key);
        self.value(value)
    }

    fn end(self) -> Result<(), WriteError> {
        self.finish();
        Ok(())
    }
}

pub(super) struct Sequence<'s, 'w> {
    serializer: &'s mut Serializer<'w>,
    open: Open,
}

impl Sequence<'_, '_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.open.next(self.serializer.out);
        self.serializer.out.extend_from_slice(b"- ");
        self.serializer.column = self.open.column;
        self.serializer.place = Place::Dash;
        value.serialize(&mut *self.serializer)?;
        self.serializer.relieve()
    }
}

impl ser::SerializeSeq for Sequence<'_, '_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.item(value)
    }

    fn end(self) -> Result<(), WriteError> {
        self.open.end(self.serializer.out, b"[]\n");
        Ok(())
    }
}

impl ser::SerializeTuple for Sequence<'_, '_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.item(value)
    }

    fn end(self) -> Result<(), WriteError> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleStruct for Sequence<'_, '_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.item(value)
    }

    fn end(self) -> Result<(), WriteError> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleVariant for Sequence<'_, '_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.item(value)
    }

    fn end(self) -> Result<(), WriteError> {
        ser::SerializeSeq::end(self)
    }
}

macro_rules! integers {
    ($($method:ident: $type:ty),*) => {$(
        fn $method(self, value: $type) -> Result<(), WriteError> {
            self.scalar(itoa::Buffer::new().format(value))
        }
    )*};
}

impl<'s, 'w> ser::Serializer for &'s mut Serializer<'w> {
    type Ok = ();
    type Error = WriteError;
    type SerializeSeq = Sequence<'s, 'w>;
    type SerializeTuple = Sequence<'s, 'w>;
    type SerializeTupleStruct = Sequence<'s, 'w>;
    type SerializeTupleVariant = Sequence<'s, 'w>;
    type SerializeMap = Map<'s, 'w>;
    type SerializeStruct = Map<'s, 'w>;
    type SerializeStructVariant = Map<'s, 'w>;

    integers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128
    );

    fn serialize_bool(self, value: bool) -> Result<(), WriteError> {
        self.scalar(if value { "true" } else { "false" })
    }

    fn serialize_f32(self, value: f32) -> Result<(), WriteError> {
        // Through its own shortest text: 0.1, not 0.10000000149011612.
        if !value.is_finite() {
            return self.float(f64::from(value));
        }
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(value);
        self.float(text.parse().unwrap_or_else(|_| f64::from(value)))
    }

    fn serialize_f64(self, value: f64) -> Result<(), WriteError> {
        self.float(value)
    }

    fn serialize_char(self, value: char) -> Result<(), WriteError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), WriteError> {
        self.before_scalar();
        let at_line_start = self.place == Place::Root;
        let column = if at_line_start { 2 } else { self.column + 2 };
        text::write_value(self.out, value, column, at_line_start);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), WriteError> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), WriteError> {
        self.scalar("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), WriteError> {
        self.scalar("null")
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), WriteError> {
        self.scalar("null")
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), WriteError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        self.variant(variant)?;
        value.serialize(self)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Sequence<'s, 'w>, WriteError> {
        Ok(self.sequence())
    }

    fn serialize_tuple(self, _len: usize) -> Result<Sequence<'s, 'w>, WriteError> {
        Ok(self.sequence())
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Sequence<'s, 'w>, WriteError> {
        Ok(self.sequence())
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Sequence<'s, 'w>, WriteError> {
        self.variant(variant)?;
        Ok(self.sequence())
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Map<'s, 'w>, WriteError> {
        let arranged = self.arranger.open(self.place == Place::Root, false);
        Ok(self.map(arranged))
    }

    fn serialize_struct(self, name: &'static str, _len: usize) -> Result<Map<'s, 'w>, WriteError> {
        if name == JSON_NUMBER {
            let mut map = self.map(false);
            map.is_json_number = true;
            return Ok(map);
        }
        let arranged = self.arranger.open(self.place == Place::Root, true);
        Ok(self.map(arranged))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Map<'s, 'w>, WriteError> {
        self.variant(variant)?;
        Ok(self.map(false))
    }
}
