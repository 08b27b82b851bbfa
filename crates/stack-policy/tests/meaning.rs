//! Whom a policy is about: exceptions, overrides, parameters, scopes, and what a pod is before policies see it.

use serde_json::{Value, json};
use stack_model::Model;
use stack_policy::pod_security::{LATEST, Level, violations};
use stack_policy::{Outcome, Policies, Report};

fn judge(objects: Vec<Value>) -> Report {
    let model = Model::read(objects);
    Policies::of(&model).judge(&model)
}

/// What is said: action or `unknown`, the object's kind, and the message.
fn said(objects: Vec<Value>) -> Vec<String> {
    let report = judge(objects);
    let line = |one: &stack_policy::Verdict| {
        let kind = &one.object.kind;
        match one.outcome {
            Outcome::Broken => format!("{} {kind}: {}", one.action.as_str(), one.message),
            Outcome::Unknown => format!("unknown {kind}: {}", one.message),
        }
    };
    report.verdicts.iter().map(line).collect()
}

fn kyverno(spec: Value) -> Value {
    json!({"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"}, "spec": spec})
}

fn never(kinds: Value) -> Value {
    json!({"name": "r", "match": {"any": [{"resources": {"kinds": kinds}}]}, "validate": {"message": "no", "deny": {}}})
}

fn map(namespace: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": namespace}, "data": {"a": "b"}})
}

fn namespace(name: &str, team: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"team": team}}})
}

#[test]
fn overrides_choose_the_action_by_namespace() {
    let of = |entry: Value| {
        let spec = json!({"validationFailureAction": "Audit", "rules": [never(json!(["ConfigMap"]))],
            "validationFailureActionOverrides": [entry]});
        said(vec![
            kyverno(spec),
            namespace("demo", "a"),
            namespace("other", "b"),
            map("demo"),
            map("other"),
        ])
    };
    let both = |demo: &str, other: &str| {
        [demo, other]
            .map(|action| format!("{action} ConfigMap: no"))
            .to_vec()
    };
    for (entry, expected) in [
        (
            json!({"action": "Enforce", "namespaces": ["de*"]}),
            both("deny", "audit"),
        ),
        (
            json!({"action": "Enforce", "namespaces": ["none"]}),
            both("audit", "audit"),
        ),
        (
            json!({"action": "Enforce", "namespaceSelector": {"matchLabels": {"team": "b"}}}),
            both("audit", "deny"),
        ),
        (
            json!({"action": "Enforce", "namespaces": ["demo"], "namespaceSelector": {"matchLabels": {"team": "b"}}}),
            both("audit", "audit"),
        ),
        (
            json!({"action": "Enforce", "namespaces": ["demo"], "namespaceSelector": null}),
            both("deny", "audit"),
        ),
    ] {
        assert_eq!(of(entry.clone()), expected, "{entry}");
    }
    let spec = |warns: bool| json!({"validationFailureAction": "Audit", "emitWarning": warns, "rules": [never(json!(["ConfigMap"]))]});
    assert_eq!(
        said(vec![kyverno(spec(true)), map("demo")]),
        ["warn ConfigMap: no"]
    );
    assert_eq!(
        said(vec![kyverno(spec(false)), map("demo")]),
        ["audit ConfigMap: no"]
    );
}

