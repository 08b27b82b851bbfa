use serde_json::{Value, json};

use super::*;
use crate::Policies;

fn rule(kinds: Value, validate: Value) -> Value {
    json!({"name": "r", "match": {"any": [{"resources": {"kinds": kinds}}]}, "validate": validate})
}

fn policy(rules: Vec<Value>) -> Value {
    json!({"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"},
        "spec": {"validationFailureAction": "Enforce", "rules": rules}})
}

fn pod(spec: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-0", "namespace": "demo", "labels": {"app": "web", "corp/team": "a"}}, "spec": spec})
}

fn image(image: &str) -> Value {
    json!({"containers": [{"name": "a", "image": image}]})
}

/// What is said: action or `unknown`, path and message.
fn said(objects: Vec<Value>) -> Vec<String> {
    let model = Model::read(objects);
    let report = Policies::of(&model).judge(&model);
    let line = |one: &Verdict| match one.outcome {
        Outcome::Broken => format!("{} {} {}", one.action.as_str(), one.path, one.message),
        Outcome::Unknown => format!("unknown {}", one.message),
    };
    report.verdicts.iter().map(line).collect()
}

/// Whether a pod breaks a rule that validates so.
fn breaks(validate: Value, spec: Value) -> bool {
    let mut validate = validate;
    validate["message"] = "no".into();
    let found = said(vec![
        policy(vec![rule(json!(["Pod"]), validate)]),
        pod(spec.clone()),
    ]);
    assert!(
        found.len() < 2 && !found.iter().any(|line| line.starts_with("unknown")),
        "{spec}: {found:?}"
    );
    found.len() == 1
}

#[test]
fn patterns_have_wildcards_operators_and_ranges() {
    for (pattern, value, fits) in [
        (json!("nginx:*"), json!("nginx:1"), true),
        (json!("!*:latest"), json!("nginx:latest"), false),
        (json!("?*"), json!(""), false),
        (json!("?*"), json!("x"), true),
        (json!("*"), json!("x"), true),
        (json!("*"), Value::Null, false),
        (json!("a | b*"), json!("bc"), true),
        (json!("!a & !b"), json!("b"), false),
        (json!(">=2"), json!(2), true),
        (json!("<2Gi"), json!("2048Mi"), false),
        (json!("<=2Gi"), json!("2048Mi"), true),
        (json!(">1h"), json!("90m"), true),
        (json!("1-10"), json!(10), true),
        (json!("1-10"), json!(11), false),
        (json!("1!-10"), json!(11), true),
        (json!("128Mi-1Gi"), json!("500Mi"), true),
        (json!(true), json!(true), true),
        (json!("true"), json!(true), true),
        (json!(false), Value::Null, false),
        (Value::Null, json!(""), true),
        (json!(3), json!("3"), true),
        (json!("nginx-web"), json!("nginx-web"), true),
    ] {
        let found = super::pattern::fits(&json!({"x": value}), &json!({"x": pattern}));
        assert_eq!(found.is_ok(), fits, "{pattern} on {value}");
    }
}

