//! Types as values: `type(self) == int`.

use std::collections::HashMap;
use std::sync::Arc;

use kube_cel::cel::objects::{Key, Map, Opaque};
use kube_cel::cel::{Context, ResolveResult, Value as Cel};

use crate::cel::kind::TYPES;

/// What `type(x)` gives in CEL: equal to another of the same name, and to nothing else.
#[derive(Debug, PartialEq, Eq)]
struct TypeName(String);

impl Opaque for TypeName {
    fn runtime_type_name(&self) -> &str {
        "type"
    }
}

fn named(name: &str) -> Cel {
    Cel::Opaque(Arc::new(TypeName(name.to_owned())))
}

pub(super) fn register(context: &mut Context<'_>) {
    context.add_function("type", type_of);
    context.add_function("dyn", |value: Cel| -> ResolveResult { Ok(value) });
    for name in TYPES {
        context.add_variable_from_value(name, named(name));
    }
    let one = |name: &str, value: Cel| (Key::String(Arc::new(name.to_owned())), value);
    let map = |entries: HashMap<Key, Cel>| {
        Cel::Map(Map {
            map: Arc::new(entries),
        })
    };
    let kinds =
        ["Duration", "Timestamp"].map(|name| one(name, named(&format!("google.protobuf.{name}"))));
    let protobuf = map(HashMap::from(kinds));
    context.add_variable_from_value("google", map(HashMap::from([one("protobuf", protobuf)])));
}

fn type_of(value: Cel) -> ResolveResult {
    let name = match &value {
        Cel::Bool(_) => "bool",
        Cel::Bytes(_) => "bytes",
        Cel::Float(_) => "double",
        Cel::Int(_) => "int",
        Cel::UInt(_) => "uint",
        Cel::String(_) => "string",
        Cel::List(_) => "list",
        Cel::Map(_) => "map",
        Cel::Null => "null_type",
        Cel::Duration(_) => "google.protobuf.Duration",
        Cel::Timestamp(_) => "google.protobuf.Timestamp",
        Cel::Opaque(opaque) => opaque.runtime_type_name(),
        Cel::Function(..) => "function",
    };
    Ok(named(name))
}
