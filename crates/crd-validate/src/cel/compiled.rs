//! Expressions that were read, and how their evaluation ends.
#![cfg_attr(
    not(feature = "cel"),
    allow(dead_code, reason = "the evaluator's share of it")
)]

use super::program::Program;
use super::tree::IdedExpr;

/// A rule in all forms in which it is answered.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) rule: IdedExpr,
    pub(super) message: Option<IdedExpr>,
    pub(super) uses_old_self: bool,
    /// Of the rule or of its message, whichever is deeper, as the text tells.
    pub(super) depth: usize,
    /// The rule as far as it is plain.
    pub(super) plain: Program,
}

/// Why there is no tree of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is no CEL.
    Wrong(String),
    /// It makes an object of a type, as the expressions of mutating policies do, and a server may well know the type.
    Typed(String),
    /// It is not read here, and a server may well read it: nested too deep, or more than the parser copes with, or more than is
    /// read where no evaluator is built in.
    NotRead(String),
}

impl Unread {
    pub(super) fn reason(&self) -> &str {
        let (Self::Wrong(reason) | Self::Typed(reason) | Self::NotRead(reason)) = self;
        reason
    }
}

/// How one rule ended.
pub(super) enum Outcome {
    Kept,
    Broken(String),
    /// The evaluation ended in an error, which counts as broken; whatever the object was before.
    Failed(String),
    /// The rule cannot be evaluated here, though a server could.
    Beyond(String),
}

/// A rule that was read, as somebody is asked about it.
#[derive(Clone, Copy)]
pub(super) struct Question<'q> {
    pub(super) compiled: &'q Compiled,
    /// Whether the rule takes it that there may be no old value.
    pub(super) optional_old_self: bool,
    /// What is said of an object that breaks the rule.
    pub(super) own_message: &'q (dyn Fn() -> String + Sync),
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
