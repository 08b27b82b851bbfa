//! Stacks of which nobody would know what happened.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::{ImageName, Severity};
use stack_model::{Extent, Model};

pub(super) const CHECK: Check = Check {
    code: "no-central-observability",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "Metrics, logs or traces are gathered nowhere",
    explanation: "When something breaks across programs, each pod knows its own part, and a pod that has gone knows nothing. \
        Nothing in the stack keeps this signal, and nothing sends it to a place that does.",
    remedy: "add a store for it, or an agent that sends it to one outside the cluster",
    silent: "Parts of a stack; stacks without programs; clouds that read a node's logs without a pod.",
    failing: include_str!("../../fixtures/no-central-observability/failing.yaml"),
    passing: include_str!("../../fixtures/no-central-observability/passing.yaml"),
    run,
};

/// A signal, the names in images of programs that keep it or send it on, and kinds from which an operator makes such programs.
struct Signal {
    name: &'static str,
    images: &'static [&'static str],
    kinds: &'static [(&'static str, &'static str)],
}

/// Programs that send all three.
const AGENTS: &[&str] = &[
    "alloy",
    "cloudwatch-agent",
    "collector",
    "datadog",
    "dynatrace",
    "elastic-agent",
    "grafana-agent",
    "instana",
    "newrelic",
    "oneagent",
    "otelcol",
    "splunk",
    "vector",
];

const SIGNALS: [Signal; 3] = [
    Signal {
        name: "metrics",
        images: &[
            "cortex",
            "influxdb",
            "mimir",
            "prometheus",
            "telegraf",
            "thanos",
            "victoria",
            "vmagent",
        ],
        kinds: &[
            ("monitoring.coreos.com", "Prometheus"),
            ("monitoring.coreos.com", "PrometheusAgent"),
            ("operator.victoriametrics.com", "VMAgent"),
            ("opentelemetry.io", "OpenTelemetryCollector"),
        ],
    },
    Signal {
        name: "logs",
        images: &[
            "beat",
            "elasticsearch",
            "fluent-bit",
            "fluentbit",
            "fluentd",
            "logstash",
            "loki",
            "opensearch",
            "promtail",
            "victoria-logs",
        ],
        kinds: &[
            ("elasticsearch.k8s.elastic.co", "Elasticsearch"),
            ("fluentbit.fluent.io", "FluentBit"),
            ("logging.banzaicloud.io", "Logging"),
            ("opentelemetry.io", "OpenTelemetryCollector"),
        ],
    },
    Signal {
        name: "traces",
        images: &[
            "apm-server",
            "jaeger",
            "signoz",
            "skywalking",
            "tempo",
            "zipkin",
        ],
        kinds: &[
            ("jaegertracing.io", "Jaeger"),
            ("opentelemetry.io", "OpenTelemetryCollector"),
            ("tempo.grafana.com", "TempoStack"),
        ],
    },
];

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    if context.extent == Extent::Part || context.model.workloads().next().is_none() {
        return;
    }
    let names = images(context.model);
    let runs = |part: &&str| names.iter().any(|name| name.contains(*part));
    let has = |signal: &Signal| {
        let mut kinds = signal.kinds.iter();
        AGENTS.iter().any(&runs)
            || signal.images.iter().any(&runs)
            || kinds.any(|(group, kind)| context.model.objects(group, kind).next().is_some())
    };
    for signal in SIGNALS.iter().filter(|signal| !has(signal)) {
        sink.report_stack(format!("nothing gathers {}", signal.name));
    }
}

/// The images that run, without tag and digest, in small letters. Of an exporter nothing is kept.
fn images(model: &Model) -> Vec<String> {
    let containers = model.workloads().flat_map(|workload| workload.containers());
    let names =
        containers.map(|container| ImageName::split(container.image()).name().to_lowercase());
    names
        .filter(|name| !name.contains("exporter") && !name.contains("adapter"))
        .collect()
}
