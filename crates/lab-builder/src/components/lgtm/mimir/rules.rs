//! The alerts that Mimir's ruler evaluates.
//!
//! See <https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/>.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::field_error;
use crate::components::ARGOCD;
use crate::scope::Scope;
use stack_builder::ComponentError;

/// The alerts of the lab: the documented criteria for rolling a migration back (section 10-3), and the alerts of the
/// concept stack (seed 000).
///
/// | alert | what it reads | who provides it |
/// |---|---|---|
/// | HighErrorRate, LatencyDoubled | `traces_span_metrics_*`: every request, before sampling | the collector |
/// | PodCrashLooping | `container_start_time_seconds` of the kubelet | Alloy, job `kubelet-resource` |
/// | ConnectionPoolExhausted | metrics of the connection pool | the program itself, over OTLP |
/// | KubernetesAPIServerDown | `up` of the job `kubernetes-apiservers` | Alloy |
/// | IstioHighErrorRate | `istio_requests_total` | waypoints, which Alloy finds by their annotations |
/// | ArgoCDSyncFailed | `argocd_app_info` | Argo CD's application controller, which Alloy finds by its label |
///
/// Two of them stay silent in the lab as it stands, and are there for what comes into it. The demo app has no database;
/// a migrated Spring Boot service sends the pool's metrics by itself. Ambient mode counts requests in waypoints only;
/// without one, ztunnel sees connections and HighErrorRate does the work.
///
/// The waiting reason `CrashLoopBackOff` itself is a metric of kube-state-metrics, which is not among the 57 pods. Starts
/// that come one after the other tell the same; PodCrashLooping takes that metric too where it exists.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertRules {
    /// How often rules are evaluated, for example `1m` *(ours)*.
    pub interval: String,
    /// Share of failed requests from which on HighErrorRate fires. Documented: 0.01, that is 1 %.
    pub error_ratio: f64,
    /// How long the share must stay too high before the alert fires. Documented: `5m`.
    pub error_for: String,
    /// How many times its former value the 99th percentile of latency must have for LatencyDoubled. Documented: 2, that
    /// is 200 %.
    pub latency_factor: f64,
    /// How far back the former value lies *(ours: `1d`, the same hour of the day before)*.
    pub latency_baseline: String,
    /// How many times a container starts within a quarter of an hour in PodCrashLooping *(ours: 3)*. The criterion names
    /// CrashLoopBackOff, in which the kubelet waits longer and longer between starts.
    pub restarts: u32,
    /// Share of requests that are not answered with 2xx from which on IstioHighErrorRate fires. Documented: 0.1.
    pub istio_error_ratio: f64,
    /// More files with rules, by file name *(ours: none)*.
    pub more: BTreeMap<String, RuleFile>,
}

impl Default for AlertRules {
    fn default() -> Self {
        AlertRules {
            interval: "1m".into(),
            error_ratio: 0.01,
            error_for: "5m".into(),
            latency_factor: 2.0,
            latency_baseline: "1d".into(),
            restarts: 3,
            istio_error_ratio: 0.1,
            more: BTreeMap::new(),
        }
    }
}

/// Rules as Prometheus and Mimir read them: a file of groups.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RuleFile {
    /// Groups; the rules of one are evaluated one after the other.
    pub groups: Vec<RuleGroup>,
}

/// Rules that are evaluated one after the other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleGroup {
    /// Its name; no other group of the file has it.
    pub name: String,
    /// Time between evaluations, a duration of Prometheus. Absent: the ruler's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
    /// Evaluated one after the other, so that a rule may use what the one before it recorded.
    pub rules: Vec<Rule>,
}

/// An alerting rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rule {
    /// Its name, which becomes the label `alertname`.
    pub alert: String,
    /// PromQL; each series that it gives is an alert.
    pub expr: String,
    /// For how long it must hold until the alert fires; at once where absent.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub holds_for: Option<String>,
    /// Labels of the alert; `severity` is among them.
    pub labels: BTreeMap<String, String>,
    /// What a person reads; `summary` is among them.
    pub annotations: BTreeMap<String, String>,
}

/// How urgent an alert is: the label `severity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Someone should look at it today.
    Warning,
    /// Someone must act now; goes to the loudest receiver.
    Critical,
}

impl Severity {
    fn label(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Critical => "critical",
        }
    }
}

impl Rule {
    /// An alert with its severity and one sentence on what is wrong, which may hold Go templates.
    pub fn new(alert: &str, severity: Severity, expr: impl Into<String>, summary: &str) -> Self {
        Rule {
            alert: alert.to_owned(),
            expr: expr.into(),
            holds_for: None,
            labels: [("severity".to_owned(), severity.label().to_owned())].into(),
            annotations: [("summary".to_owned(), summary.to_owned())].into(),
        }
    }

    /// For how long it must hold until it fires.
    #[must_use]
    pub fn holding(mut self, duration: &str) -> Self {
        self.holds_for = Some(duration.to_owned());
        self
    }

    /// What to do about it, for whoever is called.
    #[must_use]
    pub fn described(mut self, description: &str) -> Self {
        self.annotations
            .insert("description".into(), description.to_owned());
        self
    }
}

/// Spans with which a request enters a service.
const ENTRIES: &str = r#"span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER""#;

impl AlertRules {
    /// All files, by name.
    pub(super) fn files(&self, context: &Scope<'_>) -> BTreeMap<String, RuleFile> {
        let mut files = self.more.clone();
        files.insert(
            "rollback.yaml".into(),
            self.file("rollback", self.rollback()),
        );
        files.insert(
            "cncf-stack.yaml".into(),
            self.file("cncf.rules", self.concept_stack(context)),
        );
        files
    }

