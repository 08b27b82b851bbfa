#![doc = include_str!("../README.md")]

pub mod collector;
pub mod grafana;
pub mod kustomize;
pub mod prometheus;
pub mod promql;
pub mod promtail;
pub mod template;
pub mod workflow;

mod finding;
mod write;

pub use kube_vocab::{Finding, Severity};
pub use write::{WriteError, to_json, to_yaml};
