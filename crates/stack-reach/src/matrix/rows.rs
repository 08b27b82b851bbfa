//! What policies let through for one pod and all its peers at once.

use std::collections::HashMap;
use std::rc::Rc;

use super::cells::{Cell, CellId, Cells};
use crate::candidates::Candidates;
use crate::policy::admin::{self, Action};
use crate::policy::{
    Authentication, Context, Direction, Entry, L7Rule, Peer, PeerMatch, Policies, Rule, Subject,
    Truth, port_names,
};
use crate::requests::{SetId, Verdicts};
use crate::settings::PolicyEnforcement;
use crate::{Connections, Protocol};

/// For each peer of the universe what one pod may send to it, or get from it.
pub(super) type Row = Rc<Vec<CellId>>;

/// The peers that a policy may speak of, in the order of the columns of a row.
pub(super) struct Rows<'a> {
    policies: &'a Policies,
    context: &'a Context<'a>,
    peers: &'a [Peer],
    /// The pods among them, which come first.
    candidates: &'a Candidates<'a>,
    /// Members of each list of peers, by where the list is kept.
    members: HashMap<*const PeerMatch, Rc<Members>>,
    /// Rows of pods that the same policies treat alike.
    known: HashMap<Key, Row>,
}

#[derive(Debug, Default)]
struct Members {
    sure: Vec<usize>,
    perhaps: Vec<usize>,
}

/// What a row depends on: the direction, the rules that select the pod, the ports that it names, the policies of the
/// administrator that it is subject to.
type Key = (
    Direction,
    Vec<usize>,
    Vec<(String, Protocol, u16)>,
    Vec<usize>,
);

impl<'a> Rows<'a> {
    pub(super) fn new(
        policies: &'a Policies,
        context: &'a Context<'a>,
        peers: &'a [Peer],
        candidates: &'a Candidates<'a>,
    ) -> Self {
        Self {
            policies,
            context,
            peers,
            candidates,
            members: HashMap::new(),
            known: HashMap::new(),
        }
    }

    pub(super) fn row(&mut self, direction: Direction, pod: usize, cells: &mut Cells) -> Row {
        let subjects = self.subjects(pod);
        let names = match (direction, self.context.world.pods.get(pod)) {
            (Direction::Ingress, Some(pod)) => pod
                .ports
                .iter()
                .filter_map(|port| Some((port.name.clone()?, port.protocol, port.port)))
                .collect(),
            _ => Vec::new(),
        };
        let rules = self.policies.positions_of_pod(pod).to_vec();
        let key = (direction, rules, names, subjects);
        if let Some(row) = self.known.get(&key) {
            return Rc::clone(row);
        }
        let row = Rc::new(self.work_out(direction, pod, &key.3, cells));
        self.known.insert(key, Rc::clone(&row));
        row
    }

    /// The policies of the administrator that hold for a pod, counted through both tiers.
    fn subjects(&self, pod: usize) -> Vec<usize> {
        let tiers = &self.policies.tiers;
        let policies = tiers.admin.iter().chain(&tiers.baseline).enumerate();
        policies
            .filter(|(_, policy)| {
                policy.subject.matches(Peer::Pod(pod), self.context) == Truth::Yes
            })
            .map(|(index, _)| index)
            .collect()
    }

