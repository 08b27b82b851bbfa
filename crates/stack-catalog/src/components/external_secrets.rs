//! External Secrets: Secrets that are kept equal to what a store outside the cluster holds.

use std::collections::BTreeMap;

use external_secrets_types::v1::{
    ClusterExternalSecret, ClusterSecretStore, ExternalSecret, SecretStore,
};
use external_secrets_types::v1alpha1::{ClusterPushSecret, PushSecret};
use serde_json::{Value, json};
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Expectation, Finding, Licence,
    Overlay, Pods, Release, Severity,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity};
use crate::ids::{CERT_MANAGER, EXTERNAL_SECRETS};
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size, refused};

/// The chart that is known.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://charts.external-secrets.io",
    "external-secrets",
    "2.9.0",
);

/// The External Secrets Operator, and the stores and secrets that come with the stack.
///
/// Its webhook fails closed for stores and ExternalSecrets, also when they are deleted: without its pods no store can be
/// removed. Two of its definitions are larger than what client-side apply can remember: apply them on the server's side. With
/// the definitions all ExternalSecrets go, and with these the Secrets that they own.
///
/// ```
/// use stack_catalog::components::ExternalSecrets;
/// use stack_catalog::external_secrets_types::v1::{ClusterSecretStore, SecretStoreProvider, SecretStoreSpec};
///
/// let vault = SecretStoreProvider::vault("https://vault.example.com", "secret", "external-secrets");
/// let secrets = ExternalSecrets {
///     cluster_stores: vec![ClusterSecretStore::new("vault", SecretStoreSpec::of(vault))],
///     ..ExternalSecrets::default()
/// };
/// let bundle = stack_catalog::platform("dev", "dev.example.com").with(secrets).build()?;
/// assert!(bundle.object("ClusterSecretStore", None, "vault").is_some());
/// # Ok::<(), stack_catalog::stack_builder::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ExternalSecrets {
    /// Where it runs. Default: a namespace `external-secrets` of its own; its pods meet the level `restricted`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// How its definitions come into the cluster. Default: with the release, kept when it goes.
    pub definitions: Definitions,
    /// Whose secrets it keeps. Default: those of all namespaces.
    pub scope: Scope,
    /// How many controllers; one leads. Default: 2; one in a small stack.
    pub replicas: u32,
    /// What one controller asks for and may use.
    pub resources: Resources,
    /// How many secrets one controller works on at once. Default: 1.
    pub concurrent: u32,
    /// Whether Secrets may be written to stores by PushSecrets. Default: no; their kinds are then not installed.
    pub push: bool,
    /// The webhook, which every request for stores and ExternalSecrets needs.
    pub webhook: Webhook,
    /// Annotations of the controllers' ServiceAccount, by which a cloud knows them: `eks.amazonaws.com/role-arn`. Default: none.
    pub account_annotations: BTreeMap<String, String>,
    /// Whether it is scraped.
    pub monitoring: Monitoring,
    /// Stores for all namespaces.
    pub cluster_stores: Vec<ClusterSecretStore>,
    /// Stores of one namespace; without one, they stand in the component's.
    pub stores: Vec<SecretStore>,
    /// Secrets of one namespace; without one, they stand in the component's.
    pub external_secrets: Vec<ExternalSecret>,
    /// Secrets that several namespaces get.
    pub cluster_external_secrets: Vec<ClusterExternalSecret>,
    /// Secrets of one namespace that are written to stores.
    pub push_secrets: Vec<PushSecret>,
    /// Secrets of several namespaces that are written to stores.
    pub cluster_push_secrets: Vec<ClusterPushSecret>,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: ExternalSecretsImages,
}

/// How the definitions come into the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Definitions {
    /// As templates of the release, which upgrades them; they stay when the release goes, and with them all ExternalSecrets.
    #[default]
    Kept,
    /// As templates of the release; with it they go, all ExternalSecrets with them, and the Secrets that these own.
    WithRelease,
    /// By others.
    Elsewhere,
}

/// Whose secrets the operator keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Those of all namespaces; it may read and write all Secrets.
    #[default]
    Cluster,
    /// Those of one namespace, with rights there alone. What is for all namespaces is left alone.
    Namespace(String),
}

