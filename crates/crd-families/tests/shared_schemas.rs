//! Schemas that write shared parts once say what those without references say.

use crate::common::{channels, difference::difference};
use crd_families::{Family, Registry, Version};
use serde_json::{Map, Value};

/// The schema with each reference replaced by what it means; a description beside it is the one that counts.
fn written_out(value: &Value, shared: &Map<String, Value>) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| written_out(item, shared)).collect(),
        Value::Object(members) => {
            let mut members = members.clone();
            let target = members
                .get("$ref")
                .and_then(Value::as_str)
                .map(str::to_owned);
            let mut all = Map::new();
            if let Some(target) = target {
                members.shift_remove("$ref");
                assert!(
                    members.keys().all(|key| key == "description"),
                    "{members:?}"
                );
                let meant = &shared[target.strip_prefix("#/$defs/").unwrap()];
                all.extend(written_out(meant, shared).as_object().unwrap().clone());
            }
            let members = members.iter();
            all.extend(members.map(|(key, member)| (key.clone(), written_out(member, shared))));
            Value::Object(all)
        }
        other => other.clone(),
    }
}

#[test]
fn a_shared_schema_says_what_the_schema_without_references_says() {
    let (mut different, mut sharing) = (Vec::new(), 0);
    for family in Registry::new().families() {
        for version in family
            .versions()
            .filter(|version| is_newest(version, family))
        {
            for channel in channels(family) {
                let mut schema = version.shared_schema(*channel);
                let shared = schema.as_object_mut().unwrap().shift_remove("$defs");
                sharing += usize::from(shared.is_some());
                let shared = shared.map(|shared| shared.as_object().unwrap().clone());
                let said = written_out(&schema, &shared.unwrap_or_default());
                let expected = version.schema(*channel);
                let name = format!(
                    "{} {} {channel:?}",
                    version.api_version(),
                    version.info().kind
                );
                different.extend(difference(&name, &said, &expected));
            }
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(sharing > 100, "{sharing}");
}

/// Older versions have the same types.
fn is_newest(version: &Version, family: &Family) -> bool {
    let (group, kind) = (version.info().group, version.info().kind);
    let newest = family
        .versions()
        .find(|one| (one.info().group, one.info().kind) == (group, kind));
    newest.is_some_and(|one| one.info().version == version.info().version)
}
