//! The older workload selector of EnvoyFilter, ServiceEntry and Sidecar.

use std::collections::BTreeMap;

use crd_core::Object;

/// Picks workloads of the object's namespace by label, with the member `labels`.
///
/// EnvoyFilter, ServiceEntry and Sidecar use this one. Newer kinds (and DestinationRule) use
/// [`crate::WorkloadSelector`], which says `matchLabels`. Upstream calls both WorkloadSelector.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/sidecar/#WorkloadSelector>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct LabelsSelector {
    /// Labels that a workload must carry, all of them; absent and empty mean every workload, and an
    /// explicit `{}` is kept. At most 256, each value of at most 63 characters and without `*`.
    #[schemars(schema_with = "crate::schema::selector_labels")]
    pub labels: Option<BTreeMap<String, String>>,
}

impl LabelsSelector {
    /// The workloads that carry all of `labels`.
    pub fn labels<K: Into<String>, V: Into<String>>(
        labels: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let mut all = BTreeMap::new();
        // To collect them would compile a sort for each type of `labels`.
        for (key, value) in labels {
            all.insert(key.into(), value.into());
        }
        Self { labels: Some(all) }
    }
}
