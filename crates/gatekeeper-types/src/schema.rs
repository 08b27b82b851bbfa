//! Parts of schemas that a derive cannot write.

use schemars::{Schema, SchemaGenerator, json_schema};

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

/// The states of a template; upstream keeps members of them that its schema does not name.
pub(crate) fn template_statuses(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "array",
        "items": {
            "allOf": [generator.subschema_for::<crate::templates::ByPodStatus>()],
            "x-kubernetes-preserve-unknown-fields": true
        }
    })
}
