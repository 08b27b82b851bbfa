//! What Ingress and Route objects let in: from a controller that the input does not have.

use std::collections::BTreeMap;

use stack_model::Value;

use super::cells::Cells;
use super::line::Line;
use super::line::Party;
use super::peers::{Universe, line};
use super::rows::Row;
use crate::route::ExposedPort;
use crate::{Connections, PortSet, Protocol, Reach};

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
                    port.name.as_deref() == Some(name)
                        || port.target == crate::world::Target::Name(name.to_string())
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
