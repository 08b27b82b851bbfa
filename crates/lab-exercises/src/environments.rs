//! One chart, values per environment: exercise 11-3.

use std::collections::BTreeSet;

use kube_vocab::Quantity;
use lab_builder::Bundle;
use serde_json::Value;

use crate::chart::{chart, text, values};
use crate::{ExerciseError, Lesson, Step};

const EXERCISE: &str = "11-3";
/// What of the chart runs in every environment.
const ALWAYS: [&str; 2] = ["backend", "frontend"];

/// Exercise 11-3.
pub(crate) fn values_per_environment(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    let files = chart(lab, EXERCISE)?;
    let plain = values(&files, "values.yaml", EXERCISE)?;
    let mut steps = Vec::new();
    for name in ["values-stg.yaml", "values-prod.yaml"] {
        let mut merged = plain.clone();
        merge(&mut merged, &values(&files, name, EXERCISE)?);
        for part in ALWAYS {
            let of = |values: &Value| values[part]["resources"].clone();
            steps.push(Step::new(
                format!("resources of the {part} with {name}"),
                factor(&of(&plain), &of(&merged)),
                "",
            ));
        }
        steps.push(Step::new(
            format!("replicas of the backend with {name}"),
            merged["backend"]["replicas"].to_string(),
            "",
        ));
        for part in ALWAYS {
            let tag = merged[part]["image"]["tag"].as_str().unwrap_or_default();
            let pinned = !matches!(tag, "" | "latest");
            steps.push(Step::new(
                format!("image tag of the {part} with {name}"),
                if pinned { "pinned" } else { "not pinned" },
                tag,
            ));
        }
    }
    let template = text(&files, "templates/load-generator-job.yaml", EXERCISE)?;
    let mut enabled = plain.clone();
    enabled["loadGenerator"]["enabled"] = true.into();
    for (how, values) in [
        ("values.yaml", &plain),
        ("--set loadGenerator.enabled=true", &enabled),
    ] {
        let (rendered, condition) = is_rendered(template, values);
        steps.push(Step::new(
            format!("kind: Job with {how}"),
            if rendered { "rendered" } else { "not rendered" },
            condition.unwrap_or("the template has no condition"),
        ));
    }
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Values per environment",
        steps,
    })
}

/// As Helm lays a file of values over another: maps member by member, anything else as a whole.
fn merge(into: &mut Value, over: &Value) {
    match (into, over) {
        (Value::Object(into), Value::Object(over)) => {
            for (key, value) in over {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, over) => *into = over.clone(),
    }
}

/// How many times as much is asked for: `x2`; several factors where they differ, and `changed` where something is no amount.
fn factor(before: &Value, after: &Value) -> String {
    let mut factors = BTreeSet::new();
    for kind in ["limits", "requests"] {
        for resource in ["cpu", "memory"] {
            let amount = |resources: &Value| -> Option<i64> {
                let text = resources[kind][resource].as_str()?;
                text.parse::<Quantity>().ok().map(|amount| amount.millis())
            };
            match (amount(before), amount(after)) {
                (Some(before), Some(after)) if before > 0 && after % before == 0 => {
                    factors.insert(format!("x{}", after / before));
                }
                (before, after) if before == after => {}
                _ => drop(factors.insert("changed".to_owned())),
            }
        }
    }
    factors.into_iter().collect::<Vec<_>>().join(", ")
}

/// Whether a template that stands in one condition is rendered, and the condition.
fn is_rendered<'t>(template: &'t str, values: &Value) -> (bool, Option<&'t str>) {
    let first = template.lines().next().unwrap_or_default();
    let condition = first
        .trim_start_matches("{{-")
        .trim_end_matches("}}")
        .trim()
        .strip_prefix("if .Values.");
    let Some(path) = condition else {
        return (true, None);
    };
    let found = path
        .split('.')
        .try_fold(values, |values, key| values.get(key));
    (found.is_some_and(is_true), Some(first))
}

/// What a template takes for true.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn amounts_are_compared_whatever_their_unit() {
        let of = |cpu: &str, memory: &str| json!({"limits": {"cpu": cpu, "memory": memory}});
        for (before, after, expected) in [
            (of("200m", "256Mi"), of("0.8", "1Gi"), "x4"),
            (of("200m", "256Mi"), of("200m", "512Mi"), "x1, x2"),
            (of("200m", "256Mi"), of("300m", "512Mi"), "changed, x2"),
            (json!({}), json!({}), ""),
        ] {
            assert_eq!(factor(&before, &after), expected, "{before} {after}");
        }
    }

    #[test]
    fn a_template_asks_for_the_truth_of_its_value() {
        let template = "{{- if .Values.a.b }}\nkind: Job\n{{- end }}\n";
        for (values, expected) in [
            (json!({"a": {"b": true}}), true),
            (json!({"a": {"b": "no"}}), true),
            (json!({"a": {"b": false}}), false),
            (json!({"a": {"b": 0}}), false),
            (json!({"a": {}}), false),
        ] {
            assert_eq!(is_rendered(template, &values).0, expected, "{values}");
        }
        assert_eq!(is_rendered("kind: Job\n", &json!({})), (true, None));
    }
}
