//! Schemas that a derive cannot say.

use crd_core::schema::{Schema, SchemaGenerator, json_schema, rules};
use serde_json::{Value, json};

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
        "additionalProperties": generator.subschema_for::<crate::security::v1::MutualTls>(),
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
        "url(self).getScheme() == 'https' || url(self).getScheme() == 'http'",
        "the URL is one of http or https",
    )])
}

/// The rule that a number is a port.
pub(crate) fn port_number() -> Value {
    rules(&[("self >= 1 && self <= 65535", "a port is 1 to 65535")])
}

/// `labels` of the older selector.
pub(crate) fn selector_labels(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object", "maxProperties": 256, "additionalProperties": label_value()})
}

/// Environment variables of a proxy.
pub(crate) fn environment(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "additionalProperties": {"type": "string", "maxLength": 2048},
    })
}

/// Port names of a workload and their numbers.
pub(crate) fn workload_ports(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "maxProperties": 128,
        "additionalProperties": {
            "type": "integer",
            "minimum": 0,
            "maximum": u32::MAX,
            "x-kubernetes-validations": port_number(),
        },
        "x-kubernetes-validations": rules(&[(
            "!self.exists(name, size(name) > 62 || !name.matches('^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$'))",
            "a port name has at most 62 letters, digits and dashes and no dash at its ends",
        )]),
    })
}

/// Hosts of a ServiceEntry.
pub(crate) fn service_hosts(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "array",
        "minItems": 1,
        "maxItems": 256,
        "items": {
            "type": "string",
            "x-kubernetes-validations": rules(&[("!(self == '*')", "a wildcard alone is no host name")]),
        },
    })
}

/// Shares of localities, in percent.
pub(crate) fn shares(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "additionalProperties": {"type": "integer", "minimum": 0, "maximum": u32::MAX},
    })
}

/// A workload that has an address or a network.
#[cfg(feature = "networking")]
pub(crate) fn workload_entry(generator: &mut SchemaGenerator) -> Schema {
    use crd_core::schema::JsonSchema as _;
    // Written out, since rules are added to its own.
    let mut schema = crate::networking::v1::WorkloadEntrySpec::json_schema(generator);
    let reachable = rules(&[(
        "has(self.network) || has(self.address)",
        "a workload needs an address or a network",
    )]);
    if let (Some(Value::Array(found)), Value::Array(added)) =
        (schema.get_mut("x-kubernetes-validations"), reachable)
    {
        found.extend(added);
    }
    schema
}

/// Endpoints of a ServiceEntry.
#[cfg(feature = "networking")]
pub(crate) fn endpoints(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "array", "maxItems": 4096, "items": workload_entry(generator)})
}
