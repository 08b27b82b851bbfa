//! What the server does to an object before it judges it, and what it says then, in small.

use crd_validate::{Registry, UnknownFields, Validator, Verdict, reader};
use kube_vocab::Finding;
use serde_json::{Value, json};

/// A definition of `example.com/v1 Lamp` with this schema of `spec`, in YAML.
fn lamps(spec: &str) -> Validator {
    let spec = reader::read(spec.as_bytes()).remove(0).content.unwrap();
    Validator::new(&json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "example.com", "scope": "Namespaced", "names": {"kind": "Lamp", "plural": "lamps"},
            "versions": [{
                "name": "v1", "served": true, "storage": true,
                "subresources": {"status": {}},
                "schema": {"openAPIV3Schema": {
                    "type": "object",
                    "properties": {"spec": spec, "status": {"type": "object", "properties": {"on": {"type": "boolean"}}}}
                }}
            }, {"name": "v0", "served": false, "storage": false}]
        }
    }))
    .unwrap()
}

fn lamp(spec: &str) -> Value {
    let spec = reader::read(spec.as_bytes()).remove(0).content.unwrap();
    json!({"apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": "desk"}, "spec": spec})
}

/// `path: message`, without the path where it is the object as a whole.
fn said(finding: &Finding) -> String {
    if finding.path.is_root() {
        finding.message.clone()
    } else {
        format!("{}: {}", finding.path, finding.message)
    }
}

/// Checks a table of specs against one schema: the findings of each, joined.
fn table(schema: &str, rows: &[(&str, &str)]) {
    let lamps = lamps(schema);
    for (spec, expected) in rows {
        let report = lamps.create(&lamp(spec));
        let found: Vec<String> = report.findings.iter().map(said).collect();
        assert_eq!(found.join(" | "), *expected, "{spec}");
        assert!(report.notes.is_empty(), "{:?}", report.notes);
    }
}

#[test]
fn validators_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Validator>();
    shared::<Registry>();
}

#[test]
fn unknown_fields_do_not_hide_the_rest() {
    table(
        "{type: object, required: [a], properties: {a: {type: integer}, l: {type: array, items: {type: object, properties: {x: {type: string}}}}, m: {type: object, additionalProperties: {type: object}}, p: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {q: {type: object}}}}}",
        &[
            ("{a: 1, l: [{x: s}], p: {any: {thing: 1}}}", ""),
            (
                "{l: [{x: s, z: 1}], b: 2}",
                "spec.l[0].z: unknown field | spec.b: unknown field | spec.a: is required",
            ),
            ("{a: 1, m: {k: {z: 1}}}", "spec.m.k.z: unknown field"),
            ("{a: 1, p: {q: {z: 1}}}", "spec.p.q.z: unknown field"),
        ],
    );
    let report = lamps("{type: object}").judge(&lamp("{z: 1}"), None, UnknownFields::Drop);
    assert!(report.is_accepted());
}

#[test]
fn nulls_are_dropped_defaulted_or_kept() {
    table(
        "{type: object, required: [d], properties: {nn: {type: string, nullable: true}, s: {type: string}, d: {type: string, default: x, enum: [x]}, l: {type: array, items: {type: string}}}}",
        &[
            ("{nn: null, s: null, d: null}", ""),
            ("{}", ""),
            ("{d: z}", "spec.d: \"z\" is not one of: \"x\""),
            ("{l: [null]}", "spec.l[0]: must be a string, not null"),
        ],
    );
}

#[test]
fn a_status_is_ignored_where_it_is_a_subresource() {
    let mut object = lamp("{}");
    object["status"] = json!({"on": "perhaps"});
    assert!(lamps("{type: object}").create(&object).is_accepted());
    object["status"] = json!({"off": true});
    assert_eq!(
        lamps("{type: object}").create(&object).findings[0]
            .path
            .to_string(),
        "status.off"
    );
}

