//! What the writer writes is read back by five readers, and all of them must find the very same value:
//!
//! - `serde_yaml`: the scanner of libyaml (the one kubectl's reader descends from), types of YAML 1.2;
//! - `serde-saphyr`: a scanner of its own, for YAML 1.2;
//! - the reader of this crate, which reads as kubectl does;
//! - two readers spelled out here over the events of `saphyr-parser`: they resolve plain scalars by the regular
//!   expressions of the YAML 1.1 type repository and of the YAML 1.2 core schema, and share nothing with the writer.
//!
//! By hand, the same kind of documents went through PyYAML and kubectl; with `PYTHON=python3` in the environment, those of one
//! test go through PyYAML again.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at whatever it did not expect"
)]

use std::sync::LazyLock;

use kube_yaml::Order;
use proptest::prelude::*;
use proptest::string::{RegexGeneratorStrategy, string_regex};
use regex::Regex;
use saphyr_parser::{Event, Parser, ScalarStyle};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A value as a reader sees it; the last three are types that JSON does not have and no document may show.
#[derive(Clone, Debug, PartialEq)]
enum Seen {
    Null,
    Bool(bool),
    Int(i128),
    /// As bits, so that `-0.0` is not `0.0`.
    Float(u64),
    Text(String),
    List(Vec<Seen>),
    Map(Vec<(Seen, Seen)>),
    Timestamp,
    Merge,
    Default,
}

impl From<&Value> for Seen {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Number(number) => number.as_i128().map_or_else(
                || Self::Float(number.as_f64().unwrap().to_bits()),
                Self::Int,
            ),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(members) => Self::Map(
                members
                    .iter()
                    .map(|(key, member)| (Self::Text(key.clone()), member.into()))
                    .collect(),
            ),
        }
    }
}

/// The value with floats as Go hands them on.
fn whole(seen: &Seen) -> Seen {
    match seen {
        Seen::Float(bits) => {
            let float = f64::from_bits(*bits);
            if float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0 {
                Seen::Int(float as i128)
            } else {
                Seen::Float(*bits)
            }
        }
        Seen::List(items) => Seen::List(items.iter().map(whole).collect()),
        Seen::Map(members) => Seen::Map(
            members
                .iter()
                .map(|(key, member)| (key.clone(), whole(member)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// One type: its regular expression (for the whole scalar) and how a scalar that matches becomes a value.
type Rule = (Regex, fn(&str) -> Seen);

fn rule(expression: &str, read: fn(&str) -> Seen) -> Rule {
    (Regex::new(&format!("^(?:{expression})$")).unwrap(), read)
}

fn boolean(text: &str) -> Seen {
    Seen::Bool(matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "yes" | "true" | "on"
    ))
}

fn integer(text: &str) -> Seen {
    let text = text.replace('_', "").to_ascii_lowercase();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let magnitude = if digits.contains(':') {
        digits
            .split(':')
            .fold(0, |sum, part| sum * 60 + part.parse::<i128>().unwrap())
    } else {
        let (radix, digits) = match digits.as_bytes() {
            [b'0', b'b', ..] => (2, &digits[2..]),
            [b'0', b'x', ..] => (16, &digits[2..]),
            [b'0', b'o', ..] => (8, &digits[2..]),
            _ => (10, digits),
        };
        i128::from_str_radix(digits, radix).unwrap_or(i128::MAX)
    };
    Seen::Int(if negative { -magnitude } else { magnitude })
}

/// A leading zero makes an octal number in YAML 1.1.
fn octal(text: &str) -> Seen {
    integer(&text.replacen('0', "0o", 1))
}

fn float(text: &str) -> Seen {
    Seen::Float(text.replace('_', "").parse().unwrap_or(f64::NAN).to_bits())
}

/// <https://yaml.org/type/>, with its own expressions.
static YAML_1_1: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        rule(r"~|null|Null|NULL|", |_| Seen::Null),
        rule(
            r"y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF",
            boolean,
        ),
        rule(r"<<", |_| Seen::Merge),
        rule(r"=", |_| Seen::Default),
        rule(r"[-+]?0b[0-1_]+", integer),
        rule(r"[-+]?0[0-7_]+", octal),
        rule(r"[-+]?(0|[1-9][0-9_]*)", integer),
        rule(r"[-+]?0x[0-9a-fA-F_]+", integer),
        rule(r"[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+", integer),
        rule(r"[-+]?([0-9][0-9_]*)?\.[0-9.]*([eE][-+][0-9]+)?", float),
        rule(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*", float),
        rule(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", float),
        rule(r"[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]", |_| {
            Seen::Timestamp
        }),
        rule(
            r"[0-9][0-9][0-9][0-9]-[0-9][0-9]?-[0-9][0-9]?([Tt]|[ \t]+)[0-9][0-9]?:[0-9][0-9]:[0-9][0-9](\.[0-9]*)?([ \t]*(Z|[-+][0-9][0-9]?(:[0-9][0-9])?))?",
            |_| Seen::Timestamp,
        ),
    ]
});

/// The core schema of <https://yaml.org/spec/1.2.2/#103-core-schema>.
static YAML_1_2: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        rule(r"null|Null|NULL|~|", |_| Seen::Null),
        rule(r"true|True|TRUE|false|False|FALSE", boolean),
        rule(r"[-+]?[0-9]+", integer),
        rule(r"0o[0-7]+", integer),
        rule(r"0x[0-9a-fA-F]+", integer),
        rule(
            r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
            float,
        ),
        rule(r"[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN", float),
    ]
});

