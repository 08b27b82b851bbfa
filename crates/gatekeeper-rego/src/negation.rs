//! `not` over what a `_` may stand for, written in a way that the interpreter understands.
//!
//! To Open Policy Agent `not names[_] == "a"` says that no name is `a`. The interpreter takes it for "some name is not `a`",
//! and so lets through, or refuses, what it should not. `count([1 | names[_] == "a"]) == 0` says the same to both.

/// The text with each `not` that a `_` stands behind written as a count. Lines stay what they are.
pub(crate) fn count_instead(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(token) = Token::first(rest) {
        let (here, behind) = rest.split_at(token.length);
        let starts = token.kind == Kind::Word
            && here == "not"
            && !out.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
        let body = starts.then(|| literal(behind));
        match body {
            Some(body) if has_wildcard(body) => {
                let trimmed = body.trim_end();
                let inner = trimmed.trim_start();
                let before = &trimmed[..trimmed.len() - inner.len()];
                let after = &body[trimmed.len()..];
                out.push_str(before.trim_matches(' '));
                out.push_str("count([1 | ");
                out.push_str(&count_instead(inner));
                out.push_str("]) == 0");
                out.push_str(after);
                rest = &behind[body.len()..];
            }
            _ => {
                out.push_str(here);
                rest = behind;
            }
        }
    }
    out
}

/// The expression at the beginning of a text: up to the end of its line, a `;`, or a bracket that was not opened in it.
fn literal(text: &str) -> &str {
    let (mut depth, mut end) = (0_usize, 0);
    while let Some(token) = Token::first(&text[end..]) {
        let here = &text[end..end + token.length];
        let ends = match token.kind {
            Kind::Other if matches!(here, "(" | "[" | "{") => {
                depth += 1;
                false
            }
            Kind::Other if matches!(here, ")" | "]" | "}") => {
                let ends = depth == 0;
                depth = depth.saturating_sub(1);
                ends
            }
            Kind::Other => depth == 0 && here == ";",
            Kind::Line => depth == 0 && !goes_on(&text[..end], &text[end..]),
            Kind::Comment => depth == 0,
            Kind::Word | Kind::Text => false,
        };
        if ends {
            break;
        }
        end += token.length;
    }
    &text[..end]
}

/// Whether an expression goes on in the next line.
fn goes_on(before: &str, behind: &str) -> bool {
    let before = before.trim_end();
    let behind = behind.trim_start();
    let operators = ['=', '<', '>', '!', '+', '*', '/', '%', '&'];
    before.is_empty()
        || before.ends_with(operators)
        || before.ends_with(['-', '|', ',', '.'])
        || behind.starts_with(operators)
        || behind.starts_with("with ")
}

/// Whether a `_` stands in an expression.
fn has_wildcard(text: &str) -> bool {
    let mut rest = text;
    while let Some(token) = Token::first(rest) {
        let (here, behind) = rest.split_at(token.length);
        if token.kind == Kind::Word && here == "_" {
            return true;
        }
        rest = behind;
    }
    false
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    /// A text in quotes, of one line or of several.
    Text,
    Comment,
    Line,
    Other,
}

/// A piece of a text that is not to be torn apart.
struct Token {
    kind: Kind,
    /// In bytes.
    length: usize,
}

impl Token {
    fn first(text: &str) -> Option<Self> {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let first = text.chars().next()?;
        let up_to = |stop: &dyn Fn(char) -> bool| text.find(stop).unwrap_or(text.len());
        let (kind, length) = match first {
            '\n' => (Kind::Line, 1),
            '#' => (Kind::Comment, up_to(&|c| c == '\n')),
            '"' => (Kind::Text, quoted(text)),
            '`' => {
                let end = text[1..].find('`').map_or(text.len(), |end| end + 2);
                (Kind::Text, end)
            }
            c if is_word(c) => (Kind::Word, up_to(&|c| !is_word(c))),
            c => (Kind::Other, c.len_utf8()),
        };
        Some(Self { kind, length })
    }
}

/// The length of a text in double quotes, with both.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_not_over_a_wildcard_becomes_a_count() {
        for (text, expected) in [
            ("not a[_]", "count([1 | a[_]]) == 0"),
            ("x; not a[_] == b; y", "x; count([1 | a[_] == b]) == 0; y"),
            (
                "{n | n := a[_]; not b[_] == n}",
                "{n | n := a[_]; count([1 | b[_] == n]) == 0}",
            ),
            (
                "not a[_] ==\n  b # c\nd",
                "count([1 | a[_] ==\n  b]) == 0 # c\nd",
            ),
            ("not a[_]\n  == b", "count([1 | a[_]\n  == b]) == 0"),
            (
                "not f(\n a[_],\n b)\nc",
                "count([1 | f(\n a[_],\n b)]) == 0\nc",
            ),
            (
                "not f([x | not a[_]; b[_]])",
                "count([1 | f([x | count([1 | a[_]]) == 0; b[_]])]) == 0",
            ),
        ] {
            assert_eq!(count_instead(text), expected);
        }
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            "not a[0]",
            "not a_b",
            "knot[_]",
            "a.not[_]",
            "x := \"not a[_]\"",
            "# not a[_]\nb",
            "`not\na[_]`",
            "not a # [_]\nb[_]",
            "not a; b[_]",
            "\"open",
            "not",
        ] {
            assert_eq!(count_instead(text), text);
        }
    }
}
