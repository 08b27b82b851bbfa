//! The OpenTelemetry Collector's configuration, read back from its ConfigMap.

use serde_json::Value;
use stack_builder::ObjectId;

use crate::model::Whole;
use crate::wiring::Wiring;

/// The configuration and the ConfigMap that holds it; nothing where the lab has no collector.
pub(super) fn configuration(whole: &Whole<'_>) -> Option<(ObjectId, Value)> {
    let telemetry = &whole.bundle.wiring::<Wiring>()?.telemetry;
    let mut maps = whole
        .model
        .objects_in("", "ConfigMap", &telemetry.namespace);
    maps.find_map(|map| {
        if !map.name().starts_with(&telemetry.collector) {
            return None;
        }
        let data = map.at("data")?.as_object()?;
        // Other files in the same ConfigMap need not be YAML.
        let mut files = data
            .values()
            .filter_map(|text| kube_yaml::from_str::<Value>(text.as_str()?).ok());
        let configuration = files.find(|file| file.get("processors").is_some())?;
        Some((map.id(), configuration))
    })
}

/// Whether a part of the configuration is of a type: `batch` and `batch/large` are both of the type `batch`.
pub(super) fn is_of_type(name: &str, kind: &str) -> bool {
    name.split('/').next() == Some(kind)
}
