use stack_builder::Stack;
use stack_catalog::components::KubePrometheusStack;
use stack_catalog::components::velero::{Files, Velero};
use stack_catalog::velero_types::v1::{BackupSpec, Schedule, ScheduleSpec};
use stack_catalog::{AzureCredentials, GcsCredentials, Home, ObjectStore, S3, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "velero",
    release: "velero",
    inner: &[],
    unlisted: &[],
    without: &[],
    // Without a plugin there is no store.
    with: &["velero/velero-plugin-for-aws:v1.14.1"],
};

fn plain(stack: Stack) -> Stack {
    let store = S3::at("minio.example.com", "velero-credentials");
    stack.with(Velero::new(store, "backups"))
}

fn everything(stack: Stack) -> Stack {
    let store = S3::aws("eu-central-1", "arn:aws:iam::111122223333:role/velero");
    let nightly = ScheduleSpec::cron("0 2 * * *", BackupSpec::of_everything().kept_for("720h"));
    stack.with(KubePrometheusStack::default()).with(Velero {
        home: Home::own("backup"),
        files: Files::Everywhere,
        upgrade_definitions: false,
        csi_snapshots: false,
        schedules: vec![Schedule::new("nightly", nightly)],
        ..Velero::new(store, "backups")
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
        CHART.runs_the_images_of(bundle.part("velero").unwrap());
    }
    proof::pulls_from_the_mirror(plain);
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
fn each_store_has_its_plugin() {
    let azure = |credentials| ObjectStore::Azure {
        account: "shopbackups".into(),
        credentials,
    };
    let gcp = GcsCredentials::WorkloadIdentity("velero@shop.iam.gserviceaccount.com".into());
    let cases: [(ObjectStore, &[&str]); 2] = [
        (
            ObjectStore::Gcs(gcp),
            &["velero/velero-plugin-for-gcp:v1.14.1"],
        ),
        (
            azure(AzureCredentials::Secret("velero-azure".into())),
            &["velero/velero-plugin-for-microsoft-azure:v1.14.1"],
        ),
    ];
    for (store, plugin) in cases {
        let build = |stack: Stack| stack.with(Velero::new(store.clone(), "backups"));
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
            let with = Chart {
                with: plugin,
                ..CHART
            };
            with.runs_the_images_of(bundle.part("velero").unwrap());
            proof::is_clean(&bundle, &[]);
        }
    }
    let nobody = azure(AzureCredentials::WorkloadIdentity("id".into()));
    let stack = platform("dev", "dev.example.com").with(Velero::new(nobody, "backups"));
    let error = stack.build().unwrap_err().to_string();
    assert!(error.contains("`store.credentials`"), "{error}");
}
