//! Expressions on values without a schema.

use std::collections::HashMap;
use std::sync::Arc;

use kube_cel::cel::objects::{Key, Map};
use kube_cel::cel::{ExecutionError, Value as Cel};
use serde_json::Value;

use super::guarded::guarded;
use super::{environment, judge};
use crate::cel::compiled::EvaluationError;
use crate::cel::tree::IdedExpr;

/// The value of an expression.
#[derive(Clone, Debug)]
pub(in crate::cel) struct Answer(Cel);

impl Answer {
    pub(in crate::cel) const fn as_bool(&self) -> Option<bool> {
        match &self.0 {
            Cel::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    pub(in crate::cel) fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Cel::String(text) => Some(text),
            _ => None,
        }
    }
}

/// Variables by name.
#[derive(Clone, Debug, Default)]
pub(in crate::cel) struct Values(HashMap<String, Cel>);

impl Values {
    pub(in crate::cel) fn set(&mut self, name: &str, value: &Value) {
        self.0.insert(name.to_owned(), to_cel(value));
    }

    pub(in crate::cel) fn set_member(&mut self, variable: &str, name: &str, value: Answer) {
        let known = self.0.entry(variable.to_owned()).or_insert_with(|| {
            Cel::Map(Map {
                map: Arc::default(),
            })
        });
        if let Cel::Map(map) = known {
            Arc::make_mut(&mut map.map).insert(key(name), value.0);
        }
    }

    /// The value of an expression of this depth.
    pub(in crate::cel) fn evaluate(
        &self,
        tree: &IdedExpr,
        depth: usize,
    ) -> Result<Answer, EvaluationError> {
        super::count();
        let mut context = environment::root().new_inner_scope();
        for (name, value) in &self.0 {
            context.add_variable_from_value(name.as_str(), value.clone());
        }
        match guarded(depth, || context.resolve(tree)) {
            Ok(Ok(value)) => Ok(Answer(value)),
            Ok(Err(ExecutionError::UndeclaredReference(name))) => Err(EvaluationError::Unknown(
                format!("`{name}` is not known here"),
            )),
            Ok(Err(error)) => Err(EvaluationError::Failed(judge::plainly(&error))),
            Err(reason) => Err(EvaluationError::Unknown(reason)),
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
