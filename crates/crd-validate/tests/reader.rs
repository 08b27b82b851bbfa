//! What the reader makes of manifests: documents, lines, refusals.
#![allow(clippy::unwrap_used)]

use crd_validate::reader::{self, Document};
use serde_json::{Value, json};

fn contents(text: &str) -> Vec<Value> {
    reader::read(text.as_bytes())
        .into_iter()
        .map(|document| document.content.unwrap())
        .collect()
}

fn positions(documents: &[Document<'_>]) -> Vec<(usize, usize)> {
    documents
        .iter()
        .map(|document| (document.index, document.line))
        .collect()
}

#[test]
fn documents_are_split_as_kubectl_splits_them() {
    let text =
        "\u{feff}# only a comment\n---\n\n---\na: 1\r\nb: 2\r\n--- # next\n\n# c\nc: 3\n---\n";
    let documents = reader::read(text.as_bytes());
    assert_eq!(positions(&documents), [(0, 5), (1, 10)]);
    assert_eq!(contents(text), [json!({"a": 1, "b": 2}), json!({"c": 3})]);
    assert!(contents("").is_empty());
    assert!(contents("# nothing\n---\n---\n").is_empty());
}

#[test]
fn anchors_and_merge_keys_are_resolved() {
    let text = "base: &b {x: 1, k: 2}\nlate: {<<: *b, k: 3}\nearly: {k: 3, <<: *b}\nmany: {<<: [{x: 7}, *b]}\nlist: [*b]\n";
    let expected = json!({
        "base": {"x": 1, "k": 2},
        "late": {"x": 1, "k": 3},
        "early": {"k": 2, "x": 1},
        "many": {"x": 7, "k": 2},
        "list": [{"x": 1, "k": 2}],
    });
    assert_eq!(contents(text), [expected]);
}

#[test]
fn keys_become_strings() {
    assert_eq!(
        contents("1: a\ntrue: b\n1.5: c\n\"x\": d\n"),
        [json!({"1": "a", "true": "b", "1.5": "c", "x": "d"})]
    );
}

#[test]
fn quoted_texts_may_start_their_lines_anywhere() {
    let text = "a:\n    b: \"one\n two\"\n    c: 'it''s\n\nme'\nd: 1\n";
    assert_eq!(
        contents(text),
        [json!({"a": {"b": "one two", "c": "it's\nme"}, "d": 1})]
    );
}

#[test]
fn lists_are_taken_apart() {
    let text = "kind: List\napiVersion: v1\nitems:\n- kind: A\n  x: 1\n-\n  kind: B\n  k:\n    z: [1, 2]\n";
    let documents = reader::read(text.as_bytes());
    assert_eq!(positions(&documents), [(0, 4), (1, 7)]);
    assert_eq!(
        documents[1].content,
        Ok(json!({"kind": "B", "k": {"z": [1, 2]}}))
    );
    assert_eq!(
        documents[1].lines_of(["k.z[1]", "k[z]", "k.none", ""]),
        [9, 9, 8, 7]
    );
}

#[test]
fn json_is_read_as_json() {
    let text = "{\n\t\"a\": 1.0, \"b\": \"yes\"}\n{\"c\": [\n1]}";
    let documents = reader::read(text.as_bytes());
    assert_eq!(positions(&documents), [(0, 1), (1, 3)]);
    assert_eq!(documents[0].content, Ok(json!({"a": 1.0, "b": "yes"})));
    assert_eq!(contents("{a: on}"), [json!({"a": true})]);
    assert_eq!(
        contents("{\"a\": 1}\n---\n{\"b\": 2}"),
        [json!({"a": 1}), json!({"b": 2})]
    );
}

#[test]
fn what_cannot_be_read_is_refused_with_its_line() {
    for (text, line, message) in [
        ("a: 1\nb: 2\na: 3\n", 3, "the key \"a\" appears twice"),
        (
            "---\nx: 1\n---\na: {b: 1,\n  b: 2}\n",
            5,
            "the key \"b\" appears twice",
        ),
        ("{\"a\": 1,\n \"a\": 2}", 2, "the key \"a\" appears twice"),
        ("{\"a\": ]", 1, "not JSON: expected value"),
        ("a: .inf\n", 1, "JSON has no infinity"),
        (
            "a: *b\n",
            1,
            "not YAML: while parsing node, found unknown anchor",
        ),
        (
            "a: 1\n  b: 2\n",
            2,
            "not YAML: mapping values are not allowed in this context",
        ),
        (
            "a:\n- !!binary aGk=\n",
            2,
            "!!binary is not supported; write base64 as a string",
        ),
        ("<<: 1\n", 1, "a merge key takes a map or a list of maps"),
        ("a: 1\n[x]: 2\n", 2, "a key must be a plain value"),
        ("a: \u{1}\n", 1, "control characters are not allowed"),
    ] {
        let error = reader::read(text.as_bytes())
            .into_iter()
            .find_map(|document| document.content.err())
            .unwrap_or_else(|| panic!("{text:?} is read"));
        assert_eq!(
            (error.line, error.message.as_str()),
            (line, message),
            "{text:?}"
        );
    }
    let error = reader::read(b"a: 1\nb: \xff\n")
        .remove(0)
        .content
        .unwrap_err();
    assert_eq!(
        (error.line, error.message.as_str()),
        (2, "the text is not UTF-8")
    );
}

#[test]
fn a_broken_document_spoils_no_other() {
    let documents = reader::read(b"a: [\n---\nb: 1\n");
    assert!(documents[0].content.is_err());
    assert_eq!(documents[1].content, Ok(json!({"b": 1})));
}
