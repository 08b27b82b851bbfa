//! Writing and reading beside others, in bytes of YAML per second of the processor: `cargo bench -p kube-yaml`.
//!
//! The documents are a small platform's objects many times over. The folders that the environment variable `YAML_DIRS` names, with
//! colons between them, are read as well.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::path::Path;

mod processor;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kube_yaml::Order;
use serde::Deserialize;
use serde_json::{Value, json};

use self::processor::Processor;

fn objects() -> Vec<Value> {
    let one = [
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "tenant", "labels": {"env": "dev", "istio.io/dataplane-mode": "ambient"}}}),
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "frontend", "namespace": "tenant", "labels": {"app": "frontend"}},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "frontend"}}, "template": {"metadata": {"labels": {"app": "frontend", "version": "v1"}},
            "spec": {"serviceAccountName": "frontend", "containers": [{"name": "app", "image": "registry.example.com/shop/frontend:1.27.4", "args": ["--listen=:8080", "--verbose"],
                "env": [{"name": "MODE", "value": "production"}, {"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
                "ports": [{"name": "http", "containerPort": 8080}], "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
                "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 5},
                "securityContext": {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}}}]}}}}),
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "frontend", "namespace": "tenant"}, "spec": {"selector": {"app": "frontend"}, "ports": [{"name": "http", "port": 80, "targetPort": "http"}]}}),
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings", "namespace": "tenant"}, "data": {"LOG_LEVEL": "info", "retries": "3",
            "app.toml": "[server]\nlisten = \"0.0.0.0:8080\"\n\n[limits]\nrequests = 100\n# per second\nburst = 20\n"}}),
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "frontend", "namespace": "tenant"},
            "spec": {"parentRefs": [{"name": "kong", "namespace": "kong"}], "hostnames": ["shop.lab-dev.local"], "rules": [{"matches": [{"path": {"type": "PathPrefix", "value": "/"}}], "backendRefs": [{"name": "frontend", "port": 80}]}]}}),
        json!({"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": {"name": "frontend", "namespace": "tenant"},
            "spec": {"endpointSelector": {"matchLabels": {"app": "frontend"}}, "ingress": [{"fromEndpoints": [{"matchLabels": {"k8s:io.kubernetes.pod.namespace": "kong"}}],
                "toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}], "rules": {"http": [{"method": "GET", "path": "/.*"}]}}]}]}}),
    ];
    (0..500).flat_map(|_| one.clone()).collect()
}

fn writing(criterion: &mut Criterion<Processor>) {
    let objects = objects();
    let mut text = Vec::new();
    for object in &objects {
        kube_yaml::append(&mut text, Order::Given, object).unwrap();
    }
    let mut group = criterion.benchmark_group("write");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("kube-yaml", |bencher| {
        bencher.iter(|| {
            text.clear();
            for object in &objects {
                kube_yaml::append(&mut text, Order::Given, black_box(object)).unwrap();
            }
        });
    });
    group.bench_function("serde_json compact", |bencher| {
        let mut text = Vec::new();
        bencher.iter(|| {
            text.clear();
            for object in &objects {
                serde_json::to_writer(&mut text, black_box(object)).unwrap();
            }
        });
    });
    group.bench_function("serde_yaml", |bencher| {
        let mut text = Vec::new();
        bencher.iter(|| {
            text.clear();
            for object in &objects {
                serde_yaml::to_writer(&mut text, black_box(object)).unwrap();
            }
        });
    });
    group.bench_function("serde-saphyr", |bencher| {
        let mut text = Vec::new();
        bencher.iter(|| {
            text.clear();
            for object in &objects {
                serde_saphyr::to_io_writer(&mut text, black_box(object)).unwrap();
            }
        });
    });
    group.finish();
}

fn read_all(text: &str) -> usize {
    kube_yaml::Documents::new(text)
        .filter(|document| black_box(document).is_ok())
        .count()
}

fn read_all_compact(text: &str) -> usize {
    kube_yaml::Manifests::<kube_value::Value>::read(text)
        .filter(|document| black_box(document).is_ok())
        .count()
}

fn reading(criterion: &mut Criterion<Processor>) {
    let mut text = Vec::new();
    for object in objects() {
        text.extend_from_slice(b"---\n");
        kube_yaml::append(&mut text, Order::Given, &object).unwrap();
    }
    let text = String::from_utf8(text).unwrap();
    let json: Vec<String> = objects().iter().map(Value::to_string).collect();
    let mut group = criterion.benchmark_group("read");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("kube-yaml", |bencher| {
        bencher.iter(|| read_all(black_box(&text)))
    });
    group.bench_function("kube-yaml, into kube-value", |bencher| {
        bencher.iter(|| read_all_compact(black_box(&text)))
    });
    group.bench_function("serde_json", |bencher| {
        bencher.iter(|| {
            json.iter()
                .filter(|text| serde_json::from_str::<Value>(black_box(text)).is_ok())
                .count()
        });
    });
    group.bench_function("serde_yaml", |bencher| {
        bencher.iter(|| {
            serde_yaml::Deserializer::from_str(black_box(&text))
                .filter_map(|document| Value::deserialize(document).ok())
                .count()
        });
    });
    // It reads no more than 1,024 documents of one text.
    let documents: Vec<&str> = text.split("---\n").skip(1).collect();
    group.bench_function("serde-saphyr", |bencher| {
        bencher.iter(|| {
            documents
                .iter()
                .filter(|text| serde_saphyr::from_str::<Value>(black_box(text)).is_ok())
                .count()
        });
    });
    group.finish();
    if let Ok(folders) = std::env::var("YAML_DIRS") {
        let mut texts = Vec::new();
        folders
            .split(':')
            .for_each(|folder| gather(folder.as_ref(), &mut texts));
        let mut group = criterion.benchmark_group("folders");
        group.sample_size(10);
        group.throughput(Throughput::Bytes(
            texts.iter().map(String::len).sum::<usize>() as u64,
        ));
        group.bench_function("kube-yaml", |bencher| {
            bencher.iter(|| {
                texts
                    .iter()
                    .map(|text| read_all(black_box(text)))
                    .sum::<usize>()
            });
        });
        group.bench_function("kube-yaml, into kube-value", |bencher| {
            bencher.iter(|| {
                texts
                    .iter()
                    .map(|text| read_all_compact(black_box(text)))
                    .sum::<usize>()
            });
        });
        group.finish();
    }
}

fn gather(folder: &Path, texts: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, texts);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            texts.extend(std::fs::read_to_string(&path).ok());
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(Processor);
    targets = writing, reading
}
criterion_main!(benches);
