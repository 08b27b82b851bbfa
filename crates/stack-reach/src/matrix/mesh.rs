//! What proxies of the mesh make of what policies of connections let through.

use std::collections::{BTreeSet, HashMap};

use super::cells::{Cell, CellId, Cells};
use crate::answer::Verdict;
use crate::istio::{Conversation, Dataplane, Enforcer};
use crate::path::{End, Handshake, Source, Told, between_networks, network};
use crate::requests::{RequestSets, Verdicts};
use crate::{Connections, Flow, Place, PortSet, Protocol, Reach};

/// Works out the part of the mesh, once for each source, destination and cell.
pub(super) struct Overlay<'a> {
    reach: &'a Reach<'a>,
    /// Ranges of ports that no object of the mesh tells apart.
    ranges: Vec<(u16, u16)>,
    is_empty: bool,
    /// For each pod, whether a way may lead to it that policies of the two ends are not about: by a waypoint, or by the gateway
    /// between networks. For all others what is closed stays closed, which is most of a large matrix.
    by_others: Vec<bool>,
    known: HashMap<(SourceKey, usize, CellId), CellId>,
}

/// All that proxies know of a source.
type SourceKey = (
    u8,
    Option<(String, String)>,
    Vec<std::net::IpAddr>,
    Option<usize>,
);

impl<'a> Overlay<'a> {
    pub(super) fn of(reach: &'a Reach<'a>) -> Self {
        let mesh = &reach.mesh;
        let mut starts = BTreeSet::from([1u16]);
        let of_services = reach.world.services.iter().flat_map(|service| {
            let pods = service
                .pods
                .iter()
                .filter_map(|&pod| reach.world.pods.get(pod));
            pods.flat_map(|pod| {
                service
                    .ports
                    .iter()
                    .filter_map(|port| port.target_on(Some(pod)))
            })
        });
        for port in mesh
            .mtls
            .named_ports()
            .chain(mesh.destination_rules.named_ports())
            .chain(mesh.authorization.named_ports())
            .chain(mesh.sidecars.named_ports())
            .chain(of_services)
        {
            starts.insert(port.max(1));
            starts.extend(port.checked_add(1));
        }
        let starts: Vec<u16> = starts.into_iter().collect();
        let by_others = reach.world.pods.iter().map(|pod| {
            mesh.waypoints.of_pod(pod, &reach.world).is_some() || network(reach, pod).is_some()
        });
        let ends = starts
            .iter()
            .skip(1)
            .map(|start| start - 1)
            .chain([u16::MAX]);
        Self {
            reach,
            ranges: starts.iter().copied().zip(ends).collect(),
            is_empty: (0..reach.world.pods.len()).all(|pod| !mesh.dataplanes.get(pod).is_member()),
            by_others: by_others.collect(),
            known: HashMap::new(),
        }
    }

    /// What is left of a cell once the proxies have had their say.
    pub(super) fn apply(
        &mut self,
        from: End,
        to: usize,
        cell: CellId,
        cells: &mut Cells,
    ) -> CellId {
        if cell == Cells::NONE && self.by_others.get(to) == Some(&false) {
            return cell;
        }
        let reach = self.reach;
        let plane = |end: End| match end {
            End::Pod(pod) => reach.mesh.dataplanes.get(pod),
            _ => Dataplane::None,
        };
        let source = Source::of(reach, from);
        let server = reach.world.pods.get(to);
        if server.is_some_and(|pod| between_networks(reach, &source, pod).is_some()) {
            return Self::over_a_gateway(cell, cells);
        }
        let speaks = matches!(plane(from), Dataplane::Sidecar | Dataplane::Gateway);
        // What goes by a waypoint does not need the way that the policies of both ends are about.
        let by_waypoint = plane(from) == Dataplane::Ambient
            && reach.world.pods.get(to).is_some_and(|pod| {
                let waypoints = &reach.mesh.waypoints;
                waypoints.of_pod(pod, &reach.world).is_some()
            });
        let is_closed = cell == Cells::NONE && !by_waypoint;
        let outside = !plane(End::Pod(to)).is_member() && !speaks && !by_waypoint;
        if self.is_empty || is_closed || outside {
            return cell;
        }
        let identity = source
            .identity
            .as_ref()
            .map(|identity| (identity.namespace.clone(), identity.service_account.clone()));
        // On the way to a waypoint the policies of the very pod count, which the cell does not know.
        let pod = match from {
            End::Pod(pod) if by_waypoint => Some(pod),
            _ => None,
        };
        let key = (
            (
                source.dataplane as u8,
                identity,
                source.addresses.clone(),
                pod,
            ),
            to,
            cell,
        );
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let before = cells.get(cell).clone();
        let found = self.work_out(from, &source, to, &before, &mut cells.sets);
        let id = cells.id(found);
        self.known.insert(key, id);
        id
    }

