//! Loki: logs, indexed by their labels only.

use serde_json::json;

use super::{Installation, field_error, pods};
use crate::documented::{UNVERSIONED, documented_pair};
use crate::scope::Scope;
use stack_builder::{ComponentError, Contribution};
use stack_builder::{Overlay, Values};

/// Loki as a single binary, its rule sidecar, and a canary on each worker.
///
/// Its Service and port stand in [`TelemetryWiring`](crate::TelemetryWiring).
#[derive(Clone, Debug, PartialEq)]
pub struct Loki {
    /// The version of the chart `grafana/loki`. Documented: 6.53.0.
    pub version: String,
    /// Loki's image. Documented: `docker.io/grafana/loki:3.6.5`.
    pub image: String,
    /// The image of the canary, which writes lines and looks for them. Documented: `docker.io/grafana/loki-canary:3.6.5`.
    pub canary_image: String,
    /// The image of the sidecar that gathers rules. Documented: `docker.io/kiwigrid/k8s-sidecar:1.30.9`, there as
    /// Grafana's, but no chart of the lab other than this one pulls this version.
    pub sidecar_image: String,
    /// The first day of the schema, `YYYY-MM-DD` *(ours)*; it must lie before the first log line.
    pub schema_from: String,
    /// The format of the index. Documented: `tsdb`.
    pub store: String,
    /// The version of the schema. Documented: `v13`, which takes OTLP.
    pub schema: String,
    /// How many megabytes of logs are taken in per second. Documented: 25.
    pub ingestion_rate_mb: u32,
    /// How many megabytes may come at once *(ours: 50, twice the rate)*; not less than the rate.
    pub ingestion_burst_mb: u32,
    /// How many streams, that is sets of labels, are open at once. Documented: 5000.
    pub max_streams: u32,
    /// After how many days logs are deleted. Documented: 7.
    pub retention_days: u32,
    /// The volume *(ours: `10Gi`, the chart's)*.
    pub volume: String,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
}

impl Default for Loki {
    fn default() -> Self {
        Loki {
            version: "6.53.0".into(),
            image: "docker.io/grafana/loki:3.6.5".into(),
            canary_image: "docker.io/grafana/loki-canary:3.6.5".into(),
            sidecar_image: "docker.io/kiwigrid/k8s-sidecar:1.30.9".into(),
            schema_from: "2024-04-01".into(),
            store: "tsdb".into(),
            schema: "v13".into(),
            ingestion_rate_mb: 25,
            ingestion_burst_mb: 50,
            max_streams: 5000,
            retention_days: 7,
            volume: "10Gi".into(),
            overlay: Overlay::new(),
        }
    }
}

/// The release, and the prefix of the names that the chart makes without an override.
const LOKI: &str = "loki";

impl Loki {
    fn values(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<Values, ComponentError> {
        let (telemetry, cluster) = (&context.wiring.telemetry, &context.wiring.cluster);
        let off = json!({"enabled": false});
        let none = json!({"replicas": 0});
        let mut values = Values::typed(
            LOKI,
            &json!({
                "fullnameOverride": telemetry.loki,
                "global": {"clusterDomain": cluster.dns_domain},
                "deploymentMode": "SingleBinary",
                "loki": {
                    // One tenant.
                    "auth_enabled": false,
                    "server": {"http_listen_port": telemetry.loki_port},
                    "commonConfig": {"replication_factor": 1},
                    "storage": {"type": "filesystem"},
                    "schemaConfig": {
                        "configs": [{
                            "from": self.schema_from,
                            "store": self.store,
                            "object_store": "filesystem",
                            "schema": self.schema,
                            "index": {"prefix": "loki_index_", "period": "24h"},
                        }],
                    },
                    "limits_config": {
                        "ingestion_rate_mb": self.ingestion_rate_mb,
                        "ingestion_burst_size_mb": self.ingestion_burst_mb,
                        "max_global_streams_per_user": self.max_streams,
                        "retention_period": format!("{}h", u64::from(self.retention_days) * 24),
                        // What OTLP needs for attributes that are no labels.
                        "allow_structured_metadata": true,
                    },
                    // Nothing is deleted without the compactor.
                    "compactor": {
                        "working_directory": "/var/loki/compactor",
                        "retention_enabled": true,
                        "delete_request_store": "filesystem",
                    },
                    "analytics": {"reporting_enabled": false},
                },
                "singleBinary": {"replicas": 1, "persistence": {"enabled": true, "size": self.volume}},
                "backend": none,
                "read": none,
                "write": none,
                "chunksCache": off,
                "resultsCache": off,
                "gateway": off,
                "minio": off,
                "lokiCanary": {"enabled": true},
                "sidecar": {"rules": {"enabled": true}},
                "test": off,
            }),
        )?;
        values.set_split_image("loki.image", &out.image("loki.image", &self.image)?);
        values.set_split_image(
            "lokiCanary.image",
            &out.image("lokiCanary.image", &self.canary_image)?,
        );
        let sidecar = out.commented_image(
            "sidecar.image",
            &self.sidecar_image,
            "the documented list calls it Grafana's sidecar; it gathers Loki's rules, and Grafana's sidecars are off",
        )?;
        values.set_split_image("sidecar.image", &sidecar);
        Ok(values)
    }

    pub(super) fn contribute(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        if self.ingestion_burst_mb < self.ingestion_rate_mb {
            return Err(field_error(
                "loki.ingestion_burst_mb",
                self.ingestion_burst_mb,
                format!(
                    "at least loki.ingestion_rate_mb, which is {}",
                    self.ingestion_rate_mb
                ),
            ));
        }
        if self.retention_days == 0 {
            return Err(field_error(
                "loki.retention_days",
                0,
                "at least 1: Loki refuses less than 24 hours",
            ));
        }
        let telemetry = &context.wiring.telemetry;
        let values = self.values(context, out)?;
        let documented = Loki::default();
        Installation {
            release: LOKI,
            chart: "loki",
            version: &self.version,
            note: UNVERSIONED,
            values,
            overlay: &self.overlay,
            pods: pods::loki,
            workloads: vec![
                format!("statefulset/{}", telemetry.loki),
                format!("daemonset/{}-canary", telemetry.loki),
            ],
            pairs: vec![
                documented_pair(
                    &documented.version,
                    &documented.image,
                    &self.image,
                    "loki.image.tag",
                )?,
                documented_pair(
                    &documented.version,
                    &documented.canary_image,
                    &self.canary_image,
                    "lokiCanary.image.tag",
                )?,
            ],
            service: &telemetry.loki,
            ports: vec![telemetry.loki_port, 9095],
        }
        .add(context, out)
    }
}
