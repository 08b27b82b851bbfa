//! Reads a value as a type, as an API server does, and knows where it is.
//!
//! An object is an object: [`serde_json`]'s own reader also takes a list for a struct and fills the fields by position, so
//! that `endpointSelector: []` would pass for `{}`. Errors come with the path of the innermost value that was being read,
//! and members that the type does not ask for are noted, where that is wanted.
//!
//! That one deserializer does all of it, for `serde_json`'s values and for ours, is felt at compile time: types are large, and
//! each is compiled for every deserializer that reads it. So what is generic here is as little as can be.

use std::any::type_name;
use std::cell::RefCell;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor, value::BorrowedStrDeserializer,
};
use serde::forward_to_deserialize_any;
use serde_json::Number;

use kube_vocab::FieldPath;

use crate::Source;
use crate::source::{Items, Members, View};

/// The first thing that is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where; for a missing field, what lacks it.
    pub path: FieldPath,
    /// What the type says against the value there.
    pub message: String,
}

/// `spec.replicas: invalid type: string "two", expected i32`.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.is_root() {
            true => f.write_str(&self.message),
            false => write!(f, "{}: {}", self.path, self.message),
        }
    }
}

impl std::error::Error for Failure {}

/// Reads a value as a type.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn read<'v, T: Deserialize<'v>>(
    value: impl Into<Source<'v>>,
    notes: &Notes,
) -> Result<T, Failure> {
    let whole = Node {
        value: value.into(),
        place: Place::Root,
        notes,
    };
    T::deserialize(whole).map_err(|error| Failure {
        path: error.0.path.unwrap_or_default(),
        message: error.0.message,
    })
}

/// What is noted while a value is read: nothing, if not said otherwise.
#[derive(Debug, Default)]
pub struct Notes {
    unknown: Option<RefCell<Vec<FieldPath>>>,
    seeds: Option<RefCell<Vec<(FieldPath, &'static str)>>>,
}

impl Notes {
    /// The members that the type does not ask for.
    pub fn of_unknown() -> Self {
        Self {
            unknown: Some(RefCell::default()),
            seeds: None,
        }
    }

    /// What each part is read with: the name of the Rust type of its seed.
    pub fn of_seeds() -> Self {
        Self {
            unknown: None,
            seeds: Some(RefCell::default()),
        }
    }

    /// The members that the type did not ask for, in the order of the value.
    pub fn into_unknown(self) -> Vec<FieldPath> {
        self.unknown.unwrap_or_default().into_inner()
    }

    /// The seeds that the parts of a value were read with, by place, each part after what it is in.
    pub fn into_seeds(self) -> Vec<(FieldPath, &'static str)> {
        self.seeds.unwrap_or_default().into_inner()
    }
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

/// An error, with its path from the moment that it leaves the innermost value. In a box, since every step of reading a type hands
/// it on.
#[derive(Debug)]
struct Error(Box<Complaint>);

#[derive(Debug)]
struct Complaint {
    message: String,
    path: Option<FieldPath>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Box::new(Complaint {
            message: message.to_string(),
            path: None,
        }))
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

/// A value that is being read, with its place.
#[derive(Clone, Copy)]
struct Node<'de, 'p> {
    value: Source<'de>,
    place: Place<'p>,
    notes: &'p Notes,
}

impl<'de, 'p> Node<'de, 'p> {
    fn member<'q>(&'q self, key: &'q str, value: Source<'de>) -> Node<'de, 'q> {
        Node {
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
        Err(Error::invalid_type(
            self.value.view().unexpected(),
            expected,
        ))
    }

    /// The error with this place, unless it has one from further inside.
    fn at(self, mut error: Error) -> Error {
        if error.0.path.is_none() {
            error.0.path = Some(self.place.path());
        }
        error
    }

    fn number<V: Visitor<'de>>(self, number: &Number, visitor: V) -> Result<V::Value, Error> {
        match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), ..) => visitor.visit_u64(number),
            (_, Some(number), _) => visitor.visit_i64(number),
            (.., Some(number)) => visitor.visit_f64(number),
            _ => self.refused(&visitor),
        }
    }

    fn list<V: Visitor<'de>>(self, items: Items<'de>, visitor: V) -> Result<V::Value, Error> {
        let length = items.len();
        let mut list = RestOfList {
            items,
            next: 0,
            list: self,
        };
        let value = visitor.visit_seq(&mut list)?;
        match list.items.len() {
            0 => Ok(value),
            _ => Err(Error::invalid_length(length, &"fewer items")),
        }
    }

    fn object<V: Visitor<'de>>(self, members: Members<'de>, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(RestOfObject {
            members,
            current: None,
            object: self,
        })
    }
}

