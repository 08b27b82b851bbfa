//! Gateways of `networking.istio.io`, and the VirtualServices that route behind them.

use std::collections::BTreeMap;

use istio_types::networking::v1::{
    Gateway, HttpMatchRequest, HttpRoute, Protocol as ServerProtocol, StringMatch, VirtualService,
};
use regex::Regex;
use stack_model::Model;

use super::authorization::selected;
use super::mtls::{host_matches, service_of_host};
use crate::Unread;
use crate::flow::{Name, Request};
use crate::route::{Backend, Routed};
use crate::world::Pod;

#[derive(Clone, Debug, Default)]
pub(crate) struct Gateways {
    gateways: Vec<Edge>,
    routes: Vec<Routes>,
}

#[derive(Clone, Debug)]
struct Edge {
    object: String,
    name: Name,
    selector: BTreeMap<String, String>,
    servers: Vec<Server>,
}

#[derive(Clone, Debug)]
struct Server {
    port: u32,
    is_http: bool,
    hosts: Vec<String>,
}

#[derive(Clone, Debug)]
struct Routes {
    object: String,
    namespace: String,
    hosts: Vec<String>,
    gateways: Vec<String>,
    http: Vec<HttpRoute>,
}

impl Gateways {
    pub(crate) fn read(model: &Model, unread: &mut Vec<Unread>) -> Self {
        let gateways = super::read_all::<Gateway>(model, "networking.istio.io", "Gateway", unread)
            .into_iter()
            .map(|(object, gateway)| {
                let spec = gateway.spec.unwrap_or_default();
                let name = Name::new(object.namespace().unwrap_or("default"), object.name());
                Edge {
                    object: format!("Gateway {name}"),
                    name,
                    selector: spec.selector,
                    servers: spec
                        .servers
                        .into_iter()
                        .map(|server| Server {
                            port: server.port.number,
                            is_http: !matches!(
                                server.port.protocol,
                                ServerProtocol::Tcp | ServerProtocol::Tls
                            ),
                            hosts: server.hosts,
                        })
                        .collect(),
                }
            })
            .collect();
        let routes = super::read_all::<VirtualService>(
            model,
            "networking.istio.io",
            "VirtualService",
            unread,
        )
        .into_iter()
        .map(|(object, routes)| {
            let spec = routes.spec.unwrap_or_default();
            let namespace = object.namespace().unwrap_or("default").to_owned();
            Routes {
                object: format!("VirtualService {namespace}/{}", object.name()),
                namespace,
                hosts: spec.hosts,
                gateways: spec.gateways,
                http: spec.http,
            }
        })
        .collect();
        Self { gateways, routes }
    }

    /// Whether a pod is the proxy of a Gateway.
    pub(crate) fn select(&self, pod: &Pod) -> bool {
        self.gateways
            .iter()
            .any(|gateway| !gateway.selector.is_empty() && selected(&gateway.selector, &pod.labels))
    }

    /// Where a request to a gateway's pod goes. `ports` are the numbers by which the port is known: the Service's and the
    /// pod's. `None` where no Gateway selects the pod.
    pub(crate) fn route(
        &self,
        pod: &Pod,
        ports: &[u16],
        request: Option<&Request>,
    ) -> Option<Routed> {
        let edges: Vec<_> = self
            .gateways
            .iter()
            .filter(|gateway| {
                !gateway.selector.is_empty() && selected(&gateway.selector, &pod.labels)
            })
            .collect();
        let first = edges.first()?;
        let Some(request) = request else {
            return Some(Routed::Depends("the HTTP request finds a route".to_owned()));
        };
        let host = request.host.as_deref().unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let is_open = |edge: &&&Edge| {
            edge.servers.iter().any(|server| {
                server.is_http
                    && ports.iter().any(|port| u32::from(*port) == server.port)
                    && server.hosts.iter().any(|pattern| {
                        host_matches(pattern.rsplit('/').next().unwrap_or(pattern), host)
                    })
            })
        };
        let open: Vec<_> = edges.iter().filter(is_open).copied().collect();
        if open.is_empty() {
            return Some(Routed::refused(
                &first.object,
                "spec.servers",
                "no server listens on this port for this host",
            ));
        }
        let mut candidates: Vec<(usize, &Routes)> = self
            .routes
            .iter()
            .filter(|routes| open.iter().any(|edge| routes.uses(&edge.name)))
            .filter_map(|routes| {
                let best = routes
                    .hosts
                    .iter()
                    .filter(|pattern| host_matches(pattern, host))
                    .map(|pattern| exactness(pattern))
                    .max()?;
                Some((best, routes))
            })
            .collect();
        candidates.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.object.cmp(&b.1.object)));
        for (_, routes) in candidates {
            if let Some(routed) = routes.route(request) {
                return Some(routed);
            }
        }
        Some(Routed::refused(
            &first.object,
            "",
            "no route matches the request",
        ))
    }
}

