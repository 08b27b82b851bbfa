//! Argo Rollouts: new versions that come step by step, and go back when what is measured is bad.

use std::collections::{BTreeMap, BTreeSet};

use argo_rollouts_types::v1alpha1::{AnalysisTemplate, ClusterAnalysisTemplate, Rollout};
use serde_json::{Map, Value, json};
use stack_builder::{
    Bundle, Component, ComponentError, Context, Contribution, Count, Finding, Licence, Object,
    Overlay, Pods, Release, Severity,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity};
use crate::ids::ARGO_ROLLOUTS;
use crate::monitoring::Monitoring;
use crate::provide;
use crate::sizes::{Resources, Size, refused};

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
    /// Whether it is scraped.
    pub monitoring: Monitoring,
    /// Workloads whose versions come step by step; without a namespace, they stand in the component's.
    pub rollouts: Vec<Rollout>,
    /// Analyses of one namespace.
    pub analysis_templates: Vec<AnalysisTemplate>,
    /// Analyses for all namespaces.
    pub cluster_analysis_templates: Vec<ClusterAnalysisTemplate>,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: ArgoRolloutsImages,
}

/// How the definitions come into the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Definitions {
    /// As templates of the release, which upgrades them; they stay when the release goes, and with them all Rollouts.
    #[default]
    Kept,
    /// As templates of the release; with it they go, and all Rollouts with them.
    WithRelease,
    /// By others.
    Elsewhere,
}

/// Whose Rollouts the controller works on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Those of all namespaces.
    #[default]
    Cluster,
    /// Those of its own namespace, with rights there alone.
    Namespace,
}

/// Whose routes the controller may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrafficProvider {
    /// Routes of the Gateway API; needs the plugin `argoproj-labs/gatewayAPI`.
    GatewayApi,
    /// VirtualServices and DestinationRules of Istio.
    Istio,
    /// TrafficSplits of the Service Mesh Interface.
    Smi,
    /// Mappings of Ambassador.
    Ambassador,
    /// Target groups of the AWS Load Balancer Controller.
    AwsLoadBalancer,
    /// Routes of AWS App Mesh.
    AwsAppMesh,
    /// TraefikServices.
    Traefik,
    /// Routes of APISIX.
    Apisix,
    /// HTTPProxies of Contour; needs the plugin `argoproj-labs/contour`.
    Contour,
    /// RouteTables of Gloo Platform; needs a plugin.
    GlooPlatform,
}

impl TrafficProvider {
    /// All of them.
    pub const ALL: [TrafficProvider; 10] = [
        Self::GatewayApi,
        Self::Istio,
        Self::Smi,
        Self::Ambassador,
        Self::AwsLoadBalancer,
        Self::AwsAppMesh,
        Self::Traefik,
        Self::Apisix,
        Self::Contour,
        Self::GlooPlatform,
    ];

    /// Its key below `providerRBAC.providers`.
    fn key(self) -> &'static str {
        match self {
            Self::GatewayApi => "gatewayAPI",
            Self::Istio => "istio",
            Self::Smi => "smi",
            Self::Ambassador => "ambassador",
            Self::AwsLoadBalancer => "awsLoadBalancerController",
            Self::AwsAppMesh => "awsAppMesh",
            Self::Traefik => "traefik",
            Self::Apisix => "apisix",
            Self::Contour => "contour",
            Self::GlooPlatform => "glooPlatform",
        }
    }

    /// Its member of a Rollout's `trafficRouting`; `None` where a plugin does it.
    fn member(self) -> Option<&'static str> {
        match self {
            Self::Istio => Some("istio"),
            Self::Smi => Some("smi"),
            Self::Ambassador => Some("ambassador"),
            Self::AwsLoadBalancer => Some("alb"),
            Self::AwsAppMesh => Some("appMesh"),
            Self::Traefik => Some("traefik"),
            Self::Apisix => Some("apisix"),
            Self::GatewayApi | Self::Contour | Self::GlooPlatform => None,
        }
    }
}

