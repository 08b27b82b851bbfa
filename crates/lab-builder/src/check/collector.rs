//! The OpenTelemetry Collector's configuration, read back from its ConfigMap.

use serde_json::Value;
use stack_builder::{Finding, ObjectId};
use stack_model::kube_value::Map;

use super::error;
use crate::model::Whole;
use crate::wiring::Wiring;

/// The configuration and the ConfigMap that holds it; nothing where the lab has no collector, or where the configuration cannot
/// be read, which [`unreadable`] tells.
pub(super) fn configuration(whole: &Whole<'_>) -> Option<(ObjectId, Value)> {
    config_maps(whole).find_map(|(id, data)| {
        let mut files = data
            .values()
            .filter_map(|text| kube_yaml::from_str::<Value>(text.as_str()?).ok());
        let configuration = files.find(|file| file.get("processors").is_some())?;
        Some((id, configuration))
    })
}

/// What keeps the configuration from being read, where no file of the ConfigMaps is one. Other files beside it need not be YAML.
pub(super) fn unreadable(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    for (id, data) in config_maps(whole) {
        for (file, text) in data {
            let read = kube_yaml::from_str::<Value>(text.as_str().unwrap_or_default());
            if let Err(fault) = read {
                let message = format!("the collector's configuration cannot be read: {fault}");
                let remedy = "mend the YAML; until then nothing is said of the collector";
                let path = format!("data[{file:?}]");
                findings.push(error("trace-completeness", &id, path, message, remedy));
            }
        }
    }
}

/// The ConfigMaps called after the collector, with their files.
fn config_maps<'a>(whole: &'a Whole<'_>) -> impl Iterator<Item = (ObjectId, &'a Map)> {
    let wiring = whole.bundle.wiring::<Wiring>();
    wiring.into_iter().flat_map(|wiring| {
        let telemetry = &wiring.telemetry;
        let maps = whole
            .model
            .objects_in("", "ConfigMap", &telemetry.namespace);
        maps.filter(|map| map.name().starts_with(&telemetry.collector))
            .filter_map(|map| Some((map.id(), map.at("data")?.as_object()?)))
    })
}

/// Whether a part of the configuration is of a type: `batch` and `batch/large` are both of the type `batch`.
pub(super) fn is_of_type(name: &str, kind: &str) -> bool {
    name.split('/').next() == Some(kind)
}
