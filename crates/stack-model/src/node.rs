//! Nodes: from `Node` objects, or from the configuration of a kind cluster.

use kube_value::Value;

use crate::{Entry, Labels};

/// What a node is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeRole {
    /// Runs the control plane. Ordinary pods stay away, unless it is the only node of a kind cluster.
    ControlPlane,
    /// Runs pods.
    Worker,
}

/// A machine of the cluster.
#[derive(Clone, Copy, Debug)]
pub struct ClusterNode<'m> {
    pub(crate) entry: &'m Entry,
    /// Of a kind configuration: which of its nodes.
    pub(crate) member: Option<(usize, &'m Value)>,
}

impl<'m> ClusterNode<'m> {
    /// The `Node` object, or the kind configuration that lists the node.
    pub const fn entry(self) -> &'m Entry {
        self.entry
    }

    /// The position in the kind configuration's `nodes`; `None` for a `Node` object.
    pub fn kind_index(self) -> Option<usize> {
        self.member.map(|(index, _)| index)
    }

    /// The labels that are written; those that a cloud or the kubelet adds are unknown.
    pub fn labels(self) -> Labels<'m> {
        match self.member {
            Some((_, member)) => Labels::of(member.get("labels")),
            None => self.entry.labels(),
        }
    }

    /// A Node is a worker unless a label says otherwise; a node of a kind configuration is a control plane unless its role is `worker`.
    pub fn role(self) -> NodeRole {
        let control_plane = match self.member {
            Some((_, member)) => member.get("role").and_then(Value::as_str) != Some("worker"),
            None => {
                let labels = self.entry.labels();
                [
                    "node-role.kubernetes.io/control-plane",
                    "node-role.kubernetes.io/master",
                ]
                .iter()
                .any(|key| labels.get(key).is_some())
            }
        };
        if control_plane {
            NodeRole::ControlPlane
        } else {
            NodeRole::Worker
        }
    }

    /// What the node can give to pods (`status.allocatable`), as written; `None` where nothing says it.
    pub fn allocatable(self) -> Option<&'m Value> {
        match self.member {
            Some(_) => None,
            None => self
                .entry
                .at("status.allocatable")
                .or_else(|| self.entry.at("status.capacity")),
        }
    }
}
