//! Names and numbers that several components share, each written once.
//!
//! A component keeps what is its own in its own fields. What two components must agree on stands here, so that
//! changing it changes both sides. Values marked *(ours)* are not in the documentation.

use std::collections::BTreeMap;

use stack_builder::Environment;

/// Everything that components share. The default is the documented lab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wiring {
    /// Name, API server and DNS domain of the cluster.
    pub cluster: ClusterWiring,
    /// The way from outside into the cluster.
    pub gateway: GatewayWiring,
    /// The first labels of the host names.
    pub hosts: HostWiring,
    /// Root namespace and trust domain of the mesh.
    pub mesh: MeshWiring,
    /// Names and labels of the demo app.
    pub demo: DemoWiring,
    /// Services and ports of the observability stack.
    pub telemetry: TelemetryWiring,
}

/// The cluster, as the parts in it must know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterWiring {
    /// The kind cluster's name *(ours: `lab`)*; node names begin with it.
    pub name: String,
    /// The host name or address of the API server, as the nodes reach it. Needed where the cluster is not made by the
    /// component `kind`; with kind the first control-plane node where it is not said.
    pub api_server: Option<String>,
    /// The port of the API server *(ours: 6443, kind's own)*.
    pub api_server_port: u16,
    /// The DNS domain of Services *(ours: `cluster.local`, the default of Kubernetes)*.
    pub dns_domain: String,
}

impl Default for ClusterWiring {
    fn default() -> Self {
        ClusterWiring {
            name: "lab".into(),
            api_server: None,
            api_server_port: 6443,
            dns_domain: "cluster.local".into(),
        }
    }
}

impl ClusterWiring {
    /// Where the API server is reached without kube-proxy: [`ClusterWiring::api_server`], or else the host name of the
    /// first control-plane node in kind's network.
    pub fn api_server_host(&self) -> String {
        match &self.api_server {
            Some(host) => host.clone(),
            None => format!("{}-control-plane", self.name),
        }
    }

    /// The full DNS name of a Service.
    pub fn service_host(&self, namespace: &str, service: &str) -> String {
        format!("{service}.{namespace}.svc.{}", self.dns_domain)
    }
}

/// Kong's gateway, as routes, the mesh and the cluster must know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayWiring {
    /// The namespace of the Gateway and of Kong's pods.
    pub namespace: String,
    /// The name of the Gateway object, to which all routes attach. Documented: `kong-gateway`.
    pub name: String,
    /// The name of the GatewayClass. Documented: `kong`.
    pub class: String,
    /// The ServiceAccount of the proxy pods, which the demo app's policy lets in.
    pub service_account: String,
    /// The Service in front of the proxy pods.
    pub proxy_service: String,
    /// The labels of the proxy pods, as the chart `ingress` sets them *(ours)*.
    pub pod_labels: BTreeMap<String, String>,
    /// The labels of the controller's pods, as the chart `ingress` sets them *(ours)*.
    pub controller_labels: BTreeMap<String, String>,
    /// The container port of the controller's validating webhook *(ours: 8080, the chart's)*.
    pub webhook_port: u16,
    /// The way of plain HTTP. Documented: ports 80 and 30080.
    pub http: PublishedPort,
    /// The way of HTTPS. Documented: ports 443 and 30443.
    pub https: PublishedPort,
    /// The way to Kong's page. Documented: port 30329.
    pub manager: PublishedPort,
    /// The container port of the Admin API, plain HTTP *(ours: 8001, the chart's)*.
    pub admin_port: u16,
    /// The port on the reader's machine to which the Admin API is forwarded, so that Kong Manager shows data *(ours: 30330)*.
    pub forwarded_admin_port: u16,
}

/// A port that is reached from the machine on which kind runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedPort {
    /// The port on that machine, which a browser calls; must be free there.
    pub host: u16,
    /// The node port of the Service; 30000 to 32767.
    pub node: u16,
    /// The port that pods of the cluster call at the Service.
    pub service: u16,
    /// The port of the container *(ours: the chart's defaults)*.
    pub container: u16,
}

/// The labels that the chart `ingress` gives the pods of one of its two parts.
fn of_chart(part: &str) -> BTreeMap<String, String> {
    [
        ("app.kubernetes.io/name", part),
        ("app.kubernetes.io/instance", "kong"),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into()
}

impl Default for GatewayWiring {
    fn default() -> Self {
        GatewayWiring {
            namespace: "kong".into(),
            name: "kong-gateway".into(),
            class: "kong".into(),
            service_account: "kong-gateway".into(),
            proxy_service: "kong-gateway-proxy".into(),
            pod_labels: of_chart("gateway"),
            controller_labels: of_chart("controller"),
            webhook_port: 8080,
            http: PublishedPort {
                host: 80,
                node: 30080,
                service: 80,
                container: 8000,
            },
            https: PublishedPort {
                host: 443,
                node: 30443,
                service: 443,
                container: 8443,
            },
            manager: PublishedPort {
                host: 30329,
                node: 30329,
                service: 8002,
                container: 8002,
            },
            admin_port: 8001,
            forwarded_admin_port: 30330,
        }
    }
}

impl GatewayWiring {
    /// The address at which a browser on the machine of the cluster finds a host: with the port, where it is not the one that
    /// plain HTTP has anyway.
    pub fn page(&self, host: &str) -> String {
        match self.http.host {
            80 => format!("http://{host}"),
            port => format!("http://{host}:{port}"),
        }
    }

    /// The proxy's address inside the cluster, in the documented short form.
    pub fn proxy_url(&self) -> String {
        format!("http://{}.{}.svc", self.proxy_service, self.namespace)
    }
}

/// The first label of each documented host name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostWiring {
    /// Label of Grafana's host. Documented: `grafana`.
    pub grafana: String,
    /// Label of Argo CD's host. Documented: `argocd`.
    pub argocd: String,
    /// Label of Hubble UI's host. Documented: `hubble`.
    pub hubble: String,
    /// Label of the host under which the demo app is published. Documented: `api`.
    pub api: String,
}

