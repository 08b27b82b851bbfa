//! The CustomResourceDefinitions, and parts of schemas that a derive cannot write.

use crd_core::crd::{Crd, CustomResourceDefinition, Definition};
use schemars::{Schema, SchemaGenerator, json_schema};

use crate::v1alpha1::{AppProject, Application, ApplicationSet};

/// The CustomResourceDefinitions of all kinds.
#[must_use]
pub fn crds() -> Vec<CustomResourceDefinition> {
    definitions().iter().map(Definition::build).collect()
}

/// The [`crds`], none of them made yet: for tools that look up a few kinds.
#[must_use]
pub fn definitions() -> Vec<Definition> {
    vec![
        Crd::of::<Application>().definition(),
        Crd::of::<ApplicationSet>().definition(),
        Crd::of::<AppProject>().definition(),
    ]
}

/// A list of values of any type.
pub(crate) fn any_values(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": { "x-kubernetes-preserve-unknown-fields": true } })
}

/// Values of any type, by name.
pub(crate) fn any_values_by_name(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "additionalProperties": { "x-kubernetes-preserve-unknown-fields": true }
    })
}

/// Types about which a schema says nothing, not even that they are objects.
macro_rules! opaque {
    ($($Type:ident),+) => {
        $(impl schemars::JsonSchema for $Type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($Type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "x-kubernetes-preserve-unknown-fields": true })
            }
        })+
    };
}

pub(crate) use opaque;
