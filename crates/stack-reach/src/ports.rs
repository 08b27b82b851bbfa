//! Ports, as sets, and what a connection list says of them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A transport protocol that policies tell apart.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Protocol {
    /// TCP, which is meant where a policy names none.
    #[default]
    Tcp,
    /// UDP, which policies never mean by default.
    Udp,
    /// SCTP, which few network plugins enforce policies for.
    Sctp,
    /// ICMP and ICMPv6; they have no ports.
    Icmp,
}

impl Protocol {
    /// The protocols that have ports, in the order in which sets of connections keep them.
    pub const WITH_PORTS: [Self; 3] = [Self::Tcp, Self::Udp, Self::Sctp];

    /// The name as Kubernetes writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
            Self::Icmp => "ICMP",
        }
    }

    /// Reads a name in any case; `None` for a protocol that is none of these.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.to_ascii_uppercase().as_str() {
            "TCP" => Self::Tcp,
            "UDP" => Self::Udp,
            "SCTP" => Self::Sctp,
            "ICMP" | "ICMPV6" => Self::Icmp,
            _ => return None,
        })
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of port numbers from 1 to 65535: ranges in ascending order that neither overlap nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortSet(Vec<(u16, u16)>);

impl PortSet {
    /// The set without a port.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// The set of all ports, 1 to 65535.
    pub fn all() -> Self {
        Self(vec![(1, u16::MAX)])
    }

    /// One port; port 0 is no port, and gives the empty set.
    pub fn one(port: u16) -> Self {
        Self::range(port, port)
    }

    /// The ports from `first` to `last`, both included; empty where `last` is the smaller.
    pub fn range(first: u16, last: u16) -> Self {
        let first = first.max(1);
        if first <= last {
            Self(vec![(first, last)])
        } else {
            Self::none()
        }
    }

    /// Whether no port is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every port is in it.
    pub fn is_all(&self) -> bool {
        self.0 == [(1, u16::MAX)]
    }

    /// Whether a port is in the set; port 0 never is.
    pub fn contains(&self, port: u16) -> bool {
        self.0
            .iter()
            .any(|&(first, last)| first <= port && port <= last)
    }

    /// The ranges, ascending, both ends included.
    pub fn ranges(&self) -> &[(u16, u16)] {
        &self.0
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if other.is_empty() || self.is_all() {
            return self.clone();
        }
        if self.is_empty() || other.is_all() {
            return other.clone();
        }
        let mut ranges: Vec<_> = self.0.iter().chain(&other.0).copied().collect();
        ranges.sort_unstable();
        let mut joined: Vec<(u16, u16)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match joined.last_mut() {
                Some(previous) if first <= previous.1.saturating_add(1) => {
                    previous.1 = previous.1.max(last)
                }
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut common = Vec::new();
        let (mut left, mut right) = (0, 0);
        while let (Some(&a), Some(&b)) = (self.0.get(left), other.0.get(right)) {
            let (first, last) = (a.0.max(b.0), a.1.min(b.1));
            if first <= last {
                common.push((first, last));
            }
            if a.1 < b.1 { left += 1 } else { right += 1 }
        }
        Self(common)
    }

    /// What is in this one and not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }

    /// Every port that is not in it.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut rest = Vec::new();
        let mut next = 1u32;
        for &(first, last) in &self.0 {
            if next < u32::from(first) {
                rest.push((port(next), first - 1));
            }
            next = u32::from(last) + 1;
        }
        if next <= u32::from(u16::MAX) {
            rest.push((port(next), u16::MAX));
        }
        Self(rest)
    }
}

fn port(number: u32) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// `80-81,443`.
impl fmt::Display for PortSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, &(first, last)) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(",")?;
            }
            if first == last {
                write!(f, "{first}")?;
            } else {
                write!(f, "{first}-{last}")?;
            }
        }
        Ok(())
    }
}

/// What may be opened between two peers: a set of ports for each protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Connections {
    sets: [PortSet; 3],
}

