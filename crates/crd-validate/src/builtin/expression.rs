//! Rules in CEL that policies bring.

use super::faults::Faults;
use super::node::Node;
use crate::cel::{self, Kind};
use serde_json::Value;

/// Reports an expression that is no CEL.
pub(super) fn compiles(node: &Node<'_, '_>, out: &mut Faults) {
    if let Err(reason) = cel::syntax(node.str()) {
        out.invalid(node.path, format!("is no CEL: {reason}"));
    }
}

/// A rule of a schema, which is to say true or false: whether it uses `oldSelf`, or `None` where it was reported.
pub(super) fn rule(
    node: &Node<'_, '_>,
    schema: &Value,
    optional: bool,
    out: &mut Faults,
) -> Option<bool> {
    let parsed = of_kind(
        node,
        schema,
        optional,
        &Kind::Bool,
        "must say true or false",
        out,
    )?;
    Some(parsed.is_some_and(|parsed| parsed.has_variable("oldSelf")))
}

/// An expression that makes a message.
pub(super) fn text(node: &Node<'_, '_>, schema: &Value, optional: bool, out: &mut Faults) {
    of_kind(node, schema, optional, &Kind::Text, "must make a text", out);
}

/// Reads an expression on the values of a schema, and reports one that a server refuses.
fn of_kind(
    node: &Node<'_, '_>,
    schema: &Value,
    optional: bool,
    wanted: &Kind<'_>,
    why: &str,
    out: &mut Faults,
) -> Option<Option<cel::Parsed>> {
    let parsed = match cel::syntax(node.str()) {
        Ok(Some(parsed)) => parsed,
        Ok(None) => return Some(None),
        Err(reason) => {
            out.invalid(node.path, format!("is no CEL: {reason}"));
            return None;
        }
    };
    let this = Kind::of(schema).unwrap_or(Kind::Any);
    let old = if optional { Kind::Any } else { this.clone() };
    match parsed.kind(&[("self", this), ("oldSelf", old)]) {
        Ok(found) if found == *wanted || found == Kind::Any => Some(Some(parsed)),
        Ok(_) => {
            out.invalid(node.path, why);
            None
        }
        Err(reason) => {
            out.invalid(node.path, reason);
            None
        }
    }
}

/// The same where the expression may use variables: those that are defined before it.
pub(super) fn compiles_with(node: &Node<'_, '_>, variables: &[&str], out: &mut Faults) {
    match cel::syntax(node.str()) {
        Err(reason) => out.invalid(node.path, format!("is no CEL: {reason}")),
        Ok(None) => {}
        Ok(Some(parsed)) => {
            let unknown = parsed
                .members_of("variables")
                .find(|name| !variables.contains(&name.as_str()));
            if let Some(name) = unknown {
                out.invalid(
                    node.path,
                    format!("variables.{name} is not defined before it"),
                );
            }
        }
    }
}

/// Whether a text may be the name of a variable.
pub(super) fn is_identifier(text: &str) -> bool {
    const RESERVED: [&str; 21] = [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "namespace",
        "null",
        "package",
        "return",
        "true",
        "var",
        "void",
        "while",
    ];
    let first = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    !RESERVED.contains(&text)
        && text.bytes().next().is_some_and(first)
        && text
            .bytes()
            .all(|byte| first(byte) || byte.is_ascii_digit())
}
