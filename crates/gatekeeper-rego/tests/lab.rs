//! Four policies like those of a small platform, evaluated: what they refuse, with which message, and where.

use gatekeeper_rego::{PolicySet, Position, RegoError, Review};
use gatekeeper_types::constraints::{
    Constraint, EnforcementAction, EnforcementPointName, ScopedEnforcementAction,
};
use gatekeeper_types::templates::RegoSource;
use gatekeeper_types::templates::v1::ConstraintTemplate;
use serde_json::{Value, json};

const DENY_PRIVILEGED: &str = r#"package k8sdenyprivileged

violation[{"msg": msg}] {
  container := input.review.object.spec.containers[_]
  container.securityContext.privileged == true
  msg := sprintf("컨테이너 '%v'가 privileged 모드로 실행됩니다.", [container.name])
}
"#;

const REQUIRE_LABELS: &str = r#"package k8srequirelabels

violation[{"msg": msg, "details": {"label": label}}] {
  label := input.parameters.labels[_]
  not input.review.object.metadata.labels[label]
  msg := sprintf("필수 라벨 '%v'이(가) 없습니다.", [label])
}
"#;

const REQUIRE_NON_ROOT: &str = r#"package k8srequirenonroot

violation[{"msg": msg}] {
  not input.review.object.spec.securityContext.runAsNonRoot == true
  msg := "Pod securityContext에 runAsNonRoot: true가 설정되지 않았습니다."
}
"#;

const REQUIRE_LIMITS: &str = r#"package k8srequireresourcelimits

import data.lib.containers

violation[{"msg": msg}] {
  container := containers.all[_]
  missing(container)
  msg := sprintf("컨테이너 '%v'에 memory/cpu limits가 설정되지 않았습니다.", [container.name])
}

missing(container) {
  not container.resources.limits.memory
}

missing(container) {
  not container.resources.limits.cpu
}
"#;

const CONTAINERS: &str = r#"package lib.containers

all[container] {
  container := input.review.object.spec.containers[_]
}

all[container] {
  container := input.review.object.spec.initContainers[_]
}
"#;

fn policies() -> PolicySet {
    let mut policies = PolicySet::default();
    for template in [
        ConstraintTemplate::rego("K8sDenyPrivileged", DENY_PRIVILEGED),
        ConstraintTemplate::rego("K8sRequireLabels", REQUIRE_LABELS),
        ConstraintTemplate::rego("K8sRequireNonRoot", REQUIRE_NON_ROOT),
        ConstraintTemplate::rego("K8sRequireResourceLimits", REQUIRE_LIMITS)
            .with_libs([CONTAINERS]),
    ] {
        policies.add_template(&template).unwrap();
    }
    let labels = json!({"labels": ["app", "env", "team"]});
    for constraint in [
        deny_privileged(),
        Constraint::new("K8sRequireLabels", "require-labels").with_parameters(labels),
        Constraint::new("K8sRequireNonRoot", "require-non-root"),
        Constraint::new("K8sRequireResourceLimits", "require-resource-limits"),
    ] {
        policies
            .add_constraint(&constraint.match_kinds("", ["Pod"]).in_namespaces(["demo"]))
            .unwrap();
    }
    policies
}

fn deny_privileged() -> Constraint {
    Constraint::new("K8sDenyPrivileged", "deny-privileged-container")
        .enforce(EnforcementAction::Deny)
}

fn pod() -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "p", "namespace": "demo", "labels": {"app": "test", "env": "dev", "team": "platform"}},
        "spec": {
            "securityContext": {"runAsNonRoot": true, "runAsUser": 1000},
            "containers": [{"name": "test", "image": "busybox",
                "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}}}],
        },
    })
}

fn privileged() -> Value {
    let mut pod = pod();
    pod["spec"]["containers"][0]["securityContext"] = json!({"privileged": true});
    pod
}

fn unlabelled() -> Value {
    let mut pod = pod();
    pod["metadata"]["labels"] = Value::Null;
    pod
}

fn root() -> Value {
    let mut pod = pod();
    pod["spec"]["securityContext"] = Value::Null;
    pod
}

fn unlimited() -> Value {
    let mut pod = pod();
    pod["spec"]["containers"][0]["resources"] = Value::Null;
    pod
}

