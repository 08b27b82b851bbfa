//! Boxes that several pictures have.

use std::collections::HashMap;

use stack_model::{Model, Service, Workload, WorkloadKind};

use crate::graph::{Graph, Group, GroupId, Node, NodeId, NodeKind};

/// A graph with a frame per namespace.
pub(super) struct Namespaced<'m> {
    pub graph: Graph,
    frames: HashMap<String, GroupId>,
    known: HashMap<(&'static str, String), NodeId>,
    model: &'m Model,
}

impl<'m> Namespaced<'m> {
    pub fn new(graph: Graph, model: &'m Model) -> Self {
        Self {
            graph,
            frames: HashMap::new(),
            known: HashMap::new(),
            model,
        }
    }

    /// The frame of a namespace; none for what is in none.
    pub fn frame(&mut self, namespace: &str) -> Option<GroupId> {
        if namespace.is_empty() {
            return None;
        }
        if let Some(frame) = self.frames.get(namespace) {
            return Some(*frame);
        }
        let note = match self.model.namespace(namespace).map(|found| found.labels()) {
            Some(labels) if labels.get("istio.io/dataplane-mode") == Some("ambient") => {
                "ambient mesh"
            }
            Some(labels) if labels.get("istio-injection") == Some("enabled") => "sidecar mesh",
            _ => "",
        };
        let group = Group::new(format!("ns_{namespace}"), namespace).note(note);
        let frame = self.graph.add_group(group);
        self.frames.insert(namespace.to_owned(), frame);
        Some(frame)
    }

    /// The box of a thing, made when it is first asked for. `what` tells apart things of one name.
    pub fn node(
        &mut self,
        what: &'static str,
        key: &str,
        make: impl FnOnce(&mut Self) -> Node,
    ) -> NodeId {
        let key = (what, key.to_owned());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let node = make(self);
        let id = self.graph.add(node);
        self.known.insert(key, id);
        id
    }

    /// The box of a thing that was made.
    pub fn find(&self, what: &'static str, key: &str) -> Option<NodeId> {
        self.known.get(&(what, key.to_owned())).copied()
    }

    pub fn workload(&mut self, workload: &Workload<'_>) -> NodeId {
        let key = format!(
            "{}/{}/{}",
            workload.entry().kind(),
            workload.namespace(),
            workload.name()
        );
        self.node("workload", &key, |all| {
            let frame = all.frame(workload.namespace());
            box_of(workload).within(frame)
        })
    }

    pub fn service(&mut self, service: &Service<'_>) -> NodeId {
        let key = format!("{}/{}", service.namespace(), service.name());
        self.node("service", &key, |all| {
            let frame = all.frame(service.namespace());
            let ports: Vec<String> = service.ports().map(|port| port.port.to_string()).collect();
            Node::new(format!("svc_{key}"), NodeKind::Service, service.name())
                .detail(match ports.is_empty() {
                    true => "Service".to_owned(),
                    false => format!("Service :{}", ports.join(", :")),
                })
                .tip(format!("Service {key}"))
                .within(frame)
        })
    }
}

/// The box of a workload: what it is and how many pods it has.
pub(super) fn box_of(workload: &Workload<'_>) -> Node {
    let kind = match workload.kind() {
        WorkloadKind::DaemonSet => NodeKind::PerNode,
        WorkloadKind::Job | WorkloadKind::CronJob => NodeKind::Job,
        WorkloadKind::StatefulSet => NodeKind::Store,
        _ => NodeKind::Workload,
    };
    let replicas = workload.replicas();
    let count = match (replicas.known, replicas.min == replicas.max) {
        (false, _) => String::new(),
        (true, true) => format!(" ×{}", replicas.min),
        (true, false) => format!(" ×{}–{}", replicas.min, replicas.max),
    };
    let kind_name = workload.entry().kind();
    let images: Vec<&str> = workload
        .containers()
        .map(|container| container.image())
        .collect();
    Node::new(
        format!("{}_{}_{}", kind_name, workload.namespace(), workload.name()),
        kind,
        workload.name(),
    )
    .detail(format!("{kind_name}{count}"))
    .tip(format!(
        "{kind_name} {}/{}; {}",
        workload.namespace(),
        workload.name(),
        images.join(", ")
    ))
}

/// What an object of a kind is drawn as.
pub(super) fn icon_of(kind: &str) -> NodeKind {
    match kind {
        "Service" => NodeKind::Service,
        "Gateway" | "GatewayClass" => NodeKind::Gateway,
        "DaemonSet" => NodeKind::PerNode,
        "Deployment" | "Pod" | "ReplicaSet" | "Rollout" => NodeKind::Workload,
        "StatefulSet" | "PersistentVolumeClaim" | "PersistentVolume" | "StorageClass" => {
            NodeKind::Store
        }
        "Job" | "CronJob" => NodeKind::Job,
        "ConfigMap" | "Secret" => NodeKind::Config,
        name if name.ends_with("Route") || name == "Ingress" || name == "VirtualService" => {
            NodeKind::Route
        }
        name if name.ends_with("Policy")
            || name.ends_with("Quota")
            || name.starts_with("PeerAuth") =>
        {
            NodeKind::Policy
        }
        _ => NodeKind::Other,
    }
}
