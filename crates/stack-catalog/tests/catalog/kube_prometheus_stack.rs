use stack_builder::{BuildError, Stack};
use stack_catalog::components::kube_prometheus_stack::{
    ControlPlane, Definitions, GrafanaAdmin, PrometheusOperatorCrds, RemoteWrite, Routing,
    SecretKey, Takes, ThanosSidecar, WebhookCertificate,
};
use stack_catalog::components::{CertManager, KubePrometheusStack, MetricsServer};
use stack_catalog::lab_builder::Wiring;
use stack_catalog::lab_builder::components::Cilium;
use stack_catalog::prometheus_operator_types::v1::{
    Endpoint, PrometheusRule, PrometheusRuleSpec, Rule, RuleGroup, ServiceMonitor,
    ServiceMonitorSpec,
};
use stack_catalog::prometheus_operator_types::v1alpha1::{
    AlertmanagerConfig, AlertmanagerConfigSpec,
};
use stack_catalog::{Home, Monitoring, PodSecurity, Volume, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "kube-prometheus-stack",
    release: "kube-prometheus-stack",
    inner: &[("grafana", "grafana")],
    // The charts inside: those of kube-state-metrics and node-exporter have no folder of facts, and the schema of the
    // Alertmanager's kind knows the Secret.
    unlisted: &[
        "kube-state-metrics.image",
        "kube-state-metrics.resources",
        "prometheus-node-exporter.image",
        "prometheus-node-exporter.resources",
        "alertmanager.alertmanagerSpec.configSecret",
        "grafana.persistence.storageClassName",
    ],
    without: &["docker.io/bats/bats:1.14.0"],
    with: &[],
};

const DEFINITIONS: Chart = Chart {
    folder: "prometheus-operator-crds",
    release: "prometheus-operator-crds",
    inner: &[],
    unlisted: &[],
    without: &[],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(KubePrometheusStack::default())
}

fn everything(stack: Stack) -> Stack {
    let down = Rule::alert("ApiDown", "up{job=\"api\"} == 0").lasting("5m");
    let rules = PrometheusRuleSpec::of_groups([RuleGroup::new("api", [down])]);
    let monitor = ServiceMonitorSpec::of_services([("app", "api")], [Endpoint::port("http")]);
    let mut monitoring = KubePrometheusStack {
        home: Home::own("observability"),
        definitions: Definitions::Component,
        webhook_certificate: WebhookCertificate::CertManager,
        control_plane: ControlPlane {
            controller_manager: true,
            scheduler: true,
            etcd: true,
            proxy: true,
        },
        disabled_alerts: vec!["Watchdog".into()],
        rules: vec![PrometheusRule::new("api", rules)],
        service_monitors: vec![ServiceMonitor::new("api", monitor)],
        ..KubePrometheusStack::default()
    };
    monitoring.prometheus.takes = Takes::OwnRelease;
    monitoring.prometheus.thanos = Some(ThanosSidecar {
        object_store: Some(SecretKey {
            name: "thanos".into(),
            key: "objstore.yml".into(),
        }),
    });
    monitoring.prometheus.remote_write = vec![RemoteWrite {
        tenant: Some("platform".into()),
        basic_auth: Some("mimir".into()),
        ..RemoteWrite::to("http://mimir/api/v1/push")
    }];
    monitoring
        .prometheus
        .external_labels
        .insert("cluster".into(), "prod-1".into());
    monitoring.prometheus.volume = Some(Volume::new("100Gi").of_class("fast"));
    let everyone = AlertmanagerConfig::new("everyone", AlertmanagerConfigSpec::default());
    let alertmanager = monitoring.alertmanager.as_mut().unwrap();
    alertmanager.routing = Routing::Object(Box::new(everyone));
    let grafana = monitoring.grafana.as_mut().unwrap();
    grafana.admin = GrafanaAdmin::Existing("grafana".into());
    grafana.volume = Some(Volume::new("10Gi").of_class("fast"));
    stack
        .with(PrometheusOperatorCrds::default())
        .with(CertManager::default())
        .with(monitoring)
}

