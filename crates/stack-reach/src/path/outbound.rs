//! What the mesh does with a call before it goes anywhere: the proxy of a client, or the waypoint of the Service that is called,
//! chooses where it goes, or does not let it out.

use std::net::IpAddr;

use super::asked::{Asked, End, join};
use super::deliver::{to_end, to_service};
use super::edge::follow;
use super::mesh;
use super::places::address_end;
use crate::answer::{Layer, Step, Trace, Verdict};
use crate::flow::PortRef;
use crate::istio::{Asker, Dataplane, Leads, ServiceEntry, host_of};
use crate::policy::KnownName;
use crate::settings::OutboundTraffic;
use crate::world::{Pod, World};

/// A call to a Service; `None` where nothing but the Service decides where it goes.
pub(super) fn to_called_service(
    asked: &Asked<'_>,
    from: End,
    index: usize,
    name: &KnownName<'_>,
    trace: &Trace,
) -> Option<Trace> {
    let reach = asked.reach;
    let End::Pod(client) = from else { return None };
    let (pod, service) = (
        reach.world.pods.get(client)?,
        reach.world.services.get(index)?,
    );
    let port = number(asked);
    let asker = Asker {
        pod,
        gateways: None,
        port,
        world: &reach.world,
    };
    let host = host_of(&service.name);
    match reach.mesh.dataplanes.get(client) {
        Dataplane::Sidecar => {
            let sidecar = reach.mesh.sidecars.of(pod);
            let hidden =
                sidecar.filter(|sidecar| !sidecar.knows(&host, &service.name.namespace, port));
            if let Some(sidecar) = hidden {
                let mut trace = trace.clone();
                if reach.mesh.sidecars.outbound(Some(sidecar)) == OutboundTraffic::RegistryOnly {
                    let reason = "the client's proxy does not know the host, and lets nothing else out (REGISTRY_ONLY)";
                    trace.push(
                        Step::new(Layer::Sidecar, Verdict::Refused, reason)
                            .by(&sidecar.object, "spec.egress"),
                    );
                    return Some(trace);
                }
                let reason = "the client's proxy does not know the host, so it passes the call on in plain text";
                trace.push(
                    Step::new(Layer::Sidecar, Verdict::Allowed, reason)
                        .by(&sidecar.object, "spec.egress"),
                );
                let asked = Asked {
                    routed: true,
                    passed_on: true,
                    ..*asked
                };
                return Some(to_service(
                    &asked,
                    from,
                    index,
                    asked.flow.port.as_ref(),
                    name,
                    trace,
                ));
            }
            let routed = reach
                .mesh
                .virtual_services
                .in_mesh(&host, asker, asked.request)
                .or_else(|| {
                    let home = &pod.name.namespace;
                    reach.routes.in_mesh(home, service, port, asked.request)
                })?;
            let asked = Asked {
                routed: true,
                ..*asked
            };
            Some(follow(&asked, from, routed, trace.clone()))
        }
        plane => {
            if !mesh::passes_waypoint(plane, asked, Some(index)) {
                return None;
            }
            reach.mesh.waypoints.of_service(service, &reach.world)?;
            // Routes at a waypoint are those of the Service's owner.
            let home = &service.name.namespace;
            let routed = reach
                .routes
                .in_mesh(home, service, port, asked.request)
                .or_else(|| {
                    reach
                        .mesh
                        .virtual_services
                        .in_mesh(&host, asker, asked.request)
                })?;
            let asked = Asked {
                routed: true,
                called: Some(index),
                ..*asked
            };
            Some(follow(&asked, from, unchanged(routed), trace.clone()))
        }
    }
}

/// Policies at the waypoint see the request as it was sent, and nobody behind reads it.
fn unchanged(routed: crate::route::Routed) -> crate::route::Routed {
    match routed {
        crate::route::Routed::To { backends, .. } => crate::route::Routed::To {
            backends,
            forwarded: None,
        },
        other => other,
    }
}

