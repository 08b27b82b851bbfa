//! The text of one rule: read when an object first needs it, then kept.

use std::sync::OnceLock;

use crate::value::Value;

use super::compiled::{Compiled, Unread};
use super::program::Program;
use super::tree::IdedExpr;
use super::{evaluator, grammar, guard, walk};
use crate::fault::cut;

/// A rule without a message is shown up to this many characters.
const MAX_RULE: usize = 240;

/// A rule of `x-kubernetes-validations`.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(super) text: String,
    message: Option<String>,
    message_expression: Option<String>,
    pub(super) field_path: Option<String>,
    pub(super) optional_old_self: bool,
    compiled: OnceLock<Result<Compiled, Unread>>,
}

/// Reads a rule, and measures how deep it is nested.
pub(super) fn parse(text: &str) -> Result<(IdedExpr, usize), Unread> {
    let depth = guard::depth(text)?;
    let tree = match grammar::read(text) {
        Some(tree) => tree,
        None => evaluator::read::guarded(text, depth)?,
    };
    Ok((tree, depth))
}

impl Rule {
    /// Reads a rule; an empty one says nothing.
    pub(crate) fn read(node: &Value) -> Option<Self> {
        let text = |key: &str| {
            node.get(key)
                .and_then(Value::as_str)
                .filter(|text| !text.trim().is_empty())
                .map(str::to_owned)
        };
        Some(Self {
            text: text("rule")?,
            message: text("message"),
            message_expression: text("messageExpression"),
            field_path: text("fieldPath"),
            optional_old_self: node
                .get("optionalOldSelf")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            compiled: OnceLock::new(),
        })
    }

    pub(super) fn compiled(&self) -> &Result<Compiled, Unread> {
        self.compiled.get_or_init(|| {
            let (rule, depth) = parse(&self.text)?;
            let uses_old_self = walk::has_variable(&rule, "oldSelf");
            let message = self
                .message_expression
                .as_deref()
                .and_then(|text| parse(text).ok());
            let depth = depth.max(message.as_ref().map_or(0, |(_, depth)| *depth));
            Ok(Compiled {
                plain: Program::of(&rule),
                rule,
                message: message.map(|(message, _)| message),
                uses_old_self,
                depth,
            })
        })
    }

    pub(super) fn own_message(&self) -> String {
        match &self.message {
            Some(message) => message.trim().to_owned(),
            None => format!("failed rule: {}", in_one_line(&self.text)),
        }
    }
}

/// The text of a rule for a message.
fn in_one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    cut(&words.join(" "), MAX_RULE)
}
