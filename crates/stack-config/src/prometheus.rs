//! Prometheus' own configuration file, as far as scraping and rules go.
//!
//! See <https://prometheus.io/docs/prometheus/latest/configuration/configuration/>.

use std::collections::{BTreeMap, BTreeSet};

use kube_vocab::{Finding, Severity};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::finding::in_file;
use crate::promql;

/// The folder in which a pod finds the credentials of its service account.
pub const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// `prometheus.yml`: how often is scraped, whom, by which rules, and who is told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PrometheusConfig {
    /// What holds for all jobs and rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global: Option<Global>,
    /// Files with rules; the last part of a path may hold `*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rule_files: Vec<String>,
    /// What is scraped, each job under a name of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scrape_configs: Vec<ScrapeConfig>,
    /// What has no member here, such as `alerting` or `remote_write`.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl PrometheusConfig {
    /// Scrapes and evaluates rules so often, such as `15s`.
    pub fn every(interval: impl Into<String>) -> Self {
        let interval = interval.into();
        Self {
            global: Some(Global {
                scrape_interval: Some(interval.clone()),
                evaluation_interval: Some(interval),
                ..Global::default()
            }),
            ..Self::default()
        }
    }

    /// The same, with rules from these files.
    #[must_use]
    pub fn with_rules<F: Into<String>>(mut self, files: impl IntoIterator<Item = F>) -> Self {
        self.rule_files.extend(files.into_iter().map(Into::into));
        self
    }

    /// The same, with these jobs.
    #[must_use]
    pub fn scraping(mut self, jobs: impl IntoIterator<Item = ScrapeConfig>) -> Self {
        self.scrape_configs.extend(jobs);
        self
    }
}

/// What holds for all jobs and rules. Durations are Prometheus' own, such as `1m30s`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Global {
    /// How often targets are scraped. Absent: 1m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scrape_interval: Option<String>,
    /// How often rules are evaluated. Absent: 1m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluation_interval: Option<String>,
    /// Labels for what leaves this Prometheus: alerts, remote write, federation. Thanos tells clusters apart by them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub external_labels: BTreeMap<String, String>,
    /// What has no member here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// One job: where its targets are found, and how they are scraped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScrapeConfig {
    /// The label `job` of all that is scraped, unless it is relabelled; unique in the file.
    pub job_name: String,
    /// Targets that Kubernetes knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kubernetes_sd_configs: Vec<Discovery>,
    /// Targets that are written down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub static_configs: Vec<StaticTargets>,
    /// `http` or `https`. Absent: `http`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// How often. Absent: as in [`Global`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scrape_interval: Option<String>,
    /// Where a target has its metrics. Absent: `/metrics`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics_path: Option<String>,
    /// How a target is trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_config: Option<TlsConfig>,
    /// What Prometheus shows to targets that ask who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization: Option<Authorization>,
    /// The older form of [`ScrapeConfig::authorization`]: a file with a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer_token_file: Option<String>,
    /// What is done to targets before they are scraped, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relabel_configs: Vec<Relabel>,
    /// What is done to samples before they are stored, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metric_relabel_configs: Vec<Relabel>,
    /// What has no member here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl ScrapeConfig {
    /// A job with targets that Kubernetes knows.
    pub fn discovering(job: impl Into<String>, discovery: Discovery) -> Self {
        Self {
            job_name: job.into(),
            kubernetes_sd_configs: vec![discovery],
            ..Self::default()
        }
    }

    /// A job with these targets, as `HOST:PORT`.
    pub fn of_targets<T: Into<String>>(
        job: impl Into<String>,
        targets: impl IntoIterator<Item = T>,
    ) -> Self {
        Self {
            job_name: job.into(),
            static_configs: vec![StaticTargets {
                targets: targets.into_iter().map(Into::into).collect(),
                labels: BTreeMap::new(),
            }],
            ..Self::default()
        }
    }

    /// Targets speak TLS with a certificate of the authority in this file.
    #[must_use]
    pub fn over_https(mut self, ca_file: impl Into<String>) -> Self {
        self.scheme = Some("https".into());
        self.tls_config = Some(TlsConfig {
            ca_file: Some(ca_file.into()),
            ..TlsConfig::default()
        });
        self
    }

    /// Requests carry the token in this file.
    #[must_use]
    pub fn with_token_of(mut self, file: impl Into<String>) -> Self {
        self.authorization = Some(Authorization {
            credentials_file: Some(file.into()),
            ..Authorization::default()
        });
        self
    }

    /// The same, with one more step of relabelling.
    #[must_use]
    pub fn relabelled(mut self, relabel: Relabel) -> Self {
        self.relabel_configs.push(relabel);
        self
    }
}

