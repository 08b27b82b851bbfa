//! One policy, or one rule of a Cilium policy.

use stack_model::Selector;

use super::Direction;
use super::l7::L7Rule;
use super::names::PortNames;
use super::peer::PeerMatch;
use super::port::{IcmpMatch, PortMatch, Ports};
use crate::Connections;

/// Whom a rule is about.
#[derive(Clone, Debug)]
pub(crate) enum Who {
    /// Pods of one namespace, by their labels.
    Namespaced { namespace: String, pods: Selector },
    /// Pods of the cluster, by the labels that Cilium gives them.
    Pods(Selector),
    /// Nodes, by their labels: rules of the host firewall.
    Nodes(Selector),
}

/// What one policy says of the pods that it selects.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// `NetworkPolicy demo/web`.
    pub(crate) object: String,
    pub(crate) who: Who,
    pub(crate) ingress: Side,
    pub(crate) egress: Side,
}

impl Rule {
    pub(crate) fn side(&self, direction: Direction) -> &Side {
        match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        }
    }
}

/// What a rule says of one direction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    /// Whether it isolates: what nothing allows is refused.
    pub(crate) isolates: bool,
    pub(crate) allow: Vec<Entry>,
    pub(crate) deny: Vec<Entry>,
}

/// Peers and ports that go together.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Where it stands: `spec.ingress[0]`.
    pub(crate) path: String,
    /// `None`: everybody.
    pub(crate) peers: Option<Vec<PeerMatch>>,
    /// `None`: every port of every protocol, if `icmp` is `None`, too.
    pub(crate) ports: Option<Vec<PortGroup>>,
    /// ICMP messages.
    pub(crate) icmp: Option<Vec<IcmpMatch>>,
    pub(crate) authentication: Option<Authentication>,
}

impl Entry {
    /// Whether a port is given by its name.
    pub(crate) fn names_ports(&self) -> bool {
        self.ports
            .iter()
            .flatten()
            .flat_map(|group| &group.ports)
            .any(|port| matches!(port.ports, Ports::Name(_)))
    }

    /// The connections that it covers: those of which no request is asked anything, and all.
    pub(crate) fn connections(&self, names: &PortNames<'_>) -> (Connections, Connections) {
        let Some(groups) = &self.ports else {
            let all = if self.icmp.is_none() {
                Connections::all()
            } else {
                Connections::none()
            };
            return (all.clone(), all);
        };
        let (mut open, mut covered) = (Connections::none(), Connections::none());
        for group in groups {
            let ports = group.connections(names);
            if group.l7.is_none() {
                open = open.union(&ports);
            }
            covered = covered.union(&ports);
        }
        (open, covered)
    }
}

/// Ports with what is asked of requests on them.
#[derive(Clone, Debug, Default)]
pub(crate) struct PortGroup {
    /// Empty: every port.
    pub(crate) ports: Vec<PortMatch>,
    pub(crate) l7: Option<L7Rule>,
}

impl PortGroup {
    pub(crate) fn connections(&self, names: &PortNames<'_>) -> Connections {
        match self.ports.as_slice() {
            [] => Connections::all(),
            ports => ports.iter().fold(Connections::none(), |sum, port| {
                sum.union(&port.connections(names))
            }),
        }
    }
}

/// Cilium's mutual authentication; a later one is stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Authentication {
    Disabled,
    Required,
    AlwaysFails,
}
