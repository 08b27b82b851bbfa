use stack_builder::Stack;
use stack_catalog::components::trivy_operator::{Compliance, Database, Severity};
use stack_catalog::components::{KubePrometheusStack, TrivyOperator};
use stack_catalog::{Home, Resources, Volume, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "trivy-operator",
    release: "trivy-operator",
    inner: &[],
    unlisted: &[],
    without: &[],
    // The Jobs', and what they load.
    with: &[
        "mirror.gcr.io/aquasec/trivy:0.72.0",
        "mirror.gcr.io/aquasec/trivy-db:2",
        "mirror.gcr.io/aquasec/trivy-java-db:1",
    ],
};

fn plain(stack: Stack) -> Stack {
    stack.with(TrivyOperator::default())
}

fn everything(stack: Stack) -> Stack {
    let mut trivy = TrivyOperator {
        home: Home::own("scans"),
        namespaces: vec!["orders".into(), "mail".into()],
        excluded_images: vec!["mirror.internal/tools/*".into()],
        compliance: Some(Compliance::default()),
        severities: [Severity::High, Severity::Critical].into(),
        ignore_unfixed: true,
        offline: true,
        database: Database::Server {
            volume: Some(Volume::new("10Gi").of_class("fast")),
            resources: Resources::new("1", "1Gi"),
        },
        reads_pull_secrets: false,
        ..TrivyOperator::default()
    };
    trivy.scanners.nodes = true;
    stack.with(KubePrometheusStack::default()).with(trivy)
}

fn without_server(stack: Stack) -> Stack {
    stack.with(TrivyOperator {
        database: Database::EachJob,
        ..TrivyOperator::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, without_server] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for build in [plain, everything] {
        for bundle in proof::environments(build) {
            CHART.runs_the_images_of(bundle.part("trivy-operator").unwrap());
        }
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
    for build in [plain, everything, without_server] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn jobs_stay_out_of_the_mesh() {
    let found = |home| {
        let trivy = TrivyOperator {
            home,
            ..TrivyOperator::default()
        };
        let codes = proof::codes(platform("dev", "dev.example.com").with(trivy));
        codes.contains_key("scan-jobs-in-mesh")
    };
    assert!(found(
        Home::own("scans").labelled("istio-injection", "enabled")
    ));
    assert!(!found(
        Home::own("scans").labelled("istio-injection", "disabled")
    ));
}

#[test]
fn what_cannot_work_is_refused() {
    let cases: [(crate::Change<TrivyOperator>, &str); 2] = [
        (|trivy| trivy.severities.clear(), "severities"),
        (|trivy| trivy.concurrent_jobs = 0, "concurrent_jobs"),
    ];
    for (change, field) in cases {
        let mut trivy = TrivyOperator::default();
        change(&mut trivy);
        let stack = platform("dev", "dev.example.com").with(trivy);
        let error = stack.build().unwrap_err().to_string();
        assert!(error.contains(&format!("`{field}`")), "{error}");
    }
}