/// A program that the controller starts beside itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plugin {
    /// Its name, as it knows itself: `argoproj-labs/gatewayAPI`.
    pub name: String,
    /// From where the controller takes it when it starts: `https://`, or `file://` for one that an init container of the
    /// overlay brings.
    pub location: String,
    /// The SHA-256 sum that it must have, in hexadecimal digits; without it the controller runs what it gets.
    pub sha256: Option<String>,
}

/// Who is told of what; the texts are those of Argo's notifications engine, and credentials come from
/// [`NOTIFICATION_SECRET`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notifications {
    /// Services by their key: `service.slack`.
    pub notifiers: BTreeMap<String, String>,
    /// Texts by their key: `template.rollout-aborted`.
    pub templates: BTreeMap<String, String>,
    /// When they are sent, by their key: `trigger.on-rollout-aborted`.
    pub triggers: BTreeMap<String, String>,
}

/// The dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dashboard {
    /// Whether it only shows. Default: yes, because whoever reaches it could promote and abort.
    pub read_only: bool,
    /// What it asks for and may use.
    pub resources: Resources,
}

impl Default for Dashboard {
    fn default() -> Self {
        Dashboard {
            read_only: true,
            resources: Resources::new("10m", "64Mi").memory_limit("128Mi"),
        }
    }
}

/// The images, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgoRolloutsImages {
    /// `controller.image`.
    pub controller: String,
    /// `dashboard.image`.
    pub dashboard: String,
}

impl Default for ArgoRolloutsImages {
    fn default() -> Self {
        ArgoRolloutsImages {
            controller: "quay.io/argoproj/argo-rollouts:v1.9.0".into(),
            dashboard: "quay.io/argoproj/kubectl-argo-rollouts:v1.9.0".into(),
        }
    }
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

/// The label by which the pods of a part are told, with the namespace.
const COMPONENT: &str = "app.kubernetes.io/component";

impl ArgoRollouts {
    fn plugins(&self) -> impl Iterator<Item = (&'static str, &'static str, &[Plugin])> {
        [
            (
                "traffic_plugins",
                "trafficRouterPlugins",
                &self.traffic_plugins[..],
            ),
            (
                "metric_plugins",
                "metricProviderPlugins",
                &self.metric_plugins,
            ),
            ("step_plugins", "stepPlugins", &self.step_plugins),
        ]
        .into_iter()
    }

    fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        if self.replicas == 0 {
            return Err(refused("replicas", 0, "at least 1"));
        }
        let providers: Map<String, Value> = TrafficProvider::ALL
            .into_iter()
            .map(|one| {
                (
                    one.key().into(),
                    self.traffic_providers.contains(&one).into(),
                )
            })
            .collect();
        let mut release = ChartRelease::new(
            ARGO_ROLLOUTS,
            &UPSTREAM,
            &self.version,
            &json!({
                "clusterInstall": self.scope == Scope::Cluster,
                "controller": {
                    "replicas": self.replicas,
                    "resources": self.resources.to_value("resources")?,
                },
                "providerRBAC": {"providers": providers},
            }),
        )?;
        match self.definitions {
            Definitions::Kept => {}
            Definitions::WithRelease => release.set("keepCRDs", false),
            Definitions::Elsewhere => release.set("installCRDs", false),
        }
        if self.replicas > 1 {
            release.set(
                "controller.pdb",
                json!({"enabled": true, "minAvailable": 1}),
            );
            let constraints = provide::spread(COMPONENT, "rollouts-controller");
            release.set("controller.topologySpreadConstraints", constraints);
        }
        for (field, key, plugins) in self.plugins() {
            let mut items = Vec::new();
            for (at, plugin) in plugins.iter().enumerate() {
                items.push(item(plugin, &format!("{field}[{at}]"))?);
                if !plugin.location.starts_with("file://") {
                    let purpose = format!("the plugin {} of Argo Rollouts", plugin.name);
                    out.air_gap().reach(plugin.location.clone(), purpose);
                }
            }
            if !items.is_empty() {
                release.set(&format!("controller.{key}"), items);
            }
        }
        let Notifications {
            notifiers,
            templates,
            triggers,
        } = &self.notifications;
        for (key, texts) in [
            ("notifiers", notifiers),
            ("templates", templates),
            ("triggers", triggers),
        ] {
            if !texts.is_empty() {
                release.set(&format!("notifications.{key}"), json!(texts));
            }
        }
        if self.monitoring.is_on(context) {
            let on = json!({"enabled": true, "serviceMonitor": {"enabled": true}});
            release.set("controller.metrics", on);
        }
        let (images, default) = (&self.images, ArgoRolloutsImages::default());
        let mut add = |release: &mut ChartRelease, key, image: &str, default: &str| {
            release.image(out, key, ImageForm::Split, image, default)
        };
        let (image, known) = (&images.controller, &default.controller);
        add(&mut release, "controller.image", image, known)?;
        if let Some(dashboard) = &self.dashboard {
            release.set("dashboard.enabled", true);
            release.set("dashboard.readonly", dashboard.read_only);
            let resources = dashboard.resources.to_value("dashboard.resources")?;
            release.set("dashboard.resources", resources);
            // What `restricted` asks for, and the chart leaves open for this one part.
            release.set(
                "dashboard.containerSecurityContext",
                json!({
                    "allowPrivilegeEscalation": false,
                    "capabilities": {"drop": ["ALL"]},
                    "readOnlyRootFilesystem": true,
                    "seccompProfile": {"type": "RuntimeDefault"},
                }),
            );
            let (image, known) = (&images.dashboard, &default.dashboard);
            add(&mut release, "dashboard.image", image, known)?;
        }
        release.finish(self.home.name(), &self.overlay)
    }

    fn provide(&self, out: &mut Contribution) {
        let namespace = self.home.name();
        provide::accounts(out, namespace, ["argo-rollouts"]);
        if self.dashboard.is_some() {
            provide::service(out, namespace, "argo-rollouts-dashboard", &[3100]);
            provide::accounts(out, namespace, ["argo-rollouts-dashboard"]);
        }
        provide::groups(out, ["argoproj.io"]);
    }

    /// What the Rollouts of the stack ask of the controller, and it cannot do.
    fn check(&self) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
        let allowed = self.traffic_providers.clone();
        let plugins = self.traffic_plugins.iter();
        let plugins: BTreeSet<String> = plugins.map(|plugin| plugin.name.clone()).collect();
        let acts = self.dashboard.as_ref().is_some_and(|one| !one.read_only);
        let unsure = self.plugins().flat_map(|(_, key, plugins)| {
            let open = plugins
                .iter()
                .filter(|one| one.sha256.is_none() && !one.location.starts_with("file://"));
            open.map(move |one| (key, one.name.clone()))
        });
        let unsure: Vec<(&'static str, String)> = unsure.collect();
        move |bundle, findings| {
            for (key, name) in &unsure {
                findings.push(provide::finding(
                    ARGO_ROLLOUTS,
                    "plugin-without-checksum",
                    Severity::Warning,
                    &format!("controller.{key}"),
                    format!("the controller runs whatever it downloads as the plugin {name}"),
                    "give its SHA-256 sum, or bring it in an image and name it by file://",
                ));
            }
            if acts {
                findings.push(provide::finding(
                    ARGO_ROLLOUTS,
                    "open-dashboard",
                    Severity::Warning,
                    "dashboard.readonly",
                    "the dashboard asks nobody who they are: whoever reaches it can promote and abort",
                    "set dashboard.read_only, and use kubectl to promote",
                ));
            }
            for rollout in bundle.of_kind("argoproj.io", "Rollout") {
                judge(rollout, bundle, &allowed, &plugins, findings);
            }
        }
    }
}

