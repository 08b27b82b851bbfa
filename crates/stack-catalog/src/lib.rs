#![doc = include_str!("../README.md")]

mod chart_release;
pub mod components;
mod home;
pub mod ids;
mod monitoring;
mod platform;
mod provide;
mod sizes;
mod surroundings;

// One dependency is enough to write a stack, or a component of one's own.
pub use {
    argo_rollouts_types, cert_manager_types, external_secrets_types, k8s_openapi, keda_types,
    lab_builder, prometheus_operator_types, stack_builder,
};

pub use chart_release::{ChartRelease, ImageForm, Upstream};
pub use home::{ENFORCE, Home, PodSecurity};
pub use monitoring::Monitoring;
pub use platform::{add_definitions, check, platform};
pub use sizes::{Resources, Size, Volume};
pub use surroundings::Surroundings;
