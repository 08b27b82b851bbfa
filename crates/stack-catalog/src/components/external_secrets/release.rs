//! The release of the External Secrets Operator.

use serde_json::json;
use stack_builder::{ComponentError, Context, Contribution, Release};

use super::{
    Definitions, ExternalSecrets, ExternalSecretsImages, Scope, UPSTREAM, WebhookCertificate,
};
use crate::chart_release::{ChartRelease, ImageForm};
use crate::ids::EXTERNAL_SECRETS;
use crate::provide;
use crate::sizes::refused;

/// The label by which the pods of a part are told.
pub(super) const NAME: &str = "app.kubernetes.io/name";

impl ExternalSecrets {
    pub(super) fn has_cert_controller(&self) -> bool {
        self.webhook.certificate == WebhookCertificate::Controller
    }

    pub(super) fn release(
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
                // The chart then leaves out the controller that makes certificates.
                release.set("webhook.certManager.enabled", true);
                release.set("webhook.certManager.cert.issuerRef", issuer);
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
    pub(super) fn narrow(&self, release: &mut ChartRelease) {
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

    pub(super) fn refuse(&self) -> Result<(), ComponentError> {
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
}
