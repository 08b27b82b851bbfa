#![doc = include_str!("../README.md")]

mod chart_release;
pub mod components;
mod home;
pub mod ids;
mod licences;
mod monitoring;
mod object_store;
mod platform;
pub mod provide;
mod sizes;
mod surroundings;

// One dependency is enough to write a stack, or a component of one's own.
pub use {
    argo_rollouts_types, cert_manager_types, external_secrets_types, k8s_openapi, keda_types,
    kyverno_types, lab_builder, linkerd_types, litmus_types, opentelemetry_operator_types,
    prometheus_operator_types, spire_types, stack_builder, velero_types,
};

pub use chart_release::{ChartRelease, ImageForm, Upstream};
pub use home::{ENFORCE, Home, PodSecurity};
pub use monitoring::Monitoring;
pub use object_store::{AzureCredentials, Credentials, GcsCredentials, ObjectStore, S3};
pub use platform::{add_definitions, check, platform};
pub use sizes::{Resources, Size, Volume};
pub use surroundings::Surroundings;