#[test]
fn bounds_say_what_is_allowed() {
    table(
        "{type: object, properties: {i: {type: integer, format: int32, minimum: 1, exclusiveMinimum: true, multipleOf: 2}, s: {type: string, minLength: 2, maxLength: 3, pattern: '^a'}, x: {x-kubernetes-int-or-string: true}, f: {type: string, format: semver}, set: {type: array, x-kubernetes-list-type: set, items: {type: string}}, m: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, properties: {k: {type: string}}}}}}",
        &[
            ("{i: 2, s: aü, x: 1, f: nonsense}", ""),
            (
                "{i: 1}",
                "spec.i: 1 must be a multiple of 2 | spec.i: 1 must be more than 1",
            ),
            (
                "{i: 4294967296}",
                "spec.i: 4294967296 must be an integer of 32 bits",
            ),
            ("{i: 1.5}", "spec.i: must be an integer, not the number 1.5"),
            ("{s: aüü, x: 50%}", ""),
            ("{s: aüüü}", "spec.s: must have at most 3 characters, has 4"),
            ("{s: bb}", "spec.s: \"bb\" must match ^a"),
            (
                "{x: 1.5}",
                "spec.x: must be a string or integer, not the number 1.5",
            ),
            (
                "{set: [a, b, a, a]}",
                "spec.set[2]: duplicate of item 0: \"a\"; each may appear once",
            ),
            (
                "{m: [{k: a}, {k: a}]}",
                "spec.m[1]: duplicate of item 0: {\"k\":\"a\"}; each may appear once",
            ),
        ],
    );
}

#[test]
fn a_broken_union_is_one_finding() {
    table(
        "{type: object, properties: {a: {type: string, anyOf: [{format: ipv4}, {format: ipv6}]}, b: {type: object, properties: {x: {type: integer}, w: {type: integer}}, oneOf: [{required: [x]}, {required: [w]}]}, c: {type: integer, not: {enum: [3]}}}}",
        &[
            ("{a: '::1', b: {x: 1}, c: 4}", ""),
            (
                "{a: nowhere}",
                "spec.a: \"nowhere\" must be at least one of the alternatives: an IPv4 address; an IPv6 address",
            ),
            (
                "{b: {}}",
                "spec.b: must be one of the alternatives: with x; with w",
            ),
            (
                "{b: {x: 1, w: 2}}",
                "spec.b: must be exactly one of the alternatives, is 2 of them: with x; with w",
            ),
            (
                "{b: {x: one}}",
                "spec.b.x: must be an integer, not the string \"one\"",
            ),
            ("{c: 3}", "spec.c: must not be: 3"),
        ],
    );
}

#[test]
fn alternatives_are_named_whatever_they_ask_for() {
    table(
        "{type: object, properties: {a: {x-kubernetes-preserve-unknown-fields: true, oneOf: [{type: string, maxLength: 3}, {type: integer, minimum: 5}, {}]}, b: {type: object, properties: {k: {type: string}, w: {type: object, properties: {m: {type: integer}}}}, oneOf: [{properties: {k: {enum: [x, z9]}}, required: [k]}, {properties: {w: {required: [m]}}, required: [w]}, {not: {anyOf: [{required: [k]}, {required: [w]}]}}]}, c: {type: string, anyOf: [{pattern: '^a'}, {enum: [b, c]}]}}}",
        &[
            (
                "{a: 7}",
                "spec.a: must be exactly one of the alternatives, is 2 of them: integer, at least 5; number 3",
            ),
            (
                "{b: {k: z}}",
                "spec.b: must be one of the alternatives: with k, k \"x\" or \"z9\"; with w, w with m; without k or w",
            ),
            (
                "{b: {k: x, w: {m: 1}}}",
                "spec.b: must be exactly one of the alternatives, is 2 of them: with k, k \"x\" or \"z9\"; with w, w with m",
            ),
            (
                "{c: z}",
                "spec.c: \"z\" must be at least one of the alternatives: matching ^a; \"b\" or \"c\"",
            ),
        ],
    );
}

#[test]
fn long_patterns_are_described_or_cut() {
    let long = "^(aa|bb|cc|dd|ee|ff|gg|hh|ii|jj|kk|ll|mm|nn|oo|pp|qq|rr|ss|tt)$";
    table(
        &format!(
            "{{type: object, properties: {{a: {{type: string, pattern: '{long}'}}, b: {{type: string, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'}}}}}}"
        ),
        &[
            (
                "{a: zz}",
                "spec.a: \"zz\" must match the pattern ^(aa|bb|cc|dd|ee|ff|gg|hh|ii|jj|kk|ll|mm|nn|oo|pp|qq|rr|s... of 63 characters",
            ),
            (
                "{b: Z}",
                "spec.b: \"Z\" must be a DNS label: lower-case letters, digits and '-'",
            ),
        ],
    );
}

