//! Gateways of the Gateway API: which of them a pod serves, and where they send a request.

use std::collections::BTreeSet;
use std::sync::Arc;

use stack_gateway::{Answer, Question, Routing};
use stack_model::Model;
use stack_model::Value;

use super::{Backend, EdgeRoute, Routed};
use crate::flow::{Name, Request};
use crate::world::{Pod, Service, World};

const GROUP: &str = "gateway.networking.k8s.io";

#[derive(Debug)]
pub(crate) struct GatewayApi<'m> {
    routing: Arc<Routing<'m>>,
    edges: Vec<Edge>,
}

#[derive(Clone, Debug)]
struct Edge {
    name: Name,
    controller: Option<String>,
    /// The Service that publishes it, where it says so.
    published_by: Option<Name>,
    /// By position in the routing's list.
    listeners: Vec<usize>,
    ports: Vec<u16>,
}

impl<'m> GatewayApi<'m> {
    pub(crate) fn read(model: &Model, routing: Arc<Routing<'m>>) -> Self {
        let controller = |class: &str| {
            let class = model.get(GROUP, "GatewayClass", None, class)?;
            class.text_at("spec.controllerName").map(str::to_owned)
        };
        let published = published_by_controller(model);
        let gateways = routing.gateways().iter().map(|gateway| {
            let entry = gateway.entry;
            let class = entry.text_at("spec.gatewayClassName").unwrap_or_default();
            let sets = gateway
                .sets
                .iter()
                .filter_map(|set| routing.listener_sets().get(*set));
            let ranges = std::iter::once(gateway.listeners.clone())
                .chain(sets.map(|set| set.listeners.clone()));
            let listeners: Vec<usize> = ranges.flatten().collect();
            Edge {
                name: Name::new(entry.namespace().unwrap_or("default"), entry.name()),
                controller: controller(class),
                published_by: entry
                    .annotations()
                    .get("konghq.com/publish-service")
                    .map(Name::parse)
                    .or_else(|| {
                        let controller = controller(class);
                        let is_kong = controller.as_deref() == Some(KONG);
                        published.clone().filter(|_| is_kong)
                    }),
                ports: listeners
                    .iter()
                    .filter_map(|listener| routing.listeners().get(*listener))
                    .map(|listener| listener.port)
                    .collect(),
                listeners,
            }
        });
        let edges = gateways.collect();
        Self { routing, edges }
    }

    /// Whether the pods behind a Service serve a Gateway.
    pub(crate) fn serves(&self, service: &Service, world: &World) -> bool {
        self.edges
            .iter()
            .any(|edge| edge.published_by.as_ref() == Some(&service.name))
            || service
                .pods
                .iter()
                .filter_map(|&pod| world.pods.get(pod))
                .any(|pod| !self.edges_of(pod, world).is_empty())
    }

