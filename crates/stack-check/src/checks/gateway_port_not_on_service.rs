//! Ports of a Gateway that its Service does not have.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::at;
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;
use stack_model::{Selector, TargetPort};
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "gateway-port-not-on-service",
    group: Group::References,
    severity: Severity::Warning,
    title: "A Gateway listens at a port that its Service does not have",
    explanation: "The pods that the Gateway selects listen at the port, but no Service in front of them has it: \
        nobody can connect from outside.",
    remedy: "add the port to the Service of the gateway",
    silent: "Gateways whose pods or Services are not in the input.",
    failing: include_str!("../../fixtures/gateway-port-not-on-service/failing.yaml"),
    passing: include_str!("../../fixtures/gateway-port-not-on-service/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    let mut gateways = model.objects("networking.istio.io", "Gateway").peekable();
    if gateways.peek().is_none() {
        return;
    }
    // The ports at which Services send traffic on to a workload.
    let mut open: HashMap<_, Vec<u16>> = HashMap::new();
    for service in model.services() {
        for workload in service.workloads() {
            let ports = service.ports().flat_map(|port| {
                let target = match port.target {
                    TargetPort::Number(number) => Some(number),
                    TargetPort::Name(_) => port.target_on(&workload),
                };
                [Some(port.port), target].into_iter().flatten()
            });
            open.entry(workload.entry().entry_id())
                .or_default()
                .extend(ports);
        }
    }
    for gateway in gateways {
        let selector = gateway
            .at("spec.selector")
            .and_then(|selector| Selector::read_labels(selector).ok());
        let Some(selector) = selector.filter(|selector| !selector.is_everything()) else {
            continue;
        };
        let namespace = gateway.namespace().unwrap_or_default();
        // Pods of other namespaces may be meant, too.
        let mut workloads = model.select_workloads(namespace, &selector);
        workloads.retain(|workload| context.are_near(gateway, workload.entry()));
        let ports: Vec<u16> = workloads
            .iter()
            .filter_map(|workload| open.get(&workload.entry().entry_id()))
            .flatten()
            .copied()
            .collect();
        if ports.is_empty() {
            continue;
        }
        for (number, server) in gateway.items_at("spec.servers").iter().enumerate() {
            let port = at(server, "port.number").and_then(Value::as_u64);
            if let Some(port) =
                port.filter(|port| !ports.iter().any(|open| u64::from(*open) == *port))
            {
                let message = format!("no Service of {} has port {port}", workloads[0]);
                sink.report(
                    gateway,
                    path(&format!("spec.servers[{number}].port")),
                    message,
                );
            }
        }
    }
}
