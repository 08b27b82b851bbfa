//! Definitions that the types make: for the judge, and for the data that it reads in their place.

use crd_core::crd::Definition;
use crd_core::{Channel, Family};
use crd_validate::{PackError, Packer};
use serde_json::{Value, json};

use crate::Registry;

/// The definitions of a family in the form that [`crd_validate::PackedDefinitions`] reads: what is committed of the families of this
/// workspace, and what a program may have of its own so that it needs no schemas when it runs.
///
/// # Errors
/// When a type says of its schema what no server could read.
pub fn pack(family: &Family) -> Result<String, PackError> {
    let mut packer = Packer::new();
    for channel in [Channel::Standard, Channel::Experimental] {
        for definition in family.definitions(channel) {
            packer.add(channel.as_str(), &in_json(&definition))?;
        }
    }
    Ok(packer.finish())
}

/// The definition with schemas that share their parts. Those of a changed one are as the change left them.
fn in_json(definition: &Definition) -> Value {
    if definition.is_changed() {
        return definition.to_json().unwrap_or_default();
    }
    let mut frame = definition.to_json_without_schemas().unwrap_or_default();
    let versions = frame.pointer_mut("/spec/versions");
    for version in versions.and_then(Value::as_array_mut).into_iter().flatten() {
        let name = version["name"].as_str().unwrap_or_default();
        let schema = definition.shared_schema(name);
        version["schema"] = json!({"openAPIV3Schema": schema});
    }
    frame
}

impl Registry {
    /// Tells a judge of all kinds of these families that servers of a release channel know, as their types say it: for families
    /// of a program's own, since [`add_definitions`](crate::add_definitions) has the families of this workspace as data. Each
    /// definition is made when the first object of its kind comes, and the schema of each version when the first object of that
    /// version does. Kinds that the judge knows already stay as they are.
    pub fn add_definitions(&self, channel: Channel, judge: &mut crd_validate::Registry) {
        for definition in self.definitions(channel) {
            let (group, kind) = (definition.group(), definition.kind());
            if definition.is_changed() {
                judge.add_lazily(group, kind, move || definition.to_json());
                continue;
            }
            let schemas = definition.clone();
            judge.add_by_version(
                group,
                kind,
                move || definition.to_json_without_schemas(),
                move |version| schemas.shared_schema(version),
            );
        }
    }
}
