use std::collections::BTreeSet;

use crd_families::Channel;
use crd_validate::{Judgement, Registry, UnknownFields, Validator, Verdict};
use gatekeeper_types::templates::ConstraintKind;
use gatekeeper_types::templates::v1::ConstraintTemplate;
use stack_builder::{Bundle, Finding, Object, Part, Severity};
use stack_model::{SourceObject, Value, parallel};

use crate::ObjectId;
use crate::model::id;

/// Adds the definitions of all families that `crd-families` knows, for judging objects as an API server does. Of each is read
/// what the objects that come touch. A definition that the registry has already stays.
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
    crd_families::add_definitions(Channel::Standard, registry);
}

/// What an API server would refuse, of the stack and of what the exercises apply.
pub(super) struct Admission {
    registry: Registry,
    /// Objects that define kinds.
    definitions: Vec<Object>,
    /// By the place of the object among all.
    said: Vec<(usize, Vec<Finding>)>,
    /// What is wrong with the stack's own definitions, where they are known before its objects come.
    of_definitions: Option<Vec<Finding>>,
}

/// Objects are judged as they come, by the definitions of this workspace; those whose kind the stack itself defines are judged
/// again once all of it is known.
impl Default for Admission {
    fn default() -> Self {
        let mut registry = Registry::new();
        add_definitions(&mut registry);
        Self {
            registry,
            definitions: Vec::new(),
            said: Vec::new(),
            of_definitions: None,
        }
    }
}

impl Admission {
    /// For the objects of a bundle, which brings definitions that count before those that `definitions` adds.
    pub(super) fn of(bundle: &Bundle, definitions: impl FnOnce(&mut Registry)) -> Self {
        let (mut registry, mut findings) = (Registry::new(), Vec::new());
        let objects = bundle.objects().chain(exercises(bundle));
        add_definitions_of(objects, &mut registry, &mut findings);
        definitions(&mut registry);
        Self {
            registry,
            definitions: Vec::new(),
            said: Vec::new(),
            of_definitions: Some(findings),
        }
    }

    /// What a server would say of an object; `value` is the object's.
    pub(super) fn judge(&self, object: &Object, value: &Value) -> Vec<Finding> {
        judge(&self.registry, object.id(), value)
    }

    /// Whether an object defines a kind.
    pub(super) fn is_definition(object: &Object) -> bool {
        matches!(
            &*object.id().kind,
            "CustomResourceDefinition" | "ConstraintTemplate"
        )
    }

    /// Takes note of the definitions among some objects, of which the first is the one at this place of all, and of what was said
    /// of them by their places from there on.
    pub(super) fn note(
        &mut self,
        first: usize,
        definitions: Vec<Object>,
        said: Vec<(usize, Vec<Finding>)>,
    ) {
        self.definitions.extend(definitions);
        let said = said.into_iter();
        self.said.extend(said.map(|(at, said)| (first + at, said)));
    }

    /// Judges the objects of the kinds that the stack defines by its own definitions; says what is wrong with those.
    fn judge_again(&mut self, exercises: &[&Object], sources: &[SourceObject]) -> Vec<Finding> {
        let (mut registry, mut findings) = (Registry::new(), Vec::new());
        let defining = self.definitions.iter().chain(exercises.iter().copied());
        let defined = add_definitions_of(defining, &mut registry, &mut findings);
        if defined.is_empty() {
            return findings;
        }
        add_definitions(&mut registry);
        self.registry = registry;
        let again: Vec<(usize, ObjectId)> = sources
            .iter()
            .map(|source| id(&source.value))
            .enumerate()
            .filter(|(_, id)| defined.contains(&(id.group().to_owned(), id.kind.clone())))
            .collect();
        let again_at: BTreeSet<usize> = again.iter().map(|(at, _)| *at).collect();
        self.said.retain(|(at, _)| !again_at.contains(at));
        let judged = parallel::small(&again, |(at, id)| {
            judge(&self.registry, id, &sources[*at].value)
        });
        self.said.extend(again_at.into_iter().zip(judged));
        self.said.sort_by_key(|(at, _)| *at);
        findings
    }

    /// All that is to be said, in the order of the objects; those of the exercises come last.
    pub(super) fn finish(mut self, bundle: &Bundle, sources: &[SourceObject]) -> Vec<Finding> {
        let exercises: Vec<&Object> = exercises(bundle).collect();
        let mut findings = match self.of_definitions.take() {
            Some(findings) => findings,
            None => self.judge_again(&exercises, sources),
        };
        findings.extend(self.said.into_iter().flat_map(|(_, said)| said));
        let judged = parallel::small(&exercises, |object| {
            judge(&self.registry, object.id(), &object.to_held())
        });
        findings.extend(judged.into_iter().flatten());
        findings
    }
}

fn exercises(bundle: &Bundle) -> impl Iterator<Item = &Object> {
    let exercises = bundle.parts().iter().flat_map(Part::exercises);
    exercises.map(|(_, _, object)| object)
}

fn judge(registry: &Registry, id: &ObjectId, value: &Value) -> Vec<Finding> {
    said_of(id, registry.judge_held(value, UnknownFields::Refuse))
}

/// What a judgement comes to.
fn said_of(object: &ObjectId, judgement: Judgement) -> Vec<Finding> {
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
            object.api_version
        );
        let remedy = "let a component contribute its CustomResourceDefinition, or ask a server";
        add(Severity::Warning, "kind".into(), message, remedy);
    }
    said
}

fn finding(
    object: &ObjectId,
    severity: Severity,
    path: String,
    message: String,
    remedy: &str,
) -> Finding {
    Finding::new("admission", severity, object, message)
        .at(path)
        .remedy(remedy)
}

/// Adds the definitions among objects, and those that Gatekeeper makes from templates among them; says which kinds they define.
fn add_definitions_of<'o>(
    objects: impl Iterator<Item = &'o Object>,
    registry: &mut Registry,
    findings: &mut Vec<Finding>,
) -> BTreeSet<(String, String)> {
    let mut defined = BTreeSet::new();
    for object in objects {
        if object.id().kind == "CustomResourceDefinition" {
            // One that cannot be read is judged like any object, and found wanting there.
            if let Ok(validator) = Validator::new(&object.to_value()) {
                defined.insert((validator.group().to_owned(), validator.kind().to_owned()));
                registry.add(validator);
            }
        } else if let Ok(Some(template)) = object.read::<ConstraintTemplate>() {
            match template.constraint_kind() {
                // A schema that cannot be judged by is said on each constraint.
                Ok(ConstraintKind { definition, schema }) => {
                    let group = definition.spec.group.clone();
                    let kind = definition.spec.names.kind.clone();
                    registry.add_by_version(
                        &group,
                        &kind,
                        move || serde_json::to_value(&definition),
                        move |_| serde_json::to_value(&schema).ok(),
                    );
                    defined.insert((group, kind));
                }
                Err(error) => findings.push(finding(
                    object.id(),
                    Severity::Error,
                    "spec.crd".into(),
                    error.to_string(),
                    "change it: Gatekeeper cannot make the constraint's kind from it",
                )),
            }
        }
    }
    defined
}
