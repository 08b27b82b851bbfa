//! What of the rest of a stack decides whether a component works in it.

use serde_json::Value;
use stack_builder::{Bundle, Release};

/// What a component must know of the network and the mesh of its stack. What lies outside the stack is not known, and then
/// nothing is said.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'b> {
    bundle: &'b Bundle,
}

impl<'b> Surroundings<'b> {
    /// What a bundle says of its network, its mesh and its charts.
    pub fn of(bundle: &'b Bundle) -> Self {
        Surroundings { bundle }
    }

    /// The first release of a chart, by the chart's name.
    pub fn chart(self, name: &str) -> Option<&'b Release> {
        self.bundle
            .releases()
            .find(|release| release.chart.name == name)
    }

    /// Whether the nodes have no kube-proxy, as far as the stack says: Cilium takes its place, or the kind cluster leaves it
    /// out.
    pub fn without_kube_proxy(self) -> bool {
        let replaced = self
            .chart("cilium")
            .is_some_and(|cilium| is_true(&cilium.values["kubeProxyReplacement"]));
        let left_out = self
            .bundle
            .cluster()
            .is_some_and(|cluster| cluster["networking"]["kubeProxyMode"] == "none");
        replaced || left_out
    }

    /// Whether Cilium removes the CNI configuration of others, so that none can be chained to it.
    pub fn cilium_is_exclusive(self) -> bool {
        // True where the values do not say.
        self.chart("cilium")
            .is_some_and(|cilium| cilium.values["cni"]["exclusive"] != Value::Bool(false))
    }

    /// Whether Cilium connects the sockets of pods to backends itself, past whatever a mesh would see.
    pub fn cilium_balances_pod_sockets(self) -> bool {
        self.without_kube_proxy()
            && self.chart("cilium").is_some_and(|cilium| {
                cilium.values["socketLB"]["hostNamespaceOnly"] != Value::Bool(true)
            })
    }

    /// Whether the stack makes a kind cluster.
    pub fn is_kind(self) -> bool {
        self.bundle.cluster().is_some()
    }
}

fn is_true(value: &Value) -> bool {
    value == &Value::Bool(true) || value.as_str() == Some("true")
}
