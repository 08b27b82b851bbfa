//! SPIRE: an identity for each workload, by which workloads of a trust domain know each other.

use serde_json::json;
use spire_types::v1alpha1::{ClusterFederatedTrustDomain, ClusterSpiffeId, ClusterStaticEntry};
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Overlay, Pods, Questions,
    Release,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity};
use crate::ids::SPIRE;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size, Volume, quantity, refused};

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
    /// Where it runs. Default: a namespace `spire-server` of its own, at the level `privileged`.
    pub home: Home,
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
    /// Whether it is scraped.
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

/// Who the root of the domain says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaSubject {
    /// The country, two letters. Default: `ZZ`, none that there is.
    pub country: String,
    /// The organization. Default: `Platform`.
    pub organization: String,
    /// The name; `None` for the trust domain. Default: none.
    pub common_name: Option<String>,
}

impl Default for CaSubject {
    fn default() -> Self {
        CaSubject {
            country: "ZZ".into(),
            organization: "Platform".into(),
            common_name: None,
        }
    }
}

/// Where the server keeps what is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// In a file on a volume: one server.
    File(Volume),
    /// In PostgreSQL, from where several servers read; the keys lie on a volume.
    Postgres {
        /// The host.
        host: String,
        /// The database.
        database: String,
        /// The user.
        user: String,
        /// The Secret of the namespace with the password, in the key `password`.
        secret: String,
        /// The volume of the keys.
        volume: Volume,
    },
}

impl Default for Store {
    fn default() -> Self {
        Store::File(Volume::new("5Gi"))
    }
}

/// Who signs the server's certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Authority {
    /// It signs it itself.
    #[default]
    Own,
    /// A CA whose certificate and key lie in this Secret of the namespace, as `tls.crt` and `tls.key`.
    Secret(String),
}

/// The images, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpireImages {
    /// `spire-server.image`.
    pub server: String,
    /// `spire-server.controllerManager.image`.
    pub controller_manager: String,
    /// `spire-agent.image`.
    pub agent: String,
    /// `spiffe-csi-driver.image`.
    pub csi_driver: String,
    /// `spiffe-csi-driver.nodeDriverRegistrar.image`.
    pub registrar: String,
    /// `spiffe-oidc-discovery-provider.image`.
    pub oidc: String,
    /// `spiffe-oidc-discovery-provider.spiffeHelper.image`.
    pub helper: String,
    /// `spire-server.tools.kubectl.image` and that of the publisher of keys: in Jobs around installations.
    pub kubectl: String,
    /// `spire-agent.socketAlternate.image`: names the socket as others expect it.
    pub bash: String,
    /// Those of `helm test`, which no installation runs.
    pub tests: Vec<String>,
}

impl Default for SpireImages {
    fn default() -> Self {
        SpireImages {
            server: "ghcr.io/spiffe/spire-server:1.15.2".into(),
            controller_manager: "ghcr.io/spiffe/spire-controller-manager:0.7.0".into(),
            agent: "ghcr.io/spiffe/spire-agent:1.15.2".into(),
            csi_driver: "ghcr.io/spiffe/spiffe-csi-driver:0.2.7".into(),
            registrar: "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.15.0".into(),
            oidc: "ghcr.io/spiffe/oidc-discovery-provider:1.15.2".into(),
            helper: "ghcr.io/spiffe/spiffe-helper:0.11.0".into(),
            kubectl: "registry.k8s.io/kubectl:v1.35.0".into(),
            bash: "cgr.dev/chainguard/bash:latest@sha256:90041f375e30f41aa7e0390075d8a69dc61900771d52fa98d63ee5d03d866a58".into(),
            tests: [
                "docker.io/library/busybox:1.37.0-uclibc",
                "docker.io/smallstep/step-cli:0.30.2",
                "cgr.dev/chainguard/min-toolkit-debug:latest@sha256:9e45e6836c28489a6e57ca1210ec66927e88eca2409e403616a1278e210e86c9",
            ]
            .map(Into::into)
            .into(),
        }
    }
}

