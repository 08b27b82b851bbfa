use stack_builder::{Component, ComponentError, Context, Contribution, Provided, Stack};
use stack_catalog::components::keda::{
    Certificates, CloudIdentity, Definitions, LogLevel, NetworkPolicies, SecretAccess,
};
use stack_catalog::components::{CertManager, Keda, KubePrometheusStack};
use stack_catalog::keda_types::v1alpha1::{
    ClusterTriggerAuthentication, ScaleTriggers, ScaledObject, ScaledObjectSpec,
    TriggerAuthentication, TriggerAuthenticationSpec,
};
use stack_catalog::{Home, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "keda",
    release: "keda",
    inner: &[],
    unlisted: &[],
    without: &[],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(Keda::default())
}

fn everything(stack: Stack) -> Stack {
    let mut keda = Keda {
        home: Home::own("scaling"),
        definitions: Definitions::WithRelease,
        watched_namespaces: vec!["orders".into(), "mail".into()],
        host_network: true,
        identity: CloudIdentity::Aws {
            role_arn: "arn:aws:iam::123456789012:role/keda".into(),
        },
        secrets: SecretAccess::OwnNamespace,
        certificates: Certificates::CertManager,
        network_policies: NetworkPolicies::Kubernetes,
        log_level: LogLevel::Debug,
        cluster_trigger_authentications: vec![ClusterTriggerAuthentication::new(
            "queue",
            TriggerAuthenticationSpec::from_secret("queue", [("host", "uri")]),
        )],
        trigger_authentications: vec![TriggerAuthentication::new(
            "own",
            TriggerAuthenticationSpec::from_secret("queue", [("host", "uri")]),
        )],
        scaled_objects: vec![
            ScaledObject::new(
                "worker",
                ScaledObjectSpec::of_deployment("worker", [ScaleTriggers::cpu(80)]).between(1, 5),
            )
            .in_namespace("orders"),
        ],
        ..Keda::default()
    };
    if let Some(webhook) = &mut keda.webhook {
        webhook.fails_closed = true;
    }
    let stack = stack.with(KubePrometheusStack::default());
    stack.with(CertManager::default()).with(keda)
}

fn elsewhere(stack: Stack) -> Stack {
    stack.with(Keda {
        definitions: Definitions::Elsewhere,
        identity: CloudIdentity::Azure {
            client_id: "c".into(),
            tenant_id: "t".into(),
        },
        network_policies: NetworkPolicies::Cilium,
        webhook: None,
        ..Keda::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, elsewhere] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
    let gcp = CloudIdentity::Gcp {
        service_account: "keda@project.iam.gserviceaccount.com".into(),
    };
    for bundle in proof::environments(|stack| {
        stack.with(Keda {
            identity: gcp.clone(),
            ..Keda::default()
        })
    }) {
        CHART.knows_the_values_of(&bundle);
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("keda").unwrap());
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

#[derive(Debug)]
struct Adapter(&'static str);

impl Component for Adapter {
    fn id(&self) -> &str {
        "adapter"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        out.provides(Provided::ApiGroup(self.0.into()));
        Ok(())
    }
}

#[test]
fn external_metrics_have_one_provider() {
    let beside = |group| {
        let stack = platform("dev", "dev.example.com").with(Keda::default());
        proof::codes(stack.with(Adapter(group))).contains_key("external-metrics-twice")
    };
    assert!(beside("external.metrics.k8s.io"));
    assert!(!beside("custom.metrics.k8s.io"));
}

#[test]
fn a_part_without_pods_is_refused() {
    let mut keda = Keda::default();
    keda.metrics_server.replicas = 0;
    let stack = platform("dev", "dev.example.com").with(keda);
    let error = stack.build().unwrap_err().to_string();
    assert!(error.contains("metrics_server.replicas"), "{error}");
}
