//! Tempo: traces.

use serde_json::{Value, json};
use stack_builder::{
    Component, ComponentError, Context, Contribution, Count, ObjectId, Overlay, Pods, Release,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::TEMPO;
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::object_store::{AZURE_KEY, ObjectStore};
use crate::provide;
use crate::sizes::{Resources, Size, Volume, quantity, refused};

/// The chart that is known: that of grafana-community, which carries on the chart of one binary.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://grafana-community.github.io/helm-charts",
    "tempo",
    "2.2.4",
)
.aliased("grafana-community");

/// Tempo as a single pod, which cannot be scaled out. It takes OTLP alone, on 4317 (gRPC) and 4318 (HTTP), and answers on 3200.
#[derive(Clone, Debug, PartialEq)]
pub struct Tempo {
    /// Where it runs. Default: a namespace `tempo` of its own; its pods meet the level `restricted`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// Where traces are kept. Default: on the volume of the pod.
    pub storage: TempoStorage,
    /// The volume: traces themselves, or what is not yet in the object store. Default: 10Gi.
    pub volume: Volume,
    /// After how many hours traces are deleted. Default: 168.
    pub retention_hours: u32,
    /// Where the metrics go that are made of traces (service graphs and span metrics), as Prometheus' remote write; `None` makes
    /// none. Default: none.
    pub metrics_to: Option<String>,
    /// Whether senders and readers name a tenant with `X-Scope-OrgID`. Default: no.
    pub multi_tenant: bool,
    /// What it asks for and may use.
    pub resources: Resources,
    /// Whether Prometheus gets a ServiceMonitor for it.
    pub monitoring: Monitoring,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// `tempo.registry`, `tempo.repository` and `tempo.tag`.
    pub image: String,
}

/// Where Tempo keeps traces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TempoStorage {
    /// On the volume of the pod. With the volume they are lost.
    Volume,
    /// In a bucket of an object store.
    Bucket {
        /// The store.
        store: ObjectStore,
        /// The bucket.
        bucket: String,
    },
}

const IMAGE: &str = "docker.io/grafana/tempo:2.10.8";

impl Default for Tempo {
    fn default() -> Self {
        Tempo {
            home: Home::own("tempo"),
            version: UPSTREAM.version.into(),
            storage: TempoStorage::Volume,
            volume: Volume::new("10Gi"),
            retention_hours: 168,
            metrics_to: None,
            multi_tenant: false,
            resources: Resources::new("100m", "512Mi").memory_limit("2Gi"),
            monitoring: Monitoring::default(),
            overlay: Overlay::new(),
            image: IMAGE.into(),
        }
    }
}

impl Tempo {
    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        if self.retention_hours == 0 {
            return Err(refused("retention_hours", 0, "at least 1"));
        }
        quantity("volume.size", &self.volume.size)?;
        let any = |port: u16| json!({"endpoint": format!("0.0.0.0:{port}")});
        let mut release = ChartRelease::new(
            TEMPO,
            &UPSTREAM,
            &self.version,
            &json!({
                "tempo": {
                    "reportingEnabled": false,
                    "multitenancyEnabled": self.multi_tenant,
                    "retention": format!("{}h", self.retention_hours),
                    "resources": self.resources.to_value("tempo.resources")?,
                    // Memory that is held only to make garbage collection rarer; 1024 of the chart would be half of the bound.
                    "memBallastSizeMbs": 64,
                    "receivers": {
                        // The chart opens the ports of Jaeger's protocols, too.
                        "jaeger": null,
                        "otlp": {"protocols": {"grpc": any(4317), "http": any(4318)}},
                    },
                    "securityContext": {
                        "allowPrivilegeEscalation": false,
                        "capabilities": {"drop": ["ALL"]},
                        "readOnlyRootFilesystem": true,
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                },
                "persistence": {"enabled": true, "size": self.volume.size},
            }),
        )?;
        let class = self.volume.class.as_deref();
        release.set_some("persistence.storageClassName", class);
        if let TempoStorage::Bucket { store, bucket } = &self.storage {
            store.check("storage.store")?;
            let name = store.name();
            release.set("tempo.storage.trace.backend", name);
            let key = format!("tempo.storage.trace.{name}");
            release.set(&key, place(store, bucket));
            release.set_some("serviceAccount.annotations", store.account_annotations());
            release.set_some("podLabels", store.pod_labels());
            release.set_some("tempo.extraEnvFrom", store.environment_from());
            if store.is_named_in_configuration() {
                release.set("tempo.extraArgs", json!({"config.expand-env": true}));
            }
            if let Some(file) = store.key_file() {
                release.set("extraVolumes", file.volumes);
                release.set("tempo.extraVolumeMounts", file.mounts);
                release.set("tempo.extraEnv", file.environment);
            }
        }
        if let Some(url) = &self.metrics_to {
            release.set(
                "tempo.metricsGenerator",
                json!({
                    "enabled": true,
                    "remoteWriteUrl": url,
                    // On the volume; the chart's default is lost with the pod.
                    "storage": {"path": "/var/tempo/metrics"},
                    "traces_storage": {"path": "/var/tempo/generator-traces"},
                }),
            );
            let processors = json!({"processors": ["service-graphs", "span-metrics"]});
            release.set(
                "tempo.overrides.defaults",
                json!({"metrics_generator": processors}),
            );
        }
        if self.monitoring.is_on(context) {
            release.set("serviceMonitor.enabled", true);
        }
        release.image(out, "tempo", ImageForm::Split, &self.image, IMAGE)?;
        release.finish(self.home.name(), &self.overlay)
    }
}

/// A bucket, as Tempo's configuration has it.
fn place(store: &ObjectStore, bucket: &str) -> Value {
    match store {
        ObjectStore::S3(store) => {
            let aws = format!("s3.{}.amazonaws.com", store.region);
            json!({
                "bucket": bucket,
                "endpoint": store.endpoint.as_ref().unwrap_or(&aws),
                "region": store.region,
                "insecure": store.plain_http,
                "forcepathstyle": store.endpoint.is_some(),
            })
        }
        ObjectStore::Gcs(_) => json!({"bucket_name": bucket}),
        ObjectStore::Azure { account, .. } => {
            let mut place = json!({"container_name": bucket, "storage_account_name": account});
            match store.is_named_in_configuration() {
                true => place["storage_account_key"] = AZURE_KEY.into(),
                false => place["use_federated_token"] = true.into(),
            }
            place
        }
    }
}

licences! {
    "https://github.com/grafana/tempo", "AGPL-3.0-only": ["docker.io/grafana/tempo"];
}

impl Component for Tempo {
    at_home!(TEMPO, requires: home);

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn resize(&mut self, profile: &str) {
        if Size::named(profile) == Some(Size::Large) {
            self.resources = Resources::new("1", "2Gi").memory_limit("4Gi");
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
        out.release(release.running(Pods::exactly(1)));
        provide::service(out, namespace, TEMPO, &[3200, 4317, 4318]);
        provide::accounts(out, namespace, [TEMPO]);
        if let TempoStorage::Bucket { store, .. } = &self.storage
            && let Some(secret) = store.secret()
        {
            provide::secret(out, namespace, secret);
        }
        out.allow(
            "stateful-set-service",
            ObjectId::new("apps/v1", "StatefulSet", Some(namespace), TEMPO),
            "the chart names a headless Service that it does not make; of one replica nobody looks up the name",
        );
        out.questions().pods(
            "TEMPO-1",
            "Tempo runs",
            namespace,
            "app.kubernetes.io/name=tempo",
            Count::exactly(1),
            None,
        );
        Ok(())
    }
}
