use stack_builder::Stack;
use stack_catalog::components::otel_operator::OtelOperator;
use stack_catalog::components::{CertManager, KubePrometheusStack};
use stack_catalog::opentelemetry_operator_types::v1alpha1::{Instrumentation, InstrumentationSpec};
use stack_catalog::{Home, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "opentelemetry-operator",
    release: "opentelemetry-operator",
    inner: &[],
    unlisted: &[],
    // Of the pods of `helm test`.
    // Pinned.
    without: &["busybox:latest"],
    with: &["docker.io/library/busybox:1.37.0"],
};

fn plain(stack: Stack) -> Stack {
    stack
        .with(CertManager::default())
        .with(OtelOperator::default())
}

fn everything(stack: Stack) -> Stack {
    stack
        .with(KubePrometheusStack::default())
        .with(CertManager::default())
        .with(OtelOperator {
            home: Home::own("telemetry"),
            definitions: false,
            instrumentations: vec![Instrumentation::new(
                "default",
                InstrumentationSpec::sending_to("http://otel-gateway.otel-gateway:4317"),
            )],
            ..OtelOperator::default()
        })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("opentelemetry-operator").unwrap());
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
    for build in [plain, everything] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn it_needs_cert_manager() {
    let stack = platform("dev", "dev.example.com").with(OtelOperator::default());
    let error = stack.build().unwrap_err().to_string();
    assert!(error.contains("requires `cert-manager`"), "{error}");
}
