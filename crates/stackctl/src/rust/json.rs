//! What a program makes of JSON: values that have no shape, and whatever cannot be seen through.

use serde_json::Value;

use super::builder::Builder;
use super::expression::{Expression, expect};

impl Builder<'_> {
    /// Istio's number, which keeps whether it was written with a point.
    pub(super) fn double(public: &str, value: &Value) -> Option<Expression> {
        if let Some(whole) = value.as_i64() {
            let whole = i32::try_from(whole).ok()?;
            let whole = Expression::Text(whole.to_string());
            return Some(Expression::call(public, "::from", vec![whole]));
        }
        let float = Expression::Text(format!("{:?}", value.as_f64()?));
        let made = Expression::call(public, "::new", vec![float]);
        Some(Expression::Chain(
            made.into(),
            vec![expect("a finite number")],
        ))
    }

    pub(super) fn number(value: &Value) -> Option<Expression> {
        const NUMBER: &str = "serde_json::Number";
        let number = value.as_number()?;
        if number.is_f64() {
            let float = Expression::Text(format!("{:?}", number.as_f64()?));
            let made = Expression::call(NUMBER, "::from_f64", vec![float]);
            return Some(Expression::Chain(
                made.into(),
                vec![expect("a finite number")],
            ));
        }
        let whole = Expression::Text(match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => format!("{whole}_i64"),
            (_, whole) => format!("{}_u64", whole?),
        });
        Some(Expression::call(NUMBER, "::from", vec![whole]))
    }

    pub(super) fn json(value: &Value) -> Expression {
        match expansions(value) > MOST_EXPANSIONS {
            true => Self::read(value),
            false => Expression::Json(value.clone()),
        }
    }

    /// Read by the program itself, from JSON.
    pub(super) fn read_opaque(&mut self, value: &Value) -> Expression {
        self.opaque += 1;
        Self::read(value)
    }

    pub(super) fn read(value: &Value) -> Expression {
        let read = if expansions(value) > MOST_EXPANSIONS {
            let text = Expression::literal(&format!("{value:#}"));
            Expression::call("serde_json::from_str", "", vec![text])
        } else {
            Expression::call("serde_json::from_value", "", vec![Self::json(value)])
        };
        Expression::Chain(read.into(), vec![expect("it was read before")])
    }
}

/// How deep the compiler expands `json!` by default, with some room.
const MOST_EXPANSIONS: usize = 100;

/// About how deep `json!` is expanded for a value: it takes a few steps for each member, one inside the other.
fn expansions(value: &Value) -> usize {
    match value {
        Value::Array(elements) => {
            elements.len() * 2 + elements.iter().map(expansions).max().unwrap_or_default()
        }
        Value::Object(members) => {
            members.len() * 4 + members.values().map(expansions).max().unwrap_or_default()
        }
        _ => 1,
    }
}