fn plain(text: &str, rules: &[Rule]) -> Seen {
    match rules
        .iter()
        .find(|(expression, _)| expression.is_match(text))
    {
        Some((_, read)) => read(text),
        None => Seen::Text(text.to_owned()),
    }
}

/// All documents of a text; anchors, aliases, tags, folded scalars and repeated keys are refused.
fn read(text: &str, rules: &[Rule]) -> Result<Vec<Seen>, String> {
    let mut documents = Vec::new();
    let mut open: Vec<(bool, Vec<Seen>)> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| error.to_string())?;
        let done = match event {
            Event::Scalar(text, style, 0, None) => match style {
                ScalarStyle::Plain => plain(&text, rules),
                ScalarStyle::Folded => return Err(format!("folded: {text:?}")),
                _ => Seen::Text(text.into_owned()),
            },
            Event::SequenceStart(0, None) => {
                open.push((false, Vec::new()));
                continue;
            }
            Event::MappingStart(0, None) => {
                open.push((true, Vec::new()));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                match open.pop().ok_or("end without start")? {
                    (false, items) => Seen::List(items),
                    (true, items) => {
                        let mut members = Vec::new();
                        for pair in items.chunks(2) {
                            if members.iter().any(|(key, _)| *key == pair[0]) {
                                return Err(format!("repeated key {:?}", pair[0]));
                            }
                            members.push((pair[0].clone(), pair[1].clone()));
                        }
                        Seen::Map(members)
                    }
                }
            }
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::Nothing => {
                continue;
            }
            other => return Err(format!("an anchor, an alias or a tag: {other:?}")),
        };
        match open.last_mut() {
            Some((_, items)) => items.push(done),
            None => documents.push(done),
        }
    }
    Ok(documents)
}

fn stream<'a>(values: impl IntoIterator<Item = &'a Value>) -> String {
    let mut writer = kube_yaml::Writer::new(Vec::new());
    for value in values {
        writer.document(Order::Given, value).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

fn commented(comment: &str, value: &Value) -> String {
    kube_yaml::comment(comment) + &kube_yaml::to_string(value).unwrap()
}

fn has_key_over_1024_bytes(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_key_over_1024_bytes),
        Value::Object(members) => members
            .iter()
            .any(|(key, member)| key.len() > 1000 || has_key_over_1024_bytes(member)),
        _ => false,
    }
}

