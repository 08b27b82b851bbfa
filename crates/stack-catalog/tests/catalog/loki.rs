use stack_builder::Stack;
use stack_catalog::components::KubePrometheusStack;
use stack_catalog::components::loki::{Loki, LokiCaches, LokiStorage};
use stack_catalog::{Home, S3, Volume, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "loki",
    release: "loki",
    inner: &[],
    // Commented out in the values file, and demanded by the templates.
    unlisted: &["loki.storage.bucketNames"],
    // The caches are off.
    without: &[
        "docker.io/library/memcached:1.6.45-alpine",
        "docker.io/prom/memcached-exporter:v0.17.0",
    ],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(Loki::default())
}

fn bucket(store: S3) -> LokiStorage {
    LokiStorage::Bucket {
        store,
        chunks: "logs".into(),
        ruler: "rules".into(),
        replicas: 3,
    }
}

fn everything(stack: Stack) -> Stack {
    stack.with(KubePrometheusStack::default()).with(Loki {
        home: Home::own("logs"),
        storage: bucket(S3::at("minio.minio.svc:9000", "loki-s3")),
        volume: Volume::new("20Gi").of_class("fast"),
        multi_tenant: true,
        caches: Some(LokiCaches {
            chunks_mib: 512,
            results_mib: 256,
        }),
        ..Loki::default()
    })
}

fn on_aws(stack: Stack) -> Stack {
    stack.with(Loki {
        storage: bucket(S3::aws(
            "eu-central-1",
            "arn:aws:iam::111122223333:role/loki",
        )),
        gateways: 0,
        canary: false,
        ..Loki::default()
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
        CHART.runs_the_images_of(bundle.part("loki").unwrap());
    }
    let with_caches = Chart {
        without: &[],
        ..CHART
    };
    for bundle in proof::environments(everything) {
        with_caches.runs_the_images_of(bundle.part("loki").unwrap());
    }
    proof::pulls_from_the_mirror(everything);
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    for bundle in proof::environments(|stack| {
        stack.with(Loki {
            home: "monitoring".into(),
            ..Loki::default()
        })
    }) {
        CHART.makes_what_is_declared_by(&bundle);
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

#[test]
fn what_loki_refuses_is_refused() {
    let refused = |loki: Loki| {
        let stack = platform("dev", "dev.example.com").with(loki);
        stack.build().unwrap_err().to_string()
    };
    let short = Loki {
        retention_days: 0,
        ..Loki::default()
    };
    assert!(refused(short).contains("retention_days"));
    let url = Loki {
        storage: bucket(S3::at("http://minio:9000", "s")),
        ..Loki::default()
    };
    assert!(refused(url).contains("storage.store.endpoint"));
}
