//! SPIRE: an identity for each workload, by which workloads of a trust domain know each other.

mod authority;
mod images;
mod release;

use serde_json::json;
use spire_types::v1alpha1::{ClusterFederatedTrustDomain, ClusterSpiffeId, ClusterStaticEntry};
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Overlay, Pods, Questions,
};

pub use authority::{Authority, CaSubject, Store};
pub use images::SpireImages;

use crate::chart_release::{ChartRelease, Upstream};
use crate::home::{Home, PodSecurity};
use crate::ids::SPIRE;
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size};

const REPOSITORY: &str = "https://spiffe.github.io/helm-charts-hardened/";

/// The chart of SPIRE that is known.
pub const UPSTREAM: Upstream = Upstream::new(REPOSITORY, "spire", "0.30.0").aliased("spiffe");
/// The chart of the definitions that is known.
pub const CRDS_UPSTREAM: Upstream =
    Upstream::new(REPOSITORY, "spire-crds", "0.6.0").aliased("spiffe");

/// SPIRE's definitions, and its server, agents and CSI driver: two releases, in this order.
///
/// The agent stands on the network of each node and sees its processes, so it is in no mesh and its namespace takes privileged
/// pods. Pods get their identity by a volume of the driver `csi.spiffe.io`. Jobs of the chart switch the webhook's policy
/// around each installation and upgrade; tools that cannot tell the two apart, such as Argo CD, run them at each sync. The
/// definitions stay when their release goes, and with them all registrations.
///
/// ```
/// use stack_catalog::components::Spire;
/// use stack_catalog::spire_types::v1alpha1::{ClusterSpiffeId, ClusterSpiffeIdSpec};
///
/// let shop = ClusterSpiffeIdSpec::by_service_account().for_pods("app.kubernetes.io/part-of", "shop");
/// let spire = Spire { ids: vec![ClusterSpiffeId::new("shop", shop)], ..Spire::default() };
/// let bundle = stack_catalog::platform("prod", "example.com").with(spire).build()?;
/// let values = &bundle.release("spire").unwrap().values;
/// assert_eq!(values["global"]["spire"]["trustDomain"], "example.com");
/// # Ok::<(), stack_catalog::stack_builder::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Spire {
    /// Where it runs. Default: a namespace `spire-server` of its own, at the level `privileged`, or `baseline` where agents and driver
    /// are elsewhere.
    pub home: Home,
    /// Where agents and driver run, at the level `privileged`, as upstream recommends it, together with its priority classes and
    /// security contexts: `Home::own("spire-system")`. `None` leaves them with the server. Default: none.
    pub system: Option<Home>,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// The version of the chart of the definitions. Default: that of [`CRDS_UPSTREAM`].
    pub crds_version: String,
    /// The trust domain, `example.org` of `spiffe://example.org/...`; changing it later makes all identities new. `None` for
    /// the domain of the environment. Default: none.
    pub trust_domain: Option<String>,
    /// The cluster's name in what agents say of themselves; `None` for the name of the environment. Default: none.
    pub cluster_name: Option<String>,
    /// Who the root says it is.
    pub ca_subject: CaSubject,
    /// How many servers; above one they need a database of their own. Default: 1.
    pub replicas: u32,
    /// Where the server keeps what is registered.
    pub store: Store,
    /// Who signs the server's certificate. Default: itself.
    pub authority: Authority,
    /// How many pods publish the keys, so that others can believe tokens of the domain; 0 for none. Default: 1.
    pub oidc_replicas: u32,
    /// Whether each pod gets an identity made of its namespace and its ServiceAccount. Default: yes.
    pub default_ids: bool,
    /// What the server asks for and may use.
    pub server_resources: Resources,
    /// What each agent asks for and may use.
    pub agent_resources: Resources,
    /// What each pod of the driver and of the publisher of keys asks for and may use.
    pub small_resources: Resources,
    /// Whether Prometheus gets PodMonitors for its pods.
    pub monitoring: Monitoring,
    /// Which pods get which identity.
    pub ids: Vec<ClusterSpiffeId>,
    /// Other domains that are believed.
    pub federated_trust_domains: Vec<ClusterFederatedTrustDomain>,
    /// Identities of what is no pod.
    pub static_entries: Vec<ClusterStaticEntry>,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where the images come from.
    pub images: SpireImages,
}

impl Default for Spire {
    fn default() -> Self {
        Spire {
            home: Home::own("spire-server"),
            system: None,
            version: UPSTREAM.version.into(),
            crds_version: CRDS_UPSTREAM.version.into(),
            trust_domain: None,
            cluster_name: None,
            ca_subject: CaSubject::default(),
            replicas: 1,
            store: Store::default(),
            authority: Authority::default(),
            oidc_replicas: 1,
            default_ids: true,
            server_resources: Resources::new("100m", "256Mi").memory_limit("512Mi"),
            agent_resources: Resources::new("50m", "64Mi").memory_limit("256Mi"),
            small_resources: Resources::new("10m", "32Mi").memory_limit("128Mi"),
            monitoring: Monitoring::default(),
            ids: Vec::new(),
            federated_trust_domains: Vec::new(),
            static_entries: Vec::new(),
            overlay: Overlay::new(),
            images: SpireImages::default(),
        }
    }
}

