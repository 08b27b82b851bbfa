//! Conditions as Gateway API names them.

use serde::{Serialize, Serializer};

/// One condition of a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// `Accepted`, `ResolvedRefs`, `Conflicted` ...
    #[serde(rename = "type")]
    pub condition_type: &'static str,
    /// Whether it holds; serialised as `"True"` or `"False"`.
    #[serde(serialize_with = "as_word")]
    pub status: bool,
    /// One word from the specification.
    pub reason: &'static str,
    /// What is wrong, for people; empty where nothing is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

impl Condition {
    /// A condition that holds.
    pub(crate) fn holds(condition_type: &'static str, reason: &'static str) -> Self {
        Self {
            condition_type,
            status: true,
            reason,
            message: String::new(),
        }
    }

    /// A condition that does not hold, and why.
    pub(crate) fn fails(
        condition_type: &'static str,
        reason: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            condition_type,
            status: false,
            reason,
            message: message.into(),
        }
    }

    /// A condition from what is wrong, if anything is.
    pub(crate) fn unless(
        condition_type: &'static str,
        good: &'static str,
        problem: Option<&Problem>,
    ) -> Self {
        match problem {
            None => Self::holds(condition_type, good),
            Some(problem) => Self::fails(condition_type, problem.reason, problem.message.clone()),
        }
    }
}

/// Why a condition does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) reason: &'static str,
    pub(crate) message: String,
}

impl Problem {
    pub(crate) fn new(reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for a reference
fn as_word<S: Serializer>(status: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if *status { "True" } else { "False" })
}
