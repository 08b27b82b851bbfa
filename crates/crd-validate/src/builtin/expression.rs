//! Rules in CEL that policies bring.

use super::faults::Faults;
use super::node::Node;
use crate::cel;

/// Reports an expression that is no CEL.
pub(super) fn compiles(node: &Node<'_, '_>, out: &mut Faults) {
    if let Err(reason) = cel::syntax(node.str()) {
        out.invalid(node.path, format!("is no CEL: {reason}"));
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