    fn edges_of<'s>(&'s self, pod: &Pod, world: &World) -> Vec<&'s Edge> {
        let label = pod.labels.get("gateway.networking.k8s.io/gateway-name");
        let publishes = |name: &Name| {
            world
                .service_named(name)
                .and_then(|index| world.services.get(index))
                .is_some_and(|service| {
                    service.pods.iter().any(|&other| {
                        world
                            .pods
                            .get(other)
                            .is_some_and(|other| other.name == pod.name)
                    })
                })
        };
        let edges = self.edges.iter().filter(|edge| {
            let labelled =
                edge.name.namespace == pod.name.namespace && label == Some(edge.name.name.as_str());
            (labelled || edge.published_by.as_ref().is_some_and(publishes))
                && edge.controller.as_deref() != Some("istio.io/mesh-controller")
        });
        edges.collect()
    }

    /// The pods that serve a Gateway, by their places in the world.
    pub(crate) fn pods_of(&self, gateway: &Name, world: &World) -> Vec<usize> {
        let serves = |pod: &Pod| {
            let edges = self.edges_of(pod, world);
            !pod.implied && edges.iter().any(|edge| edge.name == *gateway)
        };
        let pods = world.pods.iter().enumerate();
        pods.filter(|(_, pod)| serves(pod))
            .map(|(index, _)| index)
            .collect()
    }

    /// Where the gateway in a pod sends a request; `None` where the pod serves no Gateway.
    pub(crate) fn route(
        &self,
        world: &World,
        pod: &Pod,
        ports: &[u16],
        request: Option<&Request>,
    ) -> Option<Routed> {
        let edges = self.edges_of(pod, world);
        (!edges.is_empty()).then(|| self.through(&edges, ports, request))
    }

    /// Where routes on a Service send a call from a namespace.
    pub(crate) fn in_mesh(
        &self,
        home: &str,
        service: &Service,
        port: u16,
        request: Option<&Request>,
    ) -> Option<Routed> {
        if !self
            .routing
            .has_routes_on(&service.name.namespace, &service.name.name)
        {
            return None;
        }
        let mut question = Question {
            client: Some(format!("{home}/client")),
            port: Some(port),
            ..Question::default()
        };
        let host = format!("{}.{}:{port}", service.name.name, service.name.namespace);
        question.request.host = Some(host);
        match request {
            Some(request) if request.sni.is_none() => {
                question.request.method = Some(request.method().to_owned());
                question.request.path = Some(request.target().to_owned());
                question.request.headers.clone_from(&request.headers);
            }
            Some(_) => question.request.scheme = Some("tls".to_owned()),
            None => question.request.scheme = Some("tcp".to_owned()),
        }
        let answer = self.routing.answer(&question);
        let is_touched = answer.decided_by.is_some() || answer.status == Some(404);
        is_touched.then(|| self.routed(&format!("Service {}", service.name), answer))
    }

    /// The same for Cilium's own proxy, which listens behind a Service that it makes for a Gateway.
    pub(crate) fn cilium(
        &self,
        service: &Name,
        ports: &[u16],
        request: Option<&Request>,
    ) -> Option<Routed> {
        let edges: Vec<_> = self
            .edges
            .iter()
            .filter(|edge| edge.controller.as_deref() == Some("io.cilium/gateway-controller"))
            .filter(|edge| {
                edge.name.namespace == service.namespace
                    && service.name == format!("cilium-gateway-{}", edge.name.name)
            })
            .collect();
        (!edges.is_empty()).then(|| self.through(&edges, ports, request))
    }

    /// Every backend of every route that is attached to a Gateway whose pods the input has.
    pub(crate) fn edge_routes(&self, world: &World) -> Vec<EdgeRoute> {
        let mut found = Vec::new();
        for edge in &self.edges {
            let published = edge
                .published_by
                .as_ref()
                .and_then(|name| world.service_named(name));
            let Some(service) = published.and_then(|index| world.services.get(index)) else {
                continue;
            };
            let routes: BTreeSet<usize> = edge
                .listeners
                .iter()
                .flat_map(|listener| self.routing.attached(*listener))
                .map(|(route, _)| *route)
                .collect();
            for route in routes
                .into_iter()
                .filter_map(|route| self.routing.routes().get(route))
            {
                for (index, rule) in route.rules().iter().enumerate() {
                    let references = rule
                        .get("backendRefs")
                        .and_then(Value::as_array)
                        .into_iter()
                        .flatten()
                        .enumerate();
                    found.extend(references.filter_map(|(position, reference)| {
                        let backend = self.routing.backend(route, reference).ok()?;
                        Some(EdgeRoute {
                            pods: service.pods.clone(),
                            backend: Name::new(backend.namespace, backend.name),
                            port: backend.port,
                            route: route.entry.id().to_string(),
                            path: format!("spec.rules[{index}].backendRefs[{position}]"),
                        })
                    }));
                }
            }
        }
        found
    }

    fn through(&self, edges: &[&Edge], ports: &[u16], request: Option<&Request>) -> Routed {
        let Some(request) = request else {
            return Routed::Depends("the request finds a route".to_owned());
        };
        let mut refused = None;
        for edge in edges {
            let port = ports
                .iter()
                .find(|port| edge.ports.contains(port))
                .or(ports.first())
                .copied();
            let question = question(&edge.name, port, request);
            let gateway = format!("Gateway {}", edge.name);
            match self.routed(&gateway, self.routing.answer(&question)) {
                routed @ Routed::Refused { .. } => refused = refused.or(Some(routed)),
                routed => return routed,
            }
        }
        refused.unwrap_or_else(|| Routed::Depends("the request finds a route".to_owned()))
    }

    /// What an answer means; `parent` is what the routes hang on.
    fn routed(&self, parent: &str, answer: Answer) -> Routed {
        if let Some(unknown) = answer.unknown {
            return Routed::Depends(unknown);
        }
        let Some((route, rule)) = answer.decided_by else {
            let reason = answer
                .failure
                .unwrap_or_else(|| "no route takes the request".to_owned());
            return Routed::refused(parent, "", reason);
        };
        let Some(route) = self.routing.routes().get(route) else {
            return Routed::refused(parent, "", "no route takes the request");
        };
        let object = route.entry.to_string();
        let path = format!("spec.rules[{rule}]");
        if answer.redirect.is_some() || answer.answered_by.is_some() {
            return Routed::Answered { object, path };
        }
        let references = route
            .rules()
            .get(rule)
            .and_then(|rule| rule.get("backendRefs"))
            .and_then(Value::as_array);
        let backends: Vec<_> = references
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(position, reference)| {
                let text = |member: &str| reference.get(member).and_then(Value::as_str);
                let name = Name::new(
                    text("namespace").unwrap_or(route.namespace()),
                    text("name").unwrap_or_default(),
                );
                let resolved = self.routing.backend(route, reference);
                let port = resolved.as_ref().ok().and_then(|backend| backend.port);
                let tls = resolved.as_ref().ok();
                let tls = tls.and_then(|backend| self.routing.backend_tls(backend));
                let untrusted = tls.filter(|tls| tls.is_broken).map(|tls| {
                    format!(
                        "{} leaves no authority to trust, so nothing is sent",
                        tls.policy
                    )
                });
                Backend {
                    host: name.to_string(),
                    service: Some(name),
                    port,
                    called_port: 0,
                    subset: None,
                    weight: reference
                        .get("weight")
                        .and_then(Value::as_u64)
                        .and_then(|weight| u32::try_from(weight).ok())
                        .unwrap_or(1),
                    object: object.clone(),
                    path: format!("{path}.backendRefs[{position}]"),
                    problem: resolved.err().map(|(_, sentence)| sentence).or(untrusted),
                    tls: tls.map(|tls| tls.hostname.to_owned()),
                }
            })
            .collect();
        if backends.is_empty() {
            return Routed::refused(&object, &path, "the rule has no backend");
        }
        let forwarded = answer.forwarded.map(|sent| Request {
            method: sent.method,
            path: sent.path,
            host: sent.host,
            headers: sent.headers,
            sni: None,
        });
        Routed::To {
            backends,
            forwarded,
        }
    }
}

/// The controller of Kong, which serves Gateways through the Service of one proxy.
const KONG: &str = "konghq.com/kic-gateway-controller";

/// The Service that Kong's controller is told to publish; it writes the name on each Gateway that it serves.
fn published_by_controller(model: &Model) -> Option<Name> {
    let mut containers = model
        .workloads()
        .flat_map(|workload| workload.containers().collect::<Vec<_>>());
    containers.find_map(|container| {
        let variable = container.items("env").iter().find(|variable| {
            variable.get("name").and_then(Value::as_str) == Some("CONTROLLER_PUBLISH_SERVICE")
        })?;
        variable
            .get("value")
            .and_then(Value::as_str)
            .map(Name::parse)
    })
}

fn question(gateway: &Name, port: Option<u16>, request: &Request) -> Question {
    let mut question = Question {
        gateway: Some(gateway.to_string()),
        port,
        ..Question::default()
    };
    question.request.scheme = request.sni.as_ref().map(|_| "https".to_owned());
    question.request.host.clone_from(&request.host);
    question.request.method = Some(request.method().to_owned());
    question.request.path = Some(request.target().to_owned());
    question.request.headers.clone_from(&request.headers);
    question.request.sni.clone_from(&request.sni);
    question
}
