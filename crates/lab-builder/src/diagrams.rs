//! The documented pictures, made from the values of a lab: same boxes, same arrows, same words.

use std::collections::BTreeMap;

use serde_json::Value;
use stack_builder::{Bundle, Part};
use stack_draw::{Direction, Edge, EdgeKind, Graph, Group, GroupId, Node, NodeId, NodeKind};

use crate::ids::{ARGOCD, CILIUM, DEMO_APP, GATEKEEPER, ISTIO, KIND, KONG, LGTM, PLATFORM};
use crate::wiring::Wiring;

/// The documented picture of the installation: a step per component, behind what it needs.
#[must_use]
pub fn install(bundle: &Bundle) -> Graph {
    let mut graph = stack_draw::install_of_bundle(bundle);
    for (id, part) in graph.ids().zip(bundle.parts()) {
        if let (Some(lines), Some(node)) = (step(bundle, part), graph.node_mut(id)) {
            node.id = format!("S{}", part.step());
            node.title = format!("Step {}", part.step());
            node.details = lines;
        }
    }
    graph
}

/// What the documentation says of a step; nothing of a component that it does not know.
fn step(bundle: &Bundle, part: &Part) -> Option<Vec<String>> {
    let networking = |member: &str| {
        let value = bundle
            .cluster()
            .map(|cluster| &cluster["networking"][member]);
        value.map(plain).unwrap_or_default()
    };
    let lines = match part.id() {
        KIND => vec![
            "Kind 클러스터 생성".to_owned(),
            format!("kubeProxyMode: {}", networking("kubeProxyMode")),
            format!("disableDefaultCNI: {}", networking("disableDefaultCNI")),
        ],
        CILIUM => {
            let replaced = part
                .releases()
                .first()
                .map(|release| &release.values["kubeProxyReplacement"]);
            vec![
                "Cilium CNI".to_owned(),
                format!(
                    "kubeProxyReplacement: {}",
                    replaced.map(plain).unwrap_or_default()
                ),
                "eBPF dataplane".to_owned(),
            ]
        }
        KONG => words(["Kong Gateway", "GatewayClass → Gateway", "→ HTTPRoute"]),
        ISTIO => words([
            "Istio Ambient",
            "istiod + ztunnel + CNI",
            "Cilium 위에 체이닝",
        ]),
        ARGOCD => words(["ArgoCD", "selfHeal / prune", "GitOps 엔진"]),
        GATEKEEPER => {
            let policies = bundle
                .of_kind("templates.gatekeeper.sh", "ConstraintTemplate")
                .count();
            vec![
                "Gatekeeper (OPA)".to_owned(),
                format!("{policies}개 정책"),
                "ValidatingWebhook".to_owned(),
            ]
        }
        LGTM => words(["LGTM 스택", "OTel → Mimir/Loki/Tempo", "→ Grafana"]),
        DEMO_APP => {
            let wiring = bundle.wiring::<Wiring>()?;
            let pods = |name: &str| {
                let (image, replicas) = deployment(bundle, &wiring.demo.namespace, name);
                format!("{image} ×{replicas}")
            };
            vec![
                "데모 앱".to_owned(),
                format!(
                    "{}, {}",
                    pods(&wiring.demo.backend),
                    pods(&wiring.demo.frontend)
                ),
                wiring.demo.load_generator.clone(),
            ]
        }
        PLATFORM => words(["플랫폼 리소스", "PriorityClass, Quota", "LimitRange, PDB"]),
        _ => return None,
    };
    Some(lines)
}

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

/// A value as people write it.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The image of a Deployment, by its last word, and its replicas.
fn deployment(bundle: &Bundle, namespace: &str, name: &str) -> (String, u64) {
    let value = bundle
        .object("Deployment", Some(namespace), name)
        .map(stack_builder::Object::to_value)
        .unwrap_or_default();
    let image = value.pointer("/spec/template/spec/containers/0/image");
    let image = image.and_then(Value::as_str).unwrap_or_default();
    let last = image.rsplit('/').next().unwrap_or_default();
    let short = last.split([':', '@']).next().unwrap_or_default();
    (
        short.to_owned(),
        value["spec"]["replicas"].as_u64().unwrap_or(1),
    )
}

