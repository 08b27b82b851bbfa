//! VirtualServices: where requests and connections for a host go, at gateways and inside the mesh.

use std::collections::BTreeMap;

use istio_types::networking::v1::{
    Destination, HttpMatchRequest, HttpRewrite, HttpRoute, StringMatch, TcpRoute, TlsRoute,
    VirtualService,
};
use regex::Regex;
use stack_model::Model;

use super::attachment::selected;
use super::hosts::{exported, full_host, host_matches, resolve, specificity};
use crate::Unread;
use crate::address::Block;
use crate::flow::{Name, Request};
use crate::route::{Backend, Routed};
use crate::world::{Pod, World};

/// All VirtualServices, the older first.
#[derive(Clone, Debug, Default)]
pub(crate) struct VirtualServices {
    all: Vec<Routes>,
}

#[derive(Clone, Debug)]
struct Routes {
    object: String,
    name: Name,
    /// Empty for what other VirtualServices delegate to.
    hosts: Vec<String>,
    gateways: Vec<String>,
    export_to: Vec<String>,
    http: Vec<HttpRoute>,
    tls: Vec<TlsRoute>,
    tcp: Vec<TcpRoute>,
}

/// The proxy that looks for a route.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asker<'a> {
    /// Its pod.
    pub(crate) pod: &'a Pod,
    /// The Gateways that it serves; `None` for a proxy inside the mesh.
    pub(crate) gateways: Option<&'a [&'a Name]>,
    /// The port by which the host was called: the Service's, or the gateway's.
    pub(crate) port: u16,
    pub(crate) world: &'a World,
}

impl VirtualServices {
    pub(crate) fn read(model: &Model, unread: &mut Vec<Unread>) -> Self {
        let mut all: Vec<_> = super::reading::read_all::<VirtualService>(
            model,
            "networking.istio.io",
            "VirtualService",
            unread,
        )
        .map(|(object, routes)| {
            let spec = routes.spec.unwrap_or_default();
            let name = Name::new(object.namespace().unwrap_or("default"), object.name());
            let created = object
                .text_at("metadata.creationTimestamp")
                .unwrap_or_default();
            let routes = Routes {
                object: format!("VirtualService {name}"),
                name,
                hosts: spec.hosts,
                gateways: spec.gateways,
                export_to: spec.export_to,
                http: spec.http,
                tls: spec.tls,
                tcp: spec.tcp,
            };
            (created.to_owned(), routes)
        })
        .collect();
        all.sort_by(|(a, x), (b, y)| (a, &x.name).cmp(&(b, &y.name)));
        Self {
            all: all.into_iter().map(|(_, routes)| routes).collect(),
        }
    }

    /// Where a gateway sends a request, or a bare connection; `None` where no route is for it.
    pub(crate) fn at_gateway(
        &self,
        host: &str,
        asker: Asker<'_>,
        request: Option<&Request>,
    ) -> Option<Routed> {
        let mut candidates: Vec<_> = self
            .all
            .iter()
            .filter(|routes| routes.is_bound(asker))
            .filter_map(|routes| Some((routes.fit(host)?, routes)))
            .collect();
        // The order among equals is that of age.
        candidates.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
        candidates
            .into_iter()
            .find_map(|(_, routes)| self.routed(routes, asker, request))
    }

    /// Where a proxy inside the mesh sends what is meant for a host. `None` where no VirtualService is for it; of several the
    /// oldest of those with the most exact host holds.
    pub(crate) fn in_mesh(
        &self,
        host: &str,
        asker: Asker<'_>,
        request: Option<&Request>,
    ) -> Option<Routed> {
        let bound = self
            .all
            .iter()
            .filter(|routes| routes.is_bound(asker) && routes.is_visible(asker.pod));
        let mut best: Option<(usize, &Routes)> = None;
        for routes in bound {
            let fit = routes.fit(host);
            if let Some(fit) = fit
                && best.is_none_or(|(before, _)| fit > before)
            {
                best = Some((fit, routes));
            }
        }
        let (_, routes) = best?;
        if let Some(routed) = self.routed(routes, asker, request) {
            return Some(routed);
        }
        // Connections that no route is for go on; requests do not.
        let http = request.is_some_and(|request| request.sni.is_none()) && !routes.http.is_empty();
        http.then(|| Routed::refused(&routes.object, "spec.http", "no route matches the request"))
    }

    fn routed(
        &self,
        routes: &Routes,
        asker: Asker<'_>,
        request: Option<&Request>,
    ) -> Option<Routed> {
        match request {
            Some(request) if request.sni.is_none() => self.http(routes, asker, request),
            _ => routes.connection(asker, request),
        }
    }

