//! `not` over what a `_` may stand for: true where there is none, as in Open Policy Agent.

#![allow(clippy::unwrap_used)]

use gatekeeper_rego::{PolicySet, Review};
use gatekeeper_types::constraints::Constraint;
use gatekeeper_types::templates::v1::ConstraintTemplate;
use serde_json::{Value, json};

/// Whether a rule with this body finds something wrong with an object.
fn denies(body: &str, rest: &str, spec: &Value) -> bool {
    let rego = format!(
        "package kind\n\nviolation[{{\"msg\": msg}}] {{\n  {body}\n  msg := \"no\"\n}}\n{rest}"
    );
    let mut policies = PolicySet::default();
    policies
        .add_template(&ConstraintTemplate::rego("Kind", &rego))
        .unwrap();
    policies
        .add_constraint(&Constraint::new("Kind", "one").match_kinds("", ["ConfigMap"]))
        .unwrap();
    let object =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "spec": spec});
    let verdict = policies.review(&Review::create(object)).unwrap();
    verdict.is_denied()
}

#[test]
fn nothing_is_what_none_of_all_is() {
    let spec = |names: &[&str]| json!({"names": names, "pairs": [{"k": "a", "v": ["x", "y"]}]});
    let (some, other, none) = (spec(&["a", "b"]), spec(&["b", "c"]), spec(&[]));
    for (body, of_some, of_other, of_none) in [
        (
            "not input.review.object.spec.names[_] == \"a\"",
            false,
            true,
            true,
        ),
        (
            "o := input.review.object.spec; not o.names[_] == \"a\"; o.pairs",
            false,
            true,
            true,
        ),
        (
            "not startswith(input.review.object.spec.names[_], \"a\")",
            false,
            true,
            true,
        ),
        (
            "not input.review.object.spec.pairs[_].v[_] == \"y\"",
            false,
            false,
            false,
        ),
        (
            "not input.review.object.spec.pairs[_].v[_] == \"z\"",
            true,
            true,
            true,
        ),
        (
            "wanted := \"a\"\n  not input.review.object.spec.names[_] == wanted # why not\n",
            false,
            true,
            true,
        ),
        (
            "found := {n | n := input.review.object.spec.names[_]; not input.review.object.spec.pairs[_].k == n}; count(found) == 2",
            false,
            true,
            false,
        ),
        (
            "not input.review.object.spec.names[_] ==\n    \"a\"",
            false,
            true,
            true,
        ),
        (
            "not any_of(input.review.object.spec.names[_])",
            false,
            true,
            true,
        ),
        ("not input.review.object.spec.missing[_]", true, true, true),
        (
            "not input.review.object.spec.names[0] == \"a\"",
            false,
            true,
            true,
        ),
        (
            "msg2 := \"not x[_] == y\"; msg2 == \"not x[_] == y\"",
            true,
            true,
            true,
        ),
    ] {
        let rest = "any_of(name) {\n  name == \"a\"\n}\n";
        let found = [&some, &other, &none].map(|spec| denies(body, rest, spec));
        assert_eq!(found, [of_some, of_other, of_none], "{body}");
    }
}
