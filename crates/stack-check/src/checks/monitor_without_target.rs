//! Monitors that find nothing to scrape.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::context::{in_words, path};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;
use stack_model::{Entry, Extent, Selector, Service, Workload};

pub(super) const CHECK: Check = Check {
    code: "monitor-without-target",
    group: Group::References,
    severity: Severity::Warning,
    title: "A monitor finds nothing to scrape",
    explanation: "A ServiceMonitor selects Services by their own labels and ports by name; a PodMonitor does the same with pods. \
        If nothing fits there are no metrics, and no error either.",
    remedy: "select labels of the Service itself, and name one of its ports (`spec.ports[].name`)",
    silent: "Where nothing in reach carries these keys, or the namespaces are not in the input. That no Prometheus selects a monitor \
        is said of a whole stack alone, and not beside agents that read monitors, too.",
    failing: include_str!("../../fixtures/monitor-without-target/failing.yaml"),
    passing: include_str!("../../fixtures/monitor-without-target/passing.yaml"),
    run,
};

const GROUP: &str = "monitoring.coreos.com";

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    look_at_pods(context, sink);
    look_for_servers(context, sink);
    for monitor in context.model.objects(GROUP, "ServiceMonitor") {
        let selector = monitor
            .at("spec.selector")
            .and_then(|selector| Selector::read(selector).ok());
        let Some(selector) = selector.filter(|selector| !selector.is_everything()) else {
            continue;
        };
        let mut near: Vec<Service<'_>> = services_near(context, monitor);
        near.retain(|service| context.are_near(monitor, service.entry()));
        let fitting: Vec<&Service<'_>> = near
            .iter()
            .filter(|service| selector.matches(&service.entry().labels()))
            .collect();
        let speaks_of_ours = near.iter().any(|service| {
            let labels = service.entry().labels();
            selector
                .requirements()
                .iter()
                .all(|requirement| labels.get(&requirement.key).is_some())
        });
        if fitting.is_empty() {
            if speaks_of_ours {
                sink.report(
                    monitor,
                    path("spec.selector"),
                    format!("no Service in reach has the labels {}", in_words(&selector)),
                );
            }
            continue;
        }
        for (number, endpoint) in monitor.items_at("spec.endpoints").iter().enumerate() {
            let Some(name) = endpoint.get("port").and_then(Value::as_str) else {
                continue;
            };
            if fitting
                .iter()
                .all(|service| service.port_named(name).is_none())
            {
                let message = format!("{} has no port named `{name}`", fitting[0]);
                sink.report(
                    monitor,
                    path(&format!("spec.endpoints[{number}].port")),
                    message,
                );
            }
        }
    }
}

/// The Services of the namespaces in which a monitor looks.
fn services_near<'m>(context: &Context<'m>, monitor: &'m Entry) -> Vec<Service<'m>> {
    let in_namespace = |namespace: &'m str| {
        let names = context
            .model
            .objects_in("", "Service", namespace)
            .map(Entry::name);
        names
            .filter_map(move |name| context.model.service(namespace, name))
            .collect::<Vec<_>>()
    };
    let anywhere = monitor
        .at("spec.namespaceSelector.any")
        .and_then(Value::as_bool)
        == Some(true);
    let names = monitor.items_at("spec.namespaceSelector.matchNames");
    if anywhere {
        return context.model.services().collect();
    }
    if names.is_empty() {
        return monitor.namespace().map(in_namespace).unwrap_or_default();
    }
    names
        .iter()
        .filter_map(Value::as_str)
        .flat_map(in_namespace)
        .collect()
}

