#![doc = include_str!("../README.md")]

mod adopt_images;
mod air_gap;
mod allowance;
mod bundle;
mod census;
pub mod charts;
mod check;
mod checksum;
mod component;
mod contribution;
mod environment;
mod error;
pub mod image;
mod object;
mod order;
pub mod overlay;
mod overlay_doubts;
mod patch;
mod place;
mod pod_template;
mod pods;
mod release;
pub mod render;
mod shared;
mod stack;
pub mod verify;
mod whole;
mod workload;

pub use air_gap::{AirGap, Domain, OptionalImage, Redirect};
pub use allowance::{Allowance, Allowed};
pub use bundle::{Bundle, Check, Part};
pub use check::{CheckError, Report};
pub use component::{Component, Context};
pub use contribution::{
    Access, Action, Contribution, Exercise, Image, Placed, Provided, TextFile, Tool,
};
pub use environment::{DomainError, Environment, EnvironmentError};
pub use error::ComponentError;
pub use image::{ImageRef, Registry};
pub use kube_vocab::{Finding, ObjectId, Severity, Subject};
pub use object::{Object, ObjectError, TypedObject};
pub use order::StackError;
pub use overlay_doubts::{DoubtReason, OverlayDoubt};
pub use patch::PatchError;
pub use place::Place;
pub use pod_template::PodTemplate;
pub use pods::{Count, Nodes, Pods};
pub use release::{Chart, Overlay, Release, ReleaseError, Values};
pub use render::{File, WriteError, WriteOptions, Written};
pub use shared::{Shared, SharedValues};
pub use stack::{BuildError, Stack};
pub use verify::{Expectation, Question, Questions};
pub use whole::{LeftOut, SetupOption, Whole};
pub use workload::{Port, Probe, Workload};
