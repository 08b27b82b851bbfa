use k8s_openapi::api::core::v1::{Namespace, Service};
use stack_builder::{Component, ComponentError, Context, Contribution, Stack};
use stack_catalog::argo_rollouts_types::v1alpha1::{
    AnalysisTemplate, AnalysisTemplateSpec, CanaryStep, CanaryStrategy, ClusterAnalysisTemplate,
    Metric, Rollout, RolloutSpec,
};
use stack_catalog::components::argo_rollouts::{
    Dashboard, Definitions, Plugin, Scope, TrafficProvider,
};
use stack_catalog::components::{ArgoRollouts, KubePrometheusStack};
use stack_catalog::k8s_openapi;
use stack_catalog::{Home, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "argo-rollouts",
    release: "argo-rollouts",
    inner: &[],
    unlisted: &[],
    without: &[],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(ArgoRollouts::default())
}

fn measured() -> AnalysisTemplateSpec {
    let server = "http://kube-prometheus-stack-prometheus.monitoring:9090";
    AnalysisTemplateSpec::of(
        ["service"],
        [Metric::prometheus(
            "errors",
            server,
            "up",
            "result[0] >= 0.95",
        )],
    )
}

fn everything(stack: Stack) -> Stack {
    let plugin = |name: &str| Plugin {
        name: format!("argoproj-labs/{name}"),
        location: "https://github.com/argoproj-labs/releases/download/v0.8.0/plugin".into(),
        sha256: Some("0123456789abcdef".repeat(4)),
    };
    let mut rollouts = ArgoRollouts {
        home: Home::own("delivery"),
        definitions: Definitions::WithRelease,
        scope: Scope::Namespace,
        traffic_providers: TrafficProvider::ALL.into(),
        traffic_plugins: vec![plugin("gatewayAPI")],
        metric_plugins: vec![plugin("metrics")],
        step_plugins: vec![plugin("step")],
        analysis_templates: vec![AnalysisTemplate::new("errors", measured())],
        cluster_analysis_templates: vec![ClusterAnalysisTemplate::new("errors", measured())],
        ..ArgoRollouts::default()
    };
    let notifications = &mut rollouts.notifications;
    for (texts, key) in [
        (&mut notifications.notifiers, "service.slack"),
        (&mut notifications.templates, "template.aborted"),
        (&mut notifications.triggers, "trigger.on-aborted"),
    ] {
        texts.insert(key.into(), "{}".into());
    }
    stack.with(KubePrometheusStack::default()).with(rollouts)
}

fn elsewhere(stack: Stack) -> Stack {
    stack.with(ArgoRollouts {
        definitions: Definitions::Elsewhere,
        dashboard: Some(Dashboard::default()),
        ..ArgoRollouts::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, elsewhere] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("argo-rollouts").unwrap());
    }
    proof::pulls_from_the_mirror(everything);
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    for bundle in proof::environments(plain) {
        CHART.makes_what_is_declared_by(&bundle);
    }
}

