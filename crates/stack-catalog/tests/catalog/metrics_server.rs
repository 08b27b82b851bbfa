use stack_builder::Stack;
use stack_catalog::components::metrics_server::{KubeletTls, ServingCertificate};
use stack_catalog::components::{CertManager, KubePrometheusStack, MetricsServer};
use stack_catalog::lab_builder::components::Kind;
use stack_catalog::{Home, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "metrics-server",
    release: "metrics-server",
    inner: &[],
    unlisted: &[],
    without: &[],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(MetricsServer::default())
}

fn everything(stack: Stack) -> Stack {
    stack
        .with(KubePrometheusStack::default())
        .with(CertManager::default())
        .with(MetricsServer {
            home: Home::own("metrics"),
            kubelet_tls: KubeletTls::Insecure,
            certificate: ServingCertificate::CertManager,
            host_network: true,
            port: 4443,
            ..MetricsServer::default()
        })
}

fn with_secret(stack: Stack) -> Stack {
    stack.with(MetricsServer {
        certificate: ServingCertificate::Secret("metrics-server-tls".into()),
        ..MetricsServer::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, with_secret] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("metrics-server").unwrap());
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
    for build in [plain, everything, with_secret] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn the_kubelets_of_kind_cannot_be_verified() {
    let on_kind = |kubelet_tls| {
        let server = MetricsServer {
            kubelet_tls,
            ..MetricsServer::default()
        };
        let stack = platform("dev", "dev.example.com")
            .with(Kind::default())
            .with(server);
        proof::codes(stack).contains_key("kubelet-certificates")
    };
    assert!(on_kind(KubeletTls::Verified));
    assert!(!on_kind(KubeletTls::Insecure));
}

#[test]
fn the_port_of_the_kubelet_is_taken_on_the_node() {
    let server = MetricsServer {
        host_network: true,
        ..MetricsServer::default()
    };
    let codes = proof::codes(platform("dev", "dev.example.com").with(server));
    assert_eq!(codes.get("host-port-taken"), Some(&1), "{codes:?}");
}
