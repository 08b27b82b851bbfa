//! WorkloadGroup: what workloads that are not pods have in common.

use std::collections::BTreeMap;

use crd_core::resource;
use serde::{Deserialize, Serialize};

use super::workload_entry::WorkloadEntrySpec;
use crate::status::IstioStatus;

resource! {
    /// What a set of workloads that are not pods have in common; their WorkloadEntries are made
    /// from it when they join the mesh.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/workload-group/>
    #[resource(
        group = "networking.istio.io",
        version = "v1",
        kind = "WorkloadGroup",
        plural = "workloadgroups",
        scope = Namespaced,
        short_names = ["wg"],
        categories = ["istio-io", "networking-istio-io"],
        status_subresource = true,
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    )]
    pub struct WorkloadGroup {
        /// What they have in common.
        pub spec: WorkloadGroupSpec,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

/// What the workloads of a [`WorkloadGroup`] have in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WorkloadGroupSpec {
    /// Labels and annotations of the WorkloadEntries that are made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<WorkloadGroupMeta>,

    /// Their spec, without the address.
    pub template: WorkloadEntrySpec,

    /// How the health of a workload is checked. Left out, it counts as healthy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe: Option<ReadinessProbe>,
}

/// Labels and annotations that a WorkloadGroup hands on. Upstream calls it ObjectMeta.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WorkloadGroupMeta {
    /// Labels, at most 256.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("maxProperties" = 256)))]
    pub labels: BTreeMap<String, String>,

    /// Annotations, at most 256.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("maxProperties" = 256)))]
    pub annotations: BTreeMap<String, String>,
}

crd_core::object! {
    /// How the health of a workload is checked, as in Kubernetes.
    #[derive(Default)]
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

        /// What is checked.
        #[embed]
        pub check: Option<HealthCheck>,
    }
}

crd_core::union! {
    /// What is checked to learn about a workload's health.
    pub enum HealthCheck {
        /// A GET request is answered with 200 to 399.
        HttpGet(HttpHealthCheckConfig) = "httpGet",
        /// A connection can be made.
        TcpSocket(TcpHealthCheckConfig) = "tcpSocket",
        /// A command ends with 0.
        Exec(ExecHealthCheckConfig) = "exec",
        /// The gRPC health service says so.
        Grpc(GrpcHealthCheckConfig) = "grpc",
    }
}

/// A check by HTTP.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HttpHealthCheckConfig {
    /// Path of the request. Left out, `/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,

    /// Port, 1 to 65535.
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::port_number(), "maximum" = u32::MAX)))]
    pub port: u32,

    /// Host to connect to. Left out, the workload's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,

    /// `HTTP` or `HTTPS`, or empty. Left out, `HTTP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(
            extend("x-kubernetes-validations" = crd_core::schema::rules(&[
                (
                    "self in ['', 'HTTP', 'HTTPS']",
                    "the scheme is HTTP or HTTPS",
                ),
            ]))
        )
    )]
    pub scheme: Option<String>,

    /// Headers of the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub http_headers: Vec<HttpHeader>,
}

/// A header of a health check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HttpHeader {
    /// Its name: letters, digits, `-` and `_`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[-_A-Za-z0-9]+$")))]
    pub name: Option<String>,

    /// Its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A check by connecting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TcpHealthCheckConfig {
    /// Host to connect to. Left out, `localhost`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,

    /// Port, 1 to 65535.
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::port_number(), "maximum" = u32::MAX)))]
    pub port: u32,
}

/// A check by command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExecHealthCheckConfig {
    /// The command and its arguments, none empty; no shell.
    #[cfg_attr(feature = "schema", schemars(inner(length(min = 1))))]
    pub command: Vec<String>,
}

/// A check by the gRPC health protocol.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GrpcHealthCheckConfig {
    /// Port, 1 to 65535.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::port_number(), "maximum" = u32::MAX)))]
    pub port: Option<u32>,

    /// Service that is asked about. Left out, the server as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
}
