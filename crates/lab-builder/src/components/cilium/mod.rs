//! Cilium as CNI, with Hubble, and the policies that the exercises apply.

mod air_gap;
mod generated;
mod verify;

use cilium_types::v2::{
    CiliumNetworkPolicy, EndpointSelector, IngressRule, PortRule, PortRuleHttp, Rule,
};
use serde::Serialize;

use crate::documented::{documented_pair, pair};
use crate::ids::{CILIUM, DEMO_APP, KIND};
use crate::scope::Scope;
use crate::wiring::Wiring;
use stack_builder::verify::Questions;
use stack_builder::{Bundle, Component, ComponentError, Context, Contribution, Pods, Provided};
use stack_builder::{Chart, Overlay, Release, Values, overlay};

/// The Service of Hubble UI, as the chart names it.
pub const HUBBLE_UI: &str = "hubble-ui";

/// Cilium and Hubble (step 2): one release in `kube-system`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cilium {
    /// The namespace of the release. Documented: `kube-system`.
    pub namespace: String,
    /// The version of the chart `cilium/cilium`. Documented: 1.19.1.
    pub version: String,
    /// The values that the documentation sets, and those without which the lab would not run.
    pub values: CiliumValues,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where Cilium's images come from.
    pub images: CiliumImages,
}

/// Values of the chart `cilium` that the lab sets.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CiliumValues {
    /// Cilium does the whole work of kube-proxy. Documented: `true`.
    pub kube_proxy_replacement: bool,
    /// How pods reach each other over nodes. Documented: tunnel.
    pub routing_mode: RoutingMode,
    /// Which tunnel; read only where [`RoutingMode::Tunnel`] is chosen. Documented: VXLAN.
    pub tunnel_protocol: TunnelProtocol,
    /// Encryption of what crosses from node to node; traffic within a node stays as it is. Documented: WireGuard.
    pub encryption: Encryption,
    /// How Cilium behaves beside another CNI.
    pub cni: Cni,
    /// In which network namespaces Cilium chooses a Service's backend when a socket connects.
    #[serde(rename = "socketLB")]
    pub socket_lb: SocketLb,
    /// Who gives each node the block from which its pods take addresses.
    pub ipam: Ipam,
    /// Settings of the programs in the kernel.
    pub bpf: Bpf,
    /// L7 policies through Envoy *(ours: `true`, the chart's default, written because exercise 2-3 needs it)*.
    pub l7_proxy: bool,
    /// The operator, which does what is done once per cluster: identities, stale nodes, address blocks.
    pub operator: Operator,
    /// Envoy as a DaemonSet of its own. Derived from the three documented pods.
    pub envoy: Enabled,
    /// Observation of flows, on by default as documented.
    pub hubble: Hubble,
}

/// How packets cross from one node to another: `routingMode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoutingMode {
    /// In a tunnel: the network needs to know nothing of pod addresses.
    Tunnel,
    /// Routed by the network between the nodes.
    Native,
}

/// The tunnel's format: `tunnelProtocol`. Both need a UDP port open between the nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TunnelProtocol {
    /// VXLAN, UDP port 8472.
    Vxlan,
    /// Geneve, UDP port 6081; needed where Cilium's load balancer answers directly through the tunnel.
    Geneve,
}

/// Transparent encryption between nodes: `encryption`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Encryption {
    /// Whether it is on: the type alone does not switch it on. Derived from the documented `encrypt status`.
    pub enabled: bool,
    /// The means; without effect while `enabled` is `false`. Documented: WireGuard.
    #[serde(rename = "type")]
    pub kind: EncryptionType,
}

/// By which means traffic between nodes is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EncryptionType {
    /// WireGuard, part of the Linux kernel.
    Wireguard,
    /// IPsec; needs a key in a Secret.
    Ipsec,
    /// Istio's ztunnel encrypts, and Cilium leaves the traffic of meshed pods to it.
    Ztunnel,
}

/// How Cilium behaves beside another CNI.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cni {
    /// Whether Cilium removes other CNI configurations. Documented: `false`, so that Istio's can be chained.
    pub exclusive: bool,
}