#[test]
fn each_environment_is_clean() {
    for build in [plain, everything, elsewhere] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

/// An app in the ambient mesh, whose namespace has the labels.
#[derive(Debug)]
struct App(&'static [(&'static str, &'static str)]);

impl Component for App {
    fn id(&self) -> &str {
        "app"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let mut namespace = Namespace::default();
        namespace.metadata.name = Some("demo".into());
        let labels = self
            .0
            .iter()
            .map(|(key, value)| (key.to_string(), value.to_string()));
        namespace.metadata.labels = Some(labels.collect());
        out.object("namespace.yaml", namespace)?;
        let mut service = Service::default();
        service.metadata.name = Some("web".into());
        service.metadata.namespace = Some("demo".into());
        out.object("service.yaml", service)
    }
}

fn steered(rollouts: ArgoRollouts, labels: &'static [(&'static str, &'static str)]) -> Stack {
    let canary = CanaryStrategy::with_istio("web", "web-canary", "web", [CanaryStep::weight(10)]);
    let web = Rollout::new("web", RolloutSpec::of_deployment("web", canary.into()));
    let rollouts = ArgoRollouts {
        rollouts: vec![web.in_namespace("demo")],
        ..rollouts
    };
    let stack = platform("dev", "dev.example.com");
    stack.with(App(labels)).with(rollouts)
}

#[test]
fn a_virtual_service_needs_a_waypoint_in_the_ambient_mesh() {
    let found = |labels| {
        let codes = proof::codes(steered(ArgoRollouts::default(), labels));
        codes.contains_key("rollout-needs-waypoint")
    };
    assert!(found(&[("istio.io/dataplane-mode", "ambient")]));
    assert!(!found(&[
        ("istio.io/dataplane-mode", "ambient"),
        ("istio.io/use-waypoint", "waypoint"),
    ]));
    assert!(!found(&[("istio-injection", "enabled")]));
}

#[test]
fn a_rollout_is_steered_by_what_the_controller_may_change() {
    let found = |providers: &[TrafficProvider]| {
        let rollouts = ArgoRollouts {
            traffic_providers: providers.iter().copied().collect(),
            ..ArgoRollouts::default()
        };
        proof::codes(steered(rollouts, &[])).contains_key("rollout-without-rights")
    };
    assert!(found(&[TrafficProvider::GatewayApi]));
    assert!(!found(&[TrafficProvider::Istio]));
}

#[test]
fn what_a_plugin_does_needs_the_plugin() {
    let found = |plugins: Vec<Plugin>| {
        let mut canary = CanaryStrategy::with_istio("web", "canary", "web", []);
        let routing = canary.traffic_routing.as_mut().unwrap();
        routing.istio = None;
        let plugin = serde_json::json!({"argoproj-labs/gatewayAPI": {"httpRoute": "web"}});
        routing.plugins = Some(plugin);
        let web = Rollout::new("web", RolloutSpec::of_deployment("web", canary.into()));
        let rollouts = ArgoRollouts {
            rollouts: vec![web.in_namespace("demo")],
            traffic_plugins: plugins,
            ..ArgoRollouts::default()
        };
        let codes = proof::codes(platform("dev", "dev.example.com").with(rollouts));
        codes.contains_key("rollout-plugin-missing")
    };
    assert!(found(Vec::new()));
    assert!(!found(vec![Plugin {
        name: "argoproj-labs/gatewayAPI".into(),
        location: "file:///plugins/gateway".into(),
        sha256: None,
    }]));
}

#[test]
fn downloaded_plugins_have_a_checksum_and_open_dashboards_are_told() {
    let plugin = |location: &str| Plugin {
        name: "argoproj-labs/step".into(),
        location: location.into(),
        sha256: None,
    };
    let rollouts = |location: &str, read_only| ArgoRollouts {
        step_plugins: vec![plugin(location)],
        dashboard: Some(Dashboard {
            read_only,
            ..Dashboard::default()
        }),
        ..ArgoRollouts::default()
    };
    let stack = || platform("dev", "dev.example.com");
    let codes = proof::codes(stack().with(rollouts("https://example.com/step", false)));
    assert!(codes.contains_key("plugin-without-checksum"), "{codes:?}");
    assert!(codes.contains_key("open-dashboard"), "{codes:?}");
    let codes = proof::codes(stack().with(rollouts("file:///plugins/step", true)));
    assert!(!codes.contains_key("plugin-without-checksum"), "{codes:?}");
    assert!(!codes.contains_key("open-dashboard"), "{codes:?}");
}

#[test]
fn plugins_that_cannot_be_fetched_are_refused() {
    for (location, sha256, field) in [
        ("ftp://example.com/x", None, "metric_plugins[0].location"),
        (
            "https://example.com/x",
            Some("abc"),
            "metric_plugins[0].sha256",
        ),
    ] {
        let rollouts = ArgoRollouts {
            metric_plugins: vec![Plugin {
                name: "x/y".into(),
                location: location.into(),
                sha256: sha256.map(str::to_owned),
            }],
            ..ArgoRollouts::default()
        };
        let stack = platform("dev", "dev.example.com").with(rollouts);
        let error = stack.build().unwrap_err().to_string();
        assert!(error.contains(field), "{error}");
    }
}

#[test]
fn a_dashboard_of_one_namespace_needs_rights_from_elsewhere() {
    let rollouts = |scope| ArgoRollouts {
        scope,
        dashboard: Some(Dashboard::default()),
        ..ArgoRollouts::default()
    };
    let codes = |stack: Stack| proof::codes(stack).contains_key("blind-dashboard");
    let stack = || platform("dev", "dev.example.com");
    assert!(codes(stack().with(rollouts(Scope::Namespace))));
    assert!(!codes(stack().with(rollouts(Scope::Cluster))));
    assert!(!codes(stack().with(rollouts(Scope::Namespace)).with(Bound)));
}

#[derive(Debug)]
struct Bound;

impl Component for Bound {
    fn id(&self) -> &str {
        "bound"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let binding = serde_json::json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": {"name": "dashboard", "namespace": "argo-rollouts"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
            "subjects": [{"kind": "ServiceAccount", "name": "argo-rollouts-dashboard", "namespace": "argo-rollouts"}],
        });
        out.dynamic_object("binding.yaml", binding)
    }
}
