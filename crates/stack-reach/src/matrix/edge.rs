//! What Ingress and Route objects let in: from a controller that the input does not have.

use std::collections::BTreeMap;

use serde_json::Value;
use stack_model::{Entry, Model};

use super::Line;
use super::cells::Cells;
use super::peers::{Party, Universe, line};
use super::rows::Row;
use crate::flow::Name;
use crate::{Connections, PortSet, Protocol, Reach};

/// A Service, and the port of it, to which requests from outside are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exposed {
    service: Name,
    port: ExposedPort,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum ExposedPort {
    /// The Service's port by number.
    Number(u16),
    /// The Service's port by name.
    Name(String),
    /// A Route's target: the name of the Service's port, or the number or name of the pod's.
    Target(Value),
    All,
}

/// Reads what Ingress and OpenShift Route objects expose.
pub(crate) fn read(model: &Model) -> Vec<Exposed> {
    let mut found = Vec::new();
    for ingress in model.objects("networking.k8s.io", "Ingress") {
        let mut backends: Vec<&Value> = ingress.at("spec.defaultBackend").into_iter().collect();
        for rule in ingress.items_at("spec.rules") {
            let paths = rule.pointer("/http/paths").and_then(Value::as_array);
            backends.extend(
                paths
                    .into_iter()
                    .flatten()
                    .filter_map(|path| path.get("backend")),
            );
        }
        found.extend(
            backends
                .into_iter()
                .filter_map(|backend| of_ingress(ingress, backend)),
        );
    }
    for route in model.objects("route.openshift.io", "Route") {
        let port = route
            .at("spec.port.targetPort")
            .map_or(ExposedPort::All, |target| {
                ExposedPort::Target(target.clone())
            });
        let targets = route
            .at("spec.to")
            .into_iter()
            .chain(route.items_at("spec.alternateBackends"));
        let services = targets.filter(|target| {
            target
                .get("kind")
                .and_then(Value::as_str)
                .unwrap_or("Service")
                == "Service"
        });
        found.extend(services.filter_map(|target| {
            let name = target.get("name")?.as_str()?;
            Some(Exposed {
                service: Name::new(route.namespace().unwrap_or("default"), name),
                port: port.clone(),
            })
        }));
    }
    found
}

fn of_ingress(ingress: &Entry, backend: &Value) -> Option<Exposed> {
    let service = backend.get("service")?;
    let port = service.get("port");
    let port = match (
        port.and_then(|port| port.get("number")),
        port.and_then(|port| port.get("name")),
    ) {
        (Some(number), _) => ExposedPort::Number(u16::try_from(number.as_u64()?).ok()?),
        (None, Some(name)) => ExposedPort::Name(name.as_str()?.to_owned()),
        (None, None) => ExposedPort::All,
    };
    Some(Exposed {
        service: Name::new(
            ingress.namespace().unwrap_or("default"),
            service.get("name")?.as_str()?,
        ),
        port,
    })
}

/// Adds a line for each workload that is exposed, where policies let a pod in of which nothing is known.
pub(super) fn push(
    reach: &Reach<'_>,
    universe: &Universe,
    incoming: &[Row],
    cells: &mut Cells,
    lines: &mut Vec<Line>,
) {
    let mut open: BTreeMap<usize, PortSet> = BTreeMap::new();
    for exposed in &reach.exposed {
        let service = reach
            .world
            .service_named(&exposed.service)
            .and_then(|index| reach.world.services.get(index));
        let Some(service) = service else { continue };
        for &pod in &service.pods {
            let Some(found) = reach.world.pods.get(pod) else {
                continue;
            };
            let wanted = service.ports.iter().filter(|port| match &exposed.port {
                // Controllers also take the number of the pod's port for the Service's.
                ExposedPort::Number(number) => {
                    port.port == *number || port.target == crate::world::Target::Number(*number)
                }
                ExposedPort::Name(name) => port.name.as_ref() == Some(name),
                ExposedPort::All => true,
                ExposedPort::Target(Value::String(name)) => {
                    port.name.as_ref() == Some(name)
                        || port.target == crate::world::Target::Name(name.clone())
                }
                ExposedPort::Target(number) => {
                    let number = number.as_u64();
                    port.target_on(Some(found)).map(u64::from) == number
                        || Some(u64::from(port.port)) == number
                }
            });
            for target in wanted.filter_map(|port| port.target_on(Some(found))) {
                // A port that no container declares is not taken for open.
                if found
                    .ports
                    .iter()
                    .any(|port| port.port == target && port.protocol == Protocol::Tcp)
                {
                    let ports = open.entry(pod).or_default();
                    *ports = ports.union(&PortSet::one(target));
                }
            }
        }
    }
    let mut by_party: BTreeMap<usize, PortSet> = BTreeMap::new();
    for (pod, ports) in open {
        if let Some(index) = universe.workload_of(reach, pod) {
            let sum = by_party.entry(index).or_default();
            *sum = sum.union(&ports);
        }
    }
    for (index, ports) in by_party {
        let (Some(row), Some(workload)) = (incoming.get(index), universe.workloads().get(index))
        else {
            continue;
        };
        let Some(&enters) = row.get(universe.stranger()) else {
            continue;
        };
        let exposed = cells.sure(Connections::of(Protocol::Tcp, ports));
        let cell = cells.intersection(enters, exposed);
        lines.extend(line(
            Party::IngressController,
            workload.party.clone(),
            cell,
            cells,
        ));
    }
}
