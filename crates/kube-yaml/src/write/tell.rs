//! From serde's data model to events.

use std::fmt::Display;

use serde::ser::{self, Serialize};

use super::error::WriteError;
use super::events::{Events, MapKind};
use super::key::KeyText;

/// What serde_json calls a number where another crate of the build turned on its `arbitrary_precision`.
const JSON_NUMBER: &str = "$serde_json::private::Number";

/// Tells a receiver what serde hands over.
pub(super) struct Teller<'e, E: Events + ?Sized> {
    events: &'e mut E,
    /// A text is the digits of a number.
    is_number: bool,
}

/// The members of a map, one after the other.
pub(super) struct Members<'e, E: Events + ?Sized> {
    events: &'e mut E,
    /// The map is the value of a variant's name, in a map of its own.
    in_variant: bool,
    /// What looks like a struct is a number.
    is_number: bool,
}

/// The elements of a list, one after the other.
pub(super) struct Items<'e, E: Events + ?Sized> {
    events: &'e mut E,
    in_variant: bool,
}

impl<'e, E: Events + ?Sized> Teller<'e, E> {
    pub(super) fn new(events: &'e mut E) -> Self {
        Self {
            events,
            is_number: false,
        }
    }

    fn members(self, kind: MapKind, length: usize) -> Members<'e, E> {
        self.events.open_map(kind, length);
        Members {
            events: self.events,
            in_variant: false,
            is_number: false,
        }
    }

    fn items(self, length: usize) -> Items<'e, E> {
        self.events.open_list(length);
        Items {
            events: self.events,
            in_variant: false,
        }
    }

    /// The map around the value of a variant.
    fn variant(self, name: &'static str) -> Result<Self, WriteError> {
        self.events.open_map(MapKind::Variant, 1);
        self.events.key(name)?;
        Ok(self)
    }
}

impl<E: Events + ?Sized> Members<'_, E> {
    fn field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        if !self.is_number {
            self.events.key(key)?;
        }
        // Also for a number no other serializer: each would be compiled for the types of all fields.
        value.serialize(Teller {
            events: &mut *self.events,
            is_number: self.is_number,
        })
    }

    fn finish(self) {
        if !self.is_number {
            self.events.close_map();
        }
        if self.in_variant {
            self.events.close_map();
        }
    }
}

impl<E: Events + ?Sized> Items<'_, E> {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.events.item()?;
        value.serialize(Teller::new(&mut *self.events))
    }

    fn finish(self) {
        self.events.close_list();
        if self.in_variant {
            self.events.close_map();
        }
    }
}

impl<E: Events + ?Sized> ser::SerializeMap for Members<'_, E> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), WriteError> {
        key.serialize(KeyText(&mut |text| self.events.key(text)))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        value.serialize(Teller::new(&mut *self.events))
    }

    fn end(self) -> Result<(), WriteError> {
        self.finish();
        Ok(())
    }
}

macro_rules! fields {
    ($($trait:ident),*) => {$(
        impl<E: Events + ?Sized> ser::$trait for Members<'_, E> {
            type Ok = ();
            type Error = WriteError;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), WriteError> {
                self.field(key, value)
            }

            fn end(self) -> Result<(), WriteError> {
                self.finish();
                Ok(())
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);

macro_rules! elements {
    ($($trait:ident: $method:ident),*) => {$(
        impl<E: Events + ?Sized> ser::$trait for Items<'_, E> {
            type Ok = ();
            type Error = WriteError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
                self.push(value)
            }

            fn end(self) -> Result<(), WriteError> {
                self.finish();
                Ok(())
            }
        }
    )*};
}

elements!(
    SerializeSeq: serialize_element, SerializeTuple: serialize_element, SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
);

macro_rules! integers {
    ($($method:ident: $type:ty => $event:ident),*) => {$(
        fn $method(self, value: $type) -> Result<(), WriteError> {
            self.events.$event(value.into())
        }
    )*};
}

impl<'e, E: Events + ?Sized> ser::Serializer for Teller<'e, E> {
    type Ok = ();
    type Error = WriteError;
    type SerializeSeq = Items<'e, E>;
    type SerializeTuple = Items<'e, E>;
    type SerializeTupleStruct = Items<'e, E>;
    type SerializeTupleVariant = Items<'e, E>;
    type SerializeMap = Members<'e, E>;
    type SerializeStruct = Members<'e, E>;
    type SerializeStructVariant = Members<'e, E>;

    integers!(
        serialize_i8: i8 => signed, serialize_i16: i16 => signed, serialize_i32: i32 => signed, serialize_i64: i64 => signed,
        serialize_u8: u8 => unsigned, serialize_u16: u16 => unsigned, serialize_u32: u32 => unsigned,
        serialize_u64: u64 => unsigned
    );

    fn serialize_i128(self, value: i128) -> Result<(), WriteError> {
        self.events.number(itoa::Buffer::new().format(value))
    }

    fn serialize_u128(self, value: u128) -> Result<(), WriteError> {
        self.events.number(itoa::Buffer::new().format(value))
    }

    fn serialize_bool(self, value: bool) -> Result<(), WriteError> {
        self.events.boolean(value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), WriteError> {
        self.events.single(value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), WriteError> {
        self.events.float(value)
    }

    fn serialize_char(self, value: char) -> Result<(), WriteError> {
        self.events.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), WriteError> {
        match self.is_number {
            true => self.events.number(value),
            false => self.events.text(value),
        }
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), WriteError> {
        self.events.text(&value.to_string())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), WriteError> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), WriteError> {
        self.events.null()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), WriteError> {
        self.events.null()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), WriteError> {
        self.events.null()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), WriteError> {
        self.events.text(variant)
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
        let teller = self.variant(variant)?;
        value.serialize(Teller::new(&mut *teller.events))?;
        teller.events.close_map();
        Ok(())
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items<'e, E>, WriteError> {
        Ok(self.items(length.unwrap_or(0)))
    }

    fn serialize_tuple(self, length: usize) -> Result<Items<'e, E>, WriteError> {
        Ok(self.items(length))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Items<'e, E>, WriteError> {
        Ok(self.items(length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Items<'e, E>, WriteError> {
        Ok(Items {
            in_variant: true,
            ..self.variant(variant)?.items(length)
        })
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Members<'e, E>, WriteError> {
        Ok(self.members(MapKind::Map, length.unwrap_or(0)))
    }

    fn serialize_struct(
        self,
        name: &'static str,
        length: usize,
    ) -> Result<Members<'e, E>, WriteError> {
        if name == JSON_NUMBER {
            return Ok(Members {
                events: self.events,
                in_variant: false,
                is_number: true,
            });
        }
        Ok(self.members(MapKind::Struct, length))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Members<'e, E>, WriteError> {
        Ok(Members {
            in_variant: true,
            ..self.variant(variant)?.members(MapKind::Variant, length)
        })
    }
}