#[test]
fn anchors_are_conditions_and_demands() {
    let containers = |pattern: Value| json!({"pattern": {"spec": {"containers": [pattern]}}});
    let two = |first: Value, second: Value| json!({"containers": [first, second]});
    // Where the image is the latest, it must always be pulled.
    let latest = || containers(json!({"(image)": "*:latest", "imagePullPolicy": "Always"}));
    assert!(!breaks(latest(), image("a:1")));
    assert!(breaks(
        latest(),
        two(json!({"image": "a:1"}), json!({"image": "b:latest"}))
    ));
    assert!(!breaks(
        latest(),
        two(
            json!({"image": "a:1"}),
            json!({"image": "b:latest", "imagePullPolicy": "Always"})
        )
    ));
    // Where the context is set, it must not be privileged.
    let context = || json!({"pattern": {"spec": {"=(securityContext)": {"=(runAsUser)": ">0"}, "X(hostNetwork)": "null"}}});
    assert!(!breaks(context(), json!({})));
    assert!(breaks(
        context(),
        json!({"securityContext": {"runAsUser": 0}})
    ));
    assert!(breaks(context(), json!({"hostNetwork": true})));
    // At least one.
    let one = || json!({"pattern": {"spec": {"^(containers)": [{"name": "proxy"}]}}});
    assert!(breaks(one(), image("a")));
    assert!(!breaks(
        one(),
        two(json!({"name": "a"}), json!({"name": "proxy"}))
    ));
    // A condition for all of the pattern.
    let global = || json!({"pattern": {"spec": {"<(hostPID)": true, "containers": [{"image": "trusted/*"}]}}});
    assert!(!breaks(
        global(),
        json!({"hostPID": false, "containers": [{"image": "a"}]})
    ));
    assert!(breaks(
        global(),
        json!({"hostPID": true, "containers": [{"image": "a"}]})
    ));
    // Labels by wildcards.
    assert!(!breaks(
        json!({"pattern": {"metadata": {"labels": {"corp/*": "?*"}}}}),
        json!({})
    ));
    assert!(breaks(
        json!({"pattern": {"metadata": {"labels": {"other/*": "?*"}}}}),
        json!({})
    ));
    // One of several.
    let any = || json!({"anyPattern": [{"spec": {"securityContext": {"runAsNonRoot": true}}}, {"spec": {"containers": [{"securityContext": {"runAsNonRoot": true}}]}}]});
    assert!(breaks(any(), image("a")));
    assert!(!breaks(
        any(),
        json!({"containers": [{"securityContext": {"runAsNonRoot": true}}]})
    ));
    assert!(!breaks(
        any(),
        json!({"securityContext": {"runAsNonRoot": true}, "containers": [{}]})
    ));
}

#[test]
fn deny_asks_conditions_with_variables() {
    let deny = |key: &str, operator: &str, value: Value| json!({"deny": {"conditions": {"any": [{"key": key, "operator": operator, "value": value}]}}});
    let spec = || json!({"hostNetwork": true, "priority": 7, "containers": [{"name": "a", "image": "ghcr.io/x/web:latest"}, {"name": "b", "image": "quay.io/y:1"}]});
    for (key, operator, value, denied) in [
        (
            "{{ request.object.spec.hostNetwork }}",
            "Equals",
            json!(true),
            true,
        ),
        (
            "{{ request.object.spec.hostPID || `false` }}",
            "Equals",
            json!(true),
            false,
        ),
        (
            "{{ request.object.spec.containers[].image }}",
            "AnyIn",
            json!(["*:latest"]),
            true,
        ),
        (
            "{{ request.object.spec.containers[].image }}",
            "AllIn",
            json!(["*:latest"]),
            false,
        ),
        (
            "{{ request.object.spec.containers[].name }}",
            "AllNotIn",
            json!(["c"]),
            true,
        ),
        (
            "{{ request.object.spec.containers[].name }}",
            "AnyNotIn",
            json!(["a", "b"]),
            false,
        ),
        (
            "{{ request.object.spec.priority }}",
            "GreaterThan",
            json!(6),
            true,
        ),
        (
            "{{ request.object.spec.priority }}",
            "LessThanOrEquals",
            json!("6"),
            false,
        ),
        (
            "{{ request.object.spec.priority }}",
            "AnyIn",
            json!("1-10"),
            true,
        ),
        (
            "{{ images.containers.*.registry }}",
            "AnyNotIn",
            json!(["ghcr.io"]),
            true,
        ),
        (
            "{{ images.containers.a.tag }}",
            "Equals",
            json!("latest"),
            true,
        ),
        ("{{ request.operation }}", "Equals", json!("DELETE"), false),
        (
            "{{ to_upper(request.object.metadata.name) }}",
            "Equals",
            json!("WEB-*"),
            true,
        ),
        (
            "{{ regex_match('^web-[0-9]+$', request.object.metadata.name) }}",
            "Equals",
            json!(true),
            true,
        ),
        (
            "{{ length(request.object.spec.containers) }}",
            "GreaterThanOrEquals",
            json!(2),
            true,
        ),
        (
            "{{ request.object.metadata.labels.{{ request.object.metadata.labels.\"corp/team\" }}pp }}",
            "Equals",
            json!("web"),
            true,
        ),
        ("1.10.0", "GreaterThan", json!("1.9.0"), true),
    ] {
        assert_eq!(
            breaks(deny(key, operator, value.clone()), spec()),
            denied,
            "{key} {operator} {value}"
        );
    }
    assert!(breaks(json!({"deny": {}}), spec()));
}

