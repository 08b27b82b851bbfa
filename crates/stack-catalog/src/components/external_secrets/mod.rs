//! External Secrets: Secrets that are kept equal to what a store outside the cluster holds.

mod check;
mod choices;
mod release;

use external_secrets_types::v1::{
    ClusterExternalSecret, ClusterSecretStore, ExternalSecret, SecretStore,
};
use external_secrets_types::v1alpha1::{ClusterPushSecret, PushSecret};
use stack_builder::{
    Component, ComponentError, Context, Contribution, Count, Expectation, Overlay, Pods,
};
use std::collections::BTreeMap;

pub use choices::{Definitions, ExternalSecretsImages, Scope, Webhook, WebhookCertificate};

use self::check::is_served;
use self::release::NAME;
use crate::chart_release::Upstream;
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::{CERT_MANAGER, EXTERNAL_SECRETS};
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size};

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
    /// Whether Prometheus gets ServiceMonitors for its pods.
    pub monitoring: Monitoring,
    /// Stores that ExternalSecrets of every namespace may name.
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

impl ExternalSecrets {
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

licences! {
    "https://github.com/external-secrets/external-secrets", "Apache-2.0": [
        "ghcr.io/external-secrets/external-secrets",
    ];
}

impl Component for ExternalSecrets {
    at_home!(EXTERNAL_SECRETS);

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
