//! Traces, metrics and access logs (`telemetry.istio.io`).

pub mod v1;
pub mod v1alpha1;
