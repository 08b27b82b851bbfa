//! What policies look at: pods, nodes, Services, namespaces, copied out of the model once, so that a question is quick.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use serde_json::Value;
use stack_model::{ContainerRole, Entry, Model, NodeRole, TargetPort};

use crate::Protocol;
use crate::flow::Name;

pub(crate) type LabelMap = BTreeMap<String, String>;

/// The pods of one workload: policies cannot tell them apart.
#[derive(Clone, Debug)]
pub(crate) struct Pod {
    pub(crate) name: Name,
    pub(crate) kind: String,
    pub(crate) labels: LabelMap,
    pub(crate) annotations: LabelMap,
    pub(crate) service_account: String,
    pub(crate) ports: Vec<PodPort>,
    pub(crate) containers: Vec<String>,
    /// The ports that the kubelet probes.
    pub(crate) probes: Vec<u16>,
    pub(crate) host_network: bool,
    /// The node, where one is named.
    pub(crate) node: Option<String>,
    pub(crate) ips: Vec<IpAddr>,
    /// The controller that the object names as its owner: kind and name.
    pub(crate) owner: Option<(String, String)>,
    /// Whether no object of the input runs it: it is there because another object implies it.
    pub(crate) implied: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PodPort {
    pub(crate) name: Option<String>,
    pub(crate) port: u16,
    pub(crate) protocol: Protocol,
    pub(crate) host_port: Option<u16>,
}

impl Pod {
    /// The number of a named port.
    pub(crate) fn port_named(&self, name: &str, protocol: Protocol) -> Option<u16> {
        self.ports
            .iter()
            .find(|port| port.name.as_deref() == Some(name) && port.protocol == protocol)
            .map(|port| port.port)
    }

    /// `Deployment demo/web`.
    pub(crate) fn object(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) labels: LabelMap,
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) control_plane: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) name: Name,
    pub(crate) labels: LabelMap,
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) ports: Vec<ServicePort>,
    /// The pods that it selects.
    pub(crate) pods: Vec<usize>,
    pub(crate) has_selector: bool,
    /// Whether it has ports on nodes or a load balancer.
    pub(crate) is_open: bool,
    /// Whether a node sends what comes to its ports to its own pods alone (`externalTrafficPolicy: Local`), and leaves the
    /// client's address as it is.
    pub(crate) stays_on_node: bool,
    pub(crate) external_name: Option<String>,
    /// What EndpointSlices state.
    pub(crate) endpoints: Vec<Endpoint>,
}

impl Service {
    /// Whether it is the one that pods ask for names.
    pub(crate) fn is_dns(&self) -> bool {
        self.name.namespace == "kube-system"
            && matches!(self.name.name.as_str(), "kube-dns" | "coredns")
    }
}

#[derive(Clone, Debug)]
pub(crate) struct ServicePort {
    pub(crate) name: Option<String>,
    pub(crate) port: u16,
    pub(crate) protocol: Protocol,
    pub(crate) target: Target,
    pub(crate) node_port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Number(u16),
    Name(String),
}

#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) address: Option<IpAddr>,
    pub(crate) pod: Option<usize>,
    pub(crate) port_name: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) protocol: Protocol,
}

/// A port of the machine that a kind cluster forwards to one of its nodes.
#[derive(Clone, Debug)]
pub(crate) struct HostMapping {
    pub(crate) host_port: u16,
    pub(crate) container_port: u16,
    pub(crate) protocol: Protocol,
    pub(crate) object: String,
    pub(crate) path: String,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) namespaces: BTreeMap<String, LabelMap>,
    pub(crate) pods: Vec<Pod>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) services: Vec<Service>,
    pub(crate) host_mappings: Vec<HostMapping>,
    pod_names: HashMap<Name, usize>,
    pod_addresses: HashMap<IpAddr, usize>,
    pod_services: HashMap<usize, Vec<usize>>,
    service_names: HashMap<Name, usize>,
    service_addresses: HashMap<IpAddr, usize>,
    node_addresses: HashMap<IpAddr, usize>,
}

impl World {
    pub(crate) fn of(model: &Model) -> Self {
        let mut world = Self::default();
        for namespace in model.namespaces() {
            let labels = namespace.labels().iter().map(owned).collect();
            world.namespaces.insert(namespace.name().to_owned(), labels);
        }
        let mut indices = HashMap::new();
        for workload in model.workloads() {
            indices.insert(workload.entry().entry_id(), world.pods.len());
            world.add_pod(read_pod(&workload));
        }
        world.nodes = model.nodes().map(read_node).collect();
        for entry in model.objects("kind.x-k8s.io", "Cluster") {
            world.read_mappings(entry);
        }
        for service in model.services() {
            let pods = service
                .workloads()
                .filter_map(|workload| indices.get(&workload.entry().entry_id()).copied())
                .collect();
            let endpoints = service
                .endpoints()
                .into_iter()
                .map(|endpoint| Endpoint {
                    address: endpoint.address.parse().ok(),
                    pod: endpoint
                        .workload
                        .and_then(|workload| indices.get(&workload.entry().entry_id()).copied()),
                    port_name: endpoint.port_name.map(str::to_owned),
                    port: endpoint.port,
                    protocol: protocol(endpoint.protocol),
                })
                .collect();
            world.services.push(read_service(&service, pods, endpoints));
        }
        world.imply_dns();
        world.index();
        world
    }

