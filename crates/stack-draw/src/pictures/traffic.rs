//! How requests reach pods.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use stack_gateway::{Listener, Route, RouteKind, Routing};
use stack_model::{
    Entry, Extent, Model, Purpose, Resolution, Service, ServiceType, Value, Workload,
};
use stack_reach::{Flow, Name, Reach};

use super::boxes::Namespaced;
use super::said::{Said, from_gates};
use super::selected::policy_uses;
use crate::graph::{Direction, Edge, EdgeKind, Graph, Mark, Node, NodeId, NodeKind};

/// Host, listener, route with its shares, Service, workload; Ingresses, load balancers and node ports; and the calls between
/// workloads whose addresses stand in their settings. What policies and mesh say of a call, and of a gateway's way to a Service,
/// stands at its arrow, as far as the pods of both ends are known.
#[must_use]
pub fn traffic(model: &Model) -> Graph {
    let mut graph = Graph::new("Traffic", Direction::Right);
    graph.description = "From hosts outside over listeners, routes and Services to workloads; and calls between workloads.".into();
    let mut all = Namespaced::new(graph, model);
    let mut used: HashSet<(String, String)> = HashSet::new();
    let reach = Reach::of(model);
    gateways(&mut all, model, &reach, &mut used);
    ingresses(&mut all, model, &mut used);
    published(&mut all, model, &mut used);
    calls(&mut all, model, &reach, &mut used);
    behind(&mut all, model, &used);
    protected(&mut all, model);
    all.graph
}

fn client(all: &mut Namespaced<'_>) -> NodeId {
    all.node("client", "", |_| {
        Node::new("outside", NodeKind::Client, "outside").detail("browsers, other systems")
    })
}

fn host(all: &mut Namespaced<'_>, name: &str) -> NodeId {
    let from = client(all);
    let known = all.find("host", name);
    let host = all.node("host", name, |_| {
        let title = if name.is_empty() { "any host" } else { name };
        Node::new(format!("host_{name}"), NodeKind::Host, title)
    });
    if known.is_none() {
        all.graph.connect(Edge::new(from, host, EdgeKind::Flow));
    }
    host
}