impl Connections {
    /// No connection at all.
    pub const fn none() -> Self {
        Self {
            sets: [PortSet::none(), PortSet::none(), PortSet::none()],
        }
    }

    /// Every port of TCP, UDP and SCTP.
    pub fn all() -> Self {
        Self {
            sets: [PortSet::all(), PortSet::all(), PortSet::all()],
        }
    }

    /// Ports of one protocol; nothing for ICMP, which has none.
    pub fn of(protocol: Protocol, ports: PortSet) -> Self {
        let mut connections = Self::none();
        if let Some(set) = connections.sets.get_mut(protocol as usize) {
            *set = ports;
        }
        connections
    }

    /// The ports of a protocol; none for ICMP.
    pub fn ports(&self, protocol: Protocol) -> &PortSet {
        const NONE: &PortSet = &PortSet::none();
        self.sets.get(protocol as usize).unwrap_or(NONE)
    }

    /// Whether no port of any protocol is in it.
    pub fn is_empty(&self) -> bool {
        self.sets.iter().all(PortSet::is_empty)
    }

    /// Whether every port of all three protocols is in it.
    pub fn is_all(&self) -> bool {
        self.sets.iter().all(PortSet::is_all)
    }

    /// Whether this port of this protocol is in it.
    pub fn contains(&self, protocol: Protocol, port: u16) -> bool {
        self.ports(protocol).contains(port)
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.merged(other, PortSet::union)
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.merged(other, PortSet::intersection)
    }

    /// What is in this one and not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.merged(other, PortSet::difference)
    }

    fn merged(&self, other: &Self, merge: impl Fn(&PortSet, &PortSet) -> PortSet) -> Self {
        let [a, b, c] = &self.sets;
        let [x, y, z] = &other.sets;
        Self {
            sets: [merge(a, x), merge(b, y), merge(c, z)],
        }
    }
}

/// `All Connections`, `No Connections`, or `SCTP 9003,TCP 80-81,UDP 53`.
impl fmt::Display for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            return f.write_str("All Connections");
        }
        if self.is_empty() {
            return f.write_str("No Connections");
        }
        let mut first = true;
        for protocol in [Protocol::Sctp, Protocol::Tcp, Protocol::Udp] {
            let ports = self.ports(protocol);
            if !ports.is_empty() {
                write!(f, "{}{protocol} {ports}", if first { "" } else { "," })?;
                first = false;
            }
        }
        Ok(())
    }
}

impl Serialize for Connections {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sets() -> impl Strategy<Value = PortSet> {
        prop::collection::vec((1u16..60, 0u16..20), 0..5).prop_map(|ranges| {
            ranges
                .into_iter()
                .fold(PortSet::none(), |set, (first, length)| {
                    set.union(&PortSet::range(first, first + length))
                })
        })
    }

    proptest! {
        #[test]
        fn set_operations_agree_with_membership(a in sets(), b in sets(), port in 1u16..100) {
            prop_assert_eq!(a.union(&b).contains(port), a.contains(port) || b.contains(port));
            prop_assert_eq!(a.intersection(&b).contains(port), a.contains(port) && b.contains(port));
            prop_assert_eq!(a.difference(&b).contains(port), a.contains(port) && !b.contains(port));
            prop_assert_eq!(a.complement().contains(port), !a.contains(port));
        }

        #[test]
        fn equal_sets_are_written_alike(a in sets(), b in sets()) {
            prop_assert_eq!(a.union(&b), b.union(&a));
            prop_assert_eq!(a.complement().complement(), a);
        }
    }

    #[test]
    fn connections_are_written_by_protocol_name() {
        let web = Connections::of(Protocol::Tcp, PortSet::one(80).union(&PortSet::one(81)));
        let dns = Connections::of(Protocol::Udp, PortSet::one(53));
        assert_eq!(web.union(&dns).to_string(), "TCP 80-81,UDP 53");
        assert_eq!(Connections::all().to_string(), "All Connections");
        assert_eq!(
            Connections::all()
                .difference(&Connections::all())
                .to_string(),
            "No Connections"
        );
    }
}
