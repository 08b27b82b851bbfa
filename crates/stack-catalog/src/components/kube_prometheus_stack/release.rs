//! The values of the chart.

use serde_json::{Value, json};
use stack_builder::{ComponentError, Context, Contribution, ObjectId, Provided, Release};

use super::{
    Alertmanager, Grafana, GrafanaAdmin, KubePrometheusStack, Prometheus, RemoteWrite, Routing,
    Takes, images,
};
use crate::chart_release::ChartRelease;
use crate::ids::KUBE_PROMETHEUS_STACK;
use crate::sizes::{quantity, refused};

pub(super) fn of(
    stack: &KubePrometheusStack,
    context: &Context<'_>,
    out: &mut Contribution,
) -> Result<Release, ComponentError> {
    let control_plane = &stack.control_plane;
    let enabled = |on: bool| json!({"enabled": on});
    let mut release = ChartRelease::new(
        KUBE_PROMETHEUS_STACK,
        &super::UPSTREAM,
        &stack.version,
        &json!({
            "crds": enabled(stack.definitions == super::Definitions::Chart),
            "kubeControllerManager": enabled(control_plane.controller_manager),
            "kubeScheduler": enabled(control_plane.scheduler),
            "kubeEtcd": enabled(control_plane.etcd),
            "kubeProxy": enabled(control_plane.proxy),
            "prometheusOperator": {
                "resources": stack.operator_resources.to_value("operator_resources")?,
                "admissionWebhooks": {"failurePolicy": "Ignore"},
            },
            "prometheus": {"prometheusSpec": spec(&stack.prometheus, context)?},
            "kube-state-metrics": {"resources": stack.kube_state_metrics.to_value("kube_state_metrics")?},
            "nodeExporter": enabled(stack.node_exporter.is_some()),
            "alertmanager": enabled(stack.alertmanager.is_some()),
            "grafana": enabled(stack.grafana.is_some()),
        }),
    )?;
    // The two cost what their Prometheus does; the chart has no bounds for them.
    let reloader = "prometheusOperator.prometheusConfigReloader.resources";
    release.set(
        reloader,
        json!({"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "64Mi"}}),
    );
    if !stack.has_webhook_jobs() {
        // The chart then leaves out the Jobs.
        release.set(
            "prometheusOperator.admissionWebhooks.certManager.enabled",
            true,
        );
    }
    if stack.prometheus.replicas > 1 {
        release.set("prometheus.podDisruptionBudget.enabled", true);
    }
    if let Some(sidecar) = &stack.prometheus.thanos {
        release.set("prometheus.thanosService.enabled", true);
        release.set("prometheus.thanosServiceMonitor.enabled", true);
        if let Some(store) = &sidecar.object_store {
            release.set(
                "prometheus.prometheusSpec.thanos.objectStorageConfig.existingSecret",
                json!({"name": store.name, "key": store.key}),
            );
        }
    }
    if let Some(resources) = &stack.node_exporter {
        let resources = resources.to_value("node_exporter")?;
        release.set("prometheus-node-exporter.resources", resources);
    }
    if let Some(alertmanager) = &stack.alertmanager {
        of_alertmanager(alertmanager, &mut release)?;
    }
    if let Some(grafana) = &stack.grafana {
        of_grafana(grafana, &mut release)?;
    }
    let disabled: serde_json::Map<String, Value> = stack
        .disabled_alerts
        .iter()
        .map(|alert| (alert.clone(), true.into()))
        .collect();
    if !disabled.is_empty() {
        release.set("defaultRules.disabled", disabled);
    }
    images::write(stack, &mut release, out)?;
    release.finish(stack.home.name(), &stack.overlay)
}

fn spec(prometheus: &Prometheus, context: &Context<'_>) -> Result<Value, ComponentError> {
    if prometheus.replicas == 0 {
        return Err(refused("prometheus.replicas", 0, "at least 1"));
    }
    if prometheus.retention_days == 0 {
        return Err(refused("prometheus.retention_days", 0, "at least 1"));
    }
    let mut labels = prometheus.external_labels.clone();
    labels
        .entry("environment".into())
        .or_insert_with(|| context.environment.name().to_owned());
    let own = prometheus.takes == Takes::OwnRelease;
    let mut spec = json!({
        "replicas": prometheus.replicas,
        "retention": format!("{}d", prometheus.retention_days),
        "scrapeInterval": format!("{}s", prometheus.scrape_seconds),
        "resources": prometheus.resources.to_value("prometheus.resources")?,
        "externalLabels": labels,
        "serviceMonitorSelectorNilUsesHelmValues": own,
        "podMonitorSelectorNilUsesHelmValues": own,
        "probeSelectorNilUsesHelmValues": own,
        "scrapeConfigSelectorNilUsesHelmValues": own,
        "ruleSelectorNilUsesHelmValues": own,
    });
    if let Some(size) = &prometheus.retention_size {
        let bytes = prometheus_bytes(size)?;
        spec["retentionSize"] = size.as_str().into();
        if let Some(volume) = &prometheus.volume {
            let all = quantity("prometheus.volume.size", &volume.size)?;
            if all.value() <= bytes {
                return Err(refused(
                    "prometheus.retention_size",
                    size,
                    &format!("less than the volume, which holds {}", volume.size),
                ));
            }
        }
    }
    if let Some(volume) = &prometheus.volume {
        let claim = volume.claim("prometheus.volume")?;
        spec["storageSpec"] = json!({"volumeClaimTemplate": {"spec": claim}});
    }
    if !prometheus.remote_write.is_empty() {
        let places = prometheus.remote_write.iter().map(remote_write);
        spec["remoteWrite"] = places.collect();
    }
    if prometheus.thanos.is_some() {
        // Something to switch it on, where there is no object store.
        spec["thanos"] = json!({"logLevel": "info"});
    }
    Ok(spec)
}

fn remote_write(place: &RemoteWrite) -> Value {
    let mut value = json!({"url": place.url});
    if let Some(tenant) = &place.tenant {
        value["headers"] = json!({"X-Scope-OrgID": tenant});
    }
    if let Some(secret) = &place.basic_auth {
        let key = |key: &str| json!({"name": secret, "key": key});
        value["basicAuth"] = json!({"username": key("username"), "password": key("password")});
    }
    value
}

/// The bytes of a size as Prometheus writes it: `45GB` and `45GiB` are the same to it, 45 × 1024³.
fn prometheus_bytes(size: &str) -> Result<i64, ComponentError> {
    let parsed = ["B", "KB", "MB", "GB", "TB", "PB", "EB"]
        .into_iter()
        .enumerate()
        .rev()
        .find_map(|(power, unit)| {
            let number = size
                .strip_suffix(&unit.replace('B', "iB"))
                .filter(|_| power > 0)
                .or_else(|| size.strip_suffix(unit))?;
            let number: i64 = number.parse().ok()?;
            number.checked_mul(1_i64.checked_shl(u32::try_from(power).ok()? * 10)?)
        });
    parsed.filter(|bytes| *bytes > 0).ok_or_else(|| {
        refused(
            "prometheus.retention_size",
            size,
            "a whole number with B, KiB, MiB, GiB, TiB, PiB or EiB",
        )
    })
}

fn of_alertmanager(
    alertmanager: &Alertmanager,
    release: &mut ChartRelease,
) -> Result<(), ComponentError> {
    let spec = "alertmanager.alertmanagerSpec";
    release.set(&format!("{spec}.replicas"), alertmanager.replicas);
    let resources = alertmanager.resources.to_value("alertmanager.resources")?;
    release.set(&format!("{spec}.resources"), resources);
    if alertmanager.replicas > 1 {
        release.set("alertmanager.podDisruptionBudget.enabled", true);
    }
    if let Some(volume) = &alertmanager.volume {
        let claim = volume.claim("alertmanager.volume")?;
        release.set(
            &format!("{spec}.storage"),
            json!({"volumeClaimTemplate": {"spec": claim}}),
        );
    }
    match &alertmanager.routing {
        Routing::Nowhere => {}
        Routing::Secret(name) => {
            release.set(&format!("{spec}.useExistingSecret"), true);
            release.set(&format!("{spec}.configSecret"), name.as_str());
        }
        Routing::Object(object) => {
            let name = object.metadata.name.clone().unwrap_or_default();
            release.set(
                &format!("{spec}.alertmanagerConfiguration"),
                json!({"name": name}),
            );
        }
    }
    Ok(())
}

fn of_grafana(grafana: &Grafana, release: &mut ChartRelease) -> Result<(), ComponentError> {
    release.set("grafana.admin.existingSecret", grafana.admin.secret());
    // A pod of `helm test`, with an image that nothing else pulls.
    release.set("grafana.testFramework.enabled", false);
    let resources = grafana.resources.to_value("grafana.resources")?;
    release.set("grafana.resources", resources);
    let sidecar = grafana
        .sidecar_resources
        .to_value("grafana.sidecar_resources")?;
    release.set("grafana.sidecar.resources", sidecar);
    if let Some(volume) = &grafana.volume {
        quantity("grafana.volume.size", &volume.size)?;
        release.set("grafana.persistence.enabled", true);
        release.set("grafana.persistence.size", volume.size.as_str());
        release.set_some(
            "grafana.persistence.storageClassName",
            volume.class.as_deref(),
        );
        // It would run as root to do what `fsGroup` does.
        release.set("grafana.initChownData.enabled", false);
    }
    Ok(())
}

impl KubePrometheusStack {
    /// The Secret with the password of Grafana's `admin`. It is not rendered, because a password has no place in a tree of
    /// files, and because the same input must give the same bytes.
    pub(super) fn grafana_secret(&self, out: &mut Contribution) -> Result<(), ComponentError> {
        let Some(grafana) = &self.grafana else {
            return Ok(());
        };
        let (namespace, secret) = (self.home.name(), grafana.admin.secret());
        let by = match &grafana.admin {
            GrafanaAdmin::Existing(_) => "whoever keeps the passwords of the stack",
            GrafanaAdmin::Generated(_) => {
                out.program("create-grafana-admin.sh", script(namespace, secret))?;
                out.run_program("the password of Grafana's admin", "create-grafana-admin.sh");
                "a step of the installation, which draws the password"
            }
        };
        out.provides(Provided::Made {
            object: ObjectId::new("v1", "Secret", Some(namespace), secret),
            by: by.into(),
        });
        Ok(())
    }
}

fn script(namespace: &str, secret: &str) -> String {
    format!(
        r#"#!/usr/bin/env bash
# Draws the password of Grafana's admin, once.
set -euo pipefail

if kubectl get secret --namespace {namespace} {secret} >/dev/null 2>&1; then
  echo "Secret {namespace}/{secret} is there already"
  exit 0
fi
kubectl create secret generic {secret} --namespace {namespace} \
  --from-literal admin-user=admin --from-literal "admin-password=$(openssl rand -hex 24)"
"#
    )
}

#[cfg(test)]
mod tests {
    use super::prometheus_bytes;

    #[test]
    fn sizes_are_read_as_prometheus_reads_them() {
        for (text, bytes) in [
            ("1B", Some(1)),
            ("45GB", Some(45 << 30)),
            ("45GiB", Some(45 << 30)),
            ("512MB", Some(512 << 20)),
            ("2TiB", Some(2 << 40)),
            ("45Gi", None),
            ("45", None),
            ("0GB", None),
            ("-1GB", None),
            ("99999999EB", None),
        ] {
            assert_eq!(prometheus_bytes(text).ok(), bytes, "{text}");
        }
    }
}
