//! All gateways and routes of a model, worked out once.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use stack_model::{Entry, Model};

use crate::answer::{Answer, Mirror};
use crate::attachment::{Parent, Parents};
use crate::backend::{self, Backend, BackendProblem};
use crate::fields::{list, text};
use crate::filter::{self, Filters};
use crate::gateway::{Gateway, Gateways, ListenerSet, client_validation, precedence_of};
use crate::grant::Grants;
use crate::hostname;
use crate::listener::{Listener, ListenerProtocol};
use crate::matching::{self, Candidate, Found, Patterns};
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
                None => failure(format!("no listener at port {port} for the name `{sni}`")),
                Some(listener)
                    if self.gateways.listeners[listener].protocol == ListenerProtocol::Https =>
                {
                    if request.client_certificate.is_none()
                        && demands_certificate(gateway.entry, port)
                    {
                        return failure("the client has to show a certificate");
                    }
                    // A connection for one listener is not good for the hosts of another.
                    let own = of(|protocol| protocol == ListenerProtocol::Https, &host);
                    if own.is_some_and(|own| own != listener) {
                        return Answer {
                            status: Some(421),
                            ..Answer::default()
                        };
                    }
                    self.http_answer(listener, &host, port, request)
                }
                Some(listener) => self.tls_answer(listener, &sni, request),
            },
            "tcp" | "udp" => {
                let udp = request.scheme() == "udp";
                let wanted = if udp {
                    |protocol| protocol == ListenerProtocol::Udp
                } else {
                    |protocol| protocol == ListenerProtocol::Tcp
                };
                let kind = if udp { RouteKind::Udp } else { RouteKind::Tcp };
                match of(wanted, "") {
                    None => failure(format!("no listener at port {port}")),
                    Some(listener) => self.plain_answer(listener, kind, request),
                }
            }
            _ => match of(|protocol| protocol == ListenerProtocol::Http, &host) {
                Some(listener) => self.http_answer(listener, &host, port, request),
                None if self.speaks_http(gateway, port) => not_found(request),
                None => failure(format!("no HTTP listener at port {port}")),
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

    fn listeners_at(&self, gateway: &Gateway<'m>, port: u16) -> impl Iterator<Item = usize> {
        let sets = gateway
            .sets
            .iter()
            .map(|set| &self.gateways.sets[*set])
            .filter(|set| set.is_accepted());
        let ranges =
            std::iter::once(gateway.listeners.clone()).chain(sets.map(|set| set.listeners.clone()));
        ranges.flatten().filter(move |position| {
            let listener = &self.gateways.listeners[*position];
            listener.port == port && listener.is_usable()
        })
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

    /// What the rule that takes an HTTP request makes of it.
    pub(crate) fn apply(&self, found: Found<'m>, port: u16, request: &Request) -> Answer {
        let route = &self.routes[found.route];
        let rule = &route.rules()[found.rule];
        let mut filters = Filters::default();
        filters.add(rule);
        let mut answer = Answer {
            rule: Some(format!("{}, rule {}", route.entry, found.rule)),
            ..Answer::default()
        };
        if filters.is_preflight(request) {
            return Answer {
                status: Some(204),
                response: filters.response(request),
                answered_by: Some("gateway"),
                ..answer
            };
        }
        if let Some(redirect) = filters.redirect {
            let (status, redirect) = filter::redirect(redirect, request, found.prefix, port);
            return Answer {
                status: Some(status),
                redirect: Some(redirect),
                response: filters.response(request),
                ..answer
            };
        }
        let (backends, lost) = self.backends(route, rule);
        let share = self.share(&backends, lost, &mut answer);
        if let [only] = backends.as_slice() {
            filters.add(only.value);
        }
        answer.mirrored_to = filters
            .mirrors
            .iter()
            .filter_map(|mirror| self.mirror(route, mirror))
            .collect();
        if share == 0.0 {
            answer.status = Some(500);
        } else {
            let mut forwarded = filters.forwarded(request, found.prefix);
            let policy = backends
                .first()
                .and_then(|backend| self.policies.of_backend(self.model, backend));
            forwarded.sni = policy
                .and_then(|policy| policy.hostname())
                .map(str::to_owned);
            answer.status = Some(200);
            answer.forwarded = Some(forwarded);
            answer.response = filters.response(request);
            answer.grpc_code = request.is_grpc().then_some("OK");
        }
        answer
    }

    /// The backends of a rule that can be reached, and the weight of those that cannot.
    fn backends(&self, route: &Route<'m>, rule: &'m Value) -> (Vec<Backend<'m>>, u64) {
        let mut found = Vec::new();
        let mut lost = 0;
        for reference in list(rule, "backendRefs") {
            let weight = reference.get("weight").and_then(Value::as_u64).unwrap_or(1);
            match self.backend(route, reference) {
                Ok(backend) => {
                    let policy = self.policies.of_backend(self.model, &backend);
                    let untrusted = policy.is_some_and(|policy| policy.is_broken());
                    if untrusted || backend.port_problem(self.model, route.kind).is_some() {
                        lost += weight;
                    } else {
                        found.push(backend);
                    }
                }
                Err(_) => lost += weight,
            }
        }
        (found, lost)
    }

    /// Notes who answers and how often; gives the share of the traffic that is answered at all.
    fn share(&self, backends: &[Backend<'m>], lost: u64, answer: &mut Answer) -> f64 {
        let total = (backends.iter().map(|backend| backend.weight).sum::<u64>() + lost) as f64;
        let mut weights: BTreeMap<(String, String), f64> = BTreeMap::new();
        for backend in backends {
            let share = if total > 0.0 {
                backend.weight as f64 / total
            } else {
                0.0
            };
            for (name, part) in self.who_answers(backend) {
                *weights
                    .entry((name, backend.namespace.to_owned()))
                    .or_default() += share * part;
            }
        }
        let answering: Vec<&(String, String)> = weights
            .iter()
            .filter(|(_, share)| **share > 0.0)
            .map(|(who, _)| who)
            .collect();
        if let [(only, namespace)] = answering.as_slice() {
            answer.backend = Some(only.clone());
            answer.namespace = Some(namespace.clone());
        } else if let Some((_, namespace)) = answering.first()
            && answering.iter().all(|(_, other)| other == namespace)
        {
            answer.namespace = Some(namespace.clone());
        }
        let share = weights.values().sum();
        answer.weights = weights
            .into_iter()
            .map(|((name, _), share)| (name, share))
            .collect();
        share
    }

    /// The workloads behind a backend with their share of its pods; the backend's own name where they are unknown.
    fn who_answers(&self, backend: &Backend<'m>) -> Vec<(String, f64)> {
        let own = || vec![(backend.name.to_owned(), 1.0)];
        let Some(service) = self
            .model
            .service(backend.namespace, backend.name)
            .filter(|_| backend.entry.is_some_and(|entry| entry.kind() == "Service"))
        else {
            return own();
        };
        let mut pods: Vec<(String, f64)> = service
            .workloads()
            .map(|workload| {
                (
                    workload.name().to_owned(),
                    f64::from(workload.replicas().min),
                )
            })
            .collect();
        if service.selector().is_none() {
            let stated = service.endpoints();
            let ready = stated.iter().filter(|endpoint| endpoint.ready);
            pods = ready
                .filter_map(|endpoint| endpoint.workload)
                .map(|workload| (workload.name().to_owned(), 1.0))
                .collect();
        }
        let total: f64 = pods.iter().map(|(_, count)| count).sum();
        if total == 0.0 {
            return own();
        }
        pods.into_iter()
            .map(|(name, count)| (name, count / total))
            .collect()
    }

    fn mirror(&self, route: &Route<'m>, filter: &'m Value) -> Option<Mirror> {
        let backend = self.backend(route, filter.get("backendRef")?).ok()?;
        let number = |value: Option<&Value>| value.and_then(Value::as_f64);
        let fraction = filter.get("fraction").and_then(|fraction| {
            let whole = number(fraction.get("denominator")).unwrap_or(100.0);
            Some(number(fraction.get("numerator"))? * 100.0 / whole)
        });
        let who = self.who_answers(&backend);
        Some(Mirror {
            name: match who.as_slice() {
                [(only, _)] => only.clone(),
                _ => backend.name.to_owned(),
            },
            namespace: backend.namespace.to_owned(),
            percent: number(filter.get("percent")).or(fraction),
        })
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
            Some((_, position)) => self.connection(position, request),
            None if passed_on => return failure(format!("no TLSRoute for the name `{sni}`")),
            None => self.plain_answer(listener, RouteKind::Tcp, request),
        };
        if answer.failure.is_none() {
            answer.status = (request.scheme() == "https").then_some(200);
            answer.backend_sees_tls = Some(passed_on);
            answer.backend_sees_sni = passed_on.then(|| sni.to_owned());
        }
        answer
    }

    fn plain_answer(&self, listener: usize, kind: RouteKind, request: &Request) -> Answer {
        let mut attached = self
            .attached(listener)
            .iter()
            .map(|(position, _)| *position);
        match attached.find(|position| self.routes[*position].kind == kind) {
            Some(position) => self.connection(position, request),
            None => failure("no route takes the connection"),
        }
    }

    /// What becomes of a connection that a route takes as a whole.
    pub(crate) fn connection(&self, position: usize, _request: &Request) -> Answer {
        let route = &self.routes[position];
        let Some(rule) = route.rules().first() else {
            return failure(format!("{} has no rule", route.entry));
        };
        let mut answer = Answer {
            rule: Some(format!("{}, rule 0", route.entry)),
            ..Answer::default()
        };
        let (backends, lost) = self.backends(route, rule);
        if self.share(&backends, lost, &mut answer) == 0.0 {
            answer.failure = Some("no backend can be reached".to_owned());
        }
        answer
    }
}

/// Whether clients that show no certificate are turned away.
fn demands_certificate(gateway: &Entry, port: u16) -> bool {
    let validation = client_validation(gateway, port);
    validation.is_some_and(|validation| text(validation, "mode") != Some("AllowInsecureFallback"))
}

fn failure(reason: impl Into<String>) -> Answer {
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
