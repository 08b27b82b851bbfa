//! Telemetry: traces, metrics and access logs.

use std::collections::BTreeMap;

use crd_core::{GoDuration, resource};
use serde::{Deserialize, Serialize};

use crate::number::Double;
use crate::root::with_spec;
use crate::status::IstioStatus;
use crate::{PolicyTargetReference, WorkloadSelector};

resource! {
    /// Says what traces, metrics and access logs proxies make, and where they send them.
    ///
    /// One without attachment goes for its namespace, in the root namespace for the mesh; a
    /// narrower one replaces the parts it gives.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/telemetry/>
    #[resource(
        group = "telemetry.istio.io",
        version = "v1",
        kind = "Telemetry",
        plural = "telemetries",
        scope = Namespaced,
        short_names = ["telemetry"],
        categories = ["istio-io", "telemetry-istio-io"],
        status_subresource = true,
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    )]
    pub struct Telemetry {
        /// What is made, and by whom.
        pub spec: Option<TelemetrySpec>,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

with_spec! { Telemetry: TelemetrySpec, }

/// What a [`Telemetry`] has made, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::one_attachment())))]
pub struct TelemetrySpec {
    /// The workloads. With neither selector nor target, the whole namespace, or in the root
    /// namespace the whole mesh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<WorkloadSelector>,

    /// The one resource that the object is attached to: the older form of `target_refs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_ref: Option<PolicyTargetReference>,

    /// The resources that the object is attached to, at most 16. Excludes `selector`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 16)))]
    pub target_refs: Vec<PolicyTargetReference>,

    /// Traces. Left out, as the wider object says. Istio looks at one entry per direction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracing: Vec<Tracing>,

    /// Metrics. Left out, as the wider object says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<Metrics>,

    /// Access logs. Left out, as the wider object says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access_logging: Vec<AccessLogging>,
}

/// What is traced, and where it is sent.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/telemetry/#Tracing>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Tracing {
    /// The direction that is meant. Left out, both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#match: Option<TracingSelector>,

    /// Where spans are sent: one provider. Left out, the mesh's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<ProviderRef>,

    /// The share of requests that is traced where the caller did not decide, 0 to 100 percent. Left
    /// out, the mesh's (1).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 0, "maximum" = 100, "nullable" = true)))]
    pub random_sampling_percentage: Option<Double>,

    /// Whether spans are kept back; the trace context is passed on in any case. Left out, false.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("nullable" = true)))]
    pub disable_span_reporting: Option<bool>,

    /// Further tags of a span, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_tags: BTreeMap<String, CustomTag>,

    /// Whether Istio's own tags are set. Left out, true.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("nullable" = true)))]
    pub enable_istio_tags: Option<bool>,

    /// Whether the request ID decides about sampling. Left out, true.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("nullable" = true)))]
    pub use_request_id_for_trace_sampling: Option<bool>,
}

/// The direction that a tracing entry is for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TracingSelector {
    /// Which. Left out, `CLIENT_AND_SERVER`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<WorkloadMode>,
}

crd_core::string_enum! {
    /// Which end of a request a proxy is at.
    pub enum WorkloadMode {
        /// Either.
        ClientAndServer = "CLIENT_AND_SERVER",
        /// The calling one.
        Client = "CLIENT",
        /// The called one.
        Server = "SERVER",
    }
}

/// A telemetry provider of the mesh configuration (`meshConfig.extensionProviders`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProviderRef {
    /// Its name, not empty.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub name: String,
}

crate::optional_union::optional_union! {
    /// Where the value of a span's tag comes from.
    pub enum CustomTag {
        /// From nowhere: `{}` on the wire, which has no effect.
        #[empty]
        Unset,
        /// It is given.
        Literal(Literal) = "literal",
        /// From the proxy's environment.
        Environment(Environment) = "environment",
        /// From a header of the request.
        Header(RequestHeader) = "header",
        /// From Envoy's substitution format.
        Formatter(Formatter) = "formatter",
    }
}

/// A value that is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Literal {
    /// The value, not empty.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub value: String,
}

/// A value from the proxy's environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    /// Name of the variable, not empty.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub name: String,

    /// The value where there is no such variable. Left out, there is no tag then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_value: Option<String>,
}

/// A value from a header of the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RequestHeader {
    /// Name of the header, not empty.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub name: String,

    /// The value where there is no such header. Left out, there is no tag then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_value: Option<String>,
}

