//! A packed definition as JSON again.

use serde_json::{Map, Value as Json, json};

use super::{PackedDefinitions, PackedKind};
use crate::schema::MAX_DEPTH;
use crate::validator::DefinitionError;

/// The keywords below which other schemas stand: one, one for each name, or a list of them.
pub(super) const ONE: [&str; 3] = ["additionalProperties", "items", "not"];
pub(super) const NAMED: &str = "properties";
pub(super) const SEVERAL: [&str; 3] = ["allOf", "anyOf", "oneOf"];

pub(super) fn written_out(known: PackedKind) -> Result<Json, DefinitionError> {
    let mut spec: Map<String, Json> = read(known.frame)?;
    let versions = spec.get_mut("versions").and_then(Json::as_array_mut);
    for version in versions.into_iter().flatten() {
        if let Some(schema) = version.pointer_mut("/schema/openAPIV3Schema") {
            *schema = schema_of(schema.take(), known.home, 2 * MAX_DEPTH)?;
        }
    }
    spec.insert("group".to_owned(), known.group.into());
    spec.insert("names".to_owned(), json!({"kind": known.kind}));
    Ok(json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "spec": spec,
    }))
}

fn schema_of(node: Json, home: &PackedDefinitions, depth: usize) -> Result<Json, DefinitionError> {
    // A packer does not write parts that refer to each other in a circle; others may.
    let Some(depth) = depth.checked_sub(1) else {
        return Err(DefinitionError::Made(
            "its schemas are nested too deep".to_owned(),
        ));
    };
    let mut members = match node {
        Json::String(reference) => {
            let name = reference.split(':').next().unwrap_or_default();
            let part = home.find(name);
            let part = part.ok_or_else(|| DefinitionError::Made(format!("no part {name}")))?;
            return schema_of(read(part)?, home, depth);
        }
        Json::Object(members) => members,
        other => return Ok(other),
    };
    for (key, member) in &mut members {
        match member {
            Json::Object(named) if key == NAMED => {
                for schema in named.values_mut() {
                    *schema = schema_of(schema.take(), home, depth)?;
                }
            }
            Json::Array(branches) if SEVERAL.contains(&key.as_str()) => {
                for schema in branches {
                    *schema = schema_of(schema.take(), home, depth)?;
                }
            }
            schema if ONE.contains(&key.as_str()) => {
                *schema = schema_of(schema.take(), home, depth)?
            }
            _ => {}
        }
    }
    Ok(Json::Object(members))
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DefinitionError> {
    serde_json::from_str(text).map_err(|error| DefinitionError::Made(error.to_string()))
}

/// A map's members, for those who write them sorted.
pub(super) fn sorted(members: &Map<String, Json>) -> Vec<(&String, &Json)> {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by_key(|(key, _)| *key);
    members
}
