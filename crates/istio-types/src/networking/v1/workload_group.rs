//! WorkloadGroup: what workloads that are not pods have in common.

use std::collections::BTreeMap;

use super::workload_entry::WorkloadEntrySpec;
use crate::status::IstioStatus;
use crd_core::{Object, ObjectMeta, Resource, Union};

/// What a set of workloads that are not pods have in common; their WorkloadEntries are made
/// from it when they join the mesh.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/workload-group/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "networking.istio.io",
    version = "v1",
    kind = "WorkloadGroup",
    plural = "workloadgroups",
    scope = Namespaced,
    short_names = ["wg"],
    categories = ["istio-io", "networking-istio-io"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    older(version = "v1alpha3"),
    older(version = "v1beta1"),
)]
pub struct WorkloadGroup {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What the group's workloads have in common, and how they are checked.
    pub spec: WorkloadGroupSpec,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

/// What the workloads of a [`WorkloadGroup`] have in common.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct WorkloadGroupSpec {
    /// Labels and annotations of the WorkloadEntries that are made.
    pub metadata: Option<WorkloadGroupMeta>,

    /// Their spec, without the address.
    pub template: WorkloadEntrySpec,

    /// How the health of a workload is checked. Left out, it counts as healthy.
    pub probe: Option<ReadinessProbe>,
}

/// Labels and annotations that a WorkloadGroup hands on. Upstream calls it ObjectMeta.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct WorkloadGroupMeta {
    /// Labels, at most 256.
    #[schemars(extend("maxProperties" = 256))]
    pub labels: BTreeMap<String, String>,

    /// Annotations, at most 256.
    #[schemars(extend("maxProperties" = 256))]
    pub annotations: BTreeMap<String, String>,
}

/// How the health of a workload is checked, as in Kubernetes.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ReadinessProbe {
    /// Seconds before the first check, not negative. Left out, 0.
    #[schemars(range(min = 0))]
    pub initial_delay_seconds: Option<i32>,

    /// Seconds that a check may take, not negative. Left out, 1.
    #[schemars(range(min = 0))]
    pub timeout_seconds: Option<i32>,

    /// Seconds between checks, not negative. Left out, 10.
    #[schemars(range(min = 0))]
    pub period_seconds: Option<i32>,

    /// Successes in a row after which a workload is healthy again, not negative. Left out, 1.
    #[schemars(range(min = 0))]
    pub success_threshold: Option<i32>,

    /// Failures in a row after which a workload is unhealthy, not negative. Left out, 3.
    #[schemars(range(min = 0))]
    pub failure_threshold: Option<i32>,

    /// Which probe tells that a workload is healthy; upstream demands one.
    #[field(embed)]
    pub check: Option<HealthCheck>,
}

/// What is checked to learn about a workload's health.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum HealthCheck {
    /// A GET request is answered with 200 to 399.
    HttpGet(HttpHealthCheckConfig),
    /// A connection can be made.
    TcpSocket(TcpHealthCheckConfig),
    /// A command ends with 0.
    Exec(ExecHealthCheckConfig),
    /// The gRPC health service says so.
    Grpc(GrpcHealthCheckConfig),
}

/// A check by HTTP.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpHealthCheckConfig {
    /// Path of the request. Left out, `/`.
    pub path: Option<String>,

    /// Port, 1 to 65535.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::port_number(), "maximum" = u32::MAX))]
    pub port: u32,

    /// Host to connect to. Left out, the workload's address.
    pub host: Option<String>,

    /// `HTTP` or `HTTPS`, or empty. Left out, `HTTP`.
    #[schemars(
            extend("x-kubernetes-validations" = crd_core::schema::rules(&[
                (
                    "self in ['', 'HTTP', 'HTTPS']",
                    "the scheme is HTTP or HTTPS",
                ),
            ]))
        )]
    pub scheme: Option<String>,

    /// Headers of the request.
    pub http_headers: Vec<HttpHeader>,
}

/// A header of a health check.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HttpHeader {
    /// Its name: letters, digits, `-` and `_`.
    #[schemars(regex(pattern = "^[-_A-Za-z0-9]+$"))]
    pub name: Option<String>,

    /// What the probe sends in the header.
    pub value: Option<String>,
}

/// A check by connecting.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TcpHealthCheckConfig {
    /// Host to connect to. Left out, `localhost`.
    pub host: Option<String>,

    /// Port, 1 to 65535.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::port_number(), "maximum" = u32::MAX))]
    pub port: u32,
}

/// A check by command.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ExecHealthCheckConfig {
    /// The command and its arguments, none empty; no shell.
    #[field(required)]
    #[schemars(inner(length(min = 1)))]
    pub command: Vec<String>,
}

/// A check by the gRPC health protocol.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct GrpcHealthCheckConfig {
    /// Port, 1 to 65535.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::port_number(), "maximum" = u32::MAX))]
    pub port: Option<u32>,

    /// Service that is asked about. Left out, the server as a whole.
    pub service: Option<String>,
}
