#![doc = include_str!("../README.md")]

mod convert;
mod fingerprint;
mod map;
mod memo;
pub mod reading;
mod recent;
mod shared;
mod source;
mod text;
mod value;

pub use fingerprint::{fingerprint, mixed};
pub use map::{Map, Members};
pub use memo::Memo;
pub use source::Source;
pub use text::Text;
pub use value::{Position, Value};
