//! Telemetry: traces, metrics and access logs.

use std::collections::BTreeMap;

use crate::number::Double;
use crate::status::IstioStatus;
use crate::{PolicyTargetReference, WorkloadSelector};
use crd_core::{GoDuration, Object, ObjectMeta, Resource, StringEnum, Union};

/// Says what traces, metrics and access logs proxies make, and where they send them.
///
/// One without attachment goes for its namespace, in the root namespace for the mesh; a
/// narrower one replaces the parts it gives.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/telemetry/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "telemetry.istio.io",
    version = "v1",
    kind = "Telemetry",
    plural = "telemetries",
    scope = Namespaced,
    short_names = ["telemetry"],
    categories = ["istio-io", "telemetry-istio-io"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    older(version = "v1alpha1"),
    stored = "v1alpha1",
)]
pub struct Telemetry {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What is made, and by whom.
    pub spec: Option<TelemetrySpec>,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

/// What a [`Telemetry`] has made, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::one_attachment()))]
pub struct TelemetrySpec {
    /// The workloads. With neither selector nor target, the whole namespace, or in the root
    /// namespace the whole mesh.
    pub selector: Option<WorkloadSelector>,

    /// The one resource that the object is attached to: the older form of `target_refs`.
    pub target_ref: Option<PolicyTargetReference>,

    /// The resources that the object is attached to, at most 16. Excludes `selector`.
    #[schemars(length(max = 16))]
    pub target_refs: Vec<PolicyTargetReference>,

    /// Traces. Left out, as the wider object says. Istio looks at one entry per direction.
    pub tracing: Vec<Tracing>,

    /// Metrics. Left out, as the wider object says.
    pub metrics: Vec<Metrics>,

    /// Access logs. Left out, as the wider object says.
    pub access_logging: Vec<AccessLogging>,
}

/// What is traced, and where it is sent.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/telemetry/#Tracing>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Tracing {
    /// The direction that is meant. Left out, both.
    pub r#match: Option<TracingSelector>,

    /// Where spans are sent: one provider. Left out, the mesh's.
    pub providers: Vec<ProviderRef>,

    /// The share of requests that is traced where the caller did not decide, 0 to 100 percent. Left
    /// out, the mesh's (1).
    #[schemars(extend("minimum" = 0, "maximum" = 100, "nullable" = true))]
    pub random_sampling_percentage: Option<Double>,

    /// Whether spans are kept back; the trace context is passed on in any case. Left out, false.
    #[schemars(extend("nullable" = true))]
    pub disable_span_reporting: Option<bool>,

    /// Further tags of a span, by name.
    pub custom_tags: BTreeMap<String, CustomTag>,

    /// Whether Istio's own tags are set. Left out, true.
    #[schemars(extend("nullable" = true))]
    pub enable_istio_tags: Option<bool>,

    /// Whether the request ID decides about sampling. Left out, true.
    #[schemars(extend("nullable" = true))]
    pub use_request_id_for_trace_sampling: Option<bool>,
}

/// The direction that a tracing entry is for.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TracingSelector {
    /// Which. Left out, `CLIENT_AND_SERVER`.
    pub mode: Option<WorkloadMode>,
}

/// Which end of a request a proxy is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WorkloadMode {
    /// The proxy on either side.
    ClientAndServer,
    /// The proxy on the calling side: what goes out.
    Client,
    /// The proxy on the called side: what comes in.
    Server,
}

/// A telemetry provider of the mesh configuration (`meshConfig.extensionProviders`).
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ProviderRef {
    /// The provider's name in the mesh's configuration; not empty.
    #[schemars(length(min = 1))]
    pub name: String,
}

/// Where the value of a span's tag comes from.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum CustomTag {
    /// From nowhere: `{}` on the wire, which has no effect.
    Unset,
    /// The value stands here.
    Literal(Literal),
    /// From the proxy's environment.
    Environment(Environment),
    /// From a header of the request.
    Header(RequestHeader),
    /// From Envoy's substitution format.
    Formatter(Formatter),
}

/// A value that is given.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Literal {
    /// The value, not empty.
    #[schemars(length(min = 1))]
    pub value: String,
}