fn item(plugin: &Plugin, field: &str) -> Result<Value, ComponentError> {
    let known = ["https://", "http://", "file://"];
    if !known.iter().any(|known| plugin.location.starts_with(known)) {
        let expected = "a URL with https:// or file://";
        return Err(refused(
            &format!("{field}.location"),
            &plugin.location,
            expected,
        ));
    }
    let mut item = json!({"name": plugin.name, "location": plugin.location});
    if let Some(sum) = &plugin.sha256 {
        if sum.len() != 64 || !sum.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(refused(
                &format!("{field}.sha256"),
                sum,
                "64 hexadecimal digits",
            ));
        }
        item["sha256"] = sum.as_str().into();
    }
    Ok(item)
}

/// What one Rollout asks for.
fn judge(
    rollout: &Object,
    bundle: &Bundle,
    allowed: &BTreeSet<TrafficProvider>,
    plugins: &BTreeSet<String>,
    findings: &mut Vec<Finding>,
) {
    let canary = &rollout.value()["spec"]["strategy"]["canary"];
    let routing = &canary["trafficRouting"];
    let path = "spec.strategy.canary.trafficRouting";
    let mut add = |code, severity, member: &str, message: String, remedy: &str| {
        let finding = Finding::new(code, severity, rollout.id().clone(), message);
        findings.push(finding.at(format!("{path}.{member}")).remedy(remedy));
    };
    for provider in TrafficProvider::ALL {
        let Some(member) = provider.member() else {
            continue;
        };
        if routing[member].is_object() && !allowed.contains(&provider) {
            let message = format!("the controller has no rights on what {member} is steered by");
            let remedy = "add it to traffic_providers of ArgoRollouts";
            add(
                "rollout-without-rights",
                Severity::Error,
                member,
                message,
                remedy,
            );
        }
    }
    for name in routing["plugins"]
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
    {
        if !plugins.contains(name) {
            let message = format!("the controller has no plugin {name}");
            let remedy = "add it to traffic_plugins of ArgoRollouts";
            add(
                "rollout-plugin-missing",
                Severity::Error,
                "plugins",
                message,
                remedy,
            );
        }
    }
    if routing["istio"].is_object() && needs_waypoint(rollout, canary, bundle) {
        add(
            "rollout-needs-waypoint",
            Severity::Warning,
            "istio",
            "in ambient mode only a waypoint follows a VirtualService, and the namespace has none: all callers get the \
             versions by the number of pods"
                .into(),
            "give the namespace or the stable Service a waypoint, or steer by the Gateway API's plugin",
        );
    }
}

/// Whether nothing in the ambient mesh follows the VirtualService of a Rollout; no where that is not known.
fn needs_waypoint(rollout: &Object, canary: &Value, bundle: &Bundle) -> bool {
    let label = |object: &Object, key: &str| {
        let label = &object.value()["metadata"]["labels"][key];
        label.as_str().map(str::to_owned)
    };
    let Some(name) = rollout.id().namespace.as_deref() else {
        return false;
    };
    let Some(namespace) = bundle.object("Namespace", None, name) else {
        return false;
    };
    let service = canary["stableService"].as_str();
    let Some(service) = service.and_then(|service| bundle.object("Service", Some(name), service))
    else {
        return false;
    };
    let waypoint = "istio.io/use-waypoint";
    let has = |object: &Object| label(object, waypoint).is_some_and(|name| name != "none");
    label(namespace, "istio.io/dataplane-mode").as_deref() == Some("ambient")
        && !has(namespace)
        && !has(service)
}

/// What the makers of the images' programs state.
const LICENCES: &[Licence<'_>] = &[
    Licence::of(
        "quay.io/argoproj/argo-rollouts",
        "Apache-2.0",
        "https://github.com/argoproj/argo-rollouts",
    ),
    Licence::of(
        "quay.io/argoproj/kubectl-argo-rollouts",
        "Apache-2.0",
        "https://github.com/argoproj/argo-rollouts",
    ),
];

impl Component for ArgoRollouts {
    fn id(&self) -> &str {
        ARGO_ROLLOUTS
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.home.name().to_owned()))
    }

    fn roles(&self) -> Vec<&str> {
        self.home.roles().collect()
    }

    fn requires(&self) -> Vec<&str> {
        self.home.requires().collect()
    }

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
