//! Calico: the network of pods, and its policies.

use serde_json::json;
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Finding, Overlay, Pods,
    Questions, Release, Severity, Subject,
};

use crate::chart_release::{ChartRelease, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::CALICO;
use crate::licences::licences;
use crate::provide;
use crate::sizes::{Resources, refused};
use crate::surroundings::Surroundings;

/// The chart of the operator that is known.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://docs.tigera.io/calico/charts",
    "tigera-operator",
    "v3.32.1",
)
.aliased("projectcalico");

/// The chart of the definitions that is known.
pub const DEFINITIONS: Upstream = Upstream::new(
    "https://docs.tigera.io/calico/charts",
    "crd.projectcalico.org.v1",
    "v3.32.1",
)
.aliased("projectcalico");

/// Calico by its operator: the network of a cluster that has no other.
///
/// The definitions are a release of their own, which upgrades them; one of them is larger than `kubectl apply` takes on the
/// client's side, and the release's Secret is near the megabyte that Kubernetes allows. The operator makes the namespace
/// `calico-system` and everything in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Calico {
    /// Where the operator runs, on the network of its node. Default: a namespace `tigera-operator` of its own, `privileged`.
    pub home: Home,
    /// The version of both charts. Default: that of [`UPSTREAM`].
    pub version: String,
    /// The pods' addresses. Default: `10.244.0.0/16`, kind's and kubeadm's usual choice.
    pub pod_cidr: String,
    /// How packets cross nodes. Default: VXLAN where nodes are in different networks.
    pub encapsulation: Encapsulation,
    /// Whether routes are told to others by BGP. Default: no.
    pub bgp: bool,
    /// What moves packets. Default: iptables, beside kube-proxy.
    pub data_plane: DataPlane,
    /// Whether Calico's own API (`projectcalico.org/v3`) is served. Default: yes.
    pub api_server: bool,
    /// The port of each node at which Felix' metrics are read; `None` for none.
    pub node_metrics_port: Option<u16>,
    /// What the operator asks for and may use.
    pub resources: Resources,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: CalicoImages,
}

/// How packets from pod to pod are wrapped between nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encapsulation {
    /// VXLAN between nodes of different networks.
    #[default]
    VxlanCrossSubnet,
    /// VXLAN, also between nodes of one subnet: where the network drops packets with addresses of pods.
    Vxlan,
    /// IP in IP always; needs BGP.
    IpIp,
    /// Not at all: the network routes pods.
    None,
}

/// Which part of the kernel moves packets and applies network policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DataPlane {
    /// iptables, beside kube-proxy.
    #[default]
    Iptables,
    /// nftables, beside a kube-proxy of nftables.
    Nftables,
    /// eBPF, in the place of kube-proxy: Calico must know the API server by its address.
    Bpf {
        /// The API server's host name or address, as nodes reach it.
        api_server: String,
        /// The API server's port.
        port: u16,
    },
}

/// The images of Calico: that of the operator, and those that it runs. The operator knows the latter by its own version, and takes
/// them from a mirror as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalicoImages {
    /// `tigeraOperator`.
    pub operator: String,
    /// What the operator runs, without the API server.
    pub run_by_operator: Vec<String>,
    /// What the operator runs where Calico's API is served.
    pub api_server: String,
}

impl Default for CalicoImages {
    fn default() -> Self {
        let image = |name: &str| format!("quay.io/calico/{name}:v3.32.1");
        CalicoImages {
            operator: "quay.io/tigera/operator:v1.42.3".into(),
            run_by_operator: [
                "node",
                "cni",
                "kube-controllers",
                "typha",
                // An init container of each node's pod.
                "pod2daemon-flexvol",
            ]
            .map(image)
            .into(),
            api_server: image("apiserver"),
        }
    }
}

impl Default for Calico {
    fn default() -> Self {
        Calico {
            home: Home::own("tigera-operator"),
            version: UPSTREAM.version.into(),
            pod_cidr: "10.244.0.0/16".into(),
            encapsulation: Encapsulation::default(),
            bgp: false,
            data_plane: DataPlane::default(),
            api_server: true,
            node_metrics_port: None,
            resources: Resources::new("50m", "128Mi").memory_limit("512Mi"),
            overlay: Overlay::new(),
            images: CalicoImages::default(),
        }
    }
}

impl Calico {
    fn definitions(&self) -> Result<Release, ComponentError> {
        let none = json!({});
        let release = ChartRelease::new("calico-crds", &DEFINITIONS, &self.version, &none)?;
        let release = release.finish(self.home.name(), &Overlay::new())?;
        Ok(release.running(Pods::default()))
    }

