//! No text, however broken, makes the reader or a validator panic, hang or eat memory: neither a manifest nor a
//! definition, its patterns and its rules.
//!
//! `PROPTEST_CASES=1000000 cargo test -p crd-validate --test tests --release raw_bytes::` runs for more than ten minutes.

use std::sync::OnceLock;

use crd_validate::{Registry, UnknownFields, Validator, reader};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

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

/// Manifests that are in order: what is changed in them gets further than what is thrown together.
const MANIFESTS: [&str; 7] = [
    "apiVersion: example.com/v1\nkind: Lamp\nmetadata:\n  name: desk\n  labels: {room: study}\nspec:\n  a: 4\n  c: [x, yy]\n  d: 50%\n  e:\n    apiVersion: v1\n    kind: X\n    metadata: {name: inner}\n  f: {k: 1.5, l: null}\n",
    "---\n# two, with an anchor\napiVersion: example.com/v1\nkind: Lamp\nmetadata: &m {name: hall}\nspec: &s\n  b: 1h30m\n---\napiVersion: example.com/v1\nkind: Lamp\nmetadata:\n  <<: {name: attic}\n  annotations: {note: \"one\\ttwo\", more: 'it''s'}\nspec:\n  b: |-\n    5s\n",
    "{\"apiVersion\": \"example.com/v1\", \"kind\": \"Lamp\",\n \"metadata\": {\"generateName\": \"l-\"},\n \"spec\": {\"a\": 2, \"f\": {\"k\": 2.5e0}}}\n{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"s\"}, \"data\": {\"k\": \"aGk=\"}}",
    "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: c}\n  data: {k: v}\n- apiVersion: v1\n  kind: Service\n  metadata: {name: s}\n  spec:\n    selector: {app: x}\n    ports:\n    - {name: http, port: 80, targetPort: web}\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: d}}\n  template:\n    metadata: {labels: {app: d}}\n    spec:\n      volumes:\n      - {name: v, emptyDir: {sizeLimit: 1Gi}}\n      containers:\n      - name: c\n        image: registry.example.com/c:1\n        ports: [{containerPort: 8080, name: web}]\n        env: [{name: A, value: b}, {name: N, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]\n        resources: {requests: {cpu: 100m}, limits: {cpu: \"1\", memory: 64Mi}}\n        livenessProbe: {httpGet: {path: /, port: web}}\n        volumeMounts: [{name: v, mountPath: /v}]\n",
    "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: j}\nspec:\n  schedule: \"*/5 * * * *\"\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          restartPolicy: Never\n          containers: [{name: c, image: c}]\n",
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: lamps.example.com}\nspec:\n  group: example.com\n  scope: Namespaced\n  names:\n    kind: Lamp\n    plural: lamps\n  versions:\n  - name: v1\n    served: true\n    storage: true\n    subresources: {status: {}, scale: {specReplicasPath: .spec.n, statusReplicasPath: .status.n}}\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties:\n          spec:\n            type: object\n            required: [a]\n            properties:\n              a: {type: integer, minimum: 1}\n              c: {type: string, pattern: '^[a-z]+$'}\n            x-kubernetes-validations:\n            - {rule: 'self.a > 0', message: too small}\n",
];

