//! All gateways and routes of a model, worked out once.

use std::collections::HashMap;

use stack_model::Value;
use stack_model::{Entry, Model};

use crate::answer::Answer;
use crate::attachment::{Parent, Parents};
use crate::backend::{self, Backend, BackendProblem, BackendTls};
use crate::fields::text;
use crate::gateway::{Gateway, Gateways, ListenerSet, client_validation, precedence_of};
use crate::grant::{Grants, Side};
use crate::hostname;
use crate::listener::{Listener, ListenerProtocol};
use crate::matching::{self, Candidate, Patterns};
use crate::policy::Policies;
use crate::request::{Question, Request, Requests};
use crate::route::{Route, RouteKind};

/// Gateway API as the objects of a model define it. See the [crate documentation](crate).
#[derive(Debug)]
pub struct Routing<'m> {
    pub(crate) model: &'m Model,
    pub(crate) grants: Grants<'m>,
    pub(crate) gateways: Gateways<'m>,
    pub(crate) routes: Vec<Route<'m>>,
    /// Per route, per parent reference.
    pub(crate) parents: Vec<Vec<Parent>>,
    /// Per listener: the routes, in their order of precedence, with the hosts of each.
    pub(crate) attached: Vec<Vec<(usize, Vec<Option<String>>)>>,
    pub(crate) policies: Policies<'m>,
    pub(crate) patterns: Patterns<'m>,
    by_name: HashMap<(&'m str, &'m str), usize>,
    /// By namespace and name of a Service: routes and the parent reference by which they apply.
    pub(crate) by_service: HashMap<(&'m str, &'m str), Vec<(usize, usize)>>,
}

impl<'m> Routing<'m> {
    /// Whether an object may refer to another one: inside a namespace always, else by a ReferenceGrant of the other's namespace.
    pub fn permits(&self, from: &Entry, to: &Entry) -> bool {
        let side = |group, kind, namespace| Side {
            group,
            kind,
            namespace,
        };
        let (Some(own), Some(other)) = (from.namespace(), to.namespace()) else {
            return true;
        };
        let from = side(from.group(), from.kind(), own);
        self.grants
            .allow(from, side(to.group(), to.kind(), other), to.name())
    }

    /// Works out which routes attach where. In proportion to the number of routes and of the listeners that each names.
    pub fn of(model: &'m Model) -> Self {
        let grants = Grants::of(model);
        let gateways = Gateways::of(model, &grants);
        let mut routes = Route::all(model);
        routes.sort_by_cached_key(|route| precedence_of(route.entry));
        let resolver = Parents::of(model, &gateways);
        let parents: Vec<Vec<Parent>> = routes
            .iter()
            .map(|route| {
                route
                    .parents
                    .iter()
                    .map(|parent| resolver.resolve(route, parent))
                    .collect()
            })
            .collect();
        let mut attached: Vec<Vec<(usize, Vec<Option<String>>)>> =
            vec![Vec::new(); gateways.listeners.len()];
        let mut by_service: HashMap<(&str, &str), Vec<(usize, usize)>> = HashMap::new();
        for (position, route) in routes.iter().enumerate() {
            for (number, parent) in parents[position].iter().enumerate() {
                match parent {
                    Parent::Gateway(attachments) => {
                        for attachment in attachments {
                            let on_listener = &mut attached[attachment.listener];
                            match on_listener.last_mut() {
                                Some((last, hosts)) if *last == position => {
                                    hosts.extend(attachment.hosts.clone())
                                }
                                _ => on_listener.push((position, attachment.hosts.clone())),
                            }
                        }
                    }
                    Parent::Service => {
                        let parent = &route.parents[number];
                        by_service
                            .entry((parent.namespace, parent.name))
                            .or_default()
                            .push((position, number));
                    }
                    Parent::Outside | Parent::Refused(_) => {}
                }
            }
        }
        let by_name = gateways
            .gateways
            .iter()
            .enumerate()
            .map(|(position, gateway)| {
                (
                    (
                        gateway.entry.namespace().unwrap_or_default(),
                        gateway.entry.name(),
                    ),
                    position,
                )
            })
            .collect();
        Self {
            model,
            policies: Policies::of(model),
            patterns: Patterns::of(&routes),
            grants,
            gateways,
            routes,
            parents,
            attached,
            by_name,
            by_service,
        }
    }

