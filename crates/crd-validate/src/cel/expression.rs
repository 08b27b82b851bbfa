//! Expressions of CEL on values without a schema, as policies use them.

use serde_json::Value;

use super::compiled::{EvaluationError, Unread};
use super::evaluator::values::{self, Values};
use super::tree::IdedExpr;
use super::{text, walk};

/// An expression of CEL, read once.
///
/// ```
/// use crd_validate::cel::{Expression, Scope};
/// use serde_json::json;
///
/// let expression = Expression::read("object.spec.replicas <= 5");
/// let mut scope = Scope::default();
/// scope.set("object", &json!({"spec": {"replicas": 6}}));
/// assert_eq!(expression.evaluate(&scope)?.as_bool(), Some(false));
/// # Ok::<(), crd_validate::cel::EvaluationError>(())
/// ```
#[derive(Debug)]
pub struct Expression {
    text: String,
    tree: Result<(IdedExpr, usize), Unread>,
}

/// What an expression may read, by name, for one evaluation.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    values: Values,
    /// Members that only a cluster knows, such as `request.userInfo`.
    unknown: Vec<(String, String)>,
}

/// The value of an expression.
#[derive(Clone, Debug)]
pub struct Answer(values::Answer);

impl Answer {
    /// The value, if it is true or false.
    pub const fn as_bool(&self) -> Option<bool> {
        self.0.as_bool()
    }

    /// The value, if it is a text.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_str()
    }
}

impl Scope {
    /// Sets a variable to a JSON value.
    pub fn set(&mut self, name: &str, value: &Value) {
        self.values.set(name, value);
    }

    /// Sets a member of a variable that is a map of answers: `variables.NAME`.
    pub fn set_member(&mut self, variable: &str, name: &str, value: Answer) {
        self.values.set_member(variable, name, value.0);
    }

    /// Says that a member of a variable is known to a cluster alone: `request`, `userInfo`. An expression that reads it is
    /// [unknown](EvaluationError::Unknown), unless it is decided without.
    pub fn set_unknown(&mut self, variable: &str, member: &str) {
        self.unknown.push((variable.to_owned(), member.to_owned()));
    }
}

impl Expression {
    /// Reads an expression. One that cannot be read gives an error when it is evaluated.
    pub fn read(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            tree: text::parse(text),
        }
    }

    /// The expression as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its value where the variables are these.
    ///
    /// # Errors
    /// [`EvaluationError`], which tells what ends in an error everywhere from what cannot be known here.
    pub fn evaluate(&self, scope: &Scope) -> Result<Answer, EvaluationError> {
        let (tree, depth) = self.tree.as_ref().map_err(|error| {
            let reason = error.reason();
            EvaluationError::Unknown(format!("the expression cannot be read here: {reason}"))
        })?;
        match scope.values.evaluate(tree, *depth) {
            Err(EvaluationError::Failed(reason)) => Err(scope.explain(tree, reason)),
            result => result.map(Answer),
        }
    }
}

impl Scope {
    /// What an error means: that the expression ends in it, or that it reads what is unknown.
    fn explain(&self, tree: &IdedExpr, reason: String) -> EvaluationError {
        let reads = |(variable, member): &&(String, String)| {
            walk::members_of(tree, variable).contains(&member.as_str())
        };
        match self.unknown.iter().find(reads) {
            Some((variable, member)) => {
                EvaluationError::Unknown(format!("`{variable}.{member}` is not known here"))
            }
            None => EvaluationError::Failed(reason),
        }
    }
}

#[cfg(test)]
#[cfg(feature = "cel")]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(text: &str) -> Result<Option<bool>, EvaluationError> {
        let mut scope = Scope::default();
        scope.set(
            "object",
            &json!({"spec": {"replicas": 3, "none": null}, "tags": ["a"]}),
        );
        scope.set("request", &json!({"operation": "CREATE"}));
        scope.set("oldObject", &Value::Null);
        scope.set_unknown("request", "userInfo");
        let three = Expression::read("object.spec.replicas")
            .evaluate(&scope)
            .unwrap();
        scope.set_member("variables", "three", three);
        Expression::read(text)
            .evaluate(&scope)
            .map(|answer| answer.as_bool())
    }

    #[test]
    fn expressions_see_what_a_policy_sees() {
        for (text, expected) in [
            ("object.spec.replicas == 3", Some(true)),
            (
                "!has(object.spec.none) && object.tags.all(tag, tag == 'a')",
                Some(true),
            ),
            ("oldObject == null && variables.three == 3", Some(true)),
            ("'text'", None),
            (
                "request.operation == 'CREATE' || request.userInfo.username == 'x'",
                Some(true),
            ),
        ] {
            assert_eq!(of(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_fails_everywhere_is_told_from_what_is_not_known_here() {
        for text in [
            "object.spec.other == 1",
            "variables.four == 1",
            "1 / 0 == 1",
        ] {
            assert!(
                matches!(of(text), Err(EvaluationError::Failed(_))),
                "{text}"
            );
        }
        for text in [
            "request.userInfo.username == 'x'",
            "authorizer.path('/').check('get').allowed()",
            "1 +",
            "nobodyKnows(object)",
        ] {
            let found = of(text);
            assert!(
                matches!(found, Err(EvaluationError::Unknown(_))),
                "{text}: {found:?}"
            );
        }
    }
}