/// Reads the text with all four readers; the first one that does not find exactly `values` is the error.
fn check_documents(text: &str, values: &[&Value]) -> Result<(), String> {
    let expected: Vec<Seen> = values.iter().map(|value| Seen::from(*value)).collect();
    for (reader, rules) in [("YAML 1.1", &YAML_1_1), ("YAML 1.2", &YAML_1_2)] {
        let seen = read(text, rules).map_err(|error| format!("{reader}: {error}\n{text}"))?;
        if seen != expected {
            return Err(format!("{reader} reads {seen:?}, not {expected:?}\n{text}"));
        }
    }
    let saphyr: Vec<Value> = serde_saphyr::from_multiple(text)
        .map_err(|error| format!("serde-saphyr: {error}\n{text}"))?;
    let saphyr: Vec<Seen> = saphyr.iter().map(Seen::from).collect();
    // A null document is none to `from_multiple`.
    let without_nulls: Vec<Seen> = expected
        .iter()
        .filter(|seen| **seen != Seen::Null)
        .cloned()
        .collect();
    if saphyr != without_nulls {
        return Err(format!(
            "serde-saphyr reads {saphyr:?}, not {expected:?}\n{text}"
        ));
    }
    let own: Result<Vec<Value>, _> = kube_yaml::Documents::new(text)
        .map(|document| document.map(|document| document.value))
        .collect();
    let own = own.map_err(|error| format!("kube-yaml: {error}\n{text}"))?;
    // Go writes a float without a fraction as a whole number, and a null document is none.
    if own
        .iter()
        .map(Seen::from)
        .ne(without_nulls.iter().map(whole))
    {
        return Err(format!("kube-yaml reads {own:?}, not {expected:?}\n{text}"));
    }
    // Rust's libyaml counts the 1024 characters a simple key may have in bytes; libyaml itself and kubectl do not.
    if !values.iter().any(|value| has_key_over_1024_bytes(value)) {
        let libyaml: Result<Vec<Value>, _> = serde_yaml::Deserializer::from_str(text)
            .map(Value::deserialize)
            .collect();
        let libyaml = libyaml.map_err(|error| format!("serde_yaml: {error}\n{text}"))?;
        let libyaml: Vec<Seen> = libyaml.iter().map(Seen::from).collect();
        if libyaml != expected {
            return Err(format!(
                "serde_yaml reads {libyaml:?}, not {expected:?}\n{text}"
            ));
        }
    }
    Ok(())
}

fn check(value: &Value) -> Result<(), String> {
    let text = kube_yaml::to_string(value).unwrap();
    // kubectl takes any line that starts so for the end of a document.
    if !text.ends_with('\n') || text.lines().any(|line| line.starts_with("---")) {
        return Err(format!("not one bare document: {text:?}"));
    }
    if let Some(line) = text
        .lines()
        .find(|line| !line.is_empty() && line.trim_matches(' ').is_empty())
    {
        return Err(format!("a line of blanks: {line:?} in {text:?}"));
    }
    check_documents(&text, &[value])
}

