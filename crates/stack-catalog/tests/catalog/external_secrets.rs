use serde_json::json;
use stack_builder::{Component, ComponentError, Context, Contribution, Overlay, Stack};
use stack_catalog::cert_manager_types::v1::{ClusterIssuer, IssuerSpec};
use stack_catalog::components::external_secrets::{Definitions, Scope, WebhookCertificate};
use stack_catalog::components::{CertManager, ExternalSecrets, KubePrometheusStack};
use stack_catalog::external_secrets_types::v1::{
    ClusterSecretStore, ExternalSecret, ExternalSecretData, ExternalSecretSpec, SecretStore,
    SecretStoreProvider, SecretStoreRef, SecretStoreSpec,
};
use stack_catalog::{Home, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "external-secrets",
    release: "external-secrets",
    inner: &[],
    unlisted: &[],
    without: &[],
    with: &[],
};

fn store() -> SecretStoreSpec {
    SecretStoreSpec::of(SecretStoreProvider::aws_secrets_manager("eu-central-2"))
}

fn plain(stack: Stack) -> Stack {
    stack.with(ExternalSecrets::default())
}

fn everything(stack: Stack) -> Stack {
    let mut secrets = ExternalSecrets {
        home: Home::own("secrets"),
        definitions: Definitions::WithRelease,
        push: true,
        account_annotations: [(
            "eks.amazonaws.com/role-arn".into(),
            "arn:aws:iam::123456789012:role/secrets".into(),
        )]
        .into(),
        cluster_stores: vec![ClusterSecretStore::new("aws", store())],
        stores: vec![SecretStore::new("own", store())],
        external_secrets: vec![ExternalSecret::new(
            "database",
            ExternalSecretSpec::of(
                SecretStoreRef::cluster_store("aws"),
                [ExternalSecretData::key("user", "demo/database").property("user")],
            ),
        )],
        ..ExternalSecrets::default()
    };
    secrets.webhook.fails_open = true;
    secrets.webhook.host_port = Some(10260);
    secrets.webhook.certificate = WebhookCertificate::ClusterIssuer("own".into());
    let issuers = CertManager {
        cluster_issuers: vec![ClusterIssuer::new("own", IssuerSpec::self_signed())],
        ..CertManager::default()
    };
    let stack = stack.with(KubePrometheusStack::default());
    stack.with(issuers).with(secrets)
}

fn narrow(stack: Stack) -> Stack {
    stack.with(ExternalSecrets {
        definitions: Definitions::Elsewhere,
        scope: Scope::Namespace("orders".into()),
        ..ExternalSecrets::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, narrow] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("external-secrets").unwrap());
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
    for build in [plain, everything, narrow] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[derive(Debug)]
struct Old;

impl Component for Old {
    fn id(&self) -> &str {
        "old"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let store = json!({
            "apiVersion": "external-secrets.io/v1beta1",
            "kind": "SecretStore",
            "metadata": {"name": "old", "namespace": "default"},
            "spec": {"provider": {"fake": {"data": [{"key": "a", "value": "b"}]}}},
        });
        out.dynamic_object("store.yaml", store)
    }
}

#[test]
fn the_old_version_is_not_served() {
    let found = |overlay: Overlay| {
        let secrets = ExternalSecrets {
            overlay,
            ..ExternalSecrets::default()
        };
        let stack = platform("dev", "dev.example.com");
        proof::codes(stack.with(secrets).with(Old)).contains_key("version-not-served")
    };
    assert!(found(Overlay::new()));
    let served = json!({"crds": {"unsafeServeV1Beta1": true}});
    assert!(!found(served.as_object().unwrap().clone()));
}

#[test]
fn what_the_operator_would_leave_alone_is_refused() {
    let cases: [(crate::Change<ExternalSecrets>, &str); 3] = [
        (
            |secrets| {
                secrets.scope = Scope::Namespace("orders".into());
                secrets.cluster_stores = vec![ClusterSecretStore::new("aws", store())];
            },
            "cluster_stores",
        ),
        (
            |secrets| {
                let push = json!({
                    "apiVersion": "external-secrets.io/v1alpha1",
                    "kind": "PushSecret",
                    "metadata": {"name": "x"},
                    "spec": {"secretStoreRefs": [{"name": "aws"}], "selector": {"secret": {"name": "x"}}},
                });
                secrets.push_secrets = vec![serde_json::from_value(push).unwrap()];
            },
            "push",
        ),
        (|secrets| secrets.webhook.replicas = 0, "webhook.replicas"),
    ];
    for (change, field) in cases {
        let mut secrets = ExternalSecrets::default();
        change(&mut secrets);
        let stack = platform("dev", "dev.example.com").with(secrets);
        let error = stack.build().unwrap_err().to_string();
        assert!(error.contains(&format!("`{field}`")), "{error}");
    }
}
