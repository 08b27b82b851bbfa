use crd_families::Channel;
use crd_validate::{Judgement, Registry, UnknownFields, Validator, Verdict};
use gatekeeper_types::templates::v1::ConstraintTemplate;

use stack_builder::{Bundle, Finding, Object, Part, Severity, parallel};

use crate::model::Whole;

/// Adds the definitions of the families with which `crd-families` is built (at least the lab's), for judging objects as an API
/// server does. Each is made when the first object of its kind comes. A definition that the registry has already stays.
///
/// ```
/// use crd_validate::{Registry, UnknownFields, Verdict};
/// use serde_json::json;
///
/// let mut registry = Registry::new();
/// lab_builder::check::add_definitions(&mut registry);
/// let class = json!({
///     "apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass", "metadata": {"name": "kong"},
///     "spec": {"controllerName": "kong"}
/// });
/// let judgement = registry.judge(&class, UnknownFields::Refuse);
/// assert_eq!(judgement.verdict, Verdict::Rejected);
/// assert_eq!(judgement.report.findings[0].path.to_string(), "spec.controllerName");
/// ```
pub fn add_definitions(registry: &mut Registry) {
    for definition in crd_families::Registry::new().definitions(Channel::Standard) {
        let (group, kind) = (definition.group(), definition.kind());
        registry.add_lazily(group, kind, move || definition.to_json());
    }
}

/// What an API server would refuse, of the stack and of what the exercises apply.
pub(super) fn check(
    whole: &Whole<'_>,
    definitions: impl FnOnce(&mut Registry),
    findings: &mut Vec<Finding>,
) {
    let bundle = whole.bundle;
    let mut registry = Registry::new();
    add_definitions_of(bundle, &mut registry, findings);
    definitions(&mut registry);
    let objects: Vec<&Object> = objects(bundle).collect();
    let judged = parallel::all(&objects, |object| {
        said_of(
            object,
            registry.judge(object.value(), UnknownFields::Refuse),
        )
    });
    findings.extend(judged.into_iter().flatten());
}

/// What a judgement comes to.
fn said_of(object: &Object, judgement: Judgement) -> Vec<Finding> {
    let unknown = judgement.verdict == Verdict::Unknown && judgement.report.notes.is_empty();
    let mut said = Vec::new();
    let mut add = |severity, path: String, message: String, remedy: &str| {
        said.push(finding(object, severity, path, message, remedy));
    };
    for found in judgement.report.findings {
        let remedy = "change it: an API server refuses the object as it is";
        add(
            Severity::Error,
            found.path.to_string(),
            found.message,
            remedy,
        );
    }
    for rule in judgement.report.notes {
        let remedy = "ask a server: kubectl apply --dry-run=server";
        add(
            Severity::Warning,
            rule.path.to_string(),
            rule.message,
            remedy,
        );
    }
    if unknown {
        let message = format!(
            "the definition of this kind in {} is not known",
            object.id().api_version
        );
        let remedy = "let a component contribute its CustomResourceDefinition, or ask a server";
        add(Severity::Warning, "kind".into(), message, remedy);
    }
    said
}

fn objects(bundle: &Bundle) -> impl Iterator<Item = &Object> {
    let exercises = bundle.parts().iter().flat_map(Part::exercises);
    bundle
        .objects()
        .chain(exercises.map(|(_, _, object)| object))
}

fn finding(
    object: &Object,
    severity: Severity,
    path: String,
    message: String,
    remedy: &str,
) -> Finding {
    Finding::new("admission", severity, object.id(), message)
        .at(path)
        .remedy(remedy)
}

/// The definitions that the bundle itself brings, and those that Gatekeeper makes from its templates.
fn add_definitions_of(bundle: &Bundle, registry: &mut Registry, findings: &mut Vec<Finding>) {
    for object in objects(bundle) {
        if object.id().kind == "CustomResourceDefinition" {
            // One that cannot be read is judged like any object, and found wanting there.
            if let Ok(validator) = Validator::new(object.value()) {
                registry.add(validator);
            }
        } else if let Ok(Some(template)) = object.read::<ConstraintTemplate>() {
            match template.constraint_crd() {
                // A schema that cannot be judged by is said on each constraint.
                Ok(definition) => {
                    let (group, kind) = (&definition.spec.group, &definition.spec.names.kind);
                    let made = definition.clone();
                    registry.add_lazily(group, kind, move || serde_json::to_value(&made));
                }
                Err(error) => findings.push(finding(
                    object,
                    Severity::Error,
                    "spec.crd".into(),
                    error.to_string(),
                    "change it: Gatekeeper cannot make the constraint's kind from it",
                )),
            }
        }
    }
}
