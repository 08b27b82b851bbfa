//! The ids of the components, and the roles that they fill: what other components name in `requires` and `after`.

pub use lab_builder::components::GATEWAY;

/// The id of cert-manager.
pub const CERT_MANAGER: &str = "cert-manager";
/// The id of Prometheus with its operator, Alertmanager and Grafana.
pub const KUBE_PROMETHEUS_STACK: &str = "kube-prometheus-stack";
/// The id of the aggregated API of resource metrics.
pub const METRICS_SERVER: &str = "metrics-server";

/// The role of whoever brings the kinds of the Prometheus Operator (`monitoring.coreos.com`), such as ServiceMonitor.
pub const MONITORING_CRDS: &str = "prometheus-operator-crds";
