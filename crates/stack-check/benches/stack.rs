//! How long a stack takes to read, to check and to report: 11,000 objects, and ten times as many.
#![allow(missing_docs)]

#[path = "../tests/tenants/mod.rs"]
#[allow(dead_code)]
mod tenants;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use kube_yaml::Manifests;
use stack_check::{Config, run};
use stack_model::{Model, SourceObject, Value};

fn text(tenants_wanted: usize) -> String {
    let objects = tenants::tenants(tenants_wanted);
    let documents = objects
        .iter()
        .map(|object| kube_yaml::to_string(object).unwrap_or_default());
    documents.collect::<Vec<_>>().join("---\n")
}

fn read(text: &str) -> Vec<SourceObject> {
    Manifests::<Value>::read(text)
        .filter_map(Result::ok)
        .map(|document| SourceObject::read("stack.yaml", document))
        .collect()
}

fn stack(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("stack");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(8));
    for tenants_wanted in [1_000, 10_000] {
        let objects = tenants_wanted * 11;
        let text = text(tenants_wanted);
        let sources = read(&text);
        group.throughput(Throughput::Elements(objects as u64));
        group.bench_with_input(
            BenchmarkId::new("read text", objects),
            &text,
            |bencher, text| {
                bencher.iter(|| black_box(read(text)).len());
            },
        );
        group.bench_with_input(
            BenchmarkId::new("model", objects),
            &sources,
            |bencher, sources| {
                bencher.iter(|| Model::read(black_box(sources).iter().cloned()).len());
            },
        );
        let model = Model::read(sources.iter().cloned());
        group.bench_with_input(
            BenchmarkId::new("check", objects),
            &model,
            |bencher, model| {
                bencher.iter(|| run(black_box(model), &Config::default()).findings.len());
            },
        );
        group.bench_with_input(
            BenchmarkId::new("read, check, report", objects),
            &text,
            |bencher, text| {
                bencher.iter(|| {
                    run(&Model::read(read(text)), &Config::default())
                        .rows()
                        .len()
                });
            },
        );
    }
    group.finish();
}

criterion_group!(benches, stack);
criterion_main!(benches);
