use k8s_openapi::api::core::v1::Namespace;
use serde_json::json;
use stack_builder::{Component, ComponentError, Context, Contribution, Stack};
use stack_catalog::components::litmus::{ChaosAccount, LitmusDatabase, Scope};
use stack_catalog::components::{KubePrometheusStack, Litmus, LitmusAgent, LitmusPortal};
use stack_catalog::litmus_types::v1alpha1::{
    ApplicationParams, ChaosEngine, ChaosEngineSpec, ChaosExperiment, ExperimentList,
};
use stack_catalog::{Home, k8s_openapi, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "litmus-core",
    release: "litmus-core",
    inner: &[],
    unlisted: &[],
    without: &[],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(Litmus::default())
}

fn experiment() -> ChaosExperiment {
    let experiment = json!({
        "apiVersion": "litmuschaos.io/v1alpha1",
        "kind": "ChaosExperiment",
        "metadata": {"name": "pod-delete"},
        "spec": {"definition": {
            "scope": "Namespaced",
            "permissions": [],
            "image": "litmuschaos.docker.scarf.sh/litmuschaos/go-runner:3.28.0",
            "args": ["-c", "./experiments -name pod-delete"],
            "command": ["/bin/bash"],
            "env": [{"name": "TOTAL_CHAOS_DURATION", "value": "15"}],
            "labels": {"name": "pod-delete"},
        }},
    });
    serde_json::from_value(experiment).unwrap()
}

fn engine(fault: ExperimentList) -> ChaosEngine {
    let target = ApplicationParams::deployment("chaos", "app=web");
    ChaosEngine::new("web", ChaosEngineSpec::of(target, "chaos", [fault]))
}

fn everything(stack: Stack) -> Stack {
    stack.with(KubePrometheusStack::default()).with(Litmus {
        home: Home::own("chaos"),
        scope: Scope::Admin,
        reports_usage: true,
        accounts: vec![ChaosAccount::new("chaos", "chaos")],
        experiments: vec![experiment()],
        engines: vec![engine(ExperimentList::pod_delete(30, 10))],
        ..Litmus::default()
    })
}

fn namespaced(stack: Stack) -> Stack {
    stack.with(Litmus {
        scope: Scope::Namespace,
        exporter: None,
        ..Litmus::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, namespaced] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("litmus").unwrap());
    }
    for bundle in proof::environments(everything) {
        let with_more = Chart {
            with: &[
                "litmuschaos.docker.scarf.sh/litmuschaos/chaos-exporter:3.28.0",
                "litmuschaos.docker.scarf.sh/litmuschaos/go-runner:3.28.0",
            ],
            ..CHART
        };
        with_more.runs_the_images_of(bundle.part("litmus").unwrap());
    }
    proof::pulls_from_the_mirror(everything);
}

#[test]
fn experiments_pull_from_the_mirror() {
    let stack = everything(platform("dev", "dev.example.com"));
    let bundle = stack
        .registry("mirror.internal/x".parse().unwrap())
        .build()
        .unwrap();
    let experiment = bundle
        .object("ChaosExperiment", Some("chaos"), "pod-delete")
        .unwrap();
    let image = &experiment.value()["spec"]["definition"]["image"];
    assert_eq!(image, "mirror.internal/x/litmus/go-runner:3.28.0");
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    for bundle in proof::environments(plain) {
        CHART.makes_what_is_declared_by(&bundle);
    }
}

