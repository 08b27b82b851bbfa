//! Version `v1` of `gateway.networking.k8s.io`, and all types that other versions share with it.

mod backend_tls_policy;
mod conditions;
mod gateway;
mod gateway_class;
mod grpc_route;
mod http_filter;
mod http_match;
mod http_route;
mod listener;
mod listener_set;
mod policy;
mod reference_grant;
mod references;
mod route;
mod tls_route;

pub use backend_tls_policy::*;
pub use conditions::*;
pub use gateway::*;
pub use gateway_class::*;
pub use grpc_route::*;
pub use http_filter::*;
pub use http_match::*;
pub use http_route::*;
pub use listener::*;
pub use listener_set::*;
pub use policy::*;
pub use reference_grant::*;
pub use references::*;
pub use route::*;
pub use tls_route::*;
