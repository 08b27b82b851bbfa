//! What the four documented policies refuse, evaluated as Gatekeeper does: GKP-019, GKP-027, GKP-034, GKP-039 and what exercise
//! 6-1 prints.
#![allow(clippy::unwrap_used)]

use gatekeeper_rego::{PolicySet, Review};
use gatekeeper_types::constraints::Constraint;
use gatekeeper_types::templates::v1::ConstraintTemplate;
use lab_builder::{Environment, Lab};
use serde_json::{Value, json};

/// The templates and the constraints, as they are rendered.
fn rendered() -> (Vec<ConstraintTemplate>, Vec<Constraint>) {
    let bundle = Lab::new(Environment::Dev).build().unwrap();
    let templates = bundle
        .objects_of::<ConstraintTemplate>()
        .map(|template| template.into_owned());
    let is_constraint = |object: &&lab_builder::Object| {
        object
            .id()
            .api_version
            .starts_with("constraints.gatekeeper.sh/")
    };
    let constraints = bundle
        .objects()
        .filter(is_constraint)
        .map(|object| serde_json::from_value(json!(object.value())).unwrap());
    (templates.collect(), constraints.collect())
}

/// The policies, with the rule of one of them changed.
fn policies(change: impl Fn(&str, &str) -> String) -> PolicySet {
    let (templates, constraints) = rendered();
    assert_eq!((templates.len(), constraints.len()), (4, 4));
    let mut policies = PolicySet::default();
    for template in templates {
        let kind = template.spec.clone().unwrap().crd.spec.names.kind;
        let mut value = json!(template);
        let rego = &mut value["spec"]["targets"][0];
        // The rule stands where the version of the template wants it.
        for pointer in ["/rego", "/code/0/source/rego"] {
            if let Some(text) = rego.pointer_mut(pointer) {
                *text = change(&kind, text.as_str().unwrap()).into();
            }
        }
        policies
            .add_template(&serde_json::from_value::<ConstraintTemplate>(value).unwrap())
            .unwrap();
    }
    for constraint in constraints {
        policies.add_constraint(&constraint).unwrap();
    }
    policies
}

fn pod(change: impl FnOnce(&mut Value)) -> Value {
    let mut pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "test", "namespace": "demo", "labels": {"app": "test", "env": "dev", "team": "platform"}},
        "spec": {
            "securityContext": {"runAsNonRoot": true, "runAsUser": 1000},
            "containers": [{
                "name": "test", "image": "busybox",
                "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}},
            }],
        },
    });
    change(&mut pod);
    pod
}

/// What each pod is refused for.
fn cases() -> Vec<(&'static str, Value, Vec<&'static str>)> {
    let privileged = || json!({"privileged": true});
    let limits = || json!({"limits": {"cpu": "1", "memory": "1Mi"}});
    let (app, env, team) = (
        "[require-labels] 필수 라벨 'app'이(가) 없습니다.",
        "[require-labels] 필수 라벨 'env'이(가) 없습니다.",
        "[require-labels] 필수 라벨 'team'이(가) 없습니다.",
    );
    let is_privileged =
        "[deny-privileged-container] 컨테이너 'test'가 privileged 모드로 실행됩니다.";
    let root = "[require-non-root] Pod securityContext에 runAsNonRoot: true가 설정되지 않았습니다.";
    let unlimited =
        "[require-resource-limits] 컨테이너 'test'에 memory/cpu limits가 설정되지 않았습니다.";
    vec![
        ("a pod in order", pod(|_| {}), vec![]),
        (
            "privileged",
            pod(|pod| pod["spec"]["containers"][0]["securityContext"] = privileged()),
            vec![is_privileged],
        ),
        (
            "expressly not privileged",
            pod(|pod| {
                pod["spec"]["containers"][0]["securityContext"] = json!({"privileged": false})
            }),
            vec![],
        ),
        (
            "a privileged init container",
            pod(|pod| {
                pod["spec"]["initContainers"] = json!([{
                    "name": "init", "securityContext": privileged(), "resources": limits(),
                }]);
            }),
            vec!["[deny-privileged-container] 컨테이너 'init'가 privileged 모드로 실행됩니다."],
        ),
        (
            "no labels",
            pod(|pod| pod["metadata"]["labels"] = json!({})),
            vec![app, env, team],
        ),
        (
            "one label less",
            pod(|pod| pod["metadata"]["labels"] = json!({"app": "a", "env": "dev"})),
            vec![team],
        ),
        (
            "an empty label",
            pod(|pod| pod["metadata"]["labels"]["env"] = json!("")),
            vec![env],
        ),
        (
            "root",
            pod(|pod| pod["spec"]["securityContext"] = json!({})),
            vec![root],
        ),
        (
            "expressly root",
            pod(|pod| pod["spec"]["securityContext"]["runAsNonRoot"] = json!(false)),
            vec![root],
        ),
        (
            "no limits",
            pod(|pod| pod["spec"]["containers"][0]["resources"] = json!({})),
            vec![unlimited],
        ),
        (
            "no limit of CPU",
            pod(|pod| {
                pod["spec"]["containers"][0]["resources"]["limits"] = json!({"memory": "1Mi"})
            }),
            vec![unlimited],
        ),
        (
            "no limit of memory",
            pod(|pod| pod["spec"]["containers"][0]["resources"]["limits"] = json!({"cpu": "1"})),
            vec![unlimited],
        ),
        (
            "everything at once",
            pod(|pod| {
                pod["metadata"]["labels"] = json!({});
                pod["spec"]["securityContext"] = json!({});
                pod["spec"]["containers"][0] =
                    json!({"name": "test", "securityContext": privileged()});
            }),
            vec![is_privileged, app, env, team, root, unlimited],
        ),
        (
            "another namespace",
            pod(|pod| {
                pod["metadata"]["namespace"] = json!("default");
                pod["metadata"]["labels"] = json!({});
            }),
            vec![],
        ),
    ]
}

