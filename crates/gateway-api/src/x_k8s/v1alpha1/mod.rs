//! Version `v1alpha1` of `gateway.networking.x-k8s.io`.

mod backend_traffic_policy;
mod mesh;

pub use backend_traffic_policy::*;
pub use mesh::*;
