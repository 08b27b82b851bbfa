//! The OpenTelemetry Collector: takes in traces, metrics and logs, and hands them on.

use std::collections::BTreeMap;

use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::{Map, Value, json};
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Overlay, Pods, Questions,
    Release, ReleaseError, overlay,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity};
use crate::ids::OTEL_COLLECTOR;
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size, refused};

/// The chart that is known.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://open-telemetry.github.io/opentelemetry-helm-charts",
    "opentelemetry-collector",
    "0.170.0",
)
.aliased("open-telemetry");

/// One collector: a gateway that programs send to, or an agent on each node. A stack may have several, each with its name.
///
/// It takes OTLP alone, on 4317 (gRPC) and 4318 (HTTP); the chart's other receivers and their ports are left out. It listens on the
/// address of its pod, so what asks it on `localhost` inside the pod gets no answer.
///
/// ```
/// use stack_catalog::components::OtelCollector;
/// use stack_catalog::components::otel_collector::{Destination, Signal};
///
/// let collector = OtelCollector::gateway("otel-gateway")
///     .sending(Signal::Traces, Destination::grpc("tempo.tempo.svc:4317"))
///     .sending(Signal::Logs, Destination::http("http://loki-gateway.loki.svc/otlp"));
/// let bundle = stack_catalog::platform("dev", "dev.example.com").with(collector).build()?;
/// let config = &bundle.release("otel-gateway").unwrap().values["config"];
/// assert_eq!(config["exporters"]["otlp/traces"]["endpoint"], "tempo.tempo.svc:4317");
/// # Ok::<(), stack_catalog::stack_builder::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct OtelCollector {
    /// Its id, its release, and the name of its objects.
    pub name: String,
    /// Where it runs. Default: a namespace of its own, called as it is.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// Where it runs, and how often.
    pub mode: Mode,
    /// What it gathers itself.
    pub gathers: Gathers,
    /// Where each signal is sent; one without is written to the collector's own log, as the chart does.
    pub destinations: BTreeMap<Signal, Destination>,
    /// Whether what it takes in gets the names of pod, Deployment, node and namespace. Needs rights to read these. Default: yes.
    pub kubernetes_attributes: bool,
    /// What one pod asks for and may use. At four fifths of the memory it refuses more.
    pub resources: Resources,
    /// Whether Prometheus gets a ServiceMonitor for its own metrics, or a PodMonitor where there is no Service.
    pub monitoring: Monitoring,
    /// More of the collector's configuration, merged over what is made of the fields above.
    pub config: Map<String, Value>,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// The collector's image; the program in it must be called `otelcol-k8s`, or as the overlay says in `command.name`.
    pub image: String,
}

/// Where a collector runs, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// So many pods behind a Service: for what is sent to it.
    Gateway {
        /// How many pods.
        replicas: u32,
    },
    /// One on each node, with its ports on the node: for what is gathered there.
    Agent,
    /// So many pods with names of their own: where each keeps a share of the data.
    Stateful {
        /// How many pods.
        replicas: u32,
    },
}

/// What a collector gathers itself, beside what is sent to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gathers {
    /// The logs of the node's pods, but for its own. For agents; reads a path of the node as root.
    pub logs: bool,
    /// What the node itself uses. For agents; reads paths of the node.
    pub host_metrics: bool,
    /// What pods use, by the kubelet. For agents.
    pub kubelet_metrics: bool,
    /// What the API server knows of nodes and workloads. For gateways: one of several leads.
    pub cluster_metrics: bool,
    /// Events of the cluster, as logs. For gateways.
    pub events: bool,
}

/// A kind of telemetry, with a pipeline of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// Spans of requests.
    Traces,
    /// Numbers over time.
    Metrics,
    /// Lines, and events of Kubernetes.
    Logs,
}

impl Signal {
    fn name(self) -> &'static str {
        match self {
            Signal::Traces => "traces",
            Signal::Metrics => "metrics",
            Signal::Logs => "logs",
        }
    }
}

/// Where a signal is sent, as OTLP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Whether OTLP is sent by gRPC or by HTTP.
    pub protocol: Protocol,
    /// Host and port for gRPC; for HTTP a URL to which `/v1/traces` and the like is added.
    pub endpoint: String,
    /// Whether gRPC goes without TLS. Default: yes, as inside a cluster.
    pub insecure: bool,
    /// Headers, such as `X-Scope-OrgID` for a tenant.
    pub headers: BTreeMap<String, String>,
}

/// How OTLP is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// OTLP by gRPC, to a host and port.
    Grpc,
    /// OTLP by HTTP, to a URL.
    Http,
}

impl Destination {
    /// By gRPC without TLS, to a host and port.
    pub fn grpc(endpoint: &str) -> Self {
        Destination {
            protocol: Protocol::Grpc,
            endpoint: endpoint.to_owned(),
            insecure: true,
            headers: BTreeMap::new(),
        }
    }

