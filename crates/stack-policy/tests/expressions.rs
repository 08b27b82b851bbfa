//! What Kyverno's variables and functions make of their arguments, and what images and messages are made of.

use serde_json::{Value, json};
use stack_model::Model;
use stack_policy::{Outcome, Policies};

fn policy(rule: Value) -> Value {
    json!({
        "apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"},
        "spec": {"validationFailureAction": "Enforce", "rules": [rule]},
    })
}

/// What is said of a pod by a rule whose message is this.
fn message(image: &str, text: &str) -> String {
    let rule = json!({
        "name": "r", "match": {"any": [{"resources": {"kinds": ["Pod"]}}]},
        "validate": {"message": text, "deny": {}},
    });
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "web", "namespace": "demo", "labels": {"app": "web"}},
        "spec": {"containers": [{"name": "a", "image": image}], "initContainers": [{"name": "i", "image": "busybox:1"}]},
    });
    let model = Model::read([policy(rule), pod]);
    let report = Policies::of(&model).judge(&model);
    let broken: Vec<_> = report.broken().collect();
    assert_eq!(broken.len(), 1, "{text}: {report:?}");
    broken[0].message.clone()
}

#[test]
fn functions_say_what_kyverno_says() {
    for (query, expected) in [
        ("to_upper('aB')", "AB"),
        ("to_lower('aB')", "ab"),
        ("trim('xaxbx', 'x')", "axb"),
        ("trim_prefix('xab', 'x')", "ab"),
        ("trim_prefix('ab', 'x')", "ab"),
        ("split('a,b', ',')[1]", "b"),
        ("replace_all('a-a', 'a', 'b')", "b-b"),
        ("replace('a-a-a', 'a', 'b', `2`)", "b-b-a"),
        ("replace('a-a-a', 'a', 'b', `0`)", "a-a-a"),
        ("replace('a-a-a', 'a', 'b', `-1`)", "b-b-b"),
        ("equal_fold('aB', 'Ab')", "true"),
        ("equal_fold('a', 'b')", "false"),
        ("regex_match('^a+$', 'aa')", "true"),
        ("regex_match('^a+$', 'ab')", "false"),
        ("regex_replace_all('a+', 'baab', 'x')", "bxb"),
        ("pattern_match('a*', 'ab')", "true"),
        ("pattern_match('a*', 'ba')", "false"),
        ("truncate('abcd', `2`)", "ab"),
        ("add(`1`, `2`)", "3"),
        ("add(`1`, `0.5`)", "1.5"),
        ("subtract(`1`, `2`)", "-1"),
        ("multiply(`2`, `0.25`)", "0.5"),
        ("multiply(`1000000000`, `10000000`)", "1e+16"),
        ("multiply(`80000000`, `100000000`)", "8000000000000000"),
        ("divide(`6`, `4`)", "1.5"),
        ("divide(`6`, `2`)", "3"),
        ("modulo(`7`, `4`)", "3"),
        ("to_boolean('True')", "true"),
        ("to_boolean('no')", "false"),
        ("parse_json('{\"a\": 1}').a", "1"),
        (
            "label_match(`{\"a\": \"b\"}`, `{\"a\": \"b\", \"c\": \"d\"}`)",
            "true",
        ),
        (
            "label_match(`{\"a\": \"x\"}`, `{\"a\": \"b\", \"c\": \"d\"}`)",
            "false",
        ),
        (
            "label_match(`{\"a\": \"b\", \"e\": \"f\"}`, `{\"a\": \"b\"}`)",
            "false",
        ),
        ("lookup(`[1, 2]`, `1`)", "2"),
        ("lookup(`{\"a\": \"b\"}`, 'a')", "b"),
        (
            "items(`{\"a\": \"b\"}`, 'key', 'value')",
            "[{\"key\":\"a\",\"value\":\"b\"}]",
        ),
        ("request.object.metadata.name", "web"),
        ("request.object.metadata.labels.app", "web"),
        ("request.object.missing", ""),
        ("`{\"a\": {\"b\": 1} }`", "{\"a\":{\"b\":1}}"),
    ] {
        assert_eq!(
            message("nginx", &format!("-{{{{ {query} }}}}-")),
            format!("-{expected}-"),
            "{query}"
        );
    }
}

