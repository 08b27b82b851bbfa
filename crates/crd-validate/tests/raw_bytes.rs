//! No text, however broken, makes the reader or a validator panic, hang or eat memory.
//!
//! `PROPTEST_CASES=1000000 cargo test -p crd-validate --test raw_bytes --release` runs for many minutes.
#![allow(clippy::unwrap_used)]

use crd_validate::{Validator, reader};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::OnceLock;

fn validator() -> &'static Validator {
    static VALIDATOR: OnceLock<Validator> = OnceLock::new();
    VALIDATOR.get_or_init(|| {
        Validator::new(&json!({
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "spec": {
                "group": "example.com", "scope": "Namespaced", "names": {"kind": "Lamp"},
                "versions": [{"name": "v1", "served": true, "schema": {"openAPIV3Schema": {
                    "type": "object",
                    "x-kubernetes-preserve-unknown-fields": true,
                    "properties": {"spec": {
                        "type": "object",
                        "properties": {
                            "a": {"type": "integer", "format": "int32", "multipleOf": 2, "default": 4},
                            "b": {"type": "string", "format": "duration", "maxLength": 9},
                            "c": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string", "pattern": "^\\w+$"}},
                            "d": {"x-kubernetes-int-or-string": true},
                            "e": {"type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true},
                            "f": {"type": "object", "additionalProperties": {"type": "number", "nullable": true}}
                        },
                        "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
                        "x-kubernetes-validations": [
                            {"rule": "!has(self.c) || self.c.all(x, x.size() < 3)"},
                            {"rule": "!has(self.f) || self.f.all(k, self.f[k] > 1.0)"}
                        ]
                    }}
                }}}]
            }
        }))
        .unwrap()
    })
}

/// Pieces that lead deep into the reader and the validator.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        "apiVersion: example.com/v1\nkind: Lamp\nmetadata: {name: x}\nspec:\n",
        "  a: ",
        "  b: ",
        "  c: [",
        "]",
        "  d: 1\n",
        "  e: {apiVersion: v1, kind: X, metadata: {",
        "  f: {k: ",
        "}",
        "1",
        "-0x",
        "1e999",
        ".inf",
        "5s",
        "null",
        "~",
        "&a ",
        "*a",
        "<<: ",
        "- ",
        "\n",
        "---\n",
        "...\n",
        "# c\n",
        "\"",
        "'",
        "|\n",
        ">-\n",
        "{",
        "[",
        ",",
        ": ",
        "? ",
        "!!binary ",
        "!x ",
        "\t",
        "\r\n",
        "\u{feff}",
        "ü",
        "kind: List\nitems:\n",
        "@",
        "`",
        "%YAML 1.1\n",
        "metadata:\n  name: ",
    ];
    prop_oneof![
        8 => prop::sample::select(known.to_vec()).prop_map(|text| text.as_bytes().to_vec()),
        2 => prop::collection::vec(any::<u8>(), 0..4),
        1 => "[ -~]{0,6}".prop_map(String::into_bytes),
    ]
}

fn judge(bytes: &[u8]) {
    for document in reader::read(bytes) {
        let lines = document.lines_of(["spec.c[0]", "metadata.name", ""]);
        assert!(lines.iter().all(|&line| line > 0));
        if let Ok(mut object) = document.content {
            let _ = validator().create(&object);
            if let Some(members) = object.as_object_mut() {
                members.insert("apiVersion".into(), "example.com/v1".into());
                members.insert("kind".into(), "Lamp".into());
                let report = validator().update(&object, &json!({"spec": {"a": 1}}));
                assert!(
                    report
                        .findings
                        .iter()
                        .all(|finding| !finding.message.is_empty())
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn nothing_panics(pieces in prop::collection::vec(piece(), 0..40)) {
        judge(&pieces.concat());
    }
}

#[test]
fn bombs_are_refused_quickly() {
    let deep = "[".repeat(200_000);
    let deep_map = (0..5_000)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect::<String>();
    let laughs = (1..12).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        let below = format!("*a{},", level - 1).repeat(10);
        format!("{text}a{level}: &a{level} [{below}]\n")
    });
    let json = format!("{{\"a\": {}", "[".repeat(200_000));
    let quotes = "\"\n".repeat(20_000);
    for text in [deep, deep_map, laughs, json, quotes] {
        let start = std::time::Instant::now();
        let documents = reader::read(text.as_bytes());
        assert!(documents.iter().any(|document| document.content.is_err()));
        judge(text.as_bytes());
        let elapsed = start.elapsed();
        assert!(elapsed.as_secs() < 5, "{elapsed:?} for {}", &text[..40]);
    }
    assert_eq!(reader::read(b"a: \xff").len(), 1);
    let _: Value = json!(null);
}
