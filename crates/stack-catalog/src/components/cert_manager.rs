//! cert-manager: certificates that are kept valid in Secrets.

use cert_manager_types::v1::{Certificate, ClusterIssuer, Issuer};
use serde_json::{Value, json};
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Finding, Overlay, Pods,
    Provided, Release, Severity, Subject,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::CERT_MANAGER;
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::sizes::{Resources, Size, refused};

/// The chart that is known.
pub const UPSTREAM: Upstream =
    Upstream::new("https://charts.jetstack.io", "cert-manager", "v1.21.1").aliased("jetstack");

/// cert-manager, and the issuers and certificates that come with the stack.
///
/// Its webhook fails closed for all of cert-manager's kinds and gets its `caBundle` from the CA injector at run time. The
/// release waits for a Job that asks the webhook, so issuers that come after it are taken.
#[derive(Clone, Debug, PartialEq)]
pub struct CertManager {
    /// Where it runs. Default: a namespace `cert-manager` of its own; its pods meet the level `restricted`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// How its definitions come into the cluster. Default: with the release, kept when it goes.
    pub definitions: Definitions,
    /// How many controllers; one leads. Default: 2; one in a small stack.
    pub replicas: u32,
    /// The webhook, which every request for one of its kinds needs.
    pub webhook: Webhook,
    /// How many CA injectors; one leads. Default: 2; one in a small stack.
    pub injector_replicas: u32,
    /// Whether certificates may be had for the listeners of Gateways. The definitions of the Gateway API must be there before
    /// cert-manager starts. Default: no.
    pub gateway_api: bool,
    /// DNS servers, each with its port, by which ACME's DNS challenges are looked at before they are reported done; empty for
    /// those of the cluster. Default: empty.
    pub dns_servers: Vec<String>,
    /// Whether the Secret of a certificate goes with the certificate. Default: no, so that a mistake loses no key.
    pub owns_secrets: bool,
    /// What each controller and each injector asks for and may use.
    pub resources: Resources,
    /// Whether Prometheus gets a ServiceMonitor for its controllers.
    pub monitoring: Monitoring,
    /// Whether a Job asks the webhook after the installation, so that what comes next is not refused. Default: yes.
    pub startup_check: bool,
    /// Issuers that Certificates of every namespace may name.
    pub cluster_issuers: Vec<ClusterIssuer>,
    /// Issuers of one namespace each.
    pub issuers: Vec<Issuer>,
    /// Certificates of the stack itself.
    pub certificates: Vec<Certificate>,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: CertManagerImages,
}

/// How cert-manager's definitions come into the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Definitions {
    /// As templates of the release, which upgrades them; they stay when the release goes, and with them all certificates.
    #[default]
    Kept,
    /// As templates of the release; with it they go, and all certificates with them.
    WithRelease,
    /// Others install them before.
    Elsewhere,
}

/// What judges and completes cert-manager's own objects: while none of its pods answers, none can be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// How many pods. Default: 3, as upstream advises; one in a small stack.
    pub replicas: u32,
    /// After how many seconds the API server gives up, 1 to 30. Default: 10.
    pub timeout_seconds: u32,
    /// The port on the network of the node, where the API server cannot reach pods; not 10250, which is the kubelet's.
    /// Default: none, the webhook has a network of its own.
    pub host_port: Option<u16>,
    /// What one pod asks for and may use.
    pub resources: Resources,
}

/// The images of cert-manager, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertManagerImages {
    /// `image`.
    pub controller: String,
    /// `webhook.image`.
    pub webhook: String,
    /// `cainjector.image`.
    pub injector: String,
    /// `acmesolver.image`: in pods that the controller makes for a challenge by HTTP.
    pub solver: String,
    /// `startupapicheck.image`.
    pub startup_check: String,
}

impl Default for CertManagerImages {
    fn default() -> Self {
        let image = |name: &str| format!("quay.io/jetstack/cert-manager-{name}:v1.21.1");
        CertManagerImages {
            controller: image("controller"),
            webhook: image("webhook"),
            injector: image("cainjector"),
            solver: image("acmesolver"),
            startup_check: image("startupapicheck"),
        }
    }
}

impl Default for Webhook {
    fn default() -> Self {
        Webhook {
            replicas: 3,
            timeout_seconds: 10,
            host_port: None,
            resources: Resources::new("20m", "64Mi").memory_limit("128Mi"),
        }
    }
}

