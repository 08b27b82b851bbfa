//! KEDA: workloads that scale by what waits for them, down to none.

use keda_types::v1alpha1::{
    ClusterTriggerAuthentication, ScaledJob, ScaledObject, TriggerAuthentication,
};
use serde_json::json;
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Expectation, Finding, Licence,
    Overlay, Pods, Provided, Release, Severity,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity};
use crate::ids::{CERT_MANAGER, KEDA};
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size, refused};
use crate::surroundings::Surroundings;

/// The chart that is known.
pub const UPSTREAM: Upstream =
    Upstream::new("https://kedacore.github.io/charts", "keda", "2.20.2").aliased("kedacore");

/// The group of the API that KEDA serves to autoscalers; a cluster has one provider of it.
pub const EXTERNAL_METRICS: &str = "external.metrics.k8s.io";

/// KEDA, and what it scales.
///
/// It makes a HorizontalPodAutoscaler for each ScaledObject and answers it by the aggregated API `external.metrics.k8s.io`, of
/// which a cluster can have one provider. Its webhook fails open. One of its definitions is larger than what client-side apply
/// can remember: apply them on the server's side. A RoleBinding lies in `kube-system`.
///
/// ```
/// use stack_catalog::components::Keda;
/// use stack_catalog::keda_types::v1alpha1::{ScaleTriggers, ScaledObject, ScaledObjectSpec};
///
/// let hours = ScaleTriggers::cron("Europe/Zurich", "0 8 * * 1-5", "0 18 * * 1-5", 2);
/// let worker = ScaledObject::new("worker", ScaledObjectSpec::of_deployment("worker", [hours]).between(0, 10));
/// let keda = Keda { scaled_objects: vec![worker.in_namespace("demo")], ..Keda::default() };
/// let bundle = stack_catalog::platform("dev", "dev.example.com").with(keda).build()?;
/// assert!(bundle.object("ScaledObject", Some("demo"), "worker").is_some());
/// # Ok::<(), stack_catalog::stack_builder::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Keda {
    /// Where it runs. Default: a namespace `keda` of its own; its pods meet the level `restricted`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// How its definitions come into the cluster. Default: with the release, kept when it goes.
    pub definitions: Definitions,
    /// The namespaces whose workloads it scales; empty for all. Default: empty.
    pub watched_namespaces: Vec<String>,
    /// The operator, which asks the sources of events and makes autoscalers; one pod leads. Default: 2; one in a small stack.
    pub operator: Pool,
    /// The API of metrics that autoscalers ask. Default: 2; one in a small stack.
    pub metrics_server: Pool,
    /// The webhook that refuses ScaledObjects which cannot work; `None` for none. Default: 2; one in a small stack.
    pub webhook: Option<Webhook>,
    /// Whether the metrics server and the webhook stand on the network of the node, where the API server cannot reach pods.
    /// Default: no.
    pub host_network: bool,
    /// As whom the operator signs in with a cloud. Default: as nobody.
    pub identity: CloudIdentity,
    /// Which Secrets the operator may read. Default: all, as triggers of any namespace name Secrets of theirs.
    pub secrets: SecretAccess,
    /// Where the certificates among its parts come from. Default: the operator makes and renews them.
    pub certificates: Certificates,
    /// Network policies around its pods. Default: none.
    pub network_policies: NetworkPolicies,
    /// How much the operator writes. Default: [`LogLevel::Info`].
    pub log_level: LogLevel,
    /// Whether it is scraped.
    pub monitoring: Monitoring,
    /// Workloads that are scaled; without a namespace, they stand in KEDA's.
    pub scaled_objects: Vec<ScaledObject>,
    /// Jobs that are started for work that waits; without a namespace, they stand in KEDA's.
    pub scaled_jobs: Vec<ScaledJob>,
    /// Credentials of triggers of one namespace.
    pub trigger_authentications: Vec<TriggerAuthentication>,
    /// Credentials for triggers of all namespaces; the Secrets that they name lie in KEDA's namespace.
    pub cluster_trigger_authentications: Vec<ClusterTriggerAuthentication>,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: KedaImages,
}