/// The cases in which the policies say something else than they should.
fn wrong(policies: &PolicySet) -> Vec<String> {
    let differs = |(what, object, expected): (&str, Value, Vec<&str>)| {
        let verdict = policies.review(&Review::create(object)).unwrap();
        let mut found: Vec<String> = verdict.denials().map(ToString::to_string).collect();
        found.sort();
        let mut expected = expected;
        expected.sort_unstable();
        (found != expected).then(|| format!("{what}: {found:?}"))
    };
    cases().into_iter().filter_map(differs).collect()
}

#[test]
fn each_pod_is_refused_for_what_is_wrong_with_it_and_for_nothing_else() {
    let wrong = wrong(&policies(|_, rego| rego.to_owned()));
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_rule_that_is_turned_round_is_noticed() {
    for (kind, old, new) in [
        (
            "K8sDenyPrivileged",
            "privileged == true",
            "privileged == false",
        ),
        ("K8sDenyPrivileged", "\"initContainers\", ", ""),
        (
            "K8sRequireLabels",
            "not has_label(label)",
            "has_label(label)",
        ),
        ("K8sRequireLabels", "!= \"\"", "== \"\""),
        ("K8sRequireNonRoot", "not non_root", "non_root"),
        (
            "K8sRequireNonRoot",
            "runAsNonRoot == true",
            "runAsNonRoot == false",
        ),
        (
            "K8sRequireResourceLimits",
            "not limited(container)",
            "limited(container)",
        ),
        (
            "K8sRequireResourceLimits",
            "  container.resources.limits.cpu\n",
            "",
        ),
        (
            "K8sRequireResourceLimits",
            "  container.resources.limits.memory\n",
            "",
        ),
    ] {
        let turned = policies(|of, rego| {
            if of != kind {
                return rego.to_owned();
            }
            assert!(rego.contains(old), "{old} in {rego}");
            rego.replace(old, new)
        });
        assert!(!wrong(&turned).is_empty(), "{kind}: {old} as {new}");
    }
}

#[test]
fn deployments_are_asked_for_labels_only() {
    let policies = policies(|_, rego| rego.to_owned());
    let deployment = |labels: Value| {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "test", "namespace": "demo", "labels": labels},
            "spec": {"template": {"spec": {"containers": [{"name": "test"}]}}},
        })
    };
    let denials = |object: Value| {
        policies
            .review(&Review::create(object))
            .unwrap()
            .denials()
            .count()
    };
    assert_eq!(
        denials(deployment(json!({"app": "a", "env": "dev", "team": "t"}))),
        0
    );
    assert_eq!(denials(deployment(json!({"app": "a"}))), 2);
}