    fn work_out(
        &mut self,
        direction: Direction,
        pod: usize,
        subjects: &[usize],
        cells: &mut Cells,
    ) -> Vec<CellId> {
        let mode = self.context.settings.policy_enforcement;
        let enforced = !(self.context.is_cilium() && mode == PolicyEnforcement::Never);
        let policies = self.policies;
        let rules: Vec<&Rule> = if enforced {
            policies.of_pod(pod).collect()
        } else {
            Vec::new()
        };
        let always = self.context.is_cilium() && mode == PolicyEnforcement::Always;
        let isolated = always || rules.iter().any(|rule| rule.side(direction).isolates);
        let speaks = isolated
            || rules
                .iter()
                .any(|rule| !rule.side(direction).allow.is_empty());
        let none = vec![Cells::NONE; self.peers.len()];
        let mut base = if isolated {
            none.clone()
        } else {
            vec![Cells::ALL; self.peers.len()]
        };
        if isolated {
            for entry in rules.iter().flat_map(|rule| &rule.side(direction).allow) {
                self.add(&mut base, direction, pod, entry, Reads::Requests, cells);
            }
            let mut fails = none.clone();
            for entry in rules.iter().flat_map(|rule| &rule.side(direction).allow) {
                if entry.authentication == Some(Authentication::AlwaysFails) {
                    self.add(&mut fails, direction, pod, entry, Reads::Nothing, cells);
                }
            }
            subtract(&mut base, &fails, cells);
        }
        let (admin, baseline) = self.policies.tiers.split(subjects);
        if !speaks && !baseline.is_empty() {
            let mut rest = vec![Cells::ALL; self.peers.len()];
            base = self.tier(&baseline, direction, pod, &mut rest, cells);
            for (decided, rest) in base.iter_mut().zip(&rest) {
                *decided = cells.union(*decided, *rest);
            }
        }
        let mut denied = none;
        for entry in rules.iter().flat_map(|rule| &rule.side(direction).deny) {
            self.add(&mut denied, direction, pod, entry, Reads::Nothing, cells);
        }
        subtract(&mut base, &denied, cells);
        if admin.is_empty() {
            return base;
        }
        let mut rest = vec![Cells::ALL; self.peers.len()];
        let mut row = self.tier(&admin, direction, pod, &mut rest, cells);
        for ((decided, rest), base) in row.iter_mut().zip(&rest).zip(&base) {
            let passed = cells.intersection(*rest, *base);
            *decided = cells.union(*decided, passed);
        }
        row
    }

