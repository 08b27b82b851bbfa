//! Alloy: the agent of each worker node, which reads logs and metrics there and pushes them.

mod pipeline;
mod syntax;

use serde_json::json;

use self::pipeline::HOST;
use super::{Installation, helm_literal, pods};
use crate::documented::{UNVERSIONED, documented_pair};
use crate::scope::Scope;
use stack_builder::{ComponentError, Contribution};
use stack_builder::{Overlay, Values};

/// Alloy on each worker; the control-plane node has a taint that it does not tolerate, as the two documented pods show,
/// so logs and metrics of that node are not collected.
///
/// The pipeline is not documented; it is *(ours)* and gathers what the documented queries, dashboards and alerts read:
/// container logs, the kubelet, cAdvisor, the node, Hubble, Argo CD, and pods that are annotated with
/// `prometheus.io/scrape`. Where it pushes to stands in [`TelemetryWiring`](crate::TelemetryWiring).
#[derive(Clone, Debug, PartialEq)]
pub struct Alloy {
    /// The version of the chart `grafana/alloy`. Documented: 1.6.0.
    pub version: String,
    /// The image that each node runs. Documented: `docker.io/grafana/alloy:v1.13.0`.
    pub image: String,
    /// The image of the second container, which reloads the configuration. Documented:
    /// `quay.io/prometheus-operator/prometheus-config-reloader:v0.81.0`.
    pub reloader_image: String,
    /// How often metrics are read *(ours: `30s`)*.
    pub scrape_interval: String,
    /// Collectors of node metrics that are off *(ours: those of the network)*. The pod has a network of its own, and they
    /// would show its counters as the node's. cAdvisor has the node's under `container_network_*{id="/"}`.
    pub disabled_collectors: Vec<String>,
    /// A folder on each node in which Alloy remembers how far it has read *(ours: `/var/lib/alloy`)*.
    pub state_folder: String,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
}

impl Default for Alloy {
    fn default() -> Self {
        Alloy {
            version: "1.6.0".into(),
            image: "docker.io/grafana/alloy:v1.13.0".into(),
            reloader_image: "quay.io/prometheus-operator/prometheus-config-reloader:v0.81.0".into(),
            scrape_interval: "30s".into(),
            disabled_collectors: [
                "arp",
                "netclass",
                "netdev",
                "netstat",
                "sockstat",
                "softnet",
                "udp_queues",
            ]
            .map(str::to_owned)
            .into(),
            state_folder: "/var/lib/alloy".into(),
            overlay: Overlay::new(),
        }
    }
}

const ALLOY: &str = "alloy";

impl Alloy {
    fn values(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<Values, ComponentError> {
        let host_folder =
            |name: &str, path: &str| json!({"name": name, "hostPath": {"path": path}});
        let mount = |name: &str, path: String| json!({"name": name, "mountPath": path, "readOnly": true, "mountPropagation": "HostToContainer"});
        let mut values = Values::typed(
            ALLOY,
            &json!({
                "controller": {
                    "type": "daemonset",
                    "volumes": {
                        "extra": [
                            host_folder("host-proc", "/proc"),
                            host_folder("host-sys", "/sys"),
                            host_folder("host-root", "/"),
                            {"name": "state", "hostPath": {"path": self.state_folder, "type": "DirectoryOrCreate"}},
                        ],
                    },
                },
                "alloy": {
                    "configMap": {"create": true, "content": helm_literal(&self.pipeline(context))},
                    "storagePath": self.state_folder,
                    "mounts": {
                        "varlog": true,
                        "extra": [
                            mount("host-proc", format!("{HOST}/proc")),
                            mount("host-sys", format!("{HOST}/sys")),
                            mount("host-root", format!("{HOST}/root")),
                            {"name": "state", "mountPath": self.state_folder},
                        ],
                    },
                    // Log files belong to root.
                    "securityContext": {
                        "runAsUser": 0,
                        "allowPrivilegeEscalation": false,
                        "capabilities": {"drop": ["ALL"], "add": ["DAC_READ_SEARCH"]},
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                    "enableReporting": false,
                },
                "configReloader": {"enabled": true},
                // PodLogs, the only kind, is not used.
                "crds": {"create": false},
            }),
        )?;
        values.set_split_image("image", &out.image("image", &self.image)?);
        let reloader = out.image("configReloader.image", &self.reloader_image)?;
        values.set_split_image("configReloader.image", &reloader);
        Ok(values)
    }

    pub(super) fn contribute(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let documented = Alloy::default();
        Installation {
            release: ALLOY,
            chart: "alloy",
            version: &self.version,
            note: UNVERSIONED,
            values: self.values(context, out)?,
            overlay: &self.overlay,
            pods: pods::alloy,
            workloads: vec![format!("daemonset/{ALLOY}")],
            pairs: vec![documented_pair(
                &documented.version,
                &documented.image,
                &self.image,
                "image.tag",
            )?],
            service: ALLOY,
            ports: vec![12345],
        }
        .add(context, out)
    }
}
