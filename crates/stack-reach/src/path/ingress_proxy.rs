//! Cilium's own proxy of Ingress objects.

use super::asked::{Asked, End};
use super::hop::{Wire, arrive, subject};
use super::places::peer;
use crate::Protocol;
use crate::answer::{Layer, Step, Trace, Verdict};
use crate::policy::{Direction, KnownName, Subject, Traffic};
use crate::route::{Backend, Routed};
use crate::world::Service;

/// Follows a request through the proxy behind `service`; `None` where none is behind it.
///
/// Policies are asked at two points: those of the source about the proxy and about the backend, and those of the backend about
/// the proxy.
pub(super) fn to_service(
    asked: &Asked<'_>,
    from: End,
    service: &Service,
    trace: &Trace,
) -> Option<Trace> {
    let reach = asked.reach;
    let port = match asked.flow.port {
        Some(crate::flow::PortRef::Number(port)) => port,
        _ => 80,
    };
    let routed = reach.routes.cilium(service, &[port], asked.request)?;
    let mut trace = trace.clone();
    let (backends, forwarded) = match routed {
        Routed::To {
            backends,
            forwarded,
        } => (backends, forwarded),
        Routed::Refused {
            object,
            path,
            reason,
        } => {
            trace.push(Step::new(Layer::Route, Verdict::Refused, reason).by(object, path));
            return Some(trace);
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
            return Some(trace);
        }
        Routed::Depends(condition) => {
            trace.depend(Layer::Route, condition);
            return Some(trace);
        }
    };
    if let Some(Subject::Pod(pod)) = subject(asked, from) {
        let context = reach.context(KnownName::None);
        let traffic = Traffic::new(Protocol::Tcp, port);
        let proxy = peer(reach, End::IngressProxy, from);
        if let Some(step) = reach.policies.denial(
            Direction::Egress,
            Subject::Pod(pod),
            proxy,
            &traffic,
            &context,
        ) {
            trace.push(step);
            return Some(trace);
        }
    }
    let asked = &Asked {
        request: forwarded.as_ref().or(asked.request),
        ..*asked
    };
    let ways = backends.iter().map(|backend| {
        (
            backend.host.clone(),
            to_backend(asked, from, backend, trace.clone()),
        )
    });
    Some(super::asked::join(ways.collect()))
}

fn to_backend(asked: &Asked<'_>, from: End, backend: &Backend, mut trace: Trace) -> Trace {
    let reach = asked.reach;
    let reason = format!("the Ingress sends the request to {}", backend.host);
    trace
        .push(Step::new(Layer::Route, Verdict::Allowed, reason).by(&backend.object, &backend.path));
    if let Some(problem) = &backend.problem {
        trace.push(
            Step::new(Layer::Route, Verdict::Refused, problem.as_str())
                .by(&backend.object, &backend.path),
        );
        return trace;
    }
    let service = backend
        .service
        .as_ref()
        .and_then(|name| reach.world.service_named(name))
        .and_then(|index| reach.world.services.get(index));
    let Some(service) = service else {
        trace.refuse(
            Layer::Route,
            format!("there is no Service {}", backend.host),
        );
        return trace;
    };
    let Some(port) = service
        .ports
        .iter()
        .find(|port| backend.port.is_none_or(|number| port.port == number))
    else {
        trace.refuse(
            Layer::Route,
            format!("the Service {} has no such port", service.name),
        );
        return trace;
    };
    let wanted = service.pods.iter().filter(|pod| {
        asked.flow.backend.as_ref().is_none_or(|name| {
            reach
                .world
                .pods
                .get(**pod)
                .is_some_and(|pod| pod.name == *name)
        })
    });
    let ways = wanted.filter_map(|&index| {
        let pod = reach.world.pods.get(index)?;
        let mut way = trace.clone();
        let traffic = Traffic::new(Protocol::Tcp, port.target_on(Some(pod))?);
        if let Some(Subject::Pod(source)) = subject(asked, from) {
            let context = reach.context(KnownName::None);
            let mut step = reach
                .policies
                .judge(
                    Direction::Egress,
                    Subject::Pod(source),
                    crate::policy::Peer::Pod(index),
                    &traffic,
                    &context,
                )
                .step;
            // The proxy applies them, not the source's node.
            step.layer = Layer::L7Proxy;
            way.push(step);
        }
        if !way.is_refused() {
            arrive(
                asked,
                End::IngressProxy,
                End::Pod(index),
                Wire {
                    traffic,
                    encrypted: false,
                },
                &mut way,
            );
        }
        Some((pod.object(), way))
    });
    let ways: Vec<_> = ways.collect();
    if ways.is_empty() {
        trace.depend(
            Layer::Service,
            format!(
                "what the Service {} selects: no pod of the input",
                service.name
            ),
        );
        return trace;
    }
    super::asked::join(ways)
}
