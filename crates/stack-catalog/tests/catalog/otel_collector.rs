use serde_json::json;
use stack_builder::Stack;
use stack_catalog::components::KubePrometheusStack;
use stack_catalog::components::otel_collector::{
    Destination, Gathers, Mode, OtelCollector, Signal,
};
use stack_catalog::{Home, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "opentelemetry-collector",
    release: "opentelemetry-collector",
    inner: &[],
    // The collector's own configuration, in which whoever writes it names exporters; and a key that the values file has in a
    // comment, without which the budget would allow everything.
    unlisted: &["config.exporters", "podDisruptionBudget.minAvailable"],
    without: &[],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(OtelCollector::default())
}

fn everything(stack: Stack) -> Stack {
    let mut gateway = OtelCollector::gateway("opentelemetry-collector")
        .sending(Signal::Traces, Destination::grpc("tempo.tempo.svc:4317"))
        .sending(
            Signal::Metrics,
            Destination::http("http://mimir/otlp").with_header("X-Scope-OrgID", "a"),
        )
        .sending(
            Signal::Logs,
            Destination::http("http://loki-gateway.loki.svc/otlp"),
        );
    gateway.gathers = Gathers {
        cluster_metrics: true,
        events: true,
        ..Gathers::default()
    };
    let config = json!({"processors": {"batch": {"timeout": "5s"}}});
    gateway.config = config.as_object().unwrap().clone();
    gateway.home = Home::own("telemetry");
    stack.with(KubePrometheusStack::default()).with(gateway)
}

fn agent(stack: Stack) -> Stack {
    stack.with(KubePrometheusStack::default()).with(
        OtelCollector::agent("opentelemetry-collector").sending(
            Signal::Logs,
            Destination::http("http://loki-gateway.loki.svc/otlp"),
        ),
    )
}

fn stateful(stack: Stack) -> Stack {
    stack.with(OtelCollector {
        mode: Mode::Stateful { replicas: 2 },
        kubernetes_attributes: false,
        ..OtelCollector::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, agent, stateful] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("opentelemetry-collector").unwrap());
    }
    proof::pulls_from_the_mirror(everything);
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    let build = |stack: Stack| {
        stack.with(OtelCollector {
            home: Home::own("opentelemetry"),
            ..OtelCollector::default()
        })
    };
    for bundle in proof::environments(build) {
        CHART.makes_what_is_declared_by_but_for_levels(&bundle);
    }
}

#[test]
fn each_environment_is_clean() {
    for build in [plain, everything, agent, stateful] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn what_is_gathered_fits_where_it_runs() {
    let refused = |collector: OtelCollector| {
        let stack = platform("dev", "dev.example.com").with(collector);
        stack.build().unwrap_err().to_string()
    };
    let mut logs = OtelCollector::gateway("g");
    logs.gathers.logs = true;
    assert!(refused(logs).contains("Mode::Agent"));
    let mut events = OtelCollector::agent("a");
    events.gathers.events = true;
    assert!(refused(events).contains("Mode::Gateway"));
    let swapped = OtelCollector::gateway("g").sending(Signal::Logs, Destination::grpc("http://x"));
    assert!(refused(swapped).contains("destinations[logs].endpoint"));
}

#[test]
fn several_collectors_live_in_one_stack() {
    let stack = platform("dev", "dev.example.com")
        .with(OtelCollector::gateway("otel-gateway"))
        .with(OtelCollector::agent("otel-agent"));
    let bundle = stack.build().unwrap();
    proof::is_clean(&bundle, &[]);
    assert_eq!(
        bundle.release("otel-agent").unwrap().values["fullnameOverride"],
        "otel-agent"
    );
}
