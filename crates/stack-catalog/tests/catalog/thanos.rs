use stack_builder::Stack;
use stack_catalog::components::KubePrometheusStack;
use stack_catalog::components::kube_prometheus_stack::{SecretKey, ThanosSidecar};
use stack_catalog::components::thanos::{Thanos, ThanosBucket};
use stack_catalog::{Home, Volume, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "thanos",
    release: "thanos",
    inner: &[],
    unlisted: &[],
    // Upstream's image in the place of one that is no longer maintained.
    without: &["docker.io/bitnami/thanos:0.39.2-debian-12-r2"],
    with: &["quay.io/thanos/thanos:v0.42.4"],
};

fn plain(stack: Stack) -> Stack {
    stack.with(Thanos::default())
}

fn prometheus(sidecar: bool) -> KubePrometheusStack {
    let mut prometheus = KubePrometheusStack::default();
    prometheus.prometheus.thanos = sidecar.then(|| ThanosSidecar {
        object_store: Some(SecretKey {
            name: "thanos".into(),
            key: "objstore.yml".into(),
        }),
    });
    prometheus
}

fn everything(stack: Stack) -> Stack {
    let mut bucket = ThanosBucket::new("thanos");
    bucket.gateway_volume = Volume::new("20Gi").of_class("fast");
    stack.with(prometheus(true)).with(Thanos {
        home: Home::own("metrics"),
        stores: vec!["thanos-query-grpc.other.example.com:10901".into()],
        bucket: Some(bucket),
        ..Thanos::default()
    })
}

fn without_sidecars(stack: Stack) -> Stack {
    let mut bucket = ThanosBucket::new("thanos");
    bucket.compacts = false;
    stack.with(Thanos {
        sidecars: None,
        bucket: Some(bucket),
        ..Thanos::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything, without_sidecars] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("thanos").unwrap());
    }
    proof::pulls_from_the_mirror(everything);
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    let build = |stack: Stack| {
        stack.with(Thanos {
            home: Home::own("monitoring"),
            ..Thanos::default()
        })
    };
    for bundle in proof::environments(build) {
        CHART.makes_what_is_declared_by(&bundle);
    }
}

#[test]
fn each_environment_is_clean() {
    for build in [plain, everything, without_sidecars] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn the_sidecars_that_it_asks_are_there() {
    let codes = |sidecar| {
        let stack = platform("dev", "dev.example.com").with(prometheus(sidecar));
        proof::codes(stack.with(Thanos::default())).contains_key("thanos-without-sidecar")
    };
    assert!(codes(false));
    assert!(!codes(true));
}
