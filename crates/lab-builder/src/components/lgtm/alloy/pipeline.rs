//! What Alloy does on each node: which logs and metrics it reads, and where it pushes them.

use super::Alloy;
use super::syntax::{Block, Expr, file};
use crate::scope::Scope;

use crate::ids::{ARGOCD, CILIUM};

/// Where the ServiceAccount's token and the cluster's certificate lie in each pod.
const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Where the node's folders are mounted.
pub(super) const HOST: &str = "/host";

/// The node on which this Alloy runs; the chart sets the variable.
fn node() -> Expr {
    Expr::Call(
        "coalesce",
        vec![
            Expr::Call("sys.env", vec!["HOSTNAME".into()]),
            Expr::Reference("constants.hostname".into()),
        ],
    )
}

fn meta(name: &str) -> String {
    format!("__meta_kubernetes_{name}")
}

/// Copies a label of the target, under another name.
fn copy(from: &str, to: &str) -> Block {
    Block::new("rule")
        .set("source_labels", [meta(from)])
        .set("target_label", to)
}

/// Copies a label where it has a value, so that an earlier value is kept otherwise.
fn copy_if_set(from: &str, to: &str) -> Block {
    Block::new("rule")
        .set("source_labels", [from])
        .set("regex", "(.+)")
        .set("target_label", to)
}

/// Goes on only with targets whose label matches.
fn keep(label: &str, pattern: impl Into<Expr>) -> Block {
    Block::new("rule")
        .set("action", "keep")
        .set("source_labels", [label])
        .set("regex", pattern)
}

/// The labels that tell whose a line or a sample is, as the documented queries use them.
fn of_pod() -> [Block; 5] {
    [
        copy("namespace", "namespace"),
        copy("pod_name", "pod"),
        copy("pod_node_name", "node"),
        copy_if_set(&meta("pod_label_app_kubernetes_io_name"), "app"),
        copy_if_set(&meta("pod_label_app"), "app"),
    ]
}

impl Alloy {
    /// The whole configuration.
    pub(super) fn pipeline(&self, context: &Scope<'_>) -> String {
        let telemetry = &context.wiring.telemetry;
        let cluster = &context.wiring.cluster;
        let discover = |label: &'static str, role: &'static str, field: &str| {
            Block::component("discovery.kubernetes", label)
                .set("role", role)
                .with(Block::new("selectors").set("role", role).set(
                    "field",
                    Expr::Join(Box::new(format!("{field}=").into()), Box::new(node())),
                ))
        };
        let pods = discover("pods", "pod", "spec.nodeName");
        let nodes = discover("nodes", "node", "metadata.name");
        let loki = Block::component("loki.write", "loki")
            .with(Block::new("endpoint").set("url", telemetry.loki_push_url(cluster)));
        let mimir = Block::component("prometheus.remote_write", "mimir")
            .with(Block::new("endpoint").set("url", telemetry.mimir_push_url(cluster)));
        let mut sections = vec![
            (
                "What Alloy says of itself.",
                vec![
                    Block::new("logging")
                        .set("level", "info")
                        .set("format", "logfmt"),
                ],
            ),
            ("Where everything goes.", vec![loki.clone(), mimir.clone()]),
            (
                "The pods of this node, and the node itself.",
                vec![pods.clone(), nodes.clone()],
            ),
            (
                "Container logs, read from the node's files.",
                self.logs(&pods, &loki),
            ),
            (
                "The kubelet, and the containers as cAdvisor in it sees them.",
                self.kubelet(&nodes, &mimir),
            ),
            ("The node itself.", self.host(&mimir)),
            (
                "Whether the API server answers. Each Alloy asks, so the series differ by who did.",
                self.api_server(&cluster.dns_domain, &mimir),
            ),
            (
                "Pods that ask for it by annotations: ztunnel, waypoints, the collector and others.",
                self.annotated(&pods, &mimir),
            ),
        ];
        if context.has(CILIUM) {
            sections.push((
                "Flows, as Cilium's agent of this node counts them.",
                self.hubble(telemetry.hubble_metrics_port, &pods, &mimir),
            ));
        }
        if context.has(ARGOCD) {
            sections.push((
                "Whether applications are in sync.",
                self.argocd(&pods, &mimir),
            ));
        }
        file(
            sections
                .iter()
                .map(|(comment, blocks)| (*comment, blocks.as_slice())),
        )
    }

