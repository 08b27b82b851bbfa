//! Writing.

mod arrange;
mod comment;
mod emitter;
mod error;
mod events;
mod key;
mod look_alike;
mod tell;
mod text;
mod value;

use std::io;

use serde::Serialize;

pub use arrange::Order;
pub use comment::comment;
use emitter::{CHUNK, Emitter, Room};
pub use error::WriteError;
pub use events::{Emit, Events, MapKind};
use tell::Teller;
pub use value::{emitted_value, to_value_in};

/// One document in block style, without a `---` line; ends with a line break. Keys in [`Order::Given`].
///
/// # Errors
/// A key that cannot be one, or a type that refuses to be serialised.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, WriteError> {
    to_string_in(Order::Given, value)
}

/// As [`to_string`], with the keys in an order of choice.
///
/// # Errors
/// As [`to_string`].
pub fn to_string_in<T: Serialize + ?Sized>(order: Order, value: &T) -> Result<String, WriteError> {
    let mut out = Vec::with_capacity(1024);
    append(&mut out, order, value)?;
    String::from_utf8(out).map_err(|error| WriteError::Type(error.to_string()))
}

/// One document behind what is in the buffer already, which must end with a line break or be empty. After an error the buffer
/// holds part of the document.
///
/// # Errors
/// As [`to_string`].
pub fn append<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    order: Order,
    value: &T,
) -> Result<(), WriteError> {
    value.serialize(Teller::new(&mut Emitter::new(
        out,
        None,
        order,
        Room::default(),
    )))
}

/// As [`append`], of a trait object.
///
/// # Errors
/// As [`to_string`].
pub fn append_emitted(out: &mut Vec<u8>, order: Order, value: &dyn Emit) -> Result<(), WriteError> {
    value.emit(&mut Emitter::new(out, None, order, Room::default()))
}

/// One document, handed on in pieces of 64 KiB and more. See [`Writer`] for several.
///
/// # Errors
/// As [`to_string`], and those of `out`.
pub fn to_writer<T: Serialize + ?Sized>(out: impl io::Write, value: &T) -> Result<(), WriteError> {
    let mut writer = Writer::new(out);
    writer.only(Order::Given, value)?;
    writer.finish()?;
    Ok(())
}

/// Writes a stream of documents, each as soon as it comes, through a buffer of its own.
///
/// ```
/// let mut writer = kube_yaml::Writer::new(Vec::new());
/// writer.comment("two documents")?;
/// writer.document(kube_yaml::Order::Given, &["a"])?;
/// writer.document(kube_yaml::Order::Given, "b")?;
/// assert_eq!(writer.finish()?, b"# two documents\n---\n- a\n---\nb\n");
/// # Ok::<(), kube_yaml::WriteError>(())
/// ```
#[derive(Debug)]
pub struct Writer<W: io::Write> {
    out: W,
    buffer: Vec<u8>,
    room: Room,
}

impl<W: io::Write> Writer<W> {
    /// A stream without documents. `out` needs no buffer.
    pub fn new(out: W) -> Self {
        Self {
            out,
            buffer: Vec::with_capacity(CHUNK),
            room: Room::default(),
        }
    }

    /// A document after a `---` line.
    ///
    /// # Errors
    /// As [`to_string`], and those of the writer below.
    pub fn document<T: Serialize + ?Sized>(
        &mut self,
        order: Order,
        value: &T,
    ) -> Result<(), WriteError> {
        self.buffer.extend_from_slice(b"---\n");
        self.only(order, value)
    }

    /// A document without a `---` line: the only one of the stream, or the first.
    ///
    /// # Errors
    /// As [`to_string`], and those of the writer below.
    pub fn only<T: Serialize + ?Sized>(
        &mut self,
        order: Order,
        value: &T,
    ) -> Result<(), WriteError> {
        let room = std::mem::take(&mut self.room);
        let mut emitter = Emitter::new(&mut self.buffer, Some(&mut self.out), order, room);
        value.serialize(Teller::new(&mut emitter))?;
        self.room = emitter.finish()?;
        Ok(())
    }

    /// As [`Writer::document`], of a trait object.
    ///
    /// # Errors
    /// As [`to_string`], and those of the writer below.
    pub fn emitted(&mut self, order: Order, value: &dyn Emit) -> Result<(), WriteError> {
        self.buffer.extend_from_slice(b"---\n");
        let room = std::mem::take(&mut self.room);
        let mut emitter = Emitter::new(&mut self.buffer, Some(&mut self.out), order, room);
        value.emit(&mut emitter)?;
        self.room = emitter.finish()?;
        Ok(())
    }

    /// Comment lines; see [`comment`].
    ///
    /// # Errors
    /// Those of the writer below.
    pub fn comment(&mut self, text: &str) -> Result<(), WriteError> {
        self.buffer.extend_from_slice(comment(text).as_bytes());
        Ok(())
    }

    /// Hands on what is left, and gives the writer below back.
    ///
    /// # Errors
    /// Those of the writer below.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.out.write_all(&self.buffer)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl Writer<Vec<u8>> {
    /// Hands on all that was written so far, and is ready for more, with the same memory.
    ///
    /// ```
    /// let (mut writer, mut out) = (kube_yaml::Writer::new(Vec::new()), Vec::new());
    /// writer.only(kube_yaml::Order::Given, "a")?;
    /// writer.hand_on(&mut out)?;
    /// writer.document(kube_yaml::Order::Given, "b")?;
    /// writer.hand_on(&mut out)?;
    /// assert_eq!(out, b"a\n---\nb\n");
    /// # Ok::<(), kube_yaml::WriteError>(())
    /// ```
    ///
    /// # Errors
    /// Those of `to`.
    pub fn hand_on(&mut self, to: &mut impl io::Write) -> io::Result<()> {
        for part in [&mut self.out, &mut self.buffer] {
            to.write_all(part)?;
            part.clear();
        }
        Ok(())
    }
}
