//! How long a stack takes to read, to check and to report: 11,000 objects, and ten times as many.
#![allow(missing_docs)]

#[path = "../tests/tenants/mod.rs"]
#[allow(dead_code)]
mod tenants;

use std::hint::black_box;

use kube_yaml::Manifests;
use stack_check::{Config, run};
use stack_model::{Model, SourceObject, Value};

use self::timing::{Group, wall};

#[path = "../../kube-yaml/benches/timing/mod.rs"]
mod timing;

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

fn main() {
    for tenants_wanted in [1_000, 10_000] {
        let objects = tenants_wanted * 11;
        let text = text(tenants_wanted);
        let sources = read(&text);
        let group = Group::new("stack", wall).samples(10).objects(objects);
        group.measure(&format!("read text, {objects}"), || {
            read(black_box(&text)).len()
        });
        group.measure(&format!("model, {objects}"), || {
            Model::read(black_box(&sources).iter().cloned()).len()
        });
        let model = Model::read(sources.iter().cloned());
        group.measure(&format!("check, {objects}"), || {
            run(black_box(&model), &Config::default()).findings.len()
        });
        group.measure(&format!("read, check, report, {objects}"), || {
            run(&Model::read(read(&text)), &Config::default())
                .rows()
                .len()
        });
    }
}