fn gateways(
    all: &mut Namespaced<'_>,
    model: &Model,
    reach: &Reach<'_>,
    used: &mut HashSet<(String, String)>,
) {
    let routing = Routing::of(model);
    let gates = gates(&routing, reach);
    let gates_of = |route: usize| gates.get(&route).map_or(&[][..], Vec::as_slice);
    let mut drawn: HashSet<(NodeId, NodeId)> = HashSet::new();
    let mut to_backends: HashSet<usize> = HashSet::new();
    // Listeners of one gateway that take the same routes for the same hosts are one box.
    let mut alike: BTreeMap<(&str, &str, Attached<'_>), Vec<usize>> = BTreeMap::new();
    for (number, listener) in routing.listeners().iter().enumerate() {
        let attached = routing.attached(number);
        if !attached.is_empty() {
            let key = (listener.namespace(), listener.owner.name(), attached);
            alike.entry(key).or_default().push(number);
        }
    }
    for ((_, _, attached), numbers) in alike {
        let listeners: Vec<&Listener<'_>> = numbers
            .iter()
            .map(|number| &routing.listeners()[*number])
            .collect();
        let gate = listener_box(all, &listeners);
        for (route, hosts) in attached {
            let node = route_box(all, &routing.routes()[*route]);
            if drawn.insert((gate, node)) {
                all.graph.connect(Edge::new(gate, node, EdgeKind::Flow));
            }
            for name in hosts {
                let outside = host(all, name.as_deref().unwrap_or_default());
                if drawn.insert((outside, gate)) {
                    all.graph.connect(Edge::new(outside, gate, EdgeKind::Flow));
                }
            }
            if to_backends.insert(*route) {
                let from = (node, reach, gates_of(*route));
                backends(all, &routing, &routing.routes()[*route], from, used);
            }
        }
    }
    // Routes that nobody takes are worth seeing, too; those on Services are of the mesh.
    for (number, route) in routing.routes().iter().enumerate() {
        let refused = routing
            .parents(number)
            .iter()
            .any(|parent| matches!(parent, stack_gateway::Parent::Refused(_)));
        if to_backends.insert(number) {
            let node = route_box(all, route);
            if refused && let Some(data) = all.graph.node_mut(node) {
                data.mark = Mark::Wrong;
                data.details.push("no listener takes it".into());
            }
            backends(all, &routing, route, (node, reach, gates_of(number)), used);
        }
    }
}

/// The Gateways that take each route, and the workloads that serve them.
type Gates = BTreeMap<usize, Vec<(Name, Vec<Name>)>>;

fn gates(routing: &Routing<'_>, reach: &Reach<'_>) -> Gates {
    let mut gates = Gates::new();
    for gateway in routing.gateways() {
        let name = Name::new(
            gateway.entry.namespace().unwrap_or("default"),
            gateway.entry.name(),
        );
        let sets = gateway.sets.iter();
        let sets = sets.filter_map(|set| routing.listener_sets().get(*set));
        let listeners = sets.flat_map(|set| set.listeners.clone());
        let routes: BTreeSet<usize> = gateway
            .listeners
            .clone()
            .chain(listeners)
            .flat_map(|listener| routing.attached(listener))
            .map(|(route, _)| *route)
            .collect();
        if routes.is_empty() {
            continue;
        }
        let served_by = reach.workloads_of_gateway(&name);
        let served_by: Vec<Name> = served_by.into_iter().cloned().collect();
        for route in routes {
            let of_route = gates.entry(route).or_default();
            of_route.push((name.clone(), served_by.clone()));
        }
    }
    gates
}

/// The routes at a listener, with the hosts that both mean.
type Attached<'r> = &'r [(usize, Vec<Option<String>>)];

fn listener_box(all: &mut Namespaced<'_>, listeners: &[&Listener<'_>]) -> NodeId {
    let first = listeners[0];
    let key = format!(
        "{}/{}/{}",
        first.namespace(),
        first.owner.name(),
        first.name
    );
    all.node("listener", &key, |all| {
        let frame = all.frame(first.namespace());
        let usable = listeners.iter().any(|listener| listener.is_usable());
        let node = Node::new(
            format!("listener_{key}"),
            NodeKind::Gateway,
            first.owner.name(),
        )
        .tip(format!(
            "{} {}/{}",
            first.owner.kind(),
            first.namespace(),
            first.owner.name()
        ))
        .marked(if usable { Mark::None } else { Mark::Wrong })
        .within(frame);
        listeners.iter().fold(node, |node, listener| {
            let broken = if listener.is_usable() {
                ""
            } else {
                " (not usable)"
            };
            node.detail(format!("{} :{}{broken}", listener.name, listener.port))
        })
    })
}

fn route_box(all: &mut Namespaced<'_>, route: &Route<'_>) -> NodeId {
    let key = format!(
        "{}/{}/{}",
        route.entry.kind(),
        route.namespace(),
        route.entry.name()
    );
    all.node("route", &key, |all| {
        let frame = all.frame(route.namespace());
        Node::new(format!("route_{key}"), NodeKind::Route, route.entry.name())
            .detail(route.entry.kind())
            .tip(format!("{key} for {}", route.hostnames.join(", ")))
            .within(frame)
    })
}