impl Default for CertManager {
    fn default() -> Self {
        CertManager {
            home: Home::own("cert-manager"),
            version: UPSTREAM.version.into(),
            definitions: Definitions::default(),
            replicas: 2,
            webhook: Webhook::default(),
            injector_replicas: 2,
            gateway_api: false,
            dns_servers: Vec::new(),
            owns_secrets: false,
            resources: Resources::new("20m", "64Mi").memory_limit("256Mi"),
            monitoring: Monitoring::default(),
            startup_check: true,
            cluster_issuers: Vec::new(),
            issuers: Vec::new(),
            certificates: Vec::new(),
            overlay: Overlay::new(),
            images: CertManagerImages::default(),
        }
    }
}

impl CertManager {
    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        if !(1..=30).contains(&self.webhook.timeout_seconds) {
            return Err(refused(
                "webhook.timeout_seconds",
                self.webhook.timeout_seconds,
                "1 to 30, as Kubernetes allows",
            ));
        }
        let resources = self.resources.to_value("resources")?;
        let mut release = ChartRelease::new(
            CERT_MANAGER,
            &UPSTREAM,
            &self.version,
            &json!({
                // Beside what it leads, so that the release needs no rights in kube-system.
                "global": {"leaderElection": {"namespace": self.home.name()}},
                "replicaCount": self.replicas,
                "resources": resources,
                "enableCertificateOwnerRef": self.owns_secrets,
                "webhook": {
                    "replicaCount": self.webhook.replicas,
                    "timeoutSeconds": self.webhook.timeout_seconds,
                    "resources": self.webhook.resources.to_value("webhook.resources")?,
                },
                "cainjector": {"replicaCount": self.injector_replicas, "resources": resources},
                "startupapicheck": {"enabled": self.startup_check},
            }),
        )?;
        match self.definitions {
            Definitions::Elsewhere => release.set("crds.enabled", false),
            kept => {
                let keep = kept == Definitions::Kept;
                release.set("crds", json!({"enabled": true, "keep": keep}));
            }
        }
        for (part, replicas) in [
            ("", self.replicas),
            ("webhook.", self.webhook.replicas),
            ("cainjector.", self.injector_replicas),
        ] {
            if replicas > 1 {
                let budget = json!({"enabled": true, "minAvailable": 1});
                release.set(&format!("{part}podDisruptionBudget"), budget);
            }
        }
        if let Some(port) = self.webhook.host_port {
            release.set("webhook.hostNetwork", true);
            release.set("webhook.securePort", port);
        }
        if self.gateway_api {
            release.set(
                "config",
                json!({
                    "apiVersion": "controller.config.cert-manager.io/v1alpha1",
                    "kind": "ControllerConfiguration",
                    "enableGatewayAPI": true,
                }),
            );
        }
        if !self.dns_servers.is_empty() {
            release.set("dns01RecursiveNameservers", self.dns_servers.join(","));
            release.set("dns01RecursiveNameserversOnly", true);
        }
        if self.monitoring.is_on(context) {
            release.set("prometheus.servicemonitor.enabled", true);
        }
        let (images, default) = (&self.images, CertManagerImages::default());
        let mut add = |key, image: &str, default: &str| {
            release.image(out, key, ImageForm::Repository, image, default)
        };
        add("image", &images.controller, &default.controller)?;
        add("webhook.image", &images.webhook, &default.webhook)?;
        add("cainjector.image", &images.injector, &default.injector)?;
        add("acmesolver.image", &images.solver, &default.solver)?;
        if self.startup_check {
            let (image, default) = (&images.startup_check, &default.startup_check);
            add("startupapicheck.image", image, default)?;
        }
        release.finish(self.home.name(), &self.overlay)
    }

    /// The Gateway API has to be there before.
    fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
        let Some(release) = bundle.release(CERT_MANAGER) else {
            return;
        };
        let config = &release.values["config"]["enableGatewayAPI"];
        let brought = |group: &str| {
            let mut provided = bundle.parts().iter().flat_map(|part| part.provided());
            provided.any(|one| matches!(one, Provided::ApiGroup(brought) if brought == group))
        };
        if config == &Value::Bool(true) && !brought("gateway.networking.k8s.io") {
            let finding = Finding::new(
                "gateway-api-first",
                Severity::Warning,
                Subject::Release(CERT_MANAGER.into()),
                "no component brings the Gateway API, and cert-manager looks for it only when it starts".to_owned(),
            );
            findings.push(
                finding.at("config.enableGatewayAPI").remedy(
                    "install the Gateway API's definitions before, or leave gateway_api off",
                ),
            );
        }
    }

    fn provide(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        for (name, ports) in [
            ("cert-manager", vec![9402]),
            ("cert-manager-cainjector", vec![9402]),
            ("cert-manager-webhook", vec![443, 9402]),
        ] {
            out.provides(Provided::Service {
                namespace: namespace.into(),
                name: name.into(),
                ports,
            });
            out.provides(Provided::ServiceAccount {
                namespace: namespace.into(),
                name: name.into(),
            });
        }
        out.provides(Provided::Callee {
            namespace: namespace.into(),
            labels: [("app.kubernetes.io/name".into(), "webhook".into())].into(),
            port: self.webhook.host_port.unwrap_or(10250),
            purpose: "the webhook of cert-manager, which the API server calls".into(),
        });
        for group in ["cert-manager.io", "acme.cert-manager.io"] {
            out.provides(Provided::ApiGroup(group.into()));
        }
    }

    fn ask(&self, pods: [u32; 3], out: &mut Contribution) {
        let namespace = self.home.name();
        let questions = out.questions();
        for ((id, name), number) in [
            ("CERT-1", "cert-manager"),
            ("CERT-2", "webhook"),
            ("CERT-3", "cainjector"),
        ]
        .into_iter()
        .zip(pods)
        {
            questions.pods(
                id,
                &format!("the pods `{name}` of cert-manager run"),
                namespace,
                &format!("app.kubernetes.io/name={name}"),
                Count::exactly(number),
                None,
            );
        }
        let names: Vec<String> = self
            .cluster_issuers
            .iter()
            .filter_map(|issuer| issuer.metadata.name.clone())
            .collect();
        if !names.is_empty() {
            questions.names("CERT-4", "the issuers", &["clusterissuers"], names);
        }
    }
}

