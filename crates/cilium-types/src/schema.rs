//! Pieces of schemas that several kinds share.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::v2::{EndpointSelector, LabelSelectorOperator};

/// A whole number without a format: the API server takes 64 bits.
pub(crate) struct Integer;

impl JsonSchema for Integer {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Integer".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer" })
    }
}

/// Picks objects by their labels. All that is named must match; naming nothing picks everything.
///
/// Cilium narrows the label selector of Kubernetes: operators are an enum, values have bounds.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", extend("x-kubernetes-map-type" = "atomic"))]
#[allow(dead_code)]
pub(crate) struct LabelSelector {
    /// Demands that must all hold.
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    match_expressions: Option<Vec<LabelSelectorRequirement>>,
    /// Labels that must all be there with exactly this value.
    #[schemars(schema_with = "label_values")]
    match_labels: Option<BTreeMap<String, String>>,
}

/// One demand on a label.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[allow(dead_code)]
struct LabelSelectorRequirement {
    /// The label in question.
    key: String,
    /// How the label is judged.
    operator: LabelSelectorOperator,
    /// At least one value for In and NotIn, none for Exists and DoesNotExist.
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    values: Option<Vec<String>>,
}

fn label_values(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "additionalProperties": {
            "type": "string",
            "maxLength": 63,
            "pattern": "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$",
        },
    })
}

impl JsonSchema for EndpointSelector {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "EndpointSelector".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        LabelSelector::json_schema(generator)
    }
}
