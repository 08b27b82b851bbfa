//! The collector's configuration, from data.
//!
//! See <https://opentelemetry.io/docs/collector/configuration/>.

use serde_json::{Value, json};

use super::OtelCollector;
use super::sampling::{ottl_string, tail_sampling};
use crate::wiring::Wiring;

/// The prefix of the metrics that are counted from spans before they are sampled: `traces_span_metrics_calls_total`
/// and `traces_span_metrics_duration_seconds` in Mimir.
const RATES: &str = "traces.span.metrics";

impl OtelCollector {
    /// The whole configuration.
    ///
    /// The three documented pipelines are `traces`, `metrics` and `logs`, with the documented processors in the
    /// documented order; tail sampling exists for traces only. `traces/rates` and `metrics/rates` are *(ours)*: they
    /// count all requests, since error rates of sampled traces would be ten times too high.
    pub(super) fn configuration(&self, wiring: &Wiring) -> Value {
        let mut configuration = self.unescaped(wiring);
        escape(&mut configuration);
        configuration
    }

    fn unescaped(&self, wiring: &Wiring) -> Value {
        let (telemetry, cluster) = (&wiring.telemetry, &wiring.cluster);
        let listen = |port: u16| format!("0.0.0.0:{port}");
        let cleaned = ["memory_limiter", "resource", "transform"];
        let batched = ["memory_limiter", "resource", "transform", "batch"];
        let sampled = [
            "memory_limiter",
            "resource",
            "transform",
            "batch",
            "tail_sampling",
        ];
        json!({
            "extensions": {
                "health_check": {"endpoint": listen(self.health_port)},
            },
            "receivers": {
                "otlp": {
                    "protocols": {
                        "grpc": {"endpoint": listen(telemetry.otlp_grpc_port)},
                        "http": {"endpoint": listen(telemetry.otlp_http_port)},
                    },
                },
            },
            "processors": {
                "memory_limiter": {
                    "check_interval": "1s",
                    "limit_mib": self.memory_limiter_mib,
                    "spike_limit_mib": self.memory_spike_mib,
                },
                "resource": {"attributes": self.dropped()},
                "transform": self.transform(),
                "batch": {
                    "send_batch_size": self.batch_size,
                    "timeout": format!("{}s", telemetry.batch_timeout_seconds),
                },
                "tail_sampling": tail_sampling(telemetry.sampling_wait_seconds, self.traces_in_memory, &self.policies),
            },
            "connectors": {
                "spanmetrics": {
                    "namespace": RATES,
                    "histogram": {"unit": "s"},
                    // One series per service and kind of span, not per name of a span.
                    "exclude_dimensions": ["span.name"],
                    "metrics_flush_interval": "15s",
                },
            },
            "exporters": {
                "otlphttp/mimir": {"endpoint": telemetry.mimir_otlp_url(cluster)},
                "otlp/tempo": {"endpoint": telemetry.tempo_otlp_endpoint(cluster), "tls": {"insecure": true}},
                "otlphttp/loki": {"endpoint": telemetry.loki_otlp_url(cluster)},
            },
            "service": {
                "extensions": ["health_check"],
                "telemetry": {
                    "metrics": {
                        "readers": [
                            {"pull": {"exporter": {"prometheus": {"host": "0.0.0.0", "port": self.metrics_port}}}},
                        ],
                    },
                },
                "pipelines": {
                    "traces": {"receivers": ["otlp"], "processors": sampled, "exporters": ["otlp/tempo"]},
                    "metrics": {"receivers": ["otlp"], "processors": batched, "exporters": ["otlphttp/mimir"]},
                    "logs": {"receivers": ["otlp"], "processors": batched, "exporters": ["otlphttp/loki"]},
                    "traces/rates": {"receivers": ["otlp"], "processors": cleaned, "exporters": ["spanmetrics"]},
                    "metrics/rates": {
                        "receivers": ["spanmetrics"],
                        "processors": ["memory_limiter", "resource", "batch"],
                        "exporters": ["otlphttp/mimir"],
                    },
                },
            },
        })
    }

    fn dropped(&self) -> Vec<Value> {
        self.dropped_attributes
            .iter()
            .map(|key| json!({"key": key, "action": "delete"}))
            .collect()
    }

    fn transform(&self) -> Value {
        let renamed = self.renamed_attributes.iter().map(|(from, to)| {
            let (from, to) = (ottl_string(from), ottl_string(to));
            format!(
                "set(datapoint.attributes[{to}], resource.attributes[{from}]) where resource.attributes[{from}] != nil"
            )
        });
        // The old and the new name of the same attribute.
        let errors = ["http.status_code", "http.response.status_code"].map(|attribute| {
            format!(
                "set(span.status.code, STATUS_CODE_ERROR) where span.kind == SPAN_KIND_SERVER and \
                 span.attributes[{attribute}] != nil and span.attributes[{attribute}] >= {status}",
                attribute = ottl_string(attribute),
                status = self.error_status,
            )
        });
        json!({
            "error_mode": "ignore",
            "trace_statements": errors,
            "metric_statements": renamed.collect::<Vec<_>>(),
        })
    }
}

/// The collector takes `$` for the begin of a variable, and `$$` for a dollar.
fn escape(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('$') => *text = text.replace('$', "$$"),
        Value::Array(items) => items.iter_mut().for_each(escape),
        Value::Object(members) => members.values_mut().for_each(escape),
        _ => {}
    }
}
