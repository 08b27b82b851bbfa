//! Reading in proportion to the input: steps are counted, not time. For time see `benches/`.

use serde_json::{Value, json};
use stack_model::{Model, work};

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

/// Reads the objects, finds each by its name, and the pods of each Service.
fn read(objects: Vec<Value>) -> usize {
    let model = Model::read(objects);
    let found = model.entries().filter(|entry| {
        model
            .get(entry.group(), entry.kind(), entry.namespace(), entry.name())
            .is_some()
    });
    let found = found.count();
    let served: usize = model
        .services()
        .map(|service| service.workloads().count())
        .sum();
    assert_eq!(served * 2, found);
    found + model.references().count()
}

#[test]
fn reading_and_looking_up_take_steps_in_proportion_to_the_objects() {
    let steps = |count: usize| {
        let objects = objects(count);
        let before = work::steps();
        assert!(read(objects) >= count);
        work::steps() - before
    };
    let (one, two) = (steps(2_000), steps(4_000));
    assert!(one > 2_000, "{one} steps: something is not counted");
    assert!(two * 10 <= one * 21, "{one} steps, then {two}");
}
