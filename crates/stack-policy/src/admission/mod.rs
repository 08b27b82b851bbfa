//! ValidatingAdmissionPolicy: rules in CEL that the API server itself evaluates.

mod evaluate;
mod matching;

pub(crate) use evaluate::request_scope as scope;

use std::collections::BTreeMap;

use crd_validate::cel::Expression;
use kube_vocab::{FieldPath, ObjectId};
use stack_model::{Entry, Model, Scope, Value};

use self::matching::Matching;
use crate::bounds::{Bounded, Bounds};
use crate::case::Case;
use crate::engine::{Engine, PolicyRow};
use crate::verdict::{Action, Outcome, Verdict};

const GROUP: &str = "admissionregistration.k8s.io";

/// The name of the engine.
const ENGINE: &str = "ValidatingAdmissionPolicy";

/// The ValidatingAdmissionPolicies of a model, with their bindings. A policy without a binding asks nothing of anybody.
#[derive(Debug, Default)]
pub struct AdmissionPolicies {
    bound: Vec<Bound>,
    bounded: Bounded,
    /// The plural names of kinds that definitions of the input make, by group and kind.
    resources: BTreeMap<(String, String), String>,
}

/// A policy by one of its bindings.
#[derive(Debug)]
struct Bound {
    policy: ObjectId,
    binding: String,
    fails_closed: bool,
    matching: Matching,
    narrower: Matching,
    conditions: Vec<Expression>,
    variables: Vec<(String, Expression)>,
    validations: Vec<Validation>,
    actions: Vec<Action>,
    parameters: Parameters,
}

#[derive(Debug)]
struct Validation {
    expression: Expression,
    message: Option<String>,
    message_expression: Option<Expression>,
}

/// What a policy is asked with.
#[derive(Clone, Debug)]
enum Parameters {
    /// It takes none.
    None,
    /// These objects, by the namespace in which they hold: that of what is judged, or all.
    Some(Vec<(Option<String>, serde_json::Value)>),
    /// The binding names some that the input does not hold.
    Missing(String),
}

impl AdmissionPolicies {
    /// Reads the policies and bindings of a model.
    pub fn of(model: &Model) -> Self {
        let mut resources = BTreeMap::new();
        for crd in model.objects("apiextensions.k8s.io", "CustomResourceDefinition") {
            let text = |path| crd.text_at(path).unwrap_or_default().to_owned();
            let key = (text("spec.group"), text("spec.names.kind"));
            resources.insert(key, text("spec.names.plural"));
        }
        let mut bound = Vec::new();
        for binding in model.objects(GROUP, "ValidatingAdmissionPolicyBinding") {
            let name = binding.text_at("spec.policyName").unwrap_or_default();
            // A policy that lies outside says nothing here.
            if let Some(policy) = model.get(GROUP, ENGINE, None, name) {
                bound.push(Bound::of(model, policy, binding));
            }
        }
        Self {
            bounded: Bounded::new(bound.iter().map(Bound::bounds)),
            bound,
            resources,
        }
    }
}

impl Bound {
    fn of(model: &Model, policy: &Entry, binding: &Entry) -> Self {
        let text = |value: &Value, member: &str| {
            let text = value.get(member).and_then(Value::as_str);
            text.filter(|text| !text.trim().is_empty())
                .map(str::to_owned)
        };
        let expression =
            |value: &Value| Expression::read(&text(value, "expression").unwrap_or_default());
        let variables = policy.items_at("spec.variables").iter();
        let validations = policy.items_at("spec.validations").iter();
        let actions = binding.items_at("spec.validationActions").iter();
        Self {
            policy: policy.id(),
            binding: binding.name().to_owned(),
            fails_closed: policy.text_at("spec.failurePolicy") != Some("Ignore"),
            matching: Matching::read(policy.at("spec.matchConstraints")),
            narrower: Matching::read(binding.at("spec.matchResources")),
            conditions: (policy.items_at("spec.matchConditions").iter())
                .map(expression)
                .collect(),
            variables: variables
                .map(|one| (text(one, "name").unwrap_or_default(), expression(one)))
                .collect(),
            validations: validations
                .map(|one| Validation {
                    expression: expression(one),
                    message: text(one, "message").map(|text| text.trim().to_owned()),
                    message_expression: text(one, "messageExpression")
                        .map(|text| Expression::read(&text)),
                })
                .collect(),
            actions: actions
                .filter_map(|action| match action.as_str()? {
                    "Deny" => Some(Action::Deny),
                    "Warn" => Some(Action::Warn),
                    "Audit" => Some(Action::Audit),
                    _ => None,
                })
                .collect(),
            parameters: Parameters::of(model, policy, binding),
        }
    }
}