#[test]
fn what_cannot_be_said_leaves_the_message_as_it_is() {
    for text in [
        "{{ divide(`1`, `0`) }}",
        "{{ modulo(`1`, `0`) }}",
        "{{ add('1Gi', '1Gi') }}",
        "{{ parse_json('{') }}",
        "{{ regex_match('(', 'a') }}",
        "{{ unheard_of('a') }}",
        "{{ request.userInfo.username }}",
        "{{ serviceAccountName }}",
        "$(./x)",
    ] {
        assert_eq!(message("nginx", text), text);
    }
    // A name that only contains that of something unknown is known.
    assert_eq!(
        message("nginx", "-{{ request.object.serviceAccountName }}-"),
        "--"
    );
    assert_eq!(
        message(
            "nginx",
            "-{{ request.object.metadata.myserviceAccountName }}-"
        ),
        "--"
    );
    // Braces that are no variables stay, and variables may have others inside.
    for (text, expected) in [
        ("\\{{ a }}", "{{ a }}"),
        ("\\{{ a }} {{ request.object.kind }}", "{{ a }} Pod"),
        ("{{ request.object.metadata.labels.{{ 'app' }} }}", "web"),
        (
            "{{ request.object.metadata.labels | {a: app} }}",
            "{\"a\":\"web\"}",
        ),
        ("{{ {a: request.object.kind}}}", "{\"a\":\"Pod\"}"),
        ("x {{ 'a' }} y {{ 'b' }} z", "x a y b z"),
        ("{{ '{{ request.object.kind }}' }}", "Pod"),
        ("{{ request.object.spec.containers[].name }}", "[\"a\"]"),
    ] {
        assert_eq!(message("nginx", text), expected, "{text}");
    }
}

#[test]
fn an_image_has_its_parts() {
    for (image, parts) in [
        ("nginx", ["docker.io", "nginx", "nginx", "latest", ""]),
        ("nginx:1.25", ["docker.io", "nginx", "nginx", "1.25", ""]),
        ("org/app:v1", ["docker.io", "org/app", "app", "v1", ""]),
        (
            "ghcr.io/org/app:v1",
            ["ghcr.io", "org/app", "app", "v1", ""],
        ),
        ("host:5000/app", ["host:5000", "app", "app", "latest", ""]),
        ("localhost/app:v1", ["localhost", "app", "app", "v1", ""]),
        (
            "app@sha256:abc",
            ["docker.io", "app", "app", "", "sha256:abc"],
        ),
        (
            "app:v1@sha256:abc",
            ["docker.io", "app", "app", "v1", "sha256:abc"],
        ),
    ] {
        let said = ["registry", "path", "name", "tag", "digest"]
            .map(|part| message(image, &format!("{{{{ images.containers.a.{part} }}}}")));
        assert_eq!(said, parts, "{image}");
    }
    assert_eq!(message("nginx", "{{ images.initContainers.i.tag }}"), "1");
    assert_eq!(message("nginx", "-{{ images.ephemeralContainers }}-"), "--");
}

/// Whether a ConfigMap whose member `x` is this is denied by a condition on it.
fn denied(key: &Value, operator: &str, value: &Value) -> bool {
    let rule = json!({
        "name": "r", "match": {"any": [{"resources": {"kinds": ["ConfigMap"]}}]},
        "validate": {"message": "no", "deny": {"conditions": {"any": [{"key": key, "operator": operator, "value": value}]}}},
    });
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "demo"}});
    let model = Model::read([policy(rule), map]);
    let report = Policies::of(&model).judge(&model);
    let sure = report
        .verdicts
        .iter()
        .all(|one| one.outcome == Outcome::Broken);
    assert!(sure, "{key} {operator} {value}: {report:?}");
    report.broken().count() == 1
}

