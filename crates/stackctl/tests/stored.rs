//! What a server would keep.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;

fn stored(text: &str, arguments: &[&str]) -> (Output, Vec<Value>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("all.yaml"), text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_stackctl"))
        .args([&["stored"], arguments, &["all.yaml"]].concat())
        .current_dir(folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let lines = lines.collect();
    (output, lines)
}

#[test]
fn each_document_is_a_line_with_defaults_and_without_unknown_fields() {
    let text = "\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {colour: red, ports: [{port: 80}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: demo}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: lamps.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Lamp, plural: lamps, singular: lamp, listKind: LampList}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {watts: {type: integer, default: 5}}}}}}
---
apiVersion: example.com/v1
kind: Lamp
metadata: {name: desk}
spec: {}
";
    let (output, lines) = stored(text, &["--namespace", "shop"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["metadata"]["namespace"], "shop");
    assert_eq!(lines[0]["spec"]["type"], "ClusterIP");
    assert_eq!(lines[0]["spec"]["ports"][0]["targetPort"], 80);
    assert!(lines[0]["spec"].get("colour").is_none());
    assert!(lines[1]["metadata"].get("namespace").is_none());
    assert_eq!(lines[3]["spec"]["watts"], 5);
    let (_, lines) = stored(text, &[]);
    assert_eq!(lines[3]["metadata"]["namespace"], "default");
}

#[test]
fn what_is_not_kept_is_null_and_standard_error_says_why() {
    let text = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: Bad_Name}
---
apiVersion: example.com/v1
kind: Strange
metadata: {name: a}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: good}
";
    let (output, lines) = stored(text, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(lines[0].is_null() && lines[1].is_null());
    assert_eq!(lines[2]["metadata"]["name"], "good");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("all.yaml:1: a server would refuse this"),
        "{said}"
    );
    assert!(said.contains("all.yaml:5: no definition"), "{said}");
}

#[test]
fn a_version_has_its_own_kinds() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    for (version, code) in [("1.33", 0), ("1.37", 0), ("1.12", 2)] {
        let (output, _) = stored(text, &["--kubernetes", version]);
        assert_eq!(output.status.code(), Some(code), "{version}");
    }
}
