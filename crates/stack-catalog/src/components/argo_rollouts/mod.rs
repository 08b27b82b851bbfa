//! Argo Rollouts: new versions that come step by step, and go back when what is measured is bad.

mod check;
mod choices;
mod release;

use argo_rollouts_types::v1alpha1::{AnalysisTemplate, ClusterAnalysisTemplate, Rollout};
use stack_builder::{Component, ComponentError, Context, Contribution, Count, Overlay, Pods};
use std::collections::BTreeSet;

pub use choices::{
    ArgoRolloutsImages, Dashboard, Definitions, Notifications, Plugin, Scope, TrafficProvider,
};

use self::release::COMPONENT;
use crate::chart_release::Upstream;
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::ARGO_ROLLOUTS;
use crate::licences::licences;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size};

/// The chart that is known.
pub const UPSTREAM: Upstream = Upstream::new(
    "https://argoproj.github.io/argo-helm",
    "argo-rollouts",
    "2.41.0",
)
.aliased("argo");

/// The Secret that notifications take their credentials from; nothing of the stack makes it.
pub const NOTIFICATION_SECRET: &str = "argo-rollouts-notification-secret";

/// Argo Rollouts, and the Rollouts and analyses that come with the stack.
///
/// It has no webhook. While a Rollout goes on, the controller changes the weights of the HTTPRoutes and VirtualServices that it
/// names: whoever syncs them from Git must leave these weights alone.
///
/// ```
/// use stack_catalog::argo_rollouts_types::v1alpha1::{CanaryStep, Rollout, RolloutSpec, RolloutStrategy};
/// use stack_catalog::components::ArgoRollouts;
///
/// let steps = RolloutStrategy::canary([CanaryStep::weight(25), CanaryStep::pause_for("10m")]);
/// let web = Rollout::new("web", RolloutSpec::of_deployment("web", steps)).in_namespace("demo");
/// let rollouts = ArgoRollouts { rollouts: vec![web], ..ArgoRollouts::default() };
/// let bundle = stack_catalog::platform("dev", "dev.example.com").with(rollouts).build()?;
/// assert!(bundle.object("Rollout", Some("demo"), "web").is_some());
/// # Ok::<(), stack_catalog::stack_builder::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ArgoRollouts {
    /// Where it runs. Default: a namespace `argo-rollouts` of its own; its pods meet the level `restricted`.
    pub home: Home,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
    /// How its definitions come into the cluster. Default: with the release, kept when it goes.
    pub definitions: Definitions,
    /// Whose Rollouts it works on. Default: those of all namespaces.
    pub scope: Scope,
    /// How many controllers; one leads. Default: 2; one in a small stack.
    pub replicas: u32,
    /// What one controller asks for and may use.
    pub resources: Resources,
    /// Whose routes it may change. Default: Istio's and the Gateway API's; each gives the controller rights in all namespaces.
    pub traffic_providers: BTreeSet<TrafficProvider>,
    /// Programs that steer traffic in ways that the controller does not know.
    pub traffic_plugins: Vec<Plugin>,
    /// Programs that measure in ways that the controller does not know.
    pub metric_plugins: Vec<Plugin>,
    /// Programs that do a step of a Rollout.
    pub step_plugins: Vec<Plugin>,
    /// Who is told of what.
    pub notifications: Notifications,
    /// The dashboard, which asks nobody who they are; `None` for none. Default: none.
    pub dashboard: Option<Dashboard>,
    /// Whether Prometheus gets a ServiceMonitor for it.
    pub monitoring: Monitoring,
    /// Workloads whose versions come step by step; without a namespace, they stand in the component's.
    pub rollouts: Vec<Rollout>,
    /// Measurements that Rollouts of the same namespace name; without a namespace, they stand in the component's.
    pub analysis_templates: Vec<AnalysisTemplate>,
    /// Measurements that Rollouts of every namespace may name.
    pub cluster_analysis_templates: Vec<ClusterAnalysisTemplate>,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: ArgoRolloutsImages,
}

impl Default for ArgoRollouts {
    fn default() -> Self {
        ArgoRollouts {
            home: Home::own("argo-rollouts"),
            version: UPSTREAM.version.into(),
            definitions: Definitions::default(),
            scope: Scope::default(),
            replicas: 2,
            resources: Resources::new("100m", "128Mi").memory_limit("512Mi"),
            traffic_providers: [TrafficProvider::GatewayApi, TrafficProvider::Istio].into(),
            traffic_plugins: Vec::new(),
            metric_plugins: Vec::new(),
            step_plugins: Vec::new(),
            notifications: Notifications::default(),
            dashboard: None,
            monitoring: Monitoring::default(),
            rollouts: Vec::new(),
            analysis_templates: Vec::new(),
            cluster_analysis_templates: Vec::new(),
            overlay: Overlay::new(),
            images: ArgoRolloutsImages::default(),
        }
    }
}

impl ArgoRollouts {
    fn provide(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        provide::accounts(out, namespace, ["argo-rollouts"]);
        if self.dashboard.is_some() {
            provide::service(out, namespace, "argo-rollouts-dashboard", &[3100]);
            provide::accounts(out, namespace, ["argo-rollouts-dashboard"]);
        }
        provide::groups(out, ["argoproj.io"]);
    }
}

licences! {
    "https://github.com/argoproj/argo-rollouts", "Apache-2.0": [
        "quay.io/argoproj/argo-rollouts",
        "quay.io/argoproj/kubectl-argo-rollouts",
    ];
}

impl Component for ArgoRollouts {
    at_home!(ARGO_ROLLOUTS, requires: home);

    fn after(&self) -> Vec<&str> {
        self.monitoring.after().collect()
    }

    fn resize(&mut self, profile: &str) {
        if let Some(size) = Size::named(profile) {
            self.replicas = if size == Size::Small { 1 } else { 2 };
        }
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        out.licences(LICENCES)?;
        self.home.contribute(PodSecurity::Restricted, out)?;
        let release = self.release(context, out)?;
        let controllers = release.number("/controller/replicas", 2);
        let dashboards = match self.dashboard {
            Some(_) => release.number("/dashboard/replicas", 1),
            None => 0,
        };
        out.release(release.running(Pods::exactly(controllers + dashboards)));
        self.provide(out);
        let (home, file) = (&self.home, "analysis-templates.yaml");
        provide::add(out, file, &self.cluster_analysis_templates)?;
        provide::add_in(out, file, home, &self.analysis_templates)?;
        provide::add_in(out, "rollouts.yaml", home, &self.rollouts)?;
        out.check(self.check());
        let questions = out.questions();
        for (id, part, number) in [
            ("ROLLOUTS-1", "rollouts-controller", controllers),
            ("ROLLOUTS-2", "rollouts-dashboard", dashboards),
        ] {
            if number > 0 {
                let selector = format!("{COMPONENT}={part}");
                let what = format!("`{part}` runs");
                let count = Count::exactly(number);
                questions.pods(id, &what, home.name(), &selector, count, None);
            }
        }
        let names = provide::names(&self.cluster_analysis_templates);
        if !names.is_empty() {
            let kinds = ["clusteranalysistemplates"];
            questions.names("ROLLOUTS-3", "the analyses for all", &kinds, names);
        }
        Ok(())
    }
}
