//! The OpenTelemetry Collector's configuration.
//!
//! See <https://opentelemetry.io/docs/collector/configuration/>.

use std::collections::BTreeSet;

use kube_vocab::{Finding, Severity};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::finding::in_file;

/// Parts by their ids: `TYPE` or `TYPE/NAME`.
pub type Parts = Map<String, Value>;

/// The whole configuration. Each `with_` method adds a part; a part that no pipeline names does nothing.
///
/// ```
/// use stack_config::collector::{Collector, Signal, exporter, receiver};
///
/// let collector = Collector::default()
///     .with_receiver("otlp", receiver::otlp("0.0.0.0"))
///     .with_exporter("otlp/tempo", exporter::otlp_without_tls("tempo:4317"))
///     .with_pipeline(Signal::Traces, &["otlp"], &[], &["otlp/tempo"]);
/// let findings = stack_config::collector::check(&serde_json::to_value(&collector)?, "config.yaml");
/// assert_eq!(findings[0].code, "collector-without-memory-limit");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Collector {
    /// What runs beside the pipelines.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extensions: Parts,
    /// Where telemetry comes in.
    pub receivers: Parts,
    /// What is done to it on its way.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub processors: Parts,
    /// What is an exporter of one pipeline and a receiver of another.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub connectors: Parts,
    /// Where telemetry goes.
    pub exporters: Parts,
    /// What of all this runs.
    pub service: Service,
}

/// Which of the parts above run, and in which pipelines.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Service {
    /// The extensions that run, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<String>,
    /// The collector's own metrics and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telemetry: Option<Value>,
    /// The pipelines, each called `SIGNAL` or `SIGNAL/NAME`.
    pub pipelines: Map<String, Value>,
}

/// What a pipeline carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Spans.
    Traces,
    /// Data points.
    Metrics,
    /// Log records.
    Logs,
}

impl Signal {
    /// The word that a pipeline's id begins with.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Traces => "traces",
            Self::Metrics => "metrics",
            Self::Logs => "logs",
        }
    }
}

impl Collector {
    /// Adds a receiver by its id, `TYPE` or `TYPE/NAME`; one of the same id is replaced. It works where a pipeline names it.
    #[must_use]
    pub fn with_receiver(mut self, id: impl Into<String>, settings: Value) -> Self {
        self.receivers.insert(id.into(), settings);
        self
    }

    /// Adds a processor by its id; pipelines run theirs in the order in which they name them.
    #[must_use]
    pub fn with_processor(mut self, id: impl Into<String>, settings: Value) -> Self {
        self.processors.insert(id.into(), settings);
        self
    }

    /// Adds an exporter by its id; several of one type, to different places, differ by what stands behind `/`.
    #[must_use]
    pub fn with_exporter(mut self, id: impl Into<String>, settings: Value) -> Self {
        self.exporters.insert(id.into(), settings);
        self
    }

    /// Adds an extension and runs it.
    #[must_use]
    pub fn with_extension(mut self, id: impl Into<String>, settings: Value) -> Self {
        let id = id.into();
        self.service.extensions.push(id.clone());
        self.extensions.insert(id, settings);
        self
    }

    /// Adds the pipeline of a signal; processors run in order.
    #[must_use]
    pub fn with_pipeline(
        mut self,
        signal: Signal,
        receivers: &[&str],
        processors: &[&str],
        exporters: &[&str],
    ) -> Self {
        let mut pipeline = json!({"receivers": receivers});
        if !processors.is_empty() {
            pipeline["processors"] = json!(processors);
        }
        pipeline["exporters"] = json!(exporters);
        self.service
            .pipelines
            .insert(signal.as_str().to_owned(), pipeline);
        self
    }
}

/// Settings of receivers.
pub mod receiver {
    use serde_json::{Value, json};

    /// OTLP by gRPC on port 4317 and by HTTP on port 4318 of an address; `0.0.0.0` is all of the pod's.
    pub fn otlp(address: &str) -> Value {
        json!({"protocols": {
            "grpc": {"endpoint": format!("{address}:4317")},
            "http": {"endpoint": format!("{address}:4318")},
        }})
    }

    /// OTLP by both protocols, where the collector chooses to listen: since 0.104 on `localhost` alone.
    pub fn otlp_by_default() -> Value {
        json!({"protocols": {"http": {}, "grpc": {}}})
    }
}

/// Settings of exporters.
pub mod exporter {
    use serde_json::{Value, json};

    /// OTLP by gRPC to `HOST:PORT`, with TLS.
    pub fn otlp(endpoint: &str) -> Value {
        json!({"endpoint": endpoint})
    }

    /// OTLP by gRPC to `HOST:PORT`, in plain text: for a server without TLS.
    pub fn otlp_without_tls(endpoint: &str) -> Value {
        json!({"endpoint": endpoint, "tls": {"insecure": true}})
    }