/// The documented picture of the cluster: who stands in which namespace, and how traffic and telemetry go. What a lab leaves out
/// is left out.
#[must_use]
pub fn architecture(bundle: &Bundle) -> Graph {
    let mut graph = Graph::new(
        format!("Architecture of lab {}", bundle.environment().name()),
        Direction::Down,
    );
    graph.description = "Requests come in through the gateway and go to the demo app and the pages; agents and the collector send \
        telemetry to the stores, and Grafana asks them."
        .into();
    let Some(wiring) = bundle.wiring::<Wiring>() else {
        return graph;
    };
    let mut cluster = Cluster::of(bundle, graph);
    cluster.kong(wiring);
    cluster.istio(wiring);
    cluster.demo(wiring);
    cluster.monitoring(wiring);
    cluster.platform();
    cluster.traffic(wiring);
    cluster.telemetry();
    cluster.graph
}

/// The picture while it is made: boxes by their documented names.
struct Cluster<'b> {
    bundle: &'b Bundle,
    graph: Graph,
    frame: Option<GroupId>,
    boxes: BTreeMap<&'static str, NodeId>,
    nodes: u32,
    workers: u32,
}

impl<'b> Cluster<'b> {
    fn of(bundle: &'b Bundle, graph: Graph) -> Self {
        let (control_planes, workers) = bundle
            .nodes()
            .map_or((0, 0), |nodes| (nodes.control_planes, nodes.workers));
        let mut cluster = Self {
            bundle,
            graph,
            frame: None,
            boxes: BTreeMap::new(),
            nodes: control_planes + workers,
            workers,
        };
        let external = Group::new("External", "외부 트래픽 (North-South)");
        cluster.frame = Some(cluster.graph.add_group(external));
        let domain = bundle.environment().domain();
        cluster.add(
            "Client",
            NodeKind::Client,
            "브라우저 / curl",
            [format!("*.{domain}")],
        );
        let title = format!(
            "Kind 클러스터 ({} Nodes: CP ×{control_planes} + Worker ×{workers})",
            control_planes + workers
        );
        cluster.frame = Some(cluster.graph.add_group(Group::new("Kind", title)));
        cluster
    }

    fn add<const N: usize>(
        &mut self,
        id: &'static str,
        kind: NodeKind,
        title: impl Into<String>,
        details: [String; N],
    ) {
        let node = Node::new(id, kind, title).within(self.frame);
        let node = details.into_iter().fold(node, Node::detail);
        self.boxes.insert(id, self.graph.add(node));
    }

    /// Boxes in a frame of their own inside of the cluster.
    fn framed(&mut self, id: &str, title: String, boxes: impl FnOnce(&mut Self)) {
        let outer = self.frame;
        self.frame = Some(self.graph.add_group(Group::new(id, title).within(outer)));
        boxes(self);
        self.frame = outer;
    }

    fn join(&mut self, from: &str, to: &str, kind: EdgeKind, label: &str) {
        if let (Some(from), Some(to)) = (self.boxes.get(from), self.boxes.get(to)) {
            self.graph.connect(Edge::new(*from, *to, kind).label(label));
        }
    }

    fn kong(&mut self, wiring: &Wiring) {
        if !self.bundle.has(KONG) {
            return;
        }
        let (http, https) = (wiring.gateway.http.node, wiring.gateway.https.node);
        self.framed(
            "KongNS",
            format!("{} namespace", wiring.gateway.namespace),
            |cluster| {
                cluster.add(
                    "KongGW",
                    NodeKind::Gateway,
                    "Kong Gateway",
                    [format!("NodePort {http}/{https}")],
                );
                cluster.add(
                    "KongCtrl",
                    NodeKind::Controller,
                    "Kong Controller",
                    ["Gateway API 감시".to_owned()],
                );
            },
        );
    }

