//! No text, however broken, makes the reader panic or work without bounds, and every line that it tells is one of the text.
//!
//! `PROPTEST_CASES=2000000 cargo test -p kube-yaml --test tests --release raw_bytes::` runs for about ten minutes.

use kube_yaml::{Document, ErrorKind, FieldPath, Manifests, SyntaxError};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

fn read(bytes: &[u8]) -> Vec<Result<Document, SyntaxError>> {
    match kube_yaml::decode(bytes) {
        Ok(text) => Manifests::new(text).collect(),
        Err(error) => vec![Err(error)],
    }
}

/// Reads the bytes, and asks for the line of everything in them.
fn check(bytes: &[u8]) {
    let lines = 1 + bytes
        .iter()
        .filter(|&&byte| matches!(byte, b'\n' | b'\r' | 0x85 | 0xa8 | 0xa9))
        .count();
    let is_line = |line: usize| (1..=lines + 1).contains(&line);
    let documents = read(bytes);
    for (index, document) in documents.iter().enumerate() {
        match document {
            Ok(document) => {
                assert_eq!(document.index, index);
                assert!(is_line(document.line));
                assert!(
                    document
                        .warnings
                        .iter()
                        .all(|warning| is_line(warning.line))
                );
                walk(document, &document.value, FieldPath::root(), &is_line);
            }
            Err(error) => {
                assert_eq!(error.index, index);
                assert!(
                    is_line(error.line) && is_line(error.start) && !error.message.is_empty(),
                    "{error:?}"
                );
            }
        }
    }
}

fn walk(document: &Document, value: &Value, path: FieldPath, is_line: &impl Fn(usize) -> bool) {
    assert!(is_line(document.nearest_line(&path)), "{path}");
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(document, item, path.clone().index(index), is_line);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                walk(document, member, path.clone().key(key), is_line);
            }
        }
        _ => {}
    }
}

/// Pieces that lead deep into the reader.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        "apiVersion: v1\nkind: X\n",
        "  a: ",
        "b: ",
        "c: [",
        "]",
        "{",
        "}",
        "1",
        "-0x",
        "1e999",
        ".inf",
        "null",
        "~",
        "n",
        "&a ",
        "*a",
        "<<: ",
        "- ",
        "\n",
        "---\n",
        "--- x\n",
        "...\n",
        "# c\n",
        "\"",
        "'",
        "|\n",
        "|2-\n",
        ">-\n",
        ">+",
        ",",
        ": ",
        ":",
        "? ",
        "?",
        "!!binary ",
        "!!int ",
        "!x ",
        "!<x> ",
        "!a!b ",
        "\t",
        "\r\n",
        "\r",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "ü",
        "\u{1}",
        "kind: List\nitems:\n",
        "@",
        "`",
        "%YAML 1.1\n",
        "\\",
        "\\x",
        "\\u00e9",
        "\\\n",
        "{{ .x }}",
        "{\"a\": ",
        "{\"a\": 1}",
        "  ",
        "    ",
        "\n  ",
        "\n\n",
    ];
    prop_oneof![
        12 => select(known.to_vec()).prop_map(|text| text.as_bytes().to_vec()),
        2 => prop::collection::vec(any::<u8>(), 0..4),
        1 => "[ -~]{0,6}".prop_map(String::into_bytes),
    ]
}

/// Texts that are in order: what is changed in them gets further than what is thrown together.
const MANIFESTS: [&str; 4] = [
    "apiVersion: example.com/v1\nkind: Lamp\nmetadata:\n  name: desk\n  labels: {room: study}\nspec:\n  a: 4\n  c: [x, yy]\n  d: \"50\\x25\"\n  e: >-\n    one\n    two\n\n      three\n  f: {k: 1.5, l: null}\n",
    "---\n# two, with an anchor\nkind: Lamp\nmetadata: &m {name: hall}\nspec: &s\n  b: 1h30m\n---\nkind: Lamp\nmetadata:\n  <<: *m\n  annotations: {note: \"one\\ttwo\", more: 'it''s'}\nspec:\n  b: |-\n    5s\n? long\n: short\n",
    "{\"kind\": \"Lamp\",\n \"metadata\": {\"name\": \"l\"},\n \"spec\": {\"a\": 2, \"f\": [{\"k\": 2.5e0}]}}\n{\"kind\": \"Secret\", \"data\": {\"k\": \"aGk=\"}}",
    "apiVersion: v1\nkind: List\nitems:\n- kind: ConfigMap\n  data: {k: v}\n- kind: Service\n  spec:\n    ports:\n    - {name: http, port: 80}\n",
];