/// How KEDA's definitions come into the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Definitions {
    /// As templates of the release, which upgrades them; they stay when the release goes, and with them all ScaledObjects.
    #[default]
    Kept,
    /// As templates of the release; with it they go, and all ScaledObjects with them.
    WithRelease,
    /// By others.
    Elsewhere,
}

/// Pods of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// How many; above one they get a disruption budget and are spread over the nodes.
    pub replicas: u32,
    /// What one pod asks for and may use.
    pub resources: Resources,
}

/// The webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its pods.
    pub pool: Pool,
    /// Whether requests for KEDA's kinds are refused while the webhook does not answer. Default: no.
    pub fails_closed: bool,
}

/// As whom the operator signs in with a cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CloudIdentity {
    /// As nobody; triggers carry credentials of their own.
    #[default]
    None,
    /// With an IAM role for its ServiceAccount.
    Aws {
        /// The role: `arn:aws:iam::123456789012:role/keda`.
        role_arn: String,
    },
    /// With a workload identity of Entra ID.
    Azure {
        /// The client ID of the identity.
        client_id: String,
        /// The tenant's ID.
        tenant_id: String,
    },
    /// As a Google service account.
    Gcp {
        /// The account: `keda@project.iam.gserviceaccount.com`.
        service_account: String,
    },
}

/// Which Secrets the operator may read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretAccess {
    /// Those of all namespaces.
    #[default]
    Everywhere,
    /// Those of KEDA's namespace alone: triggers use ClusterTriggerAuthentications.
    OwnNamespace,
}

/// Where the certificates among KEDA's parts come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Certificates {
    /// The operator makes them, renews them, and writes the CA into the webhook and the API at run time.
    #[default]
    Operator,
    /// cert-manager makes them, from a CA of their own.
    CertManager,
}

/// Network policies around KEDA's pods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NetworkPolicies {
    /// None.
    #[default]
    None,
    /// CiliumNetworkPolicies.
    Cilium,
    /// NetworkPolicies.
    Kubernetes,
}

/// How much the operator writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogLevel {
    /// What failed.
    Error,
    /// What was done, too.
    #[default]
    Info,
    /// How each trigger answered, too.
    Debug,
}

/// KEDA's images, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KedaImages {
    /// `image.keda`.
    pub operator: String,
    /// `image.metricsApiServer`.
    pub metrics_server: String,
    /// `image.webhooks`.
    pub webhook: String,
}

impl Default for KedaImages {
    fn default() -> Self {
        let image = |name: &str| format!("ghcr.io/kedacore/keda{name}:2.20.2");
        KedaImages {
            operator: image(""),
            metrics_server: image("-metrics-apiserver"),
            webhook: image("-admission-webhooks"),
        }
    }
}

impl Default for Webhook {
    fn default() -> Self {
        Webhook {
            pool: Pool {
                replicas: 2,
                resources: Resources::new("20m", "64Mi").memory_limit("256Mi"),
            },
            fails_closed: false,
        }
    }
}

impl Default for Keda {
    fn default() -> Self {
        Keda {
            home: Home::own("keda"),
            version: UPSTREAM.version.into(),
            definitions: Definitions::default(),
            watched_namespaces: Vec::new(),
            operator: Pool {
                replicas: 2,
                resources: Resources::new("100m", "100Mi").memory_limit("1000Mi"),
            },
            metrics_server: Pool {
                replicas: 2,
                resources: Resources::new("100m", "100Mi").memory_limit("1000Mi"),
            },
            webhook: Some(Webhook::default()),
            host_network: false,
            identity: CloudIdentity::default(),
            secrets: SecretAccess::default(),
            certificates: Certificates::default(),
            network_policies: NetworkPolicies::default(),
            log_level: LogLevel::default(),
            monitoring: Monitoring::default(),
            scaled_objects: Vec::new(),
            scaled_jobs: Vec::new(),
            trigger_authentications: Vec::new(),
            cluster_trigger_authentications: Vec::new(),
            overlay: Overlay::new(),
            images: KedaImages::default(),
        }
    }
}

