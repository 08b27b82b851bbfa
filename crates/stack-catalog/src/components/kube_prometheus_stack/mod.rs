//! Prometheus with its operator, Alertmanager, Grafana, and what measures nodes and objects.

mod check;
mod definitions;
mod images;
mod parts;
mod release;
mod verify;

use prometheus_operator_types::v1::{PodMonitor, Probe, PrometheusRule, ServiceMonitor};
use prometheus_operator_types::v1alpha1::ScrapeConfig;
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, ObjectId, Overlay, Pods, Provided,
    Questions,
};

pub use definitions::{PrometheusOperatorCrds, UPSTREAM as DEFINITIONS};
pub use images::KubePrometheusStackImages;
pub use parts::{
    Alertmanager, ControlPlane, Definitions, Grafana, GrafanaAdmin, Prometheus, RemoteWrite,
    Routing, SecretKey, Takes, ThanosSidecar, WebhookCertificate,
};

use crate::chart_release::Upstream;
use crate::home::{Home, PodSecurity};
use crate::ids::{CERT_MANAGER, KUBE_PROMETHEUS_STACK, MONITORING_CRDS};
use crate::licences::licences;
use crate::sizes::{Resources, Size};

/// The chart that is known.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://prometheus-community.github.io/helm-charts",
    "kube-prometheus-stack",
    "88.5.3",
)
.aliased("prometheus-community");

/// The Service of Prometheus, as the chart names it; its port is 9090.
pub const PROMETHEUS_SERVICE: &str = "kube-prometheus-stack-prometheus";
/// The Service of Alertmanager, as the chart names it; its port is 9093.
pub const ALERTMANAGER_SERVICE: &str = "kube-prometheus-stack-alertmanager";
/// The Service of Grafana, as the chart names it; its port is 80.
pub const GRAFANA_SERVICE: &str = "kube-prometheus-stack-grafana";

/// Metrics and alerts of a cluster: Prometheus and its operator, Alertmanager, Grafana with the dashboards of Kubernetes,
/// kube-state-metrics, and the node exporter.
///
/// Its webhook fails open. node-exporter needs the level `privileged` for its namespace; without it `restricted` will do.
///
/// ```
/// use stack_catalog::components::KubePrometheusStack;
/// use stack_catalog::prometheus_operator_types::v1::{PrometheusRule, PrometheusRuleSpec, Rule, RuleGroup};
///
/// let down = Rule::alert("ApiDown", "up{job=\"api\"} == 0").lasting("5m").with_label("severity", "critical");
/// let rules = PrometheusRule::new("api", PrometheusRuleSpec::of_groups([RuleGroup::new("api", [down])]));
/// let mut monitoring = KubePrometheusStack { rules: vec![rules], ..Default::default() };
/// monitoring.prometheus.retention_days = 30;
/// let bundle = stack_catalog::platform("prod", "example.com").with(monitoring).build()?;
/// assert!(bundle.object("PrometheusRule", Some("monitoring"), "api").is_some());
/// # Ok::<(), stack_catalog::stack_builder::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct KubePrometheusStack {
    /// Where it runs. Default: a namespace `monitoring` of its own. Five Services for targets stand in `kube-system`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// How the definitions of its kinds come into the cluster.
    pub definitions: Definitions,
    /// The version of the chart of the definitions; it belongs to the operator's.
    pub definitions_version: String,
    /// Where the certificate of its webhook comes from.
    pub webhook_certificate: WebhookCertificate,
    /// What the operator asks for and may use.
    pub operator_resources: Resources,
    /// What Prometheus keeps, for how long, and of whom.
    pub prometheus: Prometheus,
    /// Alertmanager; `None` leaves it out.
    pub alertmanager: Option<Alertmanager>,
    /// Grafana; `None` leaves it out.
    pub grafana: Option<Grafana>,
    /// What kube-state-metrics asks for and may use.
    pub kube_state_metrics: Resources,
    /// What each node exporter asks for and may use; `None` leaves it out.
    pub node_exporter: Option<Resources>,
    /// Parts of the control plane that are scraped. Default: none, beside the API server and the kubelets.
    pub control_plane: ControlPlane,
    /// Alerts of the chart that are switched off, by their names.
    pub disabled_alerts: Vec<String>,
    /// Rules of one's own. One without a namespace is put into that of the component; so are the objects below.
    pub rules: Vec<PrometheusRule>,
    /// What else is scraped, by Services.
    pub service_monitors: Vec<ServiceMonitor>,
    /// What else is scraped, by pods.
    pub pod_monitors: Vec<PodMonitor>,
    /// What is asked from outside, through a blackbox exporter.
    pub probes: Vec<Probe>,
    /// What else is scraped, outside the cluster.
    pub scrape_configs: Vec<ScrapeConfig>,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: KubePrometheusStackImages,
}

