//! Templates and constraints together, and their verdict on a request.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::error::RegoError;
use crate::inventory::Inventory;
use crate::policy::Policy;
use crate::review::Review;
use gatekeeper_types::constraints::{Constraint, EnforcementAction, EnforcementPointName};
use gatekeeper_types::templates::ConstraintTemplateSpec;
use gatekeeper_types::templates::{v1, v1alpha1, v1beta1};

/// Templates, constraints and objects to look at, as in a cluster with Gatekeeper.
#[derive(Clone, Debug, Default)]
pub struct PolicySet {
    policies: BTreeMap<String, Policy>,
    constraints: Vec<Constraint>,
    inventory: Inventory,
}

/// One violation of one constraint by a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// The violations, in the order in which the constraints were added.
    pub violations: Vec<Violation>,
}

/// One violation of one constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The kind of the constraint that is violated.
    pub kind: String,
    /// The name of the constraint that is violated.
    pub constraint: String,
    /// What happens for it; more than one action only with scoped enforcement.
    pub actions: Vec<EnforcementAction>,
    /// The policy's `msg`: what is wrong, for people.
    pub message: String,
    /// More about it; null where the policy gives none.
    pub details: Value,
}

/// As Gatekeeper shows it: `[CONSTRAINT] MESSAGE`.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.constraint, self.message)
    }
}

impl Verdict {
    /// Whether the request is refused.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.denials().next().is_some()
    }

    /// The violations for which the request is refused.
    pub fn denials(&self) -> impl Iterator<Item = &Violation> {
        self.with(EnforcementAction::Deny)
    }

    /// The violations that the client is warned of.
    pub fn warnings(&self) -> impl Iterator<Item = &Violation> {
        self.with(EnforcementAction::Warn)
    }

    fn with(&self, action: EnforcementAction) -> impl Iterator<Item = &Violation> {
        self.violations
            .iter()
            .filter(move |violation| violation.actions.contains(&action))
    }
}

/// A template of any version.
pub trait AnyTemplate {
    /// The template's name, which is its kind in lower case.
    fn name(&self) -> &str;
    /// The template's spec; `None` where it has none.
    fn spec(&self) -> Option<&ConstraintTemplateSpec>;
}

macro_rules! templates {
    ($($version:ident),+) => {
        $(impl AnyTemplate for $version::ConstraintTemplate {
            fn name(&self) -> &str {
                self.metadata.name.as_deref().unwrap_or_default()
            }

            fn spec(&self) -> Option<&ConstraintTemplateSpec> {
                self.spec.as_ref()
            }
        })+
    };
}

templates!(v1, v1beta1, v1alpha1);

impl PolicySet {
    /// Adds a template; an earlier one of the same kind is replaced.
    ///
    /// # Errors
    ///
    /// A template whose Rego cannot be used.
    pub fn add_template(&mut self, template: &impl AnyTemplate) -> Result<(), RegoError> {
        let (kind, targets) = match template.spec() {
            Some(spec) => (spec.crd.spec.names.kind.as_str(), spec.targets.as_slice()),
            None => ("", [].as_slice()),
        };
        let policy = Policy::compile(template.name(), targets)?;
        self.policies.insert(kind.to_owned(), policy);
        Ok(())
    }

    /// Adds a constraint; its template must be there. An earlier one of the same kind and name is replaced.
    ///
    /// # Errors
    ///
    /// A constraint without a template, or one whose parameters are no JSON.
    pub fn add_constraint<P: Serialize + Clone>(
        &mut self,
        constraint: &Constraint<P>,
    ) -> Result<(), RegoError> {
        let name = constraint.metadata.name.clone().unwrap_or_default();
        if !self.policies.contains_key(constraint.kind()) {
            let kind = constraint.kind().to_owned();
            return Err(RegoError::NoTemplate {
                constraint: name,
                kind,
            });
        }
        let parameters = match &constraint.spec.parameters {
            Some(parameters) => {
                serde_json::to_value(parameters).map_err(|error| RegoError::Parameters {
                    constraint: name,
                    message: error.to_string(),
                })?
            }
            None => Value::Object(serde_json::Map::new()),
        };
        let constraint = constraint.clone().with_parameters(parameters);
        self.constraints.retain(|known| {
            known.kind() != constraint.kind() || known.metadata.name != constraint.metadata.name
        });
        self.constraints.push(constraint);
        Ok(())
    }

    /// Adds an object that policies find in `data.inventory`.
    ///
    /// # Errors
    ///
    /// An object without apiVersion, kind or name.
    pub fn add_object(&mut self, object: Value) -> Result<(), RegoError> {
        self.inventory.insert(object)
    }

    /// What the webhook says to a request.
    ///
    /// # Errors
    ///
    /// Rego that fails, and match criteria that cannot be decided.
    pub fn review(&self, review: &Review) -> Result<Verdict, RegoError> {
        self.review_at(review, &EnforcementPointName::Webhook)
    }

    /// What an enforcement point says to a request.
    ///
    /// # Errors
    ///
    /// Rego that fails, and match criteria that cannot be decided.
    pub fn review_at(
        &self,
        review: &Review,
        point: &EnforcementPointName,
    ) -> Result<Verdict, RegoError> {
        let mut verdict = Verdict::default();
        for constraint in &self.constraints {
            let actions = constraint.actions_at(point);
            let Some(policy) = self.policies.get(constraint.kind()) else {
                continue;
            };
            if actions.is_empty() || !is_about(constraint, review)? {
                continue;
            }
            let parameters = constraint.spec.parameters.as_ref().unwrap_or(&Value::Null);
            for found in policy.violations(review, parameters, &self.inventory)? {
                verdict.violations.push(Violation {
                    kind: constraint.kind().to_owned(),
                    constraint: constraint.metadata.name.clone().unwrap_or_default(),
                    actions: actions.clone(),
                    message: found.message,
                    details: found.details,
                });
            }
        }
        Ok(verdict)
    }
}

fn is_about(constraint: &Constraint, review: &Review) -> Result<bool, RegoError> {
    for candidate in review.candidates() {
        let selected = constraint
            .spec
            .r#match
            .selects(&candidate)
            .map_err(|error| RegoError::Match {
                constraint: constraint.metadata.name.clone().unwrap_or_default(),
                error,
            })?;
        if selected {
            return Ok(true);
        }
    }
    Ok(false)
}
