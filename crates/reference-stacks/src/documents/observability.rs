//! Observability: what is scraped, shown, told and collected.

use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use prometheus_operator_types::v1::{
    Endpoint, PrometheusRule, PrometheusRuleSpec, Rule, RuleGroup, ServiceMonitor,
    ServiceMonitorSpec,
};
use stack_config::collector::{Collector, Signal, exporter, processor, receiver};
use stack_config::grafana::{Dashboard, Panel, SIDECAR_LABEL, Target};
use stack_config::prometheus::{
    Discovery, PrometheusConfig, Relabel, Role, SERVICE_ACCOUNT, ScrapeConfig,
};
use stack_config::promtail::{LogJob, PromtailConfig, Stage};
use stack_config::{to_json, to_yaml};

use super::{Document, DocumentError};

/// The query of the CPU panel, as it is printed, without its title.
pub const CPU_AS_PRINTED: &str = "100 * rate(container_cpu_usage_seconds_total{container!=\"\",pod=~\"api-.*\"}[5m])\n  \
     / on(pod) group_left\n    kube_pod_container_resource_requests{resource=\"cpu\", unit=\"core\"}\n";

/// CPU of the API's pods in percent of what they ask for, whatever containers they have.
pub const CPU: &str = "100 * sum by (namespace, pod) (rate(container_cpu_usage_seconds_total{container!=\"\",pod=~\"api-.*\"}[5m]))\n  \
     / sum by (namespace, pod) (kube_pod_container_resource_requests{resource=\"cpu\", unit=\"core\"})\n";

fn api_servers() -> ScrapeConfig {
    ScrapeConfig::discovering("kubernetes-apiservers", Discovery::of(Role::Endpoints))
        .over_https(format!("{SERVICE_ACCOUNT}/ca.crt"))
        .relabelled(Relabel::keep(
            [
                "__meta_kubernetes_namespace",
                "__meta_kubernetes_service_name",
                "__meta_kubernetes_endpoint_port_name",
            ],
            "default;kubernetes;https",
        ))
}

fn token() -> String {
    format!("{SERVICE_ACCOUNT}/token")
}

fn base() -> PrometheusConfig {
    PrometheusConfig::every("15s").with_rules(["/etc/prometheus/rules/*.yml"])
}

/// The API servers, and a job for the mesh that finds nothing: as it is printed.
pub fn prometheus_as_printed() -> PrometheusConfig {
    let mut api_servers = api_servers();
    api_servers.bearer_token_file = Some(token());
    let discovery = Discovery::of(Role::Endpoints).in_namespaces(["istio-system"]);
    let mesh = ScrapeConfig::discovering("istio-mesh", discovery).relabelled(Relabel::keep(
        [
            "__meta_kubernetes_service_name",
            "__meta_kubernetes_endpoint_port_name",
        ],
        "istio-proxy;http-monitoring",
    ));
    base().scraping([api_servers, mesh])
}

/// All that the dashboard and the alerts ask for: API servers, nodes, sidecars, Argo CD, and Prometheus itself.
pub fn prometheus() -> PrometheusConfig {
    let ca = format!("{SERVICE_ACCOUNT}/ca.crt");
    let nodes = ScrapeConfig::discovering("kubernetes-nodes", Discovery::of(Role::Node))
        .over_https(ca)
        .with_token_of(token());
    // Each sidecar has a page of its own; the control plane has none of them.
    let mesh = ScrapeConfig {
        metrics_path: Some("/stats/prometheus".into()),
        ..ScrapeConfig::discovering("istio-mesh", Discovery::of(Role::Pod))
    }
    .relabelled(Relabel::keep(
        ["__meta_kubernetes_pod_container_port_name"],
        "http-envoy-prom",
    ));
    let discovery = Discovery::of(Role::Endpoints).in_namespaces(["argocd"]);
    let argocd = ScrapeConfig::discovering("argocd", discovery).relabelled(Relabel::keep(
        ["__meta_kubernetes_endpoint_port_name"],
        "metrics",
    ));
    let own = ScrapeConfig::of_targets("prometheus", ["localhost:9090"]);
    base().scraping([
        api_servers().with_token_of(token()),
        nodes,
        mesh,
        argocd,
        own,
    ])
}

fn config_map(name: &str, file: &str, text: String) -> ConfigMap {
    ConfigMap {
        metadata: ObjectMeta {
            name: Some(name.into()),
            ..ObjectMeta::default()
        },
        data: Some([(file.to_owned(), text)].into()),
        ..ConfigMap::default()
    }
}

/// A ConfigMap with Prometheus' configuration.
///
/// # Errors
/// When the configuration cannot be written.
pub fn prometheus_config_map(config: &PrometheusConfig) -> Result<ConfigMap, DocumentError> {
    Ok(config_map(
        "prometheus-config",
        "prometheus.yml",
        to_yaml(config)?,
    ))
}

