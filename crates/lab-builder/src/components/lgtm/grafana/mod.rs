//! Grafana: metrics, logs, traces and alerts on one page, and the ways from one to the other.

mod dashboards;
mod sources;

use serde_json::{Map, Value, json};

pub use dashboards::Dashboard;

use super::{Installation, MOVED, field_error, pods};
use crate::components::kong;
use crate::documented::documented_pair;
use crate::ids::GATEWAY;
use crate::scope::Scope;
use crate::wiring::Wiring;
use stack_builder::{ComponentError, Contribution};
use stack_builder::{Overlay, Values};

/// Grafana, its four data sources, two dashboards, and its route. Its Service and port, and the ids of the data sources,
/// stand in [`TelemetryWiring`](crate::TelemetryWiring).
///
/// Without a registry, Grafana's pod downloads the dashboards from grafana.com when it starts. With one, nothing in the
/// cluster reaches out:
///
/// 1. On a machine with Internet, `grafana/fetch-dashboards.sh` downloads the dashboards into `grafana/dashboards/`.
///    Rendering the tree anew removes them, as it removes all that it did not write.
/// 2. The tree with that folder is carried to the machine from which the lab is installed.
/// 3. There, `grafana/load-dashboards.sh`, which is a step of the installation, makes a ConfigMap of each dashboard, and
///    Grafana reads them.
#[derive(Clone, Debug, PartialEq)]
pub struct Grafana {
    /// The version of the chart `grafana/grafana`. Documented: 10.5.15.
    pub version: String,
    /// Grafana's image. Documented: `docker.io/grafana/grafana:12.3.1`.
    pub image: String,
    /// The image that downloads the dashboards where there is no registry *(ours: `docker.io/curlimages/curl:8.9.1`, the
    /// chart's)*.
    pub download_image: String,
    /// Pods. More than one needs a shared database, which the lab has not. Documented: 1.
    pub replicas: u32,
    /// The user with all rights. Documented: `admin`; the chart makes the password and keeps it in the Secret of
    /// Grafana's name, under `admin-password`.
    pub admin_user: String,
    /// Where a log line has its trace id: the first group is the id. Documented: `\[([a-f0-9]{32}),`, as Spring Boot
    /// writes it.
    pub trace_id_pattern: String,
    /// How that field of a log line is called. Documented: `traceID`.
    pub trace_id_field: String,
    /// The dashboards. Documented: 15520 revision 2 and 1860 revision 37.
    pub dashboards: Vec<Dashboard>,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
}

impl Default for Grafana {
    fn default() -> Self {
        Grafana {
            version: "10.5.15".into(),
            image: "docker.io/grafana/grafana:12.3.1".into(),
            download_image: "docker.io/curlimages/curl:8.9.1".into(),
            replicas: 1,
            admin_user: "admin".into(),
            trace_id_pattern: r"\[([a-f0-9]{32}),".into(),
            trace_id_field: "traceID".into(),
            dashboards: vec![
                Dashboard {
                    name: "kubernetes-overview".into(),
                    id: 15520,
                    revision: 2,
                },
                Dashboard {
                    name: "node-exporter".into(),
                    id: 1860,
                    revision: 37,
                },
            ],
            overlay: Overlay::new(),
        }
    }
}

const GRAFANA: &str = "grafana";

