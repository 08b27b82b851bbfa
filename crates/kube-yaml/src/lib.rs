#![doc = include_str!("../README.md")]

pub use kube_vocab::FieldPath;

mod read;
mod write;

pub use read::{
    Document, Documents, ErrorKind, Locations, MAX_ALIASED, MAX_ANCHORED, MAX_DEPTH, Manifests,
    Objects, Piece, Pieces, SyntaxError, Tree, Warning, WarningKind, decode, from_str,
};
pub use write::{
    Emit, Events, MapKind, Order, WriteError, Writer, append, append_emitted, comment,
    emitted_value, to_string, to_string_in, to_value_in, to_writer,
};
