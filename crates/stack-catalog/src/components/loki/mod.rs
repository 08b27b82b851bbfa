//! Loki: logs.

mod images;
mod mode;
mod storage;

use serde_json::json;
use stack_builder::{
    Component, ComponentError, Context, Contribution, Count, Overlay, Pods, Release,
};

pub use images::LokiImages;
pub use mode::{Distribution, LokiMode};
pub use storage::LokiStorage;

use crate::chart_release::{ChartRelease, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::LOKI;
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size, Volume, quantity, refused};

/// The chart that is known: that of grafana-community, which carries on the chart for open source.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://grafana-community.github.io/helm-charts",
    "loki",
    "18.11.0",
)
.aliased("grafana-community");

/// Loki, in one of its three modes, with a gateway in front.
///
/// Logs come in at `http://loki-gateway.loki.svc`, below `/loki/api/v1/push` and, as OTLP, `/otlp`; the lab's component
/// [`Lgtm`](lab_builder::components::Lgtm) has an older line of the chart. There are no definitions and no webhooks.
#[derive(Clone, Debug, PartialEq)]
pub struct Loki {
    /// Where it runs. Default: a namespace `loki` of its own; its pods meet the level `restricted`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// How its work is divided among pods. Default: one pod does everything.
    pub mode: LokiMode,
    /// Where logs are kept. Default: on the volume of one pod.
    pub storage: LokiStorage,
    /// The volume of each pod that has one: logs themselves, or what is not yet in the object store. Default: 10Gi.
    pub volume: Volume,
    /// After how many days logs are deleted. Default: 14.
    pub retention_days: u32,
    /// The first day of the schema, `YYYY-MM-DD`; before the first log line. To change the schema later, add a period by the
    /// overlay. Default: 2024-04-01.
    pub schema_from: String,
    /// Whether senders and readers name a tenant with `X-Scope-OrgID`. Default: no.
    pub multi_tenant: bool,
    /// How many megabytes one tenant sends per second. Default: 10.
    pub ingestion_rate_mb: u32,
    /// How many streams, that is sets of labels, one tenant has open. Default: 10000.
    pub max_streams: u32,
    /// How many gateways; 0 leaves them out. Default: 2; one in a small stack.
    pub gateways: u32,
    /// Memcached for chunks and results; `None` leaves it out, as most clusters of one team can. Default: none.
    pub caches: Option<LokiCaches>,
    /// Whether a canary on each worker writes lines and looks for them. Default: yes.
    pub canary: bool,
    /// What one pod of Loki asks for and may use.
    pub resources: Resources,
    /// Whether Prometheus gets a ServiceMonitor for its pods.
    pub monitoring: Monitoring,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: LokiImages,
}

/// Memcached in front of Loki's store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LokiCaches {
    /// Memory for chunks, in MiB.
    pub chunks_mib: u32,
    /// Memory for results, in MiB.
    pub results_mib: u32,
}

impl Default for Loki {
    fn default() -> Self {
        Loki {
            home: Home::own("loki"),
            version: UPSTREAM.version.into(),
            mode: LokiMode::Monolithic { replicas: 1 },
            storage: LokiStorage::Volume,
            volume: Volume::new("10Gi"),
            retention_days: 14,
            schema_from: "2024-04-01".into(),
            multi_tenant: false,
            ingestion_rate_mb: 10,
            max_streams: 10_000,
            gateways: 2,
            caches: None,
            canary: true,
            resources: Resources::new("200m", "512Mi").memory_limit("2Gi"),
            monitoring: Monitoring::default(),
            overlay: Overlay::new(),
            images: LokiImages::default(),
        }
    }
}

