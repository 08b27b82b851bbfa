//! Gateways: in through their policies, on by their routes.

use super::asked::{Asked, End, is_wanted, join};
use super::deliver::{to_end, to_service};
use super::places::pod_end;
use super::{mesh, outbound};
use crate::answer::{Layer, Step, Trace, Verdict};
use crate::flow::{Flow, PortRef, Request};
use crate::policy::KnownName;
use crate::route::{Backend, Routed};
use crate::world::Service;

/// Whether a pod is a proxy that routes what comes in through a Service.
pub(super) fn is_edge(asked: &Asked<'_>, pod: usize, service: &Service) -> bool {
    let reach = asked.reach;
    let Some(found) = reach.world.pods.get(pod) else {
        return false;
    };
    reach.mesh.gateways.select(found) || reach.routes.serves(service, &reach.world)
}

/// Through a gateway's pod: its policies, its routes, and on to the backend. `None` where the pod is no gateway.
pub(super) fn edge(
    asked: &Asked<'_>,
    from: End,
    gateway: usize,
    ports: &[u16],
    name: &KnownName<'_>,
    trace: &mut Trace,
) -> Option<Trace> {
    let reach = asked.reach;
    let pod = reach.world.pods.get(gateway)?;
    let routed = reach
        .mesh
        .gateways
        .route(
            pod,
            ports,
            asked.request,
            &reach.mesh.virtual_services,
            &reach.world,
        )
        .or_else(|| reach.routes.route(&reach.world, pod, ports, asked.request))?;
    let foreign = asked.request.and_then(|request| {
        let nobody = crate::flow::Name::new("", "");
        reach.routes.foreign_ingress(request, &nobody)
    });
    let routed = match (routed, foreign) {
        (Routed::Refused { .. }, Some(ingress)) => Routed::Depends(format!(
            "the gateway is also the controller of {}, for which {} sends the request to {}",
            ingress.class, ingress.object, ingress.backend
        )),
        (routed, _) => routed,
    };
    let mut trace = trace.clone();
    let target = ports.last().copied().unwrap_or_default();
    // The gateway's own pod is not the backend that the question is about.
    mesh::to_pod(asked, from, gateway, target, None, name, &mut trace);
    if trace.is_refused() {
        return Some(trace);
    }
    Some(follow(asked, pod_end(reach, gateway), routed, trace))
}

/// From a proxy on, as a route has it.
pub(super) fn follow(asked: &Asked<'_>, from: End, routed: Routed, mut trace: Trace) -> Trace {
    match routed {
        Routed::Refused {
            object,
            path,
            reason,
        } => {
            trace.push(Step::new(Layer::Route, Verdict::Refused, reason).by(object, path));
            trace
        }
        Routed::Answered { object, path } => {
            trace.push(
                Step::new(
                    Layer::Route,
                    Verdict::Allowed,
                    "the proxy answers by itself",
                )
                .by(object, path),
            );
            trace
        }
        Routed::Depends(condition) => {
            trace.depend(Layer::Route, condition);
            trace
        }
        Routed::To {
            backends,
            forwarded,
        } => {
            let asked = Asked {
                request: forwarded.as_ref().or(asked.request),
                ..*asked
            };
            to_backends(&asked, from, &backends, &trace)
        }
    }
}

/// From a gateway to the backends of a route: each that has a share, or the one that the question is about.
pub(super) fn to_backends(
    asked: &Asked<'_>,
    gateway: End,
    backends: &[Backend],
    trace: &Trace,
) -> Trace {
    let reach = asked.reach;
    let mut ways = Vec::new();
    for backend in backends.iter().filter(|backend| backend.weight > 0) {
        let mut way = trace.clone();
        let reason = format!("the route sends the request to {}", backend.host);
        way.push(
            Step::new(Layer::Route, Verdict::Allowed, reason).by(&backend.object, &backend.path),
        );
        if let Some(problem) = &backend.problem {
            way.push(
                Step::new(Layer::Route, Verdict::Refused, problem.as_str())
                    .by(&backend.object, &backend.path),
            );
            ways.push((backend.host.clone(), way));
            continue;
        }
        let flow = ported(asked.flow, backend.port.unwrap_or(backend.called_port));
        let in_tls = backend.tls.as_ref().map(|name| Request {
            sni: Some(name.clone()),
            ..asked.request.cloned().unwrap_or_default()
        });
        if let Some(name) = &backend.tls {
            way.push(
                Step::new(
                    Layer::Route,
                    Verdict::Allowed,
                    format!("the gateway speaks TLS to the backend, as {name}: nobody on the way reads the request"),
                )
                .by(&backend.object, &backend.path),
            );
        }
        let asked = &Asked {
            flow: &flow,
            subset: backend.subset.as_deref(),
            request: in_tls.as_ref().or(asked.request),
            own_tls: in_tls.is_some(),
            ..*asked
        };
        let Some(service) = &backend.service else {
            let known = KnownName::NotLearned(&backend.host);
            let on = outbound::to_outside(asked, gateway, None, &known, &way);
            let end = End::Outside(None);
            let way = on.unwrap_or_else(|| to_end(asked, gateway, end, &KnownName::None, way));
            ways.push((backend.host.clone(), way));
            continue;
        };
        let Some(index) = reach.world.service_named(service) else {
            way.refuse(Layer::Route, format!("there is no Service {service}"));
            ways.push((backend.host.clone(), way));
            continue;
        };
        let leads_there = reach
            .world
            .services
            .get(index)
            .is_some_and(|service| service.pods.iter().any(|pod| is_wanted(asked, *pod)));
        if backends.len() > 1 && asked.flow.backend.is_some() && !leads_there {
            continue;
        }
        let has_port = |port: &u16| {
            let service = reach.world.services.get(index);
            service.is_some_and(|service| service.ports.iter().any(|found| found.port == *port))
        };
        let called = Some(backend.called_port).filter(has_port);
        let port = backend.port.or(called).map(PortRef::Number);
        ways.push((
            backend.host.clone(),
            to_service(asked, gateway, index, port.as_ref(), &KnownName::None, way),
        ));
    }
    if ways.is_empty() {
        let mut trace = trace.clone();
        trace.refuse(Layer::Route, "the route leads to no backend");
        return trace;
    }
    join(ways)
}

/// The same question about another port; 0 for that of the question.
fn ported(flow: &Flow, port: u16) -> Flow {
    let mut flow = flow.clone();
    if port != 0 {
        flow.port = Some(PortRef::Number(port));
    }
    flow
}