fn dashboard_of(latency: &str, latency_kind: &str) -> Dashboard {
    let target = Target::new;
    Dashboard::new(
        "CNCF Stack Overview",
        [
            Panel::new(
                "stat",
                "Kubernetes Cluster Health",
                [
                    target("up{job=\"kubernetes-apiservers\"}", "API Server"),
                    target("up{job=\"kubernetes-nodes\"}", "Nodes"),
                ],
            ),
            Panel::new(
                latency_kind,
                "Istio Service Mesh Metrics",
                [
                    target("rate(istio_requests_total[5m])", "Request Rate"),
                    target(latency, "99th Percentile Latency"),
                ],
            ),
            Panel::new(
                "table",
                "ArgoCD Application Status",
                [target("argocd_app_info", "{{name}} - {{sync_status}}")],
            ),
            Panel::new(
                "stat",
                "Prometheus Targets",
                [
                    target("prometheus_sd_discovered_targets", "Discovered Targets"),
                    target("up", "Up Targets"),
                ],
            ),
        ],
    )
}

/// The dashboard as it is printed; it is printed in the wrapper of Grafana's HTTP API.
pub fn dashboard_as_printed() -> Dashboard {
    dashboard_of(
        "histogram_quantile(0.99, rate(istio_request_duration_milliseconds_bucket[5m]))",
        "graph",
    )
}

/// The dashboard as a file for provisioning, with a panel that Grafana has, and one line for the latency of the mesh.
pub fn dashboard() -> Dashboard {
    let latency = "histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket[5m])))";
    Dashboard {
        uid: Some("cncf-overview".into()),
        ..dashboard_of(latency, "timeseries").arranged(2, 8)
    }
}

/// A ConfigMap with the dashboard, which Grafana's sidecar finds by its label.
///
/// # Errors
/// When the dashboard cannot be written.
pub fn dashboard_config_map() -> Result<ConfigMap, DocumentError> {
    let mut map = config_map(
        "cncf-dashboard",
        "cncf-overview.json",
        to_json(&dashboard())?,
    );
    map.metadata.labels = Some([(SIDECAR_LABEL.to_owned(), "1".to_owned())].into());
    Ok(map)
}

fn alerts_with(error_rate: &str) -> PrometheusRule {
    let alert = |name: &str, query: &str, lasting: &str, severity: &str, summary: &str| {
        Rule::alert(name, query)
            .lasting(lasting)
            .with_label("severity", severity)
            .with_annotation("summary", summary)
    };
    let rules = [
        alert(
            "KubernetesAPIServerDown",
            "up{job=\"kubernetes-apiservers\"} == 0",
            "5m",
            "critical",
            "Kubernetes API server is down",
        ),
        alert(
            "IstioHighErrorRate",
            error_rate,
            "5m",
            "warning",
            "High error rate in service mesh",
        ),
        alert(
            "ArgoCDSyncFailed",
            "argocd_app_info{sync_status!=\"Synced\"} == 1",
            "10m",
            "warning",
            "ArgoCD application sync failed",
        ),
    ];
    let spec = PrometheusRuleSpec::of_groups([RuleGroup::new("cncf.rules", rules)]);
    PrometheusRule::new("cncf-stack-alerts", spec)
}

/// The three alerts as they are printed.
pub fn alerts_as_printed() -> PrometheusRule {
    alerts_with(
        "rate(istio_requests_total{response_code!~\"2..\"}[5m]) / rate(istio_requests_total[5m]) > 0.1",
    )
}

/// The three alerts; the error rate is one of all requests.
pub fn alerts() -> PrometheusRule {
    alerts_with(
        "sum(rate(istio_requests_total{response_code=~\"5..\"}[5m])) / sum(rate(istio_requests_total[5m])) > 0.1",
    )
}

/// The API's metrics, for a Prometheus that chooses monitors by the label `release`.
pub fn service_monitor() -> ServiceMonitor {
    let endpoint = Endpoint::port("http").every("15s");
    ServiceMonitor::new(
        "api-sm",
        ServiceMonitorSpec::of_services([("app", "api")], [endpoint]),
    )
    .with_label("release", "prom")
}

/// All pods, read as Docker writes and with no file to read: as it is printed.
pub fn promtail_as_printed() -> PromtailConfig {
    PromtailConfig {
        scrape_configs: vec![LogJob::of_pods("kubernetes-pods", [Stage::docker()])],
        ..PromtailConfig::default()
    }
}

/// The logs of all pods, as containerd writes them, with namespace, pod and container.
pub fn promtail() -> PromtailConfig {
    let job = LogJob::of_pods("kubernetes-pods", [Stage::cri()]);
    PromtailConfig {
        scrape_configs: vec![job.labelled_as_usual()],
        ..PromtailConfig::default()
    }
}