    fn release(&self, out: &mut Contribution) -> Result<Release, ComponentError> {
        if self.encapsulation == Encapsulation::IpIp && !self.bgp {
            let expected = "not IpIp without bgp, which tells the nodes' routes";
            return Err(refused("encapsulation", "IpIp", expected));
        }
        let switch = |on: bool| if on { "Enabled" } else { "Disabled" };
        let encapsulation = match self.encapsulation {
            Encapsulation::VxlanCrossSubnet => "VXLANCrossSubnet",
            Encapsulation::Vxlan => "VXLAN",
            Encapsulation::IpIp => "IPIP",
            Encapsulation::None => "None",
        };
        let data_plane = match &self.data_plane {
            DataPlane::Iptables => "Iptables",
            DataPlane::Nftables => "Nftables",
            DataPlane::Bpf { .. } => "BPF",
        };
        let off = json!({"enabled": false});
        let mut release = ChartRelease::new(
            CALICO,
            &UPSTREAM,
            &self.version,
            &json!({
                "installation": {
                    "cni": {"type": "Calico"},
                    "calicoNetwork": {
                        "bgp": switch(self.bgp),
                        "linuxDataplane": data_plane,
                        "ipPools": [{
                            "cidr": self.pod_cidr,
                            "encapsulation": encapsulation,
                            "natOutgoing": "Enabled",
                            "nodeSelector": "all()",
                        }],
                    },
                },
                "apiServer": {"enabled": self.api_server},
                // The page of flows, and what gathers them.
                "goldmane": off,
                "whisker": off,
                "resources": self.resources.to_value("resources")?,
            }),
        )?;
        if let DataPlane::Bpf { api_server, port } = &self.data_plane {
            let endpoint = json!({"host": api_server, "port": port.to_string()});
            release.set("kubernetesServiceEndpoint", endpoint);
        }
        release.set_some("installation.nodeMetricsPort", self.node_metrics_port);
        self.write_images(&mut release, out)?;
        release.finish(self.home.name(), &self.overlay)
    }

    fn write_images(
        &self,
        release: &mut ChartRelease,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let operator = out
            .image("tigeraOperator", &self.images.operator)?
            .canonical();
        let host = operator.host();
        let below = operator.name().strip_prefix(host);
        let path = below.map(|path| path.trim_start_matches('/'));
        release.set("tigeraOperator.registry", host);
        release.set("tigeraOperator.image", path.unwrap_or(operator.name()));
        release.set("tigeraOperator.version", operator.tag().unwrap_or_default());
        let api = self.api_server.then_some(&self.images.api_server);
        for image in self.images.run_by_operator.iter().chain(api) {
            out.commented_image("installation", image, "run by the operator")?;
        }
        // The operator puts registry, path and name together, as the mirror does.
        if let Some(registry) = out.registry().map(ToString::to_string) {
            release.set("installation.registry", format!("{registry}/"));
            release.set("installation.imagePath", CALICO);
        }
        Ok(())
    }

    fn check(&self) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
        let beside_proxy = !matches!(self.data_plane, DataPlane::Bpf { .. });
        move |bundle, findings| {
            let around = Surroundings::of(bundle);
            let mut add = |code, path: &str, message: &str, remedy: &str| {
                let subject = Subject::Release(CALICO.into());
                let finding = Finding::new(code, Severity::Error, subject, message.to_owned());
                findings.push(finding.at(path).remedy(remedy));
            };
            let other = ["cilium", "flannel"]
                .into_iter()
                .find(|chart| around.chart(chart).is_some());
            if let Some(other) = other {
                add(
                    "two-networks",
                    "",
                    &format!("the stack has {other}, too, and a cluster has one network of pods"),
                    "leave one of them out",
                );
            } else if beside_proxy && around.without_kube_proxy() {
                add(
                    "calico-without-kube-proxy",
                    "installation.calicoNetwork.linuxDataplane",
                    "there is no kube-proxy in this stack, and nobody takes its place: Services lead nowhere",
                    "choose DataPlane::Bpf, or let the cluster have kube-proxy",
                );
            }
        }
    }
}

licences! {
    "https://github.com/projectcalico/calico", "Apache-2.0": [
        "quay.io/calico/pod2daemon-flexvol",
        "quay.io/calico/node",
        "quay.io/calico/cni",
        "quay.io/calico/kube-controllers",
        "quay.io/calico/typha",
        "quay.io/calico/apiserver",
    ];
    "https://github.com/tigera/operator", "Apache-2.0": ["quay.io/tigera/operator"];
}

impl Component for Calico {
    at_home!(CALICO, requires: home);

    fn after(&self) -> Vec<&str> {
        vec![lab_builder::components::KIND]
    }

    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        let namespace = self.home.name();
        self.home.contribute(PodSecurity::Privileged, out)?;
        out.release(self.definitions()?);
        let release = self.release(out)?;
        out.release(release.running(Pods::exactly(1).on_host_network()));
        // A node agent on each node; typha and the controllers of the operator depend on the size of the cluster.
        out.pods("calico-system", Pods::each_node().on_host_network());
        provide::accounts(out, namespace, ["tigera-operator"]);
        provide::groups(
            out,
            [
                "operator.tigera.io",
                "crd.projectcalico.org",
                "policy.networking.k8s.io",
            ],
        );
        if self.api_server {
            provide::groups(out, ["projectcalico.org"]);
        }
        out.wait(
            "the operator has made Calico",
            &[
                "kubectl",
                "wait",
                "--for=create",
                "tigerastatus/calico",
                "--timeout=300s",
            ],
        );
        out.wait(
            "Calico is ready on all nodes",
            &[
                "kubectl",
                "wait",
                "--for=condition=Available",
                "tigerastatus/calico",
                "--timeout=600s",
            ],
        );
        out.check(self.check());
        Ok(())
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        let namespace = self.home.name();
        questions.pods(
            "CALICO-1",
            "the operator runs",
            namespace,
            "k8s-app=tigera-operator",
            Count::exactly(1),
            None,
        );
        questions.pods(
            "CALICO-2",
            "Calico runs on each node",
            "calico-system",
            "k8s-app=calico-node",
            bundle.count(Pods::each_node()),
            None,
        );
        Ok(())
    }
}
