//! HTTPRoutes of the Gateway API: which Gateway serves a pod, and where it sends a request.

use gateway_api::v1::{
    FromNamespaces, Gateway, HeaderMatchType, HttpRoute, HttpRouteFilter, HttpRouteMatch,
    HttpRouteRule, Listener, ParentReference, PathMatchType, ProtocolType, QueryParamMatchType,
    ReferenceGrant,
};
use regex::Regex;
use serde::de::DeserializeOwned;
use stack_model::{Model, Selector};

use super::{Backend, Routed};
use crate::Unread;
use crate::flow::{Name, Request};
use crate::world::{Pod, Service, World};

const GROUP: &str = "gateway.networking.k8s.io";

#[derive(Clone, Debug, Default)]
pub(crate) struct GatewayApi {
    edges: Vec<Edge>,
    routes: Vec<Route>,
    grants: Vec<(String, ReferenceGrant)>,
}

#[derive(Clone, Debug)]
struct Edge {
    name: Name,
    controller: Option<String>,
    listeners: Vec<Listener>,
    /// The Service that publishes it, where it says so.
    published_by: Option<Name>,
}

#[derive(Clone, Debug)]
struct Route {
    name: Name,
    object: String,
    created: String,
    parents: Vec<ParentReference>,
    hostnames: Vec<String>,
    rules: Vec<HttpRouteRule>,
}

/// How well a match of a route fits a request; the greatest wins.
type Rank = (usize, (bool, usize), bool, usize, usize);

impl GatewayApi {
    pub(crate) fn read(model: &Model, unread: &mut Vec<Unread>) -> Self {
        let classes = model.objects(GROUP, "GatewayClass");
        let controllers: Vec<_> = classes
            .filter_map(|class| {
                Some((
                    class.name().to_owned(),
                    class.text_at("spec.controllerName")?.to_owned(),
                ))
            })
            .collect();
        let mut edges = Vec::new();
        for (object, gateway) in read_all::<Gateway>(model, "Gateway", unread) {
            let class = gateway.spec.gateway_class_name;
            if class == "istio-waypoint" {
                continue;
            }
            edges.push(Edge {
                name: Name::new(object.namespace().unwrap_or("default"), object.name()),
                controller: controllers
                    .iter()
                    .find(|(name, _)| *name == class)
                    .map(|(_, controller)| controller.clone()),
                listeners: gateway.spec.listeners,
                published_by: object
                    .annotations()
                    .get("konghq.com/publish-service")
                    .map(Name::parse),
            });
        }
        let mut routes: Vec<_> = read_all::<HttpRoute>(model, "HTTPRoute", unread)
            .into_iter()
            .map(|(object, route)| {
                let name = Name::new(object.namespace().unwrap_or("default"), object.name());
                Route {
                    object: format!("HTTPRoute {name}"),
                    name,
                    created: object
                        .text_at("metadata.creationTimestamp")
                        .unwrap_or_default()
                        .to_owned(),
                    parents: route.spec.parent_refs,
                    hostnames: route.spec.hostnames,
                    rules: route.spec.rules,
                }
            })
            .collect();
        routes.sort_by(|a, b| (&a.created, &a.name).cmp(&(&b.created, &b.name)));
        let grants = read_all::<ReferenceGrant>(model, "ReferenceGrant", unread)
            .into_iter()
            .map(|(object, grant)| (object.namespace().unwrap_or("default").to_owned(), grant))
            .collect();
        Self {
            edges,
            routes,
            grants,
        }
    }