/// PodMonitors that select no pods, or name a port that none of them declares.
fn look_at_pods(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    for monitor in model.objects(GROUP, "PodMonitor") {
        let selector = monitor
            .at("spec.selector")
            .and_then(|selector| Selector::read(selector).ok());
        let Some(selector) = selector.filter(|selector| !selector.is_everything()) else {
            continue;
        };
        // Pods of other namespaces are found by another index, and nobody writes them so without need.
        let elsewhere = monitor.at("spec.namespaceSelector").is_some();
        let Some(namespace) = monitor.namespace().filter(|_| !elsewhere) else {
            continue;
        };
        let mut workloads = model.select_workloads(namespace, &selector);
        if workloads.is_empty() {
            if context.is_for_our_pods(monitor, namespace, &selector) {
                let message = format!("no pod in reach has the labels {}", in_words(&selector));
                let remedy = "select labels of the pod template (`spec.template.metadata.labels`)";
                sink.report_with(monitor, path("spec.selector"), message, remedy);
            }
            continue;
        }
        workloads.retain(|workload| context.are_near(monitor, workload.entry()));
        for (number, endpoint) in monitor
            .items_at("spec.podMetricsEndpoints")
            .iter()
            .enumerate()
        {
            let name = endpoint.get("port").and_then(Value::as_str);
            let has = |workload: &Workload<'_>| {
                let mut ports = workload
                    .containers()
                    .flat_map(|container| container.ports());
                ports.any(|port| port.name == name)
            };
            if let (Some(name), Some(first)) = (name, workloads.first())
                && !workloads.iter().any(has)
            {
                let message = format!("no container of {first} declares a port `{name}`");
                let place = format!("spec.podMetricsEndpoints[{number}].port");
                let remedy = "name a port of a container (`ports[].name`)";
                sink.report_with(monitor, path(&place), message, remedy);
            }
        }
    }
}

/// Programs besides Prometheus that read monitors of its operator.
const OTHER_READERS: [&str; 4] = ["alloy", "grafana/agent", "opentelemetry", "victoriametrics"];

/// Monitors of a whole stack that no Prometheus of it takes.
fn look_for_servers(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    let servers: Vec<&Entry> = ["Prometheus", "PrometheusAgent"]
        .into_iter()
        .flat_map(|kind| model.objects(GROUP, kind))
        .collect();
    if context.extent == Extent::Part || servers.is_empty() {
        return;
    }
    let mut containers = model.workloads().flat_map(|workload| workload.containers());
    if containers.any(|container| {
        OTHER_READERS
            .iter()
            .any(|name| container.image().contains(name))
    }) {
        return;
    }
    for (kind, member) in [
        ("ServiceMonitor", "serviceMonitor"),
        ("PodMonitor", "podMonitor"),
        ("Probe", "probe"),
        ("PrometheusRule", "rule"),
    ] {
        for monitor in model.objects(GROUP, kind) {
            if !servers
                .iter()
                .any(|server| takes(context, server, member, monitor))
            {
                let message = "no Prometheus of the stack selects it";
                let remedy = "give it the labels that the Prometheus selects";
                sink.report_with(monitor, path("metadata.labels"), message, remedy);
            }
        }
    }
}

/// Whether a server selects a monitor: by its labels, and those of its namespace. Without a selector it selects none, and without one
/// for namespaces those of its own alone. What is known of namespaces is what the input declares.
fn takes(context: &Context<'_>, server: &Entry, member: &str, monitor: &Entry) -> bool {
    let read = |name: String| server.at(&name).map(Selector::read);
    let selected = read(format!("spec.{member}Selector"))
        .is_some_and(|read| read.is_ok_and(|selector| selector.matches(&monitor.labels())));
    let in_reach = match read(format!("spec.{member}NamespaceSelector")) {
        None => server.namespace() == monitor.namespace(),
        Some(Err(_)) => true,
        Some(Ok(selector)) => {
            let namespace = monitor
                .namespace()
                .and_then(|name| context.model.namespace(name));
            let declared = namespace.filter(|namespace| namespace.is_declared());
            declared.is_none_or(|namespace| selector.matches(&namespace.labels()))
        }
    };
    selected && in_reach
}
