//! How long a large model takes: a hundred thousand objects, and a million.
#![allow(missing_docs)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Value, json};
use stack_model::{Model, SourceObject};

fn object(number: usize) -> Value {
    let (name, place) = (format!("web-{number}"), format!("tenant-{}", number / 1000));
    let metadata = json!({"name": name, "namespace": place});
    match number % 2 {
        0 => json!({"apiVersion": "v1", "kind": "Service", "metadata": metadata,
                    "spec": {"selector": {"app": name}, "ports": [{"port": 80}]}}),
        _ => json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
                    "spec": {"template": {"metadata": {"labels": {"app": format!("web-{}", number - 1)}},
                                          "spec": {"containers": [{"name": "c"}]}}}}),
    }
}

fn model(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("model");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(10));
    for count in [100_000, 1_000_000] {
        let objects: Vec<_> = (0..count)
            .map(|number| SourceObject::from(object(number)))
            .collect();
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(
            BenchmarkId::new("read", count),
            &objects,
            |bencher, objects| {
                bencher.iter(|| Model::read(black_box(objects).iter().cloned()).len());
            },
        );
        let model = Model::read(objects.iter().cloned());
        group.bench_with_input(
            BenchmarkId::new("find pods of each Service", count),
            &model,
            |bencher, model| {
                bencher.iter(|| {
                    model
                        .services()
                        .map(|service| service.workloads().count())
                        .sum::<usize>()
                });
            },
        );
    }
    group.finish();
}

criterion_group!(benches, model);
criterion_main!(benches);
