//! A difference between OPA and the interpreter that source text can make up for.

/// Words after which an expression goes on, in the next line too.
const OPEN_WORDS: [&str; 12] = [
    "as", "contains", "default", "else", "every", "if", "import", "in", "not", "package", "some",
    "with",
];

/// Ends an expression with `;` where the next line begins with `(`.
///
/// In Rego the `(` of a call stands right behind the name. The interpreter lets it stand in the next line, too, and so takes
///
/// ```rego
/// input.parameters.spread
/// (max - min) >= input.parameters.spread
/// ```
///
/// for a call. Lines and columns stay what they are.
pub(crate) fn end_before_parentheses(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Where the last token ended in `out`, and whether a line has ended since.
    let (mut end, mut new_line) = (0, false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' => new_line = true,
            '#' => {
                out.push(c);
                while let Some(c) = rest.next_if(|c| *c != '\n') {
                    out.push(c);
                }
                continue;
            }
            c if c.is_whitespace() => {}
            '(' if new_line && ends_expression(&out[..end]) => {
                out.insert(end, ';');
                out.push(c);
                (end, new_line) = (out.len(), false);
                continue;
            }
            '"' | '`' => {
                out.push(c);
                while let Some(found) = rest.next() {
                    out.push(found);
                    if found == c {
                        break;
                    }
                    if found == '\\' && c == '"' {
                        out.extend(rest.next());
                    }
                }
                (end, new_line) = (out.len(), false);
                continue;
            }
            _ => {
                out.push(c);
                (end, new_line) = (out.len(), false);
                continue;
            }
        }
        out.push(c);
    }
    out
}

/// Whether the text ends with something that the interpreter might call.
fn ends_expression(text: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let start = text.trim_end_matches(is_word).len();
    let word = &text[start..];
    if word.is_empty() {
        return text.ends_with([']', ')']);
    }
    text[..start].ends_with('.') || !OPEN_WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_ends_before_a_parenthesis_in_the_next_line() {
        for (text, expected) in [
            ("a.b\n  (c) > 1", "a.b;\n  (c) > 1"),
            ("a[0] # (why)\n\n(c)", "a[0]; # (why)\n\n(c)"),
            ("f(x)\n(c)", "f(x);\n(c)"),
            ("a.if\n(c)", "a.if;\n(c)"),
            ("가\n(c)", "가;\n(c)"),
        ] {
            assert_eq!(end_before_parentheses(text), expected);
        }
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            "f(x)",
            "x := (1 +\n(2))",
            "y if\n(a)",
            "not\n(a)",
            "f(\n(a), [\n(b)])",
            "`a\n(b`",
            "\"a \\\" b\" # c\nd",
            "# a\n(b)",
            "{\n(a)",
            "\"open",
        ] {
            assert_eq!(end_before_parentheses(text), text);
        }
    }
}