impl Loki {
    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        if self.retention_days == 0 {
            let expected = "at least 1: Loki refuses less than 24 hours";
            return Err(refused("retention_days", 0, expected));
        }
        quantity("volume.size", &self.volume.size)?;
        let (store, storage) = self.place()?;
        let resources = |cpu: &str, memory: &str| Resources::new(cpu, memory).to_value("");
        let mut release = ChartRelease::new(
            LOKI,
            &UPSTREAM,
            &self.version,
            &json!({
                "loki": {
                    "auth_enabled": self.multi_tenant,
                    "commonConfig": {"replication_factor": self.mode.copies()},
                    "storage": storage,
                    "schemaConfig": {"configs": [{
                        "from": self.schema_from,
                        "store": "tsdb",
                        "object_store": store,
                        "schema": "v13",
                        "index": {"prefix": "loki_index_", "period": "24h"},
                    }]},
                    "limits_config": {
                        "retention_period": format!("{}h", u64::from(self.retention_days) * 24),
                        "ingestion_rate_mb": self.ingestion_rate_mb,
                        "ingestion_burst_size_mb": self.ingestion_rate_mb.saturating_mul(2),
                        "max_global_streams_per_user": self.max_streams,
                        // What OTLP needs for attributes that are no labels.
                        "allow_structured_metadata": true,
                    },
                    // Nothing is deleted without the compactor.
                    "compactor": {"retention_enabled": true, "delete_request_store": store},
                    "analytics": {"reporting_enabled": false},
                },
                "gateway": {"enabled": self.gateways > 0},
                "chunksCache": {"enabled": self.caches.is_some()},
                "resultsCache": {"enabled": self.caches.is_some()},
                "lokiCanary": {"enabled": self.canary},
                // A pod of `helm test`, with an image without a version.
                "test": {"enabled": false},
            }),
        )?;
        self.divide(&mut release)?;
        if let Some(store) = self.storage.store() {
            release.set_some("serviceAccount.annotations", store.account_annotations());
            release.set_some("loki.podLabels", store.pod_labels());
        }
        if self.mode.reads_rules() {
            release.set("sidecar.resources", resources("10m", "96Mi")?);
        }
        if self.gateways > 0 {
            release.set("gateway.replicas", self.gateways);
            release.set("gateway.resources", resources("20m", "64Mi")?);
            release.set("gateway.metrics.resources", resources("10m", "32Mi")?);
        }
        if self.canary {
            release.set("lokiCanary.resources", resources("10m", "64Mi")?);
        }
        if let Some(caches) = &self.caches {
            release.set("chunksCache.allocatedMemory", caches.chunks_mib);
            release.set("resultsCache.allocatedMemory", caches.results_mib);
            release.set("memcachedExporter.resources", resources("10m", "32Mi")?);
        }
        if self.monitoring.is_on(context) {
            release.set("monitoring.serviceMonitor.enabled", true);
        }
        self.write_images(&mut release, out)?;
        release.finish(self.home.name(), &self.overlay)
    }
}

licences! {
    "https://github.com/grafana/loki", "AGPL-3.0-only": ["docker.io/grafana/loki", "docker.io/grafana/loki-canary"];
    "https://github.com/kiwigrid/k8s-sidecar", "MIT": ["docker.io/kiwigrid/k8s-sidecar"];
    "https://github.com/memcached/memcached", "BSD-3-Clause": ["docker.io/library/memcached"];
    "https://github.com/nginx/nginx", "BSD-2-Clause": ["docker.io/nginxinc/nginx-unprivileged"];
    "https://github.com/prometheus/memcached_exporter", "Apache-2.0": ["docker.io/prom/memcached-exporter"];
    "https://github.com/jkroepke/access-log-exporter", unknown: ["ghcr.io/jkroepke/access-log-exporter"];
}

impl Component for Loki {
    at_home!(LOKI, requires: home);

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn resize(&mut self, profile: &str) {
        let Some(size) = Size::named(profile) else {
            return;
        };
        self.gateways = if size == Size::Small { 1 } else { 2 };
        if let (Some(_), LokiMode::Monolithic { replicas }) = (self.storage.store(), &mut self.mode)
        {
            *replicas = if size == Size::Small { 1 } else { 3 };
        }
        if size == Size::Large {
            self.resources = Resources::new("1", "2Gi").memory_limit("4Gi");
            self.ingestion_rate_mb = 50;
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        let namespace = self.home.name();
        self.home.contribute(PodSecurity::Restricted, out)?;
        let release = self.release(context, out)?;
        let caches = if self.caches.is_some() { 2 } else { 0 };
        let parts = self.mode.parts();
        let of_loki: u32 = parts.iter().map(|part| part.replicas).sum();
        let fixed = of_loki + self.gateways + caches;
        let canaries = match self.canary {
            true => Pods::each_worker(),
            false => Pods::default(),
        };
        out.release(release.running(Pods::exactly(fixed) + canaries));
        match self.mode {
            LokiMode::Monolithic { .. } => {
                provide::service(out, namespace, "loki", &[3100, 9095]);
                provide::service(out, namespace, "loki-headless", &[3100, 9095]);
            }
            _ => {
                for part in &parts {
                    let name = format!("loki-{}", part.label);
                    provide::service(out, namespace, &name, &[3100, 9095]);
                }
            }
        }
        provide::service(out, namespace, "loki-memberlist", &[7946]);
        provide::accounts(out, namespace, ["loki"]);
        if self.gateways > 0 {
            provide::service(out, namespace, "loki-gateway", &[80]);
        }
        if self.canary {
            provide::service(out, namespace, "loki-canary", &[3500]);
            provide::accounts(out, namespace, ["loki-canary"]);
        }
        if let Some(secret) = self.storage.store().and_then(|store| store.secret()) {
            provide::secret(out, namespace, secret);
        }
        let questions = out.questions();
        let parts = parts.iter().map(|part| (part.label, part.replicas));
        for (at, (part, number)) in (1..).zip(parts.chain([("gateway", self.gateways)])) {
            if number > 0 {
                questions.pods(
                    &format!("LOKI-{at}"),
                    &format!("the pods `{part}` of Loki run"),
                    namespace,
                    &format!("app.kubernetes.io/name=loki,app.kubernetes.io/component={part}"),
                    Count::exactly(number),
                    None,
                );
            }
        }
        Ok(())
    }
}