/// Strings that some reader takes for something else, or stumbles over, when they are written carelessly.
#[rustfmt::skip]
const TRAPS: &[&str] = &[
    // booleans and nulls
    "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "true", "True",
    "TRUE", "false", "False", "FALSE", "tRuE", "~", "null", "Null", "NULL", "nUll", "",
    // integers
    "0", "1", "-1", "+1", "00", "01", "07", "0777", "08", "0o777", "0O7", "0x1F", "0XfF", "-0x1", "+0b11", "0b102",
    "0b", "0x", "0o", "1_000", "_1", "1_", "1__2", "+1_0", "-_1", "1,000", "12345678901234567890123",
    // base 60
    "12:30:45", "12:30", "1:60", "190:20:30", "190:20:30.15", "-1:30", "+12:30", "8080:80", "22:22",
    // floats
    "1.0", "1.", ".5", "-.5", "+.5", ".", "..", "-.", "+.", "1.5e3", "1e3", "1E3", "1e+3", "1e-3", "1.e3", ".e3",
    "1.2.3", "10.0.0.1", ".inf", ".Inf", ".INF", "-.inf", "+.inf", ".nan", ".NaN", ".NAN", "inf", "nan", "1e",
    "0x1p-2", "1_0.5", "._", "685.230_15e+03", "1e999", "0deadbeef",
    // timestamps
    "2001-12-14", "2001-1-1", "2001-12-14t21:59:43.10-05:00", "2001-12-15 2:59:43.10", "2001-12-15T02:59:43.1Z",
    // merge and default keys, indicators, markers
    "<<", "=", "?", "-", ":", ",", "[", "]", "{", "}", "#", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`", "?x",
    "-x", ":x", ",x", "[x", "]x", "{x", "}x", "#x", "&x", "*x", "!x", "|x", ">x", "'x", "\"x", "%x", "@x", "`x", "x:",
    "x?", "--", "---", "--- x", "---x", "...", "... x", "...x", "- x", "? x", ": x", "x: y", "x #y", "x:y", "x#y",
    "x :y", "::", "http://a:80/", "!!str x", "{{ x }}", "x: 'y' \"z\"", "\\", "\\n", "a\\b", "a' b\" c",
    // blanks and lines
    " ", "  ", " x", "x ", "\t", "\tx", "x\t", "x\ty", "x:\ty", "x\t#y", "\n", "\n\n", "x\n", "x\ny", "x\ny\n",
    "x\n\n", "x\n\ny\n\n\n", "\nx", "\n\nx\n", " x\ny", "\n x\ny", "  x\n y\n", "\tx\ny", "\n\tx\n", "x\n\ty\n",
    "x\n  y\n", "x\n \ny", "x\n\t\ny", "x\n ", "x\n\t", "x\n \n", " \nx", "  \n x", "\t\nx", "x \ny", "x\ny ",
    "x\t\ny\t\n", "#x\ny", "x\n#y\n", "---\nx\n", "...\nx\n", "x\n---\ny", "- x\n- y\n", "k: v\nx: [\n", "%x\ny",
    "-----BEGIN X-----\nx\n-----END X-----\n", "|\n", ">\n x", "x:\n  y: |\n    z\n",
    // characters
    "x\r\ny", "x\ry", "\r", "x\u{85}y", "x\u{2028}y\nz", "x\u{2029}y", "\u{feff}x", "x\u{feff}\ny", "\u{feff}",
    "\u{0}", "x\u{7}y", "\u{1b}[0m", "\u{7f}", "\u{80}x", "\u{9f}", "\u{a0}", "\u{a0}x", "x\u{a0}", "x\n\u{a0}y\n",
    "\u{3000}x", "한국어", "키: 값", "한국\n어\n", "é", "😀", "x\n😀\n", "\u{fffd}", "\u{fffe}", "\u{ffff}", "\u{1fffe}",
    "\u{e000}", "\u{200b}", "\u{202e}",
];

#[test]
fn the_readers_of_this_test_know_the_two_versions_of_yaml() {
    let text = |text: &str| Seen::Text(text.to_owned());
    for (scalar, one, two) in [
        ("yes", Seen::Bool(true), text("yes")),
        ("off", Seen::Bool(false), text("off")),
        ("True", Seen::Bool(true), Seen::Bool(true)),
        ("~", Seen::Null, Seen::Null),
        ("0777", Seen::Int(511), Seen::Int(777)),
        ("-0777", Seen::Int(-511), Seen::Int(-777)),
        ("0o777", text("0o777"), Seen::Int(511)),
        ("0b11", Seen::Int(3), text("0b11")),
        ("-0x1F", Seen::Int(-31), text("-0x1F")),
        ("1_000", Seen::Int(1000), text("1_000")),
        ("12:30:45", Seen::Int(45045), text("12:30:45")),
        ("1e3", text("1e3"), Seen::Float(1000f64.to_bits())),
        (
            "1.5e+3",
            Seen::Float(1500f64.to_bits()),
            Seen::Float(1500f64.to_bits()),
        ),
        (
            "-.inf",
            Seen::Float(f64::NAN.to_bits()),
            Seen::Float(f64::NAN.to_bits()),
        ),
        ("2001-12-14", Seen::Timestamp, text("2001-12-14")),
        (
            "2001-12-15 2:59:43.10",
            Seen::Timestamp,
            text("2001-12-15 2:59:43.10"),
        ),
        ("<<", Seen::Merge, text("<<")),
        ("=", Seen::Default, text("=")),
        ("v1.2.3", text("v1.2.3"), text("v1.2.3")),
    ] {
        assert_eq!(plain(scalar, &YAML_1_1), one, "{scalar} in YAML 1.1");
        assert_eq!(plain(scalar, &YAML_1_2), two, "{scalar} in YAML 1.2");
    }
    assert!(read("a: &x 1\nb: *x\n", &YAML_1_1).is_err());
    assert!(read("a: >\n  x\n", &YAML_1_1).is_err());
    assert!(read("a: 1\na: 1\n", &YAML_1_1).is_err());
    assert_eq!(
        read("no: 1\n", &YAML_1_1),
        Ok(vec![Seen::Map(vec![(Seen::Bool(false), Seen::Int(1))])])
    );
}

