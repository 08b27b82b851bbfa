//! Linkerd: a mesh of sidecars, with its definitions, its CNI plugin, its control plane and its dashboard.

mod certificates;
mod check;
mod cni;
mod multicluster;
mod release;
mod viz;

use linkerd_types::policy::v1alpha1::{
    AuthorizationPolicy, MeshTlsAuthentication, NetworkAuthentication,
};
use linkerd_types::policy::v1beta3::{HttpRoute, Server};
use linkerd_types::v1alpha2::ServiceProfile;
use serde_json::{Value, json};
use stack_builder::{
    Component, ComponentError, Context, Contribution, Count, Overlay, Pods, Release,
};

pub use certificates::Certificates;
pub use cni::LinkerdCni;
pub use multicluster::LinkerdMulticluster;
pub use viz::{LinkerdViz, LinkerdVizImages, VizPrometheus};

use crate::chart_release::{ChartRelease, Upstream};
use crate::home::{Home, PodSecurity};
use crate::ids::{CERT_MANAGER, LINKERD, LINKERD_CNI};
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size, refused};

const REPOSITORY: &str = "https://helm.linkerd.io/edge";
/// The alias of the repository of all five charts.
const ALIAS: &str = "linkerd-edge";

/// The chart of the control plane that is known. Upstream gives charts of edge releases only; this one is that of Linkerd 2.20.
pub const UPSTREAM: Upstream =
    Upstream::new(REPOSITORY, "linkerd-control-plane", "2026.6.3").aliased(ALIAS);
/// The chart of the definitions that is known.
pub const CRDS_UPSTREAM: Upstream =
    Upstream::new(REPOSITORY, "linkerd-crds", "2026.6.3").aliased(ALIAS);
/// The chart of the CNI plugin that is known.
pub const CNI_UPSTREAM: Upstream =
    Upstream::new(REPOSITORY, "linkerd2-cni", "2026.6.3").aliased(ALIAS);
/// The chart of the extension for several clusters that is known.
pub const MULTICLUSTER_UPSTREAM: Upstream =
    Upstream::new(REPOSITORY, "linkerd-multicluster", "2026.6.3").aliased(ALIAS);
/// The chart of the dashboard that is known.
pub const VIZ_UPSTREAM: Upstream =
    Upstream::new(REPOSITORY, "linkerd-viz", "2026.6.3").aliased(ALIAS);

/// Linkerd's definitions, control plane and, where it is wanted, CNI plugin: releases of their own, in this order.
///
/// Pods get a sidecar where their namespace or they themselves have the annotation `linkerd.io/inject: enabled`. Without the CNI
/// plugin each such pod has a container that changes the rules of its network, which only namespaces of the level `privileged`
/// take. No certificate is drawn while the chart is rendered, so the same stack gives the same objects. Its webhooks fail open
/// unless `fails_closed` is set.
#[derive(Clone, Debug, PartialEq)]
pub struct Linkerd {
    /// Where the control plane runs. Default: a namespace `linkerd` of its own, at the level `privileged`, or `baseline` with
    /// the CNI plugin.
    pub home: Home,
    /// The version of the charts. Default: that of [`UPSTREAM`].
    pub version: String,
    /// Whether the definitions of the Gateway API come with Linkerd's, which cannot do without. Default: no, from others.
    pub gateway_api: bool,
    /// The CNI plugin, which needs a namespace of its own; `None` for init containers in each pod. Default: none.
    pub cni: Option<LinkerdCni>,
    /// Where certificates come from. Default: cert-manager.
    pub certificates: Certificates,
    /// How many pods of each part; above one they stand on different nodes. Default: 3; one in a small stack.
    pub replicas: u32,
    /// Whether nothing is taken while the webhooks do not answer: pods without a sidecar they should have, policies that are
    /// not valid. Default: no.
    pub fails_closed: bool,
    /// Who may call pods for which no policy says anything. Default: everybody.
    pub default_policy: InboundPolicy,
    /// The networks that belong to the cluster. Default: all private ones.
    pub cluster_networks: Vec<String>,
    /// Whether the version in use is reported to the makers each day. Default: no.
    pub reports_usage: bool,
    /// What each container of the control plane asks for and may use.
    pub resources: Resources,
    /// What each sidecar asks for and may use.
    pub proxy_resources: Resources,
    /// Whether control plane and sidecars are scraped.
    pub monitoring: Monitoring,
    /// Ports of workloads, so that policies can be about them; without a namespace, objects stand in the control plane's.
    pub servers: Vec<Server>,
    /// Requests of workloads, so that policies and timeouts can be about them.
    pub http_routes: Vec<HttpRoute>,
    /// Which authentications may call which Server, route or namespace.
    pub authorization_policies: Vec<AuthorizationPolicy>,
    /// Groups of callers, by their identity.
    pub mesh_tls_authentications: Vec<MeshTlsAuthentication>,
    /// Groups of callers, by their network.
    pub network_authentications: Vec<NetworkAuthentication>,
    /// What is measured and tried again for each kind of request.
    pub service_profiles: Vec<ServiceProfile>,
    /// Values of one's own for the control plane, merged over the others.
    pub overlay: Overlay,
    /// Values of one's own for the definitions.
    pub crds_overlay: Overlay,
    /// Where the images come from.
    pub images: LinkerdImages,
}