fn messages(policies: &PolicySet, object: Value) -> Vec<String> {
    let verdict = policies.review(&Review::create(object)).unwrap();
    assert_eq!(verdict.is_denied(), !verdict.violations.is_empty());
    verdict.denials().map(ToString::to_string).collect()
}

#[test]
fn each_pod_is_refused_for_exactly_what_is_wrong_with_it() {
    let policies = policies();
    assert_eq!(messages(&policies, pod()), [""; 0]);
    for (object, expected) in [
        (
            privileged(),
            vec!["[deny-privileged-container] 컨테이너 'test'가 privileged 모드로 실행됩니다."],
        ),
        (
            unlabelled(),
            vec![
                "[require-labels] 필수 라벨 'app'이(가) 없습니다.",
                "[require-labels] 필수 라벨 'env'이(가) 없습니다.",
                "[require-labels] 필수 라벨 'team'이(가) 없습니다.",
            ],
        ),
        (
            root(),
            vec![
                "[require-non-root] Pod securityContext에 runAsNonRoot: true가 설정되지 않았습니다.",
            ],
        ),
        (
            unlimited(),
            vec![
                "[require-resource-limits] 컨테이너 'test'에 memory/cpu limits가 설정되지 않았습니다.",
            ],
        ),
    ] {
        assert_eq!(messages(&policies, object), expected);
    }
}

#[test]
fn other_namespaces_and_kinds_are_left_alone() {
    let policies = policies();
    for mut object in [privileged(), unlabelled(), root(), unlimited()] {
        object["metadata"]["namespace"] = json!("demo2");
        assert_eq!(messages(&policies, object.clone()), [""; 0]);
        object["metadata"]["namespace"] = json!("demo");
        object["kind"] = json!("PodTemplate");
        assert_eq!(messages(&policies, object), [""; 0]);
    }
}

#[test]
fn the_action_decides_what_a_violation_means() {
    let mut policies = policies();
    for (action, denied, warnings) in [
        (EnforcementAction::Warn, false, 1),
        (EnforcementAction::Dryrun, false, 0),
        (EnforcementAction::Other("log".into()), false, 0),
        (EnforcementAction::Deny, true, 0),
    ] {
        policies
            .add_constraint(&deny_privileged().enforce(action))
            .unwrap();
        let verdict = policies.review(&Review::create(privileged())).unwrap();
        assert_eq!(verdict.violations.len(), 1);
        assert_eq!(
            (verdict.is_denied(), verdict.warnings().count()),
            (denied, warnings)
        );
    }
}

#[test]
fn scoped_actions_count_at_their_points_only() {
    let mut policies = policies();
    let scoped = deny_privileged().enforce_scoped([
        ScopedEnforcementAction::new(EnforcementAction::Deny, [EnforcementPointName::Audit]),
        ScopedEnforcementAction::new(EnforcementAction::Warn, [EnforcementPointName::All]),
    ]);
    policies.add_constraint(&scoped).unwrap();
    let review = Review::create(privileged());
    let webhook = policies.review(&review).unwrap();
    assert_eq!(
        (webhook.is_denied(), webhook.warnings().count()),
        (false, 1)
    );
    let audit = policies
        .review_at(&review, &EnforcementPointName::Audit)
        .unwrap();
    assert_eq!(
        audit.violations[0].actions,
        [EnforcementAction::Deny, EnforcementAction::Warn]
    );
}

#[test]
fn the_namespace_can_be_asked_for_its_labels() {
    let mut policies = policies();
    let mut constraint = deny_privileged();
    constraint.spec.r#match.namespace_selector =
        serde_json::from_value(json!({"matchLabels": {"strict": "yes"}})).unwrap();
    policies.add_constraint(&constraint).unwrap();
    let namespace = |strict: &str| json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "labels": {"strict": strict}}});
    for (strict, denied) in [("yes", true), ("no", false)] {
        let review = Review::create(privileged()).with_namespace(namespace(strict));
        assert_eq!(policies.review(&review).unwrap().is_denied(), denied);
    }
    let error = policies.review(&Review::create(privileged())).unwrap_err();
    assert!(matches!(error, RegoError::Match { .. }), "{error}");
}