/// A part: its field here, the keys of its values, and the label `app` of its pods, which is its Service's name, too.
#[derive(Clone, Copy, Debug)]
struct Part {
    field: &'static str,
    /// The key of its own values.
    key: &'static str,
    /// Its key below those that all parts share, such as `resources`.
    shared_key: &'static str,
    app: &'static str,
}

const OPERATOR: Part = Part {
    field: "operator",
    key: "operator",
    shared_key: "operator",
    app: "keda-operator",
};
const METRICS_SERVER: Part = Part {
    field: "metrics_server",
    key: "metricsServer",
    shared_key: "metricServer",
    app: "keda-operator-metrics-apiserver",
};
const WEBHOOK: Part = Part {
    field: "webhook.pool",
    key: "webhooks",
    shared_key: "webhooks",
    app: "keda-admission-webhooks",
};

impl Keda {
    fn pools(&self) -> impl Iterator<Item = (Part, &Pool)> {
        let webhook = self.webhook.as_ref();
        let always = [
            (OPERATOR, &self.operator),
            (METRICS_SERVER, &self.metrics_server),
        ];
        always
            .into_iter()
            .chain(webhook.map(|webhook| (WEBHOOK, &webhook.pool)))
    }

    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        let values = json!({"image": {"pullPolicy": "IfNotPresent"}});
        let mut release = ChartRelease::new(KEDA, &UPSTREAM, &self.version, &values)?;
        let scraped = self.monitoring.is_on(context);
        for (part, pool) in self.pools() {
            let Part {
                key, shared_key, ..
            } = part;
            if pool.replicas == 0 {
                return Err(refused(
                    &format!("{}.replicas", part.field),
                    0,
                    "at least 1",
                ));
            }
            release.set(&format!("{key}.replicaCount"), pool.replicas);
            let resources = pool
                .resources
                .to_value(&format!("{}.resources", part.field))?;
            release.set(&format!("resources.{shared_key}"), resources);
            if pool.replicas > 1 {
                let budget = json!({"minAvailable": 1});
                release.set(&format!("podDisruptionBudget.{shared_key}"), budget);
                let constraints = provide::spread("app", part.app);
                release.set(&format!("topologySpreadConstraints.{key}"), constraints);
            }
            if scraped {
                let on = json!({"enabled": true, "serviceMonitor": {"enabled": true}});
                release.set(&format!("prometheus.{shared_key}"), on);
            }
        }
        match self.definitions {
            Definitions::Kept => release.set(
                "crds.additionalAnnotations",
                json!({"helm.sh/resource-policy": "keep"}),
            ),
            Definitions::WithRelease => {}
            Definitions::Elsewhere => release.set("crds.install", false),
        }
        if !self.watched_namespaces.is_empty() {
            release.set("watchNamespace", self.watched_namespaces.join(","));
        }
        match &self.webhook {
            None => release.set("webhooks.enabled", false),
            Some(webhook) if webhook.fails_closed => release.set("webhooks.failurePolicy", "Fail"),
            Some(_) => {}
        }
        if self.host_network {
            release.set("metricsServer.useHostNetwork", true);
            release.set("metricsServer.dnsPolicy", "ClusterFirstWithHostNet");
            if self.webhook.is_some() {
                release.set("webhooks.useHostNetwork", true);
            }
        }
        self.identify(&mut release);
        if self.secrets == SecretAccess::OwnNamespace {
            release.set("permissions.operator.restrict.secret", true);
            release.set("permissions.metricServer.restrict.secret", true);
        }
        if self.certificates == Certificates::CertManager {
            release.set("certificates.certManager.enabled", true);
        }
        let flavour = match self.network_policies {
            NetworkPolicies::None => None,
            NetworkPolicies::Cilium => Some("cilium"),
            NetworkPolicies::Kubernetes => Some("kubernetes"),
        };
        if let Some(flavour) = flavour {
            let policies = json!({"enabled": true, "flavor": flavour});
            release.set("networkPolicy", policies);
        }
        match self.log_level {
            LogLevel::Info => {}
            LogLevel::Error => release.set("logging.operator.level", "error"),
            LogLevel::Debug => release.set("logging.operator.level", "debug"),
        }
        let (images, default) = (&self.images, KedaImages::default());
        let mut add = |key, image: &str, default: &str| {
            release.image(out, key, ImageForm::Split, image, default)
        };
        add("image.keda", &images.operator, &default.operator)?;
        let metrics_server = &default.metrics_server;
        add(
            "image.metricsApiServer",
            &images.metrics_server,
            metrics_server,
        )?;
        if self.webhook.is_some() {
            add("image.webhooks", &images.webhook, &default.webhook)?;
        }
        release.finish(self.home.name(), &self.overlay)
    }

    fn identify(&self, release: &mut ChartRelease) {
        match &self.identity {
            CloudIdentity::None => {}
            CloudIdentity::Aws { role_arn } => release.set(
                "podIdentity.aws.irsa",
                json!({"enabled": true, "roleArn": role_arn}),
            ),
            CloudIdentity::Azure {
                client_id,
                tenant_id,
            } => release.set(
                "podIdentity.azureWorkload",
                json!({"enabled": true, "clientId": client_id, "tenantId": tenant_id}),
            ),
            CloudIdentity::Gcp { service_account } => release.set(
                "podIdentity.gcp",
                json!({"enabled": true, "gcpIAMServiceAccount": service_account}),
            ),
        }
    }

    fn provide(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        provide::service(out, namespace, OPERATOR.app, &[9666]);
        provide::service(out, namespace, METRICS_SERVER.app, &[443, 8080]);
        provide::accounts(out, namespace, ["keda-operator", "keda-metrics-server"]);
        provide::called(
            out,
            namespace,
            ("app", METRICS_SERVER.app),
            6443,
            "the aggregated API external.metrics.k8s.io",
        );
        if self.webhook.is_some() {
            provide::service(out, namespace, WEBHOOK.app, &[443]);
            provide::accounts(out, namespace, ["keda-webhook"]);
            let what = "the webhook of KEDA";
            provide::called(out, namespace, ("app", WEBHOOK.app), 9443, what);
        }
        provide::groups(out, ["keda.sh", "eventing.keda.sh", EXTERNAL_METRICS]);
    }

    fn objects(&self, out: &mut Contribution) -> Result<(), ComponentError> {
        let home = &self.home;
        let file = "trigger-authentications.yaml";
        provide::add(out, file, &self.cluster_trigger_authentications)?;
        provide::add_in(out, file, home, &self.trigger_authentications)?;
        provide::add_in(out, "scaled-objects.yaml", home, &self.scaled_objects)?;
        provide::add_in(out, "scaled-jobs.yaml", home, &self.scaled_jobs)
    }

    fn ask(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        let questions = out.questions();
        for (at, (Part { app, .. }, pool)) in self.pools().enumerate() {
            questions.pods(
                &format!("KEDA-{}", at + 1),
                &format!("`{app}` runs"),
                namespace,
                &format!("app={app}"),
                Count::exactly(pool.replicas),
                None,
            );
        }
        let service = format!("v1beta1.{EXTERNAL_METRICS}");
        questions.kubectl(
            "KEDA-4",
            "the API server reaches its metrics",
            &["get", "apiservice", &service, "--no-headers"],
            Expectation::like("Available", [" True ".to_owned()]),
        );
        if !self.scaled_objects.is_empty() {
            let arguments = [
                "wait",
                "--for=condition=Ready",
                "--timeout=60s",
                "scaledobjects",
                "--all",
                "--all-namespaces",
            ];
            let what = "each ScaledObject is ready";
            questions.kubectl("KEDA-5", what, &arguments, Expectation::Success);
        }
    }
}