/// One way to spoil a text.
#[derive(Clone, Debug)]
enum Change {
    Remove(Index, usize),
    Insert(Index, Vec<u8>),
    Flip(Index, u8),
    RepeatLine(Index),
    DropLine(Index),
    SwapLines(Index, Index),
    Indent(Index, usize),
    Cut(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
            1 => (index(), 1_usize..12).prop_map(|(at, length)| Change::Remove(at, length)),
            4 => (index(), piece()).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
            2 => (index(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
            1 => index().prop_map(Change::RepeatLine),
            1 => index().prop_map(Change::DropLine),
            1 => (index(), index()).prop_map(|(left, right)| Change::SwapLines(left, right)),
            1 => (index(), 0_usize..9).prop_map(|(line, width)| Change::Indent(line, width)),
            1 => index().prop_map(Change::Cut),
    ]
}

fn apply(mut text: Vec<u8>, change: Change) -> Vec<u8> {
    if text.is_empty() {
        return text;
    }
    let size = text.len();
    let mut lines: Vec<Vec<u8>> = text
        .split_inclusive(|&byte| byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let count = lines.len();
    match change {
        Change::Remove(at, length) => {
            let at = at.index(size);
            text.drain(at..size.min(at + length));
            return text;
        }
        Change::Insert(at, bytes) => {
            let at = at.index(size);
            text.splice(at..at, bytes);
            return text;
        }
        Change::Flip(at, byte) => {
            text[at.index(size)] = byte;
            return text;
        }
        Change::Cut(at) => {
            text.truncate(at.index(size));
            return text;
        }
        Change::RepeatLine(line) => {
            lines.insert(line.index(count), lines[line.index(count)].clone())
        }
        Change::DropLine(line) => drop(lines.remove(line.index(count))),
        Change::SwapLines(left, right) => lines.swap(left.index(count), right.index(count)),
        Change::Indent(line, width) => {
            let line = &mut lines[line.index(count)];
            let blanks = line.iter().take_while(|&&byte| byte == b' ').count();
            line.splice(..blanks, std::iter::repeat_n(b' ', width));
        }
    }
    lines.concat()
}

fn spoiled() -> impl Strategy<Value = Vec<u8>> {
    let lines_end = select(vec!["\n", "\n", "\n", "\r\n", "\r"]);
    (
        select(MANIFESTS.to_vec()),
        prop::collection::vec(change(), 0..6),
        lines_end,
    )
        .prop_map(|(text, changes, end)| {
            let text = text.replace('\n', end).into_bytes();
            changes.into_iter().fold(text, apply)
        })
}

fn tokens(known: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    let token = prop_oneof![
            9 => select(known).prop_map(str::to_owned),
            1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(token, 0..most).prop_map(|tokens| tokens.concat())
}

fn json_soup() -> impl Strategy<Value = Vec<u8>> {
    const TOKENS: &[&str] = &[
        "{",
        "{",
        "}",
        "}",
        "[",
        "]",
        ":",
        ":",
        ",",
        ",",
        "\"a\"",
        "\"spec\"",
        "\"kind\"",
        "\"List\"",
        "\"items\"",
        "\"apiVersion\"",
        "\"v1\"",
        "1",
        "-0",
        "1.0",
        "1e5",
        "1e999",
        "-",
        "0.",
        "null",
        "true",
        "nul",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "\"\\",
        "\"",
        "\n",
        "\t",
        " ",
        "---\n",
        "// c\n",
        "\u{feff}",
        "'a'",
        "99999999999999999999",
    ];
    tokens(TOKENS, 40).prop_map(|text| format!("{{{text}").into_bytes())
}

/// Something for `pattern`.
fn pattern() -> impl Strategy<Value = String> {
    const TOKENS: &[&str] = &[
        "^",
        "$",
        "(",
        ")",
        "(?:",
        "(?i)",
        "(?P<n>",
        "[",
        "]",
        "[^",
        "[[:alpha:]]",
        "a",
        "-",
        "z",
        "\\d",
        "\\w",
        "\\p{L}",
        "\\Q",
        "\\E",
        "\\x{1F600}",
        "\\C",
        "\\1",
        "*",
        "+",
        "?",
        "{2}",
        "{1000}",
        "{,3}",
        "{2,1}",
        "|",
        ".",
        "\\",
        "/",
        "(?=",
        "(?!",
        "é",
    ];
    tokens(TOKENS, 14)
}

/// Something for a rule: CEL now and then.
fn rule() -> impl Strategy<Value = String> {
    const TOKENS: &[&str] = &[
        "self",
        "self.",
        "oldSelf",
        "a",
        "b",
        "c",
        "d",
        "has(self.a)",
        "has(",
        ".all(x, ",
        ".exists(x, ",
        ".map(x, ",
        "x",
        ".size()",
        "size(",
        ".matches('",
        ".orValue(",
        ".?",
        "[0]",
        "[",
        "]",
        "(",
        ")",
        "'s'",
        "\"",
        "r'\\d'",
        "'",
        "1",
        "-1",
        "9223372036854775807",
        "1u",
        "1.5",
        "0",
        "true",
        "null",
        "{",
        "}",
        ":",
        ", ",
        " + ",
        " - ",
        " / ",
        " % ",
        " * ",
        " < ",
        " == ",
        " in ",
        " && ",
        " || ",
        "!",
        " ? ",
        " : ",
        "duration('1h')",
        "timestamp('",
        "quantity('1Gi')",
        "isURL('",
        "url('http://x')",
        ".split(',')",
        ".join()",
        ".substring(-1, 9)",
        ".replace('', 'x')",
        ".format([1])",
        "string(",
        "int('x')",
        "double(",
        "bytes('",
        "type(",
        "dyn(",
        "optional.of(",
        "ip('::1')",
        "cidr('::/0')",
        "sets.contains(",
        ".indexOf('')",
        ".charAt(99)",
        ".sum()",
        ".sort()",
        ".max()",
        "\n",
        "// c",
    ];
    prop_oneof![
            1 => tokens(TOKENS, 14),
            3 => (select(RULES.to_vec()), any::<Index>(), tokens(TOKENS, 3)).prop_map(|(rule, at, text)| {
                let mut rule = rule.to_owned();
                rule.insert_str(at.index(rule.len()), &text);
                rule
            }),
            1 => select(RULES.to_vec()).prop_map(str::to_owned),
    ]
}

const RULES: [&str; 8] = [
    "self.a > 0 && self.a + 1 > self.a",
    "self.b.size() < 10 || self.b.matches('^x*$')",
    "!has(self.c) || self.c.all(x, x.size() < 3 && x.substring(0, 1) != '')",
    "has(self.f) ? self.f.all(k, self.f[k] / 0.0 > 1.0) : true",
    "self == oldSelf",
    "self.a / (self.a - self.a) == 1",
    "duration(self.b) > duration('1s')",
    "self.c.map(x, x + x).exists_one(x, x == self.b)",
];

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-3_i64..4).prop_map(Value::from),
        select(vec![
            "",
            "a",
            "1h",
            "x-1",
            "2020-01-01",
            "10.0.0.0/8",
            "50%",
            "ü",
            "v1",
            "\u{0}"
        ])
        .prop_map(Value::from),
        "[ -~]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((member(), inner), 0..5).prop_map(object),
        ]
    })
}

