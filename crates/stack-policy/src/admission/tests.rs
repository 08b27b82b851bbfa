use serde_json::{Value, json};

use super::*;
use crate::Policies;

fn policy(spec: Value) -> Value {
    json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "p"}, "spec": spec})
}

fn binding(spec: Value) -> Value {
    let mut spec = spec;
    spec["policyName"] = "p".into();
    if spec.get("validationActions").is_none() {
        spec["validationActions"] = json!(["Deny"]);
    }
    json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": "b"}, "spec": spec})
}

fn deployments(mut spec: Value) -> Value {
    spec["matchConstraints"] = json!({"resourceRules": [
        {"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["deployments"]}]});
    policy(spec)
}

fn web(replicas: u32) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo", "labels": {"app": "web"}},
        "spec": {"replicas": replicas, "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "a", "image": "web:latest"}]}}}})
}

fn namespace(labels: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "labels": labels}})
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

#[test]
fn a_bound_policy_speaks_in_its_own_words() {
    let of = |validation: Value| {
        said(vec![
            deployments(json!({"validations": [validation]})),
            binding(json!({})),
            web(6),
        ])
    };
    assert_eq!(
        of(json!({"expression": "object.spec.replicas <= 5", "message": "at most 5"})),
        ["deny  at most 5"]
    );
    assert_eq!(
        of(json!({"expression": "object.spec.replicas <= 5"})),
        ["deny  failed expression: object.spec.replicas <= 5"]
    );
    assert_eq!(
        of(
            json!({"expression": "false", "message": "m", "messageExpression": "'has ' + string(object.spec.replicas)"})
        ),
        ["deny  has 6"]
    );
    assert_eq!(
        of(json!({"expression": "false", "message": "m", "messageExpression": "'a\\nb'"})),
        ["deny  m"]
    );
    assert_eq!(
        of(
            json!({"expression": "oldObject == null && request.operation == 'CREATE' && request.resource.resource == 'deployments'"})
        ),
        [""; 0]
    );
    // Nobody binds it.
    assert_eq!(
        said(vec![
            deployments(json!({"validations": [{"expression": "false"}]})),
            web(6)
        ]),
        [""; 0]
    );
}

#[test]
fn variables_parameters_and_the_namespace_are_seen() {
    let objects = |rest: Vec<Value>| {
        let spec = json!({
            "paramKind": {"apiVersion": "v1", "kind": "ConfigMap"},
            "variables": [{"name": "most", "expression": "int(params.data.most)"}, {"name": "twice", "expression": "variables.most * 2"},
                {"name": "broken", "expression": "object.spec.nothing"}],
            "validations": [{"expression": "object.spec.replicas <= variables.twice", "messageExpression": "'at most ' + string(variables.twice)"},
                {"expression": "namespaceObject.metadata.labels.env == 'dev'", "message": "only dev"}],
        });
        let mut all = vec![
            deployments(spec),
            binding(
                json!({"paramRef": {"name": "limits", "namespace": "ops", "parameterNotFoundAction": "Deny"}}),
            ),
            web(6),
        ];
        all.extend(rest);
        said(all)
    };
    let limits = |most: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "limits", "namespace": "ops"}, "data": {"most": most}});
    assert_eq!(
        objects(vec![limits("3"), namespace(json!({"env": "dev"}))]),
        [""; 0]
    );
    assert_eq!(
        objects(vec![limits("2"), namespace(json!({"env": "prod"}))]),
        ["deny  at most 4", "deny  only dev"]
    );
    assert_eq!(
        objects(vec![limits("3")]),
        ["unknown `namespaceObject` is not known here"]
    );
    assert_eq!(
        objects(vec![]),
        ["unknown the ConfigMap of the binding b is not in the input"]
    );
}

