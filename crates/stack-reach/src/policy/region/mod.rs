//! The traffic that a rule is about, as a set that can be taken apart: peers by their labels and addresses, with ports. What is
//! left of one rule when others are taken away tells whether it says anything at all.

mod labels;
mod peers;

use std::collections::BTreeSet;

use self::peers::Atom;
pub(crate) use self::peers::Naming;
use super::PeerMatch;
use super::port::{IcmpMatch, PortMatch, Ports};
use super::rule::{Entry, Who};
use crate::{Connections, PortSet, Protocol};

/// More pieces than this are not taken apart any further: nothing is said then.
const MOST_PIECES: usize = 256;

/// Traffic of one rule, or what is left of it.
#[derive(Clone, Debug)]
pub(crate) struct Region(Vec<Piece>);

#[derive(Clone, Debug)]
struct Piece {
    peers: Atom,
    traffic: Wire,
}

/// Ports by number and by name, and ICMP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wire {
    connections: Connections,
    names: BTreeSet<(Protocol, String)>,
    icmp: Messages,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Messages {
    All,
    These(Vec<IcmpMatch>),
}

impl Default for Messages {
    fn default() -> Self {
        Self::These(Vec::new())
    }
}

impl Wire {
    fn everything() -> Self {
        Self {
            connections: Connections::all(),
            names: BTreeSet::new(),
            icmp: Messages::All,
        }
    }

    fn is_empty(&self) -> bool {
        self.connections.is_empty()
            && self.names.is_empty()
            && self.icmp == Messages::These(Vec::new())
    }

    /// `None` where ports of ICMP are asked for, which nobody can mean.
    fn add(&mut self, port: &PortMatch) -> Option<()> {
        for &protocol in &port.protocols {
            if protocol == Protocol::Icmp {
                return None;
            }
            let ports = match &port.ports {
                Ports::All => PortSet::all(),
                Ports::Range(first, last) => PortSet::range(*first, *last),
                Ports::Name(name) => {
                    self.names.insert((protocol, name.clone()));
                    continue;
                }
            };
            self.connections = self.connections.union(&Connections::of(protocol, ports));
        }
        Some(())
    }

    /// What is left without another one. A port by name may be any number, so only all ports take it away, or the same name.
    fn without(&self, other: &Self) -> Self {
        let left = |name: &&(Protocol, String)| {
            !other.names.contains(*name) && !other.connections.ports(name.0).is_all()
        };
        Self {
            connections: self.connections.difference(&other.connections),
            names: self.names.iter().filter(left).cloned().collect(),
            icmp: match (&self.icmp, &other.icmp) {
                (_, Messages::All) => Messages::default(),
                (Messages::All, Messages::These(_)) => Messages::All,
                (Messages::These(own), Messages::These(taken)) => Messages::These(
                    own.iter()
                        .filter(|message| !taken.contains(message))
                        .copied()
                        .collect(),
                ),
            },
        }
    }
}

/// What takes traffic away from others: a rule, as far as it is sure whom it means.
#[derive(Clone, Debug)]
pub(crate) struct Cover<'a> {
    /// `None`: everybody.
    peers: Option<&'a [PeerMatch]>,
    traffic: Wire,
}

impl Region {
    /// The traffic of an entry, whatever it asks of requests; `None` where some of it cannot be told.
    pub(crate) fn of_entry(entry: &Entry, naming: &Naming<'_>) -> Option<Self> {
        Self::of(entry.peers.as_deref(), &entry_wire(entry, true)?, naming)
    }

    /// The same of peers and ports of an ordered rule.
    pub(crate) fn of_ports(
        peers: &[PeerMatch],
        ports: Option<&[PortMatch]>,
        naming: &Naming<'_>,
    ) -> Option<Self> {
        Self::of(Some(peers), &ports_wire(ports)?, naming)
    }

