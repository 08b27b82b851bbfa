//! How traffic is routed (`networking.istio.io`).

pub mod v1;
pub mod v1alpha3;
pub mod v1beta1;