    /// Every cluster has a DNS server; where the input has none, the usual one is meant.
    fn imply_dns(&mut self) {
        let is_dns = |pod: &Pod| {
            pod.labels
                .get("k8s-app")
                .is_some_and(|app| app == "kube-dns")
        };
        let served = self
            .services
            .iter()
            .any(|service| service.is_dns() && !service.pods.is_empty());
        if served || self.pods.iter().any(is_dns) {
            return;
        }
        let port = |protocol| PodPort {
            name: None,
            port: 53,
            protocol,
            host_port: None,
        };
        self.add_pod(Pod {
            name: Name::new("kube-system", "coredns"),
            kind: "Deployment".to_owned(),
            labels: LabelMap::from([("k8s-app".to_owned(), "kube-dns".to_owned())]),
            annotations: LabelMap::new(),
            service_account: "coredns".to_owned(),
            ports: vec![port(Protocol::Udp), port(Protocol::Tcp)],
            containers: Vec::new(),
            probes: Vec::new(),
            host_network: false,
            node: None,
            ips: Vec::new(),
            owner: None,
            implied: true,
        });
    }

    /// Whether a Service or a pod has this port of nodes.
    pub(crate) fn answers_on_node(&self, port: u16) -> bool {
        let services = self.services.iter().flat_map(|service| &service.ports);
        let pods = self.pods.iter().flat_map(|pod| {
            let ports = pod.ports.iter();
            ports.map(|found| found.host_port.or(pod.host_network.then_some(found.port)))
        });
        services
            .map(|found| found.node_port)
            .chain(pods)
            .any(|found| found == Some(port))
    }

    /// Adds pods that another object implies, such as those of a waypoint.
    pub(crate) fn add_pod(&mut self, pod: Pod) -> usize {
        let index = self.pods.len();
        self.namespaces
            .entry(pod.name.namespace.clone())
            .or_insert_with(|| {
                LabelMap::from([(
                    "kubernetes.io/metadata.name".to_owned(),
                    pod.name.namespace.clone(),
                )])
            });
        self.pods.push(pod);
        index
    }

    fn index(&mut self) {
        for (index, pod) in self.pods.iter().enumerate().filter(|(_, pod)| !pod.implied) {
            // A Pod before a workload of the same name: its address is known.
            if pod.kind == "Pod" {
                self.pod_names.insert(pod.name.clone(), index);
            } else {
                self.pod_names.entry(pod.name.clone()).or_insert(index);
            }
            for ip in pod.ips.iter().filter(|_| !pod.host_network) {
                self.pod_addresses.insert(*ip, index);
            }
        }
        for (index, service) in self.services.iter().enumerate() {
            self.service_names.insert(service.name.clone(), index);
            for &pod in &service.pods {
                self.pod_services.entry(pod).or_default().push(index);
            }
            for ip in &service.addresses {
                self.service_addresses.insert(*ip, index);
            }
        }
        for (index, node) in self.nodes.iter().enumerate() {
            for ip in &node.addresses {
                self.node_addresses.insert(*ip, index);
            }
        }
    }

    fn read_mappings(&mut self, entry: &Entry) {
        for (node, member) in entry.items_at("nodes").iter().enumerate() {
            let mappings = member.get("extraPortMappings").and_then(Value::as_array);
            for (position, mapping) in mappings.into_iter().flatten().enumerate() {
                let port = |member: &str| {
                    mapping
                        .get(member)
                        .and_then(Value::as_u64)
                        .and_then(|port| u16::try_from(port).ok())
                };
                let Some(container_port) = port("containerPort") else {
                    continue;
                };
                let protocol = mapping
                    .get("protocol")
                    .and_then(Value::as_str)
                    .and_then(Protocol::parse);
                self.host_mappings.push(HostMapping {
                    host_port: port("hostPort").unwrap_or(container_port),
                    container_port,
                    protocol: protocol.unwrap_or_default(),
                    object: entry.id().to_string(),
                    path: format!("nodes[{node}].extraPortMappings[{position}]"),
                });
            }
        }
    }

    pub(crate) fn namespace_labels(&self, namespace: &str) -> Option<&LabelMap> {
        self.namespaces.get(namespace)
    }

    pub(crate) fn pod_named(&self, name: &Name) -> Option<usize> {
        self.pod_names.get(name).copied()
    }

    pub(crate) fn pod_at(&self, address: IpAddr) -> Option<usize> {
        self.pod_addresses.get(&address).copied()
    }

    pub(crate) fn service_named(&self, name: &Name) -> Option<usize> {
        self.service_names.get(name).copied()
    }

    pub(crate) fn service_at(&self, address: IpAddr) -> Option<usize> {
        self.service_addresses.get(&address).copied()
    }

    pub(crate) fn node_at(&self, address: IpAddr) -> Option<usize> {
        self.node_addresses.get(&address).copied()
    }

    /// The Services that select a pod.
    pub(crate) fn services_of(&self, pod: usize) -> impl Iterator<Item = &Service> {
        let numbers = self
            .pod_services
            .get(&pod)
            .map(Vec::as_slice)
            .unwrap_or_default();
        numbers
            .iter()
            .filter_map(|&number| self.services.get(number))
    }

    pub(crate) fn node_named(&self, name: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.name == name)
    }
}

fn owned((key, value): (&str, &str)) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

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

fn read_pod(workload: &stack_model::Workload<'_>) -> Pod {
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
        labels: workload.labels().iter().map(owned).collect(),
        annotations: workload.annotations().iter().map(owned).collect(),
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

fn read_node(node: stack_model::ClusterNode<'_>) -> Node {
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
        labels: node.labels().iter().map(owned).collect(),
        addresses: listed
            .iter()
            .filter_map(|address| address.get("address").and_then(Value::as_str))
            .filter_map(|text| text.parse().ok())
            .collect(),
        control_plane: node.role() == NodeRole::ControlPlane,
    }
}

fn read_service(
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
        labels: entry.labels().iter().map(owned).collect(),
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