/// The arrows of a route: one per backend, with its paths and its share.
fn backends(
    all: &mut Namespaced<'_>,
    routing: &Routing<'_>,
    route: &Route<'_>,
    (node, reach, gates): (NodeId, &Reach<'_>, &[(Name, Vec<Name>)]),
    used: &mut HashSet<(String, String)>,
) {
    let rules = route.rules();
    for rule in rules {
        let listed = rule["backendRefs"].as_array().unwrap_or_default();
        let weight = |backend: &Value| backend["weight"].as_u64().unwrap_or(1);
        let whole: u64 = listed.iter().map(weight).fold(0, u64::saturating_add);
        for written in listed {
            let mut label: Vec<String> = Vec::new();
            label.extend(conditions(route.kind, rule));
            if listed.len() > 1 {
                // Weights are small numbers.
                #[allow(clippy::cast_precision_loss)]
                let share = weight(written) as f64 * 100.0 / whole.max(1) as f64;
                label.push(format!("{} %", (share * 10.0).round() / 10.0));
            }
            match routing.backend(route, written) {
                Ok(backend) => {
                    let service = routing.model().service(backend.namespace, backend.name);
                    let problem = backend.port_problem(routing.model(), route.kind);
                    let mut said = Said::nothing();
                    if let (Some(service), None) = (&service, &problem) {
                        said = from_gates(reach, gates, service, backend.port);
                        label.extend(said.marks.iter().map(|mark| (*mark).to_owned()));
                    }
                    let kind = if problem.is_some() {
                        EdgeKind::Broken
                    } else {
                        said.kind
                    };
                    let target = match service {
                        Some(service) => {
                            used.insert((
                                service.namespace().to_owned(),
                                service.name().to_owned(),
                            ));
                            all.service(&service)
                        }
                        None => absent(all, backend.namespace, backend.name, "", Mark::None),
                    };
                    let edge = Edge::new(node, target, kind).label(label.join(" · "));
                    all.graph.connect(edge.tip(problem.unwrap_or(said.tip)));
                }
                Err((problem, reason)) => {
                    let namespace = written["namespace"].as_str().unwrap_or(route.namespace());
                    let name = written["name"].as_str().unwrap_or_default();
                    let target = absent(all, namespace, name, "not in the input", Mark::Missing);
                    let edge = Edge::new(node, target, EdgeKind::Broken).label(label.join(" · "));
                    let _ = problem;
                    all.graph.connect(edge.tip(reason));
                }
            }
        }
    }
}

/// A Service that is not in the input.
fn absent(all: &mut Namespaced<'_>, namespace: &str, name: &str, why: &str, mark: Mark) -> NodeId {
    let key = format!("{namespace}/{name}");
    all.node("absent", &key, |all| {
        let frame = all.frame(namespace);
        Node::new(format!("svc_{key}"), NodeKind::Service, name)
            .detail(why)
            .marked(mark)
            .within(frame)
    })
}

/// The paths for which a rule is, where that is not every one.
fn conditions(kind: RouteKind, rule: &Value) -> Option<String> {
    let matches = rule["matches"].as_array()?;
    let paths: Vec<String> = matches
        .iter()
        .filter_map(|one| match kind {
            RouteKind::Grpc => one["method"]["service"].as_str().map(str::to_owned),
            _ => one["path"]["value"].as_str().map(str::to_owned),
        })
        .filter(|path| path != "/")
        .collect();
    match paths.as_slice() {
        [] => None,
        [path] => Some(path.clone()),
        [path, more @ ..] => Some(format!("{path} +{}", more.len())),
    }
}

fn ingresses(all: &mut Namespaced<'_>, model: &Model, used: &mut HashSet<(String, String)>) {
    for (group, kind) in [
        ("networking.k8s.io", "Ingress"),
        ("networking.istio.io", "VirtualService"),
        ("route.openshift.io", "Route"),
    ] {
        for entry in model.objects(group, kind) {
            let namespace = entry.namespace().unwrap_or_default();
            let key = format!("{kind}/{namespace}/{}", entry.name());
            let node = all.node("route", &key, |all| {
                let frame = all.frame(namespace);
                Node::new(format!("route_{key}"), NodeKind::Route, entry.name())
                    .detail(kind)
                    .tip(key.clone())
                    .within(frame)
            });
            for name in hosts_of(entry) {
                let outside = host(all, &name);
                all.graph.connect(Edge::new(outside, node, EdgeKind::Flow));
            }
            let mut drawn = HashSet::new();
            for reference in model.references_of(entry) {
                if reference.purpose != Purpose::Backend || reference.kind != "Service" {
                    continue;
                }
                let service_namespace = reference.namespace.unwrap_or(namespace);
                let target = match model.resolve(&reference, Extent::Part) {
                    Resolution::Missing => absent(
                        all,
                        service_namespace,
                        reference.name,
                        "not in the input",
                        Mark::Missing,
                    ),
                    _ => match model.service(service_namespace, reference.name) {
                        Some(service) => {
                            used.insert((service_namespace.to_owned(), reference.name.to_owned()));
                            all.service(&service)
                        }
                        None => absent(
                            all,
                            service_namespace,
                            reference.name,
                            "outside of the input",
                            Mark::None,
                        ),
                    },
                };
                if drawn.insert(target) {
                    all.graph.connect(Edge::new(node, target, EdgeKind::Flow));
                }
            }
        }
    }
}

/// The hosts of an Ingress, a VirtualService that is at a gateway, or a Route.
fn hosts_of(entry: &Entry) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match entry.kind() {
        "Ingress" => entry
            .items_at("spec.rules")
            .iter()
            .map(|rule| rule["host"].as_str().unwrap_or_default().to_owned())
            .collect(),
        "VirtualService" if !entry.items_at("spec.gateways").is_empty() => entry
            .items_at("spec.hosts")
            .iter()
            .filter_map(text)
            .collect(),
        "Route" => vec![entry.text_at("spec.host").unwrap_or_default().to_owned()],
        _ => Vec::new(),
    }
}