licences! {
    "https://github.com/cert-manager/cert-manager", "Apache-2.0": [
        "quay.io/jetstack/cert-manager-controller",
        "quay.io/jetstack/cert-manager-webhook",
        "quay.io/jetstack/cert-manager-cainjector",
        "quay.io/jetstack/cert-manager-acmesolver",
        "quay.io/jetstack/cert-manager-startupapicheck",
    ];
}

impl Component for CertManager {
    at_home!(CERT_MANAGER, requires: home);

    fn after(&self) -> Vec<&str> {
        let gateway = self.gateway_api.then_some(crate::ids::GATEWAY);
        self.monitoring.after().chain(gateway).collect()
    }

    fn resize(&mut self, profile: &str) {
        if let Some(size) = Size::named(profile) {
            let one = size == Size::Small;
            self.replicas = if one { 1 } else { 2 };
            self.injector_replicas = if one { 1 } else { 2 };
            self.webhook.replicas = if one { 1 } else { 3 };
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        let level = match self.webhook.host_port {
            Some(_) => PodSecurity::Privileged,
            None => PodSecurity::Restricted,
        };
        self.home.contribute(level, out)?;
        let release = self.release(context, out)?;
        let pods = [
            "/replicaCount",
            "/webhook/replicaCount",
            "/cainjector/replicaCount",
        ]
        .map(|pointer| release.number(pointer, 1));
        let [controllers, webhooks, injectors] = pods;
        let webhooks = match self.webhook.host_port {
            Some(_) => Pods::exactly(webhooks).on_host_network(),
            None => Pods::exactly(webhooks),
        };
        out.release(release.running(webhooks + Pods::exactly(controllers + injectors)));
        self.provide(out);
        for issuer in &self.cluster_issuers {
            out.object("issuers.yaml", issuer.clone())?;
        }
        for issuer in &self.issuers {
            out.object("issuers.yaml", issuer.clone())?;
        }
        for certificate in &self.certificates {
            out.object("certificates.yaml", certificate.clone())?;
        }
        out.check(Self::check);
        self.ask(pods, out);
        Ok(())
    }
}