#[test]
fn every_trap_reads_back_in_every_position() {
    let mut failures = Vec::new();
    for trap in TRAPS {
        for value in [
            json!(trap),
            json!({"v": trap}),
            json!({*trap: "v"}),
            json!([trap]),
            json!([[trap, trap], {"a": trap, "b": trap}, {*trap: trap}]),
            json!({"a": {"b": [[trap, trap]], "c": trap, "d": 1}}),
            json!({"a": [trap, {"b": [trap, {"c": trap}], "c": trap}], *trap: {*trap: [trap, 1]}, "z": [[], {}, ""]}),
        ] {
            failures.extend(check(&value).err());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn long_texts_and_long_keys_read_back() {
    let words = "word ".repeat(60);
    let base = [
        "k".repeat(1023),
        "k".repeat(1024),
        "k".repeat(1025),
        "'".repeat(600),
        "\"".repeat(600),
        "\\".repeat(600),
        "키".repeat(1100),
        "a: b # c ".repeat(200),
        format!("{words}\n{words}"),
        words,
    ];
    for text in &base {
        for value in [
            json!({text: "v", "z": text}),
            json!({text: {"a": {text: 1}}, "z": 1}),
            json!([{text: [1, {text: [text]}], "z": 1}]),
            json!({text: {}, "y": {text: []}, "z": [[{text: "a\nb\n"}]]}),
        ] {
            check(&value).unwrap();
        }
    }
}

#[test]
fn numbers_read_back_as_the_same_number() {
    for number in [
        json!(0),
        json!(-1),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(9_007_199_254_740_993_u64),
        json!(0.0),
        json!(-0.0),
        json!(1.0),
        json!(1e3),
        json!(1e15),
        json!(1e16),
        json!(1.5e20),
        json!(1e21),
        json!(1e-5),
        json!(1e-7),
        json!(f64::MAX),
        json!(f64::MIN_POSITIVE),
        json!(5e-324),
        json!(1.0 / 3.0),
    ] {
        for value in [json!({"v": number}), json!([number]), number.clone()] {
            check(&value).unwrap();
        }
    }
}

#[test]
fn a_manifest_reads_like_one_written_by_hand() {
    let value = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "설정", "labels": {}, "annotations": {"on": "yes", "size": "10.0.0.1", "note": "a: b"}},
        "data": {
            "policy.rego": "package a\n\nviolation contains msg if {\n\tinput.x\n}\n",
            "no-end": "a\nb",
            "two-ends": "a\n\n",
            "indented": "  a\nb\n",
            "blanks": "a\n  \nb\n",
            "tab": "\ta\nb\n",
            "long": "word ".repeat(30).trim_end(),
        },
        "list": [{"name": "a", "args": ["-v", "--x=y"], "ports": []}, ["b", [1.5, null, true]], "c\nd\n"],
    });
    let expected = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: 설정
  labels: {}
  annotations:
    "on": "yes"
    size: "10.0.0.1"
    note: "a: b"
data:
  policy.rego: |
    package a

    violation contains msg if {
    	input.x
    }
  no-end: |-
    a
    b
  two-ends: |+
    a

  indented: |2
      a
    b
  blanks: "a\n  \nb\n"
  tab: "\ta\nb\n"
  long: word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word
list:
- name: a
  args:
  - -v
  - --x=y
  ports: []
- - b
  - - 1.5
    - null
    - true
- |
  c
  d
"#;
    assert_eq!(kube_yaml::to_string(&value).unwrap(), expected);
    check(&value).unwrap();
}

#[test]
fn a_stream_puts_a_marker_before_each_document() {
    assert_eq!(stream([]), "");
    let (one, two) = (json!({"a": "x\n\n"}), json!([]));
    assert_eq!(stream([&one, &two]), "---\na: |+\n  x\n\n---\n[]\n");
}