impl Default for Spire {
    fn default() -> Self {
        Spire {
            home: Home::own("spire-server"),
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

/// Where the image of the loader of sockets stands; its tag carries a digest.
const SOCKETS: &str = "spire-agent.socketAlternate.image";

impl Spire {
    fn domain<'a>(&'a self, context: &'a Context<'_>) -> &'a str {
        let own = self.trust_domain.as_deref();
        own.unwrap_or_else(|| context.environment.domain())
    }

    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        let domain = self.domain(context);
        if domain.is_empty() || domain.contains(['/', ':', ' ']) || domain != domain.to_lowercase()
        {
            let expected = "a domain in lower case, without a scheme";
            return Err(refused("trust_domain", domain, expected));
        }
        if self.ca_subject.country.len() != 2 {
            let country = &self.ca_subject.country;
            return Err(refused("ca_subject.country", country, "two letters"));
        }
        let several = self.replicas > 1 && matches!(self.store, Store::File(_));
        if self.replicas == 0 || several {
            let expected = "1, or more with Store::Postgres";
            return Err(refused("replicas", self.replicas, expected));
        }
        let cluster = self.cluster_name.as_deref();
        let small = self.small_resources.to_value("small_resources")?;
        let ids = |on: bool| json!({"enabled": on});
        let mut release = ChartRelease::new(
            SPIRE,
            &UPSTREAM,
            &self.version,
            &json!({
                "global": {"spire": {
                    "trustDomain": domain,
                    "clusterName": cluster.unwrap_or_else(|| context.environment.name()),
                    "jwtIssuer": format!("https://oidc-discovery.{domain}"),
                    "caSubject": {
                        "country": self.ca_subject.country,
                        "organization": self.ca_subject.organization,
                        "commonName": self.ca_subject.common_name.as_deref().unwrap_or(domain),
                    },
                    // Values that are those of an example stop the rendering.
                    "strictMode": true,
                }},
                "spire-server": {
                    "replicaCount": self.replicas,
                    "resources": self.server_resources.to_value("server_resources")?,
                    "controllerManager": {
                        "resources": small,
                        "identities": {"clusterSPIFFEIDs": {"default": ids(self.default_ids)}},
                    },
                },
                "spire-agent": {"resources": self.agent_resources.to_value("agent_resources")?},
                "spiffe-csi-driver": {"resources": small},
                "spiffe-oidc-discovery-provider": ids(self.oidc_replicas > 0),
            }),
        )?;
        if self.oidc_replicas > 0 {
            let oidc = "spiffe-oidc-discovery-provider";
            release.set(&format!("{oidc}.replicaCount"), self.oidc_replicas);
            release.set(&format!("{oidc}.resources"), small);
        }
        self.keep(&mut release)?;
        if let Authority::Secret(name) = &self.authority {
            let secret = json!({"create": false, "name": name});
            let authority = json!({"enabled": true, "secret": secret});
            release.set("spire-server.upstreamAuthority.disk", authority);
            provide::secret(out, self.home.name(), name);
        }
        if self.monitoring.is_on(context) {
            let on = json!({"enabled": true, "podMonitor": {"enabled": true}});
            for part in ["spire-server", "spire-agent"] {
                release.set(&format!("{part}.telemetry.prometheus"), on.clone());
            }
        }
        self.images(&mut release, out)?;
        release.finish(self.home.name(), &self.overlay)
    }

    /// Where what is registered is kept.
    fn keep(&self, release: &mut ChartRelease) -> Result<(), ComponentError> {
        let volume = match &self.store {
            Store::File(volume) => volume,
            Store::Postgres {
                host,
                database,
                user,
                secret,
                volume,
            } => {
                release.set(
                    "spire-server.dataStore.sql",
                    json!({
                        "databaseType": "postgres",
                        "host": host,
                        "databaseName": database,
                        "username": user,
                        "externalSecret": {"enabled": true, "name": secret, "key": "password"},
                    }),
                );
                volume
            }
        };
        quantity("store.volume.size", &volume.size)?;
        let key = "spire-server.persistence";
        release.set(&format!("{key}.size"), volume.size.as_str());
        release.set_some(&format!("{key}.storageClass"), volume.class.as_deref());
        Ok(())
    }