/// Load balancing at the socket, before a packet exists: `socketLB`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SocketLb {
    /// Only in the host's network namespace. Documented: `true`, so that pod traffic cannot go around ztunnel.
    pub host_namespace_only: bool,
}

/// Management of pod addresses: `ipam`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ipam {
    /// *(ours: `kubernetes`)*: the pod CIDR that kind gives each node.
    pub mode: String,
}

/// The data path in the kernel: `bpf`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bpf {
    /// Masquerading by eBPF *(ours: `false`)*: it breaks the kubelet's probes of pods in an ambient mesh.
    pub masquerade: bool,
}

/// Cilium's operator, a Deployment: `operator`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operator {
    /// One leads, the others wait. Documented: 2.
    pub replicas: u32,
}

/// Something that is on or off.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Enabled {
    /// `true` installs it, `false` leaves it out.
    pub enabled: bool,
}

/// Hubble: flows, their metrics and their page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hubble {
    /// Whether flows are observed at all.
    pub enabled: bool,
    /// Gathers the flows of all nodes. Documented: one pod.
    pub relay: HubblePart,
    /// The page that draws flows as a map of Services; needs `relay`. Documented: one pod.
    pub ui: HubblePart,
    /// What Prometheus can read of the flows.
    pub metrics: HubbleMetrics,
}

/// One of Hubble's two Deployments, beside the agents that observe.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HubblePart {
    /// `true` installs the Deployment.
    pub enabled: bool,
    /// Pods of the Deployment; unused while `enabled` is `false`.
    pub replicas: u32,
}

/// Metrics that the agents count from flows; an empty list switches the port off: `hubble.metrics`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HubbleMetrics {
    /// The metrics, each with its options after a `:`. Documented: dns, drop, tcp, flow, icmp, http.
    pub enabled: Vec<String>,
}

impl Default for CiliumValues {
    fn default() -> Self {
        CiliumValues {
            kube_proxy_replacement: true,
            routing_mode: RoutingMode::Tunnel,
            tunnel_protocol: TunnelProtocol::Vxlan,
            encryption: Encryption {
                enabled: true,
                kind: EncryptionType::Wireguard,
            },
            cni: Cni { exclusive: false },
            socket_lb: SocketLb {
                host_namespace_only: true,
            },
            ipam: Ipam {
                mode: "kubernetes".into(),
            },
            bpf: Bpf { masquerade: false },
            l7_proxy: true,
            operator: Operator { replicas: 2 },
            envoy: Enabled { enabled: true },
            hubble: Hubble {
                enabled: true,
                relay: HubblePart {
                    enabled: true,
                    replicas: 1,
                },
                ui: HubblePart {
                    enabled: true,
                    replicas: 1,
                },
                metrics: HubbleMetrics {
                    enabled: ["dns", "drop", "tcp", "flow", "icmp", "http"]
                        .map(str::to_owned)
                        .into(),
                },
            },
        }
    }
}

/// The images that the chart pulls at this version, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CiliumImages {
    /// `image`.
    pub agent: String,
    /// `operator.image`; the chart appends `-generic` to the repository.
    pub operator: String,
    /// `hubble.relay.image`.
    pub relay: String,
    /// `hubble.ui.backend.image`.
    pub ui_backend: String,
    /// `hubble.ui.frontend.image`.
    pub ui_frontend: String,
    /// `certgen.image`.
    pub certgen: String,
    /// `envoy.image`. The chart's own: the documentation prints `v1.31.5-1742306043-…`, which belongs to an older
    /// Cilium, and the two are released as a pair.
    pub envoy: String,
}

impl Default for CiliumImages {
    fn default() -> Self {
        CiliumImages {
            agent: "quay.io/cilium/cilium:v1.19.1".into(),
            operator: "quay.io/cilium/operator-generic:v1.19.1".into(),
            relay: "quay.io/cilium/hubble-relay:v1.19.1".into(),
            ui_backend: "quay.io/cilium/hubble-ui-backend:v0.13.3".into(),
            ui_frontend: "quay.io/cilium/hubble-ui:v0.13.3".into(),
            certgen: "quay.io/cilium/certgen:v0.3.2".into(),
            envoy: "quay.io/cilium/cilium-envoy:v1.35.9-1770979049-232ed4a26881e4ab4f766f251f258ed424fff663".into(),
        }
    }
}