fn member() -> impl Strategy<Value = String> {
    const NAMES: &[&str] = &[
        "a",
        "b",
        "c",
        "d",
        "e",
        "f",
        "apiVersion",
        "kind",
        "metadata",
        "name",
        "spec",
        "status",
    ];
    select(NAMES).prop_map(str::to_owned)
}

fn object(members: Vec<(String, Value)>) -> Value {
    Value::Object(Map::from_iter(members))
}

/// A schema, more or less: known keywords, mostly with what belongs there.
fn schema() -> impl Strategy<Value = Value> {
    const TYPES: &[&str] = &[
        "object", "object", "array", "string", "integer", "number", "boolean", "null", "Object",
    ];
    const FORMATS: &[&str] = &[
        "int32",
        "int64",
        "duration",
        "date",
        "date-time",
        "byte",
        "cidr",
        "ipv4",
        "ipv6",
        "uuid",
        "uri",
        "email",
        "hostname",
        "password",
        "mac",
        "bsonobjectid",
        "isbn",
        "creditcard",
        "hexcolor",
        "k8s-short-name",
        "unheard-of",
    ];
    let plain = || {
        prop_oneof![
                    4 => select(TYPES).prop_map(|name| ("type".to_owned(), Value::from(name))),
                    1 => select(FORMATS).prop_map(|name| ("format".to_owned(), Value::from(name))),
                    2 => pattern().prop_map(|text| ("pattern".to_owned(), Value::from(text))),
                    3 => (
                        select(vec!["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "multipleOf", "minProperties", "maxProperties"]),
                        prop_oneof![(-2_i64..5).prop_map(Value::from), any::<f64>().prop_map(Value::from), anything()],
                    )
                        .prop_map(|(name, value)| (name.to_owned(), value)),
                    2 => (
                        select(vec!["nullable", "exclusiveMinimum", "exclusiveMaximum", "uniqueItems", "x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"]),
                        any::<bool>(),
                    )
                        .prop_map(|(name, value)| (name.to_owned(), value.into())),
                    1 => (select(vec!["default", "enum", "required", "x-kubernetes-list-map-keys"]), anything())
                        .prop_map(|(name, value)| (name.to_owned(), value)),
                    1 => prop::collection::vec(member(), 0..3).prop_map(|names| ("required".to_owned(), names.into())),
                    1 => prop::collection::vec(anything(), 0..3).prop_map(|values| ("enum".to_owned(), values.into())),
                    1 => select(vec!["set", "map", "atomic", "heap"]).prop_map(|name| ("x-kubernetes-list-type".to_owned(), name.into())),
                    1 => prop::collection::vec(member(), 0..3).prop_map(|names| ("x-kubernetes-list-map-keys".to_owned(), names.into())),
                    3 => prop::collection::vec((rule(), rule()), 0..3).prop_map(|rules| {
                        let rules: Vec<Value> = rules
                            .into_iter()
                            .map(|(rule, message)| json!({"rule": rule, "messageExpression": message, "fieldPath": ".a"}))
                            .collect();
                        ("x-kubernetes-validations".to_owned(), rules.into())
                    }),
        ]
    };
    let leaf = prop::collection::vec(plain(), 0..5).prop_map(object);
    leaf.prop_recursive(4, 32, 5, move |inner| {
        let part = prop_oneof![
            3 => prop::collection::vec((member(), inner.clone()), 1..5)
                .prop_map(|members| ("properties".to_owned(), object(members))),
            1 => (select(vec!["items", "additionalProperties", "not"]), inner.clone())
                .prop_map(|(name, schema)| (name.to_owned(), schema)),
            1 => (select(vec!["allOf", "anyOf", "oneOf"]), prop::collection::vec(inner, 0..3))
                .prop_map(|(name, schemas)| (name.to_owned(), schemas.into())),
];
        (
            prop::collection::vec(plain(), 0..4),
            prop::collection::vec(part, 1..3),
        )
            .prop_map(|(plain, parts)| object(plain.into_iter().chain(parts).collect()))
    })
}

/// A definition of `Lamp` with this schema for all of it or for its spec.
fn definition(schema: Value, whole: bool) -> Value {
    let schema = if whole {
        schema
    } else {
        json!({"type": "object", "properties": {"spec": schema, "status": {"type": "object"}}})
    };
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "lamps.example.com"},
        "spec": {
            "group": "example.com", "scope": "Namespaced", "names": {"kind": "Lamp", "plural": "lamps"},
            "versions": [{"name": "v1", "served": true, "storage": true, "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.a"}}, "schema": {"openAPIV3Schema": schema}}]
        }
    })
}

