//! Policies of connections in one form, whichever kind they come from.
//!
//! A NetworkPolicy and a rule of Cilium say the same things: which pods they isolate in which direction, and which peers and
//! ports they let through (or, with Cilium, refuse). [`admin`] policies differ: they are ordered, and the first match decides.

pub(crate) mod admin;
pub(crate) mod cilium;
mod context;
mod identity;
mod judge;
mod l7;
mod matching;
mod names;
mod netpol;
mod pattern;
mod peer;
mod port;
pub(crate) mod region;
mod rule;
mod selection;

pub(crate) use context::{Context, KnownName};
pub(crate) use judge::{Gate, Judgement, Policies, Subject, port_names};
pub(crate) use l7::{L7, L7Rule};
pub(crate) use names::ClusterPorts;
pub(crate) use netpol::read as read_network_policy;
pub(crate) use peer::{EntityMatch, Namespaces, Peer, PeerMatch};
pub(crate) use port::Traffic;
pub(crate) use rule::{Authentication, Entry, Rule};

/// Which way a connection goes, seen from the pod that a policy selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Direction {
    /// Into the pod.
    Ingress,
    /// Out of the pod.
    Egress,
}

/// Whether something holds, where the input may not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    No,
    Yes,
    /// It holds if this does.
    If(String),
}

impl Truth {
    pub(crate) fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::No => Self::No,
            Self::Yes => other(),
            Self::If(condition) => match other() {
                Self::No => Self::No,
                Self::Yes => Self::If(condition),
                Self::If(second) if second == condition => Self::If(condition),
                Self::If(second) => Self::If(format!("{condition}, and {second}")),
            },
        }
    }

    pub(crate) fn any(items: impl IntoIterator<Item = Self>) -> Self {
        let mut found = Self::No;
        for item in items {
            match item {
                Self::Yes => return Self::Yes,
                Self::If(_) if found == Self::No => found = item,
                _ => {}
            }
        }
        found
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}