impl Default for Cilium {
    fn default() -> Self {
        Cilium {
            namespace: "kube-system".into(),
            version: "1.19.1".into(),
            values: CiliumValues::default(),
            overlay: Overlay::new(),
            images: CiliumImages::default(),
        }
    }
}

impl Cilium {
    fn release(
        &self,
        context: &Scope<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        let cluster = &context.wiring.cluster;
        let mut values = Values::typed(CILIUM, &self.values)?;
        if cluster.api_server.is_none() && !context.has(KIND) {
            return Err(ComponentError::Field {
                field: "Wiring::cluster.api_server".into(),
                found: "not set".into(),
                expected: "without the component `kind` nothing says where the API server is: give its host name or \
                           address, as the nodes reach it (and api_server_port, where it is not 6443)"
                    .into(),
            });
        }
        // There is no kube-proxy, so the agent must know the API server by its address.
        values.set("k8sServiceHost", cluster.api_server_host());
        values.set("k8sServicePort", cluster.api_server_port);
        // Alloy reads Hubble's metrics there.
        let metrics_port = context.wiring.telemetry.hubble_metrics_port;
        values.set("hubble.metrics.port", metrics_port);
        let (images, upstream) = (&self.images, CiliumImages::default());
        let documented_envoy = "the documented list prints quay.io/cilium/cilium-envoy:\
             v1.31.5-1742306043-95dcc258b0448b2ef1445466e60a0e7dcdc6b85f, which belongs to an older Cilium; \
             chart 1.19.1 pairs Cilium with this one";
        for (key, image, upstream, comment) in [
            ("image", &images.agent, &upstream.agent, ""),
            ("operator.image", &images.operator, &upstream.operator, ""),
            ("hubble.relay.image", &images.relay, &upstream.relay, ""),
            (
                "hubble.ui.backend.image",
                &images.ui_backend,
                &upstream.ui_backend,
                "",
            ),
            (
                "hubble.ui.frontend.image",
                &images.ui_frontend,
                &upstream.ui_frontend,
                "",
            ),
            (
                "certgen.image",
                &images.certgen,
                &upstream.certgen,
                self.certgen_comment(),
            ),
            (
                "envoy.image",
                &images.envoy,
                &upstream.envoy,
                documented_envoy,
            ),
        ] {
            let mut written = out.commented_image(key, image, comment)?;
            // The chart pins its own images by digest; it is left to that unless the image is another.
            if out.registry().is_none() && image == upstream {
                continue;
            }
            // Without a Job that runs it, the chart does not read the value.
            if key == "certgen.image" && !self.runs_certgen() {
                continue;
            }
            if key == "operator.image"
                && let Some(base) = written.name().strip_suffix("-generic")
            {
                written = written.with_name(base);
            }
            values.set_image(key, &written);
            values.set(&format!("{key}.useDigest"), false);
        }
        let chart = Chart::new("https://helm.cilium.io/", "cilium", "cilium", &self.version);
        // Cilium numbers its chart as its images; Envoy's goes with it.
        let version = &self.version;
        let documented = Cilium::default().version;
        let pairs = [
            pair(version, version, &images.agent, "image.tag")?,
            pair(version, version, &images.operator, "operator.image.tag")?,
            pair(version, version, &images.relay, "hubble.relay.image.tag")?,
            documented_pair(
                &documented,
                &upstream.envoy,
                &images.envoy,
                "envoy.image.tag",
            )?,
        ];
        let release = Release::new(CILIUM, &self.namespace, chart, values, &self.overlay)?;
        Ok(release.paired(pairs))
    }

    /// Whether Jobs make certificates; Helm makes them unless the overlay says otherwise.
    fn runs_certgen(&self) -> bool {
        let by_jobs = |path| overlay::get(&self.overlay, path).is_some_and(|it| it == "cronJob");
        by_jobs("hubble.tls.auto.method") || by_jobs("clustermesh.apiserver.tls.auto.method")
    }

