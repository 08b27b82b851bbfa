//! The observability stack: OpenTelemetry Collector, Mimir, Loki, Tempo, Alloy, Grafana and AlertManager.
//!
//! What flows where: programs send OTLP to the collector, which samples traces and passes metrics to Mimir, traces to
//! Tempo and logs to Loki. Alloy reads the logs and metrics of its node and pushes them. Tempo makes metrics of the
//! traces that it keeps. Mimir's ruler evaluates the alerts and hands them to AlertManager. Grafana shows all four.
//!
//! Addresses, ports and waiting times that two of them share stand in [`TelemetryWiring`](crate::TelemetryWiring).

mod air_gap;
mod generated;
mod pods;
mod verify;

pub mod alertmanager;
pub mod alloy;
pub mod collector;
pub mod grafana;
pub mod loki;
pub mod mimir;
mod program;
pub mod tempo;

pub use crate::wiring::Wiring;
use alertmanager::AlertManager;
pub use alloy::Alloy;
pub use collector::OtelCollector;
pub use grafana::Grafana;
pub use loki::Loki;
pub use mimir::Mimir;
pub use program::Footprint;
pub use tempo::Tempo;

use crate::ids::{GATEKEEPER, LGTM};
use crate::scope::namespace;
use crate::scope::{Scope, wiring};
use stack_builder::Pods;
use stack_builder::verify::Questions;
use stack_builder::{Bundle, Component, ComponentError, Context, Contribution, Provided};
use stack_builder::{Chart, Overlay, Release, Values, VersionPair};

/// The observability stack (step 7).
///
/// ```
/// use lab_builder::components::Lgtm;
/// use lab_builder::{Environment, Lab};
///
/// let bundle = Lab::new(Environment::Dev)
///     .configure(|lgtm: &mut Lgtm| {
///         // Half of the ordinary traces instead of a tenth, and two weeks of metrics.
///         lgtm.collector.policies[2].percentage = 50.0;
///         lgtm.mimir.retention_days = 14;
///     })
///     // The collector, its clients and Tempo's check all follow.
///     .rewire(|wiring| wiring.telemetry.sampling_wait_seconds = 20)
///     .build()?;
/// let limits = &bundle.release("mimir").unwrap().values["mimir"]["structuredConfig"]["limits"];
/// assert_eq!(limits["compactor_blocks_retention_period"], "14d");
/// # Ok::<(), lab_builder::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lgtm {
    /// Takes in OTLP, cleans, samples and routes it.
    pub collector: OtelCollector,
    /// Metrics, and the rules that make alerts of them.
    pub mimir: Mimir,
    /// The store of logs.
    pub loki: Loki,
    /// The store of traces.
    pub tempo: Tempo,
    /// Reads logs and metrics of each worker node.
    pub alloy: Alloy,
    /// Shows metrics, logs, traces and alerts, and leads from one to the other.
    pub grafana: Grafana,
    /// Groups alerts of Mimir's ruler and sends them to receivers.
    pub alertmanager: AlertManager,
}

impl Component for Lgtm {
    fn id(&self) -> &str {
        LGTM
    }

    fn namespace(&self, context: &Context<'_>) -> Result<Option<String>, ComponentError> {
        let wiring: &Wiring = context.wiring()?;
        Ok(Some(wiring.telemetry.namespace.clone()))
    }

    fn after(&self) -> Vec<&str> {
        vec![GATEKEEPER]
    }

    fn step(&self) -> Option<u8> {
        Some(7)
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let context = &Scope::of(context)?;
        out.object(
            "namespace.yaml",
            namespace(&context.wiring.telemetry.namespace),
        )?;
        // Whoever receives comes before whoever sends.
        self.alertmanager.contribute(context, out)?;
        self.mimir.contribute(context, out)?;
        self.loki.contribute(context, out)?;
        self.tempo.contribute(context, out)?;
        self.collector.contribute(context, out)?;
        self.alloy.contribute(context, out)?;
        self.grafana.contribute(context, out)?;
        generated::add(out);
        air_gap::add(out.air_gap())
    }

    fn verify(&self, bundle: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        verify::ask(wiring(bundle)?, bundle, questions);
        Ok(())
    }
}

/// What there is to say of charts of which the documented repository has no newer versions.
const MOVED: &str = "12-3 pulls it without a version, which takes the newest; marked deprecated here, since its development moved to grafana-community";

/// A chart of Grafana Labs and what it brings.
struct Installation<'a> {
    release: &'static str,
    chart: &'static str,
    version: &'a str,
    /// What the documentation makes of the chart.
    note: &'static str,
    values: Values,
    overlay: &'a Overlay,
    /// How many pods it runs, by its values.
    pods: fn(&Release) -> Pods,
    /// What is waited for: `deployment/x`, `statefulset/x` or `daemonset/x`.
    workloads: Vec<String>,
    /// The images whose versions belong to the chart's.
    pairs: Vec<VersionPair>,
    /// The Service that others refer to, and its ports.
    service: &'a str,
    ports: Vec<u16>,
}

impl Installation<'_> {
    fn add(self, context: &Scope<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let namespace = &context.wiring.telemetry.namespace;
        let repository = "https://grafana.github.io/helm-charts";
        let chart = Chart::new(repository, "grafana", self.chart, self.version).noted(self.note);
        let release = Release::new(self.release, namespace, chart, self.values, self.overlay)?;
        let pods = (self.pods)(&release);
        out.release(release.running(pods).paired(self.pairs));
        for workload in &self.workloads {
            wait_for(out, namespace, workload);
        }
        out.provides(Provided::Service {
            namespace: namespace.clone(),
            name: self.service.to_owned(),
            ports: self.ports,
        });
        Ok(())
    }
}

/// Waits until all pods of a workload are ready: `deployment/x`, `statefulset/x` or `daemonset/x`.
fn wait_for(out: &mut Contribution, namespace: &str, workload: &str) {
    out.wait(
        &format!("{workload} is ready"),
        &[
            "kubectl",
            "rollout",
            "status",
            "--namespace",
            namespace,
            workload,
            "--timeout=600s",
        ],
    );
}

/// Leaves text as it is when the chart passes it through Helm's `tpl`.
fn helm_literal(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

fn field_error(field: &str, found: impl ToString, expected: impl Into<String>) -> ComponentError {
    ComponentError::Field {
        field: field.to_owned(),
        found: found.to_string(),
        expected: expected.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_helm() {
        assert_eq!(
            helm_literal("a = {\"b\" = \"{{ c }}\"}"),
            "a = {\"b\" = \"{{ \"{{\" }} c }}\"}"
        );
    }
}