    fn images(
        &self,
        release: &mut ChartRelease,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let (images, default) = (&self.images, SpireImages::default());
        let mut keys = vec![
            ("spire-server.image", &images.server, &default.server),
            (
                "spire-server.controllerManager.image",
                &images.controller_manager,
                &default.controller_manager,
            ),
            (
                "spire-server.tools.kubectl.image",
                &images.kubectl,
                &default.kubectl,
            ),
            ("spire-agent.image", &images.agent, &default.agent),
            (
                "spiffe-csi-driver.image",
                &images.csi_driver,
                &default.csi_driver,
            ),
            (
                "spiffe-csi-driver.nodeDriverRegistrar.image",
                &images.registrar,
                &default.registrar,
            ),
        ];
        if self.oidc_replicas > 0 {
            keys.extend([
                (
                    "spiffe-oidc-discovery-provider.image",
                    &images.oidc,
                    &default.oidc,
                ),
                (
                    "spiffe-oidc-discovery-provider.spiffeHelper.image",
                    &images.helper,
                    &default.helper,
                ),
                (
                    "spiffe-oidc-discovery-provider.tools.kubectl.image",
                    &images.kubectl,
                    &default.kubectl,
                ),
            ]);
        }
        for (key, image, known) in keys {
            release.image(out, key, ImageForm::Split, image, known)?;
        }
        let bash = out.image(SOCKETS, &images.bash)?;
        release.write_image(SOCKETS, ImageForm::Split, &bash);
        if let (Some(tag), Some(digest)) = (bash.tag(), bash.digest()) {
            release.set(&format!("{SOCKETS}.tag"), format!("{tag}@{digest}"));
        }
        for image in &images.tests {
            out.commented_image(
                "helm test",
                image,
                "of `helm test`, which no installation runs",
            )?;
        }
        Ok(())
    }

    fn provide(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        provide::service(out, namespace, "spire-server", &[443]);
        let webhook = "spire-controller-manager-webhook";
        provide::service(out, namespace, webhook, &[443]);
        let oidc = "spire-spiffe-oidc-discovery-provider";
        provide::accounts(out, namespace, ["spire-server", "spire-agent"]);
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

impl Component for Spire {
    fn id(&self) -> &str {
        SPIRE
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.home.name().to_owned()))
    }

    fn roles(&self) -> Vec<&str> {
        self.home.roles().collect()
    }

    fn requires(&self) -> Vec<&str> {
        self.home.requires().collect()
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
        self.home.contribute(PodSecurity::Privileged, out)?;
        // The chart keeps them when the release goes.
        let crds = ChartRelease::new("spire-crds", &CRDS_UPSTREAM, &self.crds_version, &json!({}))?;
        out.release(crds.finish(self.home.name(), &Overlay::new())?);
        let release = self.release(context, out)?;
        let servers = Pods::exactly(release.number("/spire-server/replicaCount", 1));
        let agents = Pods::each_worker().on_host_network();
        let rest = Pods::each_worker() + Pods::exactly(self.oidc_replicas);
        out.release(release.running(servers + agents + rest));
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
        let mut ask = |id: &str, what: &str, name: &str, count: Count| {
            let selector = format!("app.kubernetes.io/name={name}");
            questions.pods(id, what, namespace, &selector, count, None);
        };
        ask(
            "SPIRE-1",
            "the server runs",
            "server",
            Count::exactly(self.replicas),
        );
        let each = bundle.count(Pods::each_worker());
        ask("SPIRE-2", "an agent runs on each node", "agent", each);
        ask(
            "SPIRE-3",
            "the driver runs on each node",
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
