//! Building and writing a stack of many components, beside plain serde_yaml and serde_json: `cargo bench -p stack-builder`.
//!
//! The example `tenants` measures whole programs with it, memory included.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::io;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde::Serialize;
use stack_builder::{KnownKind, Stack};

use self::processor::Processor;
use self::tenants::{OBJECTS, Take, Tenant};

#[path = "../../kube-yaml/benches/processor/mod.rs"]
mod processor;
#[path = "../../../examples/tenants/lib.rs"]
mod tenants;

const COUNT: usize = 200;

fn stack() -> Stack {
    let stack = Stack::new("dev", "dev.example.com");
    (0..COUNT).fold(stack, |stack, number| stack.with(Tenant::new(number)))
}

struct Yaml;

impl Take for Yaml {
    type Error = serde_yaml::Error;

    fn take<T>(&mut self, _file: &'static str, object: T) -> Result<(), serde_yaml::Error>
    where
        T: KnownKind + Serialize + Send + Sync + 'static,
    {
        serde_yaml::to_writer(io::sink(), &object)
    }
}

struct Json;

impl Take for Json {
    type Error = serde_json::Error;

    fn take<T>(&mut self, _file: &'static str, object: T) -> Result<(), serde_json::Error>
    where
        T: KnownKind + Serialize + Send + Sync + 'static,
    {
        serde_json::to_writer(io::sink(), &object)
    }
}

/// In objects per second of the processor.
fn rendering(criterion: &mut Criterion<Processor>) {
    let mut group = criterion.benchmark_group("render");
    group.throughput(Throughput::Elements((COUNT * OBJECTS) as u64));
    group.bench_function("stream", |bencher| {
        bencher.iter(|| stack().write_stream(io::sink()).unwrap());
    });
    group.bench_function("build", |bencher| {
        bencher.iter(|| black_box(stack().build().unwrap()));
    });
    let bundle = stack().build().unwrap();
    group.bench_function("stream of a bundle", |bencher| {
        bencher.iter(|| bundle.write_stream(io::sink()).unwrap());
    });
    group.bench_function("json of a bundle", |bencher| {
        bencher.iter(|| bundle.write_json(io::sink()).unwrap());
    });
    group.bench_function("files of a bundle", |bencher| {
        bencher.iter(|| black_box(bundle.files()));
    });
    group.bench_function("serde_yaml alone", |bencher| {
        bencher
            .iter(|| (0..COUNT).for_each(|number| Tenant::new(number).objects(&mut Yaml).unwrap()));
    });
    group.bench_function("serde_json alone", |bencher| {
        bencher
            .iter(|| (0..COUNT).for_each(|number| Tenant::new(number).objects(&mut Json).unwrap()));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(Processor);
    targets = rendering
}
criterion_main!(benches);
