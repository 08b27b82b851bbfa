//! What a server fills in where a built-in object says nothing.

mod kinds;
mod pod;

use crate::value::{Map, Text, Value};

pub(super) use kinds::apply;

/// Fills in a member that is not there.
fn absent(object: &mut Map, name: &'static str, value: impl Into<Value>) {
    if object.get(name).is_none_or(Value::is_null) {
        object.insert(Text::Own(name), value.into());
    }
}

/// Fills in a member that is not there, or empty, or zero: for the server that is the same.
fn unset(object: &mut Map, name: &'static str, value: impl Into<Value>) {
    let empty = match object.get(name) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Number(number)) => number.as_i64() == Some(0),
        Some(_) => false,
    };
    if empty {
        object.insert(Text::Own(name), value.into());
    }
}

fn empty() -> Value {
    Value::Object(Map::new())
}

/// The member, which is made where it is not there.
fn made<'o>(object: &'o mut Map, name: &'static str) -> Option<&'o mut Map> {
    absent(object, name, empty());
    within(object, name)
}

fn within<'o>(object: &'o mut Map, name: &str) -> Option<&'o mut Map> {
    object.get_mut(name).and_then(Value::as_object_mut)
}

/// Does something with each object of a list.
fn each(object: &mut Map, name: &str, visit: &mut dyn FnMut(&mut Map)) {
    let list = object.get_mut(name).and_then(Value::as_array_mut);
    for item in list.into_iter().flatten().filter_map(Value::as_object_mut) {
        visit(item);
    }
}

fn text<'o>(object: &'o Map, name: &str) -> &'o str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn flag(object: &Map, name: &str) -> bool {
    object
        .get(name)
        .and_then(Value::as_bool)
        .unwrap_or_default()
}
