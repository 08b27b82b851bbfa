//! Jaeger: traces, with a page of its own.

use serde_json::{Value, json};
use stack_builder::{
    Component, ComponentError, Context, Contribution, Count, Overlay, Pods, Release,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::JAEGER;
use crate::licences::licences;
use crate::provide;
use crate::sizes::{Resources, Size, refused};

/// The chart that is known. Upstream calls it experimental.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://jaegertracing.github.io/helm-charts",
    "jaeger",
    "4.11.1",
)
.aliased("jaegertracing");

/// Jaeger v2, one program for everything. It takes OTLP alone, on 4317 and 4318; its page is on 16686. The chart's Service has
/// ports of older protocols, too, at which nobody listens here.
#[derive(Clone, Debug, PartialEq)]
pub struct Jaeger {
    /// Where it runs. Default: a namespace `jaeger` of its own; its pods meet the level `restricted`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// Where traces are kept. Default: in memory, a hundred thousand of them.
    pub storage: JaegerStorage,
    /// What one pod asks for and may use.
    pub resources: Resources,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// `jaeger.image`: collector, storage and page in one program.
    pub image: String,
}

/// Where Jaeger keeps traces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JaegerStorage {
    /// In the memory of a single pod: they are lost with it.
    Memory {
        /// How many traces; the oldest go first.
        traces: u32,
    },
    /// In Elasticsearch, or OpenSearch.
    Elasticsearch {
        /// Its addresses.
        urls: Vec<String>,
        /// The Secret with the keys `username` and `password`; `None` where none are asked for.
        secret: Option<String>,
        /// How many pods of Jaeger.
        replicas: u32,
    },
}

const IMAGE: &str = "docker.io/jaegertracing/jaeger:2.19.0";

impl Default for Jaeger {
    fn default() -> Self {
        Jaeger {
            home: Home::own("jaeger"),
            version: UPSTREAM.version.into(),
            storage: JaegerStorage::Memory { traces: 100_000 },
            resources: Resources::new("100m", "256Mi").memory_limit("1Gi"),
            overlay: Overlay::new(),
            image: IMAGE.into(),
        }
    }
}

impl Jaeger {
    fn replicas(&self) -> u32 {
        match self.storage {
            // Another pod would know other traces.
            JaegerStorage::Memory { .. } => 1,
            JaegerStorage::Elasticsearch { replicas, .. } => replicas,
        }
    }

    /// Jaeger's own configuration: that of an OpenTelemetry collector with a store.
    fn config(&self) -> Result<Value, ComponentError> {
        let backend = match &self.storage {
            JaegerStorage::Memory { traces: 0 } => {
                return Err(refused("storage.traces", 0, "at least 1"));
            }
            JaegerStorage::Memory { traces } => json!({"memory": {"max_traces": traces}}),
            JaegerStorage::Elasticsearch { urls, secret, .. } => {
                let mut store = json!({"server_urls": urls});
                if secret.is_some() {
                    store["auth"] = json!({
                        "basic": {"username": "${env:STORE_USER}", "password": "${env:STORE_PASSWORD}"},
                    });
                }
                json!({"elasticsearch": store})
            }
        };
        let any = |port: u16| json!({"endpoint": format!("0.0.0.0:{port}")});
        Ok(json!({
            "service": {
                "extensions": ["jaeger_storage", "jaeger_query", "healthcheckv2"],
                "pipelines": {"traces": {
                    "receivers": ["otlp"],
                    "processors": ["batch"],
                    "exporters": ["jaeger_storage_exporter"],
                }},
            },
            "extensions": {
                "healthcheckv2": {"use_v2": true, "http": any(13133)},
                "jaeger_query": {"storage": {"traces": "primary"}},
                "jaeger_storage": {"backends": {"primary": backend}},
            },
            "receivers": {"otlp": {"protocols": {"grpc": any(4317), "http": any(4318)}}},
            "processors": {"batch": {}},
            "exporters": {"jaeger_storage_exporter": {"trace_storage": "primary"}},
        }))
    }

    fn release(&self, out: &mut Contribution) -> Result<Release, ComponentError> {
        let mut release = ChartRelease::new(
            JAEGER,
            &UPSTREAM,
            &self.version,
            &json!({
                "jaeger": {
                    "replicas": self.replicas(),
                    "resources": self.resources.to_value("resources")?,
                    "securityContext": {
                        "allowPrivilegeEscalation": false,
                        "capabilities": {"drop": ["ALL"]},
                        "runAsNonRoot": true,
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                },
                "userconfig": self.config()?,
            }),
        )?;
        if let JaegerStorage::Elasticsearch {
            secret: Some(secret),
            ..
        } = &self.storage
        {
            let from = |name: &str, key: &str| {
                let reference = json!({"secretKeyRef": {"name": secret, "key": key}});
                json!({"name": name, "valueFrom": reference})
            };
            let environment = [
                from("STORE_USER", "username"),
                from("STORE_PASSWORD", "password"),
            ];
            release.set("jaeger.extraEnv", json!(environment));
        }
        release.image(out, "jaeger.image", ImageForm::Split, &self.image, IMAGE)?;
        release.finish(self.home.name(), &self.overlay)
    }
}

licences! {
    "https://github.com/jaegertracing/jaeger", "Apache-2.0": ["docker.io/jaegertracing/jaeger"];
}

impl Component for Jaeger {
    at_home!(JAEGER, requires: home);

    fn resize(&mut self, profile: &str) {
        if let (Some(size), JaegerStorage::Elasticsearch { replicas, .. }) =
            (Size::named(profile), &mut self.storage)
        {
            *replicas = if size == Size::Small { 1 } else { 2 };
        }
    }

    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        let namespace = self.home.name();
        self.home.contribute(PodSecurity::Restricted, out)?;
        let release = self.release(out)?;
        let number = release.number("/jaeger/replicas", 1);
        out.release(release.running(Pods::exactly(number)));
        provide::service(out, namespace, JAEGER, &[4317, 4318, 16686]);
        provide::accounts(out, namespace, [JAEGER]);
        if let JaegerStorage::Elasticsearch {
            secret: Some(secret),
            ..
        } = &self.storage
        {
            provide::secret(out, namespace, secret);
        }
        out.questions().pods(
            "JAEGER-1",
            "Jaeger runs",
            namespace,
            "app.kubernetes.io/instance=jaeger",
            Count::exactly(number),
            None,
        );
        Ok(())
    }
}