    /// Whether the pods behind a Service serve a Gateway.
    pub(crate) fn serves(&self, service: &Service) -> bool {
        self.edges
            .iter()
            .any(|edge| edge.published_by.as_ref() == Some(&service.name))
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
                edge.name.namespace == pod.name.namespace && label == Some(&edge.name.name);
            labelled || edge.published_by.as_ref().is_some_and(publishes)
        });
        edges.collect()
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
        (!edges.is_empty()).then(|| self.through(&edges, world, ports, request))
    }

    /// The same for Cilium's own proxy, which listens behind a Service that it makes for a Gateway.
    pub(crate) fn cilium(
        &self,
        world: &World,
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
        (!edges.is_empty()).then(|| self.through(&edges, world, ports, request))
    }

    fn through(
        &self,
        edges: &[&Edge],
        world: &World,
        ports: &[u16],
        request: Option<&Request>,
    ) -> Routed {
        let Some(request) = request else {
            return Routed::Depends("the HTTP request finds a route".to_owned());
        };
        let host = request.host.as_deref().map(|host| {
            host.rsplit_once(':')
                .map_or(host, |(name, _)| name)
                .to_ascii_lowercase()
        });
        let host = host.as_deref();
        let listeners = edges.iter().flat_map(|edge| {
            edge.listeners
                .iter()
                .enumerate()
                .map(move |(index, listener)| (*edge, index, listener))
        });
        let open = listeners.filter(|(_, _, listener)| {
            ports.iter().any(|port| i32::from(*port) == listener.port)
                && matches!(listener.protocol, ProtocolType::Http | ProtocolType::Https)
        });
        let best = open
            .filter_map(|(edge, index, listener)| {
                Some((
                    host_rank(listener.hostname.as_deref(), host)?,
                    edge,
                    index,
                    listener,
                ))
            })
            .max_by_key(|(rank, _, index, _)| (*rank, std::cmp::Reverse(*index)));
        let Some((_, edge, _, listener)) = best else {
            let object = edges
                .first()
                .map(|edge| format!("Gateway {}", edge.name))
                .unwrap_or_default();
            return Routed::refused(
                &object,
                "spec.listeners",
                "no listener takes this host on this port",
            );
        };
        let mut found: Option<(Rank, &Route, usize)> = None;
        for route in self
            .routes
            .iter()
            .filter(|route| edge.takes(listener, route, world))
        {
            let Some(host_rank) = route.host_rank(listener, host) else {
                continue;
            };
            for (index, rule) in route.rules.iter().enumerate() {
                let everything = [HttpRouteMatch::default()];
                let matches = if rule.matches.is_empty() {
                    &everything[..]
                } else {
                    &rule.matches
                };
                let rank = matches
                    .iter()
                    .filter_map(|wanted| rank(wanted, request))
                    .max();
                if let Some((path, method, headers, query)) = rank {
                    let rank = (host_rank, path, method, headers, query);
                    // Of equals the first: routes are in order of age and name, rules in their own.
                    if found.as_ref().is_none_or(|(best, ..)| rank > *best) {
                        found = Some((rank, route, index));
                    }
                }
            }
        }
        match found {
            Some((_, route, index)) => self.backends(route, index),
            None => Routed::refused(
                &format!("Gateway {}", edge.name),
                "",
                "no route matches the request",
            ),
        }
    }

    fn backends(&self, route: &Route, index: usize) -> Routed {
        let path = format!("spec.rules[{index}]");
        let Some(rule) = route.rules.get(index) else {
            return Routed::refused(&route.object, &path, "the rule is empty");
        };
        if rule
            .filters
            .iter()
            .any(|filter| matches!(filter, HttpRouteFilter::RequestRedirect(_)))
        {
            return Routed::Answered {
                object: route.object.clone(),
                path,
            };
        }
        if rule.backend_refs.is_empty() {
            return Routed::refused(&route.object, &path, "the rule has no backend");
        }
        let backends = rule.backend_refs.iter().enumerate().map(|(position, backend)| {
            let namespace = backend.namespace.as_deref().unwrap_or(&route.name.namespace);
            let is_service = matches!(backend.group.as_deref(), None | Some("")) && matches!(backend.kind.as_deref(), None | Some("Service"));
            let name = Name::new(namespace, &backend.name);
            let problem = if !is_service {
                Some("the backend is no Service".to_owned())
            } else if namespace != route.name.namespace && !self.is_granted(&route.name.namespace, &name) {
                Some("the backend is in another namespace, and no ReferenceGrant there allows it".to_owned())
            } else {
                None
            };
            Backend {
                host: name.to_string(),
                service: Some(name),
                port: backend.port.and_then(|port| u16::try_from(port).ok()),
                weight: u32::try_from(backend.weight.unwrap_or(1)).unwrap_or(0),
                object: route.object.clone(),
                path: format!("{path}.backendRefs[{position}]"),
                problem,
            }
        });
        Routed::To(backends.collect())
    }

    fn is_granted(&self, from: &str, to: &Name) -> bool {
        self.grants
            .iter()
            .filter(|(namespace, _)| *namespace == to.namespace)
            .filter_map(|(_, grant)| grant.spec.as_ref())
            .any(|spec| {
                spec.from.iter().any(|source| {
                    source.group == GROUP && source.kind == "HTTPRoute" && source.namespace == from
                }) && spec.to.iter().any(|target| {
                    target.group.is_empty()
                        && target.kind == "Service"
                        && target.name.as_ref().is_none_or(|name| *name == to.name)
                })
            })
    }
}

fn read_all<'m, T: DeserializeOwned>(
    model: &'m Model,
    kind: &str,
    unread: &mut Vec<Unread>,
) -> Vec<(&'m stack_model::Entry, T)> {
    let mut found = Vec::new();
    for object in model.objects(GROUP, kind) {
        match crd_core::parse::lenient::<T>(object.value()) {
            Ok(value) => found.push((object, value)),
            Err(error) => unread.push(Unread::new(object, &error)),
        }
    }
    found
}

impl Edge {
    /// Whether a route may be, and wants to be, attached to a listener.
    fn takes(&self, listener: &Listener, route: &Route, world: &World) -> bool {
        let refers = route.parents.iter().any(|parent| {
            matches!(parent.kind.as_deref(), None | Some("Gateway"))
                && matches!(parent.group.as_deref(), None | Some(GROUP))
                && parent.name == self.name.name
                && parent.namespace.as_deref().unwrap_or(&route.name.namespace)
                    == self.name.namespace
                && parent
                    .section_name
                    .as_ref()
                    .is_none_or(|section| *section == listener.name)
                && parent.port.is_none_or(|port| port == listener.port)
        });
        refers && self.admits(listener, &route.name.namespace, world)
    }