fn small(stack: Stack) -> Stack {
    let mut monitoring = KubePrometheusStack {
        definitions: Definitions::Chart,
        node_exporter: None,
        grafana: None,
        ..KubePrometheusStack::default()
    };
    let alertmanager = monitoring.alertmanager.as_mut().unwrap();
    alertmanager.routing = Routing::Secret("alerts".into());
    stack.with(monitoring)
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, small] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
    for bundle in proof::environments(plain) {
        DEFINITIONS.knows_the_values_of(&bundle);
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("kube-prometheus-stack").unwrap());
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
    for build in [plain, everything, small] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn the_node_exporters_image_keeps_its_ending() {
    let [bundle, ..] = &proof::environments(plain)[..] else {
        unreachable!()
    };
    let image = &bundle.release("kube-prometheus-stack").unwrap().values["prometheus-node-exporter"]
        ["image"];
    assert_eq!(
        (&image["tag"], &image["distroless"]),
        (&"v1.12.1".into(), &true.into())
    );
}

#[test]
fn kube_proxy_is_not_scraped_where_cilium_takes_its_place() {
    let scrape = |proxy| {
        let mut wiring = Wiring::default();
        wiring.cluster.api_server = Some("api.example.com".into());
        let monitoring = KubePrometheusStack {
            control_plane: ControlPlane {
                proxy,
                ..ControlPlane::default()
            },
            ..KubePrometheusStack::default()
        };
        let stack = platform("dev", "dev.example.com").wire(wiring);
        let stack = stack.with(Cilium::default()).with(monitoring);
        proof::codes(stack.detach("cilium", "kind"))
    };
    assert!(scrape(true).contains_key("kube-proxy-metrics"));
    assert!(!scrape(false).contains_key("kube-proxy-metrics"));
}

#[test]
fn a_namespace_that_is_shared_takes_what_all_need() {
    let stack = |home: Home| {
        let server = MetricsServer {
            home,
            monitoring: Monitoring::Off,
            ..MetricsServer::default()
        };
        let monitoring = KubePrometheusStack {
            home: Home::shared("metrics"),
            ..KubePrometheusStack::default()
        };
        platform("dev", "dev.example.com")
            .with(server)
            .with(monitoring)
    };
    let codes = proof::codes(stack(Home::own("metrics")));
    assert_eq!(codes.get("namespace-level"), Some(&1), "{codes:?}");
    let open = stack(Home::own("metrics").allowing(PodSecurity::Privileged));
    assert!(!proof::codes(open).contains_key("namespace-level"));
    let nobody = platform("dev", "dev.example.com").with(KubePrometheusStack {
        home: Home::shared("metrics"),
        ..KubePrometheusStack::default()
    });
    let error = nobody.build().unwrap_err().to_string();
    assert!(error.contains("namespace/metrics"), "{error}");
}

#[test]
fn samples_must_fit_the_volume() {
    let mut monitoring = KubePrometheusStack::default();
    monitoring.prometheus.volume = Some(Volume::new("45Gi"));
    let error = platform("dev", "dev.example.com")
        .with(monitoring)
        .build()
        .unwrap_err();
    assert!(matches!(error, BuildError::Component { .. }));
    assert!(
        error.to_string().contains("prometheus.retention_size"),
        "{error}"
    );
}

#[test]
fn definitions_of_another_component_are_needed_where_they_are_promised() {
    let monitoring = KubePrometheusStack {
        definitions: Definitions::Component,
        ..KubePrometheusStack::default()
    };
    let error = platform("dev", "dev.example.com")
        .with(monitoring)
        .build()
        .unwrap_err();
    assert!(
        error.to_string().contains("prometheus-operator-crds"),
        "{error}"
    );
}
