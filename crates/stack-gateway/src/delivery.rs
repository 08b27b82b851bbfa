//! Where the traffic of a rule goes: backends, their shares, and who answers behind them.

use std::collections::BTreeMap;

use stack_model::Value;

use crate::answer::{Answer, Mirror};
use crate::backend::Backend;
use crate::fields::list;
use crate::filter::{self, Filters};
use crate::matching::Found;
use crate::request::Request;
use crate::route::Route;
use crate::routing::{Routing, failure};

impl<'m> Routing<'m> {
    /// What the rule that takes an HTTP request makes of it.
    pub(crate) fn apply(&self, found: Found<'m>, port: u16, request: &Request) -> Answer {
        let route = &self.routes[found.route];
        let rule = &route.rules()[found.rule];
        let mut filters = Filters::default();
        filters.add(rule);
        let mut answer = Answer {
            rule: Some(format!("{}, rule {}", route.entry, found.rule)),
            decided_by: Some((found.route, found.rule)),
            ..Answer::default()
        };
        if filters.is_preflight(request) {
            return Answer {
                // What Envoy says; the specification leaves 204 open, too.
                status: Some(200),
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

    /// What becomes of a connection that a route takes as a whole.
    pub(crate) fn connection(&self, position: usize) -> Answer {
        let route = &self.routes[position];
        let Some(rule) = route.rules().first() else {
            return failure(format!("{} has no rule", route.entry));
        };
        let mut answer = Answer {
            rule: Some(format!("{}, rule 0", route.entry)),
            decided_by: Some((position, 0)),
            ..Answer::default()
        };
        let (backends, lost) = self.backends(route, rule);
        if self.share(&backends, lost, &mut answer) == 0.0 {
            answer.failure = Some("no backend can be reached".to_owned());
        }
        answer
    }
}
