//! Thanos: one view of several Prometheis, and their samples for years.

use serde_json::json;
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Finding, Overlay, Pods,
    Release, Severity, Subject,
};

use super::kube_prometheus_stack::SecretKey;
use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::{KUBE_PROMETHEUS_STACK, THANOS};
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size, Volume, quantity, refused};

/// The chart that is known. Bitnami no longer maintains the images of its charts for everybody: that of upstream runs in it.
pub const UPSTREAM: Upstream =
    Upstream::new("https://charts.bitnami.com/bitnami", "thanos", "17.6.0").aliased("bitnami");

/// Thanos behind Prometheus: it queries the sidecars of [`KubePrometheusStack`](super::KubePrometheusStack) (switch them on by its
/// `prometheus.thanos`), and the bucket into which these upload.
#[derive(Clone, Debug, PartialEq)]
pub struct Thanos {
    /// Where it runs. Default: a namespace `thanos` of its own; its pods meet the level `restricted`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// The Service of the sidecars, by namespace and name; `None` asks none. Default: that of `KubePrometheusStack` where it is.
    pub sidecars: Option<(String, String)>,
    /// Other stores that are asked, each with its port: queriers of other clusters.
    pub stores: Vec<String>,
    /// Labels by which replicas of one Prometheus differ. Default: `prometheus_replica`, that of the Prometheus Operator.
    pub replica_labels: Vec<String>,
    /// How many queriers, and as many front ends. Default: 2; one in a small stack.
    pub queriers: u32,
    /// What is kept in a bucket; `None` asks sidecars alone. Default: none.
    pub bucket: Option<ThanosBucket>,
    /// What one pod asks for and may use.
    pub resources: Resources,
    /// Whether Prometheus gets a ServiceMonitor for each part.
    pub monitoring: Monitoring,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// `image`: of all parts, which are one program. Upstream's own; that of the chart's maker is no longer kept up.
    pub image: String,
}

/// A bucket of samples, and those who work on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThanosBucket {
    /// The Secret, in the namespace of Thanos, with the configuration of the object store under the key `objstore.yml`.
    pub secret: SecretKey,
    /// How many gateways to the bucket.
    pub gateways: u32,
    /// The volume of each gateway.
    pub gateway_volume: Volume,
    /// Whether this cluster compacts the bucket. Of all clusters that share it, exactly one may: two destroy it.
    pub compacts: bool,
    /// The volume of the compactor.
    pub compactor_volume: Volume,
    /// Days after which samples are deleted as they were scraped, of five minutes, and of an hour.
    pub retention_days: [u32; 3],
}

impl ThanosBucket {
    /// A bucket that this cluster compacts: samples for 30 days, of five minutes for 90, of an hour for a year.
    pub fn new(secret: &str) -> Self {
        ThanosBucket {
            secret: SecretKey {
                name: secret.to_owned(),
                key: "objstore.yml".to_owned(),
            },
            gateways: 2,
            gateway_volume: Volume::new("20Gi"),
            compacts: true,
            compactor_volume: Volume::new("50Gi"),
            retention_days: [30, 90, 365],
        }
    }
}

const IMAGE: &str = "quay.io/thanos/thanos:v0.42.4";

impl Default for Thanos {
    fn default() -> Self {
        let sidecars = ("monitoring", "kube-prometheus-stack-thanos-discovery");
        Thanos {
            home: Home::own("thanos"),
            version: UPSTREAM.version.into(),
            sidecars: Some((sidecars.0.into(), sidecars.1.into())),
            stores: Vec::new(),
            replica_labels: vec!["prometheus_replica".into()],
            queriers: 2,
            bucket: None,
            resources: Resources::new("100m", "256Mi").memory_limit("1Gi"),
            monitoring: Monitoring::default(),
            overlay: Overlay::new(),
            image: IMAGE.into(),
        }
    }
}