/// The webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// How many pods. Default: 2; one in a small stack.
    pub replicas: u32,
    /// Whether requests for its kinds are taken while it does not answer. Default: no.
    pub fails_open: bool,
    /// Who makes its certificate. Default: a controller of the chart's.
    pub certificate: WebhookCertificate,
    /// What one pod asks for and may use.
    pub resources: Resources,
    /// The port on the network of the node, where the API server cannot reach pods; not 10250, which is the kubelet's.
    /// Default: none, the webhook has a network of its own.
    pub host_port: Option<u16>,
}

/// Who makes the webhook's certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WebhookCertificate {
    /// A controller of the chart's, one pod, which writes the CA into the webhook at run time.
    #[default]
    Controller,
    /// cert-manager, with this ClusterIssuer.
    ClusterIssuer(String),
    /// cert-manager, with this Issuer of the component's namespace.
    Issuer(String),
}

/// The images, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalSecretsImages {
    /// `image`.
    pub controller: String,
    /// `webhook.image`.
    pub webhook: String,
    /// `certController.image`.
    pub cert_controller: String,
}

const IMAGE: &str = "ghcr.io/external-secrets/external-secrets:v2.9.0";

impl Default for ExternalSecretsImages {
    fn default() -> Self {
        ExternalSecretsImages {
            controller: IMAGE.into(),
            webhook: IMAGE.into(),
            cert_controller: IMAGE.into(),
        }
    }
}

impl Default for Webhook {
    fn default() -> Self {
        Webhook {
            replicas: 2,
            fails_open: false,
            certificate: WebhookCertificate::default(),
            resources: Resources::new("20m", "64Mi").memory_limit("128Mi"),
            host_port: None,
        }
    }
}

impl Default for ExternalSecrets {
    fn default() -> Self {
        ExternalSecrets {
            home: Home::own("external-secrets"),
            version: UPSTREAM.version.into(),
            definitions: Definitions::default(),
            scope: Scope::default(),
            replicas: 2,
            resources: Resources::new("20m", "96Mi").memory_limit("256Mi"),
            concurrent: 1,
            push: false,
            webhook: Webhook::default(),
            account_annotations: BTreeMap::new(),
            monitoring: Monitoring::default(),
            cluster_stores: Vec::new(),
            stores: Vec::new(),
            external_secrets: Vec::new(),
            cluster_external_secrets: Vec::new(),
            push_secrets: Vec::new(),
            cluster_push_secrets: Vec::new(),
            overlay: Overlay::new(),
            images: ExternalSecretsImages::default(),
        }
    }
}

/// The label by which the pods of a part are told.
const NAME: &str = "app.kubernetes.io/name";