    fn file(&self, name: &str, rules: Vec<Rule>) -> RuleFile {
        RuleFile {
            groups: vec![RuleGroup {
                name: name.to_owned(),
                interval: Some(self.interval.clone()),
                rules,
            }],
        }
    }

    fn rollback(&self) -> Vec<Rule> {
        let rate = |more: &str| {
            format!(
                "sum by (service_name) (rate(traces_span_metrics_calls_total{{{ENTRIES}{more}}}[5m]))"
            )
        };
        let p99 = |offset: &str| {
            format!(
                "histogram_quantile(0.99, sum by (service_name, le) \
                 (rate(traces_span_metrics_duration_seconds_bucket{{{ENTRIES}}}[5m]{offset})))"
            )
        };
        let roll_back =
            "A criterion for rolling back: point Kong's upstream to the old servers again.";
        vec![
            Rule::new(
                "HighErrorRate",
                Severity::Critical,
                format!(r#"{} / {} > {}"#, rate(r#",status_code="STATUS_CODE_ERROR""#), rate(""), self.error_ratio),
                "{{ $value | humanizePercentage }} of the requests to {{ $labels.service_name }} fail",
            )
            .holding(&self.error_for)
            .described(roll_back),
            Rule::new(
                "LatencyDoubled",
                Severity::Critical,
                format!(
                    "{} > {} * {}",
                    p99(""),
                    self.latency_factor,
                    p99(&format!(" offset {}", self.latency_baseline))
                ),
                "The slowest hundredth of the requests to {{ $labels.service_name }} takes {{ $value | humanizeDuration }} or more",
            )
            .holding("5m")
            .described(roll_back),
            Rule::new(
                "PodCrashLooping",
                Severity::Critical,
                format!(
                    r#"changes(container_start_time_seconds{{job="kubelet-resource"}}[15m]) >= {} or kube_pod_container_status_waiting_reason{{reason="CrashLoopBackOff"}} > 0"#,
                    self.restarts
                ),
                "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} starts again and again",
            )
            .described(roll_back),
            Rule::new(
                "ConnectionPoolExhausted",
                Severity::Critical,
                "(hikaricp_connections_pending > 0 and hikaricp_connections_active >= hikaricp_connections_max) or db_client_connections_pending_requests > 0",
                "Requests wait for a database connection in {{ $labels.job }}",
            )
            .holding("1m")
            .described(roll_back),
        ]
    }

    fn concept_stack(&self, context: &Scope<'_>) -> Vec<Rule> {
        let mut rules = vec![
            // Each Alloy asks for itself: the server is down when none of them gets an answer.
            Rule::new(
                "KubernetesAPIServerDown",
                Severity::Critical,
                r#"max by (job) (up{job="kubernetes-apiservers"}) == 0"#,
                "The Kubernetes API server does not answer",
            )
            .holding("5m"),
        ];
        if context.mesh() {
            let rate = |selector: &str| {
                format!("sum by (destination_service) (rate(istio_requests_total{selector}[5m]))")
            };
            rules.push(
                Rule::new(
                    "IstioHighErrorRate",
                    Severity::Warning,
                    format!(r#"{} / {} > {}"#, rate(r#"{response_code!~"2.."}"#), rate(""), self.istio_error_ratio),
                    "{{ $value | humanizePercentage }} of the requests to {{ $labels.destination_service }} fail in the mesh",
                )
                .holding("5m")
                .described(
                    "Waypoints count istio_requests_total. For Services without one this alert stays silent, since \
                     ztunnel counts connections only; there HighErrorRate tells.",
                ),
            );
        }
        if context.has(ARGOCD) {
            rules.push(
                Rule::new(
                    "ArgoCDSyncFailed",
                    Severity::Warning,
                    r#"argocd_app_info{sync_status!="Synced"} == 1"#,
                    "Argo CD's application {{ $labels.name }} is {{ $labels.sync_status }}",
                )
                .holding("10m"),
            );
        }
        rules
    }

    pub(super) fn check(&self) -> Result<(), ComponentError> {
        for (field, found) in [
            ("error_ratio", self.error_ratio),
            ("istio_error_ratio", self.istio_error_ratio),
        ] {
            if !(0.0..1.0).contains(&found) {
                return Err(field_error(
                    &format!("mimir.rules.{field}"),
                    found,
                    "at least 0 and less than 1: a share",
                ));
            }
        }
        if !self.latency_factor.is_finite() || self.latency_factor <= 1.0 {
            return Err(field_error(
                "mimir.rules.latency_factor",
                self.latency_factor,
                "more than 1",
            ));
        }
        for (name, file) in &self.more {
            let rules = file.groups.iter().flat_map(|group| &group.rules);
            for rule in rules {
                for (part, missing) in [
                    ("alert", rule.alert.is_empty()),
                    ("expr", rule.expr.trim().is_empty()),
                    ("labels.severity", !rule.labels.contains_key("severity")),
                    (
                        "annotations.summary",
                        !rule.annotations.contains_key("summary"),
                    ),
                ] {
                    if missing {
                        let field = format!("mimir.rules.more.{name}: {}.{part}", rule.alert);
                        return Err(field_error(
                            &field,
                            "empty or absent",
                            "something: AlertManager and people need it",
                        ));
                    }
                }
            }
        }
        Ok(())
    }
}
