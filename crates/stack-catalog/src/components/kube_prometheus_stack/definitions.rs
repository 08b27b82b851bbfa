//! The definitions of the Prometheus Operator as a release of their own.

use serde_json::json;
use stack_builder::{
    Component, ComponentError, Context, Contribution, Overlay, Pods, Provided, Release,
};

use crate::chart_release::{ChartRelease, Upstream};
use crate::ids::MONITORING_CRDS;

/// The chart that is known; its definitions are those of [`super::UPSTREAM`].
pub const UPSTREAM: Upstream = Upstream::new(
    "https://prometheus-community.github.io/helm-charts",
    "prometheus-operator-crds",
    "31.0.1",
)
.aliased("prometheus-community");

/// The definitions of the Prometheus Operator's kinds alone, before everything else.
///
/// In a stack that has it, components that bring ServiceMonitors need not wait for Prometheus itself; it is needed where
/// Prometheus in turn waits for one of them. Six of the definitions are larger than `kubectl apply` can take on the client's
/// side; Helm takes them. They stay when the release goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrometheusOperatorCrds {
    /// The namespace of the release; nothing runs in it. Default: `kube-system`.
    pub namespace: String,
    /// The chart's version. Default: that of [`UPSTREAM`].
    pub version: String,
}

impl Default for PrometheusOperatorCrds {
    fn default() -> Self {
        PrometheusOperatorCrds {
            namespace: "kube-system".into(),
            version: UPSTREAM.version.into(),
        }
    }
}

/// The release. Its definitions stay without it, and with them all objects of their kinds.
pub(super) fn release(version: &str, namespace: &str) -> Result<Release, ComponentError> {
    let values = json!({"crds": {"annotations": {"helm.sh/resource-policy": "keep"}}});
    let release = ChartRelease::new(MONITORING_CRDS, &UPSTREAM, version, &values)?;
    let release = release.finish(namespace, &Overlay::new())?;
    Ok(release.running(Pods::default()))
}

impl Component for PrometheusOperatorCrds {
    fn id(&self) -> &str {
        MONITORING_CRDS
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some(self.namespace.clone()))
    }

    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        out.release(release(&self.version, &self.namespace)?);
        out.provides(Provided::ApiGroup("monitoring.coreos.com".into()));
        Ok(())
    }
}
