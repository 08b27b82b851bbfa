//! Policies: labels that a Namespace must have, and pods that must not run as root.

use gatekeeper_types::constraints::Constraint;
use gatekeeper_types::templates::v1::ConstraintTemplate;
use kyverno_types::v1::{
    ClusterPolicy, PolicySpec, Rule, RuleMatch, RuleValidation, ValidationFailureAction,
};
use kyverno_types::v2::ResourceDescription;
use serde_json::json;

use super::{Document, DocumentError};

/// The kind of the constraint.
pub const REQUIRED_LABELS: &str = "K8sRequiredLabels";

/// Which labels are missing, in Rego.
pub const REQUIRED_LABELS_REGO: &str = r#"package k8srequiredlabels
violation[{"msg": msg}] {
  required := {"owner", "team"}
  provided := {k | input.review.object.metadata.labels[k]}
  missing := required - provided
  count(missing) > 0
  msg := sprintf("missing required labels: %v", [missing])
}
"#;

/// A kind of constraint for which objects need the labels `owner` and `team`.
pub fn required_labels_template() -> ConstraintTemplate {
    ConstraintTemplate::rego(REQUIRED_LABELS, REQUIRED_LABELS_REGO)
}

/// Namespaces need these labels.
pub fn required_labels() -> Constraint {
    Constraint::new(REQUIRED_LABELS, "must-have-owner-team").match_kinds("", ["Namespace"])
}

fn not_as_root() -> RuleValidation {
    RuleValidation::pattern(
        "Containers must not run as root.",
        json!({"spec": {"securityContext": {"runAsNonRoot": true}}}),
    )
}

/// As it is printed: with the action and the match of older versions.
pub fn disallow_root_as_printed() -> ClusterPolicy {
    let about = RuleMatch {
        resources: Some(ResourceDescription {
            kinds: vec!["Pod".into()],
            ..ResourceDescription::default()
        }),
        ..RuleMatch::default()
    };
    let spec = PolicySpec {
        validation_failure_action: Some(ValidationFailureAction::EnforceLower),
        ..PolicySpec::of_rules([Rule::validate("runAsNonRoot", about, not_as_root())])
    };
    ClusterPolicy::new("disallow-root", spec)
}

/// Pods that may run as root are refused.
pub fn disallow_root() -> ClusterPolicy {
    let rule = Rule::validate(
        "runAsNonRoot",
        RuleMatch::kinds(["Pod"]),
        not_as_root().enforced(),
    );
    ClusterPolicy::new("disallow-root", PolicySpec::of_rules([rule]))
}

pub(super) fn documents() -> Result<Vec<Document>, DocumentError> {
    Ok(vec![
        Document::printed(
            "001-9.2-ConstraintTemplate-k8srequiredlabels.yaml",
            &required_labels_template(),
        )?,
        Document::text("001-9.2-Rego-k8srequiredlabels.rego", REQUIRED_LABELS_REGO.to_owned()),
        Document::printed(
            "001-9.2-K8sRequiredLabels-must-have-owner-team.yaml",
            &required_labels(),
        )?,
        Document::printed(
            "001-9.2-ClusterPolicy-disallow-root.yaml",
            &disallow_root_as_printed(),
        )?
        .with_fault(
            "policy-old-form",
            "`validationFailureAction` (and its value in small letters) and `match.resources` are older forms that Kyverno \
             is about to drop: `failureAction: Enforce` stands with the rule, and the kinds stand below `match.any`",
        )
        .with_corrected(&disallow_root())?,
    ])
}
