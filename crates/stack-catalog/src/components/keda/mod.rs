//! KEDA: workloads that scale by what waits for them, down to none.

mod check;
mod choices;
mod release;

use keda_types::v1alpha1::{
    ClusterTriggerAuthentication, ScaledJob, ScaledObject, TriggerAuthentication,
};
use stack_builder::{
    Component, ComponentError, Context, Contribution, Count, Expectation, Overlay, Pods,
};

pub use choices::{
    Certificates, CloudIdentity, Definitions, KedaImages, LogLevel, NetworkPolicies, Pool,
    SecretAccess, Webhook,
};

use self::check::has_one_provider;
use self::release::{METRICS_SERVER, OPERATOR, Part, WEBHOOK};
use crate::chart_release::Upstream;
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::{CERT_MANAGER, KEDA};
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size};

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
    /// Whether Prometheus gets ServiceMonitors for its programs.
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

impl Keda {
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

licences! {
    "https://github.com/kedacore/keda", "Apache-2.0": [
        "ghcr.io/kedacore/keda",
        "ghcr.io/kedacore/keda-metrics-apiserver",
        "ghcr.io/kedacore/keda-admission-webhooks",
    ];
}

impl Component for Keda {
    at_home!(KEDA);

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
