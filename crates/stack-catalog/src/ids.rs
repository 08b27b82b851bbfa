//! The ids of the components, and the roles that they fill: what other components name in `requires` and `after`.

pub use lab_builder::components::GATEWAY;

/// The id of Argo Rollouts.
pub const ARGO_ROLLOUTS: &str = "argo-rollouts";
/// The id of Calico.
pub const CALICO: &str = "calico";
/// The id of cert-manager.
pub const CERT_MANAGER: &str = "cert-manager";
/// The id of the StorageClasses of the EBS CSI driver.
pub const EBS_STORAGE_CLASSES: &str = "ebs-storage-classes";
/// The id of the External Secrets Operator.
pub const EXTERNAL_SECRETS: &str = "external-secrets";
/// The id of Falco.
pub const FALCO: &str = "falco";
/// The id of Flannel.
pub const FLANNEL: &str = "flannel";
/// The id of Jaeger.
pub const JAEGER: &str = "jaeger";
/// The id of KEDA.
pub const KEDA: &str = "keda";
/// The id of Prometheus with its operator, Alertmanager and Grafana.
pub const KUBE_PROMETHEUS_STACK: &str = "kube-prometheus-stack";
/// The id of Kyverno and its policies.
pub const KYVERNO: &str = "kyverno";
/// The id of Linkerd: its definitions and control plane, and its CNI plugin where it has one.
pub const LINKERD: &str = "linkerd";
/// The id of Linkerd's extension for several clusters.
pub const LINKERD_MULTICLUSTER: &str = "linkerd-multicluster";
/// The id of Linkerd's dashboard.
pub const LINKERD_VIZ: &str = "linkerd-viz";
/// The id of Litmus.
pub const LITMUS: &str = "litmus";
/// The id of what joins a cluster to Litmus' portal.
pub const LITMUS_AGENT: &str = "litmus-agent";
/// The id of Litmus' portal.
pub const LITMUS_PORTAL: &str = "litmus-portal";
/// The id of Loki.
pub const LOKI: &str = "loki";
/// The id of the aggregated API of resource metrics.
pub const METRICS_SERVER: &str = "metrics-server";
/// The id of a collector of OpenTelemetry that has no other name.
pub const OTEL_COLLECTOR: &str = "opentelemetry-collector";
/// The id of the operator of OpenTelemetry.
pub const OTEL_OPERATOR: &str = "opentelemetry-operator";
/// The id of Rook with its Ceph cluster.
pub const ROOK_CEPH: &str = "rook-ceph";
/// The id of SPIRE.
pub const SPIRE: &str = "spire";
/// The id of Tempo.
pub const TEMPO: &str = "tempo";
/// The id of Thanos.
pub const THANOS: &str = "thanos";
/// The id of the Trivy Operator.
pub const TRIVY_OPERATOR: &str = "trivy-operator";
/// The id of Velero.
pub const VELERO: &str = "velero";

/// The role of Linkerd with its CNI plugin, by which pods of the mesh need no rights of their own.
pub const LINKERD_CNI: &str = "linkerd-cni";
/// The role of whoever brings the kinds of the Prometheus Operator (`monitoring.coreos.com`), such as ServiceMonitor.
pub const MONITORING_CRDS: &str = "prometheus-operator-crds";
