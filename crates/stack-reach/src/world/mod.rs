//! What policies look at: pods, nodes, Services, namespaces, copied out of the model once, so that a question is quick.

mod index;
mod labels;
mod local_redirect;
mod objects;
mod reading;

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::OnceLock;

use stack_model::Value;
use stack_model::{Entry, Model};

pub(crate) use index::PodIndex;
pub(crate) use labels::LabelMap;
pub(crate) use local_redirect::{Called, LocalRedirect};
pub(crate) use objects::{Endpoint, HostMapping, Node, Pod, PodPort, Service, ServicePort, Target};
use reading::{protocol, read_node, read_pod, read_service};

use crate::Protocol;
use crate::flow::Name;

#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) namespaces: BTreeMap<String, LabelMap>,
    pub(crate) pods: Vec<Pod>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) services: Vec<Service>,
    pub(crate) host_mappings: Vec<HostMapping>,
    pub(crate) local_redirects: Vec<LocalRedirect>,
    names: OnceLock<Names>,
    pod_addresses: HashMap<IpAddr, usize>,
    pod_services: HashMap<usize, Vec<usize>>,
    service_addresses: HashMap<IpAddr, usize>,
    node_addresses: HashMap<IpAddr, usize>,
}

/// Pods and Services by their names, made when somebody first asks: the findings on policies ask for none.
#[derive(Clone, Debug, Default)]
struct Names {
    pods: HashMap<Name, usize>,
    services: HashMap<Name, usize>,
}

impl Names {
    fn of(world: &World) -> Self {
        let mut names = Self::default();
        let pods = world.pods.iter().enumerate();
        for (index, pod) in pods.filter(|(_, pod)| !pod.implied) {
            // A Pod before a workload of the same name: its address is known.
            if pod.kind == "Pod" {
                names.pods.insert(pod.name.clone(), index);
            } else {
                names.pods.entry(pod.name.clone()).or_insert(index);
            }
        }
        for (index, service) in world.services.iter().enumerate() {
            names.services.insert(service.name.clone(), index);
        }
        names
    }
}

impl World {
    pub(crate) fn of(model: &Model) -> Self {
        let mut world = Self::default();
        for namespace in model.namespaces() {
            let labels = namespace.labels().texts().collect();
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
        let redirects = model.objects("cilium.io", "CiliumLocalRedirectPolicy");
        world.local_redirects = redirects
            .filter_map(|entry| {
                local_redirect::read(entry, |namespace, selector| {
                    let selected = model.select_workloads(namespace, selector);
                    let numbers = selected
                        .iter()
                        .filter_map(|workload| indices.get(&workload.entry().entry_id()));
                    numbers.copied().collect()
                })
            })
            .collect();
        // The same answers for any order of the input.
        world
            .local_redirects
            .sort_by(|a, b| a.object.cmp(&b.object));
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
            labels: LabelMap::from([("k8s-app", "kube-dns")]),
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
                LabelMap::from([("kubernetes.io/metadata.name", pod.name.namespace.as_str())])
            });
        self.pods.push(pod);
        index
    }

    fn index(&mut self) {
        for (index, pod) in self.pods.iter().enumerate().filter(|(_, pod)| !pod.implied) {
            for ip in pod.ips.iter().filter(|_| !pod.host_network) {
                self.pod_addresses.insert(*ip, index);
            }
        }
        for (index, service) in self.services.iter().enumerate() {
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

    fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::of(self))
    }

    pub(crate) fn pod_named(&self, name: &Name) -> Option<usize> {
        self.names().pods.get(name).copied()
    }

    pub(crate) fn pod_at(&self, address: IpAddr) -> Option<usize> {
        self.pod_addresses.get(&address).copied()
    }

    pub(crate) fn service_named(&self, name: &Name) -> Option<usize> {
        self.names().services.get(name).copied()
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
