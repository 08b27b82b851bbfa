//! Where the images of the stack of Prometheus come from, and how the chart writes them.

use stack_builder::{ComponentError, Contribution};

use super::KubePrometheusStack;
use crate::chart_release::{ChartRelease, ImageForm};

/// The images, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubePrometheusStackImages {
    /// `prometheusOperator.image`.
    pub operator: String,
    /// `prometheusOperator.prometheusConfigReloader.image`: beside each Prometheus and Alertmanager that the operator runs.
    pub config_reloader: String,
    /// `prometheusOperator.admissionWebhooks.patch.image`: Jobs that make the webhook's certificate.
    pub webhook_certificates: String,
    /// `prometheusOperator.thanosImage`: what the operator runs as Thanos' sidecar or ruler.
    pub thanos: String,
    /// `prometheus.prometheusSpec.image`.
    pub prometheus: String,
    /// `alertmanager.alertmanagerSpec.image`.
    pub alertmanager: String,
    /// `grafana.image`.
    pub grafana: String,
    /// `grafana.sidecar.image`.
    pub grafana_sidecar: String,
    /// `kube-state-metrics.image`.
    pub kube_state_metrics: String,
    /// `prometheus-node-exporter.image`. The chart takes the ending `-distroless` from a switch.
    pub node_exporter: String,
}

impl Default for KubePrometheusStackImages {
    fn default() -> Self {
        KubePrometheusStackImages {
            operator: "quay.io/prometheus-operator/prometheus-operator:v0.93.1".into(),
            config_reloader: "quay.io/prometheus-operator/prometheus-config-reloader:v0.93.1"
                .into(),
            webhook_certificates: "ghcr.io/jkroepke/kube-webhook-certgen:1.8.7".into(),
            thanos: "quay.io/thanos/thanos:v0.42.4".into(),
            prometheus: "quay.io/prometheus/prometheus:v3.14.0-distroless".into(),
            alertmanager: "quay.io/prometheus/alertmanager:v0.34.0".into(),
            grafana: "docker.io/grafana/grafana:13.2.0".into(),
            grafana_sidecar: "quay.io/kiwigrid/k8s-sidecar:2.10.1".into(),
            kube_state_metrics: "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0"
                .into(),
            node_exporter: "quay.io/prometheus/node-exporter:v1.12.1-distroless".into(),
        }
    }
}

/// Which image stands at which key, of the stack and of the version that is known.
type Key = (&'static str, fn(&KubePrometheusStackImages) -> &str);

const OPERATOR: [Key; 3] = [
    ("prometheusOperator.image", |images| &images.operator),
    (
        "prometheusOperator.prometheusConfigReloader.image",
        |images| &images.config_reloader,
    ),
    ("prometheus.prometheusSpec.image", |images| {
        &images.prometheus
    }),
];
const JOBS: Key = (
    "prometheusOperator.admissionWebhooks.patch.image",
    |images| &images.webhook_certificates,
);
const ALERTMANAGER: Key = ("alertmanager.alertmanagerSpec.image", |images| {
    &images.alertmanager
});
const GRAFANA: [Key; 2] = [
    ("grafana.image", |images| &images.grafana),
    ("grafana.sidecar.image", |images| &images.grafana_sidecar),
];
const KUBE_STATE_METRICS: Key = ("kube-state-metrics.image", |images| {
    &images.kube_state_metrics
});

/// Writes the images of the parts that are there.
pub(super) fn write(
    stack: &KubePrometheusStack,
    release: &mut ChartRelease,
    out: &mut Contribution,
) -> Result<(), ComponentError> {
    let (images, default) = (&stack.images, KubePrometheusStackImages::default());
    let mut keys = OPERATOR.to_vec();
    keys.extend(stack.has_webhook_jobs().then_some(JOBS));
    keys.extend(stack.alertmanager.is_some().then_some(ALERTMANAGER));
    keys.extend(stack.grafana.iter().flat_map(|_| GRAFANA));
    keys.push(KUBE_STATE_METRICS);
    for (key, of) in keys {
        release.image(out, key, ImageForm::Split, of(images), of(&default))?;
    }
    // The operator is told of it always, and runs it where a Prometheus or a ThanosRuler asks for it.
    let key = "prometheusOperator.thanosImage";
    let comment = "named to the operator, which pulls it for Thanos' sidecar and ruler alone";
    let thanos = out.commented_image(key, &images.thanos, comment)?;
    release.write_image(key, ImageForm::Split, &thanos);
    if stack.node_exporter.is_some() {
        let key = "prometheus-node-exporter.image";
        let node_exporter = out.image(key, &images.node_exporter)?;
        release.write_image(key, ImageForm::Split, &node_exporter);
        let tag = node_exporter.tag().unwrap_or_default();
        let plain = tag.strip_suffix("-distroless");
        release.set(&format!("{key}.tag"), plain.unwrap_or(tag));
        release.set(&format!("{key}.distroless"), plain.is_some());
    }
    Ok(())
}