#[test]
fn exceptions_let_objects_off_the_rules_that_they_name() {
    let of = |exception: Value| {
        let spec =
            json!({"validationFailureAction": "Enforce", "rules": [never(json!(["ConfigMap"]))]});
        let exception = json!({"apiVersion": "kyverno.io/v2", "kind": "PolicyException", "metadata": {"name": "e", "namespace": "kyverno"}, "spec": exception});
        said(vec![kyverno(spec), map("demo"), exception])
    };
    let named = |policy: &str, rules: Value, namespace: &str| {
        json!({"exceptions": [{"policyName": policy, "ruleNames": rules}],
            "match": {"any": [{"resources": {"kinds": ["ConfigMap"], "namespaces": [namespace]}}]}})
    };
    let denied = ["deny ConfigMap: no"];
    for (exception, expected) in [
        (named("p", json!(["r"]), "demo"), &[][..]),
        (named("p", json!(["*"]), "demo"), &[]),
        (named("p", json!(["autogen-r"]), "demo"), &[]),
        (named("p", json!(["autogen-s"]), "demo"), &denied),
        (named("q", json!(["r"]), "demo"), &denied),
        (named("p", json!(["s"]), "demo"), &denied),
        (named("p", json!(["r"]), "other"), &denied),
    ] {
        assert_eq!(of(exception.clone()), expected, "{exception}");
    }
    let mut conditional = named("p", json!(["r"]), "demo");
    conditional["conditions"] = json!({"any": []});
    let found = of(conditional);
    assert!(
        found.iter().all(|line| !line.starts_with("deny")),
        "{found:?}"
    );
}

#[test]
fn what_is_not_evaluated_is_unknown_and_rules_that_judge_nothing_are_silent() {
    let rule = |validate: Value| {
        let rule = json!({"name": "r", "match": {"any": [{"resources": {"kinds": ["ConfigMap"]}}]}, "validate": validate});
        said(vec![
            kyverno(json!({"validationFailureAction": "Enforce", "rules": [rule]})),
            map("demo"),
        ])
    };
    for (validate, words) in [
        (json!({"manifests": {}}), "signatures of manifests"),
        (json!({"assert": {"all": []}}), "assertion trees"),
        (
            json!({"cel": {"paramKind": {"kind": "ConfigMap"}, "expressions": []}}),
            "parameters of CEL",
        ),
    ] {
        let found = rule(validate);
        assert!(found.len() == 1 && found[0].contains(words), "{found:?}");
    }
    let mutates = json!({"name": "m", "match": {"any": [{"resources": {"kinds": ["ConfigMap"]}}]}, "mutate": {"patchStrategicMerge": {}}});
    let report = judge(vec![
        kyverno(json!({"validationFailureAction": "Enforce", "rules": [mutates]})),
        map("demo"),
    ]);
    assert!(report.verdicts.is_empty(), "{report:?}");
    // The conditions of CEL, and the message of each expression or none.
    let cel = |conditions: Value, expressions: Value| {
        let rule = json!({"name": "r", "match": {"any": [{"resources": {"kinds": ["ConfigMap"]}}]},
            "celPreconditions": conditions, "validate": {"cel": {"expressions": expressions}}});
        said(vec![
            kyverno(json!({"validationFailureAction": "Enforce", "rules": [rule]})),
            map("demo"),
        ])
        .len()
    };
    let no = json!([{"expression": "object.data.a == 'x'", "message": "m"}]);
    for (condition, count) in [
        ("object.data.a == 'b'", 1),
        ("object.data.a == 'c'", 0),
        ("object.data.missing == 'c'", 0),
    ] {
        let conditions = json!([{"name": "c", "expression": condition}]);
        assert_eq!(cel(conditions, no.clone()), count, "{condition}");
    }
    let rule = json!({"name": "r", "match": {"any": [{"resources": {"kinds": ["ConfigMap"]}}]},
        "validate": {"cel": {"expressions": [{"expression": "false", "message": "own words"}]}}});
    let found = said(vec![
        kyverno(json!({"validationFailureAction": "Enforce", "rules": [rule]})),
        map("demo"),
    ]);
    assert_eq!(found, ["deny ConfigMap: own words"]);
}

fn admission(spec: Value, binding: Value) -> [Value; 2] {
    let mut binding = binding;
    binding["policyName"] = "p".into();
    binding["validationActions"] = json!(["Deny"]);
    [
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "p"}, "spec": spec}),
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": "b"}, "spec": binding}),
    ]
}