    /// Runs through the ordered rules of a tier: what each allows, and in `rest` what none decides.
    fn tier(
        &mut self,
        tier: &[&'a admin::Policy],
        direction: Direction,
        pod: usize,
        rest: &mut [CellId],
        cells: &mut Cells,
    ) -> Vec<CellId> {
        let mut allowed = vec![Cells::NONE; self.peers.len()];
        let mut passed = vec![Cells::NONE; self.peers.len()];
        for rule in tier.iter().flat_map(|policy| policy.rules(direction)) {
            let mut touched: HashMap<usize, bool> = HashMap::new();
            for list in &rule.peers {
                let members = self.members_of(list);
                for &peer in &members.sure {
                    touched.insert(peer, true);
                }
                for &peer in &members.perhaps {
                    touched.entry(peer).or_insert(false);
                }
            }
            for (peer, sure) in touched {
                let Some(column) = self.peers.get(peer) else {
                    continue;
                };
                let names = admin::names(direction, Peer::Pod(pod), *column, self.context);
                let connections = match &rule.ports {
                    None => Connections::all(),
                    Some(ports) => ports.iter().fold(Connections::none(), |sum, port| {
                        sum.union(&port.connections(&names))
                    }),
                };
                let certain = if sure {
                    connections.clone()
                } else {
                    Connections::none()
                };
                let ports = cells.id(Cell {
                    certain,
                    direct: connections.clone(),
                    possible: connections,
                    requests: Vec::new(),
                });
                let (Some(rest), Some(allowed), Some(passed)) = (
                    rest.get_mut(peer),
                    allowed.get_mut(peer),
                    passed.get_mut(peer),
                ) else {
                    continue;
                };
                let hit = cells.intersection(*rest, ports);
                match rule.action {
                    Action::Allow => *allowed = cells.union(*allowed, hit),
                    Action::Pass => *passed = cells.union(*passed, hit),
                    Action::Deny => {}
                }
                *rest = cells.difference(*rest, ports);
            }
        }
        // What is passed on is as undecided as what no rule matches.
        for (rest, passed) in rest.iter_mut().zip(passed) {
            *rest = cells.union(*rest, passed);
        }
        allowed
    }

    fn members_of(&mut self, list: &PeerMatch) -> Rc<Members> {
        let key = std::ptr::from_ref(list);
        if let Some(members) = self.members.get(&key) {
            return Rc::clone(members);
        }
        let mut members = Members::default();
        let pods = self.candidates.of(Some(std::slice::from_ref(list)));
        let pods = pods.iter().filter_map(|pod| self.candidates.place(*pod));
        let others = self.candidates.all().len()..;
        for (column, peer) in pods
            .chain(others)
            .map_while(|column| Some((column, self.peers.get(column)?)))
        {
            match list.matches(*peer, self.context) {
                Truth::Yes => members.sure.push(column),
                Truth::If(_) => members.perhaps.push(column),
                Truth::No => {}
            }
        }
        let members = Rc::new(members);
        self.members.insert(key, Rc::clone(&members));
        members
    }

    /// Adds what an entry covers to a row.
    fn add(
        &mut self,
        row: &mut [CellId],
        direction: Direction,
        pod: usize,
        entry: &Entry,
        reads: Reads,
        cells: &mut Cells,
    ) {
        let per_peer =
            direction == Direction::Egress && !self.context.is_cilium() && entry.names_ports();
        let mut columns: Vec<(usize, bool)> = Vec::new();
        match &entry.peers {
            None => columns.extend((0..row.len()).map(|column| (column, true))),
            Some(lists) => {
                for list in lists {
                    let members = self.members_of(list);
                    columns.extend(members.sure.iter().map(|&column| (column, true)));
                    columns.extend(members.perhaps.iter().map(|&column| (column, false)));
                }
            }
        }
        let at = |peer: Option<Peer>, sure: bool, cells: &mut Cells| {
            let peer = peer.unwrap_or(Peer::Outside(None));
            let names = port_names(direction, Subject::Pod(pod), peer, self.context);
            let (open, covered) = entry.connections(&names);
            let possible = match reads {
                Reads::Requests => open.clone(),
                Reads::Nothing => covered,
            };
            let certain = match sure {
                true => possible.clone(),
                false => Connections::none(),
            };
            let mut cell = cells.id(Cell {
                certain,
                direct: possible.clone(),
                possible,
                requests: Vec::new(),
            });
            for group in entry.ports.iter().flatten() {
                if let (Some(l7), Reads::Requests) = (&group.l7, reads) {
                    let ports = group.connections(&names).difference(&open);
                    let asked = about(l7, ports, sure, cells);
                    cell = cells.union(cell, asked);
                }
            }
            cell
        };
        let fixed = (!per_peer).then(|| (at(None, true, cells), at(None, false, cells)));
        for (column, sure) in columns {
            let cell = match fixed {
                Some((certain, perhaps)) => {
                    if sure {
                        certain
                    } else {
                        perhaps
                    }
                }
                None => at(self.peers.get(column).copied(), sure, cells),
            };
            if let Some(sum) = row.get_mut(column) {
                *sum = cells.union(*sum, cell);
            }
        }
    }
}

/// Whether what an entry asks of requests counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    Requests,
    /// The entry is about connections, whatever comes on them.
    Nothing,
}

/// What a rule about requests lets through on some ports.
fn about(l7: &L7Rule, ports: Connections, sure: bool, cells: &mut Cells) -> CellId {
    let (certain, possible) = l7.requests();
    let maybe = cells.sets.id(possible);
    let sure = match sure {
        true => cells.sets.id(certain),
        false => SetId::NONE,
    };
    let tcp = Connections::of(Protocol::Tcp, ports.ports(Protocol::Tcp).clone());
    let cell = Cell {
        certain: Connections::none(),
        possible: ports,
        direct: Connections::none(),
        requests: Vec::new(),
    };
    cells.id(cell.with_requests([(tcp, Verdicts { sure, maybe })]))
}

fn subtract(row: &mut [CellId], taken: &[CellId], cells: &mut Cells) {
    for (left, taken) in row.iter_mut().zip(taken) {
        *left = cells.difference(*left, *taken);
    }
}
