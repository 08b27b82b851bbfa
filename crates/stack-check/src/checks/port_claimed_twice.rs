//! Ports of the nodes that are claimed twice.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Entry, ServiceType, WorkloadKind};
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    code: "port-claimed-twice",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "Two objects claim one port of the nodes",
    explanation: "A node port belongs to one Service, and a host port on a node to one pod. The second Service is refused; the \
        pods of the second DaemonSet stay Pending.",
    remedy: "give each a port of its own",
    silent: "Ports that the cluster chooses, and host ports of pods that need not share a node.",
    failing: include_str!("../../fixtures/port-claimed-twice/failing.yaml"),
    passing: include_str!("../../fixtures/port-claimed-twice/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let mut services: Vec<_> = context.model.services().collect();
    services.sort_by_cached_key(|service| (service.namespace(), service.name()));
    let mut node_ports: BTreeMap<_, &Entry> = BTreeMap::new();
    for service in services {
        // A server refuses a node port of any other type.
        if !matches!(
            service.service_type(),
            ServiceType::NodePort | ServiceType::LoadBalancer
        ) {
            continue;
        }
        for (number, port) in service.ports().enumerate() {
            let Some(claimed) = port.node_port else {
                continue;
            };
            match node_ports.get(&(claimed, port.protocol)) {
                // One Service may use a node port for several of its ports only in different protocols.
                Some(other)
                    if other.entry_id() != service.entry().entry_id()
                        && context.are_together(other, service.entry()) =>
                {
                    sink.report(
                        service.entry(),
                        path(&format!("spec.ports[{number}].nodePort")),
                        format!("{other} claims node port {claimed}, too"),
                    );
                }
                Some(_) => {}
                None => drop(node_ports.insert((claimed, port.protocol), service.entry())),
            }
        }
    }
    let mut daemons: Vec<_> = context
        .model
        .workloads()
        .filter(|workload| workload.kind() == WorkloadKind::DaemonSet)
        .collect();
    daemons.retain(|workload| {
        workload.pod_spec().is_some_and(|spec| {
            spec.get("nodeSelector").is_none() && spec.get("affinity").is_none()
        })
    });
    daemons.sort_by_cached_key(|workload| (workload.namespace(), workload.name()));
    let mut host_ports: BTreeMap<_, &Entry> = BTreeMap::new();
    for workload in daemons {
        for container in workload.containers() {
            for port in container.ports() {
                let claimed = port
                    .host_port
                    .or(workload.host_network().then_some(port.port));
                let Some(claimed) = claimed else { continue };
                match host_ports.get(&(claimed, port.protocol)) {
                    Some(other)
                        if other.entry_id() != workload.entry().entry_id()
                            && context.are_together(other, workload.entry()) =>
                    {
                        let at = path(&container.path().to_string()).field("ports");
                        sink.report(
                            workload.entry(),
                            at,
                            format!("{other} claims port {claimed} of every node, too"),
                        );
                    }
                    Some(_) => {}
                    None => drop(host_ports.insert((claimed, port.protocol), workload.entry())),
                }
            }
        }
    }
}