fn spoiled() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<Index>(), 0_usize..8, piece());
    let end = select(vec!["\n", "\n", "\n", "\r\n", "\r"]);
    (
        select(MANIFESTS.to_vec()),
        prop::collection::vec(change, 0..5),
        end,
    )
        .prop_map(|(text, changes, end)| {
            let mut bytes = text.replace('\n', end).into_bytes();
            for (at, length, new) in changes {
                let at = at.index(bytes.len() + 1);
                let end = (at + length).min(bytes.len());
                bytes.splice(at..end, new);
            }
            bytes
        })
}

proptest! {
    #[test]
    fn thrown_together(pieces in prop::collection::vec(piece(), 0..40)) {
        check(&pieces.concat());
    }

    #[test]
    fn in_braces_thrown_together(pieces in prop::collection::vec(piece(), 0..20)) {
        check(&[b"{".to_vec(), pieces.concat()].concat());
    }

    #[test]
    fn manifests_spoiled(bytes in spoiled()) {
        check(&bytes);
    }
}

fn values(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(values).sum(),
        Value::Object(members) => members.values().map(values).sum(),
        _ => 0,
    }
}

/// How far a reader went shows in the line where it stopped.
#[test]
fn bombs_are_refused_where_the_bound_is_reached() {
    let laughs = (1..12).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        let below = format!("*a{},", level - 1).repeat(10);
        format!("{text}a{level}: &a{level} [{below}]\n")
    });
    let rows = |row: fn(usize) -> String| (0..5_000).map(row).collect::<String>();
    for (bomb, line) in [
        (format!("a: {}", "[\n".repeat(200_000)), 101),
        (format!("{{\"a\": {}", "[\n".repeat(200_000)), 101),
        ("[".repeat(200_000), 1),
        ("{".repeat(200_000), 1),
        ("- ".repeat(200_000), 1),
        (rows(|depth| format!("{}a:\n", " ".repeat(depth))), 101),
        (rows(|depth| format!("{}-\n", " ".repeat(depth))), 101),
        (laughs, 6),
    ] {
        let error = Manifests::new(&bomb).find_map(Result::err).unwrap();
        assert_eq!(error.kind, ErrorKind::Limit, "{error} in {}", &bomb[..20]);
        assert!(
            error.line <= line + 1,
            "{error} in line {}, {}",
            error.line,
            &bomb[..20]
        );
    }
    // An anchor in an anchor is kept twice.
    let nested = "&a [".repeat(90) + &"x,".repeat(20_000);
    assert_eq!(
        Manifests::new(&(nested + &"]".repeat(90)))
            .find_map(Result::err)
            .unwrap()
            .kind,
        ErrorKind::Limit
    );
}

#[test]
fn what_is_large_is_read_whole() {
    let wide = format!("a: [{}]\n", "x,".repeat(100_000));
    let keys: String = (0..50_000).map(|key| format!("k{key}: v\n")).collect();
    let twice: String = (0..50_000)
        .map(|key| format!("k{}: v\n", key % 100))
        .collect();
    let anchors: String = (0..50_000)
        .map(|key| format!("k{key}: &a{key} v\n"))
        .collect();
    let quotes = "\"\n".repeat(20_000);
    for (text, size) in [
        (wide, 100_002),
        (keys, 50_001),
        (twice, 101),
        (anchors, 50_001),
        (quotes, 1),
    ] {
        let document = Manifests::new(&text).next().unwrap().unwrap();
        assert_eq!(values(&document.value), size);
    }
}