impl Thanos {
    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        if self.queriers == 0 {
            return Err(refused("queriers", 0, "at least 1"));
        }
        let resources = self.resources.to_value("resources")?;
        let mut release = ChartRelease::new(
            THANOS,
            &UPSTREAM,
            &self.version,
            &json!({
                // The chart takes any image but Bitnami's for a mistake.
                "global": {"security": {"allowInsecureImages": true}},
                "query": {
                    "replicaCount": self.queriers,
                    "replicaLabel": self.replica_labels,
                    "stores": self.stores,
                    "resources": resources,
                },
                "queryFrontend": {"replicaCount": self.queriers, "resources": resources},
                "bucketweb": {"enabled": false},
                "storegateway": {"enabled": self.bucket.is_some()},
                "compactor": {"enabled": self.bucket.as_ref().is_some_and(|bucket| bucket.compacts)},
            }),
        )?;
        // Without them the discovery stays on: by it the queriers find the gateway of the bucket, too.
        if let Some((namespace, service)) = &self.sidecars {
            release.set("query.dnsDiscovery.sidecarsNamespace", namespace.as_str());
            release.set("query.dnsDiscovery.sidecarsService", service.as_str());
        }
        if let Some(bucket) = &self.bucket {
            if bucket.secret.key != "objstore.yml" {
                let expected = "objstore.yml, which the chart mounts";
                return Err(refused("bucket.secret.key", &bucket.secret.key, expected));
            }
            release.set("existingObjstoreSecret", bucket.secret.name.as_str());
            let volume = |field: &str, volume: &Volume| {
                quantity(field, &volume.size)?;
                let mut persistence = json!({"size": volume.size});
                if let Some(class) = &volume.class {
                    persistence["storageClass"] = class.as_str().into();
                }
                Ok::<_, ComponentError>(persistence)
            };
            let persistence = volume("bucket.gateway_volume.size", &bucket.gateway_volume)?;
            release.set("storegateway.replicaCount", bucket.gateways);
            release.set("storegateway.resources", resources.clone());
            release.set("storegateway.persistence", persistence);
            if bucket.compacts {
                let persistence = volume("bucket.compactor_volume.size", &bucket.compactor_volume)?;
                release.set("compactor.resources", resources);
                release.set("compactor.persistence", persistence);
                let [raw, minutes, hours] = bucket.retention_days.map(|days| format!("{days}d"));
                release.set("compactor.retentionResolutionRaw", raw);
                release.set("compactor.retentionResolution5m", minutes);
                release.set("compactor.retentionResolution1h", hours);
            }
        }
        if self.monitoring.is_on(context) {
            release.set("metrics.enabled", true);
            release.set("metrics.serviceMonitor.enabled", true);
        }
        release.image(out, "image", ImageForm::Split, &self.image, IMAGE)?;
        release.finish(self.home.name(), &self.overlay)
    }

    /// The sidecars of a Prometheus in the stack must be switched on.
    fn check(&self) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
        let asks = self.sidecars.is_some();
        move |bundle, findings| {
            let Some(prometheus) = bundle.release(KUBE_PROMETHEUS_STACK).filter(|_| asks) else {
                return;
            };
            let discovery = &prometheus.values["prometheus"]["thanosService"]["enabled"];
            if discovery != &serde_json::Value::Bool(true) {
                let finding = Finding::new(
                    "thanos-without-sidecar",
                    Severity::Error,
                    Subject::Release(THANOS.into()),
                    "it asks the sidecars of Prometheus, and Prometheus has none".to_owned(),
                );
                findings.push(
                    finding
                        .at("query.dnsDiscovery.sidecarsService")
                        .remedy("set prometheus.thanos of KubePrometheusStack"),
                );
            }
        }
    }
}

licences! {
    "https://github.com/thanos-io/thanos", "Apache-2.0": ["quay.io/thanos/thanos"];
}

impl Component for Thanos {
    at_home!(THANOS, requires: home);

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn resize(&mut self, profile: &str) {
        if let Some(size) = Size::named(profile) {
            self.queriers = if size == Size::Small { 1 } else { 2 };
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
        let of_bucket = self.bucket.as_ref();
        let of_bucket = of_bucket.map_or(0, |it| it.gateways + u32::from(it.compacts));
        let pods = Pods::exactly(self.queriers.saturating_mul(2) + of_bucket);
        out.release(release.running(pods));
        provide::service(out, namespace, "thanos-query", &[9090]);
        provide::service(out, namespace, "thanos-query-grpc", &[10901]);
        provide::service(out, namespace, "thanos-query-frontend", &[9090]);
        if let Some(bucket) = &self.bucket {
            provide::secret(out, namespace, &bucket.secret.name);
        }
        out.check(self.check());
        out.questions().pods(
            "THANOS-1",
            "the queriers run",
            namespace,
            "app.kubernetes.io/name=thanos,app.kubernetes.io/component=query",
            Count::exactly(self.queriers),
            None,
        );
        Ok(())
    }
}
