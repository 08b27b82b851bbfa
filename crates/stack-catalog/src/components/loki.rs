//! Loki: logs.

use serde_json::{Value, json};
use stack_builder::{
    Component, ComponentError, Context, Contribution, Count, Overlay, Pods, Release,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::LOKI;
use crate::monitoring::Monitoring;
use crate::object_store::S3;
use crate::provide;
use crate::sizes::{Resources, Size, Volume, quantity, refused};

/// The chart that is known: that of grafana-community, which carries on the chart for open source.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://grafana-community.github.io/helm-charts",
    "loki",
    "18.11.0",
)
.aliased("grafana-community");

/// Loki in its monolithic mode, in which each pod does everything, with a gateway in front.
///
/// Logs come in at `http://loki-gateway.loki.svc`, below `/loki/api/v1/push` and, as OTLP, `/otlp`; the lab's component
/// [`Lgtm`](lab_builder::components::Lgtm) has an older line of the chart. There are no definitions and no webhooks.
#[derive(Clone, Debug, PartialEq)]
pub struct Loki {
    /// Where it runs. Default: a namespace `loki` of its own; its pods meet the level `restricted`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// Where logs are kept. Default: on the volume of one pod.
    pub storage: LokiStorage,
    /// The volume of each pod: logs themselves, or what is not yet in the object store. Default: 10Gi.
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
    /// Whether it is scraped.
    pub monitoring: Monitoring,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: LokiImages,
}

/// Where Loki keeps logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LokiStorage {
    /// On the volume of a single pod. With the volume they are lost.
    Volume,
    /// In an object store.
    Bucket {
        /// The store.
        store: S3,
        /// The bucket of logs.
        chunks: String,
        /// The bucket of rules.
        ruler: String,
        /// How many pods. With three or more each line is kept three times until it is stored.
        replicas: u32,
    },
}

/// Memcached in front of Loki's store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LokiCaches {
    /// Memory for chunks, in MiB.
    pub chunks_mib: u32,
    /// Memory for results, in MiB.
    pub results_mib: u32,
}

/// The images of Loki, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LokiImages {
    /// `loki.image`.
    pub loki: String,
    /// `lokiCanary.image`.
    pub canary: String,
    /// `sidecar.image`: gathers rules from ConfigMaps with the label `loki_rule`.
    pub sidecar: String,
    /// `gateway.image`.
    pub gateway: String,
    /// `gateway.metrics.image`.
    pub gateway_metrics: String,
    /// `memcached.image`.
    pub memcached: String,
    /// `memcachedExporter.image`.
    pub memcached_exporter: String,
}

impl Default for LokiImages {
    fn default() -> Self {
        LokiImages {
            loki: "docker.io/grafana/loki:3.7.6".into(),
            canary: "docker.io/grafana/loki-canary:3.7.6".into(),
            sidecar: "docker.io/kiwigrid/k8s-sidecar:2.10.1".into(),
            gateway: "docker.io/nginxinc/nginx-unprivileged:1.31-alpine".into(),
            gateway_metrics: "ghcr.io/jkroepke/access-log-exporter:0.4.11".into(),
            memcached: "docker.io/library/memcached:1.6.45-alpine".into(),
            memcached_exporter: "docker.io/prom/memcached-exporter:v0.17.0".into(),
        }
    }
}

