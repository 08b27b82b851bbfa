#![doc = include_str!("../README.md")]

pub mod image;
mod key_order;
pub mod object;
pub mod overlay;
pub mod release;
pub mod render;

pub use image::{ImageRef, Registry};
pub use kube_vocab::ObjectId;
pub use object::{Object, ObjectError};
pub use release::{Chart, Overlay, Release, ReleaseError, Values};
