//! The group `gateway.networking.x-k8s.io`, where kinds are tried out before they join the main one.

pub mod v1alpha1;