    fn certgen_comment(&self) -> &'static str {
        if self.runs_certgen() {
            "run by a Job that makes certificates"
        } else {
            "documented, and run by nothing: Helm makes Hubble's certificates; a Job would with hubble.tls.auto.method cronJob"
        }
    }

    /// The policy of exercise 2-1: only the frontend and Kong reach the backend.
    pub fn allow_frontend_only(wiring: &Wiring) -> CiliumNetworkPolicy {
        let demo = &wiring.demo;
        let rule = Rule::endpoints(EndpointSelector::labels([("app", &demo.backend)]))
            .allow_ingress([IngressRule::from_endpoints([
                EndpointSelector::labels([("app", &demo.frontend)]),
                EndpointSelector::namespace(&wiring.gateway.namespace),
            ])]);
        CiliumNetworkPolicy::new("backend-allow-frontend-only", rule).in_namespace(&demo.namespace)
    }

    /// The policy of exercise 2-3: the frontend may only GET `/status/…` and `/get`.
    ///
    /// Only its name, file and effect are documented; the rules are derived from the effect. That Kong keeps its way
    /// to the backend is *(ours)*: without it the routes of the demo app would be dropped while the policy exists.
    pub fn allow_get_only(wiring: &Wiring) -> CiliumNetworkPolicy {
        let demo = &wiring.demo;
        let http = PortRule::tcp(demo.backend_port);
        let rule = Rule::endpoints(EndpointSelector::labels([("app", &demo.backend)]))
            .allow_ingress([
                IngressRule::from_labels([("app", &demo.frontend)]).on([http
                    .clone()
                    .http([PortRuleHttp::get("/status/.*"), PortRuleHttp::get("/get")])]),
                IngressRule::from_namespace(&wiring.gateway.namespace).on([http]),
            ]);
        CiliumNetworkPolicy::new("backend-l7-http-policy", rule).in_namespace(&demo.namespace)
    }
}

/// The agents, Envoy and the operator share the network of their nodes.
fn pods(release: &Release) -> Pods {
    let envoys = match release.number("/envoy/enabled", 1) {
        0 => Pods::default(),
        _ => Pods::each_node(),
    };
    let operators = Pods::exactly(release.number("/operator/replicas", 2));
    let hubble = [("/hubble/relay/replicas", 1), ("/hubble/ui/replicas", 1)];
    (Pods::each_node() + envoys + operators).on_host_network()
        + Pods::exactly(release.numbers(hubble))
}

impl Component for Cilium {
    fn id(&self) -> &str {
        CILIUM
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.namespace.clone()))
    }

    fn requires(&self) -> Vec<&str> {
        vec![KIND]
    }

    fn step(&self) -> Option<u8> {
        Some(2)
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let context = &Scope::of(context)?;
        let release = self.release(context, out)?;
        let pods = pods(&release);
        out.release(release.running(pods));
        out.wait(
            "every node is ready",
            &[
                "kubectl",
                "wait",
                "--for=condition=Ready",
                "nodes",
                "--all",
                "--timeout=300s",
            ],
        );
        if context.has(DEMO_APP) {
            out.exercise(
                "2-1",
                "policies/backend-allow-frontend-only.yaml",
                Self::allow_frontend_only(context.wiring),
            )?;
            out.exercise(
                "2-3",
                "policies/backend-l7-policy.yaml",
                Self::allow_get_only(context.wiring),
            )?;
        }
        out.provides(Provided::Service {
            namespace: self.namespace.clone(),
            name: HUBBLE_UI.into(),
            ports: vec![80],
        });
        out.provides(Provided::Service {
            namespace: self.namespace.clone(),
            name: "hubble-relay".into(),
            ports: vec![80],
        });
        out.provides(Provided::ApiGroup("cilium.io".into()));
        out.generates("cilium", &Cilium::default().version, generated::GENERATED);
        air_gap::add(out.air_gap())
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        verify::ask(bundle, questions);
        Ok(())
    }
}
