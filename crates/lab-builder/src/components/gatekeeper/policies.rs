//! The four policies: their Rego, their scope, their messages.

use gatekeeper_types::constraints::{Constraint, EnforcementAction};
use gatekeeper_types::templates::ValidationSchema;
use gatekeeper_types::templates::v1::ConstraintTemplate;
use serde_json::{Map, Value, json};

/// One policy: a ConstraintTemplate and the constraint that applies it to the demo namespace.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The kind that the template creates; the template's name is the same in lower case.
    pub kind: String,
    /// The constraint's name.
    pub name: String,
    /// The rule. It denies what gives a `violation`.
    pub rego: String,
    /// What it looks at: API group and kinds.
    pub kinds: Vec<(String, Vec<String>)>,
    /// What happens on a violation. Documented: deny.
    pub enforcement_action: EnforcementAction,
    /// The constraint's parameters, where the rule has any.
    pub parameters: Option<Value>,
    /// The OpenAPI schema of the parameters; with them or not at all.
    pub parameters_schema: Option<Map<String, Value>>,
}

impl Policy {
    fn new(kind: &str, name: &str, rego: &str) -> Self {
        Policy {
            kind: kind.to_owned(),
            name: name.to_owned(),
            rego: rego.to_owned(),
            kinds: vec![(String::new(), vec!["Pod".to_owned()])],
            enforcement_action: EnforcementAction::Deny,
            parameters: None,
            parameters_schema: None,
        }
    }

    /// The ConstraintTemplate that makes the policy's kind, with its Rego.
    pub fn template(&self) -> ConstraintTemplate {
        let mut template = ConstraintTemplate::rego(&self.kind, &self.rego);
        if let Some(schema) = &self.parameters_schema {
            template.spec.get_or_insert_default().crd.spec.validation = Some(ValidationSchema {
                open_api_v3_schema: Some(schema.clone()),
                ..ValidationSchema::default()
            });
        }
        template
    }

    /// The constraint, for one namespace.
    pub fn constraint(&self, namespace: &str) -> Constraint {
        let mut constraint = Constraint::new(&self.kind, &self.name)
            .in_namespaces([namespace])
            .enforce(self.enforcement_action.clone());
        for (group, kinds) in &self.kinds {
            constraint = constraint.match_kinds(group, kinds.iter().map(String::as_str));
        }
        match &self.parameters {
            Some(parameters) => constraint.with_parameters(parameters.clone()),
            None => constraint,
        }
    }
}

/// The documented policies. The names, scopes and messages are documented; the Rego is *(ours)*.
pub fn policies() -> Vec<Policy> {
    let labels = Policy {
        kinds: vec![
            (String::new(), vec!["Pod".to_owned()]),
            ("apps".to_owned(), ["Deployment", "StatefulSet", "DaemonSet"].map(str::to_owned).into()),
        ],
        parameters: Some(json!({"labels": ["app", "env", "team"]})),
        parameters_schema: json!({
            "type": "object",
            "properties": {
                "labels": {"type": "array", "items": {"type": "string"}, "description": "Keys of the labels that must be there."},
            },
        })
        .as_object()
        .cloned(),
        ..Policy::new("K8sRequireLabels", "require-labels", REQUIRE_LABELS)
    };
    vec![
        Policy::new(
            "K8sDenyPrivileged",
            "deny-privileged-container",
            DENY_PRIVILEGED,
        ),
        labels,
        Policy::new("K8sRequireNonRoot", "require-non-root", REQUIRE_NON_ROOT),
        Policy::new(
            "K8sRequireResourceLimits",
            "require-resource-limits",
            REQUIRE_RESOURCE_LIMITS,
        ),
    ]
}

/// No container of any sort runs privileged.
const DENY_PRIVILEGED: &str = r#"package k8sdenyprivileged

sorts := {"containers", "initContainers", "ephemeralContainers"}

violation[{"msg": msg}] {
  container := input.review.object.spec[sorts[_]][_]
  container.securityContext.privileged == true
  msg := sprintf("컨테이너 '%v'가 privileged 모드로 실행됩니다.", [container.name])
}
"#;

/// Each label that is asked for is there and not empty; one message per label that is not.
const REQUIRE_LABELS: &str = r#"package k8srequirelabels

violation[{"msg": msg}] {
  label := input.parameters.labels[_]
  not has_label(label)
  msg := sprintf("필수 라벨 '%v'이(가) 없습니다.", [label])
}

has_label(label) {
  input.review.object.metadata.labels[label] != ""
}
"#;

/// The pod as a whole is told not to run as root.
const REQUIRE_NON_ROOT: &str = r#"package k8srequirenonroot

violation[{"msg": msg}] {
  not non_root
  msg := "Pod securityContext에 runAsNonRoot: true가 설정되지 않았습니다."
}

non_root {
  input.review.object.spec.securityContext.runAsNonRoot == true
}
"#;

/// Every container has a limit of memory and of CPU. Ephemeral containers cannot have resources, so they are not asked.
const REQUIRE_RESOURCE_LIMITS: &str = r#"package k8srequireresourcelimits

sorts := {"containers", "initContainers"}

violation[{"msg": msg}] {
  container := input.review.object.spec[sorts[_]][_]
  not limited(container)
  msg := sprintf("컨테이너 '%v'에 memory/cpu limits가 설정되지 않았습니다.", [container.name])
}

limited(container) {
  container.resources.limits.memory
  container.resources.limits.cpu
}
"#;
