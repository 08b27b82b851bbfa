//! Keys that a chart knows, and that none of its templates reads while another key has a certain value: read in the charts'
//! templates, since neither a schema nor a values file says so.

use serde_json::Value;

/// A key without effect: the chart, the key with all below it, and the other key with the value (as JSON; `null` for not
/// written) under which it has none.
type Unread = (
    &'static str,
    &'static str,
    (&'static str, &'static [&'static str]),
);

const OFF: &[&str] = &["false"];
const ON: &[&str] = &["true"];
/// Off, where the chart has it off by default.
const OFF_BY_DEFAULT: &[&str] = &["false", "null"];

#[rustfmt::skip]
const UNREAD: &[Unread] = &[
    ("argo-rollouts", "keepCRDs", ("installCRDs", OFF)),
    ("argo-rollouts", "dashboard.image", ("dashboard.enabled", OFF_BY_DEFAULT)),
    ("argo-rollouts", "dashboard.resources", ("dashboard.enabled", OFF_BY_DEFAULT)),
    // The ClusterRole alone has it.
    ("argo-rollouts", "dashboard.readonly", ("clusterInstall", OFF)),
    ("argo-rollouts", "controller.pdb.minAvailable", ("controller.pdb.enabled", OFF_BY_DEFAULT)),
    ("ceph-csi-drivers", "drivers.rbd.name", ("drivers.rbd.enabled", OFF)),
    ("ceph-csi-drivers", "drivers.cephfs.name", ("drivers.cephfs.enabled", OFF)),
    ("ceph-csi-drivers", "drivers.nfs.name", ("drivers.nfs.enabled", OFF)),
    ("ceph-csi-drivers", "drivers.nvmeof.name", ("drivers.nvmeof.enabled", OFF)),
    ("cert-manager", "crds.keep", ("crds.enabled", OFF_BY_DEFAULT)),
    ("cert-manager", "startupapicheck.image", ("startupapicheck.enabled", OFF)),
    ("cert-manager", "podDisruptionBudget.minAvailable", ("podDisruptionBudget.enabled", OFF_BY_DEFAULT)),
    ("external-secrets", "crds", ("installCRDs", OFF)),
    // The chart leaves the controller out as soon as cert-manager makes the certificate.
    ("external-secrets", "certController", ("webhook.certManager.enabled", ON)),
    ("external-secrets", "webhook.certManager.cert", ("webhook.certManager.enabled", OFF_BY_DEFAULT)),
    ("external-secrets", "serviceMonitor.renderMode", ("serviceMonitor.enabled", OFF_BY_DEFAULT)),
    ("flannel", "netpol.image", ("netpol.enabled", OFF_BY_DEFAULT)),
    ("keda", "crds.additionalAnnotations", ("crds.install", OFF)),
    ("keda", "image.webhooks", ("webhooks.enabled", OFF)),
    ("keda", "webhooks.replicaCount", ("webhooks.enabled", OFF)),
    ("keda", "webhooks.failurePolicy", ("webhooks.enabled", OFF)),
    ("keda", "networkPolicy.flavor", ("networkPolicy.enabled", OFF_BY_DEFAULT)),
    ("keda", "podIdentity.aws.irsa.roleArn", ("podIdentity.aws.irsa.enabled", OFF_BY_DEFAULT)),
    // Who makes the Jobs that sign the webhook's certificate is cert-manager or they, never both.
    ("kube-prometheus-stack", "prometheusOperator.admissionWebhooks.patch", ("prometheusOperator.admissionWebhooks.certManager.enabled", ON)),
    ("kube-prometheus-stack", "alertmanager.alertmanagerSpec", ("alertmanager.enabled", OFF)),
    ("kube-prometheus-stack", "alertmanager.podDisruptionBudget", ("alertmanager.enabled", OFF)),
    ("kube-prometheus-stack", "grafana.image", ("grafana.enabled", OFF)),
    ("kube-prometheus-stack", "grafana.sidecar", ("grafana.enabled", OFF)),
    ("kube-prometheus-stack", "grafana.initChownData", ("grafana.persistence.enabled", OFF_BY_DEFAULT)),
    ("kube-prometheus-stack", "grafana.persistence.size", ("grafana.persistence.enabled", OFF_BY_DEFAULT)),
    ("kube-prometheus-stack", "prometheus-node-exporter", ("nodeExporter.enabled", OFF)),
    ("kube-prometheus-stack", "prometheus.thanosServiceMonitor", ("prometheus.thanosService.enabled", OFF_BY_DEFAULT)),
    ("kyverno", "features.policyExceptions.namespace", ("features.policyExceptions.enabled", OFF)),
    // The older kind of policies alone has these exclusions.
    ("kyverno-policies", "policyExclude", ("policyType", &["null", "\"ValidatingPolicy\""])),
    ("kyverno-policies", "vpolExclude", ("policyType", &["\"ClusterPolicy\""])),
    ("linkerd-control-plane", "heartbeatResources", ("disableHeartBeat", ON)),
    ("linkerd-multicluster", "gateway.replicas", ("gateway.enabled", OFF)),
    ("linkerd-multicluster", "gateway.pauseImage", ("gateway.enabled", OFF)),
    ("linkerd-multicluster", "controllerDefaults", ("controllers", &["null", "[]"])),
    ("linkerd-viz", "prometheus.args", ("prometheus.enabled", OFF)),
    ("linkerd-viz", "prometheus.image", ("prometheus.enabled", OFF)),
    ("linkerd-viz", "prometheus.resources", ("prometheus.enabled", OFF)),
    ("linkerd-viz", "prometheusUrl", ("prometheus.enabled", &["true", "null"])),
    ("linkerd2-cni", "repairController.resources", ("repairController.enabled", OFF_BY_DEFAULT)),
    ("metrics-server", "tls.existingSecret", ("tls.type", &["null", "\"metrics-server\"", "\"cert-manager\""])),
    ("metrics-server", "serviceMonitor", ("metrics.enabled", OFF_BY_DEFAULT)),
    // A budget is made of a Deployment alone.
    ("opentelemetry-collector", "podDisruptionBudget", ("mode", &["\"statefulset\"", "\"daemonset\""])),
    ("opentelemetry-collector", "replicaCount", ("mode", &["\"daemonset\""])),
    ("opentelemetry-collector", "serviceMonitor", ("mode", &["\"daemonset\""])),
    ("opentelemetry-collector", "podMonitor", ("mode", &["\"deployment\"", "\"statefulset\""])),
    ("opentelemetry-operator", "admissionWebhooks.autoGenerateCert", ("admissionWebhooks.certManager.enabled", &["true", "null"])),
    ("rook-ceph-cluster", "monitoring.createPrometheusRules", ("monitoring.enabled", OFF_BY_DEFAULT)),
    ("tempo", "tempo.metricsGenerator.remoteWriteUrl", ("tempo.metricsGenerator.enabled", OFF_BY_DEFAULT)),
    ("tempo", "persistence.size", ("persistence.enabled", OFF_BY_DEFAULT)),
    // Without the discovery the queriers do not find the gateway of the bucket either.
    ("thanos", "storegateway.replicaCount", ("query.dnsDiscovery.enabled", OFF)),
    ("thanos", "storegateway.persistence", ("storegateway.enabled", OFF_BY_DEFAULT)),
    ("thanos", "compactor.persistence", ("compactor.enabled", OFF_BY_DEFAULT)),
    ("thanos", "compactor.retentionResolutionRaw", ("compactor.enabled", OFF_BY_DEFAULT)),
    ("tigera-operator", "kubernetesServiceEndpoint.port", ("kubernetesServiceEndpoint.host", &["null", "\"\""])),
    ("trivy-operator", "trivy.storageSize", ("trivy.storageClassEnabled", OFF)),
    ("trivy-operator", "trivy.storageClassName", ("trivy.storageClassEnabled", OFF)),
    ("trivy-operator", "trivy.storageSize", ("operator.builtInTrivyServer", OFF_BY_DEFAULT)),
    ("trivy-operator", "trivy.server", ("operator.builtInTrivyServer", OFF_BY_DEFAULT)),
    ("trivy-operator", "trivy.storageClassEnabled", ("operator.builtInTrivyServer", OFF_BY_DEFAULT)),
    ("velero", "configuration.volumeSnapshotLocation", ("snapshotsEnabled", OFF)),
    ("velero", "credentials.existingSecret", ("credentials.useSecret", OFF)),
    ("velero", "nodeAgent", ("deployNodeAgent", OFF_BY_DEFAULT)),
];

/// No key is written that has no effect beside the others.
pub fn have_none(chart: &str, values: &Value) {
    let unread = UNREAD.iter().filter(|(of, key, (other, under))| {
        let written = at(values, key).is_some();
        let other = at(values, other).map_or_else(|| "null".to_owned(), Value::to_string);
        *of == chart && written && under.contains(&other.as_str())
    });
    let unread: Vec<&Unread> = unread.collect();
    assert!(unread.is_empty(), "{chart}: {unread:#?}");
}

fn at<'a>(values: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(values, |value, member| value.get(member))
}

#[test]
#[should_panic(expected = "autoGenerateCert")]
fn a_key_that_nobody_reads_is_found() {
    let values = serde_json::json!({"admissionWebhooks": {"autoGenerateCert": {"enabled": false}}});
    have_none("opentelemetry-operator", &values);
}

#[test]
fn each_row_names_a_chart_that_is_written() {
    for (chart, ..) in UNREAD {
        let keys = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/catalog/keys")
            .join(format!("{chart}.txt"));
        assert!(keys.is_file(), "{chart}");
    }
}
