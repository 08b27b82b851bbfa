//! Clusters with fewer addresses than nodes or pods.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Entry;
use stack_model::Value;

pub(super) const CHECK: Check = Check {
    code: "pod-addresses",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "There are fewer addresses for pods than are needed",
    explanation: "Each node gets a block of addresses for its pods. The network is too small for a block per node, \
        or the block is smaller than the number of pods that the node takes: nodes stay NotReady, pods stay in \
        ContainerCreating.",
    remedy: "choose a larger network for pods, or smaller blocks",
    silent: "Networks that are configured elsewhere.",
    failing: include_str!("../../fixtures/pod-addresses/failing.yaml"),
    passing: include_str!("../../fixtures/pod-addresses/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    let nodes = model.nodes().count();
    for cluster in model.objects("kind.x-k8s.io", "Cluster") {
        let own = cluster.items_at("nodes").len().max(1);
        let subnets = cluster.text_at("networking.podSubnet").unwrap_or_default();
        // kubeadm gives each node a block of 256 addresses.
        if let Some(message) = subnets
            .split(',')
            .find_map(|subnet| too_few(subnet, 24, own))
        {
            sink.report(cluster, path("networking.podSubnet"), message);
        }
    }
    for map in model
        .objects("", "ConfigMap")
        .filter(|map| map.name() == "cilium-config")
    {
        let text = |key: &str| {
            map.at("data")
                .and_then(|data| data.get(key))
                .and_then(Value::as_str)
        };
        let is_pool = text("ipam").is_none_or(|mode| mode == "cluster-pool");
        let mask = text("cluster-pool-ipv4-mask-size")
            .and_then(|mask| mask.parse().ok())
            .unwrap_or(24);
        let networks = text("cluster-pool-ipv4-cidr").unwrap_or_default();
        let networks: Vec<&str> = networks
            .split([',', ' '])
            .filter(|network| !network.is_empty())
            .collect();
        if let ([network], true) = (networks.as_slice(), is_pool)
            && let Some(message) = too_few(network, mask, nodes)
        {
            sink.report(map, path("data").key("cluster-pool-ipv4-cidr"), message);
        }
    }
    for node in model.objects("", "Node") {
        if let Some(message) = too_small(node) {
            sink.report(node, path("spec.podCIDR"), message);
        }
    }
}

/// Whether a network has fewer blocks than there are nodes.
fn too_few(network: &str, mask: u32, nodes: usize) -> Option<String> {
    let (address, prefix) = network.trim().split_once('/')?;
    let prefix: u32 = prefix.parse().ok()?;
    // Of IPv6 there is always enough.
    if address.contains(':') || prefix > 32 || mask > 32 {
        return None;
    }
    let blocks = if mask < prefix {
        0
    } else {
        1_u64 << (mask - prefix)
    };
    let nodes = u64::try_from(nodes).ok()?;
    (blocks < nodes)
        .then(|| format!("{network} has {blocks} blocks of /{mask}, and there are {nodes} nodes"))
}

/// Whether a node takes more pods than its block has addresses.
fn too_small(node: &Entry) -> Option<String> {
    let (address, prefix) = node.text_at("spec.podCIDR")?.split_once('/')?;
    let prefix: u32 = prefix
        .parse()
        .ok()
        .filter(|prefix| *prefix <= 32 && !address.contains(':'))?;
    let pods: u64 = node.text_at("status.allocatable.pods")?.parse().ok()?;
    let addresses = 1_u64 << (32 - prefix);
    (addresses < pods).then(|| format!("has {addresses} addresses, and the node takes {pods} pods"))
}
