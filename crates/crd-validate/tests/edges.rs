//! Where a server does what nobody expects: each row was learned from a real one.

use crd_validate::{Report, Validator, reader};
use serde_json::{Value, json};

fn read(text: &str) -> Value {
    let content = reader::read(text.as_bytes()).remove(0).content;
    content.unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A definition of `example.com/v1 Lamp` with this schema of `spec`, in YAML.
fn lamps(spec: &str) -> Validator {
    Validator::new(&json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "example.com", "scope": "Namespaced", "names": {"kind": "Lamp", "plural": "lamps"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
                "type": "object", "properties": {"spec": read(spec)}
            }}}]
        }
    }))
    .unwrap()
}

fn lamp(spec: &str) -> Value {
    json!({"apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": "desk"}, "spec": read(spec)})
}

fn paths(report: &Report) -> String {
    assert_eq!(report.notes, []);
    let paths: Vec<String> = report.findings.iter().map(|f| f.path.to_string()).collect();
    paths.join(" ")
}

/// Each row: a schema, and specs with the paths of what is wrong with them.
fn table(rows: &[(&str, &[(&str, &str)])]) {
    for (schema, specs) in rows {
        let lamps = lamps(&format!("{{type: object, properties: {{v: {schema}}}}}"));
        for (value, expected) in *specs {
            let report = lamps.create(&lamp(&format!("v: {value}")));
            assert_eq!(paths(&report), *expected, "{value} in {schema}: {report:?}");
        }
    }
}

#[test]
fn formats_are_asked_of_texts_and_of_lists() {
    table(&[
        (
            "{type: string, format: cidr}",
            &[
                ("[]", ""),
                ("[{a: 1}]", "spec.v[0].a"),
                ("{}", "spec.v"),
                ("5", "spec.v"),
                ("\"\"", "spec.v"),
            ],
        ),
        // A format that a server ignores lets no list pass.
        (
            "{type: string, format: int32}",
            &[("[]", "spec.v"), ("x", "")],
        ),
        (
            "{x-kubernetes-preserve-unknown-fields: true, format: date}",
            &[
                ("[]", ""),
                ("5", "spec.v"),
                ("{a: b}", "spec.v"),
                ("2006-01-02", ""),
            ],
        ),
        (
            "{type: string, format: ipv4}",
            &[("'::ffff:01.2.3.4'", ""), ("1.2.3", "spec.v")],
        ),
        (
            "{type: string, format: ipv6}",
            &[("'::ffff:01.2.3.4'", "spec.v"), ("'::1'", "")],
        ),
        (
            "{type: string, format: date}",
            &[("'+2006-1-02'", "spec.v")],
        ),
    ]);
}

#[test]
fn numbers_are_compared_as_a_server_does() {
    table(&[
        // A bound that is no integer refuses every integer.
        ("{type: integer, minimum: 0.5}", &[("5", "spec.v")]),
        ("{type: integer, multipleOf: 1.5}", &[("3", "spec.v")]),
        // An integer is divided by the factor cut to an integer.
        (
            "{type: number, multipleOf: 0.1}",
            &[("1", "spec.v"), ("0.3", ""), ("0.35", "spec.v")],
        ),
        // A number is cut to an integer before it is looked up.
        (
            "{type: number, enum: [1, 2]}",
            &[("1.5", ""), ("3.5", "spec.v")],
        ),
        (
            "{type: integer}",
            &[("1.0", ""), ("1e3", ""), ("9223372036854775808", "spec.v")],
        ),
    ]);
}

#[test]
fn patterns_may_name_classes_of_characters() {
    table(&[(
        "{type: string, pattern: '^\\p{L}+$'}",
        &[("aé", ""), ("a1", "spec.v")],
    )]);
}

#[test]
fn a_union_is_judged_beside_other_faults() {
    let schema = "{type: object, properties: {a: {type: integer}, b: {type: integer}, c: {type: string, maxLength: 1}}, oneOf: [{required: [a]}, {required: [b]}], not: {required: [a, b]}}";
    table(&[(
        schema,
        &[
            ("{a: 1, c: x}", ""),
            ("{a: 1, c: long}", "spec.v.c"),
            ("{c: long}", "spec.v.c spec.v"),
            ("{a: 1, b: 1, c: long}", "spec.v.c spec.v spec.v"),
            ("{a: x}", "spec.v.a"),
        ],
    )]);
    // Rules wait for types and lengths, not for a union of which too much is there.
    let ruled = format!(
        "{}, x-kubernetes-validations: [{{rule: 'false'}}]}}",
        schema.trim_end_matches('}')
    );
    let ruled = ruled.replace("not: {required: [a, b], x", "not: {required: [a, b]}, x");
    table(&[(
        &ruled,
        &[("{a: 1, b: 1}", "spec.v spec.v spec.v"), ("{}", "spec.v")],
    )]);
}