    /// A page with metrics for Prometheus to scrape, at `ADDRESS:PORT`.
    pub fn prometheus(endpoint: &str) -> Value {
        json!({"endpoint": endpoint})
    }
}

/// Settings of processors.
pub mod processor {
    use serde_json::{Value, json};

    /// Refuses data when memory grows beyond `limit_mib`, and begins `spike_mib` below.
    pub fn memory_limiter(limit_mib: u32, spike_mib: u32) -> Value {
        json!({"check_interval": "1s", "limit_mib": limit_mib, "spike_limit_mib": spike_mib})
    }

    /// Gathers data into batches, with the processor's defaults.
    pub fn batch() -> Value {
        json!({})
    }
}

/// What is wrong with a configuration, called `file` in the findings.
pub fn check(config: &Value, file: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    references(config, file, &mut findings);
    listeners(config, file, &mut findings);
    encryption(config, file, &mut findings);
    memory(config, file, &mut findings);
    findings
}

fn pipelines(config: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let pipelines = config["service"]["pipelines"].as_object();
    pipelines.into_iter().flatten()
}

fn ids<'a>(pipeline: &'a Value, kind: &str) -> impl Iterator<Item = &'a str> {
    let list = pipeline.get(kind).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str)
}

fn kind_of(id: &str) -> &str {
    id.split_once('/').map_or(id, |(kind, _)| kind)
}

/// What pipelines name has to be there.
fn references(config: &Value, file: &str, findings: &mut Vec<Finding>) {
    for (name, pipeline) in pipelines(config) {
        for kind in ["receivers", "processors", "exporters"] {
            for id in ids(pipeline, kind) {
                let is_connector = kind != "processors" && config["connectors"].get(id).is_some();
                if config[kind].get(id).is_none() && !is_connector {
                    findings.push(in_file(
                        "collector-part-missing",
                        Severity::Error,
                        file,
                        &format!("service.pipelines.{name}.{kind}"),
                        format!("`{id}` is not among the {kind}: the collector does not start"),
                        "define it, or take it out of the pipeline",
                    ));
                }
            }
        }
    }
}

/// Receivers that listen where no other pod reaches them.
fn listeners(config: &Value, file: &str, findings: &mut Vec<Finding>) {
    let used: BTreeSet<&str> = pipelines(config)
        .flat_map(|(_, pipeline)| ids(pipeline, "receivers"))
        .collect();
    let receivers = config["receivers"].as_object();
    for (id, receiver) in receivers.into_iter().flatten() {
        if kind_of(id) != "otlp" || !used.contains(id.as_str()) {
            continue;
        }
        let protocols = receiver["protocols"].as_object();
        for (protocol, settings) in protocols.into_iter().flatten() {
            let endpoint = settings.get("endpoint").and_then(Value::as_str);
            let is_local =
                endpoint.is_none_or(|at| at.starts_with("localhost:") || at.starts_with("127."));
            if is_local {
                findings.push(in_file(
                    "collector-listens-locally",
                    Severity::Warning,
                    file,
                    &format!("receivers.{id}.protocols.{protocol}"),
                    "listens on localhost, the default since 0.104: no other pod reaches it",
                    "write `endpoint: 0.0.0.0:PORT`, or the pod's address",
                ));
            }
        }
    }
}

/// gRPC exporters speak TLS unless they are told not to; ports by which a server without certificates is known.
fn encryption(config: &Value, file: &str, findings: &mut Vec<Finding>) {
    let exporters = config["exporters"].as_object();
    for (id, exporter) in exporters.into_iter().flatten() {
        let endpoint = exporter["endpoint"].as_str().unwrap_or_default();
        let host = endpoint.rsplit_once(':').map_or(endpoint, |(host, _)| host);
        // A name inside the cluster: such a server has a certificate only where somebody made one.
        let is_inside = !host.contains('.') || host.ends_with(".svc") || host.contains(".svc.");
        if kind_of(id) == "otlp"
            && !endpoint.contains("://")
            && !host.is_empty()
            && is_inside
            && exporter.get("tls").is_none()
        {
            findings.push(in_file(
                "collector-expects-tls",
                Severity::Warning,
                file,
                &format!("exporters.{id}"),
                format!("speaks TLS to {endpoint} and trusts public authorities alone"),
                "write `tls: {insecure: true}` for a server without TLS, or the authority's `ca_file`",
            ));
        }
    }
}

/// A collector without a limit is killed at the pod's limit, with all that it holds.
fn memory(config: &Value, file: &str, findings: &mut Vec<Finding>) {
    for (name, pipeline) in pipelines(config) {
        let first = ids(pipeline, "processors").next();
        if first.is_none_or(|id| kind_of(id) != "memory_limiter") {
            findings.push(in_file(
                "collector-without-memory-limit",
                Severity::Note,
                file,
                &format!("service.pipelines.{name}.processors"),
                "`memory_limiter` is not the first processor: a burst ends the process instead of being refused",
                "add `memory_limiter` as the first processor",
            ));
        }
    }
}
