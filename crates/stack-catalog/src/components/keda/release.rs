//! The release of KEDA.

use serde_json::json;
use stack_builder::{ComponentError, Context, Contribution, Release};

use super::{
    Certificates, CloudIdentity, Definitions, Keda, KedaImages, LogLevel, NetworkPolicies, Pool,
    SecretAccess, UPSTREAM,
};
use crate::chart_release::{ChartRelease, ImageForm};
use crate::ids::KEDA;
use crate::provide;
use crate::sizes::refused;

/// A part: its field here, the keys of its values, and the label `app` of its pods, which is its Service's name, too.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) field: &'static str,
    /// The key of its own values.
    pub(super) key: &'static str,
    /// Its key below those that all parts share, such as `resources`.
    pub(super) shared_key: &'static str,
    pub(super) app: &'static str,
}

pub(super) const OPERATOR: Part = Part {
    field: "operator",
    key: "operator",
    shared_key: "operator",
    app: "keda-operator",
};
pub(super) const METRICS_SERVER: Part = Part {
    field: "metrics_server",
    key: "metricsServer",
    shared_key: "metricServer",
    app: "keda-operator-metrics-apiserver",
};
pub(super) const WEBHOOK: Part = Part {
    field: "webhook.pool",
    key: "webhooks",
    shared_key: "webhooks",
    app: "keda-admission-webhooks",
};

impl Keda {
    pub(super) fn pools(&self) -> impl Iterator<Item = (Part, &Pool)> {
        let webhook = self.webhook.as_ref();
        let always = [
            (OPERATOR, &self.operator),
            (METRICS_SERVER, &self.metrics_server),
        ];
        always
            .into_iter()
            .chain(webhook.map(|webhook| (WEBHOOK, &webhook.pool)))
    }

    pub(super) fn release(
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

    pub(super) fn identify(&self, release: &mut ChartRelease) {
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
}
