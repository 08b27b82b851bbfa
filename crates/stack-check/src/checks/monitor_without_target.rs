//! Monitors that find nothing to scrape.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::context::{in_words, path};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;
use stack_model::{Entry, Selector, Service};

pub(super) const CHECK: Check = Check {
    code: "monitor-without-target",
    group: Group::References,
    severity: Severity::Warning,
    title: "A monitor finds nothing to scrape",
    explanation: "A ServiceMonitor selects Services by their own labels and ports by name; a PodMonitor does the same with pods. \
        If nothing fits there are no metrics, and no error either.",
    remedy: "select labels of the Service itself, and name one of its ports (`spec.ports[].name`)",
    silent: "Where nothing in reach carries these keys, or the namespaces are not in the input.",
    failing: include_str!("../../fixtures/monitor-without-target/failing.yaml"),
    passing: include_str!("../../fixtures/monitor-without-target/passing.yaml"),
    run,
};

const GROUP: &str = "monitoring.coreos.com";

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
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