    fn of(peers: Option<&[PeerMatch]>, traffic: &Wire, naming: &Naming<'_>) -> Option<Self> {
        let atoms = Atom::of(peers, naming)?;
        let pieces: Vec<_> = atoms
            .into_iter()
            .map(|peers| Piece {
                peers,
                traffic: traffic.clone(),
            })
            .collect();
        (!pieces.is_empty() && !traffic.is_empty()).then_some(Self(pieces))
    }

    /// Whether nothing is left of it.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is left when what another rule means for sure is taken away, and whether anything was.
    pub(crate) fn without(&self, cover: &Cover<'_>, naming: &Naming<'_>) -> (Self, bool) {
        let mut pieces = Vec::new();
        let mut took = false;
        for piece in &self.0 {
            let left = piece.traffic.without(&cover.traffic);
            if left == piece.traffic || self.0.len() > MOST_PIECES {
                pieces.push(piece.clone());
                continue;
            }
            let (rest, taken) = piece.peers.split(cover.peers, naming);
            took |= !taken.is_empty();
            pieces.extend(rest.into_iter().map(|peers| Piece {
                peers,
                traffic: piece.traffic.clone(),
            }));
            if !left.is_empty() {
                pieces.extend(taken.into_iter().map(|peers| Piece {
                    peers,
                    traffic: left.clone(),
                }));
            }
        }
        (Self(pieces), took)
    }
}

impl<'a> Cover<'a> {
    /// What an entry lets through, or refuses, without looking at requests.
    pub(crate) fn of_entry(entry: &'a Entry) -> Option<Self> {
        Some(Self {
            peers: entry.peers.as_deref(),
            traffic: entry_wire(entry, false)?,
        })
    }

    /// The same of peers and ports of an ordered rule.
    pub(crate) fn of_ports(peers: &'a [PeerMatch], ports: Option<&[PortMatch]>) -> Option<Self> {
        Some(Self {
            peers: Some(peers),
            traffic: ports_wire(ports)?,
        })
    }
}

fn ports_wire(ports: Option<&[PortMatch]>) -> Option<Wire> {
    let Some(ports) = ports else {
        return Some(Wire::everything());
    };
    let mut wire = Wire::default();
    for port in ports {
        wire.add(port)?;
    }
    Some(wire)
}

/// The ports of an entry; those on which it looks at requests only where `all` asks for them.
fn entry_wire(entry: &Entry, all: bool) -> Option<Wire> {
    let mut wire = Wire::default();
    match (&entry.ports, &entry.icmp) {
        (None, None) => return Some(Wire::everything()),
        (_, Some(messages)) => wire.icmp = Messages::These(messages.clone()),
        _ => {}
    }
    let groups = entry.ports.iter().flatten();
    for group in groups.filter(|group| all || group.l7.is_none()) {
        if group.ports.is_empty() {
            wire.connections = Connections::all();
        }
        for port in &group.ports {
            wire.add(port)?;
        }
    }
    Some(wire)
}

/// Whether every pod that one rule is about is also one of another.
pub(crate) fn is_about_all_of(wide: &Who, narrow: &Who, naming: &Naming<'_>) -> bool {
    match (Atom::of_who(wide, naming), Atom::of_who(narrow, naming)) {
        (Some(wide), Some(narrow)) => narrow.is_within(&wide),
        _ => false,
    }
}

/// The same of the subjects of ordered policies.
pub(crate) fn means_all_of(wide: &PeerMatch, narrow: &PeerMatch, naming: &Naming<'_>) -> bool {
    let wide = std::slice::from_ref(wide);
    let left = Atom::of(Some(std::slice::from_ref(narrow)), naming).map(|atoms| {
        let left = atoms.iter().map(|atom| atom.split(Some(wide), naming).0);
        left.flatten().count()
    });
    left == Some(0)
}

/// Whether every pod that a rule is about is also subject to an ordered policy.
pub(crate) fn subject_has_all_of(subject: &PeerMatch, who: &Who, naming: &Naming<'_>) -> bool {
    let subject = std::slice::from_ref(subject);
    Atom::of_who(who, naming).is_some_and(|cube| {
        let atom = Atom::Pods(cube);
        atom.split(Some(subject), naming).0.is_empty()
    })
}