impl Spire {
    fn provide(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        provide::service(out, namespace, "spire-server", &[443]);
        let webhook = "spire-controller-manager-webhook";
        provide::service(out, namespace, webhook, &[443]);
        let oidc = "spire-spiffe-oidc-discovery-provider";
        provide::accounts(out, namespace, ["spire-server"]);
        let system = self.system.as_ref().map_or(namespace, Home::name);
        provide::accounts(out, system, ["spire-agent"]);
        if self.oidc_replicas > 0 {
            provide::service(out, namespace, oidc, &[443]);
            provide::accounts(out, namespace, [oidc]);
        }
        let label = ("app.kubernetes.io/name", "server");
        provide::called(
            out,
            namespace,
            label,
            9443,
            "the webhook of SPIRE's controller manager",
        );
        provide::groups(out, ["spire.spiffe.io"]);
        if let Store::Postgres { secret, .. } = &self.store {
            provide::secret(out, namespace, secret);
        }
    }
}

licences! {
    "https://github.com/spiffe/spire", "Apache-2.0": [
        "ghcr.io/spiffe/spire-server",
        "ghcr.io/spiffe/spire-agent",
        "ghcr.io/spiffe/oidc-discovery-provider",
    ];
    "https://github.com/spiffe/spiffe-csi", "Apache-2.0": ["ghcr.io/spiffe/spiffe-csi-driver"];
    "https://github.com/spiffe/spiffe-helper", "Apache-2.0": ["ghcr.io/spiffe/spiffe-helper"];
    "https://github.com/spiffe/spire-controller-manager", "Apache-2.0": ["ghcr.io/spiffe/spire-controller-manager"];
    "https://github.com/kubernetes/kubectl", "Apache-2.0": ["registry.k8s.io/kubectl"];
    "https://github.com/kubernetes-csi/node-driver-registrar", "Apache-2.0": [
        "registry.k8s.io/sig-storage/csi-node-driver-registrar",
    ];
    "https://github.com/smallstep/cli", "Apache-2.0": ["docker.io/smallstep/step-cli"];
    "https://busybox.net/license.html", "GPL-2.0-only": ["docker.io/library/busybox"];
    "https://www.gnu.org/software/bash/", "GPL-3.0-or-later": ["cgr.dev/chainguard/bash"];
    "https://images.chainguard.dev", unknown: ["cgr.dev/chainguard/min-toolkit-debug"];
}

impl Component for Spire {
    fn id(&self) -> &str {
        SPIRE
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.home.name().to_owned()))
    }

    fn roles(&self) -> Vec<&str> {
        let system = self.system.iter().flat_map(Home::roles);
        self.home.roles().chain(system).collect()
    }

    fn requires(&self) -> Vec<&str> {
        let system = self.system.iter().flat_map(Home::requires);
        self.home.requires().chain(system).collect()
    }

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn resize(&mut self, profile: &str) {
        if let Some(size) = Size::named(profile).filter(|_| self.oidc_replicas > 0) {
            self.oidc_replicas = if size == Size::Small { 1 } else { 2 };
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        let level = match &self.system {
            Some(system) => {
                system.contribute(PodSecurity::Privileged, out)?;
                PodSecurity::Baseline
            }
            None => PodSecurity::Privileged,
        };
        self.home.contribute(level, out)?;
        // The chart keeps them when the release goes.
        let crds = ChartRelease::new("spire-crds", &CRDS_UPSTREAM, &self.crds_version, &json!({}))?;
        out.release(crds.finish(self.home.name(), &Overlay::new())?);
        let release = self.release(context, out)?;
        let servers = Pods::exactly(release.number("/spire-server/replicaCount", 1));
        let servers = servers + Pods::exactly(self.oidc_replicas);
        let agents = Pods::each_worker().on_host_network() + Pods::each_worker();
        match &self.system {
            Some(system) => {
                out.release(release.running(servers));
                out.pods(system.name(), agents);
            }
            None => out.release(release.running(servers + agents)),
        }
        self.provide(out);
        provide::add(out, "ids.yaml", &self.ids)?;
        provide::add(
            out,
            "federated-trust-domains.yaml",
            &self.federated_trust_domains,
        )?;
        provide::add(out, "static-entries.yaml", &self.static_entries)
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        let namespace = self.home.name();
        let system = self.system.as_ref().map_or(namespace, Home::name);
        let mut ask = |id: &str, what: &str, namespace: &str, name: &str, count: Count| {
            let selector = format!("app.kubernetes.io/name={name}");
            questions.pods(id, what, namespace, &selector, count, None);
        };
        ask(
            "SPIRE-1",
            "the server runs",
            namespace,
            "server",
            Count::exactly(self.replicas),
        );
        let each = bundle.count(Pods::each_worker());
        ask(
            "SPIRE-2",
            "an agent runs on each node",
            system,
            "agent",
            each,
        );
        ask(
            "SPIRE-3",
            "the driver runs on each node",
            system,
            "spiffe-csi-driver",
            each,
        );
        let names = provide::names(&self.ids);
        if !names.is_empty() {
            let kinds = ["clusterspiffeids"];
            questions.names("SPIRE-4", "the identities are there", &kinds, names);
        }
        Ok(())
    }
}
