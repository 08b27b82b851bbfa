//! Constraints over the objects of a stack, and over the pods that its workloads make.

use gatekeeper_types::matching::Match;
use gatekeeper_types::selection::Candidate;
use serde_json::{Value, json};
use stack_model::Model;
use stack_policy::{Outcome, Policies, Verdict};
use stack_policy_rego::Gatekeeper;

const RULE: &str = "package rule\n\nviolation[{\"msg\": msg}] {\n  container := input.review.object.spec.containers[_]\n  not container.resources.limits.memory\n  msg := sprintf(\"%v has no limit\", [input.review.object.kind])\n}\n";

fn template(rego: &str) -> Value {
    json!({"apiVersion": "templates.gatekeeper.sh/v1", "kind": "ConstraintTemplate", "metadata": {"name": "rule"},
        "spec": {"crd": {"spec": {"names": {"kind": "Rule"}}}, "targets": [{"target": "admission.k8s.gatekeeper.sh", "rego": rego}]}})
}

fn constraint(spec: Value) -> Value {
    json!({"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": "Rule", "metadata": {"name": "limits"}, "spec": spec})
}

fn pods(mut more: Value) -> Value {
    more["kinds"] = json!([{"apiGroups": [""], "kinds": ["Pod"]}]);
    json!({"match": more})
}

fn deployment() -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"},
        "spec": {"template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}}}})
}

fn namespace(labels: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "labels": labels}})
}

fn said(objects: Vec<Value>) -> Vec<String> {
    let model = Model::read(objects);
    let report = Policies::of(&model)
        .with(Gatekeeper::of(&model))
        .judge(&model);
    let line = |one: &Verdict| match one.outcome {
        Outcome::Broken => format!("{} {}: {}", one.action.as_str(), one.path, one.message),
        Outcome::Unknown => format!("unknown: {}", one.message),
    };
    let notes = report.unusable.iter().map(|row| {
        format!(
            "unusable {}: {}",
            row.id,
            row.unknown.clone().unwrap_or_default()
        )
    });
    report.verdicts.iter().map(line).chain(notes).collect()
}

#[test]
fn a_deployment_answers_for_its_pods() {
    let with = |spec: Value| {
        said(vec![
            template(RULE),
            constraint(spec),
            namespace(json!({})),
            deployment(),
        ])
    };
    assert_eq!(
        with(pods(json!({}))),
        ["deny spec.template: Pod has no limit"]
    );
    let mut warned = pods(json!({}));
    warned["enforcementAction"] = "warn".into();
    assert_eq!(with(warned), ["warn spec.template: Pod has no limit"]);
    let mut tried = pods(json!({}));
    tried["enforcementAction"] = "dryrun".into();
    assert_eq!(with(tried), ["audit spec.template: Pod has no limit"]);
    let scoped = |point: &str| {
        let mut scoped = pods(json!({}));
        scoped["enforcementAction"] = "scoped".into();
        scoped["scopedEnforcementActions"] =
            json!([{"action": "deny", "enforcementPoints": [{"name": point}]}]);
        scoped
    };
    assert_eq!(with(scoped("validation.gatekeeper.sh")).len(), 1);
    assert_eq!(with(scoped("audit.gatekeeper.sh")).len(), 0);
    // The Deployment itself, where that is meant.
    let any = "package rule\n\nviolation[{\"msg\": msg}] {\n  msg := input.review.object.kind\n}\n";
    let deployments = json!({"match": {"kinds": [{"apiGroups": ["apps"], "kinds": ["*"]}]}});
    assert_eq!(
        said(vec![template(any), constraint(deployments), deployment()]),
        ["deny : Deployment"]
    );
}

#[test]
fn limit_ranges_fill_in_before_gatekeeper_looks() {
    let range = json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "defaults", "namespace": "demo"},
        "spec": {"limits": [{"type": "Container", "default": {"memory": "4Gi", "cpu": "2"}}]}});
    assert_eq!(
        said(vec![
            template(RULE),
            constraint(pods(json!({}))),
            deployment(),
            range
        ]),
        [""; 0]
    );
}

#[test]
fn match_decides_as_in_gatekeeper() {
    let with = |more: Value, labels: Value| {
        said(vec![
            template(RULE),
            constraint(pods(more)),
            namespace(labels),
            deployment(),
        ])
        .len()
    };
    for (more, count) in [
        (json!({"namespaces": ["de*"]}), 1),
        (json!({"namespaces": ["prod"]}), 0),
        (json!({"excludedNamespaces": ["demo"]}), 0),
        (json!({"labelSelector": {"matchLabels": {"app": "web"}}}), 1),
        (json!({"labelSelector": {"matchLabels": {"app": "api"}}}), 0),
        (
            json!({"namespaceSelector": {"matchLabels": {"env": "dev"}}}),
            1,
        ),
        (
            json!({"namespaceSelector": {"matchLabels": {"env": "prod"}}}),
            0,
        ),
        (json!({"scope": "Cluster"}), 0),
        (json!({"name": "web-*"}), 1),
        (json!({"source": "Generated"}), 0),
    ] {
        assert_eq!(with(more.clone(), json!({"env": "dev"})), count, "{more}");
    }
    assert_eq!(
        with(json!({}), json!({"admission.gatekeeper.sh/ignore": "true"})),
        0
    );
    let config = json!({"apiVersion": "config.gatekeeper.sh/v1alpha1", "kind": "Config", "metadata": {"name": "config", "namespace": "gatekeeper-system"},
        "spec": {"match": [{"excludedNamespaces": ["de*"], "processes": ["webhook"]}]}});
    assert_eq!(
        said(vec![
            template(RULE),
            constraint(pods(json!({}))),
            config,
            deployment()
        ]),
        [""; 0]
    );
}