impl Default for KubePrometheusStack {
    fn default() -> Self {
        KubePrometheusStack {
            home: Home::own("monitoring"),
            version: UPSTREAM.version.into(),
            definitions: Definitions::default(),
            definitions_version: definitions::UPSTREAM.version.into(),
            webhook_certificate: WebhookCertificate::default(),
            operator_resources: Resources::new("100m", "128Mi").memory_limit("256Mi"),
            prometheus: Prometheus::default(),
            alertmanager: Some(Alertmanager::default()),
            grafana: Some(Grafana::default()),
            kube_state_metrics: Resources::new("20m", "96Mi").memory_limit("256Mi"),
            node_exporter: Some(Resources::new("50m", "48Mi").memory_limit("128Mi")),
            control_plane: ControlPlane::default(),
            disabled_alerts: Vec::new(),
            rules: Vec::new(),
            service_monitors: Vec::new(),
            pod_monitors: Vec::new(),
            probes: Vec::new(),
            scrape_configs: Vec::new(),
            overlay: Overlay::new(),
            images: KubePrometheusStackImages::default(),
        }
    }
}

impl KubePrometheusStack {
    pub(crate) fn has_webhook_jobs(&self) -> bool {
        self.webhook_certificate == WebhookCertificate::Jobs
    }

    /// The level that its pods need.
    fn level(&self) -> PodSecurity {
        match self.node_exporter {
            // It looks at the processes, the network and the disks of its node.
            Some(_) => PodSecurity::Privileged,
            None => PodSecurity::Restricted,
        }
    }

    /// How many pods it runs, those of the operator's StatefulSets too.
    fn pods(&self) -> Pods {
        let alertmanagers = self.alertmanager.as_ref().map_or(0, |it| it.replicas);
        // The operator, and kube-state-metrics.
        let fixed =
            2 + self.prometheus.replicas + alertmanagers + u32::from(self.grafana.is_some());
        let nodes = match self.node_exporter {
            Some(_) => Pods::each_node().on_host_network(),
            None => Pods::default(),
        };
        Pods::exactly(fixed) + nodes
    }

    fn provide(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        let mut service = |namespace: &str, part: &str, ports: &[u16]| {
            out.provides(Provided::Service {
                namespace: namespace.into(),
                name: format!("{KUBE_PROMETHEUS_STACK}-{part}"),
                ports: ports.to_vec(),
            });
        };
        service(namespace, "prometheus", &[9090, 8080]);
        service(namespace, "operator", &[443]);
        service(namespace, "kube-state-metrics", &[8080]);
        let mut accounts = vec!["prometheus", "operator", "kube-state-metrics"];
        if self.alertmanager.is_some() {
            service(namespace, "alertmanager", &[9093, 8080]);
            accounts.push("alertmanager");
        }
        if self.grafana.is_some() {
            service(namespace, "grafana", &[80]);
            accounts.push("grafana");
        }
        if self.node_exporter.is_some() {
            service(namespace, "prometheus-node-exporter", &[9100]);
            accounts.push("prometheus-node-exporter");
        }
        service("kube-system", "coredns", &[9153]);
        for part in accounts {
            out.provides(Provided::ServiceAccount {
                namespace: namespace.into(),
                name: format!("{KUBE_PROMETHEUS_STACK}-{part}"),
            });
        }
        out.provides(Provided::Callee {
            namespace: namespace.into(),
            labels: [("app".into(), format!("{KUBE_PROMETHEUS_STACK}-operator"))].into(),
            port: 10250,
            purpose: "the webhook of the Prometheus Operator, which the API server calls".into(),
        });
        let made = |kind: &str, name: String| Provided::Made {
            object: ObjectId::new("apps/v1", kind, Some(namespace), &name),
            by: "the Prometheus Operator".into(),
        };
        out.provides(made(
            "StatefulSet",
            format!("prometheus-{PROMETHEUS_SERVICE}"),
        ));
        if self.alertmanager.is_some() {
            let name = format!("alertmanager-{ALERTMANAGER_SERVICE}");
            out.provides(made("StatefulSet", name));
        }
        out.provides(Provided::ApiGroup("monitoring.coreos.com".into()));
    }

