#![doc = include_str!("../README.md")]

mod check;
mod eksctl;
pub mod kind;
mod laptop;
mod needs;
mod storage;
#[cfg(feature = "terraform")]
pub mod terraform;

pub use needs::{Cloud, ClusterNeeds, Effect, KubernetesMinor, MinorError, NodePool, Role, Taint};
pub use storage::{DEFAULT_CLASS, EBS, StorageNeed};
