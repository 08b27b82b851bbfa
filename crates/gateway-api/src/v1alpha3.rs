//! Version `v1alpha3` of `gateway.networking.k8s.io`: the types of [`v1`](crate::v1) under a former
//! version, which servers of the standard channel know but do not serve.

pub use crate::v1::{backend_tls_policy_v1alpha3::BackendTlsPolicy, tls_route_v1alpha3::TlsRoute};
