#![doc = include_str!("../README.md")]

mod air_gap;
mod bundle;
mod check;
mod component;
mod contribution;
mod environment;
pub mod image;
mod object;
mod order;
pub mod overlay;
mod patch;
mod place;
mod pods;
mod release;
pub mod render;
mod shared;
mod stack;
pub mod verify;
mod whole;

pub use air_gap::{AirGap, Domain, OptionalImage, Redirect};
pub use bundle::{Bundle, Part};
pub use check::{Check, CheckError, Report};
pub use component::{Component, Context};
pub use contribution::{
    Access, Action, ComponentError, Contribution, Exercise, Image, Placed, Provided, TextFile,
};
pub use environment::{DomainError, Environment, EnvironmentError};
pub use image::{ImageRef, Registry};
pub use kube_vocab::{Finding, ObjectId, Severity, Subject};
pub use object::{Object, ObjectError, TypedObject};
pub use order::StackError;
pub use patch::PatchError;
pub use place::Place;
pub use pods::{Count, Nodes, Pods};
pub use release::{Chart, Overlay, Release, ReleaseError, Values};
pub use render::{File, WriteError, WriteOptions};
pub use shared::{Shared, SharedValues};
pub use stack::{BuildError, Stack};
pub use verify::{Expectation, Question, Questions};
pub use whole::{LeftOut, SetupOption, Whole};
