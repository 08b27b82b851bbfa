//! How long compiling a definition, reading a manifest and judging an object take.
//!
//! `cargo bench -p crd-validate`. With `CORPUS_DIR` set, the upstream definition of HTTPRoute and a real route are used as
//! well.
#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use crd_validate::{Registry, UnknownFields, Validator, Verdict, reader};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};

fn definition() -> Value {
    let rule = |rule: &str| json!({"rule": rule, "message": "no"});
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "example.com", "scope": "Namespaced", "names": {"kind": "Lamp"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
                "type": "object",
                "properties": {"spec": {
                    "type": "object",
                    "required": ["rooms"],
                    "properties": {"rooms": {
                        "type": "array", "maxItems": 64, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                        "items": {
                            "type": "object",
                            "required": ["name"],
                            "properties": {
                                "name": {"type": "string", "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63},
                                "watts": {"type": "integer", "minimum": 1, "maximum": 60, "default": 20}
                            },
                            "x-kubernetes-validations": [rule("self.watts > 0 || self.name.startsWith('dark')")]
                        }
                    }},
                    "x-kubernetes-validations": [rule("self.rooms.all(room, room.watts < 100)")]
                }}
            }}}]
        }
    })
}

fn manifest() -> String {
    let rooms: String = (0..32)
        .map(|room| format!("    - name: room-{room}\n      watts: {}\n", room + 1))
        .collect();
    format!(
        "apiVersion: example.com/v1\nkind: Lamp\nmetadata:\n  name: house\nspec:\n  rooms:\n{rooms}"
    )
}

fn own(criterion: &mut Criterion) {
    let definition = definition();
    let text = manifest();
    let object = reader::read(text.as_bytes()).remove(0).content.unwrap();
    criterion.bench_function("compile a small definition", |bencher| {
        bencher.iter(|| {
            Validator::new(black_box(&definition))
                .unwrap()
                .compile()
                .unwrap()
        });
    });
    criterion.bench_function("read a manifest of 32 rooms", |bencher| {
        bencher.iter(|| reader::read(black_box(text.as_bytes())));
    });
    let validator = Validator::new(&definition).unwrap();
    assert!(validator.create(&object).is_accepted());
    criterion.bench_function("judge 32 rooms with 33 rules", |bencher| {
        bencher.iter(|| validator.create(black_box(&object)));
    });
    let registry = Registry::new();
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"},
        "spec": {"containers": [{"name": "a", "image": "b", "ports": [{"containerPort": 80}]}]}
    });
    criterion.bench_function("judge a pod", |bencher| {
        bencher.iter(|| registry.judge(black_box(&pod), UnknownFields::Refuse));
    });
}

fn upstream(criterion: &mut Criterion) {
    let Some(corpus) = std::env::var_os("CORPUS_DIR").map(PathBuf::from) else {
        println!("SKIPPED: CORPUS_DIR is not set, so no upstream definition is measured");
        return;
    };
    whole_corpus(criterion, &corpus);
    let folder = corpus.join("../crds/gateway-api/experimental");
    let text =
        std::fs::read_to_string(folder.join("httproutes.gateway.networking.k8s.io.yaml")).unwrap();
    criterion.bench_function("read and compile HTTPRoute", |bencher| {
        bencher.iter(|| {
            let definition = reader::read(black_box(text.as_bytes()))
                .remove(0)
                .content
                .unwrap();
            Validator::new(&definition).unwrap().compile().unwrap();
        });
    });
    let definition = reader::read(text.as_bytes()).remove(0).content.unwrap();
    let validator = Validator::new(&definition).unwrap();
    let route = json!({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "api", "namespace": "demo"},
        "spec": {
            "parentRefs": [{"name": "gateway", "namespace": "kong"}],
            "hostnames": ["api.example.com"],
            "rules": [{"matches": [{"path": {"type": "PathPrefix", "value": "/"}}], "backendRefs": [{"name": "backend", "port": 80}]}]
        }
    });
    assert!(validator.create(&route).is_accepted());
    criterion.bench_function("judge an HTTPRoute", |bencher| {
        bencher.iter(|| validator.create(black_box(&route)))
    });
}

/// Everything that a program does that judges all documents of the corpus, on one processor.
fn whole_corpus(criterion: &mut Criterion, corpus: &Path) {
    let table = std::fs::read_to_string(corpus.join("verdicts.tsv")).unwrap();
    let paths: Vec<PathBuf> = table
        .lines()
        .skip(1)
        .map(|row| corpus.join(row.split('\t').next().unwrap()))
        .collect();
    let run = || {
        let mut registry = Registry::new();
        for family in [
            "gateway-api/experimental",
            "istio",
            "cilium",
            "argocd",
            "gatekeeper",
        ] {
            for entry in std::fs::read_dir(corpus.join("../crds").join(family)).unwrap() {
                let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
                registry.add_text(&text).unwrap();
            }
        }
        let mut accepted = 0;
        for path in &paths {
            let bytes = std::fs::read(path).unwrap();
            for document in reader::read(&bytes) {
                let judgement = registry.judge(&document.content.unwrap(), UnknownFields::Refuse);
                accepted += usize::from(judgement.verdict == Verdict::Accepted);
            }
        }
        accepted
    };
    let mut group = criterion.benchmark_group("corpus");
    group.sample_size(10);
    group.bench_function("read the definitions, judge all documents", |bencher| {
        bencher.iter(run)
    });
    group.finish();
}

criterion_group!(benches, own, upstream);
criterion_main!(benches);