#[test]
fn conditions_compare_what_can_be_compared() {
    for (key, operator, value, expected) in [
        (json!("a"), "Equals", json!("a"), true),
        (json!("abc"), "Equals", json!("a*"), true),
        (json!("a*"), "Equals", json!("abc"), false),
        (json!("1Gi"), "Equals", json!("1024Mi"), true),
        (json!("60m"), "Equals", json!("1h"), true),
        (json!("60m"), "Equals", json!("2h"), false),
        (json!(1), "Equals", json!(1.0), true),
        (json!(1), "Equals", json!("1"), true),
        (json!("1"), "Equals", json!(1), true),
        (json!("1"), "Equals", json!(2), false),
        (json!(1024), "Equals", json!("1Ki"), true),
        (json!(1), "Equals", json!("2"), false),
        (json!(true), "Equals", json!(true), true),
        (json!(["a"]), "Equals", json!(["a"]), true),
        (json!("a"), "NotEquals", json!("b"), true),
        (json!("a"), "NotEquals", json!("a"), false),
        (json!(1), "LessThan", json!(2), true),
        (json!(2), "LessThan", json!(2), false),
        (json!(3), "LessThan", json!(2), false),
        (json!("1Mi"), "LessThan", json!("1Gi"), true),
        (json!("1m"), "DurationLessThan", json!("1h"), true),
        (json!(2), "LessThanOrEquals", json!(2), true),
        (json!(3), "LessThanOrEquals", json!(2), false),
        (json!(2), "GreaterThan", json!(2), false),
        (json!(3), "GreaterThan", json!(2), true),
        (json!(2), "GreaterThanOrEquals", json!(2), true),
        (json!(1), "GreaterThanOrEquals", json!(2), false),
        (json!("2h"), "DurationGreaterThan", json!("1h"), true),
        (json!("a"), "AnyIn", json!(["a", "b"]), true),
        (json!(["a", "c"]), "AnyIn", json!(["a", "b"]), true),
        (json!(["a", "c"]), "AllIn", json!(["a", "b"]), false),
        (json!(["a", "b"]), "AllIn", json!(["a", "b"]), true),
        (json!(["a", "c"]), "AnyNotIn", json!(["a", "b"]), true),
        (json!(["a", "b"]), "AnyNotIn", json!(["a", "b"]), false),
        (json!(["c"]), "AllNotIn", json!(["a", "b"]), true),
        (json!(["a", "c"]), "AllNotIn", json!(["a", "b"]), false),
        (json!(5), "AnyIn", json!("1-10"), true),
        (json!(1), "AnyIn", json!("1-10"), true),
        (json!(10), "AnyIn", json!("1-10"), true),
        (json!(0), "AnyIn", json!("1-10"), false),
        (json!(11), "AnyIn", json!("1-10"), false),
        (json!(11), "AnyNotIn", json!("1-10"), true),
        (
            json!("{{ request.object.missing }}"),
            "AnyIn",
            json!(["a"]),
            false,
        ),
        (
            json!("{{ request.object.missing }}"),
            "AllNotIn",
            json!(["a"]),
            true,
        ),
        (json!({"a": 1}), "AllNotIn", json!(["a"]), false),
        (json!({"a": 1}), "AnyIn", json!(["a"]), false),
    ] {
        assert_eq!(
            denied(&key, operator, &value),
            expected,
            "{key} {operator} {value}"
        );
    }
}

/// Whether a pattern for ConfigMaps is broken.
fn breaks(pattern: &Value, data: &Value) -> bool {
    let rule = json!({
        "name": "r", "match": {"any": [{"resources": {"kinds": ["ConfigMap"]}}]},
        "validate": {"message": "no", "pattern": {"data": pattern}},
    });
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "demo"}, "data": data});
    let model = Model::read([policy(rule), map]);
    Policies::of(&model).judge(&model).broken().count() == 1
}

#[test]
fn conditions_come_first_and_lists_apply_where_one_item_does() {
    for (pattern, data, expected) in [
        // The condition inside decides before the demand beside it is looked at.
        (
            json!({"a": 1, "b": {"(c)": 1}}),
            json!({"a": 2, "b": {"c": 2}}),
            false,
        ),
        (
            json!({"a": 1, "b": {"(c)": 1}}),
            json!({"a": 2, "b": {"c": 1}}),
            true,
        ),
        (
            json!({"a": 1, "b": [{"<(c)": 1}]}),
            json!({"a": 2, "b": [{"c": 2}]}),
            false,
        ),
        (
            json!({"a": 1, "b": [{"<(c)": 1}]}),
            json!({"a": 2, "b": [{"c": 1}]}),
            true,
        ),
        // Of a list, some items are left out; where all are, the rule says nothing.
        (
            json!({"l": [{"(n)": "a", "s": 1}], "z": 1}),
            json!({"l": [{"n": "b"}, {"n": "b"}], "z": 2}),
            false,
        ),
        (
            json!({"l": [{"(n)": "a", "s": 1}], "z": 1}),
            json!({"l": [{"n": "a", "s": 1}, {"n": "a", "s": 1}, {"n": "b"}], "z": 2}),
            true,
        ),
        (
            json!({"l": [{"(n)": "a", "s": 1}], "z": 1}),
            json!({"l": [{"n": "b"}, {"n": "a", "s": 1}, {"n": "b"}], "z": 2}),
            true,
        ),
        (
            json!({"l": [{"s": 1}], "z": 1}),
            json!({"l": [], "z": 2}),
            true,
        ),
        (json!({"X(a)": "x"}), json!({"a": 1}), true),
        (json!({"X(a)": "x"}), json!({"b": 1}), false),
        (json!({"=(a)": 1}), json!({"b": 1}), false),
        (json!({"=(a)": 1}), json!({"a": 2}), true),
        (
            json!({"^(l)": [{"n": "a"}]}),
            json!({"l": [{"n": "b"}, {"n": "a"}]}),
            false,
        ),
        (
            json!({"^(l)": [{"n": "a"}]}),
            json!({"l": [{"n": "b"}]}),
            true,
        ),
        (json!({"a": "*"}), json!({"a": {"b": 1}}), false),
        (json!({"a": "*"}), json!({"a": null}), true),
        (json!({"a": "*"}), json!({}), true),
        (json!({"a": "b"}), json!({}), true),
        (json!({"a": null}), json!({"a": null}), false),
        (json!({"a": "0"}), json!({"a": null}), false),
        (json!({"a": "!x*"}), json!({"a": "y"}), false),
        (json!({"a": "!x*"}), json!({"a": "xy"}), true),
        (json!({"a": "5-a"}), json!({"a": "5-a"}), false),
        (json!({"a": "1-5"}), json!({"a": 6}), true),
    ] {
        assert_eq!(breaks(&pattern, &data), expected, "{pattern} on {data}");
    }
}

