//! What can stand beside Falco: one that knows the cluster, and one that acts.

use serde_json::{Value, json};
use stack_builder::{ComponentError, Context};

use super::{Falco, Priority};
use crate::chart_release::ChartRelease;
use crate::sizes::{Resources, refused};

/// The metacollector, which asks the API server once for all agents, so that rules can be about Deployments, Services and the
/// like (`k8smeta.*`) and not about pods alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// What it asks for and may use.
    pub resources: Resources,
}

impl Default for Metadata {
    fn default() -> Self {
        Metadata {
            resources: Resources::new("50m", "128Mi").memory_limit("512Mi"),
        }
    }
}

/// Falco Talon, which acts on events that Falcosidekick hands it: ends pods, cuts them off, labels them. It may delete pods,
/// ConfigMaps, Secrets and workloads of all namespaces; its rules say when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Talon {
    /// How many pods; one leads. Default: 2; one in a small stack.
    pub replicas: u32,
    /// Rules of one's own, as Talon reads them. They change those that come with it by name. Default: those that come with it.
    pub rules: Option<String>,
    /// From which priority on it gets events. Default: [`Priority::Warning`].
    pub from: Priority,
    /// What one pod asks for and may use.
    pub resources: Resources,
}

impl Default for Talon {
    fn default() -> Self {
        Talon {
            replicas: 2,
            rules: None,
            from: Priority::Warning,
            resources: Resources::new("50m", "64Mi").memory_limit("256Mi"),
        }
    }
}

/// The Service of Talon; the chart calls it so in each release.
pub(super) const TALON: &str = "falco-talon";

impl Talon {
    /// What Falcosidekick must know.
    pub(super) fn receiver(&self) -> Value {
        json!({"address": format!("http://{TALON}:2803"), "minimumpriority": self.from.name()})
    }
}

impl Falco {
    pub(super) fn add_metadata(
        &self,
        context: &Context<'_>,
        release: &mut ChartRelease,
    ) -> Result<(), ComponentError> {
        let Some(metadata) = &self.metadata else {
            return Ok(());
        };
        release.set("collectors.kubernetes.enabled", true);
        let resources = metadata.resources.to_value("metadata.resources")?;
        release.set("k8s-metacollector.resources", resources);
        if self.monitoring.is_on(context) {
            release.set("k8s-metacollector.serviceMonitor.create", true);
        }
        Ok(())
    }

    pub(super) fn add_talon(
        &self,
        context: &Context<'_>,
        release: &mut ChartRelease,
    ) -> Result<(), ComponentError> {
        let Some(talon) = &self.talon else {
            return Ok(());
        };
        if talon.replicas == 0 {
            return Err(refused("talon.replicas", 0, "at least 1"));
        }
        if self.sidekick.is_none() {
            let expected = "none without `sidekick`, which hands it events";
            return Err(refused("talon", "one", expected));
        }
        release.set("responseActions.enabled", true);
        release.set("falco-talon.replicaCount", talon.replicas);
        let resources = talon.resources.to_value("talon.resources")?;
        release.set("falco-talon.resources", resources);
        release.set_some("falco-talon.config.rulesOverride", talon.rules.as_deref());
        if self.monitoring.is_on(context) {
            release.set("falco-talon.serviceMonitor.enabled", true);
        }
        Ok(())
    }
}