    fn http(&self, routes: &Routes, asker: Asker<'_>, request: &Request) -> Option<Routed> {
        for (index, route) in routes.http.iter().enumerate() {
            let Some(matched) = routes.matching(route, asker, request) else {
                continue;
            };
            let Some(delegate) = &route.delegate else {
                return Some(routes.http_routed(index, route, matched, asker, request));
            };
            let name = Name::new(
                delegate
                    .namespace
                    .as_deref()
                    .filter(|namespace| !namespace.is_empty())
                    .unwrap_or(&routes.name.namespace),
                delegate.name.clone().unwrap_or_default(),
            );
            let Some(inner) = self.all.iter().find(|routes| routes.name == name) else {
                return Some(Routed::Depends(format!(
                    "what the VirtualService {name} says, to which {} delegates",
                    routes.object
                )));
            };
            // What no route of the delegate matches is left to those that follow.
            let found = inner.http.iter().enumerate().find_map(|(index, route)| {
                Some((index, route, inner.matching(route, asker, request)?))
            });
            if let Some((index, route, matched)) = found {
                return Some(inner.http_routed(index, route, matched, asker, request));
            }
        }
        None
    }
}

/// The condition of a route that holds; `None` inside for a route that has no conditions.
type Matched<'r> = Option<&'r HttpMatchRequest>;

impl Routes {
    /// Whether it is for the proxy that asks: bound to one of its gateways, or to the mesh.
    fn is_bound(&self, asker: Asker<'_>) -> bool {
        !self.hosts.is_empty() && self.binds(&self.gateways, asker)
    }

    fn binds(&self, gateways: &[String], asker: Asker<'_>) -> bool {
        let Some(serves) = asker.gateways else {
            return gateways.is_empty() || gateways.iter().any(|name| name == "mesh");
        };
        gateways.iter().any(|name| {
            let (namespace, name) = name.split_once('/').unwrap_or((&self.name.namespace, name));
            serves
                .iter()
                .any(|gateway| gateway.namespace == namespace && gateway.name == name)
        })
    }

    fn is_visible(&self, pod: &Pod) -> bool {
        exported(&self.export_to, &self.name.namespace, &pod.name.namespace)
    }

    /// How exactly its hosts mean a host.
    fn fit(&self, host: &str) -> Option<usize> {
        let hosts = self
            .hosts
            .iter()
            .map(|pattern| full_host(pattern, &self.name.namespace));
        hosts
            .filter(|pattern| host_matches(pattern, host))
            .map(|pattern| specificity(&pattern))
            .max()
    }