fn rule(resources: Value, more: Value) -> Value {
    let mut rule = json!({"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": resources});
    for (name, value) in more.as_object().unwrap() {
        rule[name] = value.clone();
    }
    json!({"resourceRules": [rule]})
}

#[test]
fn rules_of_admission_have_scopes_names_and_parameters() {
    let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r"}, "rules": []});
    let of = |more: Value| {
        let [policy, binding] = admission(
            json!({"matchConstraints": rule(json!(["configmaps", "clusterroles"]), more), "validations": [{"expression": "false", "message": "no"}]}),
            json!({}),
        );
        said(vec![policy, binding, map("demo"), role.clone()])
    };
    let (of_map, of_role) = ("deny ConfigMap: no", "deny ClusterRole: no");
    assert_eq!(of(json!({})), [of_map, of_role]);
    assert_eq!(of(json!({"scope": "Namespaced"})), [of_map]);
    assert_eq!(of(json!({"scope": "Cluster"})), [of_role]);
    assert_eq!(of(json!({"scope": "*"})), [of_map, of_role]);
    assert_eq!(of(json!({"resourceNames": ["c"]})), [of_map]);
    assert_eq!(of(json!({"resourceNames": ["other"]})), [""; 0]);
    assert_eq!(of(json!({"operations": ["UPDATE"]})), [""; 0]);

    let with = |reference: Value, params: Vec<Value>| {
        let [policy, binding] = admission(
            json!({"paramKind": {"apiVersion": "v1", "kind": "Secret"}, "matchConstraints": rule(json!(["configmaps"]), json!({})),
                "validations": [{"expression": "object.metadata.name == params.metadata.name", "messageExpression": "'not ' + params.metadata.name"}]}),
            json!({"paramRef": reference}),
        );
        let mut all = vec![policy, binding, map("demo")];
        all.extend(params);
        said(all)
    };
    let secret = |name: &str, namespace: &str, tier: &str| json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace, "labels": {"tier": tier}}});
    let all = || {
        vec![
            secret("c", "demo", "x"),
            secret("d", "demo", "x"),
            secret("d", "ops", "x"),
            secret("e", "ops", "z"),
        ]
    };
    for (reference, expected) in [
        (json!({"name": "c", "namespace": "demo"}), &[][..]),
        (
            json!({"name": "d", "namespace": "ops"}),
            &["deny ConfigMap: not d"],
        ),
        (json!({"name": "e"}), &[]),
        (
            json!({"selector": {"matchLabels": {"tier": "z"}}, "namespace": "ops"}),
            &["deny ConfigMap: not e"],
        ),
        (
            json!({"selector": {"matchLabels": {"tier": "x"}}, "namespace": "ops"}),
            &["deny ConfigMap: not d"],
        ),
        (
            json!({"name": "c", "selector": {"matchLabels": {"tier": "x"}}, "namespace": "demo"}),
            &[],
        ),
    ] {
        let found = with(reference.clone(), all());
        let denied: Vec<&String> = found
            .iter()
            .filter(|line| line.starts_with("deny"))
            .collect();
        assert_eq!(denied, expected, "{reference}: {found:?}");
    }
    let found = with(json!({"name": "none", "namespace": "demo"}), all());
    assert!(
        found.len() == 1 && found[0].starts_with("unknown"),
        "{found:?}"
    );
    // What governs admission is not governed by it.
    let [policy, binding] = admission(
        json!({"matchConstraints": rule(json!(["*"]), json!({})), "validations": [{"expression": "false", "message": "no"}]}),
        json!({}),
    );
    assert_eq!(said(vec![policy, binding, map("demo")]), [of_map]);
}

