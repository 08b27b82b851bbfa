//! Expressions of CEL on values without a schema, as policies use them.

use std::collections::HashMap;
use std::sync::Arc;

use kube_cel::cel::objects::{Key, Map};
use kube_cel::cel::parser::Expression as Tree;
use kube_cel::cel::{ExecutionError, Value as Cel};
use serde_json::Value;

use super::{environment, guard, rule, text, walk};

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
    tree: Result<(Tree, usize), String>,
}

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// It ends in an error, as it would in a server.
    #[error("{0}")]
    Failed(String),
    /// It cannot be evaluated here, though a server could: it is beyond the evaluator, or reads something that only a cluster
    /// knows.
    #[error("{0}")]
    Unknown(String),
}

/// What an expression may read, by name, for one evaluation.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    values: HashMap<String, Cel>,
    /// Members that only a cluster knows, such as `request.userInfo`.
    unknown: Vec<(String, String)>,
}

/// The value of an expression.
#[derive(Clone, Debug)]
pub struct Answer(Cel);

impl Answer {
    /// The value, if it is true or false.
    pub const fn as_bool(&self) -> Option<bool> {
        match &self.0 {
            Cel::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The value, if it is a text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Cel::String(text) => Some(text),
            _ => None,
        }
    }
}

impl Scope {
    /// Sets a variable to a JSON value.
    pub fn set(&mut self, name: &str, value: &Value) {
        self.values.insert(name.to_owned(), to_cel(value));
    }

    /// Sets a member of a variable that is a map of answers: `variables.NAME`.
    pub fn set_member(&mut self, variable: &str, name: &str, value: Answer) {
        let known = self.values.entry(variable.to_owned()).or_insert_with(|| {
            Cel::Map(Map {
                map: Arc::default(),
            })
        });
        if let Cel::Map(map) = known {
            Arc::make_mut(&mut map.map).insert(key(name), value.0);
        }
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
        let (tree, depth) = self.tree.as_ref().map_err(|reason| {
            EvaluationError::Unknown(format!("the expression cannot be read here: {reason}"))
        })?;
        let mut context = environment::root().new_inner_scope();
        for (name, value) in &scope.values {
            context.add_variable_from_value(name.as_str(), value.clone());
        }
        let result = guard::guarded(*depth, || context.resolve(tree));
        match result {
            Ok(Ok(value)) => Ok(Answer(value)),
            Ok(Err(error)) => Err(self.explain(tree, scope, error)),
            Err(reason) => Err(EvaluationError::Unknown(reason)),
        }
    }

    fn explain(&self, tree: &Tree, scope: &Scope, error: ExecutionError) -> EvaluationError {
        if let ExecutionError::UndeclaredReference(name) = &error {
            return EvaluationError::Unknown(format!("`{name}` is not known here"));
        }
        let reads = |(variable, member): &&(String, String)| {
            walk::members_of(tree, variable).contains(&member.as_str())
        };
        match scope.unknown.iter().find(reads) {
            Some((variable, member)) => {
                EvaluationError::Unknown(format!("`{variable}.{member}` is not known here"))
            }
            None => EvaluationError::Failed(rule::plainly(&error)),
        }
    }
}

fn key(name: &str) -> Key {
    Key::String(Arc::new(name.to_owned()))
}

fn to_cel(value: &Value) -> Cel {
    match value {
        Value::Null => Cel::Null,
        Value::Bool(flag) => Cel::Bool(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Cel::Int(number),
            None => Cel::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => Cel::String(Arc::new(text.clone())),
        Value::Array(items) => Cel::List(Arc::new(items.iter().map(to_cel).collect())),
        Value::Object(members) => {
            // A member that is null is not set: a server takes it away.
            let members = members.iter().filter(|(_, value)| !value.is_null());
            let members = members.map(|(name, value)| (key(name), to_cel(value)));
            Cel::Map(Map {
                map: Arc::new(members.collect()),
            })
        }
    }
}

#[cfg(test)]
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
