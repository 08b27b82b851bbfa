//! The OpenTelemetry Collector's configuration, read back from its ConfigMap.

use k8s_openapi::api::core::v1::ConfigMap;
use serde_json::Value;
use stack_builder::{Bundle, ObjectId};

use crate::wiring::Wiring;

/// The configuration and the ConfigMap that holds it; nothing where the lab has no collector.
pub(super) fn configuration(bundle: &Bundle) -> Option<(ObjectId, Value)> {
    let telemetry = &bundle.wiring::<Wiring>()?.telemetry;
    let of_collector = |id: &ObjectId| {
        id.namespace.as_ref() == Some(&telemetry.namespace)
            && id.name.starts_with(&telemetry.collector)
    };
    bundle
        .read::<ConfigMap>()
        .filter(|(object, _)| of_collector(object.id()))
        .find_map(|(object, read)| {
            let data = read.ok()?.into_owned().data?;
            // Other files in the same ConfigMap need not be YAML.
            let mut files = data
                .values()
                .filter_map(|text| kube_yaml::from_str::<Value>(text).ok());
            let configuration = files.find(|file| file.get("processors").is_some())?;
            Some((object.id().clone(), configuration))
        })
}
