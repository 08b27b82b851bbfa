//! Gatekeeper and the four documented policies of the demo namespace.

mod air_gap;
mod verify;

mod policies;

use serde::Serialize;
use serde_json::Value;

pub use policies::{Policy, policies};

use crate::documented::pair;
use crate::environment::Profile;
use crate::ids::{ARGOCD, GATEKEEPER};
use crate::scope::Scope;
use crate::scope::namespace;
use stack_builder::verify::Questions;
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, ObjectId, Pods, Provided,
};
use stack_builder::{Chart, Overlay, Release, Values, overlay};

/// Gatekeeper (step 6): one release, four ConstraintTemplates, four constraints.
#[derive(Clone, Debug, PartialEq)]
pub struct Gatekeeper {
    /// The namespace. Documented: `gatekeeper-system`.
    pub namespace: String,
    /// The version of the chart `gatekeeper/gatekeeper`. Documented: 3.21.1.
    pub version: String,
    /// The values that the documentation sets, and those without which the lab would not run.
    pub values: GatekeeperValues,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// The webhook's and the audit's image. Documented: `docker.io/openpolicyagent/gatekeeper:v3.21.1`.
    pub image: String,
    /// The image of the Jobs that install the CRDs and label the namespace. Documented:
    /// `docker.io/openpolicyagent/gatekeeper-crds:v3.21.1`.
    pub crds_image: String,
    /// The policies. Documented: four, all in the namespace `demo`, all denying.
    pub policies: Vec<Policy>,
}

/// Values of the chart `gatekeeper` that the lab sets.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GatekeeperValues {
    /// Pods of the webhook. Documented: 1 in the lab, 3 or more in the data centre.
    pub replicas: u32,
    /// What happens to a request when the webhook does not answer. Documented: it is let through.
    pub validating_webhook_failure_policy: FailurePolicy,
    /// After the installation.
    pub post_install: PostInstall,
}

/// What happens to a request when a webhook does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum FailurePolicy {
    /// It is let through.
    Ignore,
    /// It is refused.
    Fail,
}

/// What the chart does after the installation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PostInstall {
    /// The Job that waits for the webhook *(ours: off, because its curl image is in no documented list)*.
    pub probe_webhook: Toggle,
}

/// On or off.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Toggle {
    /// Whether it is on.
    pub enabled: bool,
}

impl Default for Gatekeeper {
    fn default() -> Self {
        Gatekeeper {
            namespace: "gatekeeper-system".into(),
            version: "3.21.1".into(),
            values: GatekeeperValues {
                replicas: 1,
                validating_webhook_failure_policy: FailurePolicy::Ignore,
                post_install: PostInstall {
                    probe_webhook: Toggle { enabled: false },
                },
            },
            overlay: Overlay::new(),
            image: "docker.io/openpolicyagent/gatekeeper:v3.21.1".into(),
            crds_image: "docker.io/openpolicyagent/gatekeeper-crds:v3.21.1".into(),
            policies: policies(),
        }
    }
}

impl Gatekeeper {
    fn release(&self, out: &mut Contribution) -> Result<Release, ComponentError> {
        let mut values = Values::typed(GATEKEEPER, &self.values)?;
        // The chart calls a tag a release, and pulls the CRDs image and the labelling Jobs' image by keys of their own.
        let image = out.image("image", &self.image)?;
        values.set("image.repository", image.name());
        values.set("image.release", image.tag().unwrap_or_default());
        let crds = out.commented_image(
            "preInstall.crdRepository.image",
            &self.crds_image,
            "run by Jobs before and after the installation",
        )?;
        // `preInstall` goes before `image.crdRepository`, which would be without effect beside it.
        values.set_image("preInstall.crdRepository.image", &crds);
        for (job, default) in [
            ("postInstall.labelNamespace", true),
            ("postUpgrade.labelNamespace", false),
            ("preUninstall.deleteWebhookConfigurations", false),
        ] {
            // A Job that is off pulls nothing.
            let switch = overlay::get(&self.overlay, &format!("{job}.enabled"));
            if switch.and_then(Value::as_bool).unwrap_or(default) {
                values.set_image(&format!("{job}.image"), &crds);
            }
        }
        let chart = Chart::new(
            "https://open-policy-agent.github.io/gatekeeper/charts",
            "gatekeeper",
            "gatekeeper",
            &self.version,
        );
        // Gatekeeper numbers its chart as its images.
        let version = &self.version;
        let pairs = [
            pair(version, version, &self.image, "image.release")?,
            pair(
                version,
                version,
                &self.crds_image,
                "preInstall.crdRepository.image.tag",
            )?,
        ];
        let release = Release::new(GATEKEEPER, &self.namespace, chart, values, &self.overlay)?;
        Ok(release.paired(pairs))
    }
}

impl Component for Gatekeeper {
    fn id(&self) -> &str {
        GATEKEEPER
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.namespace.clone()))
    }

    fn after(&self) -> Vec<&str> {
        vec![ARGOCD]
    }

    fn step(&self) -> Option<u8> {
        Some(6)
    }

    fn resize(&mut self, profile: &str) {
        let Some(profile) = Profile::named(profile) else {
            return;
        };
        self.values.replicas = match profile {
            Profile::Lab => 1,
            Profile::DataCenter => 3,
        };
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let context = &Scope::of(context)?;
        let demo = &context.wiring.demo.namespace;
        out.object("namespace.yaml", namespace(&self.namespace))?;
        let release = self.release(out)?;
        let pods = release.numbers([("/replicas", 3), ("/audit/replicas", 1)]);
        out.release(release.running(Pods::exactly(pods)));
        for policy in &self.policies {
            out.object(
                format!("templates/{}.yaml", policy.kind.to_lowercase()),
                policy.template(),
            )?;
        }
        for policy in &self.policies {
            let crd = format!(
                "crd/{}.constraints.gatekeeper.sh",
                policy.kind.to_lowercase()
            );
            out.wait(
                &format!("Gatekeeper knows {}", policy.kind),
                &["kubectl", "wait", "--for=create", &crd, "--timeout=120s"],
            );
            out.wait(
                &format!("{} is served", policy.kind),
                &[
                    "kubectl",
                    "wait",
                    "--for=condition=Established",
                    &crd,
                    "--timeout=120s",
                ],
            );
        }
        for policy in &self.policies {
            out.dynamic_object(
                format!("constraints/{}.yaml", policy.name),
                policy.constraint(demo),
            )?;
        }
        out.provides(Provided::ServiceAccount {
            namespace: self.namespace.clone(),
            name: "gatekeeper-admin".into(),
        });
        for group in [
            "templates.gatekeeper.sh",
            "constraints.gatekeeper.sh",
            "mutations.gatekeeper.sh",
            "config.gatekeeper.sh",
        ] {
            out.provides(Provided::ApiGroup(group.into()));
        }
        out.allow(
            "disruption-budget-blocks",
            ObjectId::new(
                "policy/v1",
                "PodDisruptionBudget",
                Some(&self.namespace),
                "gatekeeper-controller-manager",
            ),
            "one replica is the documented footprint, and the chart cannot leave its budget out: a drain waits until the pod is \
             deleted by hand",
        );
        out.generates("gatekeeper", &Gatekeeper::default().version, &[]);
        air_gap::add(out.air_gap())
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        verify::ask(bundle, questions);
        Ok(())
    }
}
