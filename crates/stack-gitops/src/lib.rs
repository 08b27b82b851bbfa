#![doc = include_str!("../README.md")]

mod annotate;
mod application;
mod applicationset;
mod bootstrap;
mod checksums;
mod ci;
mod error;
mod generated;
mod health;
mod laid;
mod layout;
mod made_up;
mod names;
mod object;
mod project;
pub mod promote;
mod readme;
mod rendered;
mod settings;
mod shared_values;
pub mod sync;
mod unit;

pub use error::GitOpsError;
pub use generated::{Generated, GeneratedValue, KnownBy};
pub use settings::{Cluster, GitOps, SecretStore, Style};