/// A cluster has one provider of the API of external metrics.
fn has_one_provider(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let surroundings = Surroundings::of(bundle);
    let others = bundle.parts().iter().filter(|part| part.id() != KEDA);
    let mut others: Vec<String> = others
        .filter(|part| {
            let is = |one: &Provided| matches!(one, Provided::ApiGroup(group) if group == EXTERNAL_METRICS);
            part.provided().iter().any(is)
        })
        .map(|part| part.id().to_owned())
        .collect();
    let adapter = surroundings.chart("prometheus-adapter");
    others.extend(
        adapter
            .filter(|release| {
                let rules = release.values["rules"]["external"].as_array();
                rules.is_some_and(|rules| !rules.is_empty())
            })
            .map(|release| release.name.clone()),
    );
    let datadog = surroundings.chart("datadog");
    others.extend(
        datadog
            .filter(|release| {
                release.values["clusterAgent"]["metricsProvider"]["enabled"] == json!(true)
            })
            .map(|release| release.name.clone()),
    );
    for other in others {
        let message = format!(
            "{other} serves {EXTERNAL_METRICS}, too: whoever comes later takes the API over"
        );
        findings.push(provide::finding(
            KEDA,
            "external-metrics-twice",
            Severity::Error,
            "metricsServer",
            message,
            "leave the other one's external metrics off, and ask its source by a trigger of KEDA",
        ));
    }
}