impl Grafana {
    fn values(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<Values, ComponentError> {
        let telemetry = &context.wiring.telemetry;
        let off = json!({"enabled": false});
        let mut values = Values::typed(
            GRAFANA,
            &json!({
                "fullnameOverride": telemetry.grafana,
                "replicas": self.replicas,
                "adminUser": self.admin_user,
                // All that it shows is provisioned, so nothing is lost with the pod.
                "persistence": off,
                "testFramework": off,
                "service": {"type": "ClusterIP", "port": telemetry.grafana_port},
                "grafana.ini": {
                    "server": {
                        "root_url": context.wiring.gateway.page(&context.environment.host(&context.wiring.hosts.grafana)),
                    },
                    // Nothing that calls home.
                    "analytics": {
                        "reporting_enabled": false,
                        "check_for_updates": false,
                        "check_for_plugin_updates": false,
                    },
                    "news": {"news_feed_enabled": false},
                    "plugins": {"preinstall_disabled": true},
                },
                "datasources": {
                    "datasources.yaml": {"apiVersion": 1, "datasources": self.data_sources(context.wiring)},
                },
                "dashboardProviders": {
                    "dashboardproviders.yaml": {"apiVersion": 1, "providers": self.providers(out.registry().is_some())},
                },
            }),
        )?;
        values.set_split_image("image", &out.image("image", &self.image)?);
        if out.registry().is_some() {
            let maps = self
                .dashboards
                .iter()
                .map(|one| (one.name.clone(), one.config_map().into()));
            values.set("dashboardsConfigMaps", maps.collect::<Map<String, Value>>());
        } else {
            let downloads = self.dashboards.iter().map(|one| {
                let from = json!({"gnetId": one.id, "revision": one.revision, "datasource": sources::MIMIR});
                (one.name.clone(), from)
            });
            values.set(
                "dashboards.default",
                downloads.collect::<Map<String, Value>>(),
            );
            let image = out.commented_image(
                "downloadDashboardsImage",
                &self.download_image,
                "not in the documented list: downloads the dashboards when Grafana starts; with a registry it is not run, and the dashboards are ConfigMaps",
            )?;
            values.set_split_image("downloadDashboardsImage", &image);
        }
        Ok(values)
    }

    /// From which folders Grafana reads dashboards: the chart downloads all into one, and mounts each ConfigMap as one.
    fn providers(&self, config_maps: bool) -> Vec<Value> {
        let provider = |name: &str| {
            json!({
                "name": name,
                "orgId": 1,
                "folder": "",
                "type": "file",
                "disableDeletion": false,
                "editable": true,
                "options": {"path": format!("/var/lib/grafana/dashboards/{name}")},
            })
        };
        if config_maps {
            self.dashboards
                .iter()
                .map(|one| provider(&one.name))
                .collect()
        } else {
            vec![provider("default")]
        }
    }

    fn check(&self, wiring: &Wiring) -> Result<(), ComponentError> {
        let ids = &wiring.telemetry.data_sources;
        let named = [
            ("mimir", &ids.mimir),
            ("loki", &ids.loki),
            ("tempo", &ids.tempo),
            ("alertmanager", &ids.alertmanager),
        ];
        for (name, id) in named {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            let twice = named.iter().filter(|(_, other)| *other == id).count() > 1;
            if id.is_empty() || id.len() > 40 || !id.chars().all(plain) || twice {
                return Err(field_error(
                    &format!("wiring.telemetry.data_sources.{name}"),
                    format!("`{id}`"),
                    "1 to 40 letters, digits, `-` or `_`, and no other data source's id",
                ));
            }
        }
        for (at, one) in self.dashboards.iter().enumerate() {
            let twice = self
                .dashboards
                .iter()
                .take(at)
                .any(|other| other.name == one.name);
            if twice || kube_vocab::names::dns_label(&one.name).is_err() {
                return Err(field_error(
                    &format!("grafana.dashboards[{at}].name"),
                    format!("`{}`", one.name),
                    "lower-case letters, digits and `-`, and no other dashboard's name",
                ));
            }
        }
        Ok(())
    }

    pub(super) fn contribute(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        self.check(context.wiring)?;
        let telemetry = &context.wiring.telemetry;
        if out.registry().is_some() && !self.dashboards.is_empty() {
            out.program(
                "grafana/fetch-dashboards.sh",
                dashboards::fetch_script(&self.dashboards),
            )?;
            let load = dashboards::load_script(
                &self.dashboards,
                &telemetry.namespace,
                &telemetry.data_sources.mimir,
            );
            out.program("grafana/load-dashboards.sh", load)?;
            out.run_program(
                "ConfigMaps of the dashboards that were fetched before",
                "grafana/load-dashboards.sh",
            );
        }
        let values = self.values(context, out)?;
        let documented = Grafana::default();
        Installation {
            release: GRAFANA,
            chart: "grafana",
            version: &self.version,
            note: MOVED,
            values,
            overlay: &self.overlay,
            pods: pods::replicas,
            workloads: vec![format!("deployment/{}", telemetry.grafana)],
            pairs: vec![documented_pair(
                &documented.version,
                &documented.image,
                &self.image,
                "image.tag",
            )?],
            service: &telemetry.grafana,
            ports: vec![telemetry.grafana_port],
        }
        .add(context, out)?;
        let downloads = out.releases().last().map(dashboards::downloaded);
        for (url, file) in downloads.into_iter().flatten() {
            out.air_gap().download(url, file, "dashboards");
        }

        let host = &context.wiring.hosts.grafana;
        let (service, port) = (&telemetry.grafana, telemetry.grafana_port);
        if context.has(GATEWAY) {
            out.object(
                "grafana/route.yaml",
                kong::route(context, &telemetry.namespace, service, host, service, port)?,
            )?;
        }
        out.access(
            "Grafana",
            context
                .wiring
                .gateway
                .page(&context.environment.host(host)),
            format!(
                "{} / `kubectl get secret -n {} {service} -o jsonpath=\"{{.data.admin-password}}\" | base64 -d`",
                self.admin_user, telemetry.namespace
            ),
        );
        Ok(())
    }
}
