//! Rules of built-in kinds that hardly a manifest meets: each row changes a sound manifest, and names what a server refuses.
#![allow(clippy::unwrap_used)]

use crd_validate::{KubernetesVersion, Registry, UnknownFields, Verdict, reader};
use serde_json::Value;

mod bounds;
mod core;
mod groups;

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
