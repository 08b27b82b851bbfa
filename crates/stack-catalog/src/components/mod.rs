//! The components, one file or folder each.

pub mod argo_rollouts;
pub mod cert_manager;
pub mod external_secrets;
pub mod falco;
pub mod keda;
pub mod kube_prometheus_stack;
pub mod metrics_server;
pub mod trivy_operator;

pub use argo_rollouts::ArgoRollouts;
pub use cert_manager::CertManager;
pub use external_secrets::ExternalSecrets;
pub use falco::Falco;
pub use keda::Keda;
pub use kube_prometheus_stack::KubePrometheusStack;
pub use metrics_server::MetricsServer;
pub use trivy_operator::TrivyOperator;