/// Who may call pods for which no policy says anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InboundPolicy {
    /// Everybody, with or without an identity.
    #[default]
    Everybody,
    /// Whoever is in a mesh that is trusted.
    Authenticated,
    /// Whoever is in the networks of the cluster.
    Cluster,
    /// Whoever is in the networks of the cluster and in the mesh.
    ClusterAuthenticated,
    /// Nobody but whom an AuthorizationPolicy names.
    Nobody,
    /// Everybody, and it is written down.
    Audited,
}

impl InboundPolicy {
    fn name(self) -> &'static str {
        match self {
            Self::Everybody => "all-unauthenticated",
            Self::Authenticated => "all-authenticated",
            Self::Cluster => "cluster-unauthenticated",
            Self::ClusterAuthenticated => "cluster-authenticated",
            Self::Nobody => "deny",
            Self::Audited => "audit",
        }
    }
}

/// The images of the control plane, by the keys that carry each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkerdImages {
    /// `controllerImage` and `controllerImageVersion`.
    pub controller: String,
    /// `proxy.image`: in each pod of the mesh.
    pub proxy: String,
}

impl Default for LinkerdImages {
    fn default() -> Self {
        LinkerdImages {
            controller: "cr.l5d.io/linkerd/controller:edge-26.6.3".into(),
            proxy: "cr.l5d.io/linkerd/proxy:edge-26.6.3".into(),
        }
    }
}

impl Default for Linkerd {
    fn default() -> Self {
        Linkerd {
            home: Home::own("linkerd")
                .labelled("linkerd.io/is-control-plane", "true")
                .labelled("config.linkerd.io/admission-webhooks", "disabled"),
            version: UPSTREAM.version.into(),
            gateway_api: false,
            cni: None,
            certificates: Certificates::default(),
            replicas: 3,
            fails_closed: false,
            default_policy: InboundPolicy::default(),
            cluster_networks: [
                "10.0.0.0/8",
                "100.64.0.0/10",
                "172.16.0.0/12",
                "192.168.0.0/16",
                "fd00::/8",
            ]
            .map(Into::into)
            .into(),
            reports_usage: false,
            resources: Resources::new("100m", "50Mi").memory_limit("250Mi"),
            proxy_resources: Resources::new("50m", "20Mi").memory_limit("250Mi"),
            monitoring: Monitoring::default(),
            servers: Vec::new(),
            http_routes: Vec::new(),
            authorization_policies: Vec::new(),
            mesh_tls_authentications: Vec::new(),
            network_authentications: Vec::new(),
            service_profiles: Vec::new(),
            overlay: Overlay::new(),
            crds_overlay: Overlay::new(),
            images: LinkerdImages::default(),
        }
    }
}

/// What a container asks for, in the form of Linkerd's charts.
fn resources(resources: &Resources, field: &str) -> Result<Value, ComponentError> {
    let written = resources.to_value(field)?;
    let mut value = json!({});
    for (theirs, ours) in [("requests", "request"), ("limits", "limit")] {
        for name in ["cpu", "memory"] {
            if let Some(amount) = written[theirs][name].as_str() {
                value[name][ours] = amount.into();
            }
        }
    }
    Ok(value)
}

/// The parts of the control plane, as their label has them.
const PARTS: [&str; 3] = ["destination", "identity", "proxy-injector"];

impl Linkerd {
    fn definitions(&self) -> Result<Release, ComponentError> {
        let values = json!({"installGatewayAPI": self.gateway_api});
        let release = ChartRelease::new("linkerd-crds", &CRDS_UPSTREAM, &self.version, &values)?;
        release.finish(self.home.name(), &self.crds_overlay)
    }