impl Default for Loki {
    fn default() -> Self {
        Loki {
            home: Home::own("loki"),
            version: UPSTREAM.version.into(),
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
    fn replicas(&self) -> u32 {
        match &self.storage {
            LokiStorage::Volume => 1,
            LokiStorage::Bucket { replicas, .. } => *replicas,
        }
    }

    /// The name that Loki gives its store, and what stands in the chart's `loki.storage`.
    fn storage(&self) -> Result<(&'static str, Value), ComponentError> {
        let LokiStorage::Bucket {
            store,
            chunks,
            ruler,
            replicas,
        } = &self.storage
        else {
            return Ok(("filesystem", json!({"type": "filesystem"})));
        };
        store.check("storage.store")?;
        if *replicas == 0 {
            return Err(refused("storage.replicas", 0, "at least 1"));
        }
        let mut s3 = json!({"region": store.region, "insecure": store.plain_http});
        if let Some(endpoint) = &store.endpoint {
            s3["endpoint"] = endpoint.as_str().into();
            s3["s3ForcePathStyle"] = true.into();
        }
        let buckets = json!({"chunks": chunks, "ruler": ruler});
        let storage = json!({"type": "s3", "bucketNames": buckets, "s3": s3});
        Ok(("s3", storage))
    }

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
        let (store, storage) = self.storage()?;
        let replicas = self.replicas();
        let none = json!({"replicas": 0});
        let resources = |cpu: &str, memory: &str| Resources::new(cpu, memory).to_value("");
        let mut release = ChartRelease::new(
            LOKI,
            &UPSTREAM,
            &self.version,
            &json!({
                "deploymentMode": "Monolithic",
                "loki": {
                    "auth_enabled": self.multi_tenant,
                    "commonConfig": {"replication_factor": if replicas < 3 { 1 } else { 3 }},
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
                "singleBinary": {
                    "replicas": replicas,
                    "resources": self.resources.to_value("resources")?,
                    "persistence": {"enabled": true, "size": self.volume.size},
                },
                "read": none,
                "write": none,
                "backend": none,
                "sidecar": {"resources": resources("10m", "96Mi")?},
                "gateway": {"enabled": self.gateways > 0},
                "chunksCache": {"enabled": self.caches.is_some()},
                "resultsCache": {"enabled": self.caches.is_some()},
                "lokiCanary": {"enabled": self.canary},
                // A pod of `helm test`, with an image without a version.
                "test": {"enabled": false},
            }),
        )?;
        let class = self.volume.class.as_deref();
        release.set_some("singleBinary.persistence.storageClass", class);
        if let LokiStorage::Bucket { store, .. } = &self.storage {
            release.set_some("serviceAccount.annotations", store.account_annotations());
            release.set_some("singleBinary.extraEnvFrom", store.environment_from());
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

    fn write_images(
        &self,
        release: &mut ChartRelease,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        type Key = (&'static str, fn(&LokiImages) -> &str);
        const ALWAYS: [Key; 2] = [
            ("loki.image", |images| &images.loki),
            ("sidecar.image", |images| &images.sidecar),
        ];
        const CANARY: Key = ("lokiCanary.image", |images| &images.canary);
        const GATEWAY: [Key; 2] = [
            ("gateway.image", |images| &images.gateway),
            ("gateway.metrics.image", |images| &images.gateway_metrics),
        ];
        const CACHES: [Key; 2] = [
            ("memcached.image", |images| &images.memcached),
            ("memcachedExporter.image", |images| {
                &images.memcached_exporter
            }),
        ];
        let mut keys = ALWAYS.to_vec();
        keys.extend(self.canary.then_some(CANARY));
        keys.extend((self.gateways > 0).then_some(GATEWAY).into_iter().flatten());
        keys.extend(self.caches.iter().flat_map(|_| CACHES));
        let default = LokiImages::default();
        for (key, of) in keys {
            release.image(out, key, ImageForm::Split, of(&self.images), of(&default))?;
        }
        Ok(())
    }
}

impl Component for Loki {
    at_home!(LOKI);

    fn requires(&self) -> Vec<&str> {
        self.home.requires().collect()
    }

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn resize(&mut self, profile: &str) {
        let Some(size) = Size::named(profile) else {
            return;
        };
        self.gateways = if size == Size::Small { 1 } else { 2 };
        if let LokiStorage::Bucket { replicas, .. } = &mut self.storage {
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
        let namespace = self.home.name();
        self.home.contribute(PodSecurity::Restricted, out)?;
        let release = self.release(context, out)?;
        let caches = if self.caches.is_some() { 2 } else { 0 };
        let fixed = self.replicas() + self.gateways + caches;
        let canaries = match self.canary {
            true => Pods::each_worker(),
            false => Pods::default(),
        };
        out.release(release.running(Pods::exactly(fixed) + canaries));
        provide::service(out, namespace, "loki", &[3100, 9095]);
        provide::service(out, namespace, "loki-headless", &[3100, 9095]);
        provide::service(out, namespace, "loki-memberlist", &[7946]);
        provide::accounts(out, namespace, ["loki"]);
        if self.gateways > 0 {
            provide::service(out, namespace, "loki-gateway", &[80]);
        }
        if self.canary {
            provide::service(out, namespace, "loki-canary", &[3500]);
            provide::accounts(out, namespace, ["loki-canary"]);
        }
        if let LokiStorage::Bucket { store, .. } = &self.storage
            && let Some(secret) = store.secret()
        {
            provide::secret(out, namespace, secret);
        }
        let questions = out.questions();
        for (id, part, number) in [
            ("LOKI-1", "single-binary", self.replicas()),
            ("LOKI-2", "gateway", self.gateways),
        ] {
            if number > 0 {
                questions.pods(
                    id,
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
