//! Grafana's data sources, and the ways between them.
//!
//! See <https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources>. Grafana takes `$` in these
//! files for the begin of a variable, so a dollar that is meant is written twice.

use serde::Serialize;
use serde_json::{Value, json};

use super::Grafana;
use crate::wiring::Wiring;

/// The name of the data source for metrics, which is the default one.
pub(super) const MIMIR: &str = "Mimir";

/// A data source.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DataSource<'a> {
    name: &'static str,
    uid: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    /// Grafana's server asks, not the browser.
    access: &'static str,
    is_default: bool,
    url: String,
    json_data: Value,
}

impl Grafana {
    /// The four documented data sources. The documentation calls the ways from traces `traceToLogs`, `traceToMetrics` and
    /// `servicemap`; the keys are Grafana's own.
    pub(super) fn data_sources<'a>(&self, wiring: &'a Wiring) -> [DataSource<'a>; 4] {
        let (telemetry, cluster) = (&wiring.telemetry, &wiring.cluster);
        let ids = &telemetry.data_sources;
        let source = |name, uid, kind, url, json_data| DataSource {
            name,
            uid,
            kind,
            access: "proxy",
            is_default: name == MIMIR,
            url,
            json_data,
        };
        [
            source(
                MIMIR,
                &ids.mimir,
                "prometheus",
                telemetry.mimir_query_url(cluster),
                json!({
                    "httpMethod": "POST",
                    "prometheusType": "Mimir",
                    // The ruler's rules are shown beside AlertManager's alerts.
                    "manageAlerts": true,
                    "alertmanagerUid": ids.alertmanager,
                    "exemplarTraceIdDestinations": [{"name": "trace_id", "datasourceUid": ids.tempo}],
                }),
            ),
            source(
                "Loki",
                &ids.loki,
                "loki",
                telemetry.loki_url(cluster),
                json!({
                    "derivedFields": [{
                        "name": self.trace_id_field,
                        "matcherRegex": escape(&self.trace_id_pattern),
                        "url": escape("${__value.raw}"),
                        "datasourceUid": ids.tempo,
                    }],
                }),
            ),
            source(
                "Tempo",
                &ids.tempo,
                "tempo",
                telemetry.tempo_url(cluster),
                json!({
                    "tracesToLogsV2": {
                        "datasourceUid": ids.loki,
                        "spanStartTimeShift": "-5m",
                        "spanEndTimeShift": "5m",
                        "tags": [{"key": "service.name", "value": "service_name"}],
                        "filterByTraceID": true,
                        "filterBySpanID": false,
                    },
                    "tracesToMetrics": {
                        "datasourceUid": ids.mimir,
                        "spanStartTimeShift": "-5m",
                        "spanEndTimeShift": "5m",
                        // As Tempo's generator names it.
                        "tags": [{"key": "service.name", "value": "service"}],
                        "queries": [
                            {"name": "Request rate", "query": escape("sum(rate(traces_spanmetrics_calls_total{$__tags}[5m]))")},
                            {
                                "name": "Error rate",
                                "query": escape(
                                    "sum(rate(traces_spanmetrics_calls_total{$__tags, status_code=\"STATUS_CODE_ERROR\"}[5m]))",
                                ),
                            },
                            {
                                "name": "Latency, 99th percentile",
                                "query": escape(
                                    "histogram_quantile(0.99, sum by (le) (rate(traces_spanmetrics_latency_bucket{$__tags}[5m])))",
                                ),
                            },
                        ],
                    },
                    "serviceMap": {"datasourceUid": ids.mimir},
                    "nodeGraph": {"enabled": true},
                }),
            ),
            source(
                "AlertManager",
                &ids.alertmanager,
                "alertmanager",
                telemetry.alertmanager_url(cluster),
                json!({"implementation": "prometheus", "handleGrafanaManagedAlerts": false}),
            ),
        ]
    }
}

fn escape(text: &str) -> String {
    text.replace('$', "$$")
}