    /// All Gateways, in the order of the input.
    pub fn gateways(&self) -> &[Gateway<'m>] {
        &self.gateways.gateways
    }

    /// All ListenerSets, in the order of the input.
    pub fn listener_sets(&self) -> &[ListenerSet<'m>] {
        &self.gateways.sets
    }

    /// All listeners, of Gateways and of ListenerSets.
    pub fn listeners(&self) -> &[Listener<'m>] {
        &self.gateways.listeners
    }

    /// All routes, in their order of precedence: the older first, then by namespace and name.
    pub fn routes(&self) -> &[Route<'m>] {
        &self.routes
    }

    /// What becomes of each parent reference of a route, by the route's position in [`routes`](Self::routes).
    pub fn parents(&self, route: usize) -> &[Parent] {
        self.parents.get(route).map_or(&[], Vec::as_slice)
    }

    /// The routes at a listener, by position, with the hosts that both mean (`None`: every host).
    pub fn attached(&self, listener: usize) -> &[(usize, Vec<Option<String>>)] {
        self.attached.get(listener).map_or(&[], Vec::as_slice)
    }

    /// Whether a route has a Service for its parent.
    pub fn has_routes_on(&self, namespace: &str, service: &str) -> bool {
        self.by_service.contains_key(&(namespace, service))
    }