    /// By HTTP, to a URL: Loki's `/otlp`, Prometheus' `/api/v1/otlp`, Mimir's `/otlp`.
    pub fn http(url: &str) -> Self {
        Destination {
            protocol: Protocol::Http,
            ..Self::grpc(url)
        }
    }

    /// The same with a header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The name of the exporter, and its configuration.
    fn exporter(&self, signal: Signal) -> Result<(String, Value), ComponentError> {
        let is_url = self.endpoint.contains("://");
        let (kind, expected) = match self.protocol {
            Protocol::Grpc => ("otlp", "host and port, without a scheme"),
            Protocol::Http => ("otlphttp", "a URL"),
        };
        if is_url != (self.protocol == Protocol::Http) {
            let field = format!("destinations[{}].endpoint", signal.name());
            return Err(refused(&field, &self.endpoint, expected));
        }
        let mut exporter = json!({"endpoint": self.endpoint});
        if self.protocol == Protocol::Grpc {
            exporter["tls"] = json!({"insecure": self.insecure});
        }
        if !self.headers.is_empty() {
            exporter["headers"] = json!(self.headers);
        }
        Ok((format!("{kind}/{}", signal.name()), exporter))
    }
}

const IMAGE: &str = "otel/opentelemetry-collector-k8s:0.158.0";

impl Default for OtelCollector {
    /// A gateway called `opentelemetry-collector`.
    fn default() -> Self {
        Self::gateway(OTEL_COLLECTOR)
    }
}

impl OtelCollector {
    /// Two pods behind a Service, to which programs send.
    pub fn gateway(name: &str) -> Self {
        OtelCollector {
            name: name.to_owned(),
            home: Home::own(name),
            version: UPSTREAM.version.into(),
            mode: Mode::Gateway { replicas: 2 },
            gathers: Gathers::default(),
            destinations: BTreeMap::new(),
            kubernetes_attributes: true,
            resources: Resources::new("200m", "512Mi"),
            monitoring: Monitoring::default(),
            config: Map::new(),
            overlay: Overlay::new(),
            image: IMAGE.into(),
        }
    }

    /// One on each node, which gathers logs and metrics there.
    pub fn agent(name: &str) -> Self {
        OtelCollector {
            mode: Mode::Agent,
            gathers: Gathers {
                logs: true,
                host_metrics: true,
                kubelet_metrics: true,
                ..Gathers::default()
            },
            resources: Resources::new("100m", "256Mi").memory_limit("512Mi"),
            ..Self::gateway(name)
        }
    }

    /// The same with a destination for a signal.
    #[must_use]
    pub fn sending(mut self, signal: Signal, to: Destination) -> Self {
        self.destinations.insert(signal, to);
        self
    }

    fn level(&self) -> PodSecurity {
        match self.mode {
            // Its ports are those of the node, and what it gathers lies there.
            Mode::Agent => PodSecurity::Privileged,
            _ if self.gathers.logs || self.gathers.host_metrics => PodSecurity::Privileged,
            _ => PodSecurity::Restricted,
        }
    }

    fn replicas(&self) -> Option<u32> {
        match self.mode {
            Mode::Gateway { replicas } | Mode::Stateful { replicas } => Some(replicas),
            Mode::Agent => None,
        }
    }