/// Services that are open to the outside without a route.
fn published(all: &mut Namespaced<'_>, model: &Model, used: &mut HashSet<(String, String)>) {
    for service in model.services() {
        let word = match service.service_type() {
            ServiceType::LoadBalancer => "load balancer",
            ServiceType::NodePort => "node port",
            _ => continue,
        };
        let ports: Vec<String> = service
            .ports()
            .map(|port| port.node_port.unwrap_or(port.port).to_string())
            .collect();
        used.insert((service.namespace().to_owned(), service.name().to_owned()));
        let (from, to) = (client(all), all.service(&service));
        let label = format!("{word} {}", ports.join(", "));
        all.graph
            .connect(Edge::new(from, to, EdgeKind::Flow).label(label));
    }
}

/// Calls whose addresses stand in the settings of workloads.
fn calls(
    all: &mut Namespaced<'_>,
    model: &Model,
    reach: &Reach<'_>,
    used: &mut HashSet<(String, String)>,
) {
    for workload in model.workloads() {
        let mut ports: BTreeMap<(&str, &str), BTreeMap<u16, ()>> = BTreeMap::new();
        for call in model.calls_of(workload.entry()) {
            if let Some(service) = model.service(call.namespace, call.service) {
                let own = service
                    .workloads()
                    .any(|behind| behind.entry().entry_id() == workload.entry().entry_id());
                if !own {
                    let first = service.ports().next().map(|port| port.port);
                    let port = call.port.or(first);
                    ports
                        .entry((call.namespace, call.service))
                        .or_default()
                        .extend(port.map(|port| (port, ())));
                }
            }
        }
        for ((namespace, name), ports) in ports {
            let Some(service) = model.service(namespace, name) else {
                continue;
            };
            used.insert((namespace.to_owned(), name.to_owned()));
            let to = all.service(&service);
            let from = all.workload(&workload);
            for port in ports.into_keys() {
                all.graph
                    .connect(call(reach, &workload, &service, port, from, to));
            }
        }
    }
}

fn call(
    reach: &Reach<'_>,
    from: &Workload<'_>,
    to: &Service<'_>,
    port: u16,
    start: NodeId,
    end: NodeId,
) -> Edge {
    let known = to.workloads().next().is_some();
    if !known {
        let edge = Edge::new(start, end, EdgeKind::Flow).label(format!(":{port}"));
        return edge.tip("the pods behind the Service are not in the input");
    }
    let flow = Flow::from_workload(from.namespace(), from.name()).to_service(
        to.namespace(),
        to.name(),
        port,
    );
    let said = Said::of(&reach.flow(&flow));
    let label = match said.kind {
        EdgeKind::Refused => format!(":{port} refused"),
        _ => std::iter::once(format!(":{port}"))
            .chain(said.marks.iter().map(|mark| (*mark).to_owned()))
            .collect::<Vec<_>>()
            .join(" · "),
    };
    Edge::new(start, end, said.kind).label(label).tip(said.tip)
}

/// The workloads behind the Services of the picture.
fn behind(all: &mut Namespaced<'_>, model: &Model, used: &HashSet<(String, String)>) {
    for service in model.services() {
        if !used.contains(&(service.namespace().to_owned(), service.name().to_owned())) {
            continue;
        }
        let from = all.service(&service);
        for workload in service.workloads() {
            let to = all.workload(&workload);
            all.graph.connect(Edge::new(from, to, EdgeKind::Flow));
        }
    }
}

/// How many policies speak of each workload of the picture.
fn protected(all: &mut Namespaced<'_>, model: &Model) {
    let mut counts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in policy_uses(model) {
        for workload in &one.workloads {
            let key = format!(
                "{}/{}/{}",
                workload.entry().kind(),
                workload.namespace(),
                workload.name()
            );
            counts
                .entry(key)
                .or_default()
                .push(one.policy.id().to_string());
        }
    }
    for (key, policies) in counts {
        if let Some(node) = all
            .find("workload", &key)
            .and_then(|node| all.graph.node_mut(node))
        {
            let word = if policies.len() == 1 {
                "policy"
            } else {
                "policies"
            };
            node.details.push(format!("{} {word}", policies.len()));
            node.tip.push_str("; ");
            node.tip.push_str(&policies.join(", "));
        }
    }
}
