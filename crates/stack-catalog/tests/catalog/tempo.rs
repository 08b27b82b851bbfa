use stack_builder::Stack;
use stack_catalog::components::KubePrometheusStack;
use stack_catalog::components::tempo::{Tempo, TempoStorage};
use stack_catalog::{AzureCredentials, GcsCredentials, Home, ObjectStore, S3, Volume};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "tempo",
    release: "tempo",
    inner: &[],
    // Commented out in the values file.
    unlisted: &[
        "tempo.storage.trace.s3",
        "tempo.storage.trace.gcs",
        "tempo.storage.trace.azure",
        "persistence.storageClassName",
    ],
    without: &[],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(Tempo::default())
}

fn everything(stack: Stack) -> Stack {
    stack.with(KubePrometheusStack::default()).with(Tempo {
        home: Home::own("traces"),
        storage: TempoStorage::Bucket {
            store: S3::at("minio.minio.svc:9000", "tempo-s3").into(),
            bucket: "traces".into(),
        },
        volume: Volume::new("20Gi").of_class("fast"),
        metrics_to: Some("http://mimir/api/v1/push".into()),
        multi_tenant: true,
        ..Tempo::default()
    })
}

fn on_aws(stack: Stack) -> Stack {
    stack.with(Tempo {
        storage: TempoStorage::Bucket {
            store: S3::aws("eu-central-1", "arn:aws:iam::111122223333:role/tempo").into(),
            bucket: "traces".into(),
        },
        ..Tempo::default()
    })
}

fn kept_in(stack: Stack, store: ObjectStore) -> Stack {
    stack.with(Tempo {
        storage: TempoStorage::Bucket {
            store,
            bucket: "traces".into(),
        },
        ..Tempo::default()
    })
}

fn on_gcp(stack: Stack) -> Stack {
    let key = GcsCredentials::Secret("gcs-key".into());
    kept_in(stack, ObjectStore::Gcs(key))
}

fn on_azure(credentials: AzureCredentials) -> impl Fn(Stack) -> Stack {
    let store = ObjectStore::Azure {
        account: "shoptraces".into(),
        credentials,
    };
    move |stack| kept_in(stack, store.clone())
}

/// The key stays in the Secret: the configuration names the variable.
#[test]
fn a_key_of_azure_is_named_and_not_written() {
    for (credentials, named) in [
        (AzureCredentials::Secret("key".into()), true),
        (AzureCredentials::WorkloadIdentity("id".into()), false),
    ] {
        for bundle in proof::environments(on_azure(credentials)) {
            CHART.knows_the_values_of(&bundle);
            let values = &bundle.release("tempo").unwrap().values;
            let azure = &values["tempo"]["storage"]["trace"]["azure"];
            assert_eq!(
                azure["storage_account_key"] == "${AZURE_STORAGE_KEY}",
                named
            );
            assert_eq!(azure["use_federated_token"] == true, !named);
            assert_eq!(
                values["podLabels"]["azure.workload.identity/use"] == "true",
                !named
            );
            proof::is_clean(&bundle, &[]);
        }
    }
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, on_aws, on_gcp] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("tempo").unwrap());
    }
    proof::pulls_from_the_mirror(everything);
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    let build = |stack: Stack| {
        stack.with(Tempo {
            home: Home::own("monitoring"),
            ..Tempo::default()
        })
    };
    for bundle in proof::environments(build) {
        // The component makes its pods meet more than the chart does.
        CHART.makes_what_is_declared_by_but_for_levels(&bundle);
    }
}

#[test]
fn each_environment_is_clean() {
    for build in [plain, everything, on_aws] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}