/// What the makers of the images' programs state.
const LICENCES: &[Licence<'_>] = &[
    Licence::of(
        "ghcr.io/kedacore/keda",
        "Apache-2.0",
        "https://github.com/kedacore/keda",
    ),
    Licence::of(
        "ghcr.io/kedacore/keda-metrics-apiserver",
        "Apache-2.0",
        "https://github.com/kedacore/keda",
    ),
    Licence::of(
        "ghcr.io/kedacore/keda-admission-webhooks",
        "Apache-2.0",
        "https://github.com/kedacore/keda",
    ),
];

impl Component for Keda {
    fn id(&self) -> &str {
        KEDA
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.home.name().to_owned()))
    }

    fn roles(&self) -> Vec<&str> {
        self.home.roles().collect()
    }

    fn requires(&self) -> Vec<&str> {
        let issuer = self.certificates == Certificates::CertManager;
        let issuer = issuer.then_some(CERT_MANAGER);
        self.home.requires().chain(issuer).collect()
    }

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn resize(&mut self, profile: &str) {
        if let Some(size) = Size::named(profile) {
            let replicas = if size == Size::Small { 1 } else { 2 };
            self.operator.replicas = replicas;
            self.metrics_server.replicas = replicas;
            if let Some(webhook) = &mut self.webhook {
                webhook.pool.replicas = replicas;
            }
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        let level = match self.host_network {
            true => PodSecurity::Privileged,
            false => PodSecurity::Restricted,
        };
        self.home.contribute(level, out)?;
        let release = self.release(context, out)?;
        let operators = Pods::exactly(release.number("/operator/replicaCount", 1));
        let webhooks = match self.webhook {
            Some(_) => release.number("/webhooks/replicaCount", 1),
            None => 0,
        };
        let servers = Pods::exactly(release.number("/metricsServer/replicaCount", 1) + webhooks);
        let servers = match self.host_network {
            true => servers.on_host_network(),
            false => servers,
        };
        out.release(release.running(servers + operators));
        self.provide(out);
        self.objects(out)?;
        out.check(has_one_provider);
        self.ask(out);
        Ok(())
    }
}
