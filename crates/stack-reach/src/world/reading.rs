//! Pods, nodes and Services out of the model.

use std::net::IpAddr;

use stack_model::Value;
use stack_model::{ContainerRole, NodeRole, TargetPort};

use super::objects::{Endpoint, Node, Pod, PodPort, Service, ServicePort, Target};
use crate::Protocol;
use crate::flow::Name;

pub(crate) const fn protocol(protocol: stack_model::Protocol) -> Protocol {
    match protocol {
        stack_model::Protocol::Tcp => Protocol::Tcp,
        stack_model::Protocol::Udp => Protocol::Udp,
        stack_model::Protocol::Sctp => Protocol::Sctp,
    }
}

fn addresses(value: Option<&Value>) -> Vec<IpAddr> {
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().or_else(|| item.get("ip")?.as_str()))
        .filter_map(|text| text.parse().ok())
        .collect()
}

pub(super) fn read_pod(workload: &stack_model::Workload<'_>) -> Pod {
    let entry = workload.entry();
    let mut ips = addresses(entry.at("status.podIPs"));
    if let Some(ip) = entry
        .text_at("status.podIP")
        .and_then(|text| text.parse().ok())
        && !ips.contains(&ip)
    {
        ips.push(ip);
    }
    let running = || {
        workload
            .containers()
            .filter(|container| container.role() != ContainerRole::Init)
    };
    let owner = entry
        .items_at("metadata.ownerReferences")
        .iter()
        .find(|owner| {
            owner.get("controller").and_then(Value::as_bool) == Some(true)
                && owner.get("kind").and_then(Value::as_str) != Some("Node")
        });
    let text = |value: &Value, member: &str| {
        value
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Pod {
        name: Name::new(workload.namespace(), workload.name()),
        kind: entry.kind().to_owned(),
        labels: workload.labels().texts().collect(),
        annotations: workload.annotations().texts().collect(),
        service_account: workload.service_account().to_owned(),
        ports: running()
            .flat_map(stack_model::Container::ports)
            .map(|port| PodPort {
                name: port.name.map(str::to_owned),
                port: port.port,
                protocol: protocol(port.protocol),
                host_port: port.host_port,
            })
            .collect(),
        probes: running()
            .flat_map(|container| probe_ports(container.value(), workload))
            .collect(),
        containers: running()
            .map(|container| container.name().to_owned())
            .collect(),
        host_network: workload.host_network(),
        node: workload
            .pod_spec()
            .and_then(|spec| spec.get("nodeName"))
            .and_then(Value::as_str)
            .map(str::to_owned),
        ips,
        owner: owner.map(|owner| (text(owner, "kind"), text(owner, "name"))),
        implied: false,
    }
}

/// The ports that a container's probes ask.
fn probe_ports(container: &Value, workload: &stack_model::Workload<'_>) -> Vec<u16> {
    let probes = ["startupProbe", "livenessProbe", "readinessProbe"]
        .iter()
        .filter_map(|probe| container.get(probe));
    let handlers = probes.flat_map(|probe| {
        ["httpGet", "tcpSocket", "grpc"]
            .iter()
            .filter_map(|handler| probe.get(handler))
    });
    let ports = handlers.filter_map(|handler| match handler.get("port")? {
        Value::String(name) => workload.port_named(name, stack_model::Protocol::Tcp),
        number => u16::try_from(number.as_u64()?).ok(),
    });
    ports.collect()
}

pub(super) fn read_node(node: stack_model::ClusterNode<'_>) -> Node {
    let entry = node.entry();
    let listed = if node.kind_index().is_some() {
        &[]
    } else {
        entry.items_at("status.addresses")
    };
    Node {
        name: node.kind_index().map_or_else(
            || entry.name().to_owned(),
            |index| format!("{}[{index}]", entry.name()),
        ),
        labels: node.labels().texts().collect(),
        addresses: listed
            .iter()
            .filter_map(|address| address.get("address").and_then(Value::as_str))
            .filter_map(|text| text.parse().ok())
            .collect(),
        control_plane: node.role() == NodeRole::ControlPlane,
    }
}

pub(super) fn read_service(
    service: &stack_model::Service<'_>,
    pods: Vec<usize>,
    endpoints: Vec<Endpoint>,
) -> Service {
    let entry = service.entry();
    let mut known = addresses(entry.at("spec.clusterIPs"));
    known.extend(
        entry
            .text_at("spec.clusterIP")
            .and_then(|text| text.parse::<IpAddr>().ok()),
    );
    known.extend(
        entry
            .text_at("spec.loadBalancerIP")
            .and_then(|text| text.parse::<IpAddr>().ok()),
    );
    known.extend(addresses(entry.at("spec.externalIPs")));
    known.extend(addresses(entry.at("status.loadBalancer.ingress")));
    Service {
        name: Name::new(service.namespace(), service.name()),
        labels: entry.labels().texts().collect(),
        addresses: known,
        ports: service
            .ports()
            .map(|port| ServicePort {
                name: port.name.map(str::to_owned),
                port: port.port,
                protocol: protocol(port.protocol),
                target: match port.target {
                    TargetPort::Number(number) => Target::Number(number),
                    TargetPort::Name(name) => Target::Name(name.to_owned()),
                },
                node_port: port.node_port,
            })
            .collect(),
        pods,
        has_selector: service.selector().is_some(),
        is_open: matches!(
            entry.text_at("spec.type"),
            Some("LoadBalancer" | "NodePort")
        ),
        stays_on_node: entry.text_at("spec.externalTrafficPolicy") == Some("Local"),
        external_name: service.external_name().map(str::to_owned),
        endpoints,
    }
}
