//! Who scales a workload.

use kube_value::Value;

use crate::Entry;
use crate::entry::group_of;

/// A `HorizontalPodAutoscaler` or a KEDA `ScaledObject`: between which numbers it moves the replicas of its target.
#[derive(Clone, Copy, Debug)]
pub struct Autoscaler<'m> {
    entry: &'m Entry,
    keda: bool,
}

impl<'m> Autoscaler<'m> {
    /// The view of an object; `None` for other kinds.
    pub fn of(entry: &'m Entry) -> Option<Self> {
        let keda = match (entry.group(), entry.kind()) {
            ("autoscaling", "HorizontalPodAutoscaler") => false,
            ("keda.sh", "ScaledObject") => true,
            _ => return None,
        };
        Some(Self { entry, keda })
    }

    /// The autoscaler's entry in the model, with its fields and lines.
    pub const fn entry(self) -> &'m Entry {
        self.entry
    }

    /// Group, kind and name of what it scales, in its own namespace.
    pub fn target(self) -> Option<(&'m str, &'m str, &'m str)> {
        let target = self.entry.at("spec.scaleTargetRef")?;
        let text = |member: &str| target.get(member).and_then(Value::as_str);
        let (group, kind) = if self.keda {
            (
                text("apiVersion").unwrap_or("apps/v1"),
                text("kind").unwrap_or("Deployment"),
            )
        } else {
            (text("apiVersion").unwrap_or_default(), text("kind")?)
        };
        Some((group_of(group), kind, text("name")?))
    }

    /// The least number of replicas: 1 (for KEDA 0) where it is not set.
    pub fn min(self) -> u32 {
        let path = if self.keda {
            "spec.minReplicaCount"
        } else {
            "spec.minReplicas"
        };
        count(self.entry.at(path)).unwrap_or(u32::from(!self.keda))
    }

    /// The greatest number of replicas; for KEDA 100 where it is not set.
    pub fn max(self) -> u32 {
        let path = if self.keda {
            "spec.maxReplicaCount"
        } else {
            "spec.maxReplicas"
        };
        count(self.entry.at(path)).unwrap_or(if self.keda { 100 } else { self.min() })
    }
}

/// A number of pods.
pub(crate) fn count(value: Option<&Value>) -> Option<u32> {
    value?.as_u64().and_then(|count| u32::try_from(count).ok())
}