    fn provide(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        for (name, port) in [
            ("linkerd-dst", 8086),
            ("linkerd-dst-headless", 8086),
            ("linkerd-sp-validator", 443),
            ("linkerd-policy", 8090),
            ("linkerd-policy-validator", 443),
            ("linkerd-identity", 8080),
            ("linkerd-identity-headless", 8080),
            ("linkerd-proxy-injector", 443),
        ] {
            provide::service(out, namespace, name, &[port]);
        }
        let accounts = [
            "linkerd-destination",
            "linkerd-identity",
            "linkerd-proxy-injector",
        ];
        provide::accounts(out, namespace, accounts);
        let label = "linkerd.io/control-plane-component";
        for (part, port, what) in [
            (
                "proxy-injector",
                8443,
                "the webhook that gives pods Linkerd's sidecar",
            ),
            (
                "destination",
                8443,
                "the webhook for Linkerd's ServiceProfiles",
            ),
            ("destination", 9443, "the webhook for Linkerd's policies"),
        ] {
            provide::called(out, namespace, (label, part), port, what);
        }
        let groups = ["linkerd.io", "policy.linkerd.io", "workload.linkerd.io"];
        provide::groups(out, groups);
        let gateway = self.gateway_api.then_some("gateway.networking.k8s.io");
        provide::groups(out, gateway);
    }

    fn objects(&self, out: &mut Contribution) -> Result<(), ComponentError> {
        let home = &self.home;
        provide::add_in(out, "servers.yaml", home, &self.servers)?;
        provide::add_in(out, "http-routes.yaml", home, &self.http_routes)?;
        let file = "authentications.yaml";
        provide::add_in(out, file, home, &self.mesh_tls_authentications)?;
        provide::add_in(out, file, home, &self.network_authentications)?;
        let file = "authorization-policies.yaml";
        provide::add_in(out, file, home, &self.authorization_policies)?;
        provide::add_in(out, "service-profiles.yaml", home, &self.service_profiles)
    }
}

licences! {
    "https://github.com/linkerd/linkerd2", "Apache-2.0": ["cr.l5d.io/linkerd/controller"];
    "https://github.com/linkerd/linkerd2-proxy", "Apache-2.0": ["cr.l5d.io/linkerd/proxy"];
    "https://github.com/linkerd/linkerd2-proxy-init", "Apache-2.0": ["cr.l5d.io/linkerd/cni-plugin"];
}

impl Component for Linkerd {
    fn id(&self) -> &str {
        LINKERD
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.home.name().to_owned()))
    }

    fn roles(&self) -> Vec<&str> {
        let cni = self.cni.iter();
        let cni = cni.flat_map(|cni| cni.home.roles().chain([LINKERD_CNI]));
        self.home.roles().chain(cni).collect()
    }

    fn requires(&self) -> Vec<&str> {
        let cni = self.cni.iter().flat_map(|cni| cni.home.requires());
        let issuer = self.certificates.are_made().then_some(CERT_MANAGER);
        self.home.requires().chain(cni).chain(issuer).collect()
    }

    fn after(&self) -> Vec<&str> {
        // Whoever brings the Gateway API, and the network that a CNI plugin is chained to.
        let earlier = [crate::ids::GATEWAY, "cilium", "istio"];
        self.monitoring.after().chain(earlier).collect()
    }

    fn resize(&mut self, profile: &str) {
        if let Some(size) = Size::named(profile) {
            self.replicas = if size == Size::Small { 1 } else { 3 };
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        if self.replicas == 0 {
            return Err(refused("replicas", 0, "at least 1"));
        }
        let level = match self.cni {
            Some(_) => PodSecurity::Baseline,
            None => PodSecurity::Privileged,
        };
        self.home.contribute(level, out)?;
        if let Some(cni) = &self.cni {
            cni.contribute(&self.version, out)?;
        }
        out.release(self.definitions()?);
        self.certificates.of_control_plane(&self.home, out)?;
        let release = release::of(self, context, out)?;
        let replicas = release.number("/controllerReplicas", 1);
        out.release(release.running(Pods::exactly(replicas * 3)));
        self.provide(out);
        self.objects(out)?;
        out.check(check::of(self));
        let questions = out.questions();
        for (at, part) in (1..).zip(PARTS) {
            questions.pods(
                &format!("LINKERD-{at}"),
                &format!("`linkerd-{part}` runs"),
                self.home.name(),
                &format!("linkerd.io/control-plane-component={part}"),
                Count::exactly(replicas),
                None,
            );
        }
        Ok(())
    }
}
