//! Reading in proportion to the input.
#![allow(clippy::print_stderr)]

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stack_model::{Model, Selector};

fn objects(count: usize) -> Vec<Value> {
    let object = |number: usize| {
        let name = format!("web-{number}");
        let metadata = json!({"name": name, "namespace": format!("tenant-{}", number / 1000)});
        match number % 2 {
            0 => {
                json!({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"selector": {"app": name}, "ports": [{"port": 80}]}})
            }
            _ => json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
                        "spec": {"template": {"metadata": {"labels": {"app": format!("web-{}", number - 1)}}, "spec": {"containers": [{"name": "c"}]}}}}),
        }
    };
    (0..count).map(object).collect()
}

/// The processor time that this thread has used: what others do on the machine does not count. Elsewhere than on Linux, time.
fn processor_time(start: Instant) -> Duration {
    let used = std::fs::read_to_string("/proc/thread-self/schedstat");
    let nanoseconds = used
        .ok()
        .and_then(|line| line.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// Reads the objects, finds each by its name, and the pods of each Service.
fn seconds(count: usize) -> Duration {
    let objects = objects(count);
    let start = Instant::now();
    let before = processor_time(start);
    let model = Model::read(objects);
    let found = model.entries().filter(|entry| {
        model
            .get(entry.group(), entry.kind(), entry.namespace(), entry.name())
            .is_some()
    });
    assert_eq!(found.count(), count);
    let served: usize = model
        .services()
        .map(|service| service.workloads().count())
        .sum();
    assert_eq!(served, count / 2);
    assert!(
        model
            .select_workloads("tenant-0", &Selector::everything())
            .len()
            <= 500
    );
    processor_time(start) - before
}

#[test]
fn reading_grows_in_proportion_to_the_objects() {
    let best = |count: usize| (0..3).map(|_| seconds(count)).min().unwrap_or_default();
    let (one, four) = (best(1_000), best(4_000));
    eprintln!("{one:?} for 1,000 objects, {four:?} for 4,000");
    assert!(
        four.as_secs_f64() / one.as_secs_f64() < 10.0,
        "{one:?}, {four:?}"
    );
}

/// By hand, in release: a million objects are read in a few seconds.
#[test]
#[ignore = "takes memory and time"]
fn a_million_objects() {
    eprintln!("{:?} for 1,000,000 objects", seconds(1_000_000));
}