#[test]
fn errors_count_as_the_failure_policy_says() {
    let of = |spec: Value| said(vec![deployments(spec), binding(json!({})), web(1)]);
    let broken = json!([{"expression": "object.spec.paused"}]);
    assert_eq!(of(json!({"validations": broken})).len(), 1);
    assert_eq!(
        of(json!({"failurePolicy": "Ignore", "validations": broken})),
        [""; 0]
    );
    let conditions = |text: &str| json!([{"name": "c", "expression": text}]);
    let never = json!([{"expression": "false", "message": "no"}]);
    assert_eq!(
        of(
            json!({"validations": never, "matchConditions": conditions("object.spec.replicas > 3")})
        ),
        [""; 0]
    );
    assert_eq!(
        of(
            json!({"validations": never, "matchConditions": conditions("object.spec.replicas == 1")})
        ),
        ["deny  no"]
    );
    assert!(
        of(json!({"validations": never, "matchConditions": conditions("object.spec.other")}))[0]
            .contains("match condition")
    );
    assert_eq!(
        of(
            json!({"failurePolicy": "Ignore", "validations": never, "matchConditions": conditions("object.spec.other")})
        ),
        [""; 0]
    );
}

#[test]
fn what_only_a_cluster_knows_is_unknown() {
    for text in [
        "request.userInfo.username == 'x'",
        "authorizer.group('').resource('pods').check('get').allowed()",
    ] {
        let found = said(vec![
            deployments(json!({"validations": [{"expression": text}]})),
            binding(json!({})),
            web(1),
        ]);
        assert!(
            found.len() == 1 && found[0].starts_with("unknown "),
            "{text}: {found:?}"
        );
    }
    let variable = json!({"variables": [{"name": "who", "expression": "request.userInfo.username"}], "validations": [{"expression": "variables.who == 'x'"}]});
    let found = said(vec![deployments(variable), binding(json!({})), web(1)]);
    assert_eq!(found, ["unknown `variables.who` is not known here"]);
}

#[test]
fn rules_selectors_and_bindings_narrow_what_is_meant() {
    let never = json!([{"expression": "false", "message": "no"}]);
    let of = |constraints: Value, resources: Value| {
        let policy = policy(json!({"validations": never, "matchConstraints": constraints}));
        let binding = binding(json!({"matchResources": resources}));
        said(vec![
            policy,
            binding,
            namespace(json!({"env": "dev"})),
            web(1),
        ])
        .len()
    };
    let rule = |groups: Value, resources: Value| json!({"apiGroups": groups, "apiVersions": ["*"], "operations": ["*"], "resources": resources});
    let all = || json!({"resourceRules": [rule(json!(["*"]), json!(["*"]))]});
    // Namespace, Deployment and its pod.
    assert_eq!(of(all(), json!({})), 3);
    assert_eq!(
        of(
            json!({"resourceRules": [rule(json!([""]), json!(["pods"]))]}),
            json!({})
        ),
        1
    );
    assert_eq!(
        of(
            json!({"resourceRules": [rule(json!(["apps"]), json!(["pods"]))]}),
            json!({})
        ),
        0
    );
    let mut excluded = all();
    excluded["excludeResourceRules"] = json!([rule(json!([""]), json!(["*"]))]);
    assert_eq!(of(excluded, json!({})), 1);
    assert_eq!(
        of(
            all(),
            json!({"objectSelector": {"matchLabels": {"app": "web"}}})
        ),
        2
    );
    assert_eq!(
        of(
            all(),
            json!({"namespaceSelector": {"matchLabels": {"env": "prod"}}})
        ),
        0
    );
    assert_eq!(
        of(
            all(),
            json!({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "demo"}}})
        ),
        3
    );
    let mut scoped = rule(json!(["*"]), json!(["*"]));
    scoped["scope"] = "Cluster".into();
    assert_eq!(of(json!({"resourceRules": [scoped]}), json!({})), 1);
    let mut only_updates = rule(json!(["*"]), json!(["*"]));
    only_updates["operations"] = json!(["UPDATE"]);
    assert_eq!(of(json!({"resourceRules": [only_updates]}), json!({})), 0);
    // An older version of the same resource is meant, too, unless the policy is exact.
    let mut other_version = rule(json!(["apps"]), json!(["deployments"]));
    other_version["apiVersions"] = json!(["v1beta1"]);
    assert_eq!(
        of(json!({"resourceRules": [other_version.clone()]}), json!({})),
        1
    );
    assert_eq!(
        of(
            json!({"matchPolicy": "Exact", "resourceRules": [other_version]}),
            json!({})
        ),
        0
    );
}

