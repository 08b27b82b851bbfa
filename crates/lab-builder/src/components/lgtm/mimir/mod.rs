//! Mimir: metrics, kept for days, and the rules that make alerts of them.

mod rules;

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    ConfigMap, PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use serde_json::{Map, Value, json};

pub use rules::{AlertRules, Rule, RuleFile, RuleGroup, Severity};

use super::{Installation, field_error, pods};
use crate::documented::{UNVERSIONED, documented_pair};
use crate::scope::Scope;
use crate::scope::named;
use stack_builder::render::yaml;
use stack_builder::{ComponentError, Contribution, ObjectId, Overlay, Values};

/// Mimir in ten pods, on the classic write path, without Kafka, object store or caches.
///
/// Ingester, compactor, store-gateway, querier and ruler are pods of their own, yet blocks lie in a file system. So they
/// mount one claim: with local storage that binds all five to one node, which is what a lab has. The gateway's Service
/// and port stand in [`TelemetryWiring`](crate::TelemetryWiring).
#[derive(Clone, Debug, PartialEq)]
pub struct Mimir {
    /// The version of the chart `grafana/mimir-distributed`. Documented: 6.0.5.
    pub version: String,
    /// Mimir's image. Documented: `docker.io/grafana/mimir:3.0.1`.
    pub image: String,
    /// The gateway's image. Documented: `docker.io/nginxinc/nginx-unprivileged:1.29-alpine`.
    pub gateway_image: String,
    /// The rollout operator's image. Documented: `docker.io/grafana/rollout-operator:v0.32.0`. With one pod of each kind
    /// it has nothing to do; it is one of the ten documented pods.
    pub rollout_operator_image: String,
    /// How many samples are taken in per second. Documented: 50,000.
    pub ingestion_rate: u32,
    /// How many samples may come at once *(ours: 500,000)*; not less than the rate.
    pub ingestion_burst: u32,
    /// How many series are in memory at once. Documented: 800,000.
    pub max_series: u32,
    /// After how many days metrics are deleted. Documented: 7.
    pub retention_days: u32,
    /// The claim that five of the pods share *(ours: `mimir-shared-blocks`)*.
    pub shared_claim: String,
    /// Size of the claim that Mimir's programs share *(ours: `10Gi`)*.
    pub shared_volume: String,
    /// The ingester's own volume, for what is not in blocks yet *(ours: `5Gi`)*.
    pub ingester_volume: String,
    /// The compactor's own volume *(ours: `5Gi`)*.
    pub compactor_volume: String,
    /// The store-gateway's own volume *(ours: `2Gi`)*.
    pub store_gateway_volume: String,
    /// The ConfigMap with the rules *(ours: `mimir-rules`)*.
    pub rules_name: String,
    /// The documented alerts, evaluated by Mimir's ruler.
    pub rules: AlertRules,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
}

impl Default for Mimir {
    fn default() -> Self {
        Mimir {
            version: "6.0.5".into(),
            image: "docker.io/grafana/mimir:3.0.1".into(),
            gateway_image: "docker.io/nginxinc/nginx-unprivileged:1.29-alpine".into(),
            rollout_operator_image: "docker.io/grafana/rollout-operator:v0.32.0".into(),
            ingestion_rate: 50_000,
            ingestion_burst: 500_000,
            max_series: 800_000,
            retention_days: 7,
            shared_claim: "mimir-shared-blocks".into(),
            shared_volume: "10Gi".into(),
            ingester_volume: "5Gi".into(),
            compactor_volume: "5Gi".into(),
            store_gateway_volume: "2Gi".into(),
            rules_name: "mimir-rules".into(),
            rules: AlertRules::default(),
            overlay: Overlay::new(),
        }
    }
}

/// The release, and the prefix of the names that the chart makes.
const MIMIR: &str = "mimir";

/// The tenant of all data while there is but one; rules lie in a folder of its name.
const TENANT: &str = "anonymous";

/// Where the shared claim is mounted.
const SHARED: &str = "/shared";

/// Where the folders with rules lie.
const RULES: &str = "/rules";

