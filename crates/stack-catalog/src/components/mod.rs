//! The components, one file or folder each.

pub mod cert_manager;
pub mod kube_prometheus_stack;
pub mod metrics_server;

pub use cert_manager::CertManager;
pub use kube_prometheus_stack::KubePrometheusStack;
pub use metrics_server::MetricsServer;
