use stack_builder::Stack;
use stack_catalog::components::KubePrometheusStack;
use stack_catalog::components::loki::{Distribution, Loki, LokiCaches, LokiMode, LokiStorage};
use stack_catalog::{AzureCredentials, GcsCredentials, Home, ObjectStore, S3, Volume, platform};

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

fn bucket(store: impl Into<ObjectStore>) -> LokiStorage {
    LokiStorage::bucket(store, "logs", "rules")
}

fn scalable(stack: Stack) -> Stack {
    stack.with(KubePrometheusStack::default()).with(Loki {
        mode: LokiMode::SimpleScalable {
            write: 3,
            read: 2,
            backend: 2,
        },
        storage: bucket(ObjectStore::Gcs(GcsCredentials::Secret("gcs-key".into()))),
        volume: Volume::new("20Gi").of_class("fast"),
        ..Loki::default()
    })
}

fn distributed(stack: Stack) -> Stack {
    let credentials = AzureCredentials::Secret("azure-key".into());
    stack.with(Loki {
        mode: LokiMode::Distributed(Distribution {
            rulers: 1,
            ..Distribution::default()
        }),
        storage: bucket(ObjectStore::Azure {
            account: "shoplogs".into(),
            credentials,
        }),
        volume: Volume::new("20Gi").of_class("fast"),
        ..Loki::default()
    })
}

/// Without rules, and let in by the cloud.
fn distributed_without_rules(stack: Stack) -> Stack {
    let credentials = AzureCredentials::WorkloadIdentity("0000-1111".into());
    stack.with(Loki {
        mode: LokiMode::Distributed(Distribution::default()),
        storage: bucket(ObjectStore::Azure {
            account: "shoplogs".into(),
            credentials,
        }),
        ..Loki::default()
    })
}

fn on_gcp(stack: Stack) -> Stack {
    let account = "loki@shop.iam.gserviceaccount.com";
    stack.with(Loki {
        storage: bucket(ObjectStore::Gcs(GcsCredentials::WorkloadIdentity(
            account.into(),
        ))),
        ..Loki::default()
    })
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
    for build in [
        plain,
        everything,
        on_aws,
        on_gcp,
        scalable,
        distributed,
        distributed_without_rules,
    ] {
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
    for build in [scalable, distributed] {
        for bundle in proof::environments(build) {
            CHART.runs_the_images_of(bundle.part("loki").unwrap());
        }
    }
    let without_sidecar = Chart {
        without: &[
            "docker.io/library/memcached:1.6.45-alpine",
            "docker.io/prom/memcached-exporter:v0.17.0",
            "docker.io/kiwigrid/k8s-sidecar:2.10.1",
        ],
        ..CHART
    };
    for bundle in proof::environments(distributed_without_rules) {
        without_sidecar.runs_the_images_of(bundle.part("loki").unwrap());
    }
    proof::pulls_from_the_mirror(everything);
    proof::pulls_from_the_mirror(distributed);
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
    for build in [plain, everything, on_aws, scalable, distributed] {
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
    for mode in [
        LokiMode::Monolithic { replicas: 2 },
        LokiMode::Distributed(Distribution::default()),
    ] {
        let on_a_volume = Loki {
            mode,
            ..Loki::default()
        };
        assert!(refused(on_a_volume).contains("`mode`"));
    }
    let nobody = Loki {
        mode: LokiMode::SimpleScalable {
            write: 3,
            read: 0,
            backend: 1,
        },
        storage: bucket(S3::at("minio:9000", "s")),
        ..Loki::default()
    };
    assert!(refused(nobody).contains("`mode.read`"));
}

/// The chart stops where pods of two modes are asked for; those of the scalable one are three by default.
#[test]
fn no_pods_of_another_mode_are_asked_for() {
    const ALL: [&str; 12] = [
        "singleBinary",
        "read",
        "write",
        "backend",
        "ingester",
        "distributor",
        "querier",
        "queryFrontend",
        "queryScheduler",
        "indexGateway",
        "compactor",
        "ruler",
    ];
    for (build, there) in [
        (plain as fn(Stack) -> Stack, 0..1),
        (scalable, 1..4),
        (distributed, 4..12),
    ] {
        for bundle in proof::environments(build) {
            let values = &bundle.release("loki").unwrap().values;
            for (at, part) in ALL.into_iter().enumerate() {
                let by_default = if (1..4).contains(&at) { 3 } else { 0 };
                let replicas = values[part]["replicas"].as_u64().unwrap_or(by_default);
                assert_eq!(replicas > 0, there.contains(&at), "{part}");
            }
        }
    }
}