    fn istio(&mut self, wiring: &Wiring) {
        if !self.bundle.has(ISTIO) {
            return;
        }
        let nodes = self.nodes;
        self.framed(
            "IstioNS",
            format!("{} namespace", wiring.mesh.root_namespace),
            |cluster| {
                cluster.add(
                    "Istiod",
                    NodeKind::Controller,
                    "istiod",
                    ["Control Plane".to_owned()],
                );
                let ztunnel = format!("ztunnel ×{nodes}");
                cluster.add(
                    "ZTunnel",
                    NodeKind::PerNode,
                    ztunnel,
                    ["DaemonSet · L4 mTLS".to_owned()],
                );
            },
        );
    }

    fn demo(&mut self, wiring: &Wiring) {
        if !self.bundle.has(DEMO_APP) {
            return;
        }
        let demo = &wiring.demo;
        self.framed(
            "DemoNS",
            format!("{} namespace", demo.namespace),
            |cluster| {
                for (id, name) in [("FE", &demo.frontend), ("BE", &demo.backend)] {
                    let (image, replicas) = deployment(cluster.bundle, &demo.namespace, name);
                    cluster.add(
                        id,
                        NodeKind::Workload,
                        format!("{name} ×{replicas}"),
                        [image],
                    );
                }
                cluster.add(
                    "LG",
                    NodeKind::Job,
                    demo.load_generator.as_str(),
                    ["Job".to_owned()],
                );
            },
        );
    }

    fn monitoring(&mut self, wiring: &Wiring) {
        if !self.bundle.has(LGTM) {
            return;
        }
        let workers = self.workers;
        self.framed(
            "MonNS",
            format!("{} namespace", wiring.telemetry.namespace),
            |cluster| {
                cluster.add("OTel", NodeKind::Collector, "OTel Collector", []);
                cluster.add("Mimir", NodeKind::Store, "Mimir", ["메트릭".to_owned()]);
                cluster.add("Loki", NodeKind::Store, "Loki", ["로그".to_owned()]);
                cluster.add("Tempo", NodeKind::Store, "Tempo", ["트레이스".to_owned()]);
                cluster.add(
                    "Alloy",
                    NodeKind::PerNode,
                    format!("Alloy ×{workers}"),
                    ["DaemonSet".to_owned()],
                );
                cluster.add("Grafana", NodeKind::Dashboard, "Grafana", []);
            },
        );
    }

    fn platform(&mut self) {
        let nodes = self.nodes;
        if let Some(namespace) = self.namespace(CILIUM) {
            self.framed("Platform", namespace, |cluster| {
                let agent = format!("Cilium Agent ×{nodes}");
                cluster.add(
                    "Cilium",
                    NodeKind::PerNode,
                    agent,
                    ["eBPF dataplane".to_owned()],
                );
                cluster.add(
                    "Hubble",
                    NodeKind::Dashboard,
                    "Hubble",
                    ["Relay + UI".to_owned()],
                );
            });
        }
        if let Some(namespace) = self.namespace(GATEKEEPER) {
            self.framed("Policy", namespace, |cluster| {
                cluster.add(
                    "GK",
                    NodeKind::Policy,
                    "Gatekeeper",
                    ["ValidatingWebhook".to_owned()],
                );
            });
        }
        if let Some(namespace) = self.namespace(ARGOCD) {
            self.framed("GitOps", format!("{namespace} namespace"), |cluster| {
                cluster.add(
                    "Argo",
                    NodeKind::Controller,
                    "ArgoCD Server",
                    ["+ Controller".to_owned()],
                );
            });
        }
    }

    fn namespace(&self, component: &str) -> Option<String> {
        self.bundle.part(component)?.namespace().map(str::to_owned)
    }