#[test]
fn embedded_objects_are_read_before_anything_is_judged() {
    table(&[(
        "{type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true, required: [spec]}",
        &[
            ("{apiVersion: v1, kind: Pod, spec: {}}", ""),
            (
                "{apiVersion: v1, kind: Pod, metadata: {labels: x}}",
                "spec.v.metadata.labels",
            ),
            (
                "{apiVersion: v1, kind: Pod, metadata: {label: x}}",
                "spec.v.metadata.label spec.v.spec",
            ),
            ("{apiVersion: 1, kind: Pod}", "spec.v.apiVersion"),
            (
                "{apiVersion: a/b/c, kind: A_b, spec: {}}",
                "spec.v.apiVersion spec.v.kind",
            ),
            (
                "{apiVersion: v1, kind: Pod, spec: {}, metadata: {generation: 1.0, generateName: '..'}}",
                "",
            ),
            (
                "{apiVersion: v1, kind: Pod, spec: {}, metadata: {generation: -1, managedFields: [{operation: Guess, fieldsType: V2}]}}",
                "spec.v.metadata.generation spec.v.metadata.managedFields[0].operation spec.v.metadata.managedFields[0].fieldsType",
            ),
        ],
    )]);
}

#[test]
fn metadata_is_read_as_go_reads_it() {
    let owner =
        json!({"apiVersion": "v1", "kind": "Pod", "name": "a", "uid": "u", "controller": true});
    let mut other = owner.clone();
    other["uid"] = json!("w");
    let mut faulty = owner.clone();
    faulty["apiVersion"] = json!("a/b/c");
    for (metadata, expected) in [
        (json!({"creationTimestamp": "2006-01-02T5:04:05,5Z"}), ""),
        (
            json!({"creationTimestamp": "2006-01-02t15:04:05z"}),
            "metadata.creationTimestamp",
        ),
        (
            json!({"creationTimestamp": "2006-01-02T15:04:60Z"}),
            "metadata.creationTimestamp",
        ),
        (json!({"generation": 3.0}), ""),
        (json!({"generation": 3.5}), "metadata.generation"),
        // The server sets them itself.
        (
            json!({"generation": -1, "managedFields": [{"operation": "x"}]}),
            "",
        ),
        // The same owner twice is one.
        (json!({"ownerReferences": [owner, owner]}), ""),
        (
            json!({"ownerReferences": [owner, other]}),
            "metadata.ownerReferences",
        ),
        (
            json!({"ownerReferences": [faulty]}),
            "metadata.ownerReferences.apiVersion",
        ),
        (json!({"name": "", "generateName": "A-"}), "metadata.name"),
    ] {
        let mut object = lamp("{}");
        for (name, value) in metadata.as_object().unwrap() {
            object["metadata"][name] = value.clone();
        }
        let report = lamps("{type: object}").create(&object);
        assert_eq!(paths(&report), expected, "{metadata}: {report:?}");
    }
}

#[test]
fn an_update_forgives_what_was_there() {
    let lamps = lamps(
        "{type: object, properties: {num: {type: integer}, set: {type: array, x-kubernetes-list-type: set, items: {type: string}, x-kubernetes-validations: [{rule: self == oldSelf}]}, l: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], maxItems: 1, items: {type: object, properties: {k: {type: string}}}}, free: {type: object, maxProperties: 0, x-kubernetes-preserve-unknown-fields: true}, text: {type: string, x-kubernetes-validations: [{rule: 'self != \"\"'}]}}}",
    );
    for (old, new, expected) in [
        ("{set: [a, b]}", "{set: [b, a]}", ""),
        ("{set: [a, b]}", "{set: [b]}", "spec.set"),
        (
            "{num: 1, l: [{k: a}, {k: b}]}",
            "{num: 2, l: [{k: b}, {k: a}]}",
            "",
        ),
        (
            "{num: 1, l: [{k: a}, {k: b}]}",
            "{num: 2, l: [{k: b}, {k: c}]}",
            "spec.l",
        ),
        // What no schema describes counts as changed.
        (
            "{num: 1, free: {a: 1}}",
            "{num: 2, free: {a: 1}}",
            "spec.free",
        ),
        ("{num: 1, text: ''}", "{num: 2, text: ''}", ""),
        // A rule that meets a value of another type fails, whatever was there before.
        ("{num: 1, text: 5}", "{num: 2, text: 5}", "spec.text"),
    ] {
        let report = lamps.update(&lamp(new), &lamp(old));
        assert_eq!(paths(&report), expected, "{old} -> {new}: {report:?}");
    }
    let (old, mut new) = (lamp("{}"), lamp("{}"));
    new["metadata"]["creationTimestamp"] = json!("2006-01-02T15:04:05Z");
    assert_eq!(paths(&lamps.update(&new, &old)), "");
    new["metadata"]["deletionTimestamp"] = json!("2006-01-02T15:04:05Z");
    assert_eq!(
        paths(&lamps.update(&new, &old)),
        "metadata.deletionTimestamp"
    );
}

