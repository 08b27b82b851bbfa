//! Named ports.

use std::collections::{BTreeMap, BTreeSet};

use crate::Protocol;
use crate::world::{Pod, World};

/// Where the name of a port is looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PortNames<'a> {
    /// In the containers of this pod.
    Of(&'a Pod),
    /// In all pods of the cluster: Cilium up to 1.19 does so for egress.
    Cluster(&'a ClusterPorts),
    /// The peer is no pod: no name means anything.
    Nowhere,
}

impl PortNames<'_> {
    pub(crate) fn port(&self, name: &str, protocol: Protocol) -> Option<u16> {
        match self {
            Self::Of(pod) => pod.port_named(name, protocol),
            Self::Cluster(ports) => ports.port(name, protocol),
            Self::Nowhere => None,
        }
    }
}

/// Every named port of the cluster.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClusterPorts {
    numbers: BTreeMap<(String, Protocol), BTreeSet<u16>>,
}

impl ClusterPorts {
    pub(crate) fn of(world: &World) -> Self {
        let mut numbers: BTreeMap<_, BTreeSet<u16>> = BTreeMap::new();
        for port in world
            .pods
            .iter()
            .filter(|pod| !pod.host_network && !pod.implied)
            .flat_map(|pod| &pod.ports)
        {
            if let Some(name) = &port.name {
                numbers
                    .entry((name.clone(), port.protocol))
                    .or_default()
                    .insert(port.port);
            }
        }
        Self { numbers }
    }

    /// The number, if all pods that have the name agree on it.
    fn port(&self, name: &str, protocol: Protocol) -> Option<u16> {
        let numbers = self.numbers.get(&(name.to_owned(), protocol))?;
        (numbers.len() == 1)
            .then(|| numbers.first().copied())
            .flatten()
    }
}