#[test]
fn what_cannot_be_known_is_said() {
    let selected = pods(json!({"namespaceSelector": {"matchLabels": {"env": "dev"}}}));
    let found = said(vec![template(RULE), constraint(selected), deployment()]);
    assert!(
        found.len() == 1 && found[0].starts_with("unknown: "),
        "{found:?}"
    );
    let outside = "package rule\n\nviolation[{\"msg\": \"x\"}] {\n  http.send({\"method\": \"get\", \"url\": \"http://x\"}).status_code == 200\n}\n";
    let found = said(vec![
        template(outside),
        constraint(pods(json!({}))),
        deployment(),
    ]);
    assert!(
        !found.is_empty() && found.iter().all(|line| line.starts_with("un")),
        "{found:?}"
    );
    let mut cel = template("");
    cel["spec"]["targets"][0] = json!({"target": "admission.k8s.gatekeeper.sh", "code": [{"engine": "K8sNativeValidation", "source": {"validations": []}}]});
    let found = said(vec![cel, constraint(pods(json!({}))), deployment()]);
    assert!(found[0].contains("no Rego"), "{found:?}");
}

#[test]
fn policies_see_what_is_synced() {
    let rego = "package rule\n\nviolation[{\"msg\": msg}] {\n  other := data.inventory.namespace[ns][\"v1\"][\"Service\"][name]\n  msg := sprintf(\"%v/%v is there\", [ns, name])\n}\n";
    let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s", "namespace": "demo"}});
    let config = json!({"apiVersion": "config.gatekeeper.sh/v1alpha1", "kind": "Config", "metadata": {"name": "config", "namespace": "g"},
        "spec": {"sync": {"syncOnly": [{"group": "", "version": "v1", "kind": "Service"}]}}});
    let objects = vec![
        template(rego),
        constraint(pods(json!({}))),
        deployment(),
        service,
    ];
    assert_eq!(said(objects.clone()), [""; 0]);
    assert_eq!(
        said([objects, vec![config]].concat()),
        ["deny spec.template: demo/s is there"]
    );
}

/// The plain way is to hold every object against the criteria of every constraint.
#[test]
fn those_constraints_speak_whose_criteria_select_an_object() {
    let kinds = [
        json!([]),
        json!([{"kinds": ["Pod"]}]),
        json!([{"kinds": ["Pod"]}, {"apiGroups": ["apps"], "kinds": ["Deployment"]}]),
        json!([{"kinds": ["Pod", "*"]}]),
        json!([{"apiGroups": [""]}]),
    ];
    let namespaces = [
        json!([]),
        json!(["a"]),
        json!(["a", "b"]),
        json!(["a*"]),
        json!(["*"]),
    ];
    let mut criteria = Vec::new();
    for kinds in &kinds {
        for namespaces in &namespaces {
            for scope in ["*", "Cluster", "Namespaced"] {
                criteria.push(json!({"kinds": kinds, "namespaces": namespaces, "scope": scope}));
            }
        }
    }
    let mut all = vec![
        template("package rule\n\nviolation[{\"msg\": \"always\"}] { true }\n"),
        json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"}}),
    ];
    for namespace in ["a", "ab", "c"] {
        all.push(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}));
        all.push(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "namespace": namespace}}));
        all.push(json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x", "namespace": namespace}}));
    }
    let objects = all[1..].to_vec();
    for (number, criteria) in criteria.iter().enumerate() {
        let mut one = constraint(json!({"match": criteria}));
        one["metadata"]["name"] = format!("c{number}").into();
        all.push(one);
    }
    let model = Model::read(all);
    let report = Policies::of(&model)
        .with(Gatekeeper::of(&model))
        .judge(&model);
    let mut selected = 0;
    for object in &objects {
        let candidate = Candidate::new(object);
        let expected: Vec<String> = (0..criteria.len())
            .filter(|at| {
                let criteria: Match = serde_json::from_value(criteria[*at].clone()).unwrap();
                criteria.selects(&candidate).unwrap()
            })
            .map(|number| format!("c{number}"))
            .collect();
        let metadata = &object["metadata"];
        let is_of = |verdict: &&Verdict| {
            verdict.object.kind == object["kind"].as_str().unwrap()
                && verdict.object.name == metadata["name"].as_str().unwrap()
                && verdict.object.namespace.as_deref() == metadata["namespace"].as_str()
        };
        let said = report.verdicts.iter().filter(is_of);
        let mut said: Vec<String> = said.map(|verdict| verdict.policy.clone()).collect();
        let mut expected = expected;
        selected += expected.len();
        said.sort();
        expected.sort();
        assert_eq!(said, expected, "{object}");
    }
    assert!(selected > 100 && selected < objects.len() * criteria.len() / 2);
}