    fn matching<'r>(
        &self,
        route: &'r HttpRoute,
        asker: Asker<'_>,
        request: &Request,
    ) -> Option<Matched<'r>> {
        if route.r#match.is_empty() {
            return Some(None);
        }
        let mut conditions = route.r#match.iter();
        conditions
            .find(|wanted| {
                let here = wanted.gateways.is_empty() || self.binds(&wanted.gateways, asker);
                here && from_there(
                    &wanted.source_labels,
                    wanted.source_namespace.as_deref(),
                    asker.pod,
                ) && wanted.port.is_none_or(|port| port == u32::from(asker.port))
                    && matches(wanted, request)
            })
            .map(Some)
    }

    fn http_routed(
        &self,
        index: usize,
        route: &HttpRoute,
        matched: Matched<'_>,
        asker: Asker<'_>,
        request: &Request,
    ) -> Routed {
        let path = format!("spec.http[{index}]");
        if route.redirect.is_some() || route.direct_response.is_some() {
            return Routed::Answered {
                object: self.object.clone(),
                path,
            };
        }
        if route
            .fault
            .as_ref()
            .is_some_and(|fault| fault.abort.is_some())
        {
            return Routed::Depends(
                "the fault injection of the route lets the request pass".to_owned(),
            );
        }
        let destinations = route
            .route
            .iter()
            .map(|found| (&found.destination, found.weight));
        let backends = self.backends(destinations, &path, asker);
        if backends.is_empty() {
            return Routed::refused(&self.object, &path, "the route has no destination");
        }
        Routed::To {
            backends,
            forwarded: route
                .rewrite
                .as_ref()
                .map(|rewrite| rewritten(request, rewrite, matched)),
        }
    }

    /// Where a connection goes of which no request is known: by its TLS name, or as it is.
    fn connection(&self, asker: Asker<'_>, request: Option<&Request>) -> Option<Routed> {
        let sni = request.and_then(|request| request.sni.as_deref());
        let tls = self.tls.iter().enumerate().find(|(_, route)| {
            route.r#match.iter().any(|wanted| {
                sni.is_some_and(|sni| wanted.sni_hosts.iter().any(|host| host_matches(host, sni)))
                    && (wanted.gateways.is_empty() || self.binds(&wanted.gateways, asker))
                    && wanted.port.is_none_or(|port| port == u32::from(asker.port))
                    && from_there(
                        &wanted.source_labels,
                        wanted.source_namespace.as_deref(),
                        asker.pod,
                    )
            })
        });
        if let Some((index, route)) = tls {
            return self.connected(&route.route, &format!("spec.tls[{index}]"), asker);
        }
        let tcp = self.tcp.iter().enumerate().find(|(_, route)| {
            route.r#match.is_empty()
                || route.r#match.iter().any(|wanted| {
                    let from_subnet = |subnet: &String| {
                        let block = subnet.parse::<Block>();
                        block.is_ok_and(|block| {
                            asker.pod.ips.iter().any(|address| block.contains(*address))
                        })
                    };
                    wanted.port.is_none_or(|port| port == u32::from(asker.port))
                        && (wanted.gateways.is_empty() || self.binds(&wanted.gateways, asker))
                        && wanted.source_subnet.as_ref().is_none_or(from_subnet)
                        && from_there(
                            &wanted.source_labels,
                            wanted.source_namespace.as_deref(),
                            asker.pod,
                        )
                })
        });
        let (index, route) = tcp?;
        self.connected(&route.route, &format!("spec.tcp[{index}]"), asker)
    }

    fn connected(
        &self,
        route: &[istio_types::networking::v1::RouteDestination],
        path: &str,
        asker: Asker<'_>,
    ) -> Option<Routed> {
        let destinations = route.iter().map(|found| (&found.destination, found.weight));
        let backends = self.backends(destinations, path, asker);
        (!backends.is_empty()).then_some(Routed::To {
            backends,
            forwarded: None,
        })
    }

    fn backends<'d>(
        &self,
        destinations: impl ExactSizeIterator<Item = (&'d Destination, Option<i32>)>,
        path: &str,
        asker: Asker<'_>,
    ) -> Vec<Backend> {
        let only = destinations.len() == 1;
        destinations
            .enumerate()
            .map(|(position, (destination, weight))| {
                let port = destination.port.as_ref().and_then(|port| port.number);
                // The weight of the only destination does not matter.
                let weight = match only {
                    true => 1,
                    false => weight
                        .and_then(|weight| u32::try_from(weight).ok())
                        .unwrap_or(0),
                };
                Backend {
                    service: resolve(&destination.host, &self.name.namespace, asker.world),
                    host: destination.host.clone(),
                    port: port.and_then(|port| u16::try_from(port).ok()),
                    called_port: asker.port,
                    subset: destination.subset.clone(),
                    weight,
                    object: self.object.clone(),
                    path: format!("{path}.route[{position}]"),
                    problem: None,
                    tls: None,
                }
            })
            .collect()
    }
}

/// Whether a client has the labels and the namespace that are asked for.
fn from_there(labels: &BTreeMap<String, String>, namespace: Option<&str>, pod: &Pod) -> bool {
    selected(labels, &pod.labels)
        && namespace.is_none_or(|namespace| namespace == pod.name.namespace)
}

/// The request as it is sent on.
fn rewritten(request: &Request, rewrite: &HttpRewrite, matched: Matched<'_>) -> Request {
    let mut sent = request.clone();
    if let Some(authority) = &rewrite.authority {
        sent.host = Some(authority.clone());
    }
    let Some(uri) = &rewrite.uri else {
        return sent;
    };
    let target = request.target();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let prefix = match matched.and_then(|matched| matched.uri.as_ref()) {
        Some(StringMatch::Prefix(prefix)) => path.get(..prefix.len()).unwrap_or(path),
        Some(StringMatch::Exact(_) | StringMatch::Regex(_)) => path,
        _ => "/",
    };
    let rest = path.strip_prefix(prefix).unwrap_or_default();
    sent.path = match query {
        Some(query) => format!("{uri}{rest}?{query}"),
        None => format!("{uri}{rest}"),
    };
    sent
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
    let mut query: BTreeMap<&str, &str> = BTreeMap::new();
    if let Some((_, pairs)) = request.target().split_once('?') {
        query.extend(
            pairs
                .split('&')
                .map(|pair| pair.split_once('=').unwrap_or((pair, ""))),
        );
    }
    let scheme = if request.sni.is_some() {
        "https"
    } else {
        "http"
    };
    uri && text(&wanted.method, request.method())
        && text(&wanted.scheme, scheme)
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
