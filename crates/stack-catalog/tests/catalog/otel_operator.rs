use stack_builder::Stack;
use stack_catalog::components::otel_operator::OtelOperator;
use stack_catalog::components::{CertManager, KubePrometheusStack};
use stack_catalog::opentelemetry_operator_types::v1alpha1::{
    Agent, Extensions, Instrumentation, InstrumentationSpec, Java,
};
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

#[test]
fn the_images_that_its_objects_name_are_listed_and_come_from_the_mirror() {
    let image = |name: &str| format!("ghcr.io/open-telemetry/opentelemetry-operator/{name}");
    let mut spec = InstrumentationSpec::sending_to("http://otel-gateway.otel-gateway:4317");
    spec.python = Some(Agent {
        image: Some(image("autoinstrumentation-python:0.58b0")),
        ..Agent::default()
    });
    spec.java = Some(Java {
        image: Some(image("autoinstrumentation-java:2.20.1")),
        extensions: vec![Extensions {
            dir: "/extensions".into(),
            image: "registry.example.com/extension:1.0.0".into(),
        }],
        ..Java::default()
    });
    let stack = platform("dev", "dev.example.com")
        .with(CertManager::default())
        .with(OtelOperator {
            instrumentations: vec![Instrumentation::new("default", spec)],
            ..OtelOperator::default()
        });
    let bundle = stack
        .registry("mirror.internal".parse().unwrap())
        .build()
        .unwrap();
    let part = bundle.part("opentelemetry-operator").unwrap();
    let listed: Vec<String> = part
        .images()
        .iter()
        .map(|image| image.source.to_string())
        .collect();
    let namespace = Some("opentelemetry-operator-system");
    let object = bundle
        .object("Instrumentation", namespace, "default")
        .unwrap();
    for (pointer, source) in [
        (
            "/spec/python/image",
            image("autoinstrumentation-python:0.58b0"),
        ),
        ("/spec/java/image", image("autoinstrumentation-java:2.20.1")),
        (
            "/spec/java/extensions/0/image",
            "registry.example.com/extension:1.0.0".into(),
        ),
    ] {
        assert!(listed.contains(&source), "{source}: {listed:?}");
        let written = object.value().pointer(pointer).unwrap().as_str().unwrap();
        assert!(written.starts_with("mirror.internal/"), "{written}");
    }
}