/// A value in Envoy's substitution format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Formatter {
    /// The format, as in access logs (`%REQ(:METHOD)%`), not empty.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub value: String,
}

/// Which metrics are made, and where they are sent.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/telemetry/#Metrics>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    /// Where metrics are sent. Left out, as the wider object says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<ProviderRef>,

    /// Changes to the metrics, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<MetricsOverrides>,

    /// Time between reports over gRPC, at least 1 ms. Left out, 5 s.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond())))]
    pub reporting_interval: Option<GoDuration>,
}

/// A change to some metrics.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MetricsOverrides {
    /// Which metrics. Left out, all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#match: Option<MetricSelector>,

    /// Whether they are left out. Left out, false.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("nullable" = true)))]
    pub disabled: Option<bool>,

    /// Changes to their tags (labels), by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tag_overrides: BTreeMap<String, TagOverride>,
}

crd_core::object! {
    /// Which metrics are meant.
    #[derive(Default)]
    pub struct MetricSelector {
        /// The metric. Left out, all.
        #[embed]
        pub metric: Option<MetricMatch>,

        /// The direction. Left out, both.
        pub mode: Option<WorkloadMode>,
    }
}

crd_core::union! {
    /// A metric, by name.
    pub enum MetricMatch {
        /// One of Istio's own.
        Metric(IstioMetric) = "metric",
        /// Another one; not empty.
        #[schemars(length(min = 1))]
        CustomMetric(String) = "customMetric",
    }
}

crd_core::string_enum! {
    /// One of Istio's own metrics.
    #[open]
    #[schemars(extend("enum" = IstioMetric::ALL))]
    pub enum IstioMetric {
        /// All of them.
        AllMetrics = "ALL_METRICS",
        /// Number of requests.
        RequestCount = "REQUEST_COUNT",
        /// How long requests took.
        RequestDuration = "REQUEST_DURATION",
        /// Size of request bodies.
        RequestSize = "REQUEST_SIZE",
        /// Size of response bodies.
        ResponseSize = "RESPONSE_SIZE",
        /// Number of TCP connections opened.
        TcpOpenedConnections = "TCP_OPENED_CONNECTIONS",
        /// Number of TCP connections closed.
        TcpClosedConnections = "TCP_CLOSED_CONNECTIONS",
        /// Bytes sent in TCP connections.
        TcpSentBytes = "TCP_SENT_BYTES",
        /// Bytes received in TCP connections.
        TcpReceivedBytes = "TCP_RECEIVED_BYTES",
        /// Number of gRPC messages in requests.
        GrpcRequestMessages = "GRPC_REQUEST_MESSAGES",
        /// Number of gRPC messages in responses.
        GrpcResponseMessages = "GRPC_RESPONSE_MESSAGES",
    }
}

/// A change to a tag of a metric.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "schema",
    schemars(
        extend("x-kubernetes-validations" = crd_core::schema::rules(&[
            (
                "!has(self.operation) || self.operation != 'UPSERT' || (has(self.value) && self.value != '')",
                "UPSERT needs a value",
            ),
            (
                "!has(self.operation) || self.operation != 'REMOVE' || !has(self.value)",
                "REMOVE takes no value",
            ),
        ]))
    )
)]
pub struct TagOverride {
    /// What is done. Left out, `UPSERT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<TagOperation>,

    /// A CEL expression over attributes of the request, for `UPSERT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

crd_core::string_enum! {
    /// What is done to a tag.
    pub enum TagOperation {
        /// It is set, whether there was one or not.
        Upsert = "UPSERT",
        /// It is taken away.
        Remove = "REMOVE",
    }
}

/// Which requests are logged, and where.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/telemetry/#AccessLogging>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccessLogging {
    /// The direction that is meant. Left out, both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#match: Option<LogSelector>,

    /// Where logs are sent. Left out, as the wider object says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<ProviderRef>,

    /// Whether nothing is logged. Left out, false.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("nullable" = true)))]
    pub disabled: Option<bool>,

    /// Which requests are logged. Left out, all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<Filter>,
}

/// The direction that a logging entry is for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LogSelector {
    /// Which. Left out, `CLIENT_AND_SERVER`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<WorkloadMode>,
}

/// Which requests are logged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Filter {
    /// A CEL expression that is true for them: `response.code >= 400`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
}