    /// Follows a reference to a backend that stands in a route.
    ///
    /// # Errors
    /// Why it leads nowhere, with a sentence for people.
    pub fn backend(
        &self,
        route: &Route<'m>,
        reference: &'m Value,
    ) -> Result<Backend<'m>, (BackendProblem, String)> {
        backend::resolve(self.model, &self.grants, route, reference)
    }

    /// How gateways speak TLS to a backend; `None` where no BackendTLSPolicy is for it.
    pub fn backend_tls(&self, backend: &Backend<'m>) -> Option<BackendTls<'m>> {
        let policy = self.policies.of_backend(self.model, backend)?;
        Some(BackendTls {
            policy: policy.entry,
            hostname: policy.hostname().unwrap_or_default(),
            is_broken: policy.is_broken(),
        })
    }

    /// The model that this was made from.
    pub const fn model(&self) -> &'m Model {
        self.model
    }

    /// What becomes of each request of a file.
    pub fn answers(&self, requests: &Requests) -> Vec<Answer> {
        let answer = |question: &Question| {
            let mut question = question.clone();
            question.gateway = question.gateway.or_else(|| requests.gateway.clone());
            self.answer(&question)
        };
        requests.requests.iter().map(answer).collect()
    }

    /// What becomes of a request.
    pub fn answer(&self, question: &Question) -> Answer {
        let mut answer = match &question.client {
            Some(client) => self.mesh_answer(client, question),
            None => self.gateway_answer(question),
        };
        answer.id = question.id.clone();
        answer
    }

    fn gateway_answer(&self, question: &Question) -> Answer {
        let request = &question.request;
        let name = question.gateway.as_deref().unwrap_or_default();
        let (namespace, name) = name.split_once('/').unwrap_or(("default", name));
        let Some(position) = self.by_name.get(&(namespace, name)) else {
            return Answer {
                unknown: Some(format!("Gateway {namespace}/{name} is not in the input")),
                ..Answer::default()
            };
        };
        let is_tls = matches!(request.scheme(), "https" | "tls");
        let port = question.port.unwrap_or(if is_tls { 443 } else { 80 });
        let host = request
            .host
            .as_deref()
            .map(hostname::without_port)
            .unwrap_or_default();
        let sni = request
            .sni
            .as_deref()
            .map(hostname::without_port)
            .unwrap_or_else(|| host.clone());
        let gateway = &self.gateways.gateways[*position];
        let of = |wanted: fn(ListenerProtocol) -> bool, host: &str| {
            self.narrowest(gateway, port, wanted, host)
        };

        match request.scheme() {
            "https" | "tls" => match of(ListenerProtocol::is_tls, &sni) {
                None => failure(self.no_listener(
                    gateway,
                    port,
                    ListenerProtocol::is_tls,
                    &format!(" for the name `{sni}`"),
                )),
                Some(listener)
                    if self.gateways.listeners[listener].protocol == ListenerProtocol::Https =>
                {
                    // Who names no host means the one that TLS was begun for.
                    let host = if host.is_empty() { &sni } else { &host };
                    if request.client_certificate.is_none()
                        && demands_certificate(gateway.entry, port)
                    {
                        return failure("the client has to show a certificate");
                    }
                    // A connection for one listener is not good for the hosts of another.
                    let own = of(|protocol| protocol == ListenerProtocol::Https, host);
                    if own.is_some_and(|own| own != listener) {
                        return Answer {
                            status: Some(421),
                            ..Answer::default()
                        };
                    }
                    self.http_answer(listener, host, port, request)
                }
                Some(listener) => self.tls_answer(listener, &sni, request),
            },
            "tcp" | "udp" => {
                let udp = request.scheme() == "udp";
                let wanted: fn(ListenerProtocol) -> bool = if udp {
                    |protocol| protocol == ListenerProtocol::Udp
                } else {
                    |protocol| protocol == ListenerProtocol::Tcp
                };
                let kind = if udp { RouteKind::Udp } else { RouteKind::Tcp };
                match of(wanted, "") {
                    None => failure(self.no_listener(gateway, port, wanted, "")),
                    Some(listener) => self.plain_answer(listener, kind),
                }
            }
            _ => match of(|protocol| protocol == ListenerProtocol::Http, &host) {
                Some(listener) => self.http_answer(listener, &host, port, request),
                None if self.speaks_http(gateway, port) => not_found(request),
                None => {
                    let wanted = |protocol| protocol == ListenerProtocol::Http;
                    failure(self.no_listener(gateway, port, wanted, " that speaks HTTP"))
                }
            },
        }
    }

    /// The usable listener at a port whose host fits best. It alone is asked, though others may fit, too.
    fn narrowest(
        &self,
        gateway: &Gateway<'m>,
        port: u16,
        wanted: fn(ListenerProtocol) -> bool,
        host: &str,
    ) -> Option<usize> {
        self.listeners_at(gateway, port)
            .filter(|position| wanted(self.gateways.listeners[*position].protocol))
            .filter(|position| {
                hostname::covers(self.gateways.listeners[*position].hostname.as_deref(), host)
            })
            .max_by_key(|position| {
                let listener = &self.gateways.listeners[*position];
                (
                    hostname::specificity(listener.hostname.as_deref()),
                    std::cmp::Reverse(*position),
                )
            })
    }

    fn speaks_http(&self, gateway: &Gateway<'m>, port: u16) -> bool {
        self.listeners_at(gateway, port)
            .any(|position| self.gateways.listeners[position].protocol == ListenerProtocol::Http)
    }

    /// Why no listener takes a connection: one that would cannot be used, or there is none.
    fn no_listener(
        &self,
        gateway: &Gateway<'m>,
        port: u16,
        wanted: fn(ListenerProtocol) -> bool,
        what_for: &str,
    ) -> String {
        let unusable = self.all_listeners(gateway).find_map(|position| {
            let listener = &self.gateways.listeners[position];
            let problem = listener.unusable_because()?;
            (listener.port == port && wanted(listener.protocol)).then(|| {
                format!(
                    "the listener {} at port {port} cannot be used: {problem}",
                    listener.name
                )
            })
        });
        unusable.unwrap_or_else(|| format!("no listener at port {port}{what_for}"))
    }

    fn listeners_at(&self, gateway: &Gateway<'m>, port: u16) -> impl Iterator<Item = usize> {
        self.all_listeners(gateway).filter(move |position| {
            let listener = &self.gateways.listeners[*position];
            listener.port == port && listener.is_usable()
        })
    }

    /// The listeners of a gateway and of the sets that join it.
    fn all_listeners(&self, gateway: &Gateway<'m>) -> impl Iterator<Item = usize> {
        let sets = gateway
            .sets
            .iter()
            .map(|set| &self.gateways.sets[*set])
            .filter(|set| set.is_accepted());
        let ranges =
            std::iter::once(gateway.listeners.clone()).chain(sets.map(|set| set.listeners.clone()));
        ranges.flatten()
    }

    fn http_answer(&self, listener: usize, host: &str, port: u16, request: &Request) -> Answer {
        let candidates: Vec<Candidate<'_, 'm>> = self
            .attached(listener)
            .iter()
            .filter_map(|(position, hosts)| {
                let fitting = hosts
                    .iter()
                    .map(Option::as_deref)
                    .filter(|pattern| hostname::covers(*pattern, host));
                let host = fitting.map(hostname::specificity).max()?;
                Some(Candidate {
                    position: *position,
                    route: &self.routes[*position],
                    host,
                })
            })
            .collect();
        match matching::best(&candidates, request, &self.patterns) {
            Some(found) => self.apply(found, port, request),
            None => not_found(request),
        }
    }

    fn tls_answer(&self, listener: usize, sni: &str, request: &Request) -> Answer {
        let protocol = self.gateways.listeners[listener].protocol;
        let passed_on = protocol == ListenerProtocol::TlsPassthrough;
        let named = self
            .attached(listener)
            .iter()
            .filter(|(position, _)| self.routes[*position].kind == RouteKind::Tls)
            .filter_map(|(position, hosts)| {
                let fitting = hosts
                    .iter()
                    .map(Option::as_deref)
                    .filter(|pattern| hostname::covers(*pattern, sni));
                Some((fitting.map(hostname::specificity).max()?, *position))
            });
        // Among equals the first, which is the oldest.
        let best = named.max_by_key(|(host, position)| (*host, std::cmp::Reverse(*position)));
        let mut answer = match best {
            Some((_, position)) => self.connection(position),
            None if passed_on => return failure(format!("no TLSRoute for the name `{sni}`")),
            None => self.plain_answer(listener, RouteKind::Tcp),
        };
        if answer.failure.is_none() {
            answer.status = (request.scheme() == "https").then_some(200);
            answer.backend_sees_tls = Some(passed_on);
            answer.backend_sees_sni = passed_on.then(|| sni.to_owned());
        }
        answer
    }

    fn plain_answer(&self, listener: usize, kind: RouteKind) -> Answer {
        let mut attached = self
            .attached(listener)
            .iter()
            .map(|(position, _)| *position);
        match attached.find(|position| self.routes[*position].kind == kind) {
            Some(position) => self.connection(position),
            None => failure("no route takes the connection"),
        }
    }
}

/// Whether clients that show no certificate are turned away.
fn demands_certificate(gateway: &Entry, port: u16) -> bool {
    let validation = client_validation(gateway, port);
    validation.is_some_and(|validation| text(validation, "mode") != Some("AllowInsecureFallback"))
}

/// The answer where no connection comes about.
pub(crate) fn failure(reason: impl Into<String>) -> Answer {
    Answer {
        failure: Some(reason.into()),
        ..Answer::default()
    }
}

/// The answer to a request that no route takes.
pub(crate) fn not_found(request: &Request) -> Answer {
    Answer {
        status: Some(404),
        grpc_code: request.is_grpc().then_some("Unimplemented"),
        ..Answer::default()
    }
}