/// Targets that Kubernetes knows, of one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// Which objects of Kubernetes become targets.
    pub role: Role,
    /// Where it is looked for. Absent: in all namespaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespaces: Option<Namespaces>,
    /// What has no member here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Discovery {
    /// In all namespaces.
    pub fn of(role: Role) -> Self {
        Self {
            role,
            namespaces: None,
            other: Map::new(),
        }
    }

    /// In these namespaces alone.
    #[must_use]
    pub fn in_namespaces<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.namespaces = Some(Namespaces {
            names: names.into_iter().map(Into::into).collect(),
            own_namespace: false,
        });
        self
    }
}

/// Which objects of Kubernetes become targets, and so which labels `__meta_kubernetes_*` there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The kubelet of each node.
    Node,
    /// Each port of each Service.
    Service,
    /// Each port of each pod.
    Pod,
    /// Each address behind each Service, by Endpoints.
    Endpoints,
    /// The same by EndpointSlices.
    EndpointSlice,
    /// Each path of each Ingress.
    Ingress,
}

/// The namespaces in which targets are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespaces {
    /// The namespaces, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Prometheus' own, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_namespace: bool,
}

/// Targets that are written down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaticTargets {
    /// Addresses as `HOST:PORT`, without a scheme or path.
    pub targets: Vec<String>,
    /// Labels of all of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}

/// How a target is trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsConfig {
    /// The authority's certificate. Absent: those of the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<String>,
    /// The name in the target's certificate, where it is not its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_name: Option<String>,
    /// Whether any certificate will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insecure_skip_verify: Option<bool>,
}

/// The header `Authorization` of a scrape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// The first word of the header. Absent: `Bearer`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// The file with the rest of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials_file: Option<String>,
}

/// One step of relabelling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relabel {
    /// The labels whose values are joined by the separator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_labels: Vec<String>,
    /// What stands between the values. Absent: `;`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<String>,
    /// What the whole of the joined text must match. Absent: `(.*)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regex: Option<String>,
    /// What is done. Absent: [`Action::Replace`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    /// The label that is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_label: Option<String>,
    /// What is written, with `$1` for a group of the expression. Absent: `$1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
}

impl Relabel {
    /// Goes on with those alone whose joined labels match.
    pub fn keep<L: Into<String>>(
        labels: impl IntoIterator<Item = L>,
        regex: impl Into<String>,
    ) -> Self {
        Self::matching(labels, regex, Action::Keep)
    }

    /// Goes on without those whose joined labels match.
    pub fn drop<L: Into<String>>(
        labels: impl IntoIterator<Item = L>,
        regex: impl Into<String>,
    ) -> Self {
        Self::matching(labels, regex, Action::Drop)
    }

    /// Writes a label's value under another name.
    pub fn copy(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self {
            source_labels: vec![from.into()],
            target_label: Some(to.into()),
            ..Self::default()
        }
    }

    /// Writes what the joined labels give into a label: `regex` with groups, `replacement` with `$1`.
    pub fn replace<L: Into<String>>(
        labels: impl IntoIterator<Item = L>,
        regex: impl Into<String>,
        to: impl Into<String>,
        replacement: impl Into<String>,
    ) -> Self {
        Self {
            source_labels: labels.into_iter().map(Into::into).collect(),
            regex: Some(regex.into()),
            target_label: Some(to.into()),
            replacement: Some(replacement.into()),
            ..Self::default()
        }
    }

    fn matching<L: Into<String>>(
        labels: impl IntoIterator<Item = L>,
        regex: impl Into<String>,
        action: Action,
    ) -> Self {
        Self {
            source_labels: labels.into_iter().map(Into::into).collect(),
            regex: Some(regex.into()),
            action: Some(action),
            ..Self::default()
        }
    }
}

