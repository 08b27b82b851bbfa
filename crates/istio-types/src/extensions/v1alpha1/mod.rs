//! The only version of WasmPlugin.

mod wasm_plugin;

pub use self::wasm_plugin::*;
pub use crate::{PolicyTargetReference, WorkloadSelector};
