#![doc = include_str!("../README.md")]

mod inventory;

use gatekeeper_rego::{PolicySet, RegoError, Review, Violation};
use gatekeeper_types::constraints::{Constraint, EnforcementAction};
use gatekeeper_types::matching::{Kinds, Match, Wildcard};
use gatekeeper_types::templates::{v1, v1alpha1, v1beta1};
use kube_vocab::{FieldPath, ObjectId};
use stack_model::{Entry, Model, Value};
use stack_policy::{Action, Bounded, Bounds, Case, Engine, Outcome, PolicyRow, Verdict};

/// The name of the engine.
const ENGINE: &str = "Gatekeeper";

/// The label by which a namespace is exempt.
const IGNORE: &str = "admission.gatekeeper.sh/ignore";

/// The constraints of a model, each with its template.
#[derive(Debug, Default)]
pub struct Gatekeeper {
    constraints: Vec<Bound>,
    bounded: Bounded,
    /// Patterns of namespaces that Gatekeeper's Config exempts from its webhook.
    exempt: Vec<String>,
    /// Templates that cannot be evaluated.
    broken: Vec<PolicyRow>,
}

/// One constraint, ready to be asked. Each has a set of its own, so that one that fails does not silence the others.
#[derive(Debug)]
struct Bound {
    id: ObjectId,
    policy: Result<PolicySet, String>,
    bounds: Bounds,
}

impl Gatekeeper {
    /// Reads the templates and constraints of a model.
    pub fn of(model: &Model) -> Self {
        let mut read = Self::default();
        let mut templates: Vec<(String, PolicySet)> = Vec::new();
        let mut inventory = None;
        for entry in model.objects("templates.gatekeeper.sh", "ConstraintTemplate") {
            let kind = entry
                .text_at("spec.crd.spec.names.kind")
                .unwrap_or_default();
            match template(entry) {
                Ok(mut policies) => {
                    // It costs time, and few policies look at it.
                    if entry.value().to_string().contains("data.inventory") {
                        let objects = inventory.get_or_insert_with(|| inventory::synced(model));
                        for object in objects.iter() {
                            // What has no name cannot be looked up.
                            let _ = policies.add_object(object.clone());
                        }
                    }
                    templates.push((kind.to_owned(), policies));
                }
                Err(reason) => read.broken.push(PolicyRow {
                    engine: ENGINE,
                    id: entry.id(),
                    unknown: Some(reason),
                }),
            }
        }
        let kinds = model
            .kinds()
            .filter(|(group, _)| *group == "constraints.gatekeeper.sh");
        for entry in kinds.flat_map(|(group, kind)| model.objects(group, kind)) {
            let mut known = templates.iter();
            // Where the template is broken that is said of the template; where it lies outside nothing is known.
            let Some((_, policies)) = known.find(|(kind, _)| kind == entry.kind()) else {
                continue;
            };
            read.constraints.push(bind(entry, policies.clone()));
        }
        let bounds = read.constraints.iter().map(|bound| bound.bounds.clone());
        read.bounded = Bounded::new(bounds);
        for config in model.objects("config.gatekeeper.sh", "Config") {
            for exemption in config.items_at("spec.match") {
                let texts = |member: &str| -> Vec<&str> {
                    let items = exemption.get(member).and_then(Value::as_array);
                    items
                        .into_iter()
                        .flatten()
                        .filter_map(Value::as_str)
                        .collect()
                };
                if texts("processes")
                    .iter()
                    .any(|process| matches!(*process, "*" | "webhook"))
                {
                    read.exempt
                        .extend(texts("excludedNamespaces").into_iter().map(str::to_owned));
                }
            }
        }
        read
    }

    /// Whether Gatekeeper's webhook is not asked about an object.
    fn is_exempt(&self, case: &Case<'_>) -> bool {
        let by_config = case
            .home()
            .is_some_and(|name| self.exempt.iter().any(|pattern| fits(pattern, name)));
        let namespace = if case.is_namespace() {
            Some(case.entry)
        } else {
            case.namespace
        };
        by_config || namespace.is_some_and(|namespace| namespace.labels().get(IGNORE).is_some())
    }
}

/// Gatekeeper's patterns of namespaces: `*` at the beginning, the end, or both.
fn fits(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => name.contains(pattern.trim_matches('*')),
        (Some(end), None) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => pattern == name,
    }
}