impl ExternalSecrets {
    fn has_cert_controller(&self) -> bool {
        self.webhook.certificate == WebhookCertificate::Controller
    }

    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        self.refuse()?;
        let mut release = ChartRelease::new(
            EXTERNAL_SECRETS,
            &UPSTREAM,
            &self.version,
            &json!({
                "replicaCount": self.replicas,
                "concurrent": self.concurrent,
                "resources": self.resources.to_value("resources")?,
                "webhook": {
                    "replicaCount": self.webhook.replicas,
                    "resources": self.webhook.resources.to_value("webhook.resources")?,
                },
            }),
        )?;
        match self.definitions {
            Definitions::Kept => release.set(
                "crds.annotations",
                json!({"helm.sh/resource-policy": "keep"}),
            ),
            Definitions::WithRelease => {}
            Definitions::Elsewhere => release.set("installCRDs", false),
        }
        if self.replicas > 1 {
            release.set("leaderElect", true);
            release.set("podDisruptionBudget.enabled", true);
            let constraints = provide::spread(NAME, "external-secrets");
            release.set("topologySpreadConstraints", constraints);
        }
        if self.webhook.replicas > 1 {
            release.set("webhook.podDisruptionBudget.enabled", true);
            let constraints = provide::spread(NAME, "external-secrets-webhook");
            release.set("webhook.topologySpreadConstraints", constraints);
        }
        self.narrow(&mut release);
        if self.webhook.fails_open {
            release.set("webhook.failurePolicy", "Ignore");
        }
        if let Some(port) = self.webhook.host_port {
            release.set("webhook.hostNetwork", true);
            release.set("webhook.port", port);
        }
        let issuer = match &self.webhook.certificate {
            WebhookCertificate::Controller => None,
            WebhookCertificate::ClusterIssuer(name) => Some(("ClusterIssuer", name)),
            WebhookCertificate::Issuer(name) => Some(("Issuer", name)),
        };
        match issuer {
            Some((kind, name)) => {
                let issuer = json!({"group": "cert-manager.io", "kind": kind, "name": name});
                release.set("webhook.certManager.enabled", true);
                release.set("webhook.certManager.cert.issuerRef", issuer);
                release.set("certController.create", false);
            }
            None => {
                let resources = self.webhook.resources.to_value("webhook.resources")?;
                release.set("certController.resources", resources);
            }
        }
        if !self.account_annotations.is_empty() {
            let annotations = json!(self.account_annotations);
            release.set("serviceAccount.annotations", annotations);
        }
        if self.monitoring.is_on(context) {
            release.set("serviceMonitor.enabled", true);
            // The chart would look for the kind in the cluster, which offline is not there.
            release.set("serviceMonitor.renderMode", "alwaysRender");
        }
        let (images, default) = (&self.images, ExternalSecretsImages::default());
        let mut add = |key, image: &str, default: &str| {
            release.image(out, key, ImageForm::Repository, image, default)
        };
        add("image", &images.controller, &default.controller)?;
        add("webhook.image", &images.webhook, &default.webhook)?;
        if self.has_cert_controller() {
            let (image, default) = (&images.cert_controller, &default.cert_controller);
            add("certController.image", image, default)?;
        }
        release.finish(self.home.name(), &self.overlay)
    }

    /// What the operator leaves alone.
    fn narrow(&self, release: &mut ChartRelease) {
        if let Scope::Namespace(name) = &self.scope {
            release.set("scopedNamespace", name.as_str());
            release.set("scopedRBAC", true);
            for key in [
                "processClusterExternalSecret",
                "processClusterStore",
                "processClusterGenerator",
            ] {
                release.set(key, false);
            }
        }
        let everywhere = self.push && self.scope == Scope::Cluster;
        if !everywhere {
            release.set("processClusterPushSecret", false);
        }
        if !self.push {
            release.set("processPushSecret", false);
            if self.definitions != Definitions::Elsewhere {
                release.set("crds.createPushSecret", false);
                release.set("crds.createClusterPushSecret", false);
            }
        }
    }

    fn refuse(&self) -> Result<(), ComponentError> {
        for (field, number) in [
            ("replicas", self.replicas),
            ("webhook.replicas", self.webhook.replicas),
            ("concurrent", self.concurrent),
        ] {
            if number == 0 {
                return Err(refused(field, 0, "at least 1"));
            }
        }
        let pushed = self.push_secrets.len() + self.cluster_push_secrets.len();
        if !self.push && pushed > 0 {
            let expected = "true, because there are PushSecrets";
            return Err(refused("push", false, expected));
        }
        if self.scope != Scope::Cluster {
            let expected = "empty: an operator of one namespace leaves them alone";
            for (field, number) in [
                ("cluster_stores", self.cluster_stores.len()),
                (
                    "cluster_external_secrets",
                    self.cluster_external_secrets.len(),
                ),
                ("cluster_push_secrets", self.cluster_push_secrets.len()),
            ] {
                if number > 0 {
                    return Err(refused(field, format!("{number} objects"), expected));
                }
            }
        }
        Ok(())
    }

    fn provide(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        let webhook = "external-secrets-webhook";
        provide::service(out, namespace, webhook, &[443]);
        provide::accounts(out, namespace, [EXTERNAL_SECRETS, webhook]);
        if self.has_cert_controller() {
            provide::accounts(out, namespace, ["external-secrets-cert-controller"]);
        }
        let port = self.webhook.host_port.unwrap_or(10250);
        let what = "the webhook of External Secrets";
        provide::called(out, namespace, (NAME, webhook), port, what);
        let groups = ["external-secrets.io", "generators.external-secrets.io"];
        provide::groups(out, groups);
    }

    fn objects(&self, out: &mut Contribution) -> Result<(), ComponentError> {
        let home = &self.home;
        provide::add(out, "stores.yaml", &self.cluster_stores)?;
        provide::add_in(out, "stores.yaml", home, &self.stores)?;
        let file = "external-secrets.yaml";
        provide::add(out, file, &self.cluster_external_secrets)?;
        provide::add_in(out, file, home, &self.external_secrets)?;
        provide::add(out, "push-secrets.yaml", &self.cluster_push_secrets)?;
        provide::add_in(out, "push-secrets.yaml", home, &self.push_secrets)
    }

    fn ask(&self, numbers: [u32; 3], out: &mut Contribution) {
        let namespace = self.home.name();
        let questions = out.questions();
        let names = [
            EXTERNAL_SECRETS,
            "external-secrets-webhook",
            "external-secrets-cert-controller",
        ];
        for ((at, name), number) in (1..).zip(names).zip(numbers) {
            if number > 0 {
                questions.pods(
                    &format!("SECRETS-{at}"),
                    &format!("`{name}` runs"),
                    namespace,
                    &format!("{NAME}={name}"),
                    Count::exactly(number),
                    None,
                );
            }
        }
        for (id, what, kind, there) in [
            (
                "SECRETS-4",
                "each store for all can be reached",
                "clustersecretstores",
                !self.cluster_stores.is_empty(),
            ),
            (
                "SECRETS-5",
                "each external secret is in step",
                "externalsecrets",
                !self.external_secrets.is_empty(),
            ),
        ] {
            if there {
                let mut arguments = vec!["wait", "--for=condition=Ready", "--timeout=60s", kind];
                arguments.push("--all");
                if kind == "externalsecrets" {
                    arguments.push("--all-namespaces");
                }
                questions.kubectl(id, what, &arguments, Expectation::Success);
            }
        }
    }
}

