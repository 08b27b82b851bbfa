//! What the reader makes of manifests: documents, lines, refusals.

use kube_yaml::{Document, ErrorKind, Manifests, Pieces, SyntaxError};
use serde_json::{Value, json};

fn read(text: &str) -> Vec<Document> {
    Manifests::new(text).map(Result::unwrap).collect()
}

fn contents(text: &str) -> Vec<Value> {
    read(text)
        .into_iter()
        .map(|document| document.value)
        .collect()
}

fn lines(document: &Document, paths: &[&str]) -> Vec<usize> {
    paths
        .iter()
        .map(|path| document.nearest_line(&(*path).into()))
        .collect()
}

fn error(bytes: &[u8]) -> Option<SyntaxError> {
    match kube_yaml::decode(bytes) {
        Ok(text) => Manifests::new(text).find_map(Result::err),
        Err(error) => Some(error),
    }
}

fn positions(documents: &[Document]) -> Vec<(usize, usize)> {
    documents
        .iter()
        .map(|document| (document.index, document.line))
        .collect()
}

#[test]
fn documents_are_split_as_kubectl_splits_them() {
    let text =
        "\u{feff}# only a comment\n---\n\n---\na: 1\r\nb: 2\r\n--- # next\n\n# c\nc: 3\n---\n";
    let documents = read(text);
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
    let documents = read(text);
    assert_eq!(positions(&documents), [(0, 4), (1, 7)]);
    assert_eq!(documents[1].value, json!({"kind": "B", "k": {"z": [1, 2]}}));
    assert_eq!(
        lines(&documents[1], &["k.z[1]", "k[z]", "k.none", ""]),
        [9, 9, 8, 7]
    );
}

#[test]
fn lists_of_one_kind_say_it_once() {
    let text = "apiVersion: x/v1\nkind: LampList\nitems:\n- a: 1\n- kind: Other\n- 7\n";
    assert_eq!(
        contents(text),
        [
            json!({"a": 1, "apiVersion": "x/v1", "kind": "Lamp"}),
            json!({"kind": "Other"}),
            json!(7)
        ]
    );
    for nothing in ["items: []", "items: null", "items:"] {
        assert!(contents(&format!("apiVersion: v1\nkind: List\n{nothing}\n")).is_empty());
    }
    // A kind of one's own may end so, too.
    let own = "apiVersion: x/v1\nkind: AllowList\n";
    assert_eq!(
        contents(own),
        [json!({"apiVersion": "x/v1", "kind": "AllowList"})]
    );
}

#[test]
fn rows_between_brackets_may_start_anywhere() {
    let text = "a:\n  b: {\n    x: 1\n  }\n  c: [\n1,\n2\n]\nd: {\n\"e\": [\n],\n}\n";
    let documents = read(text);
    assert_eq!(
        documents[0].value,
        json!({"a": {"b": {"x": 1}, "c": [1, 2]}, "d": {"e": []}})
    );
    assert_eq!(
        lines(&documents[0], &["a.b.x", "a.c[1]", "d.e"]),
        [3, 7, 10]
    );
    let rows = "\"key\": value,\n".replace("key", "k#");
    let many: String = (0..400)
        .map(|key| rows.replace('#', &key.to_string()))
        .collect();
    let content = contents(&format!("a:\n    b: {{\n{many}}}\n"));
    assert_eq!(
        content[0]["a"]["b"].as_object().map(serde_json::Map::len),
        Some(400)
    );
}

#[test]
fn a_tab_may_stand_between_key_and_value() {
    let text = format!("{}z:\t\t[\"a\tb\"]\n", "k:\tv\n".replace('k', "a\t"));
    assert_eq!(contents(&text), [json!({"a": "v", "z": ["a\tb"]})]);
    let many: String = (0..100).map(|key| format!("k{key}:\tv\n")).collect();
    assert_eq!(
        contents(&many)[0].as_object().map(serde_json::Map::len),
        Some(100)
    );
}

#[test]
fn keys_are_found_by_what_they_mean() {
    let documents = read("n: 1\n010: 2\n\"y\": 3\nx:\n  a.b/c: 5\n");
    assert_eq!(
        lines(&documents[0], &["false", "8", "y", "x[a.b/c]", "true"]),
        [1, 2, 3, 5, 1]
    );
}

