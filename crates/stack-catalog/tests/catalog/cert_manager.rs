use stack_builder::Stack;
use stack_catalog::cert_manager_types::v1::{
    Certificate, CertificateSpec, ClusterIssuer, Issuer, IssuerReference, IssuerSpec,
};
use stack_catalog::components::cert_manager::{Definitions, Webhook};
use stack_catalog::components::{CertManager, KubePrometheusStack};
use stack_catalog::{Home, Monitoring, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "cert-manager",
    release: "cert-manager",
    inner: &[],
    unlisted: &[],
    without: &[],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(CertManager::default())
}

fn everything(stack: Stack) -> Stack {
    let issued = CertificateSpec::for_names(
        "web-tls",
        IssuerReference::cluster_issuer("ca"),
        ["www.example.com"],
    );
    stack
        .with(KubePrometheusStack::default())
        .with(CertManager {
            home: Home::own("certificates").labelled("team", "platform"),
            definitions: Definitions::WithRelease,
            webhook: Webhook {
                host_port: Some(10260),
                ..Webhook::default()
            },
            dns_servers: vec!["1.1.1.1:53".into(), "9.9.9.9:53".into()],
            owns_secrets: true,
            monitoring: Monitoring::On,
            gateway_api: true,
            cluster_issuers: vec![
                ClusterIssuer::new("own", IssuerSpec::self_signed()),
                ClusterIssuer::new("ca", IssuerSpec::ca("ca-key")),
            ],
            issuers: vec![Issuer::new("own", IssuerSpec::self_signed()).in_namespace("default")],
            certificates: vec![Certificate::new("web", issued).in_namespace("default")],
            ..CertManager::default()
        })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for bundle in proof::environments(plain)
        .iter()
        .chain(&proof::environments(everything))
    {
        CHART.knows_the_values_of(bundle);
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("cert-manager").unwrap());
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
    for bundle in proof::environments(plain) {
        proof::is_clean(&bundle, &[]);
        proof::writes_a_tree(&bundle);
    }
    for bundle in proof::environments(everything) {
        // The Gateway API and the Secret of the CA lie outside.
        proof::is_clean(&bundle, &["gateway-api-first"]);
    }
}

#[test]
fn the_gateway_api_has_to_be_there_before() {
    let manager = CertManager {
        gateway_api: true,
        ..CertManager::default()
    };
    let codes = proof::codes(platform("dev", "dev.example.com").with(manager));
    assert_eq!(codes.get("gateway-api-first"), Some(&1), "{codes:?}");
}

#[test]
fn a_timeout_that_kubernetes_refuses_is_refused() {
    let mut manager = CertManager::default();
    manager.webhook.timeout_seconds = 31;
    let error = platform("dev", "dev.example.com")
        .with(manager)
        .build()
        .unwrap_err();
    assert!(
        error.to_string().contains("webhook.timeout_seconds"),
        "{error}"
    );
}
