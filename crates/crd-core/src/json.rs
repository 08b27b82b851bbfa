//! Reads a JSON value as an API server does, and knows where it is.
//!
//! An object is an object: [`serde_json`]'s own reader also takes a list for a struct and fills the fields by position, so
//! that `endpointSelector: []` would pass for `{}`. Errors come with the path of the innermost value that was being read,
//! and members that the type does not ask for are noted.
//!
//! That one deserializer does all of it, rather than three around each other, is felt at compile time: types are large, and
//! each is compiled for the deserializer that reads it.

use std::any::type_name;
use std::cell::RefCell;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor, value::BorrowedStrDeserializer,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value, map};

use kube_vocab::FieldPath;

/// What one reading found out: the value or the first error, and the members that the type does not know.
pub(crate) struct Reading<T> {
    pub(crate) value: Result<T, Failure>,
    pub(crate) unknown: Vec<FieldPath>,
}

/// The first error of a reading.
pub(crate) struct Failure {
    pub(crate) path: FieldPath,
    pub(crate) message: String,
}

pub(crate) fn read<'de, T: Deserialize<'de>>(value: &'de Value) -> Reading<T> {
    let notes = Notes::default();
    Reading {
        value: read_with(value, &notes),
        unknown: notes.unknown.into_inner(),
    }
}

/// The seeds that the parts of a value were read with, by place, each part after what it is in.
pub(crate) fn seeds<'de, T: Deserialize<'de>>(
    value: &'de Value,
) -> Result<Vec<(FieldPath, &'static str)>, Failure> {
    let notes = Notes {
        seeds: Some(RefCell::default()),
        ..Notes::default()
    };
    read_with::<T>(value, &notes)?;
    Ok(notes.seeds.unwrap_or_default().into_inner())
}

fn read_with<'de, T: Deserialize<'de>>(value: &'de Value, notes: &Notes) -> Result<T, Failure> {
    let json = Json {
        value,
        place: Place::Root,
        notes,
    };
    T::deserialize(json).map_err(|error| Failure {
        path: error.path.unwrap_or_default(),
        message: error.message,
    })
}

/// What is noted while a value is read.
#[derive(Default)]
struct Notes {
    /// The members that the type does not know.
    unknown: RefCell<Vec<FieldPath>>,
    /// What each part was read with, where that is asked for.
    seeds: Option<RefCell<Vec<(FieldPath, &'static str)>>>,
}

/// Where a value stands: what surrounds it is still being read.
#[derive(Clone, Copy)]
enum Place<'p> {
    Root,
    Member(&'p Place<'p>, &'p str),
    Item(&'p Place<'p>, usize),
}

impl Place<'_> {
    fn path(&self) -> FieldPath {
        match self {
            Self::Root => FieldPath::root(),
            Self::Member(around, key) => around.path().field(*key),
            Self::Item(around, index) => around.path().index(*index),
        }
    }
}

/// An error, with its path from the moment that it leaves the innermost value.
#[derive(Debug)]
struct Error {
    message: String,
    path: Option<FieldPath>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            message: message.to_string(),
            path: None,
        }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match found {
            Unexpected::Unit => {
                Self::custom(format_args!("invalid type: null, expected {expected}"))
            }
            _ => Self::custom(format_args!("invalid type: {found}, expected {expected}")),
        }
    }
}

/// A value to be read.
#[derive(Clone, Copy)]
struct Json<'de, 'p> {
    value: &'de Value,
    place: Place<'p>,
    notes: &'p Notes,
}

impl<'de, 'p> Json<'de, 'p> {
    fn unexpected(self) -> Unexpected<'de> {
        match self.value {
            Value::Null => Unexpected::Unit,
            Value::Bool(flag) => Unexpected::Bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => Unexpected::Unsigned(number),
                (_, Some(number), _) => Unexpected::Signed(number),
                (.., number) => Unexpected::Float(number.unwrap_or(f64::NAN)),
            },
            Value::String(text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        }
    }

    fn member<'q>(&'q self, key: &'q str, value: &'de Value) -> Json<'de, 'q> {
        Json {
            value,
            place: Place::Member(&self.place, key),
            notes: self.notes,
        }
    }

    /// Notes the type of a seed, if that is asked for.
    fn note(&self, seed: &'static str) {
        if let Some(seeds) = &self.notes.seeds {
            seeds.borrow_mut().push((self.place.path(), seed));
        }
    }

    fn refused<E>(self, expected: &dyn Expected) -> Result<E, Error> {
        Err(Error::invalid_type(self.unexpected(), expected))
    }

    fn located<T>(self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| Error {
            path: error.path.or_else(|| Some(self.place.path())),
            ..error
        })
    }

    fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (.., Some(number)) => visitor.visit_f64(number),
                _ => self.refused(&visitor),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => {
                let mut list = Items {
                    items,
                    next: 0,
                    list: self,
                };
                let value = visitor.visit_seq(&mut list)?;
                match items.len() - list.next {
                    0 => Ok(value),
                    _ => Err(Error::invalid_length(items.len(), &"fewer items")),
                }
            }
            Value::Object(members) => visitor.visit_map(Members::new(members, self)),
        }
    }
}

