//! What a policy says of a request that it is about.

use crd_validate::cel::{Answer, EvaluationError, Scope};
use serde_json::{Value, json};

use super::{Bound, Parameters, Validation};
use crate::case::Case;
use crate::verdict::Outcome;

/// What an expression sees of the creation of an object whose kind has an ordinary plural.
pub(crate) fn request_scope(case: &Case<'_>) -> Scope {
    let mut scope = scope(case, &super::plural(case.kind()));
    scope.set("variables", &json!({}));
    scope
}

/// What every policy sees of the creation of an object.
pub(super) fn scope(case: &Case<'_>, resource: &str) -> Scope {
    let (group, version) = (case.group(), case.version());
    let mut scope = Scope::default();
    scope.set("object", case.object());
    scope.set("oldObject", &Value::Null);
    scope.set(
        "request",
        &json!({
            "kind": {"group": group, "version": version, "kind": case.kind()},
            "requestKind": {"group": group, "version": version, "kind": case.kind()},
            "resource": {"group": group, "version": version, "resource": resource},
            "requestResource": {"group": group, "version": version, "resource": resource},
            "name": case.name(),
            "namespace": case.namespace_name().unwrap_or_default(),
            "operation": "CREATE",
            "dryRun": false,
        }),
    );
    for member in ["userInfo", "uid", "options"] {
        scope.set_unknown("request", member);
    }
    // Where it is not known the variable is not there, and an expression that reads it is unknown.
    match (case.namespace, case.namespace_name()) {
        (Some(namespace), _) => scope.set("namespaceObject", &namespace.value().to_json()),
        (None, None) => scope.set("namespaceObject", &Value::Null),
        (None, Some(_)) => {}
    }
    scope
}

/// How one evaluation ends.
enum End {
    Broken(String),
    Unknown(String),
}

impl Bound {
    /// What the policy says, once per validation that is broken.
    pub(super) fn evaluate(&self, case: &Case<'_>, scope: &Scope) -> Vec<(Outcome, String)> {
        let with = match &self.parameters {
            Parameters::None => vec![None],
            Parameters::Missing(reason) => return vec![(Outcome::Unknown, reason.clone())],
            Parameters::Some(found) => {
                let own = case.namespace_name();
                let holds = |of: &Option<String>| of.is_none() || of.as_deref() == own;
                let found: Vec<_> = found.iter().filter(|(of, _)| holds(of)).collect();
                if found.is_empty() {
                    let reason =
                        "its parameters are not in the input for this namespace".to_owned();
                    return vec![(Outcome::Unknown, reason)];
                }
                found.into_iter().map(|(_, value)| Some(value)).collect()
            }
        };
        let ends = with.into_iter().flat_map(|parameters| {
            let mut scope = scope.clone();
            scope.set("params", parameters.unwrap_or(&Value::Null));
            self.once(scope)
        });
        let mut said: Vec<(Outcome, String)> = ends
            .map(|end| match end {
                End::Broken(message) => (Outcome::Broken, message),
                End::Unknown(reason) => (Outcome::Unknown, reason),
            })
            .collect();
        said.dedup();
        said
    }

    fn once(&self, mut scope: Scope) -> Vec<End> {
        match self.is_about(&scope) {
            Ok(false) => return Vec::new(),
            Ok(true) => {}
            Err(end) => return end.into_iter().collect(),
        }
        scope.set("variables", &json!({}));
        for (name, expression) in &self.variables {
            match expression.evaluate(&scope) {
                Ok(value) => scope.set_member("variables", name, value),
                // An error counts where somebody reads the variable; so does what is not known.
                Err(EvaluationError::Unknown(_)) => scope.set_unknown("variables", name),
                Err(_) => {}
            }
        }
        let judged = self
            .validations
            .iter()
            .filter_map(|one| one.judge(&scope, self.fails_closed));
        judged.collect()
    }

    /// Whether all match conditions hold. One that does not hold counts before one that ends in an error.
    fn is_about(&self, scope: &Scope) -> Result<bool, Option<End>> {
        let mut failed = None;
        for condition in &self.conditions {
            match condition.evaluate(scope).map(|answer| answer.as_bool()) {
                Ok(Some(true)) => {}
                Ok(Some(false)) => return Ok(false),
                Ok(None) => {
                    failed = Some(End::Broken(format!(
                        "match condition `{}` is no answer",
                        condition.text()
                    )))
                }
                Err(EvaluationError::Failed(reason)) => {
                    failed = failed.or(Some(End::Broken(format!(
                        "match condition `{}` fails: {reason}",
                        condition.text()
                    ))));
                }
                Err(error) => failed = Some(End::Unknown(error.to_string())),
            }
        }
        match failed {
            None => Ok(true),
            Some(End::Broken(_)) if !self.fails_closed => Err(None),
            Some(end) => Err(Some(end)),
        }
    }
}

impl Validation {
    fn judge(&self, scope: &Scope, fails_closed: bool) -> Option<End> {
        match self
            .expression
            .evaluate(scope)
            .map(|answer| answer.as_bool())
        {
            Ok(Some(true)) => None,
            Ok(Some(false)) => Some(End::Broken(self.message(scope))),
            Ok(None) => fails_closed
                .then(|| End::Broken(format!("`{}` is no answer", self.expression.text()))),
            Err(EvaluationError::Failed(reason)) => fails_closed.then(|| {
                End::Broken(format!(
                    "expression `{}` fails: {reason}",
                    self.expression.text()
                ))
            }),
            Err(error) => Some(End::Unknown(error.to_string())),
        }
    }

    /// In the policy's own words, as a server chooses them.
    fn message(&self, scope: &Scope) -> String {
        let expressed = self.message_expression.as_ref();
        let expressed = expressed.and_then(|expression| expression.evaluate(scope).ok());
        let expressed = expressed.as_ref().and_then(Answer::as_str).map(str::trim);
        // One that is empty or has several lines is not used.
        let expressed = expressed.filter(|text| !text.is_empty() && !text.contains('\n'));
        match (expressed, &self.message) {
            (Some(text), _) => text.to_owned(),
            (None, Some(text)) => text.clone(),
            (None, None) => format!("failed expression: {}", self.expression.text().trim()),
        }
    }
}
