//! Reads rules with the evaluator's own parser.

use kube_cel::cel::IdedExpr;
use kube_cel::cel::parser::Parser;

use super::{guarded, unreadable};
use crate::cel::compiled::Unread;

/// As [`read`], on a rule of this depth.
pub(in crate::cel) fn guarded(text: &str, depth: usize) -> Result<IdedExpr, Unread> {
    super::count();
    let read = guarded::guarded(depth, || read(text)).map_err(Unread::NotRead)?;
    read.map_err(Unread::Wrong)
}

/// Reads a rule as the evaluator does.
pub(in crate::cel) fn read(text: &str) -> Result<IdedExpr, String> {
    Parser::default()
        .enable_optional_syntax(true)
        .parse(&spell_out_optionals(text))
        .map_err(|errors| unreadable::reason(&errors))
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
