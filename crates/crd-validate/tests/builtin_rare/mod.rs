//! Rules of built-in kinds that hardly a manifest meets: each row changes a sound manifest, and names what a server refuses.

use crd_validate::{KubernetesVersion, Registry, UnknownFields, Verdict, reader};
use serde_json::Value;

mod bounds;
mod certificates;
mod classes;
mod compared;
mod core;
mod devices;
mod events;
mod flow;
mod groups;
mod others;
mod pods;
mod services;
mod slices;
mod workloads;

fn read(text: &str) -> Value {
    reader::read(text.as_bytes()).remove(0).content.unwrap()
}

fn paths(object: &Value, old: Option<&Value>, version: KubernetesVersion) -> Vec<String> {
    let registry = Registry::for_version(version);
    let judgement = match old {
        Some(old) => registry.judge_update(object, old, UnknownFields::Refuse),
        None => registry.judge(object, UnknownFields::Refuse),
    };
    assert_ne!(judgement.verdict, Verdict::Unknown, "{object}");
    let findings = judgement.report.findings.iter();
    let mut paths: Vec<String> = findings.map(|found| found.path.to_string()).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// What is put into a manifest in the place of `_`, and the paths of the findings, with blanks between them.
fn judge_in(version: KubernetesVersion, manifest: &str, rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        let object = read(&manifest.replacen('_', text, 1));
        let found = paths(&object, None, version).join(" ");
        assert_eq!(found, *expected, "{version}: {text} in {manifest}");
    }
}

fn judge(manifest: &str, rows: &[(&str, &str)]) {
    judge_in(KubernetesVersion::V1_36, manifest, rows);
}

/// What a change of a manifest is refused for: `_` is what it has before and after.
fn change(manifest: &str, rows: &[(&str, &str, &str)]) {
    for (before, after, expected) in rows {
        let with = |text: &str| read(&manifest.replacen('_', text, 1));
        let found = paths(&with(after), Some(&with(before)), KubernetesVersion::V1_36).join(" ");
        assert_eq!(found, *expected, "{before} to {after} in {manifest}");
    }
}

/// The paths of the findings on a manifest that is created.
fn paths_of(text: &str, version: KubernetesVersion) -> Vec<String> {
    paths(&read(text), None, version)
}

/// A manifest, a text in it, what takes its place, and the paths of the findings; none where that is fine.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

fn judge_changes(rows: &[Row]) {
    for (manifest, from, to, expected) in rows {
        let version = KubernetesVersion::default();
        assert_eq!(
            paths_of(manifest, version),
            Vec::<String>::new(),
            "{manifest}"
        );
        assert!(manifest.contains(from), "{from} is not in {manifest}");
        let found = paths_of(&manifest.replacen(from, to, 1), version);
        assert_eq!(found, *expected, "{from} -> {to} in {manifest}");
    }
}