#[test]
fn policies_see_other_objects_details_and_old_objects() {
    let mut policies = PolicySet::default();
    let rego = r#"package unique

violation[{"msg": msg, "details": {"other": name}}] {
  other := data.inventory.namespace[_]["v1"]["Service"][name]
  other.spec.clusterIP == input.review.object.spec.clusterIP
  msg := sprintf("%v %v", [input.review.operation, input.review.oldObject.metadata.name])
}
"#;
    policies
        .add_template(&ConstraintTemplate::rego("Unique", rego))
        .unwrap();
    policies
        .add_constraint(&Constraint::new("Unique", "u"))
        .unwrap();
    let service = |name: &str| json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "n"}, "spec": {"clusterIP": "10.0.0.1"}});
    policies.add_object(service("first")).unwrap();
    let verdict = policies
        .review(&Review::update(service("old"), service("second")))
        .unwrap();
    assert_eq!(verdict.violations[0].message, "UPDATE old");
    assert_eq!(verdict.violations[0].details, json!({"other": "first"}));
}

fn compile(rego: &str) -> RegoError {
    PolicySet::default()
        .add_template(&ConstraintTemplate::rego("Bad", rego))
        .unwrap_err()
}

#[test]
fn errors_say_where() {
    let error = compile("package bad\n\nviolation[{\"msg\": msg}] {\n  msg := \"open\n}\n");
    let RegoError::Compile {
        position: Some(position),
        ..
    } = &error
    else {
        panic!("{error:?}")
    };
    assert_eq!(
        position,
        &Position {
            module: "rego".into(),
            line: 4,
            column: 15
        }
    );
    assert!(
        error.to_string().starts_with("template `bad`, rego:4:15: "),
        "{error}"
    );

    assert_eq!(
        compile("package bad\n\ndeny { true }\n"),
        RegoError::NoViolationRule {
            template: "bad".into()
        }
    );

    let library =
        ConstraintTemplate::rego("Bad", DENY_PRIVILEGED).with_libs(["package helpers\n\nx := 1\n"]);
    let error = PolicySet::default().add_template(&library).unwrap_err();
    assert!(
        matches!(&error, RegoError::LibraryPackage { package, .. } if package == "helpers"),
        "{error}"
    );

    let mut policies = PolicySet::default();
    let rego = "package bad\n\nviolation[{\"msg\": msg}] {\n  x := external_data({\"provider\": \"p\"})\n  msg := x\n}\n";
    let error = match policies.add_template(&ConstraintTemplate::rego("Bad", rego)) {
        Ok(()) => {
            policies
                .add_constraint(&Constraint::new("Bad", "b"))
                .unwrap();
            policies.review(&Review::create(pod())).unwrap_err()
        }
        Err(error) => error,
    };
    assert!(error.to_string().contains("rego:4:"), "{error}");

    let mut policies = PolicySet::default();
    let rego = "package bad\n\nviolation[{\"message\": \"x\"}] { true }\n";
    policies
        .add_template(&ConstraintTemplate::rego("Bad", rego))
        .unwrap();
    policies
        .add_constraint(&Constraint::new("Bad", "b"))
        .unwrap();
    let error = policies.review(&Review::create(pod())).unwrap_err();
    assert!(matches!(error, RegoError::Violation { .. }), "{error}");

    let error = policies
        .add_constraint(&Constraint::new("Unknown", "u"))
        .unwrap_err();
    assert_eq!(
        error,
        RegoError::NoTemplate {
            constraint: "u".into(),
            kind: "Unknown".into()
        }
    );
}

#[test]
fn the_syntax_of_v1_is_read_where_it_is_announced() {
    let rego = "package v\n\nviolation contains {\"msg\": \"no\"} if {\n\tinput.review.object.metadata.name == \"p\"\n}\n";
    let source = RegoSource {
        rego: rego.into(),
        ..RegoSource::default()
    };
    let mut policies = PolicySet::default();
    policies
        .add_template(&ConstraintTemplate::rego_v1("V", source))
        .unwrap();
    policies.add_constraint(&Constraint::new("V", "v")).unwrap();
    assert!(policies.review(&Review::create(pod())).unwrap().is_denied());
}
