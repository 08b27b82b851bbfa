//! `not` over what nothing else binds is refused, as by Open Policy Agent; over anything else it is evaluated.

use gatekeeper_rego::{Policy, PolicySet, RegoError, Review};
use gatekeeper_types::constraints::Constraint;
use gatekeeper_types::templates::v1::ConstraintTemplate;
use serde_json::{Value, json};

fn source(body: &str) -> String {
    format!(
        "package kind\n\nimport data.lib.shared\nimport data.lib.long as short\nimport future.keywords.every\nimport future.keywords.in\n\n\
         violation[{{\"msg\": msg}}] {{\n  {body}\n  msg := \"no\"\n}}\n\
         any_of(name) {{\n  name == \"a\"\n}}\nnames := input.review.object.spec.names\nf(x) := x\n"
    )
}

fn add(body: &str) -> (PolicySet, Result<(), RegoError>) {
    let mut policies = PolicySet::default();
    let template = ConstraintTemplate::rego("Kind", source(body));
    let added = policies.add_template(&template).map(|_| ());
    (policies, added)
}

/// The message of a template with this body; `None` where it can be read.
fn refusal(body: &str) -> Option<String> {
    match add(body).1 {
        Ok(()) => None,
        Err(RegoError::Compile { message, .. }) => Some(message),
        Err(other) => panic!("{body}: {other}"),
    }
}

/// Whether a rule with this body finds something wrong with an object.
fn denies(body: &str, spec: &Value) -> bool {
    let (mut policies, added) = add(body);
    added.unwrap();
    policies
        .add_constraint(&Constraint::new("Kind", "one").match_kinds("", ["ConfigMap"]))
        .unwrap();
    let object =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "spec": spec});
    policies
        .review(&Review::create(object))
        .unwrap()
        .is_denied()
}

#[test]
fn a_variable_that_nothing_binds_is_unsafe() {
    for (body, variable) in [
        // The rows of OPA's own test of the safety of bodies that are about negation.
        ("a = [1, 2, 3, 4]; not a[i] = 5", "i"),
        (
            "a = [1, 2, 3, 4]; b = [1, 2, 3, 4]; not a[i] = 1; not b[i] = 1",
            "i",
        ),
        (
            "a = [{\"foo\": [\"bar\", \"baz\"]}]; not a[0].foo = [a[0].foo[i], a[0].foo[j]]",
            "i",
        ),
        // Each `_` is a variable of its own.
        ("not input.review.object.spec.names[_] == \"a\"", "_"),
        ("x := names[_]; not names[_] == x", "_"),
        ("not input.review.object.spec.missing[_]", "_"),
        ("not contains(names[_], \"a\")", "_"),
        ("not any_of(names[_])", "_"),
        ("not \"a\" in names[_]", "_"),
        ("not names[names[_]]", "_"),
        // A declaration binds nothing.
        ("some i; not names[i] == \"a\"", "i"),
        // Bodies inside.
        ("count({n | n := names[_]; not names[j] == n}) == 0", "j"),
        ("every n in names { not names[k] == n }", "k"),
        ("count([1 | i = 1]) == 1; not names[i]", "i"),
        ("not any_of(\"a\") with input as names[w]", "w"),
    ] {
        let expected = format!("rego_unsafe_var_error: var {variable} is unsafe");
        assert_eq!(refusal(body), Some(expected), "{body}");
    }
}

#[test]
fn what_is_bound_somewhere_in_the_body_is_safe() {
    for body in [
        "x := names[i]; not names[i] == \"a\"",
        "not names[i] == \"a\"; names[i]",
        "some i; names[i]; not names[i] == \"a\"",
        "some n in names; not n == \"a\"",
        "some i, n in names; not names[i] != n",
        "every n in names { not n == \"a\" }",
        "every i, n in names { not names[i] != n }",
        "count({n | n := names[_]; not n == \"a\"}) == 0",
        "x := 1; count({n | n := names[_]; not n == x}) == 0",
        "not names[0] == \"a\"",
        "not names",
        "not any_of(\"a\")",
        "not shared.a == short.b",
        "not data.lib.a",
        "not count([n | n := names[_]; n == \"a\"]) == 0",
        "m := \"not x[_] == y\"; m == \"not x[_] == y\"",
        // A call inside is an expression of its own, before the `not`.
        "not startswith(lower(names[_]), \"a\")",
        "not count(names[i]) + 1 == 3",
        "not any_of(\"a\") with input as {\"x\": 1}",
        "not {1: names} == names # not a[_]\n",
    ] {
        assert_eq!(refusal(body), None, "{body}");
    }
}

#[test]
fn a_refusal_says_where() {
    let body = "x := 1\n  not names[i] == x";
    let Err(RegoError::Compile {
        position: Some(position),
        ..
    }) = add(body).1
    else {
        panic!("no position")
    };
    assert_eq!(position.to_string(), "rego:10:13");
    let template = ConstraintTemplate::rego("Kind", source("names"))
        .with_libs(["package lib.a\n\nb { not data.c[i] }\n"]);
    let error = Policy::compile("kind", &template.spec.unwrap().targets).unwrap_err();
    assert_eq!(
        error.to_string(),
        "template `kind`, libs[0]:3:16: rego_unsafe_var_error: var i is unsafe"
    );
}

#[test]
fn what_is_safe_is_evaluated() {
    let spec = |names: &[&str]| json!({"names": names});
    let (some, other, none) = (spec(&["a", "b"]), spec(&["b", "c"]), spec(&[]));
    for (body, of_some, of_other, of_none) in [
        ("n := names[_]; not n == \"a\"", true, true, false),
        ("not names[0] == \"a\"", false, true, true),
        ("not names[9]", true, true, true),
        // Some name, not every name: as OPA has it.
        ("not startswith(lower(names[_]), \"a\")", true, true, false),
        (
            "count({n | n := names[_]; not n == \"a\"}) == 2",
            false,
            true,
            false,
        ),
    ] {
        let found = [&some, &other, &none].map(|spec| denies(body, spec));
        assert_eq!(found, [of_some, of_other, of_none], "{body}");
    }
}
