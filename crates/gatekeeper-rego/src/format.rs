//! `sprintf` as Go has it: a format that does not fit its arguments gives an odd text, not an error.
//!
//! The interpreter's own `sprintf` fails in that case, and a builtin that fails leaves its rule undefined: the violation would
//! be lost for a slip in its message.

use std::collections::BTreeMap;

use regorus::{Engine, Value};

/// What the interpreter's `sprintf` is asked.
const MODULE: &str = "package gatekeeper\n\ntext := sprintf(input.format, input.values)\n";
const RULE: &str = "data.gatekeeper.text";

/// Puts Go's `sprintf` in place of the interpreter's.
pub(crate) fn replace_sprintf(engine: &mut Engine) {
    let mut formatter = Engine::new();
    formatter.set_strict_builtin_errors(false);
    // Neither fails: the module is sound, and no extension has the name yet. The own `sprintf` stays if one does.
    if formatter
        .add_policy("sprintf".to_owned(), MODULE.to_owned())
        .is_err()
    {
        return;
    }
    let sprintf = move |arguments: Vec<Value>| {
        let [format, values] = arguments.as_slice() else {
            return Ok(Value::Undefined);
        };
        if let Some(text) = print(&mut formatter, format, values) {
            return Ok(text);
        }
        let (Ok(format), Ok(given)) = (format.as_string(), values.as_array()) else {
            return Ok(Value::Undefined);
        };
        let (format, used) = fit(format.as_ref(), given.as_slice());
        let used: Vec<Value> = given.iter().take(used).cloned().collect();
        Ok(
            print(&mut formatter, &Value::from(format), &Value::from(used))
                .unwrap_or(Value::Undefined),
        )
    };
    let _ = engine.add_extension("sprintf".to_owned(), 2, Box::new(sprintf));
}

fn print(formatter: &mut Engine, format: &Value, values: &Value) -> Option<Value> {
    let input = [("format", format), ("values", values)];
    let input: BTreeMap<Value, Value> = input
        .into_iter()
        .map(|(key, value)| (Value::from(key), value.clone()))
        .collect();
    formatter.set_input(Value::from(input));
    let text = formatter.eval_rule(RULE.to_owned()).ok()?;
    (text != Value::Undefined).then_some(text)
}

/// A format that fits the arguments, and how many of them it uses: every verb becomes `%v`, and what is missing or too much
/// stands in the text, as in Go.
fn fit(format: &str, given: &[Value]) -> (String, usize) {
    let mut out = String::with_capacity(format.len());
    let mut used = 0;
    let mut rest = format.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        while rest
            .next_if(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '#' | ' ' | '.'))
            .is_some()
        {}
        match rest.next() {
            Some('%') => out.push_str("%%"),
            None => out.push_str("%%!(NOVERB)"),
            Some(verb) if used == given.len() => out.push_str(&format!("%%!{verb}(MISSING)")),
            Some(_) => {
                used += 1;
                out.push_str("%v");
            }
        }
    }
    for (position, extra) in given.iter().enumerate().skip(used) {
        out.push_str(if position == used { "%%!(EXTRA " } else { ", " });
        out.push_str(match extra.as_number() {
            Ok(number) if number.is_integer() => "int=%v",
            Ok(_) => "float64=%v",
            Err(_) => "string=%v",
        });
    }
    if used < given.len() {
        out.push(')');
    }
    (out, given.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_print_as_in_go() {
        for (format, values, expected) in [
            ("%v is %d", r#"["x", 3]"#, "x is 3"),
            ("100%% of %s", r#"["x"]"#, "100% of x"),
            ("%v and %v: %v", r#"[1, "a"]"#, "1 and a: %!v(MISSING)"),
            (
                "%s",
                r#"["a", 2, 1.5, "b"]"#,
                "a%!(EXTRA int=2, float64=1.5, string=b)",
            ),
            ("%", "[]", "%!(NOVERB)"),
            ("%v", r#"[["a", {"b": 1}]]"#, r#"["a", {"b": 1}]"#),
        ] {
            let mut engine = Engine::new();
            replace_sprintf(&mut engine);
            let module = format!("package t\n\nx := sprintf({format:?}, {values})\n");
            engine.add_policy("t".to_owned(), module).unwrap();
            let found = engine.eval_rule("data.t.x".to_owned()).unwrap();
            assert_eq!(found, Value::from(expected), "{format}");
        }
    }
}
