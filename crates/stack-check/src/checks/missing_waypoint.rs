//! Waypoints that do not exist.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Entry, Extent, Labels, Resolution};

pub(super) const CHECK: Check = Check {
    code: "missing-waypoint",
    group: Group::References,
    severity: Severity::Error,
    title: "Traffic is to pass a waypoint that does not exist, or is for other traffic",
    explanation: "A namespace, Service or pod asks for a waypoint of Istio. Without the Gateway of that name, or if it is no \
        waypoint or one for other traffic (`istio.io/waypoint-for`), traffic goes straight to the pod: policies of layer 7 are not \
        enforced, and nobody says so.",
    remedy: "add the Gateway with a waypoint class, or correct the label",
    silent: "Gateways of namespaces that the input does not declare.",
    failing: include_str!("../../fixtures/missing-waypoint/failing.yaml"),
    passing: include_str!("../../fixtures/missing-waypoint/passing.yaml"),
    run,
};

const LABEL: &str = "istio.io/use-waypoint";
const GROUP: &str = "gateway.networking.k8s.io";

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    for namespace in model.namespaces() {
        if let Some(entry) = namespace.entry() {
            look(
                context,
                sink,
                entry,
                entry.labels(),
                namespace.name(),
                "metadata.labels",
            );
        }
    }
    for service in model.services() {
        look(
            context,
            sink,
            service.entry(),
            service.entry().labels(),
            service.namespace(),
            "metadata.labels",
        );
    }
    for workload in model.workloads() {
        let at = [workload.pod_path(), "metadata.labels"]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(".");
        look(
            context,
            sink,
            workload.template_entry(),
            workload.labels(),
            workload.namespace(),
            &at,
        );
    }
}

fn look(
    context: &Context<'_>,
    sink: &mut Sink<'_, '_>,
    entry: &Entry,
    labels: Labels<'_>,
    home: &str,
    at: &str,
) {
    let Some(name) = labels
        .get(LABEL)
        .filter(|name| *name != "none" && !name.is_empty())
    else {
        return;
    };
    let namespace = labels
        .get("istio.io/use-waypoint-namespace")
        .unwrap_or(home);
    let declared = context
        .model
        .namespace(namespace)
        .is_some_and(|namespace| namespace.is_declared());
    // Who declares a namespace is taken to bring its waypoint; istioctl could have made it, but then it is in no manifest.
    let extent = if declared {
        Extent::Whole
    } else {
        context.extent
    };
    let message = match context
        .model
        .look_up(GROUP, "Gateway", Some(namespace), name, extent)
    {
        Resolution::Missing => format!("there is no Gateway {namespace}/{name}"),
        Resolution::Found(gateway) => {
            let class = gateway.text_at("spec.gatewayClassName").unwrap_or_default();
            let serves = gateway.labels().get("istio.io/waypoint-for");
            let serves = serves.unwrap_or("service");
            let is_other = match entry.kind() {
                "Namespace" => serves == "none",
                "Service" => !matches!(serves, "service" | "all"),
                _ => !matches!(serves, "workload" | "all"),
            };
            match class.contains("waypoint") {
                true if is_other => format!("{gateway} is a waypoint for: {serves}"),
                true => return,
                false => format!("{gateway} is of class {class}, which is no waypoint"),
            }
        }
        _ => return,
    };
    sink.report(entry, path(at).key(LABEL), message);
}