/// How many verdicts rules of these kinds and filters get on a namespaced ConfigMap, a Namespace and a ClusterRole.
fn meant(filter: Value) -> Vec<String> {
    let rule =
        json!({"name": "r", "match": {"any": [filter]}, "validate": {"message": "no", "deny": {}}});
    let objects = [
        policy(rule),
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "labels": {"team": "a"}}}),
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "demo", "annotations": {"a/b": "c"}, "labels": {"app": "web", "tier": "x"}}}),
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r"}, "rules": []}),
    ];
    let model = Model::read(objects);
    let report = Policies::of(&model).judge(&model);
    report.broken().map(|one| one.object.kind.clone()).collect()
}

#[test]
fn filters_mean_objects_by_all_that_they_say() {
    let of = |resources: Value| meant(json!({"resources": resources}));
    for (resources, expected) in [
        (json!({"kinds": ["ConfigMap"]}), &["ConfigMap"][..]),
        (json!({"kinds": ["v1/ConfigMap"]}), &["ConfigMap"]),
        (json!({"kinds": ["v2/ConfigMap"]}), &[]),
        (json!({"kinds": ["*/ConfigMap"]}), &["ConfigMap"]),
        (json!({"kinds": ["ConfigMap/status"]}), &[]),
        (
            json!({"kinds": ["rbac.authorization.k8s.io/v1/ClusterRole"]}),
            &["ClusterRole"],
        ),
        (json!({"kinds": ["apps/v1/ClusterRole"]}), &[]),
        (json!({"kinds": ["a/b/c/d"]}), &[]),
        (
            json!({"kinds": ["rbac.authorization.k8s.io/other/ClusterRole"]}),
            &[],
        ),
        (json!({"kinds": ["Namespace"]}), &["Namespace"]),
        (json!({"kinds": ["*"], "names": ["c"]}), &["ConfigMap"]),
        (
            json!({"kinds": ["*"], "namespaces": ["de*"]}),
            &["Namespace", "ConfigMap"],
        ),
        (
            json!({"kinds": ["*"], "annotations": {"a/*": "c"}}),
            &["ConfigMap"],
        ),
        (json!({"kinds": ["*"], "annotations": {"a/b": "d"}}), &[]),
        (
            json!({"kinds": ["*"], "selector": {"matchLabels": {"a*": "w*"}}}),
            &["ConfigMap"],
        ),
        (
            json!({"kinds": ["*"], "selector": {"matchLabels": {"app": "x"}}}),
            &[],
        ),
        (
            json!({"kinds": ["*"], "selector": {"matchLabels": {"ti*": "w*"}}}),
            &[],
        ),
        (
            json!({"kinds": ["*"], "selector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]}}),
            &["ConfigMap"],
        ),
        (
            json!({"kinds": ["*"], "namespaceSelector": {"matchLabels": {"team": "a"}}}),
            &["Namespace", "ConfigMap"],
        ),
        (
            json!({"kinds": ["*"], "namespaceSelector": {"matchLabels": {"team": "b"}}}),
            &[],
        ),
        (
            json!({"kinds": ["ConfigMap"], "operations": ["DELETE"]}),
            &[],
        ),
        (
            json!({"kinds": ["ConfigMap"], "operations": ["CREATE"]}),
            &["ConfigMap"],
        ),
    ] {
        let mut found = of(resources.clone());
        found.sort();
        let mut expected: Vec<String> = expected.iter().map(|kind| (*kind).to_owned()).collect();
        expected.sort();
        assert_eq!(found, expected, "{resources}");
    }
}
