//! HorizontalPodAutoscalers.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::pod::resources;

/// The members that a metric of a type has.
const SOURCES: [(&str, &str); 5] = [
    ("ContainerResource", "containerResource"),
    ("External", "external"),
    ("Object", "object"),
    ("Pods", "pods"),
    ("Resource", "resource"),
];

/// The order in which the server looks for them: the first that is there is judged.
const ORDER: [&str; 5] = [
    "object",
    "external",
    "pods",
    "resource",
    "containerResource",
];

pub(in super::super) fn autoscaler(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let least = bounds(&spec, out);
    let metrics = spec.get("metrics");
    let mut outside = false;
    for metric in metrics.items() {
        outside |= matches!(metric.text("type"), "Object" | "External");
        check_metric(&metric, out);
    }
    if least == Some(0) && !outside {
        out.forbidden(
            metrics.path,
            "with minReplicas 0 there must be a metric of type Object or External",
        );
    }
    let behavior = spec.get("behavior");
    for direction in ["scaleUp", "scaleDown"] {
        rules(&behavior.get(direction), out);
    }
}

/// The number of pods, as the part of an object that is for that alone.
pub(in super::super) fn scale(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    out.not_negative(&spec.get("replicas"));
}

/// In the older version there is one number instead of metrics.
pub(in super::super) fn autoscaler_v1(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    bounds(&spec, out);
    let target = spec.get("targetCPUUtilizationPercentage");
    if target.is_set() && target.int() < 1 {
        let metrics = spec.path.field("metrics");
        let metric = metrics.index(0);
        let (resource, what) = (metric.field("resource"), "must be more than 0");
        let aim = resource.field("target");
        out.invalid(aim.field("averageUtilization"), what);
    }
}

fn bounds(spec: &Node<'_, '_>, out: &mut Faults) -> Option<i64> {
    // Zero is taken where the gate for it is on, as it is from 1.36.
    let lowest = 1;
    let (least, most) = (spec.get("minReplicas"), spec.get("maxReplicas"));
    if least.is_set() && least.int() < lowest {
        out.invalid(
            least.path,
            format!("{} must be at least {lowest}", least.int()),
        );
    }
    if most.int() < 1 {
        out.invalid(most.path, format!("{} must be at least 1", most.int()));
    }
    if least.is_set() && most.int() < least.int() {
        out.invalid(
            most.path,
            format!(
                "{} must be at least minReplicas, {}",
                most.int(),
                least.int()
            ),
        );
    }
    reference(&spec.get("scaleTargetRef"), out);
    least.is_set().then(|| least.int())
}

fn named(node: &Node<'_, '_>, out: &mut Faults) {
    for name in ["kind", "name"] {
        let node = node.get(name);
        if node.str().is_empty() {
            out.required(node.path);
        } else {
            out.named(&node, names::path_segment);
        }
    }
}

/// The object that is scaled: of a named group, unless it is a ReplicationController.
fn reference(node: &Node<'_, '_>, out: &mut Faults) {
    named(node, out);
    let version = node.get("apiVersion");
    if !api_version(&version, out) {
        return;
    }
    let group = version.str().split_once('/').map_or("", |(group, _)| group);
    if group.is_empty() && node.text("kind") != "ReplicationController" {
        let message = format!(
            "\"{}\" must be GROUP/VERSION, such as apps/v1",
            version.str()
        );
        out.invalid(version.path, message);
    }
}

/// Reports a version with more parts than a group and its version. Says whether it was fine.
fn api_version(version: &Node<'_, '_>, out: &mut Faults) -> bool {
    let fine = version.str().matches('/').count() <= 1;
    if !fine {
        let message = format!("\"{}\" must be VERSION or GROUP/VERSION", version.str());
        out.invalid(version.path, message);
    }
    fine
}

fn check_metric(metric: &Node<'_, '_>, out: &mut Faults) {
    let kind = metric.get("type");
    let known = SOURCES.map(|(kind, _)| kind);
    if kind.str().is_empty() {
        out.required_as(kind.path, &format!("one of {}", known.join(", ")));
    }
    let present: Vec<&str> = ORDER
        .into_iter()
        .filter(|member| metric.has(member))
        .collect();
    if let Some(first) = present.first() {
        check_source(first, &metric.get(first), out);
    }
    let wanted = SOURCES
        .iter()
        .find(|(name, _)| *name == kind.str())
        .map_or("", |(_, member)| *member);
    if wanted.is_empty() && !kind.is_empty() {
        out.unsupported(kind.path, kind.str(), &known);
    } else if !wanted.is_empty() && !metric.has(wanted) {
        out.required_as(
            metric.path.field(wanted),
            "it belongs to the type of the metric",
        );
    }
    if present.len() != 1 {
        for other in present.into_iter().filter(|member| *member != wanted) {
            out.forbidden(
                metric.path.field(other),
                "a metric has one source, that of its type",
            );
        }
    }
}