/// An exact host before a pattern, a long pattern before a short one.
fn exactness(pattern: &str) -> usize {
    if pattern.starts_with('*') {
        pattern.len()
    } else {
        usize::MAX
    }
}

impl Routes {
    fn uses(&self, gateway: &Name) -> bool {
        self.gateways.iter().any(|name| match name.split_once('/') {
            Some((namespace, name)) => namespace == gateway.namespace && name == gateway.name,
            None => self.namespace == gateway.namespace && *name == gateway.name,
        })
    }

    fn route(&self, request: &Request) -> Option<Routed> {
        let fits = |route: &&(usize, &HttpRoute)| {
            route.1.r#match.is_empty()
                || route
                    .1
                    .r#match
                    .iter()
                    .any(|wanted| matches(wanted, request))
        };
        let numbered: Vec<_> = self.http.iter().enumerate().collect();
        let (index, route) = numbered.iter().find(fits)?;
        let path = format!("spec.http[{index}]");
        if route.redirect.is_some() || route.direct_response.is_some() {
            return Some(Routed::Answered {
                object: self.object.clone(),
                path,
            });
        }
        let backends = route.route.iter().map(|destination| Backend {
            service: service_of_host(&destination.destination.host, &self.namespace),
            host: destination.destination.host.clone(),
            port: destination
                .destination
                .port
                .as_ref()
                .and_then(|port| port.number)
                .and_then(|port| u16::try_from(port).ok()),
            weight: u32::try_from(
                destination
                    .weight
                    .unwrap_or(i32::from(route.route.len() == 1)),
            )
            .unwrap_or(0),
            object: self.object.clone(),
            path: path.clone(),
            problem: None,
        });
        Some(Routed::To {
            backends: backends.collect(),
            forwarded: None,
        })
    }
}

fn matches(wanted: &HttpMatchRequest, request: &Request) -> bool {
    let ignore_case = wanted.ignore_uri_case.unwrap_or(false);
    let text = |pattern: &Option<StringMatch>, value: &str| {
        pattern
            .as_ref()
            .is_none_or(|pattern| string_matches(pattern, value, false))
    };
    let uri = wanted
        .uri
        .as_ref()
        .is_none_or(|pattern| string_matches(pattern, request.path_only(), ignore_case));
    let query: BTreeMap<&str, &str> = request
        .target()
        .split_once('?')
        .map(|(_, query)| query)
        .into_iter()
        .flat_map(|query| query.split('&'))
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    uri && text(&wanted.method, request.method())
        && text(
            &wanted.authority,
            request.host.as_deref().unwrap_or_default(),
        )
        && wanted.headers.iter().all(|(name, pattern)| {
            request
                .header(name)
                .is_some_and(|value| string_matches(pattern, value, false))
        })
        && !wanted.without_headers.iter().any(|(name, pattern)| {
            request
                .header(name)
                .is_some_and(|value| string_matches(pattern, value, false))
        })
        && wanted.query_params.iter().all(|(name, pattern)| {
            query
                .get(name.as_str())
                .is_some_and(|value| string_matches(pattern, value, false))
        })
        && wanted.source_labels.is_empty()
}

fn string_matches(pattern: &StringMatch, value: &str, ignore_case: bool) -> bool {
    let fold = |text: &str| {
        if ignore_case {
            text.to_ascii_lowercase()
        } else {
            text.to_owned()
        }
    };
    match pattern {
        StringMatch::Any => true,
        StringMatch::Exact(text) => fold(text) == fold(value),
        StringMatch::Prefix(text) => fold(value).starts_with(&fold(text)),
        StringMatch::Regex(text) => {
            Regex::new(&format!("^(?:{text})$")).is_ok_and(|regex| regex.is_match(value))
        }
    }
}
