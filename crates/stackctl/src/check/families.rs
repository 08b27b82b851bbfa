//! The kinds that this workspace has types for: their definitions, and reading an object into its type and back.

use crd_core::parse::{ParseError, Problem};
use crd_core::{FieldPath, TypedObject, Version};
use crd_families::Registry;
use serde_json::Value;

/// The object, read into its type and written back; `None` where it has no type or does not fit it. A status that does not
/// fit is left out, as a server does that creates the object.
///
/// # Errors
/// When what was read cannot be written: the type is at fault then, not the object.
pub(super) fn round_trip(
    families: &Registry,
    object: &Value,
    leniently: bool,
) -> Result<Option<Value>, serde_json::Error> {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let version = match (text("apiVersion"), text("kind")) {
        (Some(api_version), Some(kind)) => families.version(api_version, kind),
        _ => None,
    };
    let Some(version) = version else {
        return Ok(None);
    };
    let typed = read(version, object, leniently).or_else(|error| {
        let of_status =
            |problem: &Problem| problem.path.is_within(&FieldPath::root().field("status"));
        if !version.info().status_subresource || !error.problems().iter().all(of_status) {
            return Err(error);
        }
        let mut object = object.clone();
        if let Some(members) = object.as_object_mut() {
            members.shift_remove("status");
        }
        read(version, &object, leniently)
    });
    match typed {
        Ok(typed) => typed.to_value().map(Some),
        Err(_) => Ok(None),
    }
}

fn read(
    version: &Version,
    object: &Value,
    leniently: bool,
) -> Result<Box<dyn TypedObject>, ParseError> {
    match leniently {
        true => version.lenient(object),
        false => version.strict(object),
    }
}
