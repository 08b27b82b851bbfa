//! Variables: `{{ ... }}`, which are queries in JMESPath.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jmespath::functions::{ArgumentType, CustomFunction, Signature};
use jmespath::{Context as Call, ErrorReason, JmespathError, Rcvar, Runtime, Variable};
use kube_vocab::ImageName;
use serde_json::{Map, Value, json};

use super::wildcard;
use crate::case::Case;

/// Why a text with variables has no value.
pub(super) type Unknown = String;

/// What variables are looked up in.
#[derive(Clone, Debug)]
pub(super) struct Data {
    values: Map<String, Value>,
    /// Beginnings of queries that only a cluster can answer, with the reason.
    unknown: BTreeMap<String, String>,
}

impl Data {
    /// What every policy sees of the creation of an object.
    pub(super) fn of(case: &Case<'_>) -> Self {
        let mut values = Map::new();
        values.insert(
            "request".to_owned(),
            json!({
                "object": case.object(), "operation": "CREATE", "name": case.name(),
                "namespace": case.namespace_name().unwrap_or_default(),
                "kind": {"group": case.group(), "version": case.version(), "kind": case.kind()},
                "oldObject": null, "dryRun": false,
            }),
        );
        values.insert("images".to_owned(), images(case));
        let cluster = "it depends on who sends the request";
        let unknown = [
            "request.userInfo",
            "request.roles",
            "request.clusterRoles",
            "serviceAccount",
        ];
        Self {
            values,
            unknown: unknown
                .map(|name| (name.to_owned(), cluster.to_owned()))
                .into(),
        }
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.unknown.remove(name);
        self.values.insert(name.to_owned(), value);
    }

    pub(super) fn set_unknown(&mut self, name: &str, reason: String) {
        self.unknown.insert(name.to_owned(), reason);
    }

    /// The answer to a query; null where there is nothing.
    pub(super) fn query(&self, query: &str) -> Result<Value, Unknown> {
        let mentions = |name: &str| {
            query.match_indices(name).any(|(at, _)| {
                let before = query[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
            })
        };
        if let Some((_, reason)) = self.unknown.iter().find(|(name, _)| mentions(name)) {
            return Err(format!("`{query}`: {reason}"));
        }
        let failed = |error: JmespathError| {
            format!(
                "`{query}` cannot be evaluated: {}",
                first_line(&error.to_string())
            )
        };
        let data = Variable::from_serializable(&self.values).map_err(failed)?;
        let expression = runtime().compile(query).map_err(failed)?;
        let found = expression.search(data).map_err(failed)?;
        serde_json::to_value(&*found).map_err(|error| error.to_string())
    }

    /// A value with its variables filled in, the inner ones first.
    pub(super) fn fill(&self, value: &Value) -> Result<Value, Unknown> {
        Ok(match value {
            Value::String(text) => self.fill_text(text)?,
            Value::Array(items) => {
                let items = items.iter().map(|item| self.fill(item));
                Value::Array(items.collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let mut filled = Map::new();
                for (key, value) in members {
                    let key = match self.fill_text(key)? {
                        Value::String(key) => key,
                        other => other.to_string(),
                    };
                    filled.insert(key, self.fill(value)?);
                }
                Value::Object(filled)
            }
            other => other.clone(),
        })
    }

    fn fill_text(&self, text: &str) -> Result<Value, Unknown> {
        let mut text = text.to_owned();
        if text.contains("$(") {
            return Err(format!("`{text}` refers to another place of the pattern"));
        }
        // Each round fills in one variable that has no other inside; a text has no more of them than braces.
        for _ in 0..=text.len() {
            let Some((start, end)) = innermost(&text) else {
                break;
            };
            let found = self.query(text[start + 2..end].trim())?;
            if start == 0 && end + 2 == text.len() {
                // The variable is the whole: it keeps its type.
                match found {
                    Value::String(inner) if innermost(&inner).is_some() => text = inner,
                    found => return Ok(found),
                }
                continue;
            }
            let written = match found {
                Value::String(inner) => inner,
                Value::Null => String::new(),
                other => other.to_string(),
            };
            text.replace_range(start..end + 2, &written);
        }
        Ok(Value::String(text.replace("\\{{", "{{")))
    }

    /// A text with its variables filled in as far as they are known.
    pub(super) fn message(&self, text: &str) -> String {
        match self.fill_text(text) {
            Ok(Value::String(text)) => text,
            Ok(other) => other.to_string(),
            Err(_) => text.to_owned(),
        }
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Where the first variable without another one inside begins and ends.
fn innermost(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    loop {
        let end = from + text[from..].find("}}")?;
        // Of three braces the last two close the variable.
        let end = if text[end..].starts_with("}}}") && text[..end].matches('{').count() % 2 == 1 {
            end + 1
        } else {
            end
        };
        let start = text[..end].rfind("{{");
        match start {
            Some(start) if !text[..start].ends_with('\\') => return Some((start, end)),
            _ => from = end + 2,
        }
    }
}

/// The images of a pod's containers, taken apart.
fn images(case: &Case<'_>) -> Value {
    let mut all = Map::new();
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        let items = case
            .object()
            .pointer("/spec")
            .and_then(|spec| spec.get(list)?.as_array());
        let mut of_list = Map::new();
        for container in items.into_iter().flatten() {
            let text = |member: &str| container.get(member).and_then(Value::as_str);
            if let (Some(name), Some(image)) = (text("name"), text("image")) {
                of_list.insert(name.to_owned(), image_parts(image));
            }
        }
        if !of_list.is_empty() {
            all.insert(list.to_owned(), Value::Object(of_list));
        }
    }
    Value::Object(all)
}

fn image_parts(image: &str) -> Value {
    let parts = ImageName::split(image);
    let (registry, path) = (parts.host().unwrap_or("docker.io"), parts.path());
    let name = parts.short_name();
    let digest = parts.digest().unwrap_or_default();
    let tag = match (parts.tag(), parts.digest()) {
        (Some(tag), _) => tag,
        (None, Some(_)) => "",
        (None, None) => "latest",
    };
    json!({"registry": registry, "path": path, "name": name, "tag": tag, "digest": digest, "reference": image})
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
