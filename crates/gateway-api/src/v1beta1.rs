//! Version `v1beta1` of `gateway.networking.k8s.io`: the types of [`v1`](crate::v1) under their former version.

pub use crate::v1::{
    gateway_class_v1beta1::GatewayClass, gateway_v1beta1::Gateway, http_route_v1beta1::HttpRoute,
    reference_grant_v1beta1::ReferenceGrant,
};