impl Mimir {
    /// What is merged over the chart's own configuration of Mimir.
    fn configuration(&self, context: &Scope<'_>) -> Value {
        let (telemetry, cluster) = (&context.wiring.telemetry, &context.wiring.cluster);
        json!({
            "multitenancy_enabled": false,
            "usage_stats": {"enabled": false},
            // Since 6.0 the chart writes through Kafka. All of this goes together with `kafka.enabled`: with Kafka alone
            // switched off, every write would fail.
            "ingest_storage": {
                "enabled": false,
                "kafka": {
                    "address": null,
                    "topic": null,
                    "auto_create_topic_enabled": null,
                    "auto_create_topic_default_partitions": null,
                },
            },
            "distributor": {"remote_timeout": null},
            "ingester": {"push_grpc_method_enabled": true, "ring": {"replication_factor": 1}},
            "store_gateway": {"sharding_ring": {"replication_factor": 1}},
            "blocks_storage": {
                "backend": "filesystem",
                "filesystem": {"dir": format!("{SHARED}/blocks")},
                "tsdb": {"dir": "/data/tsdb"},
            },
            "ruler_storage": {"backend": "local", "local": {"directory": RULES}},
            "ruler": {"alertmanager_url": telemetry.alertmanager_url(cluster), "rule_path": "/data"},
            "limits": {
                "ingestion_rate": self.ingestion_rate,
                "ingestion_burst_size": self.ingestion_burst,
                "max_global_series_per_user": self.max_series,
                "compactor_blocks_retention_period": format!("{}d", self.retention_days),
                // Metrics that come in over OTLP are named as Prometheus would: `_total`, `_seconds`.
                "otel_metric_suffixes_enabled": true,
            },
        })
    }

