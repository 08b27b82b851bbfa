//! What files of any make are read as, and where their faults are found.

use crate::place::{Place, assert_findings, bad_config_map, config_map};

/// Files as they come, and what is said of their documents: `line source message` of each finding, or `-`.
#[test]
fn files_of_any_make_are_read_with_their_lines() {
    let good = config_map("a");
    let bad = bad_config_map("a");
    let as_json = r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}"#;
    let bad_json = "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\",\n\t\"metadata\": {\"name\": \"a\"},\n\t\"data\": {\n\t\t\"k\": 5}}\n";
    let item = |text: &str| text.replace('\n', "\n  ").trim_end().to_owned();
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n- {}\n- {}\n",
        item(&bad),
        item(&bad)
    );
    let cases: Vec<(&str, String, &str)> = vec![
        // Nothing at all.
        ("empty", String::new(), ""),
        ("comments", "# a\n  # b\n".into(), ""),
        ("separators", "---\n---\n# c\n--- # d\n".into(), ""),
        ("null", "null\n---\n~\n".into(), ""),
        // Several documents.
        ("two", format!("{bad}---\n{bad}"), "5 schema must be a string | 11 schema must be a string"),
        ("comment behind", format!("---\n{good}--- # next\n\n{bad}"), "- | 11 schema must be a string"),
        ("something behind", format!("{good}--- {{a: b}}\n{bad}"), "- | 4 syntax separator | 9 schema must be a string"),
        ("end", format!("{bad}...\n---\n{bad}"), "5 schema must be a string | 12 schema must be a string"),
        ("directive", format!("%YAML 1.1\n---\n{good}"), "1 syntax directives | -"),
        ("broken first", format!("a: [\n---\n{bad}"), "2 syntax not YAML | 7 schema must be a string"),
        ("BOM", format!("\u{feff}{bad}"), "5 schema must be a string"),
        ("CRLF", format!("{bad}---\n{bad}").replace('\n', "\r\n"), "5 schema must be a string | 11 schema must be a string"),
        ("CR", bad.replace('\n', "\r"), "5 schema must be a string"),
        // Lists.
        ("list", list.clone(), "8 schema must be a string | 13 schema must be a string"),
        ("list after", format!("{good}---\n{list}"), "- | 12 schema must be a string | 17 schema must be a string"),
        ("list of one kind", "apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}\n  data:\n    k: 5\n".into(), "6 schema must be a string"),
        ("list in a list", format!("apiVersion: v1\nkind: List\nitems:\n- {}\n", item(&list)), "4 syntax a list in a list"),
        ("no items", "apiVersion: v1\nkind: List\nitems: []\n".into(), ""),
        ("null items", "apiVersion: v1\nkind: List\nitems: null\n".into(), ""),
        ("map of items", "apiVersion: v1\nkind: List\nitems: {a: 1}\n".into(), "3 syntax must be a list"),
        ("scalar items", "apiVersion: v1\nkind: List\nitems:\n- 1\n- x\n".into(), "4 type must be an object | 5 type must be an object"),
        // JSON.
        ("json", bad_json.into(), "4 schema must be a string"),
        ("json behind json", format!("{as_json}{as_json}\n\n{bad_json}"), "- | - | 6 schema must be a string"),
        ("json and separators", format!("{as_json}\n---\n{bad_json}"), "- | 6 schema must be a string"),
        ("json array", format!("[{as_json}]"), "1 type must be an object"),
        ("json list", format!("{{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n{as_json},\n{bad_json}]}}"), "- | 6 schema must be a string"),
        ("json twice", "{\"apiVersion\": \"v1\",\n\"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"a\"}, \"data\": {\n\"k\": \"\",\n\"k\": \"\"}}".into(), "4 syntax the key \"k\" appears twice"),
        ("json cut off", as_json[..60].into(), "1 syntax not JSON: EOF"),
        ("json and more", format!("{as_json}\n}}"), "- | 2 syntax not JSON"),
        ("json number", format!("{}, \"data\": {{\"n\":\n1e999}}}}", &as_json[..as_json.len() - 1]), "2 syntax too large"),
        // Anchors and merge keys.
        ("anchor", "apiVersion: v1\nkind: ConfigMap\nmetadata: &m\n  name: &n a\n  labels: {x: *n}\ndata: {<<: {b: c}, k: *n}\n".into(), "-"),
        ("anchor elsewhere", format!("{}---\napiVersion: v1\nkind: ConfigMap\nmetadata: *m\n", good.replace("metadata:", "metadata: &m")), "- | 7 syntax unknown anchor"),
        ("merge order", format!("{good}data:\n  k: v\n  <<: {{k: 5}}\n"), "5 schema must be a string"),
        ("merge list", format!("{good}data:\n  <<: [{{k: v}}, {{k: 5}}]\n"), "-"),
        ("merge of text", format!("{good}data:\n  <<: text\n"), "5 syntax merge key"),
        ("keys twice", format!("{good}data:\n  k: v\n  l: w\n  k: v\n"), "7 syntax the key \"k\" appears twice"),
        ("keys twice, quoted", format!("{good}data: {{1: v,\n\"1\": w}}\n"), "5 syntax the key \"1\" appears twice"),
        // Scalars and keys.
        ("tab before", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n".into(), "4 syntax tab"),
        ("tab between", "apiVersion:\tv1\nkind:\t ConfigMap\t# c\nmetadata: {name:\ta}\n".into(), "-"),
        ("keys of any type", format!("{good}data: {{1: a, 1.5: b, true: c}}\n"), "-"),
        (
            "null key",
            format!("{good}data: {{\n~: a}}\n"),
            "5 syntax is read as null",
        ),
        ("list key", format!("{good}? [a]\n: b\n"), "4 syntax a key must be"),
        ("yes", format!("{good}data:\n  k: yes\n"), "5 schema must be a string"),
        ("octal", format!("{good}data:\n  k: 010\n"), "5 schema not 8"),
        ("date", format!("{good}data: {{k: 2026-01-02}}\n"), "-"),
        ("huge", format!("{good}data:\n  k: 123456789012345678901234567890\n"), "5 schema must be a string"),
        ("infinite", format!("{good}data:\n  k: .inf\n"), "5 syntax infinity"),
        ("beyond", format!("{good}data: {{k: 1e999}}\n"), "-"),
        ("text", "hello\n".into(), "1 type must be an object"),
        ("number", "\n42\n".into(), "2 type must be an object"),
        ("array", "- a\n- b\n".into(), "1 type must be an object"),
        ("kind 3", good.replace("ConfigMap", "3"), "2 type is required"),
        ("no kind", good.replace("kind: ConfigMap\n", ""), "1 type is required"),
        ("no end", format!("{good}data:\n  k: \"v\n  l: w\n---\n{good}"), "5 syntax has no end | -"),
        ("control", format!("{good}data: {{k: \"\u{7}\"}}\n"), "4 syntax U+0007"),
        ("long line", format!("{good}data:
  k: {}
", "x".repeat(2_000_000)), "1 type 1048576 bytes"),
        // Bombs.
        ("brackets", format!("a: {}", "[".repeat(10_000)), "1 syntax nested more than 100 deep"),
        ("braces", format!("a: {}", "{a: ".repeat(10_000)), "1 syntax nested more than 100 deep"),
        ("json braces", format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000)), "1 syntax nested more than 100 deep"),
        ("blocks", (0..1_000).map(|depth| " ".repeat(depth) + "a:\n").collect(), "101 syntax nested more than 100 deep"),
        ("dashes", "- ".repeat(10_000), "1 syntax nested more than 100 deep"),
        ("laughs", (1..12).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
            let below = format!("*a{},", level - 1).repeat(10);
            format!("{text}a{level}: &a{level} [{below}]\n")
        }), "6 syntax the aliases stand for more than"),
    ];
    let place = Place::new();
    for (hint, text, expected) in cases {
        let documents = place.judge(&text, &[]);
        let expected: Vec<&str> = expected
            .split(" | ")
            .filter(|rows| !rows.is_empty())
            .collect();
        assert_eq!(documents.len(), expected.len(), "{hint}: {documents:?}");
        for (document, rows) in documents.iter().zip(expected) {
            let rows: Vec<(u64, &str, &str)> = rows
                .split(" & ")
                .filter(|row| *row != "-")
                .map(|row| {
                    let mut words = row.splitn(3, ' ');
                    let line = words.next().unwrap().parse().unwrap();
                    (line, words.next().unwrap(), words.next().unwrap())
                })
                .collect();
            assert_findings(document, &rows, hint);
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_line() {
    let place = Place::new();
    let utf16 = |mark: &[u8], order: fn(u16) -> [u8; 2]| {
        let units = config_map("a").encode_utf16().collect::<Vec<u16>>();
        [mark.to_vec(), units.into_iter().flat_map(order).collect()].concat()
    };
    for (bytes, line, part) in [
        (
            [config_map("a").as_bytes(), b"data: {k: \xff}\n"].concat(),
            4,
            "not UTF-8",
        ),
        (b"a: 1\nb: \xc3".to_vec(), 2, "not UTF-8"),
        (b"apiVersion: v1\nkind: Config\0Map\n".to_vec(), 2, "U+0000"),
        (utf16(b"\xff\xfe", u16::to_le_bytes), 1, "UTF-16"),
        (utf16(b"\xfe\xff", u16::to_be_bytes), 1, "UTF-16"),
        (utf16(b"", u16::to_le_bytes), 1, "UTF-16"),
        (utf16(b"", u16::to_be_bytes), 1, "UTF-16"),
    ] {
        let documents = place.judge(&bytes, &[]);
        assert_eq!(documents.len(), 1);
        assert_findings(&documents[0], &[(line, "syntax", part)], part);
    }
}
