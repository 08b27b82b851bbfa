//! The OpenTelemetry Collector: the gateway through which programs send traces, metrics and logs.

mod config;
mod sampling;

use std::collections::BTreeMap;

pub use sampling::{SamplingCondition, SamplingPolicy, SpanKind};

use super::field_error;
use super::program::{self, Footprint};
use crate::scope::Scope;
use stack_builder::render::yaml;
use stack_builder::{ComponentError, Contribution, Port, Probe};

/// The OpenTelemetry Collector: one Deployment without a chart.
///
/// Its name and ports stand in [`TelemetryWiring`](crate::TelemetryWiring), together with the waiting times that Tempo
/// must know.
#[derive(Clone, Debug, PartialEq)]
pub struct OtelCollector {
    /// The image. Documented: `docker.io/otel/opentelemetry-collector-contrib:0.146.1`. The heading of section 7-1 says
    /// v0.118.0; the image list and the table of components agree on this one.
    pub image: String,
    /// How many pods. Documented: 1. Tail sampling needs all spans of a trace in one pod.
    pub replicas: i32,
    /// Documented: a limit of 512 MiB; the requests are *(ours)*.
    pub footprint: Footprint,
    /// Memory from which on the collector refuses data, in MiB. Documented: 384, three quarters of the limit. It must be
    /// below the footprint's limit.
    pub memory_limiter_mib: u32,
    /// How far below that it begins to refuse, in MiB *(ours: 96)*.
    pub memory_spike_mib: u32,
    /// How many spans, data points or log records make a batch full. Documented: 2048.
    pub batch_size: u32,
    /// Resource attributes that are dropped because each process has its own value. Documented: `process.pid` and
    /// `service_instance_id`, as examples. Programs send the latter as `service.instance.id`, so both spellings are
    /// here; the other two are *(ours)*.
    pub dropped_attributes: Vec<String>,
    /// Resource attributes that each data point of a metric carries under another name. Documented: `service.name` as
    /// `service_name`.
    pub renamed_attributes: BTreeMap<String, String>,
    /// Spans of a server with an HTTP status from here on count as errors *(ours: 500)*. Kong reports the status but
    /// marks no span, and the documented exercise 7-2 expects all answers 500 and 503 to be kept.
    pub error_status: u16,
    /// Which traces are kept. A trace is kept if one policy keeps it. Documented: three.
    pub policies: Vec<SamplingPolicy>,
    /// How many undecided traces are in memory at most *(ours: 50,000, the processor's default)*.
    pub traces_in_memory: u32,
    /// The port of the probes *(ours: 13133, the extension's)*.
    pub health_port: u16,
    /// The port of the collector's own metrics *(ours: 8888, the collector's)*; Alloy finds it by annotations.
    pub metrics_port: u16,
}

impl Default for OtelCollector {
    fn default() -> Self {
        OtelCollector {
            image: "docker.io/otel/opentelemetry-collector-contrib:0.146.1".into(),
            replicas: 1,
            footprint: Footprint {
                request_cpu: "100m".into(),
                request_memory_mib: 256,
                limit_memory_mib: 512,
            },
            memory_limiter_mib: 384,
            memory_spike_mib: 96,
            batch_size: 2048,
            dropped_attributes: [
                "process.pid",
                "process_pid",
                "service.instance.id",
                "service_instance_id",
                "process.command_args",
                "process.command_line",
            ]
            .map(str::to_owned)
            .into(),
            renamed_attributes: [("service.name".to_owned(), "service_name".to_owned())].into(),
            error_status: 500,
            policies: sampling::documented(),
            traces_in_memory: 50_000,
            health_port: 13133,
            metrics_port: 8888,
        }
    }
}

impl OtelCollector {
    fn check(&self) -> Result<(), ComponentError> {
        let limit = self.footprint.limit_memory_mib;
        if self.memory_limiter_mib >= limit {
            return Err(field_error(
                "collector.memory_limiter_mib",
                self.memory_limiter_mib,
                format!(
                    "less than the container's limit, collector.footprint.limit_memory_mib, which is {limit}"
                ),
            ));
        }
        if self.memory_spike_mib >= self.memory_limiter_mib {
            return Err(field_error(
                "collector.memory_spike_mib",
                self.memory_spike_mib,
                format!(
                    "less than collector.memory_limiter_mib, which is {}",
                    self.memory_limiter_mib
                ),
            ));
        }
        if self.replicas > 1 {
            return Err(field_error(
                "collector.replicas",
                self.replicas,
                "0 or 1: tail sampling needs all spans of a trace in one pod",
            ));
        }
        sampling::check(&self.policies)
    }

    pub(super) fn contribute(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        self.check()?;
        let telemetry = &context.wiring.telemetry;
        let image = out.commented_image(
            "collector.image",
            &self.image,
            "the heading of section 7-1 says v0.118.0; the table of components and the documented list say 0.146.1",
        )?;
        let annotations = [
            ("prometheus.io/scrape", "true".to_owned()),
            ("prometheus.io/port", self.metrics_port.to_string()),
            ("prometheus.io/path", "/metrics".to_owned()),
        ];
        let port = |name: &str, number| Port::new(name, number).spelled_out();
        let program = self
            .footprint
            .program(&telemetry.namespace, &telemetry.collector, &image, 10001)
            .replicas(self.replicas)
            .args(["--config=/etc/otelcol/config.yaml"])
            // Go frees memory before the limiter must refuse data.
            .env("GOMEMLIMIT", format!("{}MiB", self.memory_limiter_mib))
            .config(
                "/etc/otelcol",
                "config.yaml",
                yaml::document(&self.configuration(context.wiring)),
            )
            .port(port("otlp-grpc", telemetry.otlp_grpc_port))
            .port(port("otlp-http", telemetry.otlp_http_port))
            .port(port("metrics", self.metrics_port))
            .ready(Probe::http("/", self.health_port))
            .live(Probe::http("/", self.health_port));
        let program = annotations
            .into_iter()
            .fold(program, |program, (key, value)| {
                program.annotated(key, value)
            });
        program::contribute(&program, "otel-collector", out)
    }
}
