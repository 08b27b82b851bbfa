//! Kyverno: the rules of ClusterPolicies and Policies that validate, or that demand signatures.

mod conditions;
mod images;
mod matching;
mod pattern;
#[cfg_attr(not(feature = "jmespath"), path = "no_query.rs")]
mod query;
mod rule;
mod said;
mod variables;
mod wildcard;

use kube_vocab::ObjectId;
use serde_json::Value;
use stack_model::{Entry, Model};

use self::said::Said;
use self::variables::Data;
use crate::bounds::{Bounded, Bounds};
use crate::case::Case;
use crate::engine::{Engine, PolicyRow};
use crate::verdict::{Action, Outcome, Verdict};

const GROUP: &str = "kyverno.io";

/// The name of the engine.
const ENGINE: &str = "Kyverno";

/// Namespaces that Kyverno leaves alone unless it is told otherwise.
const LEFT_ALONE: [&str; 3] = ["kube-system", "kube-public", "kube-node-lease"];

/// The policies of Kyverno in a model.
#[derive(Debug, Default)]
pub struct Kyverno {
    policies: Vec<Policy>,
    bounded: Bounded,
    exceptions: Vec<Value>,
    /// What Kyverno's own configuration leaves alone, as kind, namespace and name; `None` where the input does not say.
    left_alone: Option<Vec<[String; 3]>>,
    config_maps: Vec<(ObjectId, Value)>,
}

#[derive(Debug)]
struct Policy {
    id: ObjectId,
    /// A Policy is about its own namespace.
    namespace: Option<String>,
    spec: Value,
    /// Kinds of the CEL policies that are not evaluated.
    unknown: Option<String>,
}

impl Policy {
    fn bounds(&self) -> Bounds {
        let rules = rules(Some(&self.spec)).filter(|rule| is_judged(rule));
        let of_rules = rules.map(matching::bounds);
        let bounds = of_rules.fold(Bounds::nothing(), Bounds::or);
        match &self.namespace {
            Some(own) => Bounds {
                namespaces: Some([own.clone()].into()),
                cluster_wide: false,
                ..bounds
            },
            None => bounds,
        }
    }
}

impl Kyverno {
    /// Reads the policies of a model.
    pub fn of(model: &Model) -> Self {
        let policies = |group: &'static str, kind: &'static str| model.objects(group, kind);
        let mut found: Vec<Policy> = Vec::new();
        for entry in policies(GROUP, "ClusterPolicy").chain(policies(GROUP, "Policy")) {
            if rules(spec_of(entry).as_ref()).any(is_judged) {
                found.push(Policy {
                    id: entry.id(),
                    namespace: entry.namespace().map(str::to_owned),
                    spec: spec_of(entry).unwrap_or_default(),
                    unknown: None,
                });
            }
        }
        let of_cel = [
            "ValidatingPolicy",
            "NamespacedValidatingPolicy",
            "ImageValidatingPolicy",
            "NamespacedImageValidatingPolicy",
        ];
        for kind in of_cel {
            found.extend(policies("policies.kyverno.io", kind).map(|entry| Policy {
                id: entry.id(),
                namespace: entry.namespace().map(str::to_owned),
                spec: Value::Null,
                unknown: Some(format!("{kind} is not evaluated here")),
            }));
        }
        if found.is_empty() {
            return Self::default();
        }
        let exceptions = policies(GROUP, "PolicyException");
        let maps = model.objects("", "ConfigMap");
        let filters = maps
            .clone()
            .find_map(|map| map.text_at("data.resourceFilters"));
        Self {
            bounded: Bounded::new(found.iter().map(Policy::bounds)),
            policies: found,
            exceptions: exceptions.filter_map(spec_of).collect(),
            left_alone: filters.map(resource_filters),
            config_maps: maps
                .map(|map: &Entry| (map.id(), map.value().to_json()))
                .collect(),
        }
    }

    /// Whether Kyverno is not asked about an object at all.
    fn leaves_alone(&self, case: &Case<'_>) -> bool {
        let namespace = case.namespace_name().unwrap_or_default();
        match &self.left_alone {
            None => LEFT_ALONE.contains(&namespace),
            Some(rows) => rows.iter().any(|[kind, of, name]| {
                wildcard::matches(kind, case.kind())
                    && (of.is_empty() || wildcard::matches(of, namespace))
                    && (name.is_empty() || wildcard::matches(name, case.name()))
            }),
        }
    }

    /// Whether an exception lets an object off a rule; `None` where that is not known.
    fn excepts(&self, case: &Case<'_>, policy: &Policy, rule: &str) -> Option<bool> {
        let full = match &policy.namespace {
            Some(namespace) => format!("{namespace}/{}", policy.id.name),
            None => policy.id.name.clone(),
        };
        let mut unknown = false;
        for exception in &self.exceptions {
            let list = exception.get("exceptions").and_then(Value::as_array);
            let named = list.into_iter().flatten().any(|one| {
                let rules = one.get("ruleNames").and_then(Value::as_array);
                let mut rules = rules.into_iter().flatten().filter_map(Value::as_str);
                one.get("policyName").and_then(Value::as_str) == Some(&full)
                    && rules.any(|pattern| {
                        wildcard::matches(pattern, rule)
                            || pattern.strip_prefix("autogen-") == Some(rule)
                    })
            });
            if named {
                match matching::block(exception.get("match").unwrap_or(&Value::Null), case, false) {
                    Some(true) if exception.get("conditions").is_none() => return Some(true),
                    Some(false) => {}
                    _ => unknown = true,
                }
            }
        }
        (!unknown).then_some(false)
    }
}

