//! Services and what stands behind them.

use std::fmt;

use kube_value::Value;

use crate::container::port_number;
use crate::model::Model;
use crate::{Entry, Labels, Protocol, Selector, Workload};

/// How a Service is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServiceType {
    /// At a virtual address inside the cluster.
    ClusterIp,
    /// There, and at a port of every node.
    NodePort,
    /// There, and through a load balancer outside.
    LoadBalancer,
    /// It is only another name for a host elsewhere.
    ExternalName,
}

/// Where the traffic of a Service's port goes on a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetPort<'m> {
    /// This port.
    Number(u16),
    /// The container port with this name: it may have another number on each pod.
    Name(&'m str),
}

impl fmt::Display for TargetPort<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// A port of a Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServicePort<'m> {
    /// Its name; may be left out where it is the only port.
    pub name: Option<&'m str>,
    /// The port at which clients connect.
    pub port: u16,
    /// What it speaks below its application: TCP where nothing is written.
    pub protocol: Protocol,
    /// Where the traffic goes on the pod; the same port where nothing is said.
    pub target: TargetPort<'m>,
    /// What is spoken, such as `http` or `kubernetes.io/h2c`.
    pub app_protocol: Option<&'m str>,
    /// The port that is claimed on every node.
    pub node_port: Option<u16>,
}

impl<'m> ServicePort<'m> {
    fn read(value: &'m Value) -> Option<Self> {
        let text = |member: &str| value.get(member).and_then(Value::as_str);
        let port = port_number(value.get("port"))?;
        let target = value.get("targetPort");
        let target = match target.and_then(Value::as_str) {
            Some(name) if !name.is_empty() => TargetPort::Name(name),
            _ => TargetPort::Number(port_number(target).unwrap_or(port)),
        };
        Some(Self {
            name: text("name").filter(|name| !name.is_empty()),
            port,
            protocol: Protocol::read(value.get("protocol")),
            target,
            app_protocol: text("appProtocol"),
            node_port: port_number(value.get("nodePort")),
        })
    }

    /// The port's number on a workload's pods; `None` where the name is declared by no container of it.
    pub fn target_on(&self, workload: &Workload<'_>) -> Option<u16> {
        match self.target {
            TargetPort::Number(number) => Some(number),
            TargetPort::Name(name) => workload.port_named(name, self.protocol),
        }
    }
}

/// An address behind a Service that an `EndpointSlice` or `Endpoints` object states.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint<'m> {
    /// The IP address, or a host name.
    pub address: &'m str,
    /// The workload whose pod has the address, if the object names a pod of the model.
    pub workload: Option<Workload<'m>>,
    /// The port's name as in the Service; `None` for the only port.
    pub port_name: Option<&'m str>,
    /// The port at that address; `None` where all are meant.
    pub port: Option<u16>,
    /// What it speaks below its application: TCP where nothing is written.
    pub protocol: Protocol,
    /// Whether traffic goes there; unknown counts as ready.
    pub ready: bool,
    /// The object that states it.
    pub entry: &'m Entry,
}

/// A view of a `Service`.
#[derive(Clone, Copy, Debug)]
pub struct Service<'m> {
    pub(crate) model: &'m Model,
    pub(crate) entry: &'m Entry,
}