#[test]
fn each_environment_is_clean() {
    for build in [plain, everything, namespaced] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn an_engine_is_where_the_operator_looks() {
    let found = |scope, namespace: &str| {
        let litmus = Litmus {
            scope,
            engines: vec![engine(ExperimentList::pod_delete(30, 10)).in_namespace(namespace)],
            ..Litmus::default()
        };
        let codes = proof::codes(platform("dev", "dev.example.com").with(litmus));
        codes.contains_key("engine-unseen")
    };
    assert!(found(Scope::Namespace, "demo"));
    assert!(found(Scope::Admin, "demo"));
    assert!(!found(Scope::Namespace, "litmus"));
    assert!(!found(Scope::Cluster, "demo"));
}

/// A namespace of a level.
#[derive(Debug)]
struct Target(&'static str);

impl Component for Target {
    fn id(&self) -> &str {
        "target"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let mut namespace = Namespace::default();
        namespace.metadata.name = Some("demo".into());
        let label = (
            "pod-security.kubernetes.io/enforce".to_owned(),
            self.0.to_owned(),
        );
        namespace.metadata.labels = Some([label].into());
        out.object("namespace.yaml", namespace)
    }
}

#[test]
fn helper_pods_need_a_namespace_that_takes_them() {
    let found = |level, fault| {
        let litmus = Litmus {
            engines: vec![engine(fault).in_namespace("demo")],
            ..Litmus::default()
        };
        let stack = platform("dev", "dev.example.com").with(Target(level));
        proof::codes(stack.with(litmus)).contains_key("helper-needs-rights")
    };
    assert!(found(
        "baseline",
        ExperimentList::pod_network_latency(30, 200)
    ));
    assert!(found("restricted", ExperimentList::pod_cpu_hog(30, 1)));
    assert!(!found(
        "privileged",
        ExperimentList::pod_network_latency(30, 200)
    ));
    assert!(!found("restricted", ExperimentList::pod_delete(30, 10)));
    assert!(!found(
        "restricted",
        ExperimentList::named("pod-cpu-hog-exec")
    ));
}

const PORTAL: Chart = Chart {
    folder: "litmus",
    release: "litmus",
    inner: &[],
    // Values of the chart of MongoDB, which lies inside.
    unlisted: &[
        "mongodb.arbiter",
        "mongodb.persistence.size",
        "mongodb.persistence.storageClass",
        "mongodb.replicaCount",
        "mongodb.resources",
    ],
    without: &[],
    with: &[],
};

const AGENT: Chart = Chart {
    folder: "litmus-agent",
    release: "litmus-agent",
    inner: &[],
    // Values of the charts that lie inside.
    unlisted: &[
        "chaos-exporter",
        "chaos-operator",
        "event-tracker",
        "subscriber",
        "workflow-controller",
    ],
    // Pinned.
    without: &["litmuschaos.docker.scarf.sh/litmuschaos/litmus-helm-agent:latest"],
    with: &["litmuschaos.docker.scarf.sh/litmuschaos/litmus-helm-agent:3.29.0"],
};

fn center(stack: Stack) -> Stack {
    stack
        .with(LitmusPortal {
            home: Home::own("litmus"),
            ..LitmusPortal::default()
        })
        .with(LitmusAgent::new("production"))
}

fn center_elsewhere(stack: Stack) -> Stack {
    stack
        .with(LitmusPortal {
            database: LitmusDatabase::At("mongodb://mongo.example.com:27017".into()),
            ..LitmusPortal::default()
        })
        .with(LitmusAgent {
            name: Some("one".into()),
            own_namespace_alone: true,
            workflows: false,
            ..LitmusAgent::new("production")
        })
}

#[test]
fn every_value_of_the_portal_and_the_agent_is_known() {
    for build in [center, center_elsewhere] {
        for bundle in proof::environments(build) {
            PORTAL.knows_the_values_of(&bundle);
            AGENT.knows_the_values_of(&bundle);
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn the_images_of_the_portal_and_the_agent_are_those_of_their_charts() {
    for bundle in proof::environments(center) {
        PORTAL.runs_the_images_of(bundle.part("litmus-portal").unwrap());
        AGENT.runs_the_images_of(bundle.part("litmus-agent").unwrap());
        PORTAL.makes_what_is_declared_by(&bundle);
    }
    proof::pulls_from_the_mirror(center);
    proof::pulls_from_the_mirror(center_elsewhere);
}

#[test]
fn images_of_the_portal_lie_in_one_folder() {
    let mut portal = LitmusPortal::default();
    portal.images.auth = "quay.io/else/auth:1".into();
    let stack = platform("dev", "dev.example.com").with(portal);
    let error = stack.build().unwrap_err().to_string();
    assert!(error.contains("`images`"), "{error}");
}

#[test]
fn the_operator_is_there_once() {
    let found = |stack: Stack| proof::codes(stack).contains_key("two-chaos-operators");
    let stack = || platform("dev", "dev.example.com").with(LitmusAgent::new("production"));
    assert!(!found(stack()));
    assert!(found(stack().with(Litmus::default())));
}
