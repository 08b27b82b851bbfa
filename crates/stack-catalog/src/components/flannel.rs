//! Flannel: a plain network for pods.

use std::net::IpAddr;

use serde_json::{Value, json};
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Finding, Overlay, Pods, Questions,
    Release, Severity,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::FLANNEL;
use crate::licences::licences;
use crate::provide;
use crate::sizes::{Resources, refused};
use crate::surroundings::Surroundings;

/// The chart that is known.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://flannel-io.github.io/flannel/",
    "flannel",
    "v0.28.9",
);

/// Flannel, as the one network of a cluster.
///
/// It runs on each node, on the node's network, with the right to change it; the nodes need the kernel module `br_netfilter`. By
/// itself it lets every pod reach every other: NetworkPolicies are without effect until `network_policies` is on. Nothing that
/// has an address of its own runs before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flannel {
    /// Where it runs. Default: a namespace `kube-flannel` of its own, at the level `privileged`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// The network of pods, which must be that of the cluster. Default: `10.244.0.0/16`.
    pub pod_network: String,
    /// The network of pods in IPv6; `None` for none. Default: none.
    pub pod_network_v6: Option<String>,
    /// How pods of different nodes reach each other. Default: [`Backend::Vxlan`].
    pub backend: Backend,
    /// The network interface of nodes by which these reach each other, by its name or a regular expression; `None` for that of
    /// the default route. Default: none.
    pub interface: Option<Interface>,
    /// Whether rules are written for nftables rather than iptables. Default: no.
    pub nftables: bool,
    /// Whether a second container on each node keeps NetworkPolicies. Default: yes.
    pub network_policies: bool,
    /// The folder of nodes in which CNI programs lie. Default: `/opt/cni/bin`.
    pub program_path: String,
    /// What one pod asks for and may use.
    pub resources: Resources,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: FlannelImages,
}

/// How pods of different nodes reach each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// In packets of UDP, port 8472.
    #[default]
    Vxlan,
    /// By routes: the nodes must be neighbours in one network.
    HostGateway,
    /// Encrypted by WireGuard, ports 51820 and 51821 of UDP.
    WireGuard,
}

/// A network interface of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interface {
    /// By its name or address: `eth1`.
    Named(String),
    /// The first whose name or address matches: `^10\.1\.`.
    Matching(String),
}

/// Flannel's images, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlannelImages {
    /// `flannel.image`.
    pub flannel: String,
    /// `flannel.flannel_cni.image`: puts the CNI program on the node.
    pub cni_plugin: String,
    /// `netpol.image`: keeps NetworkPolicies.
    pub network_policies: String,
}

impl Default for FlannelImages {
    fn default() -> Self {
        FlannelImages {
            flannel: "ghcr.io/flannel-io/flannel:v0.28.9".into(),
            cni_plugin: "ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3".into(),
            network_policies: "registry.k8s.io/networking/kube-network-policies:v1.0.0".into(),
        }
    }
}

impl Default for Flannel {
    fn default() -> Self {
        Flannel {
            home: Home::own("kube-flannel"),
            version: UPSTREAM.version.into(),
            pod_network: "10.244.0.0/16".into(),
            pod_network_v6: None,
            backend: Backend::default(),
            interface: None,
            nftables: false,
            network_policies: true,
            program_path: "/opt/cni/bin".into(),
            resources: Resources::new("100m", "50Mi").memory_limit("200Mi"),
            overlay: Overlay::new(),
            images: FlannelImages::default(),
        }
    }
}

impl Flannel {
    fn release(&self, out: &mut Contribution) -> Result<Release, ComponentError> {
        network("pod_network", &self.pod_network, IpAddr::is_ipv4)?;
        let mut arguments = vec!["--ip-masq".to_owned(), "--kube-subnet-mgr".to_owned()];
        arguments.extend(self.interface.as_ref().map(|interface| match interface {
            Interface::Named(name) => format!("--iface={name}"),
            Interface::Matching(pattern) => format!("--iface-regex={pattern}"),
        }));
        let backend = match self.backend {
            Backend::Vxlan => "vxlan",
            Backend::HostGateway => "host-gw",
            Backend::WireGuard => "wireguard",
        };
        let mut release = ChartRelease::new(
            FLANNEL,
            &UPSTREAM,
            &self.version,
            &json!({
                "podCidr": self.pod_network,
                "flannel": {
                    "backend": backend,
                    "args": arguments,
                    "cniBinDir": self.program_path,
                    "enableNFTables": self.nftables,
                    "resources": self.resources.to_value("resources")?,
                },
                "netpol": {"enabled": self.network_policies},
            }),
        )?;
        if let Some(v6) = &self.pod_network_v6 {
            network("pod_network_v6", v6, IpAddr::is_ipv6)?;
            release.set("podCidrv6", v6.as_str());
        }
        let (images, default) = (&self.images, FlannelImages::default());
        let mut add = |key, image: &str, default: &str| {
            release.image(out, key, ImageForm::Repository, image, default)
        };
        add("flannel.image", &images.flannel, &default.flannel)?;
        let (image, known) = (&images.cni_plugin, &default.cni_plugin);
        add("flannel.flannel_cni.image", image, known)?;
        if self.network_policies {
            let (image, known) = (&images.network_policies, &default.network_policies);
            add("netpol.image", image, known)?;
        }
        release.finish(self.home.name(), &self.overlay)
    }

