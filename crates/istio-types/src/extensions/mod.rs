//! Extensions of the proxies (`extensions.istio.io`).

pub mod v1alpha1;