/// Hands the visitor what the type asks for, and refuses everything else by itself: so the compiler makes no code for a struct
/// that is read from a list, or for a text that is read from an object.
macro_rules! asked {
    ($($view:ident($reader:ident): $($method:ident)*;)*) => { $( $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.value.view() {
                View::$view(found) => asked!(@ self $reader found visitor),
                _ => self.refused(&visitor),
            }
        }
    )* )* };
    (@ $node:ident text $found:ident $visitor:ident) => { $visitor.visit_borrowed_str($found) };
    (@ $node:ident bool $found:ident $visitor:ident) => { $visitor.visit_bool($found) };
    (@ $node:ident $reader:ident $found:ident $visitor:ident) => { $node.$reader($found, $visitor) };
}

/// An error leaves a value without a place: whoever asked for the value knows it, and [adds it](Node::at).
impl<'de> Deserializer<'de> for Node<'de, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value.view() {
            View::Null => visitor.visit_unit(),
            View::Bool(flag) => visitor.visit_bool(flag),
            View::Number(number) => self.number(number, visitor),
            View::Text(text) => visitor.visit_borrowed_str(text),
            View::List(items) => self.list(items, visitor),
            View::Object(members) => self.object(members, visitor),
        }
    }

    asked! {
        Bool(bool): deserialize_bool;
        Number(number): deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8
            deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64;
        Text(text): deserialize_char deserialize_str deserialize_string;
        List(list): deserialize_seq;
        Object(object): deserialize_map;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value.view() {
            View::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value.view() {
            View::Text(name) => visitor.visit_enum(Variant {
                name,
                body: None,
                union: self,
            }),
            View::Object(mut members) => match (members.next(), members.next()) {
                (Some((name, body)), None) => visitor.visit_enum(Variant {
                    name,
                    body: Some(body),
                    union: self,
                }),
                _ => Err(Error::invalid_value(
                    Unexpected::Map,
                    &"an object with one member",
                )),
            },
            _ => self.refused(&"a string or an object"),
        }
    }

    /// The type does not know the value.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if let Some(unknown) = &self.notes.unknown {
            unknown.borrow_mut().push(self.place.path());
        }
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

/// The items of a list that are still to be read.
struct RestOfList<'de, 'p> {
    items: Items<'de>,
    next: usize,
    list: Node<'de, 'p>,
}

impl<'de> SeqAccess<'de> for &mut RestOfList<'de, '_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(value) = self.items.next() else {
            return Ok(None);
        };
        let item = Node {
            value,
            place: Place::Item(&self.list.place, self.next),
            notes: self.list.notes,
        };
        self.next += 1;
        item.note(type_name::<S>());
        match seed.deserialize(item) {
            Ok(read) => Ok(Some(read)),
            Err(error) => Err(item.at(error)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The members of an object that are still to be read.
struct RestOfObject<'de, 'p> {
    members: Members<'de>,
    current: Option<(&'de str, Source<'de>)>,
    object: Node<'de, 'p>,
}

impl<'de> MapAccess<'de> for RestOfObject<'de, '_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some((key, value)) = self.members.next() else {
            return Ok(None);
        };
        self.current = Some((key, value));
        match seed.deserialize(Key(key)) {
            Ok(key) => Ok(Some(key)),
            Err(error) => Err(self.object.member(key, value).at(error)),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let Some((key, value)) = self.current.take() else {
            return Err(Error::custom("a value was asked for before its key"));
        };
        let member = self.object.member(key, value);
        member.note(type_name::<S>());
        match seed.deserialize(member) {
            Ok(read) => Ok(read),
            Err(error) => Err(member.at(error)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.members.len())
    }
}

/// A key, which may also be that of a map by numbers.
struct Key<'de>(&'de str);

macro_rules! numbers {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0.parse::<Number>() {
                Ok(number) => number.$method(visitor).map_err(Error::custom),
                Err(_) => visitor.visit_borrowed_str(self.0),
            }
        }
    )* };
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        BorrowedStrDeserializer::new(self.0).deserialize_enum(name, variants, visitor)
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    forward_to_deserialize_any! {
        bool i128 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// One variant of an enum, by name, with its body where it has one.
struct Variant<'de, 'p> {
    name: &'de str,
    body: Option<Source<'de>>,
    union: Node<'de, 'p>,
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
        read: impl FnOnce(Node<'de, '_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.body {
            Some(body) => {
                let body = self.union.member(self.name, body);
                read(body).map_err(|error| body.at(error))
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
        self.body(&"a variant with a list", |body| match body.value.view() {
            View::List(items) => body.list(items, visitor),
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
