//! What joins a cluster to ChaosCenter.

use serde_json::json;
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Finding, Overlay, Pods, Release,
    Severity,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::{LITMUS, LITMUS_AGENT, LITMUS_PORTAL};
use crate::provide;
use crate::sizes::{Resources, refused};

/// The chart of the agent that is known.
pub const AGENT_UPSTREAM: Upstream =
    Upstream::new(super::REPOSITORY, "litmus-agent", "3.29.0").aliased("litmuschaos");

/// The Secret that the chart expects.
const SECRET: &str = "litmus-agent-hook";

/// What joins a cluster to ChaosCenter, and does there what this says: an operator of faults, and Argo's controller of workflows.
///
/// A Job before the installation names the cluster to ChaosCenter; Argo CD runs it at each sync, and the cluster is named again. It
/// reads the Secret `litmus-agent-hook` of the namespace, which people make: `LITMUS_FRONTEND_URL`, `LITMUS_BACKEND_URL`,
/// `LITMUS_USERNAME`, `LITMUS_PASSWORD` and `LITMUS_PROJECT_ID`. The operator is the same as that of the component
/// [`Litmus`](super::Litmus): have one of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LitmusAgent {
    /// Where it runs. Default: a namespace `litmus-agent` of its own, at the level `baseline`.
    pub home: Home,
    /// The chart's version. Default: that of [`AGENT_UPSTREAM`].
    pub version: String,
    /// The cluster's name in ChaosCenter; `None` for the name of the environment. Default: none.
    pub name: Option<String>,
    /// The id of ChaosCenter's environment to which the cluster belongs.
    pub environment: String,
    /// Whether it acts in its own namespace alone. Default: no.
    pub own_namespace_alone: bool,
    /// Whether Argo's controller of workflows comes with it, with its definitions; not beside Argo Workflows. Default: yes.
    pub workflows: bool,
    /// What each pod asks for and may use.
    pub resources: Resources,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: LitmusAgentImages,
}

/// The images of the agent, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LitmusAgentImages {
    /// `image`: the Job that names the cluster. The chart's own is `latest`.
    pub job: String,
    /// `chaos-operator.image`.
    pub operator: String,
    /// `chaos-operator.runner.image`: in a pod for each engine.
    pub runner: String,
    /// `chaos-exporter.image`.
    pub exporter: String,
    /// `event-tracker.image`.
    pub event_tracker: String,
    /// `subscriber.image`.
    pub subscriber: String,
    /// `workflow-controller.image`.
    pub workflow_controller: String,
}

impl Default for LitmusAgentImages {
    fn default() -> Self {
        let image = |name: &str| format!("litmuschaos.docker.scarf.sh/litmuschaos/{name}");
        LitmusAgentImages {
            job: image("litmus-helm-agent:3.29.0"),
            operator: image("chaos-operator:3.29.0"),
            runner: image("chaos-runner:3.29.0"),
            exporter: image("chaos-exporter:3.29.0"),
            event_tracker: image("litmusportal-event-tracker:3.29.0"),
            subscriber: image("litmusportal-subscriber:3.29.0"),
            workflow_controller: image("workflow-controller:v3.3.1"),
        }
    }
}

impl LitmusAgent {
    /// The agent of a cluster in an environment of ChaosCenter.
    pub fn new(environment: &str) -> Self {
        LitmusAgent {
            home: Home::own("litmus-agent"),
            version: AGENT_UPSTREAM.version.into(),
            name: None,
            environment: environment.to_owned(),
            own_namespace_alone: false,
            workflows: true,
            resources: Resources::new("50m", "64Mi").memory_limit("256Mi"),
            overlay: Overlay::new(),
            images: LitmusAgentImages::default(),
        }
    }

    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        if self.environment.is_empty() {
            let expected = "the id of an environment of ChaosCenter";
            return Err(refused("environment", "empty", expected));
        }
        let name = self.name.as_deref();
        let mode = if self.own_namespace_alone {
            "namespace"
        } else {
            "cluster"
        };
        let resources = self.resources.to_value("resources")?;
        let mut release = ChartRelease::new(
            LITMUS_AGENT,
            &AGENT_UPSTREAM,
            &self.version,
            &json!({
                "INFRA_NAME": name.unwrap_or_else(|| context.environment.name()),
                "LITMUS_ENVIRONMENT_ID": self.environment,
                "global": {"INFRA_MODE": mode},
                // The chart's would hold the password in the release.
                "useExistingHookSecret": true,
                "resources": resources,
                "workflow-controller": {"enabled": self.workflows},
            }),
        )?;
        let (images, default) = (&self.images, LitmusAgentImages::default());
        let form = ImageForm::Repository;
        release.image(out, "image", form, &images.job, &default.job)?;
        let mut parts = vec![
            ("chaos-operator", &images.operator, &default.operator),
            ("chaos-exporter", &images.exporter, &default.exporter),
            (
                "event-tracker",
                &images.event_tracker,
                &default.event_tracker,
            ),
            ("subscriber", &images.subscriber, &default.subscriber),
        ];
        if self.workflows {
            let (image, known) = (&images.workflow_controller, &default.workflow_controller);
            parts.push(("workflow-controller", image, known));
        }
        for (part, image, known) in parts {
            release.image(out, &format!("{part}.image"), form, image, known)?;
            release.set(&format!("{part}.resources"), resources.clone());
        }
        let key = "chaos-operator.runner.image";
        release.image(out, key, form, &images.runner, &default.runner)?;
        release.finish(self.home.name(), &self.overlay)
    }
}

/// Two operators would both act on each engine.
fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    if bundle.release("litmus-core").is_some() {
        findings.push(provide::finding(
            LITMUS_AGENT,
            "two-chaos-operators",
            Severity::Error,
            "chaos-operator",
            "the stack has Litmus' operator twice, and each acts on every engine",
            "leave the component Litmus out: the agent brings the operator",
        ));
    }
}

impl Component for LitmusAgent {
    at_home!(LITMUS_AGENT, requires: home);

    fn after(&self) -> Vec<&str> {
        vec![LITMUS, LITMUS_PORTAL]
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(super::LICENCES)?;
        let namespace = self.home.name();
        self.home.contribute(PodSecurity::Baseline, out)?;
        let release = self.release(context, out)?;
        let pods = Pods::exactly(4 + u32::from(self.workflows));
        out.release(release.running(pods));
        provide::secret(out, namespace, SECRET);
        provide::groups(out, ["litmuschaos.io", "eventtracker.litmuschaos.io"]);
        provide::service(out, namespace, "litmus-agent-chaos-exporter", &[8080]);
        if self.workflows {
            provide::groups(out, ["argoproj.io"]);
            let name = "litmus-agent-workflow-controller";
            provide::service(out, namespace, name, &[9090]);
        }
        out.check(check);
        Ok(())
    }
}