#[test]
fn a_pod_is_judged_at_its_workload() {
    let spec = json!({
        "matchConstraints": {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]},
        "validations": [{"expression": "object.spec.containers.all(c, !c.image.endsWith(':latest'))", "message": "pin images"}]});
    let actions = json!({"validationActions": ["Warn", "Audit"]});
    assert_eq!(
        said(vec![policy(spec), binding(actions), web(1)]),
        [
            "warn spec.template pin images",
            "audit spec.template pin images"
        ]
    );
}

#[test]
fn plurals_are_kubernetes_own() {
    for (kind, expected) in [
        ("Pod", "pods"),
        ("NetworkPolicy", "networkpolicies"),
        ("Ingress", "ingresses"),
        ("Endpoints", "endpoints"),
        ("Gateway", "gateways"),
        ("IngressClass", "ingressclasses"),
    ] {
        assert_eq!(plural(kind), expected);
    }
}

#[test]
fn whoever_is_left_out_by_bounds_is_not_meant() {
    let selector = |terms: Value| json!({"namespaceSelector": {"matchExpressions": terms}});
    let name = |operator: &str, values: Value| json!({"key": "kubernetes.io/metadata.name", "operator": operator, "values": values});
    let places = [
        json!({}),
        selector(json!([name("In", json!(["a"]))])),
        selector(json!([
            name("In", json!(["a", "b"])),
            name("NotIn", json!(["b"]))
        ])),
        selector(json!([name("NotIn", json!(["a"]))])),
        selector(json!([name("In", json!(["a"])), {"key": "team", "operator": "Exists"}])),
        selector(json!([name("Like", json!(["a"]))])),
        json!({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "b"}}}),
    ];
    let rules = |resources: Value| json!([{"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": resources}]);
    let resources = [
        json!(null),
        rules(json!(["pods"])),
        rules(json!(["pods/exec", "namespaces"])),
        rules(json!(["*"])),
        rules(json!(["*/*"])),
    ];
    let mut all = Vec::new();
    for namespace in ["a", "b", "c"] {
        // One of them is not in the input.
        if namespace != "c" {
            all.push(
                json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}),
            );
        }
        for kind in ["Pod", "Service"] {
            all.push(json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": "x", "namespace": namespace}}));
        }
    }
    all.push(json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "x"}}));
    for (number, place) in places.iter().enumerate() {
        for (other, resources) in resources.iter().enumerate() {
            let mut constraints = place.clone();
            constraints["resourceRules"] = resources.clone();
            let policy = format!("p{number}-{other}");
            let mut spec = json!({"policyName": policy, "validationActions": ["Deny"], "matchResources": constraints});
            let mut of_policy = json!({"matchConstraints": {"resourceRules": rules(json!(["*"]))}});
            if number % 2 == 1 {
                std::mem::swap(
                    &mut spec["matchResources"],
                    &mut of_policy["matchConstraints"],
                );
            }
            for (kind, spec) in [
                ("ValidatingAdmissionPolicy", of_policy),
                ("ValidatingAdmissionPolicyBinding", spec),
            ] {
                all.push(json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind, "metadata": {"name": policy}, "spec": spec}));
            }
        }
    }
    let model = Model::read(all);
    let policies = AdmissionPolicies::of(&model);
    let (mut asked, mut left_out) = (0, 0);
    for case in crate::cases(&model) {
        let resource = policies.resource(&case);
        let about = policies.bounded.about(case.home(), &resource);
        for (at, bound) in policies.bound.iter().enumerate() {
            if about.contains(&at) {
                asked += 1;
                continue;
            }
            left_out += 1;
            let meant = matching::both(
                bound.matching.selects(&case, &resource),
                bound.narrower.selects(&case, &resource),
            );
            assert_eq!(meant, Some(false), "{bound:?} {:?}", case.entry.id());
        }
    }
    assert!(asked > 100 && left_out > 100, "{asked} {left_out}");
}