/// A value from the proxy's environment.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Environment {
    /// Name of the variable, not empty.
    #[schemars(length(min = 1))]
    pub name: String,

    /// The value where there is no such variable. Left out, there is no tag then.
    pub default_value: Option<String>,
}

/// A value from a header of the request.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RequestHeader {
    /// Name of the header, not empty.
    #[schemars(length(min = 1))]
    pub name: String,

    /// The value where there is no such header. Left out, there is no tag then.
    pub default_value: Option<String>,
}

/// A value in Envoy's substitution format.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Formatter {
    /// The format, as in access logs (`%REQ(:METHOD)%`), not empty.
    #[schemars(length(min = 1))]
    pub value: String,
}

/// Which metrics are made, and where they are sent.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/telemetry/#Metrics>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Metrics {
    /// Where metrics are sent. Left out, as the wider object says.
    pub providers: Vec<ProviderRef>,

    /// Changes to the metrics, in order.
    pub overrides: Vec<MetricsOverrides>,

    /// Time between reports over gRPC, at least 1 ms. Left out, 5 s.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub reporting_interval: Option<GoDuration>,
}

/// A change to some metrics.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MetricsOverrides {
    /// Which metrics. Left out, all.
    pub r#match: Option<MetricSelector>,

    /// Whether they are left out. Left out, false.
    #[schemars(extend("nullable" = true))]
    pub disabled: Option<bool>,

    /// Changes to their tags (labels), by name.
    pub tag_overrides: BTreeMap<String, TagOverride>,
}

/// Which metrics are meant.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MetricSelector {
    /// The metric. Left out, all.
    #[field(embed)]
    pub metric: Option<MetricMatch>,

    /// The direction. Left out, both.
    pub mode: Option<WorkloadMode>,
}

/// A metric, by name.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum MetricMatch {
    /// One of Istio's own.
    Metric(IstioMetric),
    /// Another one; not empty.
    #[schemars(length(min = 1))]
    CustomMetric(String),
}

/// One of Istio's own metrics.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = IstioMetric::ALL))]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IstioMetric {
    /// Every metric of Istio's own.
    AllMetrics,
    /// Number of requests.
    RequestCount,
    /// How long requests took.
    RequestDuration,
    /// Size of request bodies.
    RequestSize,
    /// Size of response bodies.
    ResponseSize,
    /// Number of TCP connections opened.
    TcpOpenedConnections,
    /// Number of TCP connections closed.
    TcpClosedConnections,
    /// Bytes sent in TCP connections.
    TcpSentBytes,
    /// Bytes received in TCP connections.
    TcpReceivedBytes,
    /// Number of gRPC messages in requests.
    GrpcRequestMessages,
    /// Number of gRPC messages in responses.
    GrpcResponseMessages,
    /// A text that this version of the types does not know.
    Other(String),
}

/// A change to a tag of a metric.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(
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
    )]
pub struct TagOverride {
    /// What is done. Left out, `UPSERT`.
    pub operation: Option<TagOperation>,

    /// A CEL expression over attributes of the request, for `UPSERT`.
    pub value: Option<String>,
}

/// What is done to a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "UPPERCASE")]
pub enum TagOperation {
    /// It is set, whether there was one or not.
    Upsert,
    /// The tag is taken away from the metrics.
    Remove,
}

/// Which requests are logged, and where.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/telemetry/#AccessLogging>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AccessLogging {
    /// The direction that is meant. Left out, both.
    pub r#match: Option<LogSelector>,

    /// Where logs are sent. Left out, as the wider object says.
    pub providers: Vec<ProviderRef>,

    /// Whether nothing is logged. Left out, false.
    #[schemars(extend("nullable" = true))]
    pub disabled: Option<bool>,

    /// Which requests are logged. Left out, all.
    pub filter: Option<Filter>,
}

/// The direction that a logging entry is for.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct LogSelector {
    /// Which. Left out, `CLIENT_AND_SERVER`.
    pub mode: Option<WorkloadMode>,
}

/// Which requests are logged.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Filter {
    /// A CEL expression that is true for them: `response.code >= 400`.
    pub expression: Option<String>,
}
