//! How long a large model takes: a hundred thousand objects, and a million.
#![allow(missing_docs)]

use std::hint::black_box;

use serde_json::{Value, json};
use stack_model::{Model, SourceObject};

use self::timing::{Group, wall};

#[path = "../../kube-yaml/benches/timing/mod.rs"]
mod timing;

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

fn main() {
    for count in [100_000, 1_000_000] {
        let objects: Vec<_> = (0..count)
            .map(|number| SourceObject::from(object(number)))
            .collect();
        let group = Group::new("model", wall).samples(10).objects(count);
        group.measure(&format!("read, {count}"), || {
            Model::read(black_box(&objects).iter().cloned()).len()
        });
        let model = Model::read(objects.iter().cloned());
        group.measure(&format!("find pods of each Service, {count}"), || {
            model
                .services()
                .map(|service| service.workloads().count())
                .sum::<usize>()
        });
    }
}