fn spec_of(entry: &Entry) -> Option<Value> {
    entry.at("spec").map(stack_model::Value::to_json)
}

fn rules(spec: Option<&Value>) -> impl Iterator<Item = &Value> {
    let rules = spec.and_then(|spec| spec.get("rules")?.as_array());
    rules.into_iter().flatten()
}

/// Whether a rule may refuse an object; others change or make objects.
fn is_judged(rule: &Value) -> bool {
    rule.get("validate").is_some() || rule.get("verifyImages").is_some()
}

/// `[Kind,namespace,name] [Kind/*,*,*]`.
fn resource_filters(text: &str) -> Vec<[String; 3]> {
    let rows = text.split('[').filter_map(|row| row.split_once(']'));
    rows.map(|(row, _)| {
        let mut parts = row.split(',').map(|part| part.trim().to_owned());
        [(); 3].map(|()| parts.next().unwrap_or_default())
    })
    .collect()
}

impl Engine for Kyverno {
    fn policies(&self) -> Vec<PolicyRow> {
        let rows = self.policies.iter().map(|policy| PolicyRow {
            engine: ENGINE,
            id: policy.id.clone(),
            unknown: policy.unknown.clone(),
        });
        rows.collect()
    }

    fn judge(&self, case: &Case<'_>, verdicts: &mut Vec<Verdict>) {
        if self.policies.is_empty() || self.leaves_alone(case) {
            return;
        }
        let mut data = None;
        for policy in self.bounded.about(case.home(), case.kind()) {
            let policy = &self.policies[policy];
            let elsewhere = policy
                .namespace
                .as_deref()
                .is_some_and(|own| case.namespace_name() != Some(own));
            if elsewhere {
                continue;
            }
            for rule in rules(Some(&policy.spec)).filter(|rule| is_judged(rule)) {
                let name = rule.get("name").and_then(Value::as_str).unwrap_or_default();
                let said = match matching::is_about(rule, case) {
                    Some(false) => continue,
                    None => Some(Said::Unknown("whom it is about depends on who sends the request, or on labels that are not in the input".to_owned())),
                    Some(true) => match self.excepts(case, policy, name) {
                        Some(true) => continue,
                        None => Some(Said::Unknown("an exception may let it off".to_owned())),
                        Some(false) => {
                            let data = data.get_or_insert_with(|| Data::of(case));
                            rule::judge(rule, case, data.clone(), &self.config_maps)
                        }
                    },
                };
                let Some(said) = said else {
                    continue;
                };
                let (outcome, path, message) = match said {
                    Said::Broken(path, message) => (Outcome::Broken, path, message),
                    Said::Unknown(reason) => (Outcome::Unknown, Default::default(), reason),
                };
                // As Kyverno names the rule that it makes for what makes pods.
                let prefix = if case.made_by.is_some() {
                    "autogen-"
                } else {
                    ""
                };
                verdicts.push(Verdict {
                    engine: ENGINE,
                    policy: format!("{}/{prefix}{name}", policy.id.name),
                    policy_id: policy.id.clone(),
                    action: action(&policy.spec, rule, case),
                    entry: case.entry.entry_id(),
                    object: case.entry.id(),
                    path: case.path(&path),
                    outcome,
                    message,
                });
            }
        }
    }
}

/// What becomes of an object that breaks a rule: the rule's own word before the policy's, and an override before both.
fn action(spec: &Value, rule: &Value, case: &Case<'_>) -> Action {
    let validate = &rule["validate"];
    let overridden = |value: &Value, member: &str| -> Option<String> {
        let list = value.get(member)?.as_array()?;
        let found = list.iter().find(|entry| matching::overrides(entry, case))?;
        found.get("action")?.as_str().map(str::to_lowercase)
    };
    let text = |value: &Value, member: &str| {
        value
            .get(member)
            .and_then(Value::as_str)
            .map(str::to_lowercase)
    };
    let action = overridden(validate, "failureActionOverrides")
        .or_else(|| text(validate, "failureAction"))
        .or_else(|| text(&rule["verifyImages"][0], "failureAction"))
        .or_else(|| overridden(spec, "validationFailureActionOverrides"))
        .or_else(|| text(spec, "validationFailureAction"));
    let warns = spec.get("emitWarning") == Some(&Value::Bool(true));
    match action.as_deref() {
        Some("enforce") => Action::Deny,
        _ if warns => Action::Warn,
        _ => Action::Audit,
    }
}

// They ask expressions and queries.
#[cfg(all(test, feature = "cel", feature = "jmespath"))]
mod tests;