/// Where the paths of the documents' members `a.b` are.
#[test]
fn lines_are_those_of_the_file() {
    for (text, expected) in [
        ("a:\n  b: 1\n---\n\na: {\n b: 1}\n", &[2, 6][..]),
        ("a:\r\n  b: 1\r\n---\r\na:\r\n  b: 1\r\n", &[2, 5]),
        (
            "{\"a\": {\n\"b\": 1}}\n\n{\"a\":\n\t{\n\t\"b\": 1}}{\"a\": 0}",
            &[2, 6, 6],
        ),
        ("{a: {\nb: 1}}\n---\n{\"a\": {\n\"b\": 1}}\n", &[2, 5]),
        (
            "kind: List\nitems:\n- a:\n    b: 1\n- x: 1\n  a:\n\n    b: 1\n",
            &[4, 8],
        ),
        (
            "{\"kind\": \"List\", \"items\": [\n{\"a\": {}},\n{\"a\":\n{\"b\": 1}}\n]}",
            &[2, 4],
        ),
        ("x: \"1\n2\"\na:\n  b: 1\n", &[4]),
        ("x:\t1\na:\n  b: 1\n", &[3]),
        ("\u{feff}# c\n\na:\n  # d\n  b: 1\n", &[5]),
        ("a: &a\n  b: 1\n", &[2]),
    ] {
        let documents = read(text);
        let found: Vec<usize> = documents
            .iter()
            .flat_map(|document| lines(document, &["a.b"]))
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn json_is_read_as_json() {
    let text = "{\n\t\"a\": 1.0, \"b\": \"yes\"}\n{\"c\": [\n1]}";
    let documents = read(text);
    assert_eq!(positions(&documents), [(0, 1), (1, 3)]);
    assert_eq!(documents[0].value, json!({"a": 1.0, "b": "yes"}));
    assert_eq!(contents("{a: on}"), [json!({"a": true})]);
    assert_eq!(
        contents("{\"a\": 1}\n---\n{\"b\": 2}"),
        [json!({"a": 1}), json!({"b": 2})]
    );
}

#[test]
fn what_cannot_be_read_is_refused_with_its_line() {
    for (text, line, message) in [
        ("{\"a\": ]", 1, "not JSON: expected value"),
        ("a: .inf\n", 1, "JSON has no infinity"),
        (
            "a: *b\n",
            1,
            "not YAML: unknown anchor: nothing before this line is called `&b`",
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
        (
            "a: \u{1}\n",
            1,
            "the control character U+0001 is not allowed",
        ),
        (
            "a: 1\nb: \"x\n  y\n",
            2,
            "not YAML: the quoted text that starts here has no end",
        ),
        (
            "# c\n%YAML 1.1\n---\na: 1\n",
            2,
            "kubectl reads no directives: leave the line with `%` out",
        ),
        (
            "a: 1\n--- {b: 2}\n",
            2,
            "not a separator: behind `---` only a comment may stand",
        ),
        ("{\"a\":\n 1e400}", 2, "a number is too large for JSON"),
        (
            "a: [[[\n",
            2,
            "not YAML: while parsing a flow node, did not find expected node content",
        ),
        (
            "a: 1\nb: !!int [\n",
            3,
            "not YAML: while parsing a flow node, did not find expected node content",
        ),
        (
            "kind: List\napiVersion: v1\n\nitems: {a: b}\n",
            4,
            "items: must be a list",
        ),
        (
            "kind: List\napiVersion: v1\n",
            1,
            "items: is required, a list",
        ),
        (
            "kind: List\nitems:\n- kind: A\n- kind: List\n  items: []\n",
            4,
            "a list in a list: kubectl reads the items of the outer one alone",
        ),
    ] {
        let error = error(text.as_bytes()).unwrap_or_else(|| panic!("{text:?} is read"));
        assert_eq!(
            (error.line, error.message.as_str()),
            (line, message),
            "{text:?}"
        );
    }
    let wide = "the text is UTF-16 or UTF-32; only UTF-8 is read";
    for (bytes, line, message) in [
        (&b"a: 1\nb: \xff\n"[..], 2, "the text is not UTF-8"),
        (b"\xff\xfea\0", 1, wide),
        (b"\xfe\xff\0a", 1, wide),
        (b"a\0:\0 \0b\0", 1, wide),
    ] {
        let error = error(bytes).unwrap();
        assert_eq!((error.line, error.message.as_str()), (line, message));
    }
}

#[test]
fn a_broken_document_spoils_no_other() {
    let documents: Vec<_> = Manifests::new("a: [\n---\nb: 1\n").collect();
    assert!(documents[0].is_err());
    assert_eq!(documents[1].as_ref().unwrap().value, json!({"b": 1}));
}

#[test]
fn what_is_hardly_meant_is_told() {
    for (text, line, message, value) in [
        (
            "a: 1\nb: 2\na: 3\n",
            3,
            "the key \"a\" appears twice; the last one counts",
            json!({"a": 3, "b": 2}),
        ),
        (
            "---\nx: 1\n---\na: {b: 1,\n  b: 2}\n",
            5,
            "the key \"b\" appears twice; the last one counts",
            json!({"a": {"b": 2}}),
        ),
        (
            "{\"a\": 1,\n \"a\": 2}",
            2,
            "the key \"a\" appears twice; the last one counts",
            json!({"a": 2}),
        ),
        (
            "{\"a\": 1}\n{\"a\": 1,\n\"\\u0061\": 2}",
            3,
            "the key \"a\" appears twice; the last one counts",
            json!({"a": 2}),
        ),
        (
            "x: 1\nn: 2\n",
            2,
            "`n` is read as false; quote the key",
            json!({"x": 1, "false": 2}),
        ),
        (
            "x:\n- 010: 2\n",
            2,
            "`010` is read as 8; quote the key",
            json!({"x": [{"8": 2}]}),
        ),
        (
            "a: 1\n...\n\nb: 1\n",
            4,
            "kubectl reads nothing behind `...`; separate documents with `---`",
            json!({"a": 1}),
        ),
    ] {
        let document = read(text).pop().unwrap();
        let told: Vec<(usize, &str)> = document
            .warnings
            .iter()
            .map(|warning| (warning.line, warning.message.as_str()))
            .collect();
        assert_eq!(told, [(line, message)], "{text:?}");
        assert_eq!(document.value, value, "{text:?}");
    }
    for text in [
        "1: a\ntrue: b\n",
        "a: {<<: {a: 1}, a: 2}\n",
        "a: 1\n...\n# c\n",
        "\"n\": 1\n",
    ] {
        assert_eq!(read(text)[0].warnings, [], "{text:?}");
    }
}

#[test]
fn the_last_of_two_is_found() {
    let document = read("a: 1\nb:\n  c: 1\na:\n  d: 2\nb:\n  e: 1\n").remove(0);
    assert_eq!(lines(&document, &["a", "a.d", "b.e", "b.c"]), [4, 5, 7, 6]);
    assert_eq!(document.line_of(&"b.c".into()), None);
    assert_eq!(document.line_of(&"b.e".into()), Some(7));
}

#[test]
fn templates_are_recognised() {
    let message = "this is a Helm template: render it with `helm template` and check that";
    for (text, line) in [
        ("a: 1\nb: {{ .Values.x }}\n", 2),
        ("{{- if .Values.x }}\na: 1\n{{- end }}\n", 1),
        ("a: 1\n---\nb:\n  {{- toYaml .Values.b | nindent 2 }}\n", 4),
    ] {
        let error = Manifests::new(text).find_map(Result::err).unwrap();
        assert_eq!(
            (error.kind, error.line, error.message.as_str()),
            (ErrorKind::Template, line, message),
            "{text:?}"
        );
    }
    // What is no trouble to read is no template of Helm's.
    assert_eq!(
        contents("a: \"{{ .name }}\"\n"),
        [json!({"a": "{{ .name }}"})]
    );
}

#[test]
fn tabs_are_taken_where_kubectl_takes_them() {
    for text in ["a: [\n\t1,\n\t2]\n", "a: [1,\t2]\n", "a: [\n\t1,\t2]\n"] {
        assert_eq!(contents(text), [json!({"a": [1, 2]})], "{text:?}");
    }
    assert_eq!(contents("a: \"x\n\ty\tz\"\n"), [json!({"a": "x y\tz"})]);
    for text in [
        "a:\n\t\n  b: 1\n",
        "a: 1\n\t# c\nb: 1\n",
        "\ta: 1\n",
        "a:\n\tb: 1\n",
    ] {
        assert!(
            Manifests::new(text).any(|document| document.is_err()),
            "{text:?}"
        );
    }
}

#[test]
fn typed_values_are_read() {
    let lamp: std::collections::BTreeMap<String, Vec<u8>> =
        kube_yaml::from_str("# c\na: [1]\n").unwrap();
    assert_eq!(lamp["a"], [1]);
    assert_eq!(kube_yaml::from_str::<Option<u8>>("").unwrap(), None);
    let error = kube_yaml::from_str::<Vec<u8>>("\na: 1\n").unwrap_err();
    assert_eq!((error.kind, error.line), (ErrorKind::Type, 2));
}

/// A list of more than a mebibyte, with one item of every sort.
fn large(items: &[&str], indent: &str) -> String {
    let filler = "x".repeat(1 << 19);
    let mut text = "apiVersion: v1\n# a comment\nitems:\n".to_owned();
    for item in [&filler[..], &filler[..]] {
        text += &format!("{indent}- kind: Filler\n{indent}  text: {item}\n");
    }
    for item in items {
        for (index, line) in item.lines().enumerate() {
            let lead = if index == 0 { "- " } else { "  " };
            text += &format!("{indent}{lead}{line}\n");
        }
    }
    text + "kind: List\nmetadata: {}\n"
}

#[test]
fn a_large_list_is_read_item_by_item_as_it_is_read_whole() {
    let items = [
        "kind: A\nspec: {a: [1, 2]}",
        "kind: B\ntext: >\n  folded\n  text",
        "# a comment\nkind: C\nlist:\n- a\n- b: 1",
        "kind: D\ntext: |\n  - a: 1\n  - b: 2",
        "kind: E\nkind: E\ntext: \"wrapped\n  over lines\"",
        "apiVersion: v1\nkind: List\nitems: []",
        "[1, 2]",
        "7",
    ];
    for indent in ["", "  "] {
        let text = large(&items, indent);
        let small = text.replace(&"x".repeat(1 << 19), "x");
        let read = |text: &str| -> Vec<String> {
            Manifests::new(text)
                .map(|object| match object {
                    Ok(document) => format!(
                        "{} {} {} {:?} {:?}",
                        document.index,
                        document.line,
                        document
                            .value
                            .to_string()
                            .replace(&"x".repeat(1 << 19), "x"),
                        document.warnings,
                        document.locations
                    ),
                    Err(error) => format!("{} {error:?}", error.index),
                })
                .collect()
        };
        assert_eq!(read(&text), read(&small));
        assert_eq!(Pieces::new(&text).count(), 2 + items.len());
        assert_eq!(Pieces::new(&small).count(), 1);
        // What one item leads to in another, only the whole tells.
        let anchored = text
            .replace("kind: A", "kind: &a A")
            .replace("kind: C", "kind: *a");
        assert_eq!(
            read(&anchored),
            read(
                &small
                    .replace("kind: A", "kind: &a A")
                    .replace("kind: C", "kind: *a")
            )
        );
        let spoiled = large(&["kind: A", "kind: [", "kind: B"], indent);
        let spoiled: Vec<_> = Manifests::new(&spoiled).collect();
        assert_eq!(spoiled.iter().filter(|object| object.is_err()).count(), 1);
        assert!(spoiled.len() >= 4);
    }
}

#[test]
fn a_large_list_in_json_is_read_item_by_item() {
    let filler = "x".repeat(1 << 20);
    let text = format!(
        "\n{{\"kind\": \"LampList\", \"items\": [\n{{\"a\": \"]}}\\\"{filler}\"}},\n\n  {{\"kind\": \"B\", \"apiVersion\": \"v1\", \"b\": {{\"c\": [1]}}}}\n, 7], \"apiVersion\": \"x/v1\"}}\n{{\"kind\": \"Next\"}}"
    );
    let objects: Vec<_> = Manifests::new(&text).map(Result::unwrap).collect();
    let short = text.replace(&filler, "x");
    let whole: Vec<_> = Manifests::new(&short).map(Result::unwrap).collect();
    assert_eq!(objects.len(), 4);
    for (object, whole) in objects.iter().zip(&whole) {
        let value: Value =
            serde_json::from_str(&object.value.to_string().replace(&filler, "x")).unwrap();
        assert_eq!(value, whole.value);
        assert_eq!((object.line, object.index), (whole.line, whole.index));
        assert_eq!(
            format!("{:?}", object.locations),
            format!("{:?}", whole.locations)
        );
    }
    assert_eq!(objects[0].value["kind"], "Lamp");
    assert_eq!(Pieces::new(&text).count(), 4);
    // No JSON: told once, for the whole.
    let spoiled = text.replace("\"c\": [1]", "\"c\": [1");
    assert_eq!(Manifests::new(&spoiled).filter(Result::is_err).count(), 1);
}
