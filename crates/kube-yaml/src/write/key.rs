//! Keys of maps: whatever has a text becomes one, as in JSON.

use std::fmt::Display;

use serde::ser::{Impossible, Serialize, Serializer};

use super::error::WriteError;

/// Hands the text of a key to a function. The function is no part of the type, for each of which keys would be compiled anew.
pub(super) struct KeyText<'f>(pub(super) &'f mut dyn FnMut(&str) -> Result<(), WriteError>);

type Never = Impossible<(), WriteError>;

macro_rules! integers {
    ($($method:ident: $type:ty),*) => {$(
        fn $method(self, value: $type) -> Result<(), WriteError> {
            (self.0)(itoa::Buffer::new().format(value))
        }
    )*};
}

impl Serializer for KeyText<'_> {
    type Ok = ();
    type Error = WriteError;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Never;
    type SerializeStructVariant = Never;

    integers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128
    );

    fn serialize_str(self, value: &str) -> Result<(), WriteError> {
        (self.0)(value)
    }

    fn serialize_char(self, value: char) -> Result<(), WriteError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_bool(self, value: bool) -> Result<(), WriteError> {
        self.serialize_str(if value { "true" } else { "false" })
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

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), WriteError> {
        self.serialize_str(&value.to_string())
    }

    fn serialize_f32(self, _value: f32) -> Result<(), WriteError> {
        Err(WriteError::Key)
    }

    fn serialize_f64(self, _value: f64) -> Result<(), WriteError> {
        Err(WriteError::Key)
    }

    fn serialize_bytes(self, _value: &[u8]) -> Result<(), WriteError> {
        Err(WriteError::Key)
    }

    fn serialize_none(self) -> Result<(), WriteError> {
        Err(WriteError::Key)
    }

    fn serialize_unit(self) -> Result<(), WriteError> {
        Err(WriteError::Key)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), WriteError> {
        Err(WriteError::Key)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<(), WriteError> {
        Err(WriteError::Key)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Never, WriteError> {
        Err(WriteError::Key)
    }

    fn serialize_tuple(self, _len: usize) -> Result<Never, WriteError> {
        Err(WriteError::Key)
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Never, WriteError> {
        Err(WriteError::Key)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Never, WriteError> {
        Err(WriteError::Key)
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Never, WriteError> {
        Err(WriteError::Key)
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Never, WriteError> {
        Err(WriteError::Key)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Never, WriteError> {
        Err(WriteError::Key)
    }
}
