//! Probes of ports that are not declared.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;

pub(super) const CHECK: Check = Check {
    code: "probe-port",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "A probe asks a named port that the container does not declare",
    explanation: "The kubelet cannot resolve the name: the probe fails, and the container is restarted or never ready.",
    remedy: "name a port of the same container, or use its number",
    silent: "Numbers: a container may listen without saying so.",
    failing: include_str!("../../fixtures/probe-port/failing.yaml"),
    passing: include_str!("../../fixtures/probe-port/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for workload in context.model.workloads() {
        for container in workload.containers() {
            for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
                let Some(value) = container.value().get(probe) else {
                    continue;
                };
                for action in ["httpGet", "tcpSocket"] {
                    let name = value
                        .get(action)
                        .and_then(|action| action.get("port"))
                        .and_then(Value::as_str);
                    // A number in quotes is a name by type, and a number by meaning.
                    let Some(name) = name.filter(|name| name.parse::<u16>().is_err()) else {
                        continue;
                    };
                    if !container.ports().any(|port| port.name == Some(name)) {
                        let at = path(&container.path().to_string())
                            .field(probe)
                            .field(action)
                            .field("port");
                        sink.report(
                            workload.template_entry(),
                            at,
                            format!("container {} declares no port `{name}`", container.name()),
                        );
                    }
                }
            }
        }
    }
}
