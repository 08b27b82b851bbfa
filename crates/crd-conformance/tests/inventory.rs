//! What an inventory says of a CRD, and how two are compared.

use std::fs;

use crd_conformance::{Inventory, compare, import, load};

const CRD: &str = r#"
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: kites.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Kite, plural: kites, shortNames: [kt, ki]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    additionalPrinterColumns:
    - {name: Age, type: date, jsonPath: .metadata.creationTimestamp, priority: 1}
    schema:
      openAPIV3Schema:
        type: object
        description: left out
        required: [spec]
        properties:
          metadata: {type: object}
          spec:
            type: object
            x-kubernetes-validations: [{rule: "true"}, {rule: "true"}]
            properties:
              op: {type: string, enum: [=, b, a], default: b}
              size: {type: integer, format: int32, minimum: 0, maximum: 4294967295, nullable: true}
              tails:
                type: array
                maxItems: 3
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items: {type: object, required: [name], properties: {name: {type: string, pattern: "^a: b$"}}}
              labels: {type: object, additionalProperties: {type: string}}
              port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
              any: {type: object, x-kubernetes-preserve-unknown-fields: true, default: {z: 1, a: 2.0}}
  - name: v1beta1
    served: false
    storage: false
    schema: {openAPIV3Schema: {type: object}}
"#;

const INVENTORY: &str = r#"column v1 Age: #1 date .metadata.creationTimestamp priority=1
crd group: example.com
crd kind: Kite
crd plural: kites
crd scope: Namespaced
crd shortNames: kt|ki
v1 .: object
v1 spec: object required cel=2
v1 spec.any: object preserve-unknown default={"a":2.0,"z":1}
v1 spec.labels: object
v1 spec.labels{}: string
v1 spec.op: string enum==|a|b default="b"
v1 spec.port: int-or-string
v1 spec.size: integer int32 nullable min=0 max=4294967295
v1 spec.tails: array max-items=3 list=map keys=name
v1 spec.tails[]: object
v1 spec.tails[].name: string required pattern=^a: b$
v1beta1 .: object
version v1: served storage subresource=status
version v1beta1: unserved
"#;

#[test]
fn all_facts_and_no_prose() {
    let crd: serde_json::Value = serde_yaml::from_str(CRD).unwrap();
    assert_eq!(Inventory::of_crd(&crd).to_string(), INVENTORY);
}

#[test]
fn the_text_reads_back() {
    let inventory = Inventory::parse(INVENTORY);
    assert_eq!(inventory.to_string(), INVENTORY);
    assert_eq!(
        inventory.get("v1 spec.tails[].name"),
        Some("string required pattern=^a: b$")
    );
}

#[test]
fn a_folder_is_imported_and_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let crds = folder.path().join("crds/deep");
    fs::create_dir_all(&crds).unwrap();
    fs::write(
        crds.join("kites.example.com.yaml"),
        format!("---\nkind: Other\n---{CRD}"),
    )
    .unwrap();
    let out = folder.path().join("inventory");
    let written = import(&folder.path().join("crds"), &out).unwrap();
    assert_eq!(written, [out.join("deep/kites.example.com.txt")]);
    assert_eq!(
        load(&out).unwrap()["deep/kites.example.com"].to_string(),
        INVENTORY
    );
    assert!(load(folder.path().join("nothing").as_path()).is_err());
}

#[test]
fn a_comparison_names_what_was_added_changed_and_removed() {
    let old = Inventory::parse("a: 1\nb: 2\nc: 3\n");
    let new = Inventory::parse("b: 2\nc: 4\nd: 5\n");
    let lines: Vec<String> = compare(&old, &new)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(lines, ["- a: 1", "~ c: 3 -> 4", "+ d: 5"]);
}
