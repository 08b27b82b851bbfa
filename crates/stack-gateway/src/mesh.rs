//! Calls inside a mesh: routes whose parent is a Service (GAMMA).

use std::collections::BTreeMap;

use crate::answer::{Answer, Forwarded};
use crate::filter::Filters;
use crate::hostname;
use crate::matching::{self, Candidate};
use crate::request::{Question, Request};
use crate::route::RouteKind;
use crate::routing::{Routing, not_found};

impl Routing<'_> {
    /// What becomes of a call from a workload (`namespace/name`) to a Service of the cluster.
    pub(crate) fn mesh_answer(&self, client: &str, question: &Question) -> Answer {
        let request = &question.request;
        let home = client
            .split_once('/')
            .map_or("default", |(namespace, _)| namespace);
        let full = request.host.as_deref().unwrap_or_default();
        // An address of a pod, which the asker writes so, is called as it is.
        if let Some(pod) = full
            .strip_prefix("<pod-ip:")
            .and_then(|rest| rest.split('>').next())
        {
            let (namespace, name) = pod.split_once('/').unwrap_or((home, pod));
            return direct(namespace, name, request);
        }
        let host = hostname::without_port(full);
        let mut labels = host.split('.');
        let name = labels.next().unwrap_or_default();
        let namespace = labels.next().unwrap_or(home);
        let secure = matches!(request.scheme(), "https" | "tls");
        let port = hostname::port_of(full)
            .or(question.port)
            .unwrap_or(if secure { 443 } else { 80 });
        let Some(service) = self.model.service(namespace, name) else {
            return Answer {
                unknown: Some(format!("Service {namespace}/{name} is not in the input")),
                ..Answer::default()
            };
        };
        let port_name = service.port(port).and_then(|port| port.name);

        let applying: Vec<usize> = self
            .by_service
            .get(&(namespace, name))
            .into_iter()
            .flatten()
            .filter(|(route, number)| {
                let parent = &self.routes[*route].parents[*number];
                let home_of_route = self.routes[*route].namespace();
                parent.port.is_none_or(|wanted| wanted == port)
                    && parent
                        .section
                        .is_none_or(|wanted| Some(wanted) == port_name)
                    && (home_of_route == namespace || home_of_route == home)
            })
            .map(|(route, _)| *route)
            .collect();
        // Who calls has the first word about its calls.
        let consumers =
            |route: &usize| self.routes[*route].namespace() == home && home != namespace;
        let of_consumers: Vec<usize> = applying.iter().copied().filter(consumers).collect();
        let routes = if of_consumers.is_empty() {
            applying
        } else {
            of_consumers
        };

        let of_kind = |kinds: &[RouteKind]| -> Vec<usize> {
            routes
                .iter()
                .copied()
                .filter(|route| kinds.contains(&self.routes[*route].kind))
                .collect()
        };
        let http = of_kind(&[RouteKind::Http, RouteKind::Grpc]);
        if !http.is_empty() && !secure && request.scheme() != "tcp" {
            let candidates: Vec<Candidate<'_, '_>> = http
                .iter()
                .map(|position| Candidate {
                    position: *position,
                    route: &self.routes[*position],
                    host: (0, 0),
                })
                .collect();
            return match matching::best(&candidates, request, &self.patterns) {
                Some(found) => self.apply(found, port, request),
                None => not_found(request),
            };
        }
        let whole = of_kind(if secure {
            &[RouteKind::Tls, RouteKind::Tcp]
        } else {
            &[RouteKind::Tcp]
        });
        if let Some(position) = whole.first() {
            return self.connection(*position);
        }
        let workloads: Vec<_> = service.workloads().collect();
        match workloads.as_slice() {
            [only] => direct(namespace, only.name(), request),
            [] => direct(namespace, name, request),
            several => {
                let total: f64 = several
                    .iter()
                    .map(|workload| f64::from(workload.replicas().min))
                    .sum();
                let share = |count: u32| {
                    if total > 0.0 {
                        f64::from(count) / total
                    } else {
                        0.0
                    }
                };
                Answer {
                    backend: None,
                    weights: several
                        .iter()
                        .map(|workload| {
                            (workload.name().to_owned(), share(workload.replicas().min))
                        })
                        .collect(),
                    ..direct(namespace, name, request)
                }
            }
        }
    }
}

/// A call that no route touches.
fn direct(namespace: &str, name: &str, request: &Request) -> Answer {
    let http = matches!(request.scheme(), "http" | "https");
    let forwarded: Option<Forwarded> = http.then(|| Filters::default().forwarded(request, None));
    Answer {
        status: http.then_some(200),
        backend: Some(name.to_owned()),
        namespace: Some(namespace.to_owned()),
        weights: BTreeMap::from([(name.to_owned(), 1.0)]),
        grpc_code: request.is_grpc().then_some("OK"),
        forwarded,
        ..Answer::default()
    }
}
