//! Parts of schemas that a derive cannot write.

use crd_core::schema::{Schema, SchemaGenerator, json_schema};

/// A value of any type.
pub(crate) fn anything(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "x-kubernetes-preserve-unknown-fields": true })
}

/// A whole number of no particular width.
pub(crate) fn integer(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "integer" })
}

/// Code, at most one per engine.
pub(crate) fn codes(generator: &mut SchemaGenerator) -> Schema {
    let item = generator.subschema_for::<crate::templates::Code>();
    json_schema!({
        "type": "array",
        "items": item,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["engine"]
    })
}
