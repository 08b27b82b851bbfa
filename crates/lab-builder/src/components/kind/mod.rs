//! The kind cluster: three nodes, no kube-proxy, no CNI of its own.

use std::collections::BTreeMap;

use super::KIND;
use crate::scope::Scope;
use crate::wiring::PublishedPort;
use stack_builder::{Component, ComponentError, Context, Contribution, Licence, Nodes, Pods};
pub use stack_cluster::kind::{
    Cluster, IpFamily, KubeProxyMode, Mount, Networking, Node, NodeRole, PortMapping, PortProtocol,
};

/// How kind is installed.
const INSTALL: &str = "https://kind.sigs.k8s.io/docs/user/quick-start/#installation";

/// The cluster in which the lab runs (step 1).
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    /// How many control-plane nodes. Documented: 1. The first one carries the port mappings *(ours: the documentation
    /// does not say which node does; with Cilium any node answers on a node port)*.
    pub control_planes: u8,
    /// Nodes that run workloads only. Without any, workloads run on the control plane. Documented: 2.
    pub workers: u8,
    /// The node image *(the version v1.35.0 is documented, the image name is ours: kind's own)*. It is pulled by the
    /// container engine, not by the cluster; see [`Kind::node_image_from_registry`].
    pub node_image: String,
    /// Whether the node image comes from the lab's registry, where one is set, as all other images do; `mirror.sh` brings
    /// it there. Default: yes. Without it, kind takes [`Kind::node_image`] as it is written.
    pub node_image_from_registry: bool,
    /// Further ports of the first control-plane node, besides those of the gateway.
    pub extra_port_mappings: Vec<PortMapping>,
    /// Networking. Documented: no default CNI, no kube-proxy.
    pub networking: Networking,
    /// Kubernetes feature gates to switch *(none documented)*.
    pub feature_gates: BTreeMap<String, bool>,
    /// API versions of the API server to switch *(none documented)*.
    pub runtime_config: BTreeMap<String, String>,
    /// Patches of kubeadm's configuration, as YAML text *(none documented)*.
    pub kubeadm_config_patches: Vec<String>,
    /// Patches of containerd's configuration, as TOML text *(none documented)*.
    pub containerd_config_patches: Vec<String>,
}

impl Default for Kind {
    fn default() -> Self {
        Kind {
            control_planes: 1,
            workers: 2,
            node_image: "kindest/node:v1.35.0".into(),
            node_image_from_registry: true,
            extra_port_mappings: Vec::new(),
            networking: Networking {
                disable_default_cni: true,
                kube_proxy_mode: Some(KubeProxyMode::None),
                ..Networking::default()
            },
            feature_gates: BTreeMap::new(),
            runtime_config: BTreeMap::new(),
            kubeadm_config_patches: Vec::new(),
            containerd_config_patches: Vec::new(),
        }
    }
}

impl From<PublishedPort> for PortMapping {
    fn from(port: PublishedPort) -> Self {
        PortMapping {
            container_port: port.node,
            host_port: port.host,
            listen_address: None,
            protocol: PortProtocol::Tcp,
        }
    }
}

impl Kind {
    /// The configuration that kind reads.
    fn cluster(&self, context: &Scope<'_>, node_image: &str) -> Cluster {
        let gateway = &context.wiring.gateway;
        let mut published: Vec<PortMapping> = [gateway.http, gateway.https, gateway.manager]
            .map(PortMapping::from)
            .into();
        published.extend(self.extra_port_mappings.iter().cloned());
        let node = |role| Node {
            role,
            image: Some(node_image.to_owned()),
            labels: BTreeMap::new(),
            extra_port_mappings: Vec::new(),
            extra_mounts: Vec::new(),
            kubeadm_config_patches: Vec::new(),
        };
        let mut nodes: Vec<Node> = (0..self.control_planes)
            .map(|_| node(NodeRole::ControlPlane))
            .collect();
        if let Some(first) = nodes.first_mut() {
            first.extra_port_mappings = published;
        }
        nodes.extend((0..self.workers).map(|_| node(NodeRole::Worker)));
        Cluster {
            api_version: "kind.x-k8s.io/v1alpha4".into(),
            kind: "Cluster".into(),
            name: context.wiring.cluster.name.clone(),
            feature_gates: self.feature_gates.clone(),
            runtime_config: self.runtime_config.clone(),
            networking: self.networking.clone(),
            nodes,
            kubeadm_config_patches: self.kubeadm_config_patches.clone(),
            containerd_config_patches: self.containerd_config_patches.clone(),
        }
    }
}

impl Component for Kind {
    fn id(&self) -> &str {
        KIND
    }

    fn step(&self) -> Option<u8> {
        Some(1)
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let context = &Scope::of(context)?;
        if self.control_planes == 0 {
            return Err(ComponentError::Field {
                field: "control_planes".into(),
                found: "0".into(),
                expected: "kind needs at least one control-plane node".into(),
            });
        }
        let mirrored = self.node_image_from_registry && out.registry().is_some();
        let node_image = match mirrored {
            true => out.mirrored("node_image", &self.node_image)?.to_string(),
            false => self.node_image.clone(),
        };
        // The release that publishes node images of Kubernetes 1.35.
        out.tool("kind", (0, 31), INSTALL);
        out.cluster("kind-config.yaml", &self.cluster(context, &node_image))?;
        out.nodes(Nodes {
            control_planes: self.control_planes.into(),
            workers: self.workers.into(),
        });
        // API server, controller manager, scheduler and etcd; CoreDNS twice; kind's own storage.
        let static_pods = Pods::exactly(u32::from(self.control_planes) * 4).on_host_network();
        out.pods("kube-system", static_pods + Pods::exactly(2));
        out.pods("local-path-storage", Pods::exactly(1));
        out.licences(&[Licence::of(
            "docker.io/kindest/node",
            "Apache-2.0",
            "https://github.com/kubernetes-sigs/kind",
        )])?;
        out.air_gap().node_image(
            &self.node_image,
            match self.node_image_from_registry {
                true => "pulled by the container engine before there is a cluster",
                false => "pulled by the container engine before there is a cluster, from upstream",
            },
        )
    }
}