/// What a step of relabelling does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Writes `replacement` into `target_label` where the expression matches.
    Replace,
    /// Drops what does not match.
    Keep,
    /// Drops targets, or series, whose joined labels match.
    Drop,
    /// Copies all labels whose names match, under the name that `replacement` gives.
    LabelMap,
    /// Removes all labels whose names match.
    LabelDrop,
    /// Removes all labels whose names do not match.
    LabelKeep,
    /// Writes a hash of the joined labels modulo a number, to share targets out.
    HashMod,
    /// Writes the joined labels in small letters.
    Lowercase,
    /// Writes the joined labels in capitals.
    Uppercase,
}

/// What is wrong with a `prometheus.yml`, called `file` in the findings.
pub fn check(config: &Value, file: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for (number, job) in jobs(config).enumerate() {
        let at = |member: &str| format!("scrape_configs[{number}].{member}");
        let name = job["job_name"].as_str().unwrap_or_default();
        if !name.is_empty() && !seen.insert(name) {
            findings.push(in_file(
                "scrape-job-twice",
                Severity::Error,
                file,
                &at("job_name"),
                format!("another job is called `{name}`: Prometheus does not start"),
                "give each job a name of its own",
            ));
        }
        if job.get("bearer_token_file").is_some() {
            findings.push(in_file(
                "scrape-old-token",
                Severity::Warning,
                file,
                &at("bearer_token_file"),
                "the older form of `authorization`, kept for old files",
                "write `authorization: {credentials_file: ...}`",
            ));
        }
        findings.extend(uneven(job, number, file));
    }
    findings
}

/// Expressions of `keep` that can never match, because they have another number of parts than there are labels.
fn uneven(job: &Value, number: usize, file: &str) -> Vec<Finding> {
    let steps = job["relabel_configs"].as_array();
    let steps = steps.into_iter().flatten().enumerate();
    let uneven = steps.filter_map(|(step, relabel)| {
        let labels = relabel["source_labels"].as_array()?.len();
        let regex = relabel["regex"].as_str()?;
        // What stands for any text may stand for the separator, too.
        let is_literal = !regex.contains(['.', '*', '+', '?', '[', '(', '|', '\\', '{']);
        let parts = regex.split(';').count();
        let keeps = relabel["action"] == "keep" && relabel.get("separator").is_none();
        (keeps && is_literal && labels > 0 && parts != labels).then(|| {
            in_file(
                "relabel-never-matches",
                Severity::Error,
                file,
                &format!("scrape_configs[{number}].relabel_configs[{step}].regex"),
                format!("{parts} parts for {labels} labels: no target is kept"),
                "write one part for each label, with `;` between them",
            )
        })
    });
    uneven.collect()
}

/// Queries that ask for a job which none of the scrape configurations has. `config` must be all that is scraped; a query is
/// given with the place in which it stands.
pub fn check_jobs<'q>(
    config: &Value,
    queries: impl IntoIterator<Item = (&'q str, &'q str)>,
    file: &str,
) -> Vec<Finding> {
    let known: BTreeSet<&str> = jobs(config)
        .filter_map(|job| job["job_name"].as_str())
        .collect();
    // A job that writes its targets' label itself may have any name.
    let renames = jobs(config).any(|job| {
        let steps = job["relabel_configs"].as_array();
        steps
            .into_iter()
            .flatten()
            .any(|step| step["target_label"] == "job" || step["action"] == "labelmap")
    });
    if renames {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (place, query) in queries {
        let Ok(expression) = promql::parse(query) else {
            continue;
        };
        let asked = expression.selectors();
        let asked = asked.iter().filter_map(|selector| selector.equal_to("job"));
        for job in asked.filter(|job| !known.contains(job)) {
            findings.push(in_file(
                "job-not-scraped",
                Severity::Error,
                file,
                place,
                format!("no job is called `{job}`: the query gives nothing"),
                "scrape it under this name, or ask for a job that is scraped",
            ));
        }
    }
    findings
}

fn jobs(config: &Value) -> impl Iterator<Item = &Value> {
    let jobs = config["scrape_configs"].as_array();
    jobs.into_iter().flatten()
}
