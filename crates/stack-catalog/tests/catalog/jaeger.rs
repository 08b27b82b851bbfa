use stack_builder::Stack;
use stack_catalog::components::jaeger::{Jaeger, JaegerStorage};
use stack_catalog::{Home, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "jaeger",
    release: "jaeger",
    inner: &[],
    // Read by the template of the Deployment; the values file has it in a comment.
    unlisted: &["jaeger.resources"],
    without: &[],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(Jaeger::default())
}

fn everything(stack: Stack) -> Stack {
    stack.with(Jaeger {
        home: Home::own("traces"),
        storage: JaegerStorage::Elasticsearch {
            urls: vec!["http://elasticsearch.logging.svc:9200".into()],
            secret: Some("jaeger-store".into()),
            replicas: 2,
        },
        ..Jaeger::default()
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
        CHART.runs_the_images_of(bundle.part("jaeger").unwrap());
    }
    proof::pulls_from_the_mirror(everything);
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    let build = |stack: Stack| {
        stack.with(Jaeger {
            home: Home::own("observability"),
            ..Jaeger::default()
        })
    };
    for bundle in proof::environments(build) {
        CHART.makes_what_is_declared_by_but_for_levels(&bundle);
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
fn a_store_in_memory_has_one_pod_and_room() {
    let [.., large] = &proof::environments(plain)[..] else {
        unreachable!()
    };
    assert_eq!(
        large.release("jaeger").unwrap().values["jaeger"]["replicas"],
        1
    );
    let jaeger = Jaeger {
        storage: JaegerStorage::Memory { traces: 0 },
        ..Jaeger::default()
    };
    let error = platform("dev", "dev.example.com")
        .with(jaeger)
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("storage.traces"), "{error}");
}