    fn logs(&self, pods: &Block, loki: &Block) -> Vec<Block> {
        let targets = Block::component("discovery.relabel", "pod_logs")
            .set("targets", pods.export("targets"))
            .with_all(of_pod())
            .with(copy("pod_container_name", "container"))
            .with(
                Block::new("rule")
                    .set(
                        "source_labels",
                        [meta("pod_uid"), meta("pod_container_name")],
                    )
                    .set("separator", "/")
                    .set("target_label", "__path__")
                    .set("replacement", "/var/log/pods/*$1/*.log"),
            );
        let files = Block::component("local.file_match", "pod_logs")
            .set("path_targets", targets.export("output"));
        let process = Block::component("loki.process", "pod_logs")
            .set("forward_to", [loki.export("receiver")])
            // The container runtime's time, stream and line.
            .with(Block::new("stage.cri"))
            // One stream for each container, not for each file.
            .with(Block::new("stage.label_drop").set("values", ["filename"]));
        let read = Block::component("loki.source.file", "pod_logs")
            .set("targets", files.export("targets"))
            .set("forward_to", [process.export("receiver")]);
        vec![targets, files, read, process]
    }

    /// A scrape of targets, under a job, to a receiver.
    fn scrape(
        &self,
        label: &'static str,
        job: &'static str,
        targets: Expr,
        receiver: Expr,
    ) -> Block {
        Block::component("prometheus.scrape", label)
            .set("targets", targets)
            .set("job_name", job)
            .set("scrape_interval", self.scrape_interval.as_str())
            .set("forward_to", [receiver])
    }

    /// The same over HTTPS, signed in as Alloy's ServiceAccount.
    fn secure_scrape(
        &self,
        label: &'static str,
        job: &'static str,
        targets: Expr,
        receiver: Expr,
    ) -> Block {
        self.scrape(label, job, targets, receiver)
            .set("scheme", "https")
            .set("bearer_token_file", format!("{ACCOUNT}/token"))
    }

    fn kubelet(&self, nodes: &Block, mimir: &Block) -> Vec<Block> {
        let targets = Block::component("discovery.relabel", "kubelet")
            .set("targets", nodes.export("targets"))
            .with(copy("node_name", "instance"))
            .with(copy("node_name", "node"));
        // Of the resource metrics only this one: the others are cAdvisor's again.
        let starts = Block::component("prometheus.relabel", "kubelet_resource")
            .set("forward_to", [mimir.export("receiver")])
            .with(keep("__name__", "up|container_start_time_seconds"));
        let scrape = |label, job, path: &str, receiver| {
            self.secure_scrape(label, job, targets.export("output"), receiver)
                .set("metrics_path", path)
                // kubelets sign their certificates themselves.
                .with(Block::new("tls_config").set("insecure_skip_verify", true))
        };
        vec![
            targets.clone(),
            scrape("kubelet", "kubelet", "/metrics", mimir.export("receiver")),
            scrape(
                "cadvisor",
                "cadvisor",
                "/metrics/cadvisor",
                mimir.export("receiver"),
            ),
            scrape(
                "kubelet_resource",
                "kubelet-resource",
                "/metrics/resource",
                starts.export("receiver"),
            ),
            starts,
        ]
    }

    fn host(&self, mimir: &Block) -> Vec<Block> {
        let exporter = Block::component("prometheus.exporter.unix", "node")
            .set("procfs_path", format!("{HOST}/proc"))
            .set("sysfs_path", format!("{HOST}/sys"))
            .set("rootfs_path", format!("{HOST}/root"))
            .set("udev_data_path", format!("{HOST}/root/run/udev/data"))
            .set("disable_collectors", self.disabled_collectors.clone());
        let targets = Block::component("discovery.relabel", "node")
            .set("targets", exporter.export("targets"))
            .with(
                Block::new("rule")
                    .set("target_label", "instance")
                    .set("replacement", node()),
            )
            .with(
                Block::new("rule")
                    .set("target_label", "node")
                    .set("replacement", node()),
            )
            .with(
                Block::new("rule")
                    .set("target_label", "job")
                    .set("replacement", "node-exporter"),
            );
        let scrape = self.scrape(
            "node",
            "node-exporter",
            targets.export("output"),
            mimir.export("receiver"),
        );
        vec![exporter, targets, scrape]
    }

