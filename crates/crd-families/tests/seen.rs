//! Objects that differ from one that was judged before in their names alone: what is said of them is what is said of each alone.

use std::collections::BTreeMap;

use crd_families::Channel;
use crd_validate::{Registry, UnknownFields};
use fidelity::{Corpus, data_folder, yaml_files};
use serde_json::{Value, json};

/// Of how many documents of a kind the names are changed.
const OF_EACH: usize = 4;

fn documents() -> Vec<Value> {
    let families = Corpus::from_environment().judged("");
    let families = families.into_iter().map(|entry| entry.document);
    let folder = data_folder("BUILTIN_CORPUS_DIR");
    let files = folder.iter().flat_map(|folder| yaml_files(folder));
    let built_in = files.filter_map(|file| {
        let text = std::fs::read(file).ok()?;
        let read = crd_validate::reader::read(&text).into_iter().next()?;
        read.content.ok()
    });
    families.chain(built_in).collect()
}

/// The same object under other names, some of which no server takes.
fn renamed(object: &Value) -> Vec<Value> {
    let changes = [
        ("name", json!("other")),
        ("name", json!("a.b")),
        ("name", json!("1")),
        ("name", json!("a".repeat(60))),
        ("name", json!("a".repeat(200))),
        ("name", json!("A_b")),
        ("name", json!("")),
        ("name", json!(5)),
        ("name", Value::Null),
        ("namespace", json!("other")),
        ("namespace", json!("a.b")),
        ("namespace", json!(true)),
        ("namespace", json!("")),
        ("labels", json!({"app": "other"})),
        ("labels", json!({"a b": "c"})),
        ("labels", json!({"app": "a b"})),
        ("labels", json!({"app": 5})),
        ("labels", json!({"app": null})),
        ("labels", json!([])),
        ("labels", json!(null)),
        ("annotations", json!({"app": "other"})),
        ("unknown", json!("other")),
    ];
    let change = |(member, value): (&str, Value)| {
        let mut object = object.clone();
        object["metadata"]
            .as_object_mut()?
            .insert(member.to_owned(), value);
        Some(object)
    };
    changes.into_iter().filter_map(change).collect()
}

#[test]
fn names_are_judged_anew() {
    let mut registry = Registry::new();
    let mut of_kind: BTreeMap<String, usize> = BTreeMap::new();
    for (number, document) in documents().into_iter().enumerate() {
        // What one remembers has a bound.
        if number % 100 == 0 {
            registry = Registry::new();
            crd_families::add_definitions(Channel::Standard, &mut registry);
        }
        let kind = format!("{} {}", document["apiVersion"], document["kind"]);
        let count = of_kind.entry(kind).or_default();
        let refuse = UnknownFields::Refuse;
        if *count == OF_EACH || !registry.judge(&document, refuse).report.is_accepted() {
            continue;
        }
        *count += 1;
        let held = kube_value::Value::from(&document);
        for _ in 0..3 {
            assert_eq!(
                registry.judge_held(&held, refuse),
                registry.judge(&document, refuse)
            );
        }
        for other in renamed(&document) {
            let held = kube_value::Value::from(&other);
            let (anew, seen) = (
                registry.judge(&other, refuse),
                registry.judge_held(&held, refuse),
            );
            assert_eq!(seen, anew, "{other}");
        }
    }
    assert!(of_kind.len() > 5, "{of_kind:?}");
}
