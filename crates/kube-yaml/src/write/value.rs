//! From serde's data model to a JSON value whose keys are in order.

use serde::ser::{self, Serialize};
use serde_json::{Map, Number, Value};

use super::WriteError;
use super::arrange::{Order, Place, Table};
use super::key::KeyText;
use super::serializer::JSON_NUMBER;

/// The value of an object as JSON, with its keys in the order in which they are written. As `serde_json::to_value` otherwise.
///
/// ```
/// #[derive(serde::Serialize)]
/// struct Container {
///     args: Vec<&'static str>,
///     name: &'static str,
/// }
///
/// let container = [Container { args: vec!["-v"], name: "web" }];
/// let value = kube_yaml::to_value_in(kube_yaml::Order::BuiltIn, &container)?;
/// assert_eq!(value[0].to_string(), r#"{"name":"web","args":["-v"]}"#);
/// # Ok::<(), kube_yaml::WriteError>(())
/// ```
///
/// # Errors
/// A key that cannot be one, a whole number that JSON cannot hold, or a type that refuses to be serialised.
pub fn to_value_in<T: Serialize + ?Sized>(order: Order, value: &T) -> Result<Value, WriteError> {
    let place = Place::Root;
    value.serialize(Serializer { order, place })
}

#[derive(Clone, Copy)]
struct Serializer {
    order: Order,
    place: Place,
}

impl Serializer {
    fn inside(self) -> Self {
        let place = Place::Inside;
        Self { place, ..self }
    }

    fn members(self, is_struct: bool) -> Members {
        Members {
            around: self,
            table: self.order.table(self.place, is_struct),
            key: String::new(),
            members: Map::new(),
            ranks: Vec::new(),
            number: None,
            variant: None,
        }
    }

    fn items(self, length: usize) -> Items {
        Items {
            around: self,
            items: Vec::with_capacity(length),
            variant: None,
        }
    }
}

struct Items {
    around: Serializer,
    items: Vec<Value>,
    variant: Option<&'static str>,
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.items.push(value.serialize(self.around.inside())?);
        Ok(())
    }

    fn finish(self) -> Value {
        in_variant(self.variant, Value::Array(self.items))
    }
}

struct Members {
    around: Serializer,
    table: Option<Table>,
    key: String,
    members: Map<String, Value>,
    /// One for each member, where there is a table.
    ranks: Vec<u8>,
    /// The digits, where the struct stands for a number.
    number: Option<String>,
    variant: Option<&'static str>,
}

impl Members {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        let place = match self.around.place {
            Place::Root if self.key == "metadata" => Place::Metadata,
            _ => Place::Inside,
        };
        let value = value.serialize(Serializer {
            place,
            ..self.around
        })?;
        let key = std::mem::take(&mut self.key);
        let rank = self.table.map(|table| table.rank(&key));
        if self.members.insert(key, value).is_none() {
            self.ranks.extend(rank);
        }
        Ok(())
    }

    fn field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        if let Some(number) = &mut self.number {
            return value.serialize(KeyText(&mut |text: &str| number.push_str(text)));
        }
        key.clone_into(&mut self.key);
        self.push(value)
    }

    fn finish(mut self) -> Result<Value, WriteError> {
        if let Some(number) = self.number {
            return Ok(Value::Number(number.parse().map_err(|_| {
                WriteError::Type(format!("{number} is no number"))
            })?));
        }
        if !self.ranks.is_sorted() {
            let members = std::mem::take(&mut self.members);
            let mut ranked: Vec<(u8, (String, Value))> =
                self.ranks.into_iter().zip(members).collect();
            ranked.sort_by_key(|(rank, _)| *rank);
            self.members
                .extend(ranked.into_iter().map(|(_, member)| member));
        }
        Ok(in_variant(self.variant, Value::Object(self.members)))
    }
}

/// The value of an enum's variant: a map with the variant's name as its only key.
fn in_variant(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(variant) => Value::Object(Map::from_iter([(variant.to_owned(), value)])),
        None => value,
    }
}

impl ser::SerializeSeq for Items {
    type Ok = Value;
    type Error = WriteError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.push(value)
    }

    fn end(self) -> Result<Value, WriteError> {
        Ok(self.finish())
    }
}

impl ser::SerializeTuple for Items {
    type Ok = Value;
    type Error = WriteError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.push(value)
    }

    fn end(self) -> Result<Value, WriteError> {
        Ok(self.finish())
    }
}

impl ser::SerializeTupleStruct for Items {
    type Ok = Value;
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.push(value)
    }

    fn end(self) -> Result<Value, WriteError> {
        Ok(self.finish())
    }
}

impl ser::SerializeTupleVariant for Items {
    type Ok = Value;
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.push(value)
    }

    fn end(self) -> Result<Value, WriteError> {
        Ok(self.finish())
    }
}

impl ser::SerializeMap for Members {
    type Ok = Value;
    type Error = WriteError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), WriteError> {
        key.serialize(KeyText(&mut |text: &str| self.key = text.to_owned()))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.push(value)
    }

    fn end(self) -> Result<Value, WriteError> {
        self.finish()
    }
}

impl ser::SerializeStruct for Members {
    type Ok = Value;
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        self.field(key, value)
    }

    fn end(self) -> Result<Value, WriteError> {
        self.finish()
    }
}

impl ser::SerializeStructVariant for Members {
    type Ok = Value;
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        self.field(key, value)
    }

    fn end(self) -> Result<Value, WriteError> {
        self.finish()
    }
}

macro_rules! simple {
    ($($method:ident: $type:ty),*) => {$(
        fn $method(self, value: $type) -> Result<Value, WriteError> {
            Ok(Value::from(value))
        }
    )*};
}

impl ser::Serializer for Serializer {
    type Ok = Value;
    type Error = WriteError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = Members;

    simple!(
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_u8: u8,
        serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f32: f32, serialize_f64: f64, serialize_str: &str,
        serialize_bytes: &[u8]
    );

    fn serialize_i128(self, value: i128) -> Result<Value, WriteError> {
        let number = Number::from_i128(value)
            .ok_or_else(|| WriteError::Type(format!("{value} is too large for JSON")))?;
        Ok(Value::Number(number))
    }

    fn serialize_u128(self, value: u128) -> Result<Value, WriteError> {
        let number = Number::from_u128(value)
            .ok_or_else(|| WriteError::Type(format!("{value} is too large for JSON")))?;
        Ok(Value::Number(number))
    }

    fn serialize_char(self, value: char) -> Result<Value, WriteError> {
        Ok(Value::String(value.to_string()))
    }

    fn serialize_none(self) -> Result<Value, WriteError> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, WriteError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, WriteError> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Value, WriteError> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Value, WriteError> {
        Ok(variant.into())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Value, WriteError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, WriteError> {
        Ok(in_variant(Some(variant), value.serialize(self.inside())?))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, WriteError> {
        Ok(self.items(length.unwrap_or(0)))
    }

    fn serialize_tuple(self, length: usize) -> Result<Items, WriteError> {
        Ok(self.items(length))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Items, WriteError> {
        Ok(self.items(length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Items, WriteError> {
        let variant = Some(variant);
        Ok(Items {
            variant,
            ..self.items(length)
        })
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Members, WriteError> {
        Ok(self.members(false))
    }

    fn serialize_struct(self, name: &'static str, _length: usize) -> Result<Members, WriteError> {
        let number = (name == JSON_NUMBER).then(String::new);
        Ok(Members {
            number,
            ..self.members(true)
        })
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Members, WriteError> {
        let variant = Some(variant);
        Ok(Members {
            variant,
            ..self.inside().members(false)
        })
    }
}