    fn values(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<Values, ComponentError> {
        let (telemetry, cluster) = (&context.wiring.telemetry, &context.wiring.cluster);
        let off = || json!({"enabled": false});
        let shared_volume = json!({"name": "shared-blocks", "persistentVolumeClaim": {"claimName": self.shared_claim}});
        let shared_mount = json!({"name": "shared-blocks", "mountPath": SHARED});
        // A pod that shares the blocks, with what is its own.
        let sharing = |own: Value| {
            let mut pod = Map::new();
            pod.insert("replicas".into(), 1.into());
            if let Value::Object(own) = own {
                pod.extend(own);
            }
            for (key, entry) in [
                ("extraVolumes", &shared_volume),
                ("extraVolumeMounts", &shared_mount),
            ] {
                if let Some(list) = pod.entry(key).or_insert_with(|| json!([])).as_array_mut() {
                    list.insert(0, entry.clone());
                }
            }
            Value::Object(pod)
        };
        let volume = |size: &str| json!({"size": size});
        let mut values = Values::typed(
            MIMIR,
            &json!({
                // A domain with a dot at its end is looked up as it is.
                "global": {"clusterDomain": format!("{}.", cluster.dns_domain)},
                "kafka": off(),
                "minio": off(),
                "alertmanager": off(),
                "overrides_exporter": off(),
                "continuous_test": off(),
                "chunks-cache": off(),
                "index-cache": off(),
                "metadata-cache": off(),
                "results-cache": off(),
                "rollout_operator": {"enabled": true},
                "mimir": {"structuredConfig": self.configuration(context)},
                "distributor": {"replicas": 1},
                "ingester": sharing(json!({
                    "zoneAwareReplication": off(),
                    "persistentVolume": volume(&self.ingester_volume),
                })),
                "compactor": sharing(json!({"persistentVolume": volume(&self.compactor_volume)})),
                "store_gateway": sharing(json!({
                    "zoneAwareReplication": off(),
                    "persistentVolume": volume(&self.store_gateway_volume),
                })),
                "querier": sharing(json!({})),
                "query_frontend": {"replicas": 1},
                "query_scheduler": {"replicas": 1},
                "ruler": sharing(json!({
                    "enabled": true,
                    "extraVolumes": [{"name": "rules", "configMap": {"name": self.rules_name}}],
                    "extraVolumeMounts": [{"name": "rules", "mountPath": format!("{RULES}/{TENANT}")}],
                })),
                "gateway": {
                    "replicas": 1,
                    "service": {"port": telemetry.mimir_gateway_port, "nameOverride": telemetry.mimir_gateway},
                },
            }),
        )?;
        values.set_image("image", &out.image("image", &self.image)?);
        let gateway = out.image("gateway.nginx.image", &self.gateway_image)?;
        values.set_split_image("gateway.nginx.image", &gateway);
        values.set_image(
            "rollout_operator.image",
            &out.image("rollout_operator.image", &self.rollout_operator_image)?,
        );
        Ok(values)
    }

    fn claim(&self, namespace: &str) -> PersistentVolumeClaim {
        PersistentVolumeClaim {
            metadata: named(namespace, &self.shared_claim),
            spec: Some(PersistentVolumeClaimSpec {
                access_modes: Some(vec!["ReadWriteOnce".into()]),
                resources: Some(VolumeResourceRequirements {
                    requests: Some(
                        [("storage".to_owned(), Quantity(self.shared_volume.clone()))].into(),
                    ),
                    ..VolumeResourceRequirements::default()
                }),
                ..PersistentVolumeClaimSpec::default()
            }),
            ..PersistentVolumeClaim::default()
        }
    }

    fn rules_map(&self, context: &Scope<'_>) -> Result<ConfigMap, ComponentError> {
        let mut data = BTreeMap::new();
        for (name, file) in self.rules.files(context) {
            let path = format!("mimir/rules.yaml ({name})");
            let value = serde_json::to_value(&file)
                .map_err(|source| ComponentError::Serialize { path, source })?;
            data.insert(name, yaml::document(&value));
        }
        Ok(ConfigMap {
            metadata: named(&context.wiring.telemetry.namespace, &self.rules_name),
            data: Some(data),
            ..ConfigMap::default()
        })
    }

    pub(super) fn contribute(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        if self.ingestion_burst < self.ingestion_rate {
            return Err(field_error(
                "mimir.ingestion_burst",
                self.ingestion_burst,
                format!(
                    "at least mimir.ingestion_rate, which is {}",
                    self.ingestion_rate
                ),
            ));
        }
        self.rules.check()?;
        let telemetry = &context.wiring.telemetry;
        out.object("mimir/shared-blocks.yaml", self.claim(&telemetry.namespace))?;
        out.object("mimir/rules.yaml", self.rules_map(context)?)?;
        let values = self.values(context, out)?;
        let workload = |kind: &str, part: &str| format!("{kind}/{MIMIR}-{part}");
        let stateful = ["ingester", "store-gateway", "compactor"];
        let stateless = [
            "distributor",
            "querier",
            "query-frontend",
            "query-scheduler",
            "ruler",
            "gateway",
            "rollout-operator",
        ];
        let mut workloads: Vec<String> = stateful.map(|part| workload("statefulset", part)).into();
        workloads.extend(stateless.map(|part| workload("deployment", part)));
        let documented = Mimir::default();
        Installation {
            release: MIMIR,
            chart: "mimir-distributed",
            version: &self.version,
            note: UNVERSIONED,
            values,
            overlay: &self.overlay,
            pods: pods::mimir,
            workloads,
            pairs: vec![documented_pair(
                &documented.version,
                &documented.image,
                &self.image,
                "image.tag",
            )?],
            service: &telemetry.mimir_gateway,
            ports: vec![telemetry.mimir_gateway_port],
        }
        .add(context, out)?;
        let namespace = Some(telemetry.namespace.as_str());
        out.allow(
            "stateful-set-service",
            ObjectId::new("apps/v1", "StatefulSet", namespace, "mimir-compactor"),
            "the chart's Service is not headless; compactors find each other by gossip, not by name",
        );
        out.allow(
            "unknown-service-name",
            ObjectId::new("v1", "ConfigMap", namespace, "mimir-gateway-nginx"),
            "the chart's nginx names the alertmanager of Mimir also where that is off; the name is looked up when somebody asks \
             for it",
        );
        Ok(())
    }
}
