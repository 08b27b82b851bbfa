use stack_builder::Stack;
use stack_catalog::components::KubePrometheusStack;
use stack_catalog::components::tempo::{Tempo, TempoStorage};
use stack_catalog::{Home, S3, Volume};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "tempo",
    release: "tempo",
    inner: &[],
    // Commented out in the values file.
    unlisted: &["tempo.storage.trace.s3", "persistence.storageClassName"],
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
            store: S3::at("minio.minio.svc:9000", "tempo-s3"),
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
            store: S3::aws("eu-central-1", "arn:aws:iam::111122223333:role/tempo"),
            bucket: "traces".into(),
        },
        ..Tempo::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, on_aws] {
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