impl<'m> Service<'m> {
    /// The Service's entry in the model, with its fields and lines.
    pub const fn entry(&self) -> &'m Entry {
        self.entry
    }

    /// The Service's name, which is the first part of its host name.
    pub fn name(&self) -> &'m str {
        self.entry.name()
    }

    /// The namespace that the Service and its endpoints lie in.
    pub fn namespace(&self) -> &'m str {
        self.entry.namespace().unwrap_or_default()
    }

    /// How it is reached; `ClusterIp` where nothing is said.
    pub fn service_type(&self) -> ServiceType {
        match self.entry.text_at("spec.type") {
            Some("NodePort") => ServiceType::NodePort,
            Some("LoadBalancer") => ServiceType::LoadBalancer,
            Some("ExternalName") => ServiceType::ExternalName,
            _ => ServiceType::ClusterIp,
        }
    }

    /// Whether its name leads to the pods themselves: `clusterIP: None`.
    pub fn is_headless(&self) -> bool {
        self.entry.text_at("spec.clusterIP") == Some("None")
    }

    /// The host that an `ExternalName` Service stands for.
    pub fn external_name(&self) -> Option<&'m str> {
        (self.service_type() == ServiceType::ExternalName)
            .then(|| self.entry.text_at("spec.externalName"))
            .flatten()
    }

    /// All ports, as written.
    pub fn ports(&self) -> impl Iterator<Item = ServicePort<'m>> + use<'m> {
        self.entry
            .items_at("spec.ports")
            .iter()
            .filter_map(ServicePort::read)
    }

    /// The port with this number: the TCP one, if several protocols share it.
    pub fn port(&self, number: u16) -> Option<ServicePort<'m>> {
        let mut ports: Vec<_> = self.ports().filter(|port| port.port == number).collect();
        ports.sort_by_key(|port| port.protocol);
        ports.first().copied()
    }

    /// The port with this name.
    pub fn port_named(&self, name: &str) -> Option<ServicePort<'m>> {
        self.ports().find(|port| port.name == Some(name))
    }

    /// The labels of the pods that it selects, as written; `None` for a Service whose endpoints somebody else states.
    pub fn selected_labels(&self) -> Option<Labels<'m>> {
        if self.service_type() == ServiceType::ExternalName {
            return None;
        }
        let selector = self.entry.at("spec.selector")?;
        let labels = Labels::of(Some(selector));
        (!labels.is_empty()).then_some(labels)
    }

    /// The selector; `None` for a Service without one, and for one that no server would take.
    pub fn selector(&self) -> Option<Selector> {
        self.selected_labels()?;
        Selector::read_labels(self.entry.at("spec.selector")?).ok()
    }

    /// The workloads of its namespace whose pods it selects, in the order of the input. None for a Service without selector:
    /// see [`endpoints`](Self::endpoints).
    pub fn workloads(&self) -> impl Iterator<Item = Workload<'m>> + use<'m> {
        let selected = self
            .selector()
            .map(|selector| self.model.select_workloads(self.namespace(), &selector));
        selected.into_iter().flatten()
    }

    /// The addresses that `EndpointSlice` and `Endpoints` objects state for it. In manifests that people write, these belong to
    /// Services without a selector.
    pub fn endpoints(&self) -> Vec<Endpoint<'m>> {
        let mut found = Vec::new();
        let slices = self
            .model
            .objects_in("discovery.k8s.io", "EndpointSlice", self.namespace())
            .filter(|slice| slice.labels().get("kubernetes.io/service-name") == Some(self.name()));
        for slice in slices {
            self.read_slice(slice, &mut found);
        }
        if let Some(endpoints) =
            self.model
                .get("", "Endpoints", Some(self.namespace()), self.name())
        {
            for subset in endpoints.items_at("subsets") {
                self.read_subset(endpoints, subset, &mut found);
            }
        }
        found
    }

    fn read_slice(&self, slice: &'m Entry, found: &mut Vec<Endpoint<'m>>) {
        for endpoint in slice.items_at("endpoints") {
            let ready = endpoint
                .get("conditions")
                .and_then(|conditions| conditions.get("ready"))
                .and_then(Value::as_bool)
                .unwrap_or(true);
            for address in list(endpoint, "addresses").iter().filter_map(Value::as_str) {
                self.push(
                    slice,
                    address,
                    endpoint,
                    slice.items_at("ports"),
                    ready,
                    found,
                );
            }
        }
    }

    fn read_subset(&self, entry: &'m Entry, subset: &'m Value, found: &mut Vec<Endpoint<'m>>) {
        for (member, ready) in [("addresses", true), ("notReadyAddresses", false)] {
            for address in list(subset, member) {
                if let Some(ip) = address.get("ip").and_then(Value::as_str) {
                    self.push(entry, ip, address, list(subset, "ports"), ready, found);
                }
            }
        }
    }

    fn push(
        &self,
        entry: &'m Entry,
        address: &'m str,
        endpoint: &'m Value,
        ports: &'m [Value],
        ready: bool,
        found: &mut Vec<Endpoint<'m>>,
    ) {
        let pod = endpoint
            .get("targetRef")
            .filter(|target| target.get("kind").and_then(Value::as_str) == Some("Pod"))
            .and_then(|target| target.get("name"))
            .and_then(Value::as_str);
        let workload = pod.and_then(|pod| self.model.workload_of_pod(self.namespace(), pod));
        for port in ports {
            found.push(Endpoint {
                address,
                workload,
                port_name: port
                    .get("name")
                    .and_then(Value::as_str)
                    .filter(|name| !name.is_empty()),
                port: port_number(port.get("port")),
                protocol: Protocol::read(port.get("protocol")),
                ready,
                entry,
            });
        }
    }
}

fn list<'v>(value: &'v Value, member: &str) -> &'v [Value] {
    value
        .get(member)
        .and_then(Value::as_array)
        .unwrap_or_default()
}

/// `Service demo/web`.
impl fmt::Display for Service<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entry.fmt(f)
    }
}
