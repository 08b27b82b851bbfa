//! What a value consists of, told piece by piece: between serde's data model and whoever makes something of it.
//!
//! A type's `Serialize` is compiled once for each receiver. Here there is one receiver for serde, and what follows is plain
//! code, which also a trait object can call.

use serde::Serialize;

use super::error::WriteError;
use super::tell::Teller;

/// Receives what a value consists of, in the order in which its type has it.
///
/// A map is an [`open_map`](Events::open_map), then for each member its [`key`](Events::key) and its value, then a
/// [`close_map`](Events::close_map). A list is an [`open_list`](Events::open_list), then for each element an
/// [`item`](Events::item) and its value, then a [`close_list`](Events::close_list).
pub trait Events {
    /// Nothing: `null`.
    ///
    /// # Errors
    /// As [`Events::text`].
    fn null(&mut self) -> Result<(), WriteError>;

    /// `true` or `false`.
    ///
    /// # Errors
    /// As [`Events::text`].
    fn boolean(&mut self, value: bool) -> Result<(), WriteError>;

    /// A whole number.
    ///
    /// # Errors
    /// As [`Events::text`].
    fn signed(&mut self, value: i64) -> Result<(), WriteError>;

    /// A whole number that is not negative.
    ///
    /// # Errors
    /// As [`Events::text`].
    fn unsigned(&mut self, value: u64) -> Result<(), WriteError>;

    /// A number with a fraction; it may be infinite or no number at all.
    ///
    /// # Errors
    /// As [`Events::text`].
    fn float(&mut self, value: f64) -> Result<(), WriteError>;

    /// A number of single precision: by default the number that its own shortest text says, 0.1 and not 0.10000000149011612.
    ///
    /// # Errors
    /// As [`Events::text`].
    fn single(&mut self, value: f32) -> Result<(), WriteError> {
        let shortest = match value.is_finite() {
            true => zmij::Buffer::new().format_finite(value).parse().ok(),
            false => None,
        };
        self.float(shortest.unwrap_or_else(|| f64::from(value)))
    }

    /// A number that may fit none of the others, as JSON writes it.
    ///
    /// # Errors
    /// As [`Events::text`].
    fn number(&mut self, digits: &str) -> Result<(), WriteError>;

    /// A text.
    ///
    /// # Errors
    /// Whatever keeps the receiver from taking it.
    fn text(&mut self, text: &str) -> Result<(), WriteError>;

    /// A map begins, of about so many members.
    fn open_map(&mut self, kind: MapKind, length: usize);

    /// The key of the next member of the innermost map.
    ///
    /// # Errors
    /// As [`Events::text`].
    fn key(&mut self, key: &str) -> Result<(), WriteError>;

    /// The innermost map is complete.
    fn close_map(&mut self);

    /// A list begins, of about so many elements.
    fn open_list(&mut self, length: usize);

    /// The next element of the innermost list begins.
    ///
    /// # Errors
    /// As [`Events::text`].
    fn item(&mut self) -> Result<(), WriteError>;

    /// The innermost list is complete.
    fn close_list(&mut self);
}

/// What a map was in the type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapKind {
    /// A struct: its keys are fields.
    Struct,
    /// A map: its keys are data.
    Map,
    /// The variant of an enum: its one key is the variant's name, or its keys are the fields of the variant.
    Variant,
}

/// A value that tells what it consists of. Whatever is `Serialize` does; other than `Serialize` it can be a trait object.
pub trait Emit {
    /// Tells all of it.
    ///
    /// # Errors
    /// A key that cannot be one, a type that refuses to be serialised, and those of the receiver.
    fn emit(&self, events: &mut dyn Events) -> Result<(), WriteError>;
}

impl<T: Serialize + ?Sized> Emit for T {
    fn emit(&self, events: &mut dyn Events) -> Result<(), WriteError> {
        self.serialize(Teller::new(events))
    }
}