/// Objects of a version that this operator no longer serves.
fn is_served(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let Some(release) = bundle.release(EXTERNAL_SECRETS) else {
        return;
    };
    if release.values["crds"]["unsafeServeV1Beta1"] == Value::Bool(true) {
        return;
    }
    for object in bundle.objects() {
        let id = object.id();
        if id.group() == "external-secrets.io" && id.version() == "v1beta1" {
            let message = "this operator does not serve v1beta1";
            let finding = Finding::new(
                "version-not-served",
                Severity::Error,
                id.clone(),
                message.to_owned(),
            );
            findings.push(
                finding
                    .at("apiVersion")
                    .remedy("write external-secrets.io/v1"),
            );
        }
    }
}

/// What the makers of the images' programs state.
const LICENCES: &[Licence<'_>] = &[Licence::of(
    "ghcr.io/external-secrets/external-secrets",
    "Apache-2.0",
    "https://github.com/external-secrets/external-secrets",
)];

impl Component for ExternalSecrets {
    fn id(&self) -> &str {
        EXTERNAL_SECRETS
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.home.name().to_owned()))
    }

    fn roles(&self) -> Vec<&str> {
        self.home.roles().collect()
    }

    fn requires(&self) -> Vec<&str> {
        let issuer = (!self.has_cert_controller()).then_some(CERT_MANAGER);
        self.home.requires().chain(issuer).collect()
    }

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn resize(&mut self, profile: &str) {
        if let Some(size) = Size::named(profile) {
            let replicas = if size == Size::Small { 1 } else { 2 };
            self.replicas = replicas;
            self.webhook.replicas = replicas;
            self.concurrent = if size == Size::Large { 4 } else { 1 };
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
        let cert_controllers = match self.has_cert_controller() {
            true => release.number("/certController/replicaCount", 1),
            false => 0,
        };
        let numbers = [
            release.number("/replicaCount", 1),
            release.number("/webhook/replicaCount", 1),
            cert_controllers,
        ];
        let [controllers, webhooks, _] = numbers;
        let webhooks = match self.webhook.host_port {
            Some(_) => Pods::exactly(webhooks).on_host_network(),
            None => Pods::exactly(webhooks),
        };
        let pods = webhooks + Pods::exactly(controllers + cert_controllers);
        out.release(release.running(pods));
        self.provide(out);
        self.objects(out)?;
        out.check(is_served);
        self.ask(numbers, out);
        Ok(())
    }
}
