//! Objects inside objects: `x-kubernetes-embedded-resource`.

use serde_json::Value;

use super::Schema;
use crate::finding::{Finding, Source};
use crate::metadata::{self, NameRule};
use crate::names;
use crate::path::Path;

/// Reports what is wrong with the apiVersion, kind and metadata of embedded objects.
pub(crate) fn check_embedded(
    value: &Value,
    schema: &Schema,
    path: &Path<'_>,
    findings: &mut Vec<Finding>,
) {
    if !schema.has_embedded {
        return;
    }
    match value {
        Value::Object(members) => {
            if schema.embedded {
                for name in ["apiVersion", "kind"] {
                    let at = path.field(name);
                    let fault = match members.get(name) {
                        None => Some("is required"),
                        Some(Value::String(text)) if text.is_empty() => Some("must not be empty"),
                        Some(Value::String(text))
                            if name == "apiVersion" && text.matches('/').count() > 1 =>
                        {
                            Some("must be VERSION or GROUP/VERSION")
                        }
                        Some(Value::String(text))
                            if name == "kind"
                                && !names::is_label_1035(&text.to_ascii_lowercase()) =>
                        {
                            Some("must be letters, digits and '-', starting with a letter")
                        }
                        Some(Value::String(_)) => None,
                        Some(_) => Some("must be a string"),
                    };
                    if let Some(fault) = fault {
                        findings.push(Finding::blocking(Source::Schema, at.to_string(), fault));
                    }
                }
                if let Some(metadata) = members.get("metadata") {
                    let at = path.field("metadata").to_string();
                    for unknown in metadata::decode(metadata, &at).unknown {
                        findings.push(Finding::new(Source::Schema, unknown, "unknown field"));
                    }
                    metadata::check_embedded(metadata, &at, NameRule::PathSegment, findings);
                }
            }
            for (name, member) in members {
                if let Some(property) = schema.properties.get(name) {
                    check_embedded(member, property, &path.field(name), findings);
                } else if let Some(additional) = schema.additional.schema() {
                    check_embedded(member, additional, &path.key(name), findings);
                }
            }
        }
        Value::Array(items) => {
            if let Some(each) = &schema.items {
                for (index, item) in items.iter().enumerate() {
                    check_embedded(item, each, &path.index(index), findings);
                }
            }
        }
        _ => {}
    }
}