    fn api_server(&self, dns_domain: &str, mimir: &Block) -> Vec<Block> {
        let target = Expr::Object(vec![
            (
                "__address__".into(),
                format!("kubernetes.default.svc.{dns_domain}:443").into(),
            ),
            ("scraper".into(), node()),
        ]);
        let answers = Block::component("prometheus.relabel", "api_server")
            .set("forward_to", [mimir.export("receiver")])
            .with(keep(
                "__name__",
                "up|scrape_duration_seconds|kubernetes_build_info",
            ));
        let scrape = self
            .secure_scrape(
                "api_server",
                "kubernetes-apiservers",
                Expr::List(vec![target]),
                answers.export("receiver"),
            )
            .with(Block::new("tls_config").set("ca_file", format!("{ACCOUNT}/ca.crt")));
        vec![scrape, answers]
    }

    fn annotated(&self, pods: &Block, mimir: &Block) -> Vec<Block> {
        let annotation = |name: &str| meta(&format!("pod_annotation_prometheus_io_{name}"));
        let targets = Block::component("discovery.relabel", "annotated")
            .set("targets", pods.export("targets"))
            .with(keep(&annotation("scrape"), "true"))
            .with(keep(&meta("pod_phase"), "Running"))
            .with(copy_if_set(&annotation("scheme"), "__scheme__"))
            .with(copy_if_set(&annotation("path"), "__metrics_path__"))
            // The port that the pod names, instead of each that it has.
            .with(
                Block::new("rule")
                    .set("source_labels", [meta("pod_ip"), annotation("port")])
                    .set("separator", ";")
                    .set("regex", r"([0-9.]+);([0-9]+)")
                    .set("replacement", "$1:$2")
                    .set("target_label", "__address__"),
            )
            .with_all(of_pod());
        let scrape = self.scrape(
            "annotated",
            "pods",
            targets.export("output"),
            mimir.export("receiver"),
        );
        vec![targets, scrape]
    }

    fn hubble(&self, port: u16, pods: &Block, mimir: &Block) -> Vec<Block> {
        let targets = Block::component("discovery.relabel", "hubble")
            .set("targets", pods.export("targets"))
            .with(keep(&meta("pod_label_k8s_app"), "cilium"))
            .with(keep(&meta("pod_container_port_number"), port.to_string()))
            .with(copy("pod_node_name", "instance"))
            .with(copy("pod_node_name", "node"));
        // With a label context in Cilium's values, a flow says whose it is; the documented queries ask for `namespace`.
        let whose = Block::component("prometheus.relabel", "hubble")
            .set("forward_to", [mimir.export("receiver")])
            .with(copy_if_set("source_namespace", "namespace"))
            .with(copy_if_set("destination_namespace", "namespace"))
            .with(copy_if_set("source_pod", "pod"))
            .with(copy_if_set("destination_pod", "pod"));
        vec![
            targets.clone(),
            self.scrape(
                "hubble",
                "hubble",
                targets.export("output"),
                whose.export("receiver"),
            ),
            whose,
        ]
    }

    fn argocd(&self, pods: &Block, mimir: &Block) -> Vec<Block> {
        let targets = Block::component("discovery.relabel", "argocd")
            .set("targets", pods.export("targets"))
            .with(keep(
                &meta("pod_label_app_kubernetes_io_name"),
                "argocd-application-controller",
            ))
            .with(keep(&meta("pod_container_port_name"), "metrics"))
            .with(copy("namespace", "namespace"))
            .with(copy("pod_name", "pod"));
        let scrape = self.scrape(
            "argocd",
            "argocd",
            targets.export("output"),
            mimir.export("receiver"),
        );
        vec![targets, scrape]
    }
}