impl Default for HostWiring {
    fn default() -> Self {
        HostWiring {
            grafana: "grafana".into(),
            argocd: "argocd".into(),
            hubble: "hubble".into(),
            api: "api".into(),
        }
    }
}

impl HostWiring {
    /// The full host names in the order of the documented `/etc/hosts` line.
    pub fn in_hosts_order(&self, environment: &Environment) -> [String; 4] {
        [&self.grafana, &self.argocd, &self.hubble, &self.api].map(|host| environment.host(host))
    }
}

/// The mesh, as policies must know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeshWiring {
    /// The root namespace: policies in it hold for the whole mesh.
    pub root_namespace: String,
    /// The trust domain of the identities *(ours: `cluster.local`, Istio's default)*.
    pub trust_domain: String,
}

impl Default for MeshWiring {
    fn default() -> Self {
        MeshWiring {
            root_namespace: "istio-system".into(),
            trust_domain: "cluster.local".into(),
        }
    }
}

/// The demo app, as policies, routes, guard rails and exercises must know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoWiring {
    /// The namespace that the demo app lives in.
    pub namespace: String,
    /// The name of the backend: Deployment, Service and `app` label.
    pub backend: String,
    /// The port of the backend's Service and container.
    pub backend_port: u16,
    /// The name of the frontend: Deployment, ServiceAccount and `app` label.
    pub frontend: String,
    /// The name of the load generator: Job and `app` label.
    pub load_generator: String,
    /// The value of the `team` label.
    pub team: String,
}

impl Default for DemoWiring {
    fn default() -> Self {
        DemoWiring {
            namespace: "demo".into(),
            backend: "backend".into(),
            backend_port: 80,
            frontend: "frontend".into(),
            load_generator: "load-generator".into(),
            team: "platform".into(),
        }
    }
}

impl DemoWiring {
    /// The labels that the policy `require-labels` asks for.
    pub fn labels(&self, app: &str, environment: &Environment) -> BTreeMap<String, String> {
        [
            ("app", app),
            ("env", environment.name()),
            ("team", &self.team),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
    }

    /// The backend's address inside the cluster, in the documented short form.
    pub fn backend_url(&self) -> String {
        format!("http://{}.{}.svc", self.backend, self.namespace)
    }
}

/// The port on which Tempo answers queries; the chart's Service has no other.
pub const TEMPO_QUERY_PORT: u16 = 3200;

/// The port on which Tempo takes OTLP over gRPC; the chart's Service leads to no other.
pub const TEMPO_OTLP_PORT: u16 = 4317;

/// Where telemetry goes.
///
/// The addresses are made here, so that whoever sends and whoever listens cannot disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TelemetryWiring {
    /// The namespace of the observability stack.
    pub namespace: String,
    /// The Service of the OpenTelemetry Collector.
    pub collector: String,
    /// The collector's port for OTLP over gRPC. Documented: 4317.
    pub otlp_grpc_port: u16,
    /// The collector's port for OTLP over HTTP. Documented: 4318.
    pub otlp_http_port: u16,
    /// The Service of Mimir's gateway, through which metrics come in and go out *(ours: `mimir-gateway`, the chart's)*.
    pub mimir_gateway: String,
    /// The port of that Service *(ours: 80, the chart's)*.
    pub mimir_gateway_port: u16,
    /// Loki's Service *(ours: `loki`, the chart's)*.
    pub loki: String,
    /// The port of Loki's Service and container *(ours: 3100, Loki's own)*.
    pub loki_port: u16,
    /// Tempo's Service *(ours: `tempo`, the chart's)*. Its ports are [`TEMPO_QUERY_PORT`] and [`TEMPO_OTLP_PORT`].
    pub tempo: String,
    /// The Service of AlertManager *(ours: `alertmanager`)*.
    pub alertmanager: String,
    /// The port of that Service and of its container *(ours: 9093, the program's own)*.
    pub alertmanager_port: u16,
    /// Grafana's Service, to which its route leads. Documented: `grafana`.
    pub grafana: String,
    /// The port of that Service; the container's own is 3000. Documented: 80.
    pub grafana_port: u16,
    /// How many seconds the collector keeps a trace before it decides. Documented: 30. Tempo must wait longer.
    pub sampling_wait_seconds: u32,
    /// After how many seconds the collector sends a batch that is not full. Documented: 1.
    pub batch_timeout_seconds: u32,
    /// The port on which Cilium's agents show Hubble's metrics *(ours: 9965, the chart's)*.
    pub hubble_metrics_port: u16,
    /// By which ids Grafana's data sources refer to each other.
    pub data_sources: DataSourceIds,
}

