//! Expressions on values without a schema.

use std::convert::Infallible;

use serde_json::Value;

use super::NOT_BUILT_IN;
use crate::cel::compiled::EvaluationError;
use crate::cel::tree::IdedExpr;

/// The value of an expression: there is none.
#[derive(Clone, Debug)]
pub(in crate::cel) struct Answer(Infallible);

impl Answer {
    pub(in crate::cel) const fn as_bool(&self) -> Option<bool> {
        match self.0 {}
    }

    pub(in crate::cel) const fn as_str(&self) -> Option<&str> {
        match self.0 {}
    }
}

/// Variables, which nobody reads.
#[derive(Clone, Debug, Default)]
pub(in crate::cel) struct Values;

impl Values {
    pub(in crate::cel) const fn set(&mut self, _: &str, _: &Value) {}

    pub(in crate::cel) fn set_member(&mut self, _: &str, _: &str, value: Answer) {
        match value.0 {}
    }

    /// That it is not known.
    pub(in crate::cel) fn evaluate(
        &self,
        _: &IdedExpr,
        _: usize,
    ) -> Result<Answer, EvaluationError> {
        Err(EvaluationError::Unknown(NOT_BUILT_IN.to_owned()))
    }
}
