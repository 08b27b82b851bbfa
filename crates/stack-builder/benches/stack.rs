//! Building and writing a stack of many components, beside plain serde_yaml and serde_json: `cargo bench -p stack-builder`.
//!
//! The example `tenants` measures whole programs with it, memory included.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::io;

use serde::Serialize;
use stack_builder::{KnownKind, Stack};

use self::processor::processor;
use self::tenants::{OBJECTS, Take, Tenant};
use self::timing::Group;

#[path = "../../kube-yaml/benches/timing/processor.rs"]
mod processor;
#[path = "../../../examples/tenants/lib.rs"]
mod tenants;
#[path = "../../kube-yaml/benches/timing/mod.rs"]
mod timing;

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
fn main() {
    let group = Group::new("render", processor).objects(COUNT * OBJECTS);
    group.measure("stream", || stack().write_stream(io::sink()).unwrap());
    group.measure("build", || black_box(stack().build().unwrap()));
    let bundle = stack().build().unwrap();
    group.measure("stream of a bundle", || {
        bundle.write_stream(io::sink()).unwrap()
    });
    group.measure("json of a bundle", || {
        bundle.write_json(io::sink()).unwrap()
    });
    group.measure("files of a bundle", || black_box(bundle.files()));
    group.measure("serde_yaml alone", || {
        (0..COUNT).for_each(|number| Tenant::new(number).objects(&mut Yaml).unwrap())
    });
    group.measure("serde_json alone", || {
        (0..COUNT).for_each(|number| Tenant::new(number).objects(&mut Json).unwrap())
    });
}
