//! The cluster's own objects: nodes, namespaces, events, leases, certificates, APIs, configuration.

mod api;
mod certificate;
mod configuration;
mod event;
mod node;
mod review;
mod storage;
mod trust;

pub(super) use api::api_service;
pub(super) use certificate::request;
pub(super) use configuration::{config_map, secret};
pub(super) use event::{event, new_event};
pub(super) use node::{candidate, lease, namespace, node};
pub(super) use review::{access, binding, local_access, own_access, token};
pub(super) use storage::migration;
pub(super) use trust::{pod_request, trust_bundle};