#[test]
fn loops_judge_each_item_and_name_its_place() {
    let each = json!({"message": "{{ request.object.metadata.name }} is refused", "foreach": [{
        "list": "request.object.spec.containers", "preconditions": {"all": [{"key": "{{ element.name }}", "operator": "NotEquals", "value": "skip"}]},
        "deny": {"conditions": {"all": [{"key": "{{ element.image }}", "operator": "Equals", "value": "*:latest"}]}}}]});
    let rules = vec![rule(json!(["Pod"]), each)];
    let containers = |names: [(&str, &str); 2]| json!({"containers": names.map(|(name, image)| json!({"name": name, "image": image}))});
    let found = said(vec![
        policy(rules.clone()),
        pod(containers([("a", "a:1"), ("b", "b:latest")])),
    ]);
    assert_eq!(found, ["deny spec.containers[1] web-0 is refused"]);
    assert!(
        said(vec![
            policy(rules.clone()),
            pod(containers([("a", "a:1"), ("skip", "b:latest")]))
        ])
        .is_empty()
    );
    let nested = json!({"foreach": [{"list": "request.object.spec.containers", "foreach": [{"list": "element.ports", "pattern": {"containerPort": ">1024"}}]}], "message": "no"});
    assert!(breaks(
        nested.clone(),
        json!({"containers": [{"ports": [{"containerPort": 8080}, {"containerPort": 80}]}]})
    ));
    assert!(!breaks(
        nested,
        json!({"containers": [{"ports": [{"containerPort": 8080}]}, {}]})
    ));
}

#[test]
fn a_rule_for_pods_holds_for_what_makes_them() {
    let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"},
        "spec": {"template": {"spec": {"containers": [{"name": "a", "image": "a:latest"}]}}}});
    let validate = json!({"message": "pin images", "pattern": {"spec": {"containers": [{"image": "!*:latest"}]}}});
    let found = said(vec![
        policy(vec![rule(json!(["Pod"]), validate)]),
        deployment,
    ]);
    assert_eq!(
        found,
        ["deny spec.template.spec.containers[0].image pin images"]
    );
}

#[test]
fn match_and_exclude_say_whom_a_rule_is_about() {
    let never = || json!({"message": "no", "deny": {}});
    let of = |what: Value, exclude: Value| {
        let rule = json!({"name": "r", "match": what, "exclude": exclude, "validate": never()});
        let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "labels": {"env": "dev"}}});
        said(vec![policy(vec![rule]), namespace, pod(image("a"))])
    };
    let filter = |more: Value| {
        let mut resources = json!({"kinds": ["Pod"]});
        for (key, value) in more.as_object().unwrap() {
            resources[key] = value.clone();
        }
        json!({"any": [{"resources": resources}]})
    };
    for (more, count) in [
        (json!({}), 1),
        (json!({"kinds": ["v1/Pod"]}), 1),
        (json!({"kinds": ["*/Pod", "apps/v1/Deployment"]}), 1),
        (json!({"kinds": ["Pod/exec"]}), 0),
        // The policy itself, too.
        (json!({"kinds": ["*"]}), 3),
        (json!({"names": ["web-*"]}), 1),
        (json!({"name": "api-*"}), 0),
        (json!({"namespaces": ["de*"]}), 1),
        (json!({"namespaces": ["prod"]}), 0),
        (json!({"operations": ["UPDATE"]}), 0),
        (json!({"selector": {"matchLabels": {"app": "we?"}}}), 1),
        (
            json!({"selector": {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}}),
            0,
        ),
        (
            json!({"namespaceSelector": {"matchLabels": {"env": "dev"}}}),
            1,
        ),
        (
            json!({"namespaceSelector": {"matchLabels": {"env": "prod"}}}),
            0,
        ),
        (json!({"annotations": {"a": "b"}}), 0),
    ] {
        assert_eq!(of(filter(more.clone()), json!({})).len(), count, "{more}");
    }
    assert_eq!(
        of(filter(json!({})), filter(json!({"namespaces": ["demo"]}))).len(),
        0
    );
    assert_eq!(
        of(filter(json!({})), filter(json!({"namespaces": ["prod"]}))).len(),
        1
    );
    assert_eq!(
        of(json!({"resources": {"kinds": ["Pod"]}}), json!({})).len(),
        1
    );
    let all = json!({"all": [{"resources": {"kinds": ["Pod"]}}, {"resources": {"namespaces": ["prod"]}}]});
    assert_eq!(of(all, json!({})).len(), 0);
    // Who sends it is not known.
    let admins = json!({"any": [{"clusterRoles": ["cluster-admin"]}]});
    let found = of(filter(json!({})), admins);
    assert!(
        found.len() == 1 && found[0].starts_with("unknown"),
        "{found:?}"
    );
}

