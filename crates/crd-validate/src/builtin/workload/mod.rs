//! What makes pods.

mod cron;
mod group;
mod job;
mod schedule;

use crate::value::{Value, json};
use kube_vocab::names;

use super::faults::Faults;
use super::labels;
use super::node::Node;
use super::pod;
use super::text;

pub(super) use cron::cron_job;
pub(super) use group::{composite_group, pod_group, workload};
pub(super) use job::job;

/// The selector that a controller has to have, and the template that it must select.
fn selected(spec: &Node<'_, '_>, out: &mut Faults) {
    let selector = spec.get("selector");
    if !selector.is_set() {
        out.required(selector.path);
    }
    selects_template(spec, out);
}

fn selects_template(spec: &Node<'_, '_>, out: &mut Faults) {
    let selector = spec.get("selector");
    let template = spec.get("template");
    let metadata = template.get("metadata");
    if selector.is_set() {
        labels::selector(&selector, out);
        if labels::is_everything(&selector) {
            out.invalid(
                selector.path,
                "must not be empty: it would select every pod",
            );
            return;
        }
        if !labels::is_selector(&selector) {
            return;
        }
    }
    if !labels::selects(&selector, metadata.get("labels").value) {
        let message = "must be selected by spec.selector, which asks for other labels";
        out.invalid(metadata.path.field("labels"), message);
    }
}

/// A template whose pods run for ever.
fn lasting_template(spec: &Node<'_, '_>, out: &mut Faults) {
    pod::template(&spec.get("template"), out);
    for_ever(spec, out);
}

fn for_ever(spec: &Node<'_, '_>, out: &mut Faults) {
    let template = spec.get("template");
    let pod = template.get("spec");
    let policy = pod.get("restartPolicy");
    if policy.str() != "Always" {
        out.invalid(
            policy.path,
            format!(
                "\"{}\" must be Always: such pods run for ever",
                policy.str()
            ),
        );
    }
    let deadline = pod.get("activeDeadlineSeconds");
    if deadline.is_set() {
        out.forbidden(deadline.path, "such pods run for ever");
    }
}

fn counts(spec: &Node<'_, '_>, members: &[&str], out: &mut Faults) {
    for name in members {
        out.not_negative(&spec.get(name));
    }
}

/// An annotation that older versions had as a field, and the server reads as a number.
fn numeric_annotation(object: &Node<'_, '_>, name: &str, out: &mut Faults) {
    let metadata = object.get("metadata");
    let annotations = metadata.get("annotations");
    let text = annotations.text(name);
    if !text.is_empty() && text.parse::<i64>().is_err() {
        let message = format!("\"{text}\" must be a number, or the annotation must go");
        out.invalid(annotations.path.key(name), message);
    }
}

pub(super) fn deployment(object: &Node<'_, '_>, out: &mut Faults) {
    numeric_annotation(object, "deprecated.deployment.rollback.to", out);
    let spec = object.get("spec");
    counts(
        &spec,
        &[
            "replicas",
            "minReadySeconds",
            "revisionHistoryLimit",
            "progressDeadlineSeconds",
        ],
        out,
    );
    selected(&spec, out);
    if is_usable_selector(&spec, out) {
        lasting_template(&spec, out);
    }
    let strategy = spec.get("strategy");
    let rolling = strategy.get("rollingUpdate");
    match strategy.text("type") {
        "Recreate" => {
            if rolling.is_set() {
                out.forbidden(rolling.path, "the type is Recreate");
            }
        }
        "RollingUpdate" => {
            let (missing, surge) = (rolling.get("maxUnavailable"), rolling.get("maxSurge"));
            share(&missing, out);
            text::count_or_percent(&surge, out);
            if is_none(&missing) && is_none(&surge) {
                out.invalid(missing.path, "must not be 0 where maxSurge is 0");
            }
        }
        other => out.unsupported(strategy.path, other, &["Recreate", "RollingUpdate"]),
    }
    let deadline = spec.get("progressDeadlineSeconds");
    let ready = spec.number("minReadySeconds").unwrap_or_default();
    if deadline.is_set() && deadline.int() <= ready {
        let message = format!(
            "{} must be more than minReadySeconds, {ready}",
            deadline.int()
        );
        out.invalid(deadline.path, message);
    }
}

/// The server says of a selector that it cannot use that it is invalid as a whole, too, and leaves the template alone.
fn is_usable_selector(spec: &Node<'_, '_>, out: &mut Faults) -> bool {
    let selector = spec.get("selector");
    let usable = !selector.is_set() || labels::is_selector(&selector);
    if !usable {
        out.invalid(
            selector.path,
            "chooses nothing: what is wrong in it is said beside this",
        );
    }
    usable
}