/// The ids of Grafana's data sources *(ours: the lower-case names)*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSourceIds {
    /// Id of the data source for metrics.
    pub mimir: String,
    /// Id of the data source for logs, to which traces link.
    pub loki: String,
    /// Id of the data source for traces, to which logs and metrics link.
    pub tempo: String,
    /// Id of the data source for alerts and silences.
    pub alertmanager: String,
}

impl Default for DataSourceIds {
    fn default() -> Self {
        DataSourceIds {
            mimir: "mimir".into(),
            loki: "loki".into(),
            tempo: "tempo".into(),
            alertmanager: "alertmanager".into(),
        }
    }
}

impl Default for TelemetryWiring {
    fn default() -> Self {
        TelemetryWiring {
            namespace: "monitoring".into(),
            collector: "otel-collector".into(),
            otlp_grpc_port: 4317,
            otlp_http_port: 4318,
            mimir_gateway: "mimir-gateway".into(),
            mimir_gateway_port: 80,
            loki: "loki".into(),
            loki_port: 3100,
            tempo: "tempo".into(),
            alertmanager: "alertmanager".into(),
            alertmanager_port: 9093,
            grafana: "grafana".into(),
            grafana_port: 80,
            sampling_wait_seconds: 30,
            batch_timeout_seconds: 1,
            hubble_metrics_port: 9965,
            data_sources: DataSourceIds::default(),
        }
    }
}

impl TelemetryWiring {
    fn url(&self, cluster: &ClusterWiring, service: &str, port: u16, path: &str) -> String {
        let host = cluster.service_host(&self.namespace, service);
        let port = if port == 80 {
            String::new()
        } else {
            format!(":{port}")
        };
        format!("http://{host}{port}{path}")
    }

    /// Where a client in the cluster posts OTLP traces over HTTP.
    pub fn otlp_traces_url(&self, cluster: &ClusterWiring) -> String {
        self.url(cluster, &self.collector, self.otlp_http_port, "/v1/traces")
    }

    /// URL for Prometheus' remote write, by way of Mimir's gateway.
    pub fn mimir_push_url(&self, cluster: &ClusterWiring) -> String {
        self.url(
            cluster,
            &self.mimir_gateway,
            self.mimir_gateway_port,
            "/api/v1/push",
        )
    }

    /// Where OTLP metrics go; the sender appends `/v1/metrics`.
    pub fn mimir_otlp_url(&self, cluster: &ClusterWiring) -> String {
        self.url(
            cluster,
            &self.mimir_gateway,
            self.mimir_gateway_port,
            "/otlp",
        )
    }

    /// Where metrics are queried as from Prometheus.
    pub fn mimir_query_url(&self, cluster: &ClusterWiring) -> String {
        self.url(
            cluster,
            &self.mimir_gateway,
            self.mimir_gateway_port,
            "/prometheus",
        )
    }

    /// URL at which Grafana queries logs.
    pub fn loki_url(&self, cluster: &ClusterWiring) -> String {
        self.url(cluster, &self.loki, self.loki_port, "")
    }

    /// Where logs are pushed in Loki's own protocol.
    pub fn loki_push_url(&self, cluster: &ClusterWiring) -> String {
        self.url(cluster, &self.loki, self.loki_port, "/loki/api/v1/push")
    }

    /// Where OTLP logs go; the sender appends `/v1/logs`.
    pub fn loki_otlp_url(&self, cluster: &ClusterWiring) -> String {
        self.url(cluster, &self.loki, self.loki_port, "/otlp")
    }

    /// URL at which Grafana queries traces.
    pub fn tempo_url(&self, cluster: &ClusterWiring) -> String {
        self.url(cluster, &self.tempo, TEMPO_QUERY_PORT, "")
    }

    /// Host and port to which OTLP traces go over gRPC.
    pub fn tempo_otlp_endpoint(&self, cluster: &ClusterWiring) -> String {
        format!(
            "{}:{TEMPO_OTLP_PORT}",
            cluster.service_host(&self.namespace, &self.tempo)
        )
    }

    /// Where alerts are sent, and where Grafana shows them.
    pub fn alertmanager_url(&self, cluster: &ClusterWiring) -> String {
        self.url(cluster, &self.alertmanager, self.alertmanager_port, "")
    }

    /// How long a trace may be on its way through the collector, in seconds: the sampling wait and the batch.
    pub fn collector_delay_seconds(&self) -> u32 {
        self.sampling_wait_seconds
            .saturating_add(self.batch_timeout_seconds)
    }
}
