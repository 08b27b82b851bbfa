//! Every document of the corpus that an API server accepted reads strictly and is written back the same; what it refused for an
//! unknown field is refused too.
//!
//! The corpus is not part of the project: `CORPUS_DIR` names its folder.
#![cfg(all(
    feature = "extensions",
    feature = "networking",
    feature = "security",
    feature = "telemetry"
))]
#![allow(clippy::panic, clippy::print_stderr, clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use crd_core::parse::strict;
use istio_types::{extensions, networking, security, telemetry};
use serde_json::Value;

/// Reads the document strictly as what it says it is, and writes it.
fn reread(document: &Value) -> Result<Value, String> {
    macro_rules! kinds {
        ($($group:ident: $($version:ident $kind:ident),*;)*) => {
            match (document["apiVersion"].as_str(), document["kind"].as_str()) {
                $($((Some(concat!(stringify!($group), ".istio.io/", stringify!($version))), Some(stringify!($kind))) => {
                    strict::<$group::$version::$kind>(document)
                        .map(|object| serde_json::to_value(object).unwrap())
                        .map_err(|error| error.to_string())
                })*)*
                other => panic!("{other:?} is no kind of Istio"),
            }
        };
    }
    kinds! {
        extensions: v1alpha1 WasmPlugin;
        networking:
            v1 DestinationRule, v1alpha3 DestinationRule, v1beta1 DestinationRule,
            v1alpha3 EnvoyFilter,
            v1 Gateway, v1alpha3 Gateway, v1beta1 Gateway,
            v1beta1 ProxyConfig,
            v1 ServiceEntry, v1alpha3 ServiceEntry, v1beta1 ServiceEntry,
            v1 Sidecar, v1alpha3 Sidecar, v1beta1 Sidecar,
            v1 VirtualService, v1alpha3 VirtualService, v1beta1 VirtualService,
            v1 WorkloadEntry, v1alpha3 WorkloadEntry, v1beta1 WorkloadEntry,
            v1 WorkloadGroup, v1alpha3 WorkloadGroup, v1beta1 WorkloadGroup;
        security:
            v1 AuthorizationPolicy, v1beta1 AuthorizationPolicy,
            v1 PeerAuthentication, v1beta1 PeerAuthentication,
            v1 RequestAuthentication, v1beta1 RequestAuthentication;
        telemetry: v1 Telemetry, v1alpha1 Telemetry;
    }
}

/// A document and what an API server said of it.
struct Entry {
    path: String,
    document: Value,
    accepted: bool,
    message: String,
}

fn corpus() -> Option<Vec<Entry>> {
    let Some(root) = std::env::var_os("CORPUS_DIR") else {
        eprintln!("SKIPPED: CORPUS_DIR names no corpus, nothing was compared");
        return None;
    };
    let root = PathBuf::from(root);
    let verdicts = fs::read_to_string(root.join("verdicts.tsv")).unwrap();
    let entries = verdicts
        .lines()
        .map(|line| line.splitn(3, '\t').collect::<Vec<_>>())
        .filter(|cells| cells[0].starts_with("istio/"))
        .map(|cells| {
            let text = fs::read_to_string(root.join(cells[0])).unwrap();
            let mut document: Value = serde_yaml::from_str(&text).unwrap();
            // What upstream's own tests expect, beside the object.
            document.as_object_mut().unwrap().remove("_err");
            Entry {
                path: cells[0].to_owned(),
                document,
                accepted: cells[1] == "accepted",
                message: cells.get(2).copied().unwrap_or_default().to_owned(),
            }
        });
    Some(entries.collect())
}

#[test]
fn accepted_documents_come_back_as_they_were() {
    let Some(corpus) = corpus() else { return };
    let mut read = 0;
    let mut failures = Vec::new();
    for entry in corpus.iter().filter(|entry| entry.accepted) {
        read += 1;
        match reread(&entry.document) {
            Err(error) => failures.push(format!("{}: {error}", entry.path)),
            Ok(written) => compare(&entry.document, &written, &entry.path, &mut failures),
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {read}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(read > 300, "only {read} documents found");
}

#[test]
fn unknown_fields_are_refused_as_the_server_does() {
    let Some(corpus) = corpus() else { return };
    let mut read = 0;
    for entry in corpus
        .iter()
        .filter(|entry| entry.message.contains("unknown field"))
    {
        read += 1;
        let error = reread(&entry.document).unwrap_err();
        for part in entry.message.split("unknown field \"").skip(1) {
            let path = part.split('"').next().unwrap();
            assert!(
                error.contains(&format!("{path}: unknown field")),
                "{}: {error}",
                entry.path
            );
        }
    }
    assert!(read > 3, "only {read} documents found");
}

/// Nulls, and lists and maps that are empty, may be left out; all else must be the same.
fn compare(before: &Value, after: &Value, path: &str, failures: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in before {
                let path = format!("{path}.{key}");
                match after.get(key) {
                    Some(written) => compare(value, written, &path, failures),
                    None if is_empty(value) => {}
                    None => failures.push(format!("{path} is lost")),
                }
            }
            for key in after.keys().filter(|key| !before.contains_key(*key)) {
                failures.push(format!("{path}.{key} is new"));
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (position, (before, after)) in before.iter().zip(after).enumerate() {
                compare(before, after, &format!("{path}[{position}]"), failures);
            }
        }
        _ if before == after => {}
        _ => failures.push(format!("{path} was {before} and is {after}")),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
