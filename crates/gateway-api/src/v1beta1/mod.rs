//! Version `v1beta1` of `gateway.networking.k8s.io`: the types of [`v1`](crate::v1), under their former version.

mod roots;

pub use roots::*;