fn template(entry: &Entry) -> Result<PolicySet, String> {
    let mut policies = PolicySet::default();
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let added = match entry.version() {
        "v1" => policies.add_template(
            &entry
                .get::<v1::ConstraintTemplate>()
                .map_err(|e| text(&e))?,
        ),
        "v1beta1" => policies.add_template(
            &entry
                .get::<v1beta1::ConstraintTemplate>()
                .map_err(|e| text(&e))?,
        ),
        _ => policies.add_template(
            &entry
                .get::<v1alpha1::ConstraintTemplate>()
                .map_err(|e| text(&e))?,
        ),
    };
    match added {
        Ok(()) => Ok(policies),
        Err(RegoError::NoRego { .. }) => {
            Err("it has no Rego; CEL of templates is not evaluated here".to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

fn bind(entry: &Entry, mut policies: PolicySet) -> Bound {
    let constraint = entry.get::<Constraint>().map_err(|error| error.to_string());
    let bounds = constraint.as_ref().map(|read| bounds(&read.spec.r#match));
    let policy = constraint.as_ref().map_err(String::clone).and_then(|read| {
        let added = policies.add_constraint(read);
        added.map(|()| policies).map_err(|error| error.to_string())
    });
    Bound {
        id: entry.id(),
        policy,
        bounds: bounds.unwrap_or_default(),
    }
}

/// What match criteria can be about at most.
fn bounds(criteria: &Match) -> Bounds {
    let namespaces = criteria.namespaces.iter().map(Wildcard::as_str);
    let is_plain =
        !criteria.namespaces.is_empty() && !namespaces.clone().any(|name| name.contains('*'));
    let any_kind =
        |kinds: &Kinds| kinds.kinds.is_empty() || kinds.kinds.iter().any(|kind| kind == "*");
    let of_kinds = !criteria.kinds.is_empty() && !criteria.kinds.iter().any(any_kind);
    let kinds = criteria.kinds.iter().flat_map(|kinds| &kinds.kinds);
    Bounds {
        namespaces: is_plain.then(|| namespaces.map(str::to_owned).collect()),
        // They leave alone what lives in none.
        cluster_wide: true,
        kinds: of_kinds.then(|| kinds.cloned().collect()),
    }
}

impl Engine for Gatekeeper {
    fn policies(&self) -> Vec<PolicyRow> {
        let rows = self.constraints.iter().map(|bound| PolicyRow {
            engine: ENGINE,
            id: bound.id.clone(),
            unknown: bound.policy.as_ref().err().cloned(),
        });
        rows.chain(self.broken.iter().cloned()).collect()
    }

    fn judge(&self, case: &Case<'_>, verdicts: &mut Vec<Verdict>) {
        if self.constraints.is_empty() || self.is_exempt(case) {
            return;
        }
        let asked = self.bounded.about(case.home(), case.kind());
        if asked.is_empty() {
            return;
        }
        let review = Review::create(case.object().clone());
        let review = match case.namespace {
            Some(namespace) => review.with_namespace(namespace.value().to_json()),
            None => review,
        };
        for bound in asked {
            let bound = &self.constraints[bound];
            let Ok(policy) = &bound.policy else {
                continue;
            };
            let verdict = |action, outcome, message| Verdict {
                engine: ENGINE,
                policy: bound.id.name.clone(),
                policy_id: bound.id.clone(),
                action,
                entry: case.entry.entry_id(),
                object: case.entry.id(),
                path: case.path(&FieldPath::root()),
                outcome,
                message,
            };
            match policy.review(&review) {
                Ok(found) => verdicts.extend(found.violations.into_iter().map(|violation| {
                    let action = strictest(&violation);
                    verdict(action, Outcome::Broken, violation.message)
                })),
                Err(error) => {
                    verdicts.push(verdict(Action::Deny, Outcome::Unknown, error.to_string()))
                }
            }
        }
    }
}

/// The most that becomes of an object: refused before warned of before noted down.
fn strictest(violation: &Violation) -> Action {
    let has = |action| violation.actions.contains(&action);
    match () {
        () if has(EnforcementAction::Deny) => Action::Deny,
        () if has(EnforcementAction::Warn) => Action::Warn,
        () => Action::Audit,
    }
}