impl Bound {
    /// Both the policy and its binding have to hold.
    fn bounds(&self) -> Bounds {
        let (policy, binding) = (self.matching.bounds(), self.narrower.bounds());
        Bounds {
            namespaces: binding.namespaces.or(policy.namespaces),
            cluster_wide: true,
            kinds: binding.kinds.or(policy.kinds),
        }
    }
}

impl Parameters {
    fn of(model: &Model, policy: &Entry, binding: &Entry) -> Self {
        let Some(kind) = policy.text_at("spec.paramKind.kind") else {
            return Self::None;
        };
        let version = policy
            .text_at("spec.paramKind.apiVersion")
            .unwrap_or_default();
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let Some(reference) = binding.at("spec.paramRef") else {
            return Self::Missing(format!("the binding names no {kind}"));
        };
        let text = |member: &str| reference.get(member).and_then(Value::as_str);
        let namespaced = model.scope_of(group, kind) != Some(Scope::Cluster);
        let selector = reference.get("selector").map(stack_model::Selector::read);
        let found = model.objects(group, kind).filter(|entry| {
            let by_name = text("name").is_none_or(|name| entry.name() == name);
            let by_namespace = text("namespace").is_none_or(|name| entry.namespace() == Some(name));
            let by_labels = match &selector {
                Some(Ok(selector)) => selector.matches(&entry.labels()),
                Some(Err(_)) => false,
                None => true,
            };
            by_name && by_namespace && by_labels
        });
        let found: Vec<(Option<String>, serde_json::Value)> = found
            .map(|entry| {
                let own = namespaced && text("namespace").is_none();
                let holds_in = entry.namespace().filter(|_| own).map(str::to_owned);
                (holds_in, entry.value().to_json())
            })
            .collect();
        // Whether it is left out on purpose, or lies outside, nobody can tell.
        match found.is_empty() {
            true => Self::Missing(format!(
                "the {kind} of the binding {} is not in the input",
                binding.name()
            )),
            false => Self::Some(found),
        }
    }
}

impl Engine for AdmissionPolicies {
    fn policies(&self) -> Vec<PolicyRow> {
        let rows = self.bound.iter().map(|bound| PolicyRow {
            engine: ENGINE,
            id: bound.policy.clone(),
            unknown: None,
        });
        rows.collect()
    }

    fn judge(&self, case: &Case<'_>, verdicts: &mut Vec<Verdict>) {
        // What governs admission is not governed by it.
        let governs = ["ValidatingAdmissionPolicy", "MutatingAdmissionPolicy"];
        if case.group() == GROUP && governs.iter().any(|kind| case.kind().starts_with(kind)) {
            return;
        }
        if self.bound.is_empty() {
            return;
        }
        let resource = self.resource(case);
        let mut scope = None;
        for bound in self.bounded.about(case.home(), &resource) {
            let bound = &self.bound[bound];
            let about = matching::both(
                bound.matching.selects(case, &resource),
                bound.narrower.selects(case, &resource),
            );
            let found = match about {
                Some(false) => continue,
                Some(true) => {
                    let scope = scope.get_or_insert_with(|| evaluate::scope(case, &resource));
                    bound.evaluate(case, scope)
                }
                None => {
                    let namespace = case.namespace_name().unwrap_or_default();
                    let message =
                        format!("the labels of namespace {namespace} are not in the input");
                    vec![(Outcome::Unknown, message)]
                }
            };
            for (outcome, message) in found {
                for action in &bound.actions {
                    verdicts.push(Verdict {
                        engine: ENGINE,
                        policy: format!("{} by {}", bound.policy.name, bound.binding),
                        policy_id: bound.policy.clone(),
                        action: *action,
                        entry: case.entry.entry_id(),
                        object: case.entry.id(),
                        path: case.path(&FieldPath::root()),
                        outcome,
                        message: message.clone(),
                    });
                }
            }
        }
    }
}

impl AdmissionPolicies {
    /// The plural of a kind, as rules name it.
    fn resource(&self, case: &Case<'_>) -> String {
        let key = (case.group().to_owned(), case.kind().to_owned());
        match self.resources.get(&key) {
            Some(plural) => plural.clone(),
            None => plural(case.kind()),
        }
    }
}

/// The plural as Kubernetes makes it from a kind, where no definition says otherwise.
fn plural(kind: &str) -> String {
    let kind = kind.to_lowercase();
    let after_vowel = kind.len() > 1 && kind[..kind.len() - 1].ends_with(['a', 'e', 'i', 'o', 'u']);
    match kind.chars().next_back() {
        _ if kind == "endpoints" => kind,
        Some('s' | 'x') => format!("{kind}es"),
        Some('y') if !after_vowel => format!("{}ies", &kind[..kind.len() - 1]),
        _ => format!("{kind}s"),
    }
}

// They ask expressions.
#[cfg(all(test, feature = "cel"))]
mod tests;