#[test]
fn actions_overrides_exceptions_and_namespaces_count() {
    let never = || vec![rule(json!(["Pod"]), json!({"message": "no", "deny": {}}))];
    let with = |change: fn(&mut Value), more: Vec<Value>| {
        let mut policy = policy(never());
        change(&mut policy);
        let mut all = vec![policy, pod(image("a"))];
        all.extend(more);
        said(all)
    };
    assert_eq!(with(|_| {}, vec![]), ["deny  no"]);
    assert_eq!(
        with(
            |p| p["spec"]["validationFailureAction"] = "Audit".into(),
            vec![]
        ),
        ["audit  no"]
    );
    assert_eq!(
        with(
            |p| p["spec"]["rules"][0]["validate"]["failureAction"] = "Audit".into(),
            vec![]
        ),
        ["audit  no"]
    );
    assert_eq!(
        with(
            |p| p["spec"]["validationFailureActionOverrides"] =
                json!([{"action": "audit", "namespaces": ["de*"]}]),
            vec![]
        ),
        ["audit  no"]
    );
    assert_eq!(
        with(
            |p| {
                p["kind"] = "Policy".into();
                p["metadata"]["namespace"] = "other".into();
            },
            vec![]
        ),
        [""; 0]
    );
    let exception = json!({"apiVersion": "kyverno.io/v2", "kind": "PolicyException", "metadata": {"name": "e", "namespace": "demo"}, "spec": {
        "exceptions": [{"policyName": "p", "ruleNames": ["r"]}], "match": {"any": [{"resources": {"kinds": ["Pod"], "names": ["web-*"]}}]}}});
    assert_eq!(with(|_| {}, vec![exception]), [""; 0]);
    let mut in_system = pod(image("a"));
    in_system["metadata"]["namespace"] = "kube-system".into();
    assert_eq!(said(vec![policy(never()), in_system.clone()]), [""; 0]);
    let config = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kyverno", "namespace": "kyverno"}, "data": {"resourceFilters": "[Event,*,*] [*/*,demo,*] [Pod,demo,*]"}});
    assert_eq!(
        said(vec![policy(never()), in_system, pod(image("a")), config]),
        ["deny  no"]
    );
}

#[test]
fn context_comes_from_the_input_or_is_unknown() {
    let with = |context: Value, more: Vec<Value>| {
        let mut rule = rule(
            json!(["Pod"]),
            json!({"message": "not {{ wanted }}", "deny": {"conditions": {"all": [{"key": "{{ request.object.metadata.labels.app }}", "operator": "NotEquals", "value": "{{ wanted }}"}]}}}),
        );
        rule["context"] = context;
        let mut all = vec![policy(vec![rule]), pod(image("a"))];
        all.extend(more);
        said(all)
    };
    assert_eq!(
        with(
            json!([{"name": "wanted", "variable": {"value": "api"}}]),
            vec![]
        ),
        ["deny  not api"]
    );
    assert_eq!(
        with(
            json!([{"name": "wanted", "variable": {"jmesPath": "request.object.metadata.labels.none", "default": "web"}}]),
            vec![]
        ),
        [""; 0]
    );
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "ops"}, "data": {"app": "other"}});
    let context = || json!([{"name": "map", "configMap": {"name": "c", "namespace": "ops"}}, {"name": "wanted", "variable": {"jmesPath": "map.data.app"}}]);
    assert_eq!(with(context(), vec![map]), ["deny  not other"]);
    let found = with(context(), vec![]);
    assert!(
        found[0].contains("ConfigMap ops/c is not in the input"),
        "{found:?}"
    );
    let call = json!([{"name": "wanted", "apiCall": {"urlPath": "/api/v1/namespaces"}}]);
    let found = with(call, vec![]);
    assert!(
        found[0].starts_with("unknown") && found[0].contains("cluster or a registry"),
        "{found:?}"
    );
}

#[test]
fn pod_security_and_cel_are_ways_to_validate() {
    let level = |more: Value| {
        let mut wanted = json!({"level": "restricted"});
        for (key, value) in more.as_object().unwrap() {
            wanted[key] = value.clone();
        }
        let rules = vec![rule(json!(["Pod"]), json!({"podSecurity": wanted}))];
        let spec = json!({"securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}, "containers": [
            {"name": "a", "image": "x/a", "securityContext": {"allowPrivilegeEscalation": false}}]});
        said(vec![policy(rules), pod(spec)])
    };
    let found = level(json!({}));
    assert!(
        found[0].starts_with(
            "deny spec.containers[0].securityContext.capabilities.drop unrestricted capabilities"
        ),
        "{found:?}"
    );
    assert_eq!(
        level(json!({"exclude": [{"controlName": "Capabilities", "images": ["x/*"]}]})),
        [""; 0]
    );
    assert!(
        level(json!({"exclude": [{"controlName": "Capabilities", "images": ["y/*"]}]}))[0]
            .starts_with("unknown")
    );
    let cel = |text: &str| {
        breaks(
            json!({"cel": {"expressions": [{"expression": text, "message": "no"}]}}),
            image("a"),
        )
    };
    assert!(cel("object.spec.containers.size() > 1"));
    assert!(!cel("object.metadata.labels.app == 'web'"));
}

/// A policy with one rule that demands signatures of Pods' images.
fn signed(check: Value) -> Value {
    let rule = json!({"name": "signed", "match": {"any": [{"resources": {"kinds": ["Pod"]}}]}, "verifyImages": [check]});
    policy(vec![rule])
}

#[test]
fn of_signatures_is_said_what_a_name_tells() {
    let unknown = "unknown whether images are signed is asked of their registries";
    let digest = "@sha256:9f1c6b0e4c1c7a7b3a2c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192";
    let ours = |members: Value| {
        let mut check = json!({"imageReferences": ["ghcr.io/acme/*"], "attestors": [{"entries": [{"keys": {"publicKeys": "k8s://kyverno/key"}}]}]});
        for (name, value) in members.as_object().unwrap() {
            check[name] = value.clone();
        }
        check
    };
    let strict = json!({"mutateDigest": false});
    let tagged = "ghcr.io/acme/web:1";
    let refused = "deny spec.containers[0].image missing digest for ghcr.io/acme/web:1";
    for (members, image_name, expected) in [
        // Somebody else's image is not meant.
        (json!({}), "nginx:1".to_owned(), vec![]),
        (strict.clone(), "nginx:1".to_owned(), vec![]),
        // Kyverno adds the digest; who signed it, the registry says.
        (json!({}), tagged.to_owned(), vec![unknown]),
        (strict.clone(), tagged.to_owned(), vec![refused]),
        (strict.clone(), format!("{tagged}{digest}"), vec![unknown]),
        (
            json!({"mutateDigest": false, "verifyDigest": false}),
            tagged.to_owned(),
            vec![unknown],
        ),
        (
            json!({"mutateDigest": false, "skipImageReferences": ["ghcr.io/acme/web*"]}),
            tagged.to_owned(),
            vec![],
        ),
        (
            json!({"mutateDigest": false, "failureAction": "Audit"}),
            tagged.to_owned(),
            vec!["audit spec.containers[0].image missing digest for ghcr.io/acme/web:1"],
        ),
    ] {
        let policy = signed(ours(members.clone()));
        assert_eq!(
            said(vec![policy, pod(image(&image_name))]),
            expected,
            "{members} {image_name}"
        );
    }
}

#[test]
fn a_demand_for_a_digest_is_told_of_the_workload() {
    let check = json!({"imageReferences": ["*"], "mutateDigest": false});
    let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"},
        "spec": {"template": {"spec": {"initContainers": [{"name": "i", "image": "busybox"}], "containers": [{"name": "a", "image": "web:1"}]}}}});
    assert_eq!(
        said(vec![signed(check), deployment]),
        ["deny spec.template.spec.initContainers[0].image missing digest for busybox"]
    );
}

#[test]
fn a_cel_policy_of_images_is_said_to_be_unknown() {
    let model = Model::read([
        json!({"apiVersion": "policies.kyverno.io/v1", "kind": "ImageValidatingPolicy", "metadata": {"name": "p"}, "spec": {}}),
        pod(image("web:1")),
    ]);
    let findings = Policies::of(&model).judge(&model).findings();
    assert_eq!(findings.len(), 1);
    let text = findings[0].to_string();
    assert!(
        text.contains("ImageValidatingPolicy is not evaluated here"),
        "{text}"
    );
}

/// Objects of every place that bounds tell apart.
fn objects() -> Vec<Value> {
    let at = |kind: &str, version: &str, metadata: Value| json!({"apiVersion": version, "kind": kind, "metadata": metadata, "spec": image("a")});
    let mut objects = vec![at(
        "ClusterRole",
        "rbac.authorization.k8s.io/v1",
        json!({"name": "a"}),
    )];
    for namespace in ["a", "b", "ab"] {
        objects.push(at("Namespace", "v1", json!({"name": namespace})));
        objects.push(at(
            "Pod",
            "v1",
            json!({"name": "a", "namespace": namespace}),
        ));
        objects.push(json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "b", "namespace": namespace},
            "spec": {"template": {"spec": image("a")}}}));
    }
    objects
}

#[test]
fn whoever_is_left_out_by_bounds_is_not_meant() {
    let mut filters = vec![
        json!({}),
        json!({"subjects": [{"kind": "User", "name": "a"}]}),
    ];
    let kinds = [
        json!(null),
        json!([]),
        json!(["Pod"]),
        json!(["v1/Pod", "apps/v1/Deployment"]),
        json!(["*/*/Pod/exec"]),
        json!(["P?d", "Namespace"]),
        json!(["*"]),
    ];
    for kinds in &kinds {
        for namespaces in [
            json!(null),
            json!([]),
            json!(["a"]),
            json!(["a", "b"]),
            json!(["a*"]),
            json!([1]),
        ] {
            filters.push(json!({"resources": {"kinds": kinds, "namespaces": namespaces}}));
        }
    }
    let mut matches = filters.clone();
    for pair in filters.windows(2) {
        matches.push(json!({"any": pair}));
        matches.push(json!({"all": pair}));
    }
    let mut all = objects();
    for (number, matched) in matches.into_iter().enumerate() {
        for kind in ["ClusterPolicy", "Policy"] {
            let mut metadata = json!({"name": format!("p{number}")});
            if kind == "Policy" {
                metadata["namespace"] = "b".into();
            }
            let rules = json!([{"name": "r", "match": matched, "validate": {"pattern": {}}}]);
            all.push(json!({"apiVersion": "kyverno.io/v1", "kind": kind, "metadata": metadata, "spec": {"rules": rules}}));
        }
    }
    let model = Model::read(all);
    let kyverno = Kyverno::of(&model);
    let (mut asked, mut left_out) = (0, 0);
    for case in crate::cases(&model) {
        let about = kyverno.bounded.about(case.home(), case.kind());
        for (at, policy) in kyverno.policies.iter().enumerate() {
            if about.contains(&at) {
                asked += 1;
                continue;
            }
            left_out += 1;
            let elsewhere =
                policy.namespace.is_some() && policy.namespace.as_deref() != case.namespace_name();
            let rule = &policy.spec["rules"][0];
            assert!(
                elsewhere || matching::is_about(rule, &case) == Some(false),
                "{rule} {:?}",
                case.entry.id()
            );
        }
    }
    assert!(asked > 100 && left_out > asked, "{asked} {left_out}");
}
