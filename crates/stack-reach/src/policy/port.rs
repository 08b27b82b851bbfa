//! Ports of policies, and the traffic that is compared with them.

use super::names::PortNames;
use crate::flow::{Icmp, IcmpFamily};
use crate::{Connections, PortSet, Protocol};

/// What goes over the wire, as a policy of connections sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Traffic {
    pub(crate) protocol: Protocol,
    /// 0 for ICMP.
    pub(crate) port: u16,
    pub(crate) icmp: Option<Icmp>,
}

impl Traffic {
    pub(crate) const fn new(protocol: Protocol, port: u16) -> Self {
        Self {
            protocol,
            port,
            icmp: None,
        }
    }
}

/// A port of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PortMatch {
    pub(crate) ports: Ports,
    pub(crate) protocols: Vec<Protocol>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ports {
    All,
    Range(u16, u16),
    Name(String),
}

impl PortMatch {
    pub(crate) fn matches(&self, traffic: &Traffic, names: &PortNames<'_>) -> bool {
        self.protocols.contains(&traffic.protocol)
            && match &self.ports {
                Ports::All => true,
                Ports::Range(first, last) => (*first..=*last).contains(&traffic.port),
                Ports::Name(name) => names.port(name, traffic.protocol) == Some(traffic.port),
            }
    }

    /// What it covers.
    pub(crate) fn connections(&self, names: &PortNames<'_>) -> Connections {
        let mut sum = Connections::none();
        for &protocol in &self.protocols {
            let ports = match &self.ports {
                Ports::All => PortSet::all(),
                Ports::Range(first, last) => PortSet::range(*first, *last),
                Ports::Name(name) => names
                    .port(name, protocol)
                    .map_or_else(PortSet::none, PortSet::one),
            };
            sum = sum.union(&Connections::of(protocol, ports));
        }
        sum
    }
}

/// ICMP messages of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IcmpMatch {
    pub(crate) family: IcmpFamily,
    pub(crate) message: u8,
}

impl IcmpMatch {
    pub(crate) fn matches(self, traffic: &Traffic) -> bool {
        let echo = Icmp {
            message: 8,
            family: IcmpFamily::IPv4,
        };
        let icmp = traffic.icmp.unwrap_or(echo);
        traffic.protocol == Protocol::Icmp
            && icmp.family == self.family
            && icmp.message == self.message
    }
}