#[test]
fn a_pod_has_what_its_namespace_fills_in() {
    let range = json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "l", "namespace": "demo"},
        "spec": {"limits": [{"type": "Container", "default": {"memory": "1Gi"}, "defaultRequest": {"memory": "64Mi"}}]}});
    let deployment = |resources: Value| {
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"}, "spec": {
            "selector": {"matchLabels": {"app": "web"}}, "template": {"metadata": {"labels": {"app": "web"}, "annotations": {"note": "x"}}, "spec": {
                "containers": [{"name": "a", "image": "b", "resources": resources}], "initContainers": [{"name": "i", "image": "b"}]}}}})
    };
    let of = |expression: &str, resources: Value, with_range: bool| {
        let [policy, binding] = admission(
            json!({"matchConstraints": rule(json!(["pods"]), json!({})), "validations": [{"expression": expression, "message": "no"}]}),
            json!({}),
        );
        let mut all = vec![policy, binding, deployment(resources)];
        all.extend(with_range.then(|| range.clone()));
        said(all).is_empty()
    };
    let memory = "object.spec.containers[0].resources.limits.memory == '1Gi'";
    assert!(of(memory, json!({}), true));
    assert!(!of(memory, json!({}), false));
    assert!(!of(memory, json!({"limits": {"memory": "2Gi"}}), true));
    for expression in [
        "object.spec.containers[0].resources.requests.memory == '64Mi'",
        "object.spec.initContainers[0].resources.limits.memory == '1Gi'",
        "object.metadata.labels.app == 'web' && object.metadata.annotations.note == 'x'",
        "object.metadata.generateName == 'web-' && object.metadata.namespace == 'demo'",
        "object.kind == 'Pod' && request.resource.resource == 'pods'",
    ] {
        assert!(of(expression, json!({}), true), "{expression}");
    }
    let keep = "object.spec.containers[0].resources.requests.memory == '32Mi' && object.spec.containers[0].resources.limits.memory == '1Gi'";
    assert!(of(keep, json!({"requests": {"memory": "32Mi"}}), true));
}

#[test]
fn what_is_unknown_is_told_once_and_counted() {
    let policies = |count: usize| {
        let [policy, binding] = admission(
            json!({"matchConstraints": rule(json!(["configmaps"]), json!({})), "validations": [{"expression": "request.userInfo.username == 'x'"}]}),
            json!({}),
        );
        let mut all = vec![policy, binding];
        all.extend((0..count).map(|at| map(&format!("n{at}"))));
        let report = judge(all);
        assert_eq!(report.judged, count + 2);
        report
            .findings()
            .iter()
            .map(|finding| finding.message.to_string())
            .collect::<Vec<String>>()
    };
    let one = policies(1);
    assert!(
        one.len() == 1 && one[0].contains("what it says of ConfigMap n0/c is not known"),
        "{one:?}"
    );
    let three = policies(3);
    assert!(
        three.len() == 1
            && three[0].contains("of 3 objects, ConfigMap n0/c among them, is not known"),
        "{three:?}"
    );
}

#[test]
fn annotations_for_seccomp_count_in_the_versions_that_read_them() {
    let pod = |annotation: &str, profile: &str| -> stack_model::Value {
        json!({"metadata": {"annotations": {annotation: profile}}, "spec": {"containers": [{"name": "a"}]}}).into()
    };
    let of = |annotation: &str, profile: &str, minor: u32| {
        violations(&pod(annotation, profile), Level::Baseline, minor).len()
    };
    let (whole, one) = (
        "seccomp.security.alpha.kubernetes.io/pod",
        "container.seccomp.security.alpha.kubernetes.io/a",
    );
    for (annotation, profile, minor, count) in [
        (whole, "unconfined", 18, 1),
        (one, "unconfined", 18, 1),
        (one, "unconfined", 19, 0),
        (one, "unconfined", LATEST, 0),
        (one, "runtime/default", 18, 0),
        (one, "docker/default", 18, 0),
        (one, "localhost/x", 18, 0),
        (one, "", 18, 0),
        ("other", "unconfined", 18, 0),
    ] {
        assert_eq!(
            of(annotation, profile, minor),
            count,
            "{annotation}: {profile} in 1.{minor}"
        );
    }
}
