//! Why an expression is no CEL, in words.

use kube_cel::cel::parser::ParseErrors;

/// The first fault, with its place; the parser's own words about the others follow from it.
pub(super) fn reason(errors: &ParseErrors) -> String {
    let Some(first) = errors.errors.first() else {
        return "it cannot be read".to_owned();
    };
    let (line, column) = first.pos;
    let said = first.msg.trim_start_matches("Syntax error: ");
    format!("line {line}, column {column}: {}", in_words(said))
}

/// What the parser says of a sign, without its list of all signs that there are.
fn in_words(said: &str) -> String {
    let unexpected = [
        "mismatched input ",
        "extraneous input ",
        "no viable alternative at input ",
    ];
    if let Some(rest) = unexpected.iter().find_map(|begin| said.strip_prefix(begin)) {
        let sign = rest
            .split_once(" expecting ")
            .map_or(rest, |(sign, _)| sign);
        return match unquoted(sign) {
            sign if sign.ends_with("<EOF>") => "it ends too early".to_owned(),
            sign => format!("`{sign}` cannot stand here"),
        };
    }
    if let Some(sign) = said.strip_prefix("token recognition error at: ") {
        return format!("`{}` is no part of CEL", unquoted(sign));
    }
    if let Some((missing, at)) = said
        .strip_prefix("missing ")
        .and_then(|rest| rest.split_once(" at "))
    {
        return match unquoted(at) {
            "<EOF>" => format!("it ends where `{}` is expected", unquoted(missing)),
            at => format!("`{}` is missing before `{at}`", unquoted(missing)),
        };
    }
    said.lines().next().unwrap_or_default().to_owned()
}

fn unquoted(text: &str) -> &str {
    let inner = text
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    inner.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    fn said(expression: &str) -> String {
        super::super::read::read(expression)
            .err()
            .unwrap_or_default()
    }

    #[test]
    fn a_fault_is_told_with_its_place() {
        for (expression, expected) in [
            ("device.foo ==", "line 1, column 14: it ends too early"),
            ("10.0.0.0/24", "line 1, column 5: `.0` cannot stand here"),
            ("10s", "line 1, column 3: `s` cannot stand here"),
            ("true &&\n* 2", "line 2, column 1: `*` cannot stand here"),
        ] {
            assert_eq!(said(expression), expected, "{expression}");
        }
    }

    #[test]
    fn no_fault_is_told_in_the_words_of_the_parser() {
        for expression in [
            "(self.a",
            "self.a)",
            "",
            "self.a & self.b",
            "a b",
            "[1, 2",
            "{'a': }",
            "'open",
            "a ? b",
            "#",
        ] {
            let said = said(expression);
            assert!(said.starts_with("line "), "{expression}: {said}");
            for word in ["<EOF>", "expecting", "ERROR", "Syntax error", "\n"] {
                assert!(!said.contains(word), "{expression}: {said}");
            }
        }
    }
}