    /// The objects that come with it, each in a namespace.
    fn objects(&self, out: &mut Contribution) -> Result<(), ComponentError> {
        macro_rules! add {
            ($file:literal, $objects:expr) => {
                for object in $objects {
                    let mut object = object.clone();
                    let namespace = &mut object.metadata.namespace;
                    namespace.get_or_insert_with(|| self.home.name().to_owned());
                    out.object($file, object)?;
                }
            };
        }
        let alertmanager = self.alertmanager.iter();
        add!(
            "alertmanager-config.yaml",
            alertmanager.filter_map(|it| match &it.routing {
                Routing::Object(object) => Some(object.as_ref()),
                _ => None,
            })
        );
        add!("rules.yaml", &self.rules);
        add!("monitors.yaml", &self.service_monitors);
        add!("monitors.yaml", &self.pod_monitors);
        add!("probes.yaml", &self.probes);
        add!("scrape-configs.yaml", &self.scrape_configs);
        Ok(())
    }
}

licences! {
    "https://github.com/grafana/grafana", "AGPL-3.0-only": ["docker.io/grafana/grafana"];
    "https://github.com/jkroepke/kube-webhook-certgen", unknown: ["ghcr.io/jkroepke/kube-webhook-certgen"];
    "https://github.com/kiwigrid/k8s-sidecar", "MIT": ["quay.io/kiwigrid/k8s-sidecar"];
    "https://github.com/prometheus-operator/prometheus-operator", "Apache-2.0": [
        "quay.io/prometheus-operator/prometheus-config-reloader",
        "quay.io/prometheus-operator/prometheus-operator",
    ];
    "https://github.com/prometheus/alertmanager", "Apache-2.0": ["quay.io/prometheus/alertmanager"];
    "https://github.com/prometheus/node_exporter", "Apache-2.0": ["quay.io/prometheus/node-exporter"];
    "https://github.com/prometheus/prometheus", "Apache-2.0": ["quay.io/prometheus/prometheus"];
    "https://github.com/thanos-io/thanos", "Apache-2.0": ["quay.io/thanos/thanos"];
    "https://github.com/kubernetes/kube-state-metrics", "Apache-2.0": [
        "registry.k8s.io/kube-state-metrics/kube-state-metrics",
    ];
}

impl Component for KubePrometheusStack {
    fn id(&self) -> &str {
        KUBE_PROMETHEUS_STACK
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.home.name().to_owned()))
    }

    fn roles(&self) -> Vec<&str> {
        let brings = self.definitions != Definitions::Component;
        let definitions = brings.then_some(MONITORING_CRDS);
        self.home.roles().chain(definitions).collect()
    }

    fn requires(&self) -> Vec<&str> {
        let needs = self.definitions == Definitions::Component;
        let definitions = needs.then_some(MONITORING_CRDS);
        let issuer = (!self.has_webhook_jobs()).then_some(CERT_MANAGER);
        let others = definitions.into_iter().chain(issuer);
        self.home.requires().chain(others).collect()
    }

    fn resize(&mut self, profile: &str) {
        let Some(size) = Size::named(profile) else {
            return;
        };
        let replicas = if size == Size::Small { 1 } else { 2 };
        self.prometheus.replicas = replicas;
        if let Some(alertmanager) = &mut self.alertmanager {
            alertmanager.replicas = replicas;
        }
        if size == Size::Large {
            self.prometheus.resources = Resources::new("2", "8Gi").memory_limit("16Gi");
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        self.home.contribute(self.level(), out)?;
        if self.definitions == Definitions::OwnRelease {
            let definitions = definitions::release(&self.definitions_version, self.home.name());
            out.release(definitions?);
        }
        self.grafana_secret(out)?;
        let release = release::of(self, context, out)?;
        out.release(release.running(self.pods()));
        verify::wait(self, out);
        self.provide(out);
        self.objects(out)?;
        out.check(check::of(self));
        Ok(())
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        verify::ask(self, bundle, questions);
        Ok(())
    }
}
