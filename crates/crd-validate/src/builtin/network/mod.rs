//! Services, what stands behind them, and who may talk to whom.

mod endpoints;
mod ingress;
mod policy;
mod service;

pub(super) use endpoints::{address, endpoint_slice, endpoints, service_range};
pub(super) use ingress::{class, ingress};
pub(super) use policy::policy;
pub(super) use service::service;