/// The specification of a StatefulSet as its pods will be: each claim is a volume, before the others.
fn with_claims(spec: &Value, claims: &[Value]) -> Option<Value> {
    if claims.is_empty() {
        return None;
    }
    let mut volumes: Vec<Value> = Vec::with_capacity(claims.len());
    for claim in claims {
        let name = claim
            .pointer("/metadata/name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        volumes.push(json!({"name": name, "persistentVolumeClaim": {"claimName": name}}));
    }
    let others = spec
        .pointer("/template/spec/volumes")
        .and_then(Value::as_array);
    for other in others.into_iter().flatten() {
        if volumes
            .iter()
            .take(claims.len())
            .all(|claim| claim.get("name") != other.get("name"))
        {
            volumes.push(other.clone());
        }
    }
    let mut spec = json!({"template": spec.get("template")?});
    let pod = spec.pointer_mut("/template/spec")?.as_object_mut()?;
    pod.insert("volumes".to_owned(), volumes.into());
    Some(spec)
}

/// A number, or a part of the whole.
fn share(node: &Node<'_, '_>, out: &mut Faults) {
    text::count_or_percent(node, out);
    if text::percent(node.value).is_some_and(|percent| percent > 100) {
        out.invalid(node.path, format!("{} must be at most 100%", node.value));
    }
}

fn is_none(node: &Node<'_, '_>) -> bool {
    node.value.as_i64() == Some(0) || text::percent(node.value) == Some(0)
}

pub(super) fn replica_set(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    counts(&spec, &["replicas", "minReadySeconds"], out);
    selected(&spec, out);
    if is_usable_selector(&spec, out) {
        lasting_template(&spec, out);
    }
}

pub(super) fn replication_controller(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    counts(&spec, &["replicas", "minReadySeconds"], out);
    let selector = spec.get("selector");
    let template = spec.get("template");
    if selector.is_empty() {
        out.required(selector.path);
    }
    if !spec.has("template") {
        out.required(template.path);
        return;
    }
    let metadata = template.get("metadata");
    let labels = metadata.get("labels");
    let missing = selector
        .entries()
        .any(|(key, value)| labels.value.get(key) != Some(value.value));
    if missing {
        out.invalid(
            labels.path,
            "must be selected by spec.selector, which asks for other labels",
        );
    }
    lasting_template(&spec, out);
}

pub(super) fn daemon_set(object: &Node<'_, '_>, out: &mut Faults) {
    numeric_annotation(object, "deprecated.daemonset.template.generation", out);
    let spec = object.get("spec");
    counts(&spec, &["minReadySeconds", "revisionHistoryLimit"], out);
    selects_template(&spec, out);
    lasting_template(&spec, out);
    let strategy = spec.get("updateStrategy");
    match strategy.text("type") {
        "OnDelete" => {}
        "RollingUpdate" => {
            let rolling = strategy.get("rollingUpdate");
            let (missing, surge) = (rolling.get("maxUnavailable"), rolling.get("maxSurge"));
            share(&missing, out);
            share(&surge, out);
            match (is_none(&missing), is_none(&surge)) {
                (false, false) => out.invalid(surge.path, "must be 0 where maxUnavailable is not"),
                (true, true) => out.required_as(missing.path, "more than 0, where maxSurge is 0"),
                _ => {}
            }
        }
        other => out.unsupported(strategy.path, other, &["OnDelete", "RollingUpdate"]),
    }
}

pub(super) fn stateful_set(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    counts(
        &spec,
        &["replicas", "minReadySeconds", "revisionHistoryLimit"],
        out,
    );
    selected(&spec, out);
    let usable = is_usable_selector(&spec, out);
    let templates = spec.get("volumeClaimTemplates");
    let with_claims = with_claims(spec.value, templates.list());
    let judged = with_claims.as_ref().map_or(spec, |value| Node {
        value,
        path: spec.path,
    });
    if usable {
        pod::template(&judged.get("template"), out);
    }
    for_ever(&judged, out);
    let service = spec.get("serviceName");
    if !service.is_empty() {
        out.named(&service, names::dns_label);
    }
    let management = spec.get("podManagementPolicy");
    out.one_of(&management, &["OrderedReady", "Parallel"]);
    let strategy = spec.get("updateStrategy");
    let rolling = strategy.get("rollingUpdate");
    match strategy.text("type") {
        "OnDelete" => {
            if rolling.is_set() {
                out.invalid(rolling.path, "is only for the type RollingUpdate");
            }
        }
        "RollingUpdate" => {
            out.not_negative(&rolling.get("partition"));
        }
        other => out.invalid(
            strategy.path,
            format!("\"{other}\" is not one of: OnDelete, RollingUpdate"),
        ),
    }
    let retention = spec.get("persistentVolumeClaimRetentionPolicy");
    for name in ["whenDeleted", "whenScaled"] {
        out.one_of(&retention.get(name), &["Retain", "Delete"]);
    }
    let ordinals = spec.get("ordinals");
    out.not_negative(&ordinals.get("start"));
    for claim in templates.items() {
        super::storage::claim::spec(&claim.get("spec"), out);
    }
}

pub(super) fn pod_template(object: &Node<'_, '_>, out: &mut Faults) {
    pod::template(&object.get("template"), out);
}

pub(super) fn controller_revision(object: &Node<'_, '_>, out: &mut Faults) {
    let (data, revision) = (object.get("data"), object.get("revision"));
    if !data.is_set() {
        out.required(data.path);
    }
    out.not_negative(&revision);
}
