//! Tempo: traces, found by their id, and the metrics that it makes of them.

use serde_json::json;

use super::{Installation, MOVED, field_error, pods};
use crate::documented::documented_pair;
use crate::scope::Scope;
use crate::wiring::{TEMPO_OTLP_PORT, TEMPO_QUERY_PORT};
use stack_builder::{ComponentError, Contribution, ObjectId, Overlay, Values};

/// Tempo as a single binary. Its Service stands in [`TelemetryWiring`](crate::TelemetryWiring).
#[derive(Clone, Debug, PartialEq)]
pub struct Tempo {
    /// The version of the chart `grafana/tempo`. Documented: 1.24.4.
    pub version: String,
    /// Tempo's image. Documented: `docker.io/grafana/tempo:2.9.0`. The heading of section 7-4 says v2.9.1; the image
    /// list, the table of components and the chart agree on this one.
    pub image: String,
    /// After how many seconds without a new span a trace is complete. Documented: 60. It must be longer than the
    /// collector keeps a trace: the sampling wait and the batch.
    pub trace_idle_seconds: u32,
    /// How large a trace may be, in bytes. Documented: 10 MB, here 10 MiB.
    pub max_trace_bytes: u64,
    /// The metrics that are made of traces and written to Mimir. Documented: service graphs and span metrics.
    pub generated_metrics: Vec<GeneratedMetrics>,
    /// After how many hours traces are deleted *(ours: 168, seven days as for metrics and logs)*.
    pub retention_hours: u32,
    /// The volume *(ours: `10Gi`, the chart's)*.
    pub volume: String,
    /// Memory in MiB that is held only to make garbage collection rarer *(ours: 64; the chart's 1024 is more than the
    /// lab has to spare)*.
    pub ballast_mib: u32,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
}

/// Metrics that Tempo makes of traces and writes to Mimir.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeneratedMetrics {
    /// Who calls whom: `traces_service_graph_*`.
    ServiceGraphs,
    /// Calls and latencies: `traces_spanmetrics_*`, of the traces that were kept.
    SpanMetrics,
}

impl GeneratedMetrics {
    fn name(self) -> &'static str {
        match self {
            GeneratedMetrics::ServiceGraphs => "service-graphs",
            GeneratedMetrics::SpanMetrics => "span-metrics",
        }
    }
}

impl Default for Tempo {
    fn default() -> Self {
        Tempo {
            version: "1.24.4".into(),
            image: "docker.io/grafana/tempo:2.9.0".into(),
            trace_idle_seconds: 60,
            max_trace_bytes: 10 * 1024 * 1024,
            generated_metrics: vec![
                GeneratedMetrics::ServiceGraphs,
                GeneratedMetrics::SpanMetrics,
            ],
            retention_hours: 168,
            volume: "10Gi".into(),
            ballast_mib: 64,
            overlay: Overlay::new(),
        }
    }
}

const TEMPO: &str = "tempo";

impl Tempo {
    fn values(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<Values, ComponentError> {
        let (telemetry, cluster) = (&context.wiring.telemetry, &context.wiring.cluster);
        let generated: Vec<&str> = self
            .generated_metrics
            .iter()
            .map(|metrics| metrics.name())
            .collect();
        let mut values = Values::typed(
            TEMPO,
            &json!({
                "fullnameOverride": telemetry.tempo,
                "replicas": 1,
                "tempo": {
                    "memBallastSizeMbs": self.ballast_mib,
                    "reportingEnabled": false,
                    "retention": format!("{}h", self.retention_hours),
                    "server": {"http_listen_port": TEMPO_QUERY_PORT},
                    "receivers": {
                        "otlp": {"protocols": {"grpc": {"endpoint": format!("0.0.0.0:{TEMPO_OTLP_PORT}")}}},
                    },
                    "storage": {
                        "trace": {
                            "backend": "local",
                            "local": {"path": "/var/tempo/traces"},
                            "wal": {"path": "/var/tempo/wal"},
                        },
                    },
                    "ingester": {"trace_idle_period": format!("{}s", self.trace_idle_seconds)},
                    "metricsGenerator": {
                        "enabled": !generated.is_empty(),
                        "remoteWriteUrl": telemetry.mimir_push_url(cluster),
                        // On the volume; the chart's default is lost with the pod.
                        "storage": {"path": "/var/tempo/metrics"},
                        "traces_storage": {"path": "/var/tempo/generator-traces"},
                    },
                    "overrides": {
                        "defaults": {
                            "global": {"max_bytes_per_trace": self.max_trace_bytes},
                            "metrics_generator": {"processors": generated},
                        },
                    },
                },
                "persistence": {"enabled": true, "size": self.volume},
            }),
        )?;
        let image = out.commented_image(
            "tempo",
            &self.image,
            "the heading of section 7-4 says v2.9.1; chart 1.24.4 and the documented list say 2.9.0",
        )?;
        values.set_split_image("tempo", &image);
        Ok(values)
    }

    pub(super) fn contribute(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let telemetry = &context.wiring.telemetry;
        let delay = telemetry.collector_delay_seconds();
        if self.trace_idle_seconds <= delay {
            return Err(field_error(
                "tempo.trace_idle_seconds",
                self.trace_idle_seconds,
                format!(
                    "more than {delay}, the time that a trace may spend in the collector \
                     (wiring.telemetry.sampling_wait_seconds + wiring.telemetry.batch_timeout_seconds)"
                ),
            ));
        }
        let values = self.values(context, out)?;
        let documented = Tempo::default();
        Installation {
            release: TEMPO,
            chart: "tempo",
            version: &self.version,
            note: MOVED,
            values,
            overlay: &self.overlay,
            pods: pods::replicas,
            workloads: vec![format!("statefulset/{}", telemetry.tempo)],
            pairs: vec![documented_pair(
                &documented.version,
                &documented.image,
                &self.image,
                "tempo.tag",
            )?],
            service: &telemetry.tempo,
            ports: vec![TEMPO_QUERY_PORT, TEMPO_OTLP_PORT],
        }
        .add(context, out)?;
        let namespace = Some(telemetry.namespace.as_str());
        out.allow(
            "stateful-set-service",
            ObjectId::new("apps/v1", "StatefulSet", namespace, &telemetry.tempo),
            "the chart names a headless Service that it does not make; of one replica nobody looks up the name",
        );
        Ok(())
    }
}
