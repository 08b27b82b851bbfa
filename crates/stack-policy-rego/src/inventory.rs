//! What Gatekeeper is told to keep at hand for its policies.

use stack_model::{Model, Value};

/// The objects of the kinds that Config and SyncSets sync.
pub(crate) fn synced(model: &Model) -> Vec<serde_json::Value> {
    let configs = model.objects("config.gatekeeper.sh", "Config");
    let sets = model.objects("syncset.gatekeeper.sh", "SyncSet");
    let wanted = configs
        .flat_map(|config| config.items_at("spec.sync.syncOnly"))
        .chain(sets.flat_map(|set| set.items_at("spec.gvks")));
    let mut kinds: Vec<(&str, &str)> = wanted
        .filter_map(|kind| {
            let text = |member: &str| kind.get(member).and_then(Value::as_str);
            Some((text("group").unwrap_or_default(), text("kind")?))
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let objects = kinds
        .into_iter()
        .flat_map(|(group, kind)| model.objects(group, kind));
    objects.map(|entry| entry.value().to_json()).collect()
}
