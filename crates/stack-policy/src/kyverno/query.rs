//! Queries in JMESPath, with Kyverno's functions.

use std::sync::OnceLock;

use jmespath::functions::{ArgumentType, CustomFunction, Signature};
use jmespath::{Context as Call, ErrorReason, JmespathError, Rcvar, Runtime, Variable};
use serde_json::{Map, Value, json};

use super::wildcard;

/// The answer to a query, null where there is nothing; or why there is none.
pub(super) fn answer(query: &str, values: &Map<String, Value>) -> Result<Value, String> {
    let failed = |error: JmespathError| first_line(&error.to_string()).to_owned();
    let data = Variable::from_serializable(values).map_err(failed)?;
    let expression = runtime().compile(query).map_err(failed)?;
    let found = expression.search(data).map_err(failed)?;
    serde_json::to_value(&*found).map_err(|error| error.to_string())
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The functions of JMESPath, and those that Kyverno adds and that need nothing from outside.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut runtime = Runtime::new();
        runtime.register_builtin_functions();
        functions(&mut runtime);
        runtime
    })
}

type Outcome = Result<Rcvar, JmespathError>;

fn functions(runtime: &mut Runtime) {
    use ArgumentType::{Any, Number, String as Text};
    let mut add =
        |name: &str, inputs: Vec<ArgumentType>, f: fn(&[Rcvar], &mut Call<'_>) -> Outcome| {
            let function = CustomFunction::new(Signature::new(inputs, None), Box::new(f));
            runtime.register_function(name, Box::new(function));
        };
    add("to_upper", vec![Text], |a, _| {
        text_of(text(a, 0).to_uppercase())
    });
    add("to_lower", vec![Text], |a, _| {
        text_of(text(a, 0).to_lowercase())
    });
    add("trim", vec![Text, Text], |a, _| {
        let cut: Vec<char> = text(a, 1).chars().collect();
        text_of(text(a, 0).trim_matches(cut.as_slice()).to_owned())
    });
    add("trim_prefix", vec![Text, Text], |a, _| {
        let text_in = text(a, 0);
        text_of(
            text_in
                .strip_prefix(&text(a, 1))
                .unwrap_or(&text_in)
                .to_owned(),
        )
    });
    add("split", vec![Text, Text], |a, _| {
        let (whole, separator) = (text(a, 0), text(a, 1));
        of_json(&json!(whole.split(&separator).collect::<Vec<_>>()))
    });
    add("replace_all", vec![Text, Text, Text], |a, _| {
        text_of(text(a, 0).replace(&text(a, 1), &text(a, 2)))
    });
    add("replace", vec![Text, Text, Text, Number], |a, _| {
        let (whole, old, new) = (text(a, 0), text(a, 1), text(a, 2));
        text_of(match number(a, 3) {
            count if count < 0.0 => whole.replace(&old, &new),
            count => whole.replacen(&old, &new, count as usize),
        })
    });
    add("equal_fold", vec![Text, Text], |a, _| {
        of_json(&json!(
            text(a, 0).to_lowercase() == text(a, 1).to_lowercase()
        ))
    });
    add("regex_match", vec![Text, Any], |a, call| {
        let pattern = regex(&text(a, 0), call)?;
        of_json(&json!(pattern.is_match(&text(a, 1))))
    });
    add("regex_replace_all", vec![Text, Any, Any], |a, call| {
        let pattern = regex(&text(a, 0), call)?;
        let replacement = text(a, 2);
        text_of(
            pattern
                .replace_all(&text(a, 1), replacement.as_str())
                .into_owned(),
        )
    });
    add("pattern_match", vec![Text, Any], |a, _| {
        of_json(&json!(wildcard::matches(&text(a, 0), &text(a, 1))))
    });
    add("truncate", vec![Text, Number], |a, _| {
        text_of(text(a, 0).chars().take(number(a, 1) as usize).collect())
    });
    add("add", vec![Any, Any], |a, call| {
        calculate(a, call, |x, y| Some(x + y))
    });
    add("subtract", vec![Any, Any], |a, call| {
        calculate(a, call, |x, y| Some(x - y))
    });
    add("multiply", vec![Any, Any], |a, call| {
        calculate(a, call, |x, y| Some(x * y))
    });
    add("divide", vec![Any, Any], |a, call| {
        calculate(a, call, |x, y| (y != 0.0).then(|| x / y))
    });
    add("modulo", vec![Any, Any], |a, call| {
        calculate(a, call, |x, y| (y != 0.0).then(|| x % y))
    });
    add("to_boolean", vec![Text], |a, _| {
        of_json(&json!(text(a, 0).eq_ignore_ascii_case("true")))
    });
    add(
        "parse_json",
        vec![Text],
        |a, call| match serde_json::from_str::<Value>(&text(a, 0)) {
            Ok(value) => of_json(&value),
            Err(error) => fail(call, &error.to_string()),
        },
    );
    add("label_match", vec![Any, Any], |a, _| {
        let has = |(key, value): (&String, &Rcvar)| a[1].get_field(key) == *value;
        of_json(&json!(
            a[0].as_object()
                .is_some_and(|wanted| wanted.iter().all(has))
        ))
    });
    add("lookup", vec![Any, Any], |a, _| {
        Ok(match a[1].as_number() {
            Some(at) => a[0].get_index(at as usize),
            None => a[0].get_field(&text(a, 1)),
        })
    });
    add("items", vec![Any, Text, Text], |a, _| {
        let (key_name, value_name) = (text(a, 1), text(a, 2));
        let members = a[0].as_object().into_iter().flatten();
        let pairs: Vec<Value> = members
            .map(|(key, value)| json!({key_name.as_str(): key, value_name.as_str(): serde_json::to_value(&**value).unwrap_or_default()}))
            .collect();
        of_json(&json!(pairs))
    });
}

/// A text argument; anything else as JSON writes it.
fn text(arguments: &[Rcvar], at: usize) -> String {
    let value = &arguments[at];
    value
        .as_string()
        .cloned()
        .unwrap_or_else(|| value.to_string())
}

fn number(arguments: &[Rcvar], at: usize) -> f64 {
    arguments[at].as_number().unwrap_or_default()
}

fn text_of(text: String) -> Outcome {
    Ok(Rcvar::new(Variable::String(text)))
}

fn of_json(value: &Value) -> Outcome {
    Ok(Rcvar::new(Variable::from_serializable(value)?))
}

fn fail(call: &Call<'_>, reason: &str) -> Outcome {
    Err(JmespathError::from_ctx(
        call,
        ErrorReason::Parse(reason.to_owned()),
    ))
}

fn regex(pattern: &str, call: &Call<'_>) -> Result<regex::Regex, JmespathError> {
    let failed =
        |error: regex::Error| JmespathError::from_ctx(call, ErrorReason::Parse(error.to_string()));
    regex::Regex::new(pattern).map_err(failed)
}

/// Arithmetic on plain numbers; that on amounts and durations is not known here.
fn calculate(arguments: &[Rcvar], call: &Call<'_>, f: fn(f64, f64) -> Option<f64>) -> Outcome {
    let result = match (arguments[0].as_number(), arguments[1].as_number()) {
        (Some(one), Some(other)) => f(one, other),
        _ => None,
    };
    match result {
        Some(result) if result.fract() == 0.0 && result.abs() < 9e15 => {
            of_json(&json!(result as i64))
        }
        Some(result) => of_json(&json!(result)),
        None => fail(call, "only plain numbers can be calculated with here"),
    }
}