/// A call to what is no Service and no pod; `None` where the mesh has nothing to say about it.
pub(super) fn to_outside(
    asked: &Asked<'_>,
    from: End,
    address: Option<IpAddr>,
    name: &KnownName<'_>,
    trace: &Trace,
) -> Option<Trace> {
    let reach = asked.reach;
    let End::Pod(client) = from else { return None };
    let pod = reach.world.pods.get(client)?;
    let plane = reach.mesh.dataplanes.get(client);
    if !matches!(
        plane,
        Dataplane::Sidecar | Dataplane::Ambient | Dataplane::Gateway
    ) {
        return None;
    }
    let port = number(asked);
    let host = match name {
        KnownName::Learned(name) | KnownName::NotLearned(name) => Some(*name),
        KnownName::None => asked.request.and_then(|request| {
            request.sni.as_deref().or_else(|| {
                let host = request.host.as_deref()?;
                Some(host.rsplit_once(':').map_or(host, |(host, _)| host))
            })
        }),
    };
    let entries = &reach.mesh.service_entries;
    let entry = entries.find(host, address, &pod.name.namespace);
    let known = entry.and_then(|entry| Some((entry, entry.target(port)?)));
    if plane == Dataplane::Sidecar {
        let asker = Asker {
            pod,
            gateways: None,
            port,
            world: &reach.world,
        };
        if !asked.routed
            && let Some(routed) = host.and_then(|host| {
                let services = &reach.mesh.virtual_services;
                services.in_mesh(host, asker, asked.request)
            })
        {
            let asked = Asked {
                routed: true,
                ..*asked
            };
            return Some(follow(&asked, from, routed, trace.clone()));
        }
        let sidecar = reach.mesh.sidecars.of(pod);
        let seen = known.filter(|(entry, _)| {
            sidecar.is_none_or(|sidecar| {
                let own = host
                    .into_iter()
                    .chain(entry.hosts.iter().map(String::as_str));
                own.into_iter()
                    .any(|host| sidecar.knows(host, &entry.name.namespace, port))
            })
        });
        if seen.is_none() && reach.mesh.sidecars.outbound(sidecar) == OutboundTraffic::RegistryOnly
        {
            let mut trace = trace.clone();
            let reason = "no ServiceEntry that the client's proxy knows has this host and port, and it lets nothing else out (REGISTRY_ONLY)";
            let step = Step::new(Layer::Sidecar, Verdict::Refused, reason);
            trace.push(match sidecar {
                Some(sidecar) => step.by(&sidecar.object, "spec.outboundTrafficPolicy"),
                None => step,
            });
            return Some(trace);
        }
        let (entry, target) = seen?;
        return to_entry(asked, from, entry, target, address, name, trace);
    }
    let (entry, target) = known?;
    if plane == Dataplane::Ambient
        && let Some(waypoint) = reach.mesh.waypoints.of_entry(entry, &reach.world)
    {
        let mut trace = trace.clone();
        let through = mesh::through_waypoint(
            asked,
            from,
            waypoint,
            mesh::Behind {
                service: None,
                entry: Some(&entry.name),
                addresses: &[],
                port,
            },
            name,
            &mut trace,
        );
        if !through {
            return Some(trace);
        }
        let from = End::Pod(waypoint.pod);
        let on = to_entry(asked, from, entry, target, address, name, &trace);
        return Some(on.unwrap_or_else(|| {
            let outside = Asked {
                routed: true,
                ..*asked
            };
            to_end(&outside, from, End::Outside(address), name, trace)
        }));
    }
    to_entry(asked, from, entry, target, address, name, trace)
}

/// To where a ServiceEntry leads; `None` where that is where the client wants to go anyway.
fn to_entry(
    asked: &Asked<'_>,
    from: End,
    entry: &ServiceEntry,
    target: u16,
    address: Option<IpAddr>,
    name: &KnownName<'_>,
    trace: &Trace,
) -> Option<Trace> {
    let reach = asked.reach;
    let lead = |reason: String| {
        let mut way = trace.clone();
        way.push(Step::new(Layer::Service, Verdict::Allowed, reason).by(&entry.object, "spec"));
        way
    };
    let mut ways = Vec::new();
    match &entry.leads {
        Leads::Straight => return None,
        Leads::Pods(labels) => {
            for pod in pods_with(&reach.world, &entry.name.namespace, labels) {
                let found = reach
                    .world
                    .pods
                    .get(pod)
                    .map(Pod::object)
                    .unwrap_or_default();
                let mut way = lead(format!("leads to port {target} of {found}"));
                mesh::to_pod(asked, from, pod, target, None, name, &mut way);
                ways.push((found, way));
            }
        }
        Leads::Endpoints(endpoints) => {
            for (endpoint, ports) in endpoints {
                let port = ports.get(&number(asked)).copied().unwrap_or(target);
                let way = lead(format!("leads to port {port} of {endpoint}"));
                let flow = crate::Flow {
                    port: Some(PortRef::Number(port)),
                    ..asked.flow.clone()
                };
                let asked = Asked {
                    flow: &flow,
                    routed: true,
                    ..*asked
                };
                let end = match endpoint.parse() {
                    Ok(address) => address_end(reach, address),
                    Err(_) => End::Outside(address),
                };
                ways.push((endpoint.clone(), to_end(&asked, from, end, name, way)));
            }
        }
    }
    if ways.is_empty() {
        let mut way = trace.clone();
        way.push(
            Step::new(
                Layer::Service,
                Verdict::Depends,
                "what the ServiceEntry selects: no pod of the input",
            )
            .by(&entry.object, "spec.workloadSelector"),
        );
        return Some(way);
    }
    Some(join(ways))
}

fn pods_with<'w>(
    world: &'w World,
    namespace: &'w str,
    labels: &'w std::collections::BTreeMap<String, String>,
) -> impl Iterator<Item = usize> + 'w {
    let pods = world.pods.iter().enumerate();
    pods.filter(move |(_, pod)| {
        pod.name.namespace == namespace
            && labels
                .iter()
                .all(|(key, value)| pod.labels.get(key) == Some(value.as_str()))
    })
    .map(|(index, _)| index)
}

fn number(asked: &Asked<'_>) -> u16 {
    match asked.flow.port {
        Some(PortRef::Number(port)) => port,
        _ => 80,
    }
}