/// Each row: the schema of a value, a rule, a value that keeps it, and one that breaks it.
#[test]
fn rules_have_the_functions_of_a_server() {
    let text = "{type: string}";
    let list = "{type: array, items: {type: string}}";
    let map = "{type: object, additionalProperties: {type: string}}";
    let time = "{type: string, format: date-time}";
    let span = "{type: string, format: duration}";
    let mixed = "{x-kubernetes-int-or-string: true}";
    for (schema, rule, good, bad) in [
        (text, "size(self) == 2", "日本", "a"),
        (text, "self.size() < 3", "éé", "abc"),
        (text, r#"self.split("").size() == 3"#, "abc", "ab"),
        (text, r#"self.split(",", 2).size() == 2"#, "'a,b,c'", "a"),
        (
            text,
            r#"self.charAt(self.size()) == "" && self.size() < 2"#,
            "é",
            "ab",
        ),
        (text, r#"bool(self)"#, "'true'", "'yes'"),
        (
            text,
            r#"timestamp(self).getHours("+02:00") == 17"#,
            "'2006-01-02T15:04:05Z'",
            "'2006-01-02T16:04:05Z'",
        ),
        (text, "isSemver(self, true)", "v1.02", "1.2.3.4"),
        (
            text,
            "isURL(self) && url(self).getHostname() == \"::1\"",
            "'http://[::1]:80/a'",
            "http://a/b",
        ),
        (
            text,
            "url(self).getEscapedPath() == \"/a%20b\"",
            "/a%20b",
            "/a",
        ),
        (
            text,
            "url(self).getQuery()[\"d\"] == [\"e\", \"f\"]",
            "'/c?d=e&d=f'",
            "'/c?d=e'",
        ),
        (
            text,
            "url(self).getScheme() == \"\" || url(self).getPort() == \"80\"",
            "http://a:80",
            "http://a:81",
        ),
        (
            text,
            "!format.uri().validate(self).hasValue()",
            "'/p?q'",
            "'a b'",
        ),
        (
            text,
            "!format.byte().validate(self).hasValue()",
            "YQ==",
            "YQ",
        ),
        (
            text,
            "!format.named(\"dns1123Label\").value().validate(self).hasValue()",
            "a-b",
            "A",
        ),
        (text, "!format.named(self).hasValue()", "nonsense", "uuid"),
        (text, "type(self) == string && self != \"\"", "a", "''"),
        (text, "dyn(self) == \"a\"", "a", "b"),
        (
            text,
            "optional.of(self).optMap(x, size(x)).orValue(0) == 2",
            "ab",
            "a",
        ),
        (
            text,
            "optional.ofNonZeroValue(self).optFlatMap(x, x == \"a\" ? optional.of(1) : optional.none()).hasValue()",
            "a",
            "b",
        ),
        (
            list,
            "self.all(i, v, i < 2 || v == \"c\")",
            "[a, b, c]",
            "[a, b, d]",
        ),
        (
            list,
            "self.exists(i, v, i == 1 && v == \"b\")",
            "[a, b]",
            "[b]",
        ),
        (list, "self.existsOne(i, v, v == \"b\")", "[a, b]", "[b, b]"),
        (
            list,
            "self.transformList(i, v, i > 0, v) == [\"b\"]",
            "[a, b]",
            "[b]",
        ),
        (
            list,
            "self.sortBy(x, size(x))[0] == \"b\"",
            "[abc, b]",
            "[ab, abc]",
        ),
        (
            map,
            "self.transformMap(k, v, v + \"!\")[\"a\"] == \"b!\"",
            "{a: b}",
            "{a: c}",
        ),
        (
            map,
            "self.transformMapEntry(k, v, {v: k})[\"b\"] == \"a\"",
            "{a: b}",
            "{c: b}",
        ),
        (
            "{type: array, items: {type: integer}}",
            "self.sum() == 3",
            "[1, 2]",
            "[9223372036854775807, 1]",
        ),
        (
            mixed,
            "type(self) == int ? self > 0 : self.endsWith(\"%\")",
            "'5%'",
            "-1",
        ),
        (
            time,
            "self.getFullYear() == 2006",
            "'2006-01-02T15:04:05Z'",
            "'2006-01-02t15:04:05z'",
        ),
        (
            time,
            "string(self) == \"2006-01-02T15:04:05Z\"",
            "'2006-01-02T15:04:05Z'",
            "'2007-01-02T15:04:05Z'",
        ),
        (
            span,
            "string(self) == \"3600s\" && self.getMilliseconds() == 3600000",
            "1h",
            "1m",
        ),
        (
            "{type: boolean}",
            "string(self) == \"true\"",
            "true",
            "false",
        ),
        (
            "{type: string, format: byte}",
            "size(self) == 1",
            "YQ==",
            "'/w=='",
        ),
        (
            "{type: integer}",
            "timestamp(self).getFullYear() == 1970",
            "0",
            "2147483648",
        ),
        (
            "{type: object, properties: {num: {type: string, nullable: true}}}",
            "!has(self.num)",
            "{num: null}",
            "{num: a}",
        ),
    ] {
        let rules = json!([{"rule": rule}]).to_string();
        let schema = schema.replacen('{', &format!("{{x-kubernetes-validations: {rules}, "), 1);
        table(&[(&schema, &[(good, ""), (bad, "spec.v")])]);
    }
}

#[test]
fn a_rule_names_a_field_in_the_servers_notation() {
    let schema = |path: &str| {
        let rules = json!([{"rule": "false", "fieldPath": path}]).to_string();
        format!(
            "{{type: object, properties: {{a: {{type: string}}, m: {{type: object, additionalProperties: {{type: string}}}}}}, x-kubernetes-validations: {rules}}}"
        )
    };
    for (path, expected) in [
        (".a", "spec.v.a"),
        ("['a']", "spec.v.a"),
        (".m['k.z']", "spec.v.m[k.z]"),
    ] {
        table(&[(&schema(path), &[("{}", expected)])]);
    }
}

#[test]
fn what_cannot_be_evaluated_here_is_said_so() {
    for rule in [
        "authorizer.group(\"\").resource(\"pods\").check(\"get\").allowed()",
        "timestamp(\"2006-01-02T15:04:05Z\").getHours(\"Europe/Berlin\") == 16",
        "self.somethingNew()",
    ] {
        let rules = json!([{"rule": rule}]).to_string();
        let lamps = lamps(&format!(
            "{{type: object, x-kubernetes-validations: {rules}}}"
        ));
        let report = lamps.create(&lamp("{}"));
        assert!(report.is_accepted(), "{rule}: {report:?}");
        assert_eq!(report.notes.len(), 1, "{rule}: {report:?}");
    }
}

/// JSON that no kubectl has rewritten can have a number with a point, which is an integer to the schema and none to a rule.
#[test]
fn rules_see_no_integer_where_there_is_a_point() {
    for (schema, rule, value) in [
        ("{type: integer}", "self > 0", json!(1.0)),
        (
            "{type: object, properties: {num: {type: integer}}}",
            "has(self.num)",
            json!({"num": 1.0}),
        ),
        (
            "{type: object, properties: {num: {type: integer}}}",
            "self.num == 1",
            json!({"num": 1e0}),
        ),
        (
            "{type: array, items: {type: integer}}",
            "self.all(x, x > 0)",
            json!([1.0]),
        ),
    ] {
        let rules = json!([{"rule": rule}]).to_string();
        let schema = schema.replacen('{', &format!("{{x-kubernetes-validations: {rules}, "), 1);
        let plain = lamps(&format!("{{type: object, properties: {{v: {schema}}}}}"));
        let mut object = lamp("{}");
        object["spec"] = json!({"v": value});
        let report = plain.create(&object);
        assert_eq!(paths(&report), "spec.v", "{rule}: {report:?}");
    }
}

#[test]
fn a_rule_that_does_not_meet_such_a_value_is_kept() {
    let lamps = lamps(
        "{type: object, properties: {kind: {type: string}, num: {type: integer}}, x-kubernetes-validations: [{rule: 'self.kind == \"A\" ? has(self.num) : true'}, {rule: '!has(oldSelf.num) || has(self.num)'}]}",
    );
    for (kind, expected) in [("A", "spec"), ("B", "")] {
        let mut object = lamp("{}");
        object["spec"] = json!({"kind": kind, "num": 1.0});
        let report = lamps.create(&object);
        assert_eq!(paths(&report), expected, "{kind}: {report:?}");
    }
}