fn lamp(spec: Value) -> Value {
    json!({"apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": "x"}, "spec": spec})
}

/// Takes `value`, or a member of it, for something else.
fn replace(value: &mut Value, way: &[Index], other: Value) {
    let Some((first, rest)) = way.split_first() else {
        *value = other;
        return;
    };
    match value {
        Value::Object(members) if !members.is_empty() => {
            let at = first.index(members.len());
            if let Some(member) = members.values_mut().nth(at) {
                replace(member, rest, other);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = first.index(items.len());
            replace(&mut items[at], rest, other);
        }
        value => *value = other,
    }
}

fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(Registry::new)
}

fn judge(bytes: &[u8]) {
    for document in reader::read(bytes) {
        let lines = document.lines_of(["spec.c[0]", "metadata.name", "spec.f[k].x", "a[", "]", ""]);
        assert!(lines.iter().all(|&line| line > 0));
        let Ok(mut object) = document.content else {
            continue;
        };
        let judged = registry().judge(&object, UnknownFields::Refuse).report;
        let paths: Vec<String> = judged
            .findings
            .iter()
            .map(|finding| finding.path.to_string())
            .collect();
        drop(
            reader::read(bytes)
                .first()
                .map(|first| first.lines_of(paths.iter().map(String::as_str))),
        );
        let _ = validator().create(&object);
        if let Ok(own) = Validator::new(&object) {
            let _ = own.compile();
            let _ = own.create(&lamp(json!({"a": 1, "c": "x"})));
        }
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

proptest! {
    #[test]
    fn thrown_together(pieces in prop::collection::vec(piece(), 0..40)) {
        judge(&pieces.concat());
    }

    #[test]
    fn manifests_spoiled(text in spoiled()) {
        judge(&text);
        if let Ok(text) = str::from_utf8(&text) {
            let _ = Registry::new().add_text(text);
        }
    }

    #[test]
    fn json_thrown_together(text in json_soup()) {
        judge(&text);
    }

    #[test]
    fn fields_taken_for_others(
        text in select(MANIFESTS.to_vec()),
        changes in prop::collection::vec((prop::collection::vec(any::<Index>(), 1..9), anything()), 1..4),
    ) {
        for document in reader::read(text.as_bytes()) {
            let mut object = document.content.unwrap();
            for (way, other) in &changes {
                replace(&mut object, way, other.clone());
            }
            judge(object.to_string().as_bytes());
        }
    }

    #[test]
    fn definitions_of_any_kind(
        schema in schema(),
        whole in prop::bool::weighted(0.2),
        new in anything(),
        old in anything(),
    ) {
        let definition = definition(schema, whole);
        let Ok(validator) = Validator::new(&definition) else {
            return Err(TestCaseError::fail("group, kind and versions are there"));
        };
        let _ = validator.compile();
        let _ = validator.create(&lamp(new.clone()));
        let _ = validator.update(&lamp(new.clone()), &lamp(old));
        let _ = validator.judge(&lamp(new), None, UnknownFields::Drop);
        let _ = registry().judge(&definition, UnknownFields::Refuse);
    }

    #[test]
    fn rules_of_any_kind(rules in prop::collection::vec((rule(), rule()), 1..5), old in any::<bool>()) {
        let rules: Vec<Value> = rules
            .into_iter()
            .map(|(rule, message)| json!({"rule": rule, "messageExpression": message}))
            .collect();
        let schema = json!({
            "type": "object",
            "properties": {
                "a": {"type": "integer"}, "b": {"type": "string"},
                "c": {"type": "array", "items": {"type": "string"}}, "d": {"x-kubernetes-int-or-string": true},
                "f": {"type": "object", "additionalProperties": {"type": "number"}}
            },
            "x-kubernetes-validations": rules
        });
        let validator = Validator::new(&definition(schema, false)).unwrap();
        let spec = json!({"a": 7, "b": "1h", "c": ["x", "", "ü"], "d": "50%", "f": {"k": 0.5}});
        let _ = validator.create(&lamp(spec.clone()));
        if old {
            let _ = validator.update(&lamp(spec), &lamp(json!({"a": -1, "c": []})));
        }
    }
}

/// Patterns inside a definition that are deep or large.
#[test]
fn patterns_beyond_bounds_are_refused_quickly() {
    let deep = 50_000;
    for pattern in [
        "(".repeat(deep),
        format!("{}a{}", "(".repeat(deep), ")".repeat(deep)),
        "[".repeat(deep),
        "a{1000}{1000}{1000}".to_owned(),
        "(a*)*".repeat(100) + "$",
        "a|".repeat(deep) + "b$",
        "(?i)".repeat(deep),
        "[a-z]{1,1000}".repeat(50) + "$",
        "\\pL{500}".repeat(20),
    ] {
        let schema = json!({
            "type": "object",
            "properties": {"a": {"type": "string", "pattern": pattern}}
        });
        let validator = Validator::new(&definition(schema, false)).unwrap();
        let _ = validator.compile();
        let _ = validator.create(&lamp(json!({"a": "aaaaaaaaaaaaaaaaaaaaaaaa!"})));
    }
}

/// Rules that are deep, or that the evaluator of CEL does not bear.
#[test]
fn rules_beyond_bounds_are_told_of() {
    let deep = 50_000;
    for rule in [
        "(".repeat(deep),
        format!("{}1{}", "(".repeat(100), ")".repeat(100)),
        "[".repeat(deep),
        "-".repeat(deep) + "1",
        "1 + ".repeat(deep) + "1",
        "self".to_owned() + &".a".repeat(deep),
        "true ? 1 : ".repeat(100) + "1",
        "has(".repeat(deep),
        "self{}.a == ''".to_owned(),
    ] {
        let schema = json!({"type": "object", "x-kubernetes-validations": [{"rule": rule}]});
        let validator = Validator::new(&definition(schema, false)).unwrap();
        let report = validator.create(&lamp(json!({})));
        assert!(
            !report.findings.is_empty() || !report.notes.is_empty(),
            "{}",
            &rule[..9]
        );
    }
}
