//! The text of one rule: read when an object first needs it, then kept.

use std::sync::OnceLock;

use crate::value::Value;
use kube_cel::cel::parser::{Expression, Parser};

use super::program::Program;
use super::{grammar, guard, unreadable};
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
    compiled: OnceLock<Result<Compiled, String>>,
}

#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) rule: Expression,
    pub(super) message: Option<Expression>,
    pub(super) uses_old_self: bool,
    /// Of the rule or of its message, whichever is deeper, as the text tells.
    pub(super) depth: usize,
    /// The rule as far as it is plain.
    pub(super) plain: Program,
}

/// Reads a rule, and measures how deep it is nested.
pub(super) fn parse(text: &str) -> Result<(Expression, usize), String> {
    let depth = guard::depth(text)?;
    let tree = match grammar::read(text) {
        Some(tree) => tree,
        None => guard::guarded(depth, || read_by_evaluator(text))??,
    };
    Ok((tree, depth))
}

/// Reads a rule as the evaluator does.
pub(super) fn read_by_evaluator(text: &str) -> Result<Expression, String> {
    Parser::default()
        .enable_optional_syntax(true)
        .parse(&spell_out_optionals(text))
        .map_err(|errors| unreadable::reason(&errors))
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

    pub(super) fn compiled(&self) -> &Result<Compiled, String> {
        self.compiled.get_or_init(|| {
            let (rule, depth) = parse(&self.text)?;
            let uses_old_self = rule.references().has_variable("oldSelf");
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

/// Writes `a.?b` as `a[?'b']`, which is the same and which the evaluator answers with "none" where `b` is missing.
fn spell_out_optionals(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut quote = None;
    while let Some(character) = rest.chars().next() {
        let width = character.len_utf8();
        match (quote, character) {
            (Some(_), '\\') => {
                let escaped = rest[width..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&rest[..width + escaped]);
                rest = &rest[width + escaped..];
                continue;
            }
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '.') if rest[1..].starts_with('?') => {
                let name = &rest[2..];
                let end = name
                    .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                    .unwrap_or(name.len());
                out.push_str("[?'");
                out.push_str(&name[..end]);
                out.push_str("']");
                rest = &name[end..];
                continue;
            }
            _ => {}
        }
        out.push(character);
        rest = &rest[width..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::spell_out_optionals;

    #[test]
    fn optional_selection_is_spelled_out() {
        for (text, expected) in [
            (
                "self.?a.?b.orValue('x.?y')",
                "self[?'a'][?'b'].orValue('x.?y')",
            ),
            (
                r"self.a == 'it\'s .?' ? 1 : 2",
                r"self.a == 'it\'s .?' ? 1 : 2",
            ),
        ] {
            assert_eq!(spell_out_optionals(text), expected);
        }
    }
}
