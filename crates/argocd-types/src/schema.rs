//! Parts of schemas that a derive cannot write.

use crd_core::schema::{Schema, SchemaGenerator, json_schema};

/// A value of which nothing is said, not even its type.
pub(crate) fn anything(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "x-kubernetes-preserve-unknown-fields": true })
}

/// A list of values of any type.
pub(crate) fn any_values(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": anything(generator) })
}

/// Values of any type, by name.
pub(crate) fn any_values_by_name(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "object", "additionalProperties": anything(generator) })
}