    /// What the gateway between two networks lets through: no port of TCP is known.
    fn over_a_gateway(cell: CellId, cells: &mut Cells) -> CellId {
        let tcp = Connections::of(Protocol::Tcp, PortSet::all());
        let before = cells.get(cell).clone();
        let unknown = Cell {
            certain: before.certain.difference(&tcp),
            possible: before.possible.union(&tcp),
            direct: Connections::none(),
            requests: Vec::new(),
        };
        cells.id(unknown)
    }

    fn work_out(
        &self,
        from: End,
        source: &Source<'_>,
        to: usize,
        cell: &Cell,
        sets: &mut RequestSets,
    ) -> Cell {
        let reach = self.reach;
        let tcp = |ports: PortSet| Connections::of(Protocol::Tcp, ports);
        let (mut certain, mut possible) = (PortSet::none(), PortSet::none());
        let mut requests = Vec::new();
        let (parts, unread) = (cell.parts(), cell.encrypted_parts());
        for &(first, last) in &self.ranges {
            let range = PortSet::range(first, last);
            if let Some((verdict, asked)) = self.through_waypoint(from, source, to, first, sets) {
                match verdict {
                    Verdict::Refused => {}
                    Verdict::Depends => possible = possible.union(&range),
                    Verdict::Allowed => {
                        certain = certain.union(&range);
                        possible = possible.union(&range);
                    }
                }
                requests.push((tcp(range), asked));
                continue;
            }
            let told = Told::Subset(None);
            let Some(handshake) = Handshake::of(reach, source, to, first, None, told) else {
                continue;
            };
            let wire = handshake.wire_port();
            let steps = handshake.enforce(None);
            let passes = !steps.iter().any(|step| step.verdict == Verdict::Refused);
            let is_sure = steps.iter().all(|step| step.verdict == Verdict::Allowed);
            let asked = handshake.requests(&steps, sets);
            let encrypted = handshake.is_encrypted();
            let parts = match encrypted {
                true => &unread,
                false => &parts,
            };
            for (connections, verdicts) in parts {
                let ports = match wire == first {
                    true => connections.ports(Protocol::Tcp).intersection(&range),
                    false if connections.contains(Protocol::Tcp, wire) => range.clone(),
                    false => continue,
                };
                if ports.is_empty() {
                    continue;
                }
                let sees = |connections: &Connections| match wire == first {
                    true => connections.ports(Protocol::Tcp).intersection(&ports),
                    false if connections.contains(Protocol::Tcp, wire) => ports.clone(),
                    false => PortSet::none(),
                };
                let perhaps = sees(match encrypted {
                    true => &cell.direct,
                    false => &cell.possible,
                });
                let sure = sees(&cell.certain);
                if passes {
                    possible = possible.union(&perhaps);
                    if is_sure {
                        certain = certain.union(&sure);
                    }
                }
                requests.push((tcp(ports), sets.intersection(*verdicts, asked)));
            }
        }
        let rest = |connections: &Connections| connections.difference(&tcp(PortSet::all()));
        let cell = Cell {
            certain: rest(&cell.certain).union(&tcp(certain)),
            possible: rest(&cell.possible).union(&tcp(possible)),
            direct: Connections::none(),
            requests: Vec::new(),
        };
        cell.with_requests(requests)
    }

    /// The answer for a port where a waypoint stands before the pod: two connections, which no cell knows.
    fn through_waypoint(
        &self,
        from: End,
        source: &Source<'_>,
        to: usize,
        port: u16,
        sets: &mut RequestSets,
    ) -> Option<(Verdict, Verdicts)> {
        let pod = self.reach.world.pods.get(to)?;
        if source.dataplane != Dataplane::Ambient {
            return None;
        }
        let waypoint = self.reach.mesh.waypoints.of_pod(pod, &self.reach.world)?;
        let verdict = self.ask(from, to, port)?;
        let around = crate::path::around_waypoint(self.reach, from, to, port, waypoint);
        let around = match around {
            Some(true) => Verdicts::ALL,
            Some(false) => Verdicts::NONE,
            None => Verdicts::UNKNOWN,
        };
        let conversation = Conversation {
            identity: source.identity.as_ref(),
            source_ips: &source.addresses,
            destination_ips: &pod.ips,
            port,
            request: None,
            sni: None,
        };
        let enforcer = Enforcer::Waypoint {
            waypoint: &waypoint.name,
            service: None,
            entry: None,
        };
        let authorization = &self.reach.mesh.authorization;
        let asked = authorization.requests(enforcer, &conversation, sets);
        Some((verdict, sets.intersection(around, asked)))
    }

    /// What becomes of a single flow from a pod.
    fn ask(&self, from: End, to: usize, port: u16) -> Option<Verdict> {
        let End::Pod(client) = from else { return None };
        let (client, server) = (
            self.reach.world.pods.get(client)?,
            self.reach.world.pods.get(to)?,
        );
        let flow = Flow::new(
            Place::Workload(client.name.clone()),
            Place::Workload(server.name.clone()),
            port,
        );
        Some(match self.reach.flow(&flow).allowed {
            Some(true) => Verdict::Allowed,
            Some(false) => Verdict::Refused,
            None => Verdict::Depends,
        })
    }
}
