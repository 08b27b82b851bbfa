//! Values that a rule cannot read.

use serde_json::Number;

use crate::format::{Format, Types};
use crate::schema::Schema;
use crate::value::Value;

/// The integer that a number is written as; the reader has `-0` as a float.
pub(super) fn integer(number: &Number) -> Option<i64> {
    let zero = || {
        number
            .as_f64()
            .filter(|float| *float == 0.0 && float.is_sign_negative())
    };
    number.as_i64().or_else(|| zero().map(|_| 0))
}

/// Whether a rule that meets the value ends in an error: it is of another type, which an update forgives where it was so
/// before; it is a number with a point or an exponent where an integer is to be; it is a time in lower case, or base64 with
/// characters that have no place in a URL.
pub(super) fn is_unfit(value: &Value, schema: &Schema) -> bool {
    let types = schema.types;
    if types.is_empty() {
        return false;
    }
    match value {
        Value::Null => !schema.nullable,
        Value::Bool(_) => !types.has(Types::BOOLEAN),
        Value::Number(number) if integer(number).is_some() => {
            !types.has(Types::INTEGER.union(Types::NUMBER))
        }
        Value::Number(_) => !types.has(Types::NUMBER),
        Value::Array(_) => !types.has(Types::ARRAY),
        Value::Object(_) => !types.has(Types::OBJECT),
        Value::String(_) if !types.has(Types::STRING) => true,
        Value::String(text) => match schema.format {
            Some(Format::DateTime) => text.contains(['t', 'z']),
            Some(Format::Byte) => text.contains(['+', '/']),
            _ => false,
        },
    }
}