impl<'de> Deserializer<'de> for Json<'de, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.located(self.visit(visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.located(match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.located(visitor.visit_newtype_struct(self))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.located(match self.value {
            Value::Array(_) => self.refused(&visitor),
            _ => self.visit(visitor),
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.located(match self.value {
            Value::String(name) => visitor.visit_enum(Variant {
                name,
                body: None,
                union: self,
            }),
            Value::Object(members) => {
                let mut members = members.iter();
                match (members.next(), members.next()) {
                    (Some((name, body)), None) => visitor.visit_enum(Variant {
                        name,
                        body: Some(body),
                        union: self,
                    }),
                    _ => Err(Error::invalid_value(
                        Unexpected::Map,
                        &"an object with one member",
                    )),
                }
            }
            _ => self.refused(&"a string or an object"),
        })
    }

    /// The type does not know the value.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.notes.unknown.borrow_mut().push(self.place.path());
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier
    }
}

/// The items of a list.
struct Items<'de, 'p> {
    items: &'de [Value],
    next: usize,
    list: Json<'de, 'p>,
}

impl<'de> SeqAccess<'de> for &mut Items<'de, '_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(value) = self.items.get(self.next) else {
            return Ok(None);
        };
        let item = Json {
            value,
            place: Place::Item(&self.list.place, self.next),
            notes: self.list.notes,
        };
        self.next += 1;
        item.note(type_name::<S>());
        item.located(seed.deserialize(item)).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

/// The members of an object.
struct Members<'de, 'p> {
    rest: map::Iter<'de>,
    current: Option<(&'de str, &'de Value)>,
    object: Json<'de, 'p>,
}

impl<'de, 'p> Members<'de, 'p> {
    fn new(members: &'de Map<String, Value>, object: Json<'de, 'p>) -> Self {
        Self {
            rest: members.iter(),
            current: None,
            object,
        }
    }
}

impl<'de> MapAccess<'de> for Members<'de, '_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.current = Some((key, value));
        let member = self.object.member(key, value);
        member
            .located(seed.deserialize(BorrowedStrDeserializer::new(key)))
            .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let Some((key, value)) = self.current.take() else {
            return Err(Error::custom("a value was asked for before its key"));
        };
        let member = self.object.member(key, value);
        member.note(type_name::<S>());
        member.located(seed.deserialize(member))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// One variant of an enum, by name, with its body where it has one.
struct Variant<'de, 'p> {
    name: &'de str,
    body: Option<&'de Value>,
    union: Json<'de, 'p>,
}

impl<'de, 'p> EnumAccess<'de> for Variant<'de, 'p> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Error> {
        let name = seed.deserialize(BorrowedStrDeserializer::new(self.name))?;
        Ok((name, self))
    }
}

impl<'de> Variant<'de, '_> {
    /// Reads the body with its place.
    fn body<T>(
        self,
        expected: &dyn Expected,
        read: impl FnOnce(Json<'de, '_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.body {
            Some(body) => {
                let body = self.union.member(self.name, body);
                body.located(read(body))
            }
            None => Err(Error::invalid_type(Unexpected::UnitVariant, expected)),
        }
    }
}

impl<'de> VariantAccess<'de> for Variant<'de, '_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.body {
            None => Ok(()),
            Some(_) => self.body(&"unit variant", |body| body.refused(&"unit variant")),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        self.body(&"a variant with a body", |body| seed.deserialize(body))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.body(&"a variant with a list", |body| match body.value {
            Value::Array(_) => body.visit(visitor),
            _ => body.refused(&visitor),
        })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.body(&"a variant with members", |body| {
            body.deserialize_struct("", fields, visitor)
        })
    }
}