    /// At most one pod is away when nodes are drained.
    fn budget(&self) -> PodDisruptionBudget {
        let labels = [
            ("app.kubernetes.io/name", UPSTREAM.chart),
            ("app.kubernetes.io/instance", self.name.as_str()),
        ];
        let labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned()));
        PodDisruptionBudget {
            metadata: ObjectMeta {
                name: Some(self.name.clone()),
                namespace: Some(self.home.name().to_owned()),
                ..ObjectMeta::default()
            },
            spec: Some(PodDisruptionBudgetSpec {
                max_unavailable: Some(IntOrString::Int(1)),
                selector: Some(LabelSelector {
                    match_labels: Some(labels.into()),
                    ..LabelSelector::default()
                }),
                ..PodDisruptionBudgetSpec::default()
            }),
            ..PodDisruptionBudget::default()
        }
    }

    fn config(&self) -> Result<Value, ComponentError> {
        let mut config = json!({
            "receivers": {"jaeger": null, "zipkin": null},
            "service": {"pipelines": {"traces": {"receivers": ["otlp"]}}},
        });
        for (signal, destination) in &self.destinations {
            let (name, exporter) = destination.exporter(*signal)?;
            config["service"]["pipelines"][signal.name()]["exporters"] = json!([name]);
            config["exporters"][name] = exporter;
        }
        overlay::merge(&mut config, &self.config).map_err(|source| ReleaseError::Overlay {
            release: self.name.clone(),
            source,
        })?;
        Ok(config)
    }

    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        let gathers = &self.gathers;
        let by_agent = gathers.logs || gathers.host_metrics || gathers.kubelet_metrics;
        if by_agent && self.mode != Mode::Agent {
            let expected = "Mode::Agent: it gathers logs, or metrics of its node, on each node";
            return Err(refused("mode", format!("{:?}", self.mode), expected));
        }
        if self.mode == Mode::Agent && (gathers.cluster_metrics || gathers.events) {
            let expected = "Mode::Gateway: each agent would gather the whole cluster";
            return Err(refused("mode", "Agent", expected));
        }
        let off = json!({"enabled": false});
        let mut release = ChartRelease::new(
            &self.name,
            &UPSTREAM,
            &self.version,
            &json!({
                "mode": match self.mode {
                    Mode::Gateway { .. } => "deployment",
                    Mode::Agent => "daemonset",
                    Mode::Stateful { .. } => "statefulset",
                },
                "command": {"name": "otelcol-k8s"},
                "resources": self.resources.to_value("resources")?,
                "config": self.config()?,
                "ports": {"jaeger-compact": off, "jaeger-thrift": off, "jaeger-grpc": off, "zipkin": off},
            }),
        )?;
        if self.name != UPSTREAM.chart {
            release.set("fullnameOverride", self.name.as_str());
        }
        release.set_some("replicaCount", self.replicas());
        if matches!(self.mode, Mode::Gateway { replicas } if replicas > 1) {
            let budget = json!({"enabled": true, "minAvailable": 1});
            release.set("podDisruptionBudget", budget);
        }
        for (on, preset) in [
            (gathers.logs, "logsCollection"),
            (gathers.host_metrics, "hostMetrics"),
            (gathers.kubelet_metrics, "kubeletMetrics"),
            (gathers.cluster_metrics, "clusterMetrics"),
            (gathers.events, "kubernetesEvents"),
            (self.kubernetes_attributes, "kubernetesAttributes"),
        ] {
            if on {
                release.set(&format!("presets.{preset}.enabled"), true);
            }
        }
        let mut security = json!({
            "allowPrivilegeEscalation": false,
            "capabilities": {"drop": ["ALL"]},
            "runAsNonRoot": true,
            "runAsUser": 10001,
            "seccompProfile": {"type": "RuntimeDefault"},
        });
        if gathers.logs {
            // The kubelet writes logs for root alone.
            security["runAsNonRoot"] = false.into();
            security["runAsUser"] = 0.into();
        }
        release.set("securityContext", security);
        if self.mode == Mode::Agent {
            release.set("tolerations", json!([{"operator": "Exists"}]));
        }
        if self.monitoring.is_on(context) {
            release.set("ports.metrics.enabled", true);
            let monitor = match self.mode {
                Mode::Agent => "podMonitor.enabled",
                _ => "serviceMonitor.enabled",
            };
            release.set(monitor, true);
        }
        release.image(out, "image", ImageForm::Repository, &self.image, IMAGE)?;
        release.finish(self.home.name(), &self.overlay)
    }
}

licences! {
    "https://github.com/open-telemetry/opentelemetry-collector-releases", "Apache-2.0": [
        "docker.io/otel/opentelemetry-collector-k8s",
    ];
}

impl Component for OtelCollector {
    fn id(&self) -> &str {
        &self.name
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.home.name().to_owned()))
    }

    fn roles(&self) -> Vec<&str> {
        self.home.roles().collect()
    }

    fn requires(&self) -> Vec<&str> {
        self.home.requires().collect()
    }

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn resize(&mut self, profile: &str) {
        if let (Some(size), Mode::Gateway { replicas } | Mode::Stateful { replicas }) =
            (Size::named(profile), &mut self.mode)
        {
            *replicas = match size {
                Size::Small => 1,
                Size::Medium => 2,
                Size::Large => 3,
            };
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        let namespace = self.home.name();
        self.home.contribute(self.level(), out)?;
        let release = self.release(context, out)?;
        let pods = self.replicas().map_or(Pods::each_node(), Pods::exactly);
        out.release(release.running(pods));
        if matches!(self.mode, Mode::Stateful { replicas } if replicas > 1) {
            // The chart makes one for a Deployment alone.
            out.object("disruption-budget.yaml", self.budget())?;
        }
        if self.mode != Mode::Agent {
            provide::service(out, namespace, &self.name, &[4317, 4318]);
        }
        provide::accounts(out, namespace, [self.name.as_str()]);
        Ok(())
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        let count = match self.replicas() {
            Some(replicas) => Count::exactly(replicas),
            None => bundle.count(Pods::each_node()),
        };
        questions.pods(
            &format!("{}-1", self.name.to_uppercase()),
            &format!("{} runs", self.name),
            self.home.name(),
            &format!("app.kubernetes.io/instance={}", self.name),
            count,
            None,
        );
        Ok(())
    }
}
