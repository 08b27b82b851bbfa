//! Version `v1` of `gateway.networking.k8s.io`.

mod gateway;
mod gateway_class;
mod http_filter;
mod http_match;
mod http_route;
mod listener;
mod references;
mod route;

pub use gateway::*;
pub use gateway_class::*;
pub use http_filter::*;
pub use http_match::*;
pub use http_route::*;
pub use listener::*;
pub use references::*;
pub use route::*;