#[test]
fn a_comment_stands_above_and_cannot_be_left() {
    let value = json!({"a": 1});
    for (comment, lines) in [
        ("", ""),
        ("\n", ""),
        ("one", "# one\n"),
        ("one\n", "# one\n"),
        ("one\n\n  two  \r\nthree", "# one\n#\n#   two\n# three\n"),
        (
            "a\rb: 2\u{85}c: 3\u{2028}d: 4\u{2029}---",
            "# a\n# b: 2\n# c: 3\n# d: 4\n# ---\n",
        ),
        (
            "bell\u{7} bom\u{feff} 한글\ttab",
            "# bell\u{fffd} bom\u{fffd} 한글\ttab\n",
        ),
    ] {
        assert_eq!(kube_yaml::comment(comment), lines, "{comment:?}");
        assert_eq!(
            commented(comment, &value),
            format!("{lines}a: 1\n"),
            "{comment:?}"
        );
    }
}

/// Texts that the expression matches. The expression is read once: a strategy that is a text reads itself at every value.
fn matching(expression: &str) -> RegexGeneratorStrategy<String> {
    string_regex(expression).unwrap()
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(TRAPS).prop_map(str::to_owned),
        3 => matching("[ab0.:#\\-? \n\t'\"\\\\키]{0,10}"),
        3 => matching("([ \t]{0,2}[a#:\\-]?[ \t]?\n){0,5}[ab ]?"),
        3 => matching("[0-9+\\-_:.,eExobTZ ]{1,10}"),
        2 => prop::collection::vec(any::<char>(), 0..6).prop_map(String::from_iter),
        2 => matching("[a-z0-9./-]{1,16}"),
        1 => matching("[a-z]{3} [\"'\\\\a-z]{1000,1050}"),
    ]
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |float| serde_json::Number::from_f64(float)
            .map(Value::Number)),
        (-20i32..20).prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    // What lies within is put together anew for every value.
    let text = text().boxed();
    let leaf = prop_oneof![
        6 => text.clone().prop_map(Value::String),
        2 => number(),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(5, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((text.clone(), inner), 0..4)
                .prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_value_reads_back(value in value()) {
        check(&value).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn any_text_reads_back(key in text(), value in text()) {
        check(&json!({key: [value]})).map_err(TestCaseError::fail)?;
    }

}

proptest! {
    // One to three values each.
    #![proptest_config(ProptestConfig::with_cases(700))]

    #[test]
    fn any_stream_reads_back_below_any_comment(values in prop::collection::vec(value(), 1..4), comment in text()) {
        let values: Vec<&Value> = values.iter().collect();
        let text = kube_yaml::comment(&comment) + &stream(values.iter().copied());
        check_documents(&text, &values).map_err(TestCaseError::fail)?;
        check_documents(&commented(&comment, values[0]), &values[..1]).map_err(TestCaseError::fail)?;
    }
}

/// PyYAML has libyaml's scanner and the types of YAML 1.1. It is asked where the environment variable `PYTHON` names a Python
/// that has it.
#[test]
fn pyyaml_reads_the_same() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    use std::io::Write;
    use std::process::{Command, Stdio};

    const SCRIPT: &str = "
import json, sys, yaml
for pair in json.load(sys.stdin):
    found = yaml.safe_load(pair[0])
    assert type(found) is type(pair[1]) and found == pair[1], (pair, found)
";
    let Some(python) = std::env::var_os("PYTHON") else {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: PYTHON names no interpreter, PyYAML was not asked"
        );
        return;
    };
    let mut runner = TestRunner::deterministic();
    let random = (0..5_000).map(|_| value().new_tree(&mut runner).unwrap().current());
    let traps = TRAPS
        .iter()
        .map(|trap| json!({"v": trap, *trap: [trap, {*trap: trap}]}));
    let pairs: Vec<(String, Value)> = random
        .chain(traps)
        .map(|value| (kube_yaml::to_string(&value).unwrap(), value))
        .collect();
    let mut child = Command::new(python)
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin
        .write_all(&serde_json::to_vec(&pairs).unwrap())
        .unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success());
}