    fn admits(&self, listener: &Listener, namespace: &str, world: &World) -> bool {
        let allowed = listener.allowed_routes.as_ref();
        let kinds = allowed
            .map(|allowed| allowed.kinds.as_slice())
            .unwrap_or_default();
        if !kinds.is_empty() && !kinds.iter().any(|kind| kind.kind == "HTTPRoute") {
            return false;
        }
        let namespaces = allowed.and_then(|allowed| allowed.namespaces.as_ref());
        match namespaces.and_then(|namespaces| namespaces.from.as_ref()) {
            Some(FromNamespaces::All) => true,
            Some(FromNamespaces::Selector) => {
                let selector = namespaces
                    .and_then(|namespaces| serde_json::to_value(namespaces.selector.as_ref()?).ok())
                    .and_then(|selector| Selector::read(&selector).ok())
                    .unwrap_or_else(Selector::nothing);
                world
                    .namespace_labels(namespace)
                    .is_some_and(|labels| selector.matches(labels))
            }
            _ => namespace == self.name.namespace,
        }
    }
}

impl Route {
    /// How exactly the route names the host; `None` where it does not.
    fn host_rank(&self, listener: &Listener, host: Option<&str>) -> Option<usize> {
        if self.hostnames.is_empty() {
            return Some(0);
        }
        let fitting = self
            .hostnames
            .iter()
            .filter(|name| match &listener.hostname {
                Some(listener) => intersect(listener, name),
                None => true,
            });
        fitting.filter_map(|name| host_rank(Some(name), host)).max()
    }
}

/// Whether two host names, each perhaps with a wildcard, have a host in common.
fn intersect(a: &str, b: &str) -> bool {
    match (a.strip_prefix("*."), b.strip_prefix("*.")) {
        (None, None) => a.eq_ignore_ascii_case(b),
        (Some(parent), None) => is_below(b, parent),
        (None, Some(parent)) => is_below(a, parent),
        (Some(x), Some(y)) => x.eq_ignore_ascii_case(y) || is_below(x, y) || is_below(y, x),
    }
}

fn is_below(host: &str, parent: &str) -> bool {
    let (host, parent) = (host.to_ascii_lowercase(), parent.to_ascii_lowercase());
    host.strip_suffix(&parent)
        .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
}

/// An exact name before a wildcard, a long wildcard before a short one, all before none.
fn host_rank(pattern: Option<&str>, host: Option<&str>) -> Option<usize> {
    match (pattern.filter(|pattern| !pattern.is_empty()), host) {
        (None, _) => Some(0),
        (Some(_), None) => None,
        (Some(pattern), Some(host)) => match pattern.strip_prefix("*.") {
            Some(parent) => is_below(host, parent).then_some(parent.len()),
            None => pattern.eq_ignore_ascii_case(host).then_some(usize::MAX),
        },
    }
}

/// How well one match fits: path, method, number of headers, number of query parameters. `None` where it does not.
fn rank(wanted: &HttpRouteMatch, request: &Request) -> Option<((bool, usize), bool, usize, usize)> {
    let path = request.path_only();
    let (kind, value) = wanted.path.as_ref().map_or((None, "/"), |path| {
        (path.type_.as_ref(), path.value.as_deref().unwrap_or("/"))
    });
    let path_rank = match kind {
        Some(PathMatchType::Exact) => (path == value).then_some((true, value.len()))?,
        Some(PathMatchType::RegularExpression) => {
            full_match(value, path).then_some((false, value.len()))?
        }
        _ => {
            let prefix = value.trim_end_matches('/');
            let rest = path.strip_prefix(prefix)?;
            (rest.is_empty() || rest.starts_with('/')).then_some((false, prefix.len() + 1))?
        }
    };
    if wanted
        .method
        .as_ref()
        .is_some_and(|method| method.as_str() != request.method())
    {
        return None;
    }
    let headers = wanted.headers.iter().all(|header| {
        request
            .header(&header.name)
            .is_some_and(|value| match header.type_ {
                Some(HeaderMatchType::RegularExpression) => full_match(&header.value, value),
                _ => header.value == value,
            })
    });
    let query: Vec<_> = request
        .target()
        .split_once('?')
        .map(|(_, query)| query)
        .into_iter()
        .flat_map(|query| query.split('&'))
        .collect();
    let of = |name: &str| {
        query.iter().find_map(|pair| {
            pair.split_once('=')
                .filter(|(key, _)| *key == name)
                .map(|(_, value)| value)
        })
    };
    let parameters = wanted.query_params.iter().all(|parameter| {
        of(&parameter.name).is_some_and(|value| match parameter.type_ {
            Some(QueryParamMatchType::RegularExpression) => full_match(&parameter.value, value),
            _ => parameter.value == value,
        })
    });
    (headers && parameters).then_some((
        path_rank,
        wanted.method.is_some(),
        wanted.headers.len(),
        wanted.query_params.len(),
    ))
}

fn full_match(pattern: &str, value: &str) -> bool {
    Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|regex| regex.is_match(value))
}