    fn traffic(&mut self, wiring: &Wiring) {
        let http = &wiring.gateway.http;
        let entry = format!("hostPort {} → NodePort {}", http.host, http.node);
        self.join("Client", "KongGW", EdgeKind::Flow, &entry);
        // The routes of the bundle, by the component that brings them.
        for (component, target, label) in [
            (DEMO_APP, "BE", "HTTPRoute Host 기반 라우팅"),
            (LGTM, "Grafana", "HTTPRoute"),
            (ARGOCD, "Argo", "HTTPRoute"),
            (CILIUM, "Hubble", "HTTPRoute"),
        ] {
            if self.has_route(component) {
                self.join("KongGW", target, EdgeKind::Flow, label);
            }
        }
        let mesh = if self.bundle.has(ISTIO) {
            "E-W: ztunnel mTLS"
        } else {
            "E-W"
        };
        self.join("FE", "BE", EdgeKind::Flow, mesh);
        self.join("LG", "BE", EdgeKind::Flow, "E-W + N-S 트래픽");
        self.join("LG", "KongGW", EdgeKind::Flow, "N-S via Kong");
    }

    /// Routes of pages that stand in a component's namespace may come from another one: the gateway's.
    fn has_route(&self, component: &str) -> bool {
        let Some(namespace) = self.namespace(component) else {
            return false;
        };
        let mut routes = self
            .bundle
            .of_kind("gateway.networking.k8s.io", "HTTPRoute");
        routes.any(|route| route.id().namespace.as_deref() == Some(namespace.as_str()))
    }

    fn telemetry(&mut self) {
        for (from, to, label) in [
            ("Alloy", "Loki", "로그 수집"),
            ("Alloy", "Mimir", "메트릭 수집"),
            ("OTel", "Tempo", "트레이스 tail_sampling"),
            ("OTel", "Mimir", "메트릭"),
            ("Tempo", "Mimir", "metrics_generator"),
        ] {
            self.join(from, to, EdgeKind::Flow, label);
        }
        for store in ["Mimir", "Loki", "Tempo"] {
            self.join("Grafana", store, EdgeKind::Query, "쿼리");
        }
        self.join("Istiod", "ZTunnel", EdgeKind::Flow, "인증서 발급");
        self.join("Cilium", "BE", EdgeKind::Flow, "eBPF LB");
    }
}

/// The documented picture of maturity levels, categories of technology and how they come together.
#[must_use]
pub fn maturity() -> Graph {
    let mut graph = Graph::new("CNCF maturity levels and categories", Direction::Down);
    graph.description =
        "From mature projects over categories of technology to an integrated stack.".into();
    let mut boxes: BTreeMap<&str, NodeId> = BTreeMap::new();
    for (frame, members) in MATURITY {
        let group = graph.add_group(Group::new(frame, frame));
        let mut before: Option<NodeId> = None;
        for (id, title) in members {
            let node = graph.add(Node::new(*id, NodeKind::Step, *title).within(group));
            boxes.insert(id, node);
            if let Some(before) = before.replace(node) {
                graph.connect(Edge::new(before, node, EdgeKind::Flow));
            }
        }
    }
    for (from, to) in [("A", "D"), ("D", "L")] {
        if let (Some(from), Some(to)) = (boxes.get(from), boxes.get(to)) {
            graph.connect(Edge::new(*from, *to, EdgeKind::Flow));
        }
    }
    graph
}

/// Frames, and what stands in them one after the other.
type Levels = [(&'static str, &'static [(&'static str, &'static str)]); 3];

const MATURITY: Levels = [
    (
        "CNCF Maturity Levels",
        &[
            ("A", "Graduated Projects"),
            ("B", "Incubating Projects"),
            ("C", "Sandbox Projects"),
        ],
    ),
    (
        "Technology Categories",
        &[
            ("D", "Runtime"),
            ("E", "Orchestration"),
            ("F", "Application Definition"),
            ("G", "Observability"),
            ("H", "Service Mesh"),
            ("I", "Networking"),
            ("J", "Storage"),
            ("K", "Security"),
        ],
    ),
    (
        "Integration Stack",
        &[
            ("L", "CI/CD Pipeline"),
            ("M", "GitOps"),
            ("N", "Service Mesh"),
            ("O", "Monitoring"),
            ("P", "Security"),
        ],
    ),
];
