//! Lines of a matrix: two sides, and what may be opened between them.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::address::Block;
use crate::flow::Request;
use crate::requests::RequestSet;
use crate::{Connections, Protocol};

/// One side of a pair: pods that no policy needs to tell apart, or addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Party {
    /// All pods of one workload.
    Workload {
        /// Their namespace.
        namespace: Arc<str>,
        /// The workload's name; a Pod that another object controls has the name of that object.
        name: Arc<str>,
        /// The kind of the object that makes the pods.
        kind: Arc<str>,
    },
    /// Addresses outside of the cluster that all policies treat alike.
    Outside(Block),
    /// A controller of Ingress or Route objects, which the input does not have.
    IngressController,
}

/// `demo/web[Deployment]`, `10.0.0.0-10.255.255.255`, `{ingress-controller}`.
impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workload {
                namespace,
                name,
                kind,
            } => write!(f, "{namespace}/{name}[{kind}]"),
            Self::Outside(block) => block.fmt(f),
            Self::IngressController => f.write_str("{ingress-controller}"),
        }
    }
}

impl Serialize for Party {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What one peer may open to another. The way back is a line of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Who opens connections: `namespace/name[Kind]`, a range of IPv4 addresses, or `{ingress-controller}`.
    #[serde(rename = "src")]
    pub from: Party,
    /// The side that accepts connections, in the same forms.
    #[serde(rename = "dst")]
    pub to: Party,
    /// What may be opened, for sure or perhaps: [`conditional`](Self::conditional) is the part that is not sure.
    #[serde(rename = "conn")]
    pub connections: Connections,
    /// The part of it that depends on something: a request, or what the input does not tell.
    #[serde(rename = "depends", skip_serializing_if = "Connections::is_empty")]
    pub conditional: Connections,
    /// Ports on which HTTP requests fare otherwise than bare connections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Asked>,
}

/// What is asked of HTTP requests on some ports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The ports on which it is asked.
    #[serde(rename = "conn")]
    pub connections: Connections,
    /// The requests that are let through.
    #[serde(serialize_with = "in_words")]
    pub allowed: RequestSet,
    /// Those, and others of which the input does not tell.
    #[serde(serialize_with = "in_words")]
    pub possible: RequestSet,
}

/// `TCP 8080: method GET, path /api/.*`.
impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.connections, self.allowed)?;
        match self.possible == self.allowed {
            true => Ok(()),
            false => write!(f, " (perhaps {})", self.possible),
        }
    }
}

fn in_words<S: serde::Serializer>(set: &RequestSet, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(set)
}

impl Line {
    /// Whether a connection may be opened, or a request be sent; `None` where that depends.
    pub fn answer(&self, protocol: Protocol, port: u16, request: Option<&Request>) -> Option<bool> {
        let asked = request.filter(|_| protocol == Protocol::Tcp);
        let of_port = |asked: &&Asked| asked.connections.contains(protocol, port);
        if let Some(request) = asked
            && let Some(asked) = self.requests.iter().find(of_port)
        {
            return match (
                asked.allowed.contains(request),
                asked.possible.contains(request),
            ) {
                (true, _) => Some(true),
                (false, true) => None,
                (false, false) => Some(false),
            };
        }
        match self.conditional.contains(protocol, port) {
            true => None,
            false => Some(self.connections.contains(protocol, port)),
        }
    }
}
