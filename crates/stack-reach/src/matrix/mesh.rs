//! What proxies of the mesh make of what policies of connections let through.

use std::collections::{BTreeSet, HashMap};

use super::cells::{Cell, CellId, Cells};
use crate::answer::Verdict;
use crate::istio::Dataplane;
use crate::path::{End, Handshake, Source, Told};
use crate::{Connections, Flow, Place, PortSet, Protocol, Reach};

/// Works out the part of the mesh, once for each source, destination and cell.
pub(super) struct Overlay<'a> {
    reach: &'a Reach<'a>,
    /// Ranges of ports that no object of the mesh tells apart.
    ranges: Vec<(u16, u16)>,
    is_empty: bool,
    known: HashMap<(SourceKey, usize, CellId), CellId>,
}

/// All that proxies know of a source.
type SourceKey = (u8, Option<(String, String)>, Vec<std::net::IpAddr>);

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
            .chain(of_services)
        {
            starts.insert(port.max(1));
            starts.extend(port.checked_add(1));
        }
        let starts: Vec<u16> = starts.into_iter().collect();
        let ends = starts
            .iter()
            .skip(1)
            .map(|start| start - 1)
            .chain([u16::MAX]);
        Self {
            reach,
            ranges: starts.iter().copied().zip(ends).collect(),
            is_empty: (0..reach.world.pods.len()).all(|pod| !mesh.dataplanes.get(pod).is_member()),
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
        let reach = self.reach;
        let plane = |end: End| match end {
            End::Pod(pod) => reach.mesh.dataplanes.get(pod),
            _ => Dataplane::None,
        };
        let speaks = matches!(plane(from), Dataplane::Sidecar | Dataplane::Gateway);
        if self.is_empty || cell == Cells::NONE || (!plane(End::Pod(to)).is_member() && !speaks) {
            return cell;
        }
        let source = Source::of(reach, from);
        let identity = source
            .identity
            .as_ref()
            .map(|identity| (identity.namespace.clone(), identity.service_account.clone()));
        let key = (
            (source.dataplane as u8, identity, source.addresses.clone()),
            to,
            cell,
        );
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let found = self.work_out(from, &source, to, cells.get(cell));
        let id = cells.id(found);
        self.known.insert(key, id);
        id
    }

    fn work_out(&self, from: End, source: &Source<'_>, to: usize, cell: &Cell) -> Cell {
        let reach = self.reach;
        let tcp = |ports: PortSet| Connections::of(Protocol::Tcp, ports);
        let (mut certain, mut possible) = (PortSet::none(), PortSet::none());
        for &(first, last) in &self.ranges {
            let range = PortSet::range(first, last);
            if let Some(verdict) = self.through_waypoint(from, source, to, first) {
                match verdict {
                    Verdict::Refused => {}
                    Verdict::Depends => possible = possible.union(&range),
                    Verdict::Allowed => {
                        certain = certain.union(&range);
                        possible = possible.union(&range);
                    }
                }
                continue;
            }
            let Some(handshake) = Handshake::of(reach, source, to, first, None, Told::Subset(None))
            else {
                continue;
            };
            let wire = handshake.wire_port();
            let on_wire = |connections: &Connections| match wire == first {
                true => connections.ports(Protocol::Tcp).intersection(&range),
                false if connections.contains(Protocol::Tcp, wire) => range.clone(),
                false => PortSet::none(),
            };
            let steps = handshake.enforce(None);
            if steps.iter().any(|step| step.verdict == Verdict::Refused) {
                continue;
            }
            let (sure, mut perhaps) = (on_wire(&cell.certain), on_wire(&cell.possible));
            if handshake.is_encrypted() {
                // A rule about requests refuses ciphertext, which the cell does not know.
                for &(first, last) in perhaps.difference(&sure).ranges() {
                    if self.ask(from, to, first) == Some(Verdict::Refused) {
                        perhaps = perhaps.difference(&PortSet::range(first, last));
                    }
                }
            }
            possible = possible.union(&perhaps);
            if steps.iter().all(|step| step.verdict == Verdict::Allowed) {
                certain = certain.union(&sure);
            }
        }
        let rest = |connections: &Connections| connections.difference(&tcp(PortSet::all()));
        Cell {
            certain: rest(&cell.certain).union(&tcp(certain)),
            possible: rest(&cell.possible).union(&tcp(possible)),
        }
    }

    /// The answer for a port where a waypoint stands before the pod: two connections, which no cell knows.
    fn through_waypoint(
        &self,
        from: End,
        source: &Source<'_>,
        to: usize,
        port: u16,
    ) -> Option<Verdict> {
        let pod = self.reach.world.pods.get(to)?;
        let passes = source.dataplane == Dataplane::Ambient
            && self
                .reach
                .mesh
                .waypoints
                .of_pod(pod, &self.reach.world)
                .is_some();
        passes.then(|| self.ask(from, to, port)).flatten()
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
