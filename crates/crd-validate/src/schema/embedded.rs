//! Objects inside objects: `x-kubernetes-embedded-resource`.

use crate::value::Value;

use super::Schema;
use crate::fault::{Fault, Source};
use crate::metadata::{self, NameRule};
use kube_vocab::Path;
use kube_vocab::names;

/// Reads the apiVersion, kind and metadata of embedded objects as the server does before it judges anything: `unknown` is
/// called with the path of each member of a metadata that is unknown, `malformed` with what is of the wrong type.
pub(crate) fn decode_embedded(
    value: &Value,
    schema: &Schema,
    path: &Path<'_>,
    unknown: &mut Vec<String>,
    malformed: &mut Vec<Fault>,
) {
    if !schema.has_embedded {
        return;
    }
    if let Value::Object(members) = value
        && schema.embedded
    {
        for name in ["apiVersion", "kind"] {
            if members.get(name).is_some_and(|value| !value.is_string()) {
                let at = path.field(name);
                malformed.push(Fault::blocking(Source::Schema, at, "must be a string"));
            }
        }
        if let Some(metadata) = members.get("metadata") {
            let decoded = metadata::decode(metadata, &path.field("metadata").to_string());
            unknown.extend(decoded.unknown);
            malformed.extend(decoded.malformed);
        }
    }
    each_child(value, schema, path, &mut |value, schema, path| {
        decode_embedded(value, schema, path, unknown, malformed);
    });
}

/// Reports what is wrong with the apiVersion, kind and metadata of embedded objects, which [`decode_embedded`] could read.
pub(crate) fn check_embedded(
    value: &Value,
    schema: &Schema,
    path: &Path<'_>,
    findings: &mut Vec<Fault>,
) {
    if !schema.has_embedded {
        return;
    }
    if let Value::Object(members) = value
        && schema.embedded
    {
        for name in ["apiVersion", "kind"] {
            let at = path.field(name);
            let fault = match members.get(name).map(Value::as_str) {
                None => {
                    let finding = Fault::blocking(Source::Schema, at, "is required");
                    findings.push(finding);
                    continue;
                }
                Some(Some("")) => "must not be empty",
                Some(Some(text)) if name == "apiVersion" && text.matches('/').count() > 1 => {
                    "must be VERSION or GROUP/VERSION"
                }
                Some(Some(text))
                    if name == "kind" && names::dns_1035_label(&text.to_lowercase()).is_err() =>
                {
                    "must be letters, digits and '-', starting with a letter"
                }
                Some(_) => continue,
            };
            findings.push(Fault::new(Source::Schema, at, fault));
        }
        if let Some(metadata) = members.get("metadata") {
            let at = path.field("metadata").to_string();
            metadata::check_embedded(metadata, &at, NameRule::PathSegment, findings);
        }
    }
    each_child(value, schema, path, &mut |value, schema, path| {
        check_embedded(value, schema, path, findings);
    });
}

/// Calls `visit` for the members and items of a value that have a schema.
fn each_child(
    value: &Value,
    schema: &Schema,
    path: &Path<'_>,
    visit: &mut dyn FnMut(&Value, &Schema, &Path<'_>),
) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if let Some(property) = schema.properties.get(name.as_str()) {
                    visit(member, property, &path.field(name));
                } else if let Some(additional) = schema.additional.schema() {
                    visit(member, additional, &path.key(name));
                }
            }
        }
        Value::Array(items) => {
            if let Some(each) = &schema.items {
                for (index, item) in items.iter().enumerate() {
                    visit(item, each, &path.index(index));
                }
            }
        }
        _ => {}
    }
}