#[test]
fn a_rule_that_ends_in_an_error_says_why_in_words() {
    table(
        "{type: object, properties: {q: {type: integer}, l: {type: array, items: {type: integer}}, s: {type: string}}, x-kubernetes-validations: [{rule: '!has(self.q) || 6 / self.q > 1', message: q is small}, {rule: '!has(self.l) || self.l[0] > 1', message: l begins with more}, {rule: '!has(self.s) || timestamp(self.s).getFullYear() > 2000', message: s is new}]}",
        &[
            ("{q: 0}", "spec: q is small; it divides by zero"),
            (
                "{l: []}",
                "spec: l begins with more; it reads an item that is not there",
            ),
            (
                "{s: never}",
                "spec: s is new; it ends in an error for this value",
            ),
        ],
    );
}

#[test]
fn rules_are_evaluated_when_the_shape_is_right() {
    table(
        "{type: object, properties: {num: {type: integer}, m: {type: object, additionalProperties: {type: string, x-kubernetes-validations: [{rule: 'self != \"\"', message: must say something}]}}, d: {type: string, format: duration}}, x-kubernetes-validations: [{rule: 'self.num > 0', messageExpression: '\"n is \" + string(self.num)', fieldPath: .num}, {rule: '!has(self.d) || self.d < duration(\"1h\")', message: too long}, {rule: 'self.?num.orValue(1) < 10', message: too many}]}",
        &[
            ("{num: 1, m: {k: v}, d: 59m}", ""),
            ("{num: 0}", "spec.num: n is 0"),
            ("{num: 11}", "spec: too many"),
            ("{num: 1, d: 1h}", "spec: too long"),
            ("{num: 1, m: {k: ''}}", "spec.m[k]: must say something"),
            (
                "{num: zero}",
                "spec.num: must be an integer, not the string \"zero\"",
            ),
            (
                "{}",
                "spec: failed rule: self.num > 0; it reads `num`, which is not set",
            ),
        ],
    );
}

#[test]
fn an_update_is_judged_against_what_was() {
    let lamps = lamps(
        "{type: object, properties: {num: {type: integer, maximum: 5}, c: {type: string}, l: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, properties: {k: {type: string}, v: {type: string, maxLength: 1}}}}}, x-kubernetes-validations: [{rule: 'self.c == oldSelf.c', message: c is fixed}, {rule: '!oldSelf.hasValue() || self.num >= oldSelf.value().num', optionalOldSelf: true, message: n only grows}]}",
    );
    let update = |new: &str, old: &str| -> Vec<String> {
        let report = lamps.update(&lamp(new), &lamp(old));
        report.findings.iter().map(said).collect()
    };
    assert!(lamps.create(&lamp("{num: 1, c: red}")).is_accepted());
    assert_eq!(update("{num: 2, c: red}", "{num: 1, c: red}"), [""; 0]);
    assert_eq!(
        update("{num: 2, c: blue}", "{num: 1, c: red}"),
        ["spec: c is fixed"]
    );
    assert_eq!(
        update("{num: 1, c: red}", "{num: 2, c: red}"),
        ["spec: n only grows"]
    );
    // What was wrong before and is unchanged is forgiven.
    assert_eq!(update("{num: 9, c: red}", "{num: 9, c: red}"), [""; 0]);
    assert_eq!(
        update("{num: 9, c: red}", "{num: 8, c: red}"),
        ["spec.num: 9 must be at most 5"]
    );
    let long = "{num: 1, c: a, l: [{k: b, v: long}, {k: a}]}";
    assert_eq!(
        update(long, "{num: 1, c: a, l: [{k: b, v: long}]}"),
        [""; 0]
    );
    assert_eq!(
        update(long, "{num: 1, c: a, l: [{k: b, v: x}]}"),
        ["spec.l[0].v: must have at most 1 character, has 4"]
    );
}