/// One source of a metric, by the member that it stands in.
fn check_source(member: &str, node: &Node<'_, '_>, out: &mut Faults) {
    let aim = node.get("target");
    let (value, average, utilization) = (
        aim.get("value"),
        aim.get("averageValue"),
        aim.get("averageUtilization"),
    );
    match member {
        "object" => {
            let described = node.get("describedObject");
            named(&described, out);
            api_version(&described.get("apiVersion"), out);
            identifier(&node.get("metric"), out);
            target(&aim, out);
            if !value.is_set() && !average.is_set() {
                out.required_as(average.path, "one of value, averageValue");
            }
        }
        "external" => {
            identifier(&node.get("metric"), out);
            target(&aim, out);
            match (value.is_set(), average.is_set()) {
                (false, false) => out.required_as(average.path, "one of value, averageValue"),
                (true, true) => out.forbidden(value.path, "give one of value, averageValue"),
                _ => {}
            }
        }
        "pods" => {
            identifier(&node.get("metric"), out);
            target(&aim, out);
            if average
                .quantity()
                .is_none_or(|amount| amount.is_negative() || amount.is_zero())
            {
                out.required_as(average.path, "an amount of more than nothing");
            }
        }
        _ => {
            let name = node.get("name");
            out.required_text(&name);
            if member == "containerResource" {
                if !name.is_empty() {
                    resources::container_name(name.path, name.str(), out);
                }
                out.required_label(&node.get("container"));
            }
            target(&aim, out);
            match (utilization.is_set(), average.is_set()) {
                (false, false) => {
                    out.required_as(utilization.path, "one of averageUtilization, averageValue")
                }
                (true, true) => {
                    out.forbidden(average.path, "give one of averageUtilization, averageValue")
                }
                _ => {}
            }
        }
    }
}

fn identifier(node: &Node<'_, '_>, out: &mut Faults) {
    let name = node.get("name");
    if name.str().is_empty() {
        out.required(name.path);
    } else {
        out.named(&name, names::path_segment);
    }
}

fn target(node: &Node<'_, '_>, out: &mut Faults) {
    let kind = node.get("type");
    if kind.str().is_empty() {
        out.required_as(kind.path, "one of Utilization, Value, AverageValue");
    }
    if !["Utilization", "Value", "AverageValue"].contains(&kind.str()) {
        out.invalid(
            kind.path,
            format!(
                "\"{}\" is not one of: Utilization, Value, AverageValue",
                kind.str()
            ),
        );
    }
    for name in ["value", "averageValue"] {
        let amount = node.get(name);
        if amount
            .quantity()
            .is_some_and(|amount| amount.is_negative() || amount.is_zero())
        {
            out.invalid(amount.path, "must be more than 0");
        }
    }
    let utilization = node.get("averageUtilization");
    if utilization.is_set() && utilization.int() < 1 {
        out.invalid(utilization.path, "must be more than 0");
    }
}

fn rules(node: &Node<'_, '_>, out: &mut Faults) {
    if !node.is_set() {
        return;
    }
    let window = node.get("stabilizationWindowSeconds");
    if window.is_set() {
        out.within(&window, 0, 3600);
    }
    out.one_of(&node.get("selectPolicy"), &["Disabled", "Max", "Min"]);
    let policies = node.get("policies");
    if policies.is_empty() {
        out.required_as(policies.path, "a policy at least");
    }
    for policy in policies.items() {
        out.must_be_supported(&policy.get("type"), &["Percent", "Pods"]);
        for (name, most) in [("value", i64::MAX), ("periodSeconds", 1800)] {
            let number = policy.get(name);
            if number.int() < 1 {
                out.invalid(number.path, format!("{} must be more than 0", number.int()));
            } else if number.int() > most {
                out.invalid(
                    number.path,
                    format!("{} must be at most {most}", number.int()),
                );
            }
        }
    }
    let tolerance = node.get("tolerance");
    if tolerance
        .quantity()
        .is_some_and(|amount| amount.is_negative())
    {
        out.invalid(tolerance.path, "must not be negative");
    }
}
