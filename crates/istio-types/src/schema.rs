//! Schemas that a derive cannot say.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use crd_core::schema::rules;

/// The rule that a duration is not below one millisecond.
pub(crate) fn at_least_a_millisecond() -> Value {
    rules(&[(
        "!(duration(self) < duration('1ms'))",
        "a duration of at least 1ms is needed",
    )])
}

/// `matchLabels` of a selector.
pub(crate) fn match_labels(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "maxProperties": 4096,
        "additionalProperties": label_value(),
        "x-kubernetes-validations": rules(&[
            ("!self.exists(key, key.contains('*'))", "a label key cannot hold a wildcard"),
            ("!self.exists(key, key == '')", "a label key cannot be empty"),
        ]),
    })
}

fn label_value() -> Value {
    json!({
        "type": "string",
        "maxLength": 63,
        "x-kubernetes-validations": rules(&[("self.indexOf('*') == -1", "a label value cannot hold a wildcard")]),
    })
}

/// `portLevelMtls`: port numbers, as strings, to modes.
#[cfg(feature = "security")]
pub(crate) fn port_levels(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "minProperties": 1,
        "additionalProperties": crate::security::v1::MutualTls::json_schema(generator),
        "x-kubernetes-validations": rules(&[("!self.exists(port, int(port) < 1 || int(port) > 65535)", "ports are 1 to 65535")]),
    })
}

/// The rule that a policy is attached in one way.
pub(crate) fn one_attachment() -> Value {
    rules(&[(
        "[has(self.selector), has(self.targetRef), has(self.targetRefs)].filter(used, used).size() <= 1",
        "attach it in one way: selector, targetRef or targetRefs",
    )])
}

/// The rule that a URL is one of HTTP.
pub(crate) fn http_url() -> Value {
    rules(&[(
        "url(self).getScheme().matches('^https?$')",
        "the URL is one of http or https",
    )])
}