#[test]
fn metadata_is_judged() {
    let lamps = lamps("{type: object}");
    for (metadata, expected) in [
        (json!({"name": "a.b-c"}), ""),
        (json!({"generateName": "a-"}), ""),
        (json!({}), "metadata.name: is required, or generateName"),
        (json!({"name": "A"}), "metadata.name: \"A\": it must"),
        (
            json!({"generateName": "a_"}),
            "metadata.generateName: \"a_\": it must",
        ),
        (
            json!({"name": "a", "namespace": "a.b"}),
            "metadata.namespace: \"a.b\": it must",
        ),
        (
            json!({"name": "a", "labels": {"k": 1}}),
            "metadata.labels.k: must be a string, not 1; quote it",
        ),
        (
            json!({"name": "a", "labels": {"a b": "c"}}),
            "metadata.labels: the key \"a b\": it must",
        ),
        (
            json!({"name": "a", "annotations": {"a/b/c": "d"}}),
            "metadata.annotations: the key \"a/b/c\": it must",
        ),
        (
            json!({"name": "a", "label": {}}),
            "metadata.label: unknown field",
        ),
        (
            json!({"name": "a", "finalizers": ["a b"]}),
            "metadata.finalizers: \"a b\": it must",
        ),
        (
            json!({"name": "a", "annotations": {"k": "x".repeat(300_000)}}),
            "metadata.annotations: must have at most",
        ),
        (json!("a"), "metadata: must be an object"),
    ] {
        let mut object = lamp("{}");
        object["metadata"] = metadata.clone();
        let report = lamps.create(&object);
        match expected {
            "" => assert_eq!(report.findings, [], "{metadata}"),
            expected => {
                assert_eq!(
                    report.findings.len(),
                    1,
                    "{metadata}: {:?}",
                    report.findings
                );
                assert!(
                    said(&report.findings[0]).starts_with(expected),
                    "{:?}",
                    report.findings
                );
            }
        }
    }
}

#[test]
fn another_kind_or_version_is_refused() {
    let lamps = lamps("{type: object}");
    for (api_version, kind, path) in [
        ("example.com/v0", "Lamp", "apiVersion"),
        ("example.org/v1", "Lamp", "apiVersion"),
        ("example.com/v1", "Light", "kind"),
    ] {
        let report = lamps
            .create(&json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}}));
        assert_eq!(
            (
                report.findings[0].path.to_string().as_str(),
                &*report.findings[0].code
            ),
            (path, "type")
        );
    }
    assert_eq!(lamps.served_versions().collect::<Vec<_>>(), ["v1"]);
}

#[test]
fn the_first_definition_of_a_kind_counts() {
    let text = |least: u32| {
        format!(
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  group: example.com\n  names:\n    kind: Lamp\n  scope: Cluster\n  versions:\n  - name: v1\n    served: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties:\n          spec:\n            type: object\n            properties:\n              n: {{type: integer, minimum: {least}}}\n"
        )
    };
    let mut registry = Registry::new();
    assert_eq!(registry.add_text(&text(1)), Ok(1));
    assert_eq!(registry.add_text(&text(5)), Ok(1));
    assert_eq!(registry.add_text("kind: ConfigMap\n"), Ok(0));
    registry.add_lazily("example.org", "Lamp", || {
        Ok::<_, String>(json!({
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "spec": {"group": "example.org", "names": {"kind": "Lamp"}, "versions": [{"name": "v1", "served": true}]}
        }))
    });
    registry.add_lazily("example.net", "Lamp", || Err("there is no oil"));
    let dark = json!({"apiVersion": "example.net/v1", "kind": "Lamp", "metadata": {"name": "a"}});
    let judgement = registry.judge(&dark, UnknownFields::Refuse);
    assert_eq!(judgement.verdict, Verdict::Unknown);
    assert!(
        judgement.report.notes[0]
            .message
            .contains("there is no oil"),
        "{judgement:?}"
    );
    let verdict = |object: &Value| registry.judge(object, UnknownFields::Refuse).verdict;
    assert_eq!(verdict(&lamp("{n: 2}")), Verdict::Accepted);
    assert_eq!(verdict(&lamp("{n: 0}")), Verdict::Rejected);
    let update = |old| {
        registry
            .judge_update(&lamp("{n: 0}"), &lamp(old), UnknownFields::Refuse)
            .verdict
    };
    assert_eq!(update("{n: 0}"), Verdict::Accepted);
    assert_eq!(update("{n: 1}"), Verdict::Rejected);
    let mut other = lamp("{any: thing}");
    other["apiVersion"] = json!("example.org/v1");
    assert_eq!(verdict(&other), Verdict::Accepted);
    other["kind"] = json!("Light");
    assert_eq!(verdict(&other), Verdict::Unknown);
}