/// OTLP in, metrics for Prometheus to scrape and traces to Tempo: as it is printed.
pub fn collector_as_printed() -> Collector {
    Collector::default()
        .with_receiver("otlp", receiver::otlp_by_default())
        .with_exporter("prometheus", exporter::prometheus("0.0.0.0:9464"))
        .with_exporter("otlp", exporter::otlp("tempo:4317"))
        .with_pipeline(Signal::Metrics, &["otlp"], &[], &["prometheus"])
        .with_pipeline(Signal::Traces, &["otlp"], &[], &["otlp"])
}

/// The same with listeners that other pods reach, plain text towards Tempo, and a bound on memory.
pub fn collector() -> Collector {
    let processors = ["memory_limiter", "batch"];
    Collector::default()
        .with_receiver("otlp", receiver::otlp("0.0.0.0"))
        .with_processor("memory_limiter", processor::memory_limiter(400, 80))
        .with_processor("batch", processor::batch())
        .with_exporter("prometheus", exporter::prometheus("0.0.0.0:9464"))
        .with_exporter("otlp", exporter::otlp_without_tls("tempo:4317"))
        .with_pipeline(Signal::Metrics, &["otlp"], &processors, &["prometheus"])
        .with_pipeline(Signal::Traces, &["otlp"], &processors, &["otlp"])
}

pub(super) fn documents() -> Result<Vec<Document>, DocumentError> {
    let old_token = "`bearer_token_file` is the older form of `authorization`";
    let no_job = "no job is called kubernetes-nodes: the panel stays empty";
    let wrapper = "Grafana reads a dashboard without a title, and refuses it: the wrapper belongs to its HTTP API";
    let old_panel = "`graph` was drawn by AngularJS, which Grafana 12 no longer has";
    let wrapped = dashboard_as_printed().import();
    let dashboard_map = config_map("cncf-dashboard", "cncf-overview.json", to_json(&wrapped)?);
    Ok(vec![
        Document::printed(
            "000-4-PrometheusConfig-prometheus.yml",
            &prometheus_as_printed(),
        )?
        .with_fault("scrape-old-token", old_token)
        .with_corrected(&prometheus())?,
        Document::printed(
            "000-4-ConfigMap-prometheus-config.yaml",
            &prometheus_config_map(&prometheus_as_printed())?,
        )?
        .with_fault("scrape-old-token", old_token)
        .with_corrected(&prometheus_config_map(&prometheus())?)?,
        Document::printed("000-4-GrafanaDashboard-cncf-overview.json", &wrapped)?
            .with_fault("dashboard-in-wrapper", wrapper)
            .with_fault("dashboard-old-panel", old_panel)
            .with_fault("job-not-scraped", no_job)
            .with_corrected(&dashboard())?,
        Document::printed("000-4-ConfigMap-cncf-dashboard.yaml", &dashboard_map)?
            .with_fault("dashboard-in-wrapper", wrapper)
            .with_fault("dashboard-old-panel", old_panel)
            .with_corrected(&dashboard_config_map()?)?,
        Document::printed(
            "000-4-PrometheusRule-cncf-stack-alerts.yaml",
            &alerts_as_printed(),
        )?
        .with_fault(
            "query-ratio-is-one",
            "each series is divided by itself: IstioHighErrorRate fires for a single answer other than 2xx",
        )
        .with_corrected(&alerts())?,
        Document::printed("001-8.1-ServiceMonitor-api-sm.yaml", &service_monitor())?,
        Document::text("001-8.1-PromQL-cpu-usage-percent.txt", CPU_AS_PRINTED.to_owned())
            .with_fault(
                "query-many-to-many",
                "the query fails as soon as a pod has a second container, such as a sidecar of the mesh",
            )
            .with_corrected_text(CPU.to_owned()),
        Document::printed(
            "001-8.2-LokiScrapeConfig-kubernetes-pods.yaml",
            &promtail_as_printed(),
        )?
        .with_fault(
            "logs-without-path",
            "nothing writes `__path__`: Promtail finds all pods and reads no file",
        )
        .with_fault(
            "logs-of-another-runtime",
            "the guide recommends containerd, and `docker` reads another format",
        )
        .with_corrected(&promtail())?,
        Document::printed(
            "001-8.3-OTelCollectorConfig-prometheus-tempo.yaml",
            &collector_as_printed(),
        )?
        .with_fault(
            "collector-listens-locally",
            "listens on localhost, where no other pod sends anything",
        )
        .with_fault(
            "collector-expects-tls",
            "speaks TLS to a Tempo that has no certificate",
        )
        .with_fault(
            "collector-without-memory-limit",
            "a burst ends the process, with all that it holds",
        )
        .with_corrected(&collector())?,
    ])
}
