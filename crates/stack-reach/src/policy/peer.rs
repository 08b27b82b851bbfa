//! Peers of policies, and the peer that is compared with them.

use std::net::IpAddr;

use stack_model::Selector;

use super::cilium::NamePattern;
use crate::address::BlockRule;

/// The other end of a connection, as the policies of one end see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// A pod with an address of its own.
    Pod(usize),
    /// A node, or a pod in its network; `local` if the pod that the policy selects runs there.
    Node { node: Option<usize>, local: bool },
    /// Something outside of the cluster; `None` where its address is unknown.
    Outside(Option<IpAddr>),
    /// The API server, which runs on no node of the input.
    ApiServer,
    /// Cilium's proxy that serves Ingress objects.
    IngressProxy,
    /// Some pod of which nothing is known, not even its namespace.
    Stranger,
}

/// A peer of a policy.
#[derive(Clone, Debug)]
pub(crate) enum PeerMatch {
    /// Pods by the labels of their namespace and their own; `None` for the namespace: the one that is named.
    Pods {
        namespaces: Namespaces,
        pods: Selector,
    },
    /// Endpoints by the labels that Cilium gives them.
    Endpoints(Selector),
    Entity(EntityMatch),
    /// Addresses; `pods` if those of pods and nodes count.
    Block {
        rule: BlockRule,
        pods: bool,
    },
    /// Addresses of a DNS name that the client has looked up.
    Fqdn(NamePattern),
    /// These pods.
    Among(Vec<usize>),
    /// Nodes by their labels.
    Nodes(Selector),
    /// Something that the input does not tell.
    Unknown(String),
}

#[derive(Clone, Debug)]
pub(crate) enum Namespaces {
    Named(String),
    Labelled(Selector),
}

/// An entity of Cilium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntityMatch {
    All,
    World,
    WorldIpv4,
    WorldIpv6,
    Cluster,
    Host,
    RemoteNode,
    KubeApiserver,
    Ingress,
    /// What exists, but is none of the peers of a question: health, init, unmanaged.
    Other,
    /// Nothing.
    None,
}
