//! How many pods there must be, as far as it is known before a cluster is there.

use std::ops::Add;

/// A number of pods that depends on the nodes of the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pods {
    all: Amount,
    on_host: Amount,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Amount {
    fixed: u32,
    per_node: u32,
    per_worker: u32,
}

/// The nodes of the cluster that a stack makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nodes {
    /// Nodes with a control plane, on which ordinary pods do not run.
    pub control_planes: u32,
    /// Nodes without a control plane, on which ordinary pods run.
    pub workers: u32,
}

/// A number, or a lower bound where the nodes are not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// At least so many; on nodes that are not known, what one node runs.
    pub least: u32,
    /// At most so many; `None` for any number.
    pub most: Option<u32>,
}

impl Pods {
    /// So many, whatever the nodes are.
    pub fn exactly(number: u32) -> Self {
        Self::of(Amount {
            fixed: number,
            ..Amount::default()
        })
    }

    /// One on each node: a DaemonSet that tolerates everything.
    pub fn each_node() -> Self {
        Self::of(Amount {
            per_node: 1,
            ..Amount::default()
        })
    }

    /// One on each worker: an ordinary DaemonSet.
    pub fn each_worker() -> Self {
        Self::of(Amount {
            per_worker: 1,
            ..Amount::default()
        })
    }

    fn of(all: Amount) -> Self {
        Pods {
            all,
            on_host: Amount::default(),
        }
    }

    /// The same pods in the network of their nodes, without addresses of their own.
    #[must_use]
    pub fn on_host_network(self) -> Self {
        Pods {
            on_host: self.all,
            ..self
        }
    }

    /// How many pods there are on these nodes; a lower bound where the nodes are not known.
    pub fn count(self, nodes: Option<Nodes>) -> Count {
        self.all.count(nodes)
    }

    /// The number on these nodes of those without addresses of their own.
    pub fn count_on_host(self, nodes: Option<Nodes>) -> Count {
        self.on_host.count(nodes)
    }
}

impl Add for Pods {
    type Output = Pods;

    fn add(self, other: Pods) -> Pods {
        Pods {
            all: self.all.plus(other.all),
            on_host: self.on_host.plus(other.on_host),
        }
    }
}

impl Amount {
    fn plus(self, other: Amount) -> Amount {
        Amount {
            fixed: self.fixed.saturating_add(other.fixed),
            per_node: self.per_node.saturating_add(other.per_node),
            per_worker: self.per_worker.saturating_add(other.per_worker),
        }
    }

    fn count(self, nodes: Option<Nodes>) -> Count {
        let sum = |node: u32, worker: u32| {
            self.fixed
                .saturating_add(self.per_node.saturating_mul(node))
                .saturating_add(self.per_worker.saturating_mul(worker))
        };
        match nodes {
            Some(nodes) => {
                let all = nodes.control_planes.saturating_add(nodes.workers);
                Count::exactly(sum(all, nodes.workers))
            }
            None if self.per_node == 0 && self.per_worker == 0 => Count::exactly(self.fixed),
            // Every cluster has a node.
            None => Count::at_least(sum(1, 1)),
        }
    }
}

impl Count {
    /// Lower and upper bound are this number.
    pub fn exactly(number: u32) -> Self {
        Count {
            least: number,
            most: Some(number),
        }
    }

    /// This number or any larger one.
    pub fn at_least(number: u32) -> Self {
        Count {
            least: number,
            most: None,
        }
    }

    /// The sum of two counts: bounds are added, and no upper bound stays none.
    #[must_use]
    pub fn plus(self, other: Count) -> Count {
        let most = self.most.zip(other.most).map(|(a, b)| a.saturating_add(b));
        Count {
            least: self.least.saturating_add(other.least),
            most,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pods_follow_the_nodes() {
        let nodes = Some(Nodes {
            control_planes: 1,
            workers: 2,
        });
        let agents = (Pods::each_node() + Pods::exactly(2)).on_host_network() + Pods::each_worker();
        assert_eq!(agents.count(nodes), Count::exactly(7));
        assert_eq!(agents.count_on_host(nodes), Count::exactly(5));
        assert_eq!(agents.count(None), Count::at_least(4));
        assert_eq!(Pods::exactly(2).count(None), Count::exactly(2));
    }
}