    fn check(&self) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
        let (ours, keeps) = (self.pod_network.clone(), self.network_policies);
        move |bundle, findings| {
            let surroundings = Surroundings::of(bundle);
            let mut add = |code, severity, path: &str, message: String, remedy: &str| {
                let finding = provide::finding(FLANNEL, code, severity, path, message, remedy);
                findings.push(finding);
            };
            for chart in ["cilium", "tigera-operator"] {
                let chained = surroundings.chart(chart).is_some_and(|release| {
                    let mode = release.values["cni"]["chainingMode"].as_str();
                    mode.is_some_and(|mode| mode != "none")
                });
                if surroundings.chart(chart).is_some() && !chained {
                    let message = format!(
                        "{chart} is the network of pods, too: which one a pod gets is left to chance"
                    );
                    let remedy = "keep one of the two";
                    add("two-networks", Severity::Error, "flannel", message, remedy);
                }
            }
            if let Some(networking) = bundle.cluster().map(|cluster| &cluster["networking"]) {
                let theirs = networking["podSubnet"].as_str().unwrap_or("10.244.0.0/16");
                if !theirs.split(',').any(|one| one.trim() == ours) {
                    let message = format!(
                        "the cluster gives its pods addresses of {theirs}, and Flannel of {ours}"
                    );
                    let remedy = "set pod_network to the cluster's";
                    add(
                        "pod-network-differs",
                        Severity::Error,
                        "podCidr",
                        message,
                        remedy,
                    );
                }
                if networking["disableDefaultCNI"] != Value::Bool(true) {
                    let message = "kind brings a network of its own".to_owned();
                    let remedy = "set disableDefaultCNI in the cluster, or leave Flannel out";
                    add("two-networks", Severity::Error, "flannel", message, remedy);
                }
            }
            let policies = bundle.of_kind("networking.k8s.io", "NetworkPolicy").count();
            if !keeps && policies > 0 {
                let message =
                    format!("the stack has {policies} NetworkPolicies, and nobody keeps them");
                let remedy = "set network_policies";
                let code = "policies-without-effect";
                add(code, Severity::Error, "netpol.enabled", message, remedy);
            }
        }
    }
}

/// A network in the family that its field takes.
fn network(field: &str, text: &str, family: fn(&IpAddr) -> bool) -> Result<(), ComponentError> {
    let parsed = text.split_once('/').and_then(|(address, length)| {
        let address: IpAddr = address.parse().ok()?;
        let length: u8 = length.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        (family(&address) && length <= most).then_some(())
    });
    parsed.ok_or_else(|| {
        refused(
            field,
            text,
            "a network such as 10.244.0.0/16 or fd00:10::/56",
        )
    })
}

licences! {
    "https://github.com/flannel-io/flannel", "Apache-2.0": ["ghcr.io/flannel-io/flannel"];
    "https://github.com/flannel-io/cni-plugin", "Apache-2.0": ["ghcr.io/flannel-io/flannel-cni-plugin"];
    "https://github.com/kubernetes-sigs/kube-network-policies", "Apache-2.0": [
        "registry.k8s.io/networking/kube-network-policies",
    ];
}

impl Component for Flannel {
    at_home!(FLANNEL, requires: home);

    fn after(&self) -> Vec<&str> {
        vec!["kind"]
    }

    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        self.home.contribute(PodSecurity::Privileged, out)?;
        let release = self.release(out)?;
        out.release(release.running(Pods::each_node().on_host_network()));
        provide::accounts(out, self.home.name(), [FLANNEL]);
        out.check(self.check());
        Ok(())
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        questions.pods(
            "FLANNEL-1",
            "Flannel runs on each node",
            self.home.name(),
            "app=flannel",
            bundle.count(Pods::each_node()),
            None,
        );
        Ok(())
    }
}
