//! Promtail: which logs it reads, and what it makes of their lines.
//!
//! See <https://grafana.com/docs/loki/latest/send-data/promtail/configuration/>. Upstream ended Promtail in March 2026; Alloy and
//! the OpenTelemetry Collector follow it.

use std::collections::BTreeMap;

use kube_vocab::{Finding, Severity};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::finding::in_file;
use crate::prometheus::{Discovery, Relabel, Role};

/// The file, or the part of it that says what is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PromtailConfig {
    /// Where lines go. Empty in a part of a file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<Client>,
    /// What is read.
    pub scrape_configs: Vec<LogJob>,
    /// What has no member here, such as `server` and `positions`.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A Loki to which lines are pushed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The address of its push API.
    pub url: String,
    /// The tenant, for a Loki that asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
}

/// One job: where its files are found, and what becomes of the lines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LogJob {
    /// The job's name in Promtail's own pages.
    pub job_name: String,
    /// Pods that Kubernetes knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kubernetes_sd_configs: Vec<Discovery>,
    /// What is done to a line, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pipeline_stages: Vec<Stage>,
    /// How labels of a target become labels of a line; `__path__` says which files are read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relabel_configs: Vec<Relabel>,
    /// What has no member here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl LogJob {
    /// The logs of all pods, with these stages and no labels yet.
    pub fn of_pods(job: impl Into<String>, stages: impl IntoIterator<Item = Stage>) -> Self {
        Self {
            job_name: job.into(),
            kubernetes_sd_configs: vec![Discovery::of(Role::Pod)],
            pipeline_stages: stages.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Labels each line with namespace, pod and container, and reads the files that the kubelet writes.
    #[must_use]
    pub fn labelled_as_usual(mut self) -> Self {
        let copies = [
            ("__meta_kubernetes_namespace", "namespace"),
            ("__meta_kubernetes_pod_name", "pod"),
            ("__meta_kubernetes_pod_container_name", "container"),
        ];
        let copies = copies.map(|(from, to)| Relabel::copy(from, to));
        self.relabel_configs.extend(copies);
        self.relabel_configs.push(Relabel {
            source_labels: [
                "__meta_kubernetes_pod_uid",
                "__meta_kubernetes_pod_container_name",
            ]
            .map(str::to_owned)
            .into(),
            separator: Some("/".into()),
            target_label: Some("__path__".into()),
            replacement: Some("/var/log/pods/*$1/*.log".into()),
            ..Relabel::default()
        });
        self
    }
}

/// One stage of a pipeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Lines as the Docker engine writes them: JSON.
    Docker(Map<String, Value>),
    /// Lines as containerd and CRI-O write them: time, stream, flag, text.
    Cri(Map<String, Value>),
    /// Values from a line that is JSON, by expression.
    Json(Json),
    /// Makes labels of what stages before have extracted: the label, and the value's name where that differs.
    Labels(BTreeMap<String, Option<String>>),
    /// Drops lines that match, are too long or too old.
    Drop(Map<String, Value>),
}

impl Stage {
    /// [`Stage::Docker`], which has no settings.
    pub fn docker() -> Self {
        Self::Docker(Map::new())
    }

    /// [`Stage::Cri`] with its defaults.
    pub fn cri() -> Self {
        Self::Cri(Map::new())
    }
}

/// Values from a line that is JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Json {
    /// The name of each value, and the JMESPath that finds it.
    pub expressions: BTreeMap<String, String>,
}

/// What is wrong with a configuration of Promtail, or with a part of one, called `file` in the findings. `runtime` is the
/// container runtime of the nodes, where it is known: `containerd`, `cri-o` or `docker`.
pub fn check(config: &Value, file: &str, runtime: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let jobs = config["scrape_configs"].as_array();
    for (number, job) in jobs.into_iter().flatten().enumerate() {
        let at = |member: &str| format!("scrape_configs[{number}].{member}");
        let discovers = job["kubernetes_sd_configs"]
            .as_array()
            .is_some_and(|list| !list.is_empty());
        let steps = job["relabel_configs"].as_array();
        let has_path = steps
            .into_iter()
            .flatten()
            .any(|step| step["target_label"] == "__path__" || step["action"] == "labelmap");
        if discovers && !has_path {
            findings.push(in_file(
                "logs-without-path",
                Severity::Error,
                file,
                &at("relabel_configs"),
                "no step writes `__path__`: Promtail finds the pods and reads none of their files",
                "write `__path__` from the pod's uid and the container's name",
            ));
        }
        let stages = job["pipeline_stages"].as_array();
        for (stage, value) in stages.into_iter().flatten().enumerate() {
            let wrong = match runtime {
                Some("containerd" | "cri-o") => value.get("docker").map(|_| ("docker", "cri")),
                Some("docker") => value.get("cri").map(|_| ("cri", "docker")),
                _ => None,
            };
            if let (Some((found, wanted)), Some(runtime)) = (wrong, runtime) {
                findings.push(in_file(
                    "logs-of-another-runtime",
                    Severity::Error,
                    file,
                    &at(&format!("pipeline_stages[{stage}]")),
                    format!(
                        "`{found}` reads another format than {runtime} writes: time and stream stay in the line"
                    ),
                    match wanted {
                        "cri" => "write `cri: {}`",
                        _ => "write `docker: {}`",
                    },
                ));
            }
        }
    }
    findings
}
