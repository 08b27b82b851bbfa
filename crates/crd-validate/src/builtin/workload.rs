//! Pods and what makes them: Deployments, StatefulSets, DaemonSets, ReplicaSets, Jobs, CronJobs.

use serde_json::{Map, Value};

use super::rule::{Findings, items, map_of, str_of};
use super::{pod, selector};

pub(super) fn pod(object: &Value, findings: &mut Findings<'_>) {
    if let Some(spec) = object.get("spec") {
        pod::check(spec, "spec", findings);
    }
}

pub(super) fn pod_template(object: &Value, findings: &mut Findings<'_>) {
    if let Some(spec) = object.pointer("/template/spec") {
        pod::check(spec, "template.spec", findings);
    }
}

pub(super) fn replication_controller(object: &Value, findings: &mut Findings<'_>) {
    let Some(spec) = object.get("spec") else {
        return;
    };
    findings.not_negative(spec, "replicas", "spec");
    template(spec, "spec", &["Always"], findings);
    // Without a selector it is the template's labels.
    let labels = spec.pointer("/template/metadata/labels");
    let has =
        |(key, value): (&String, &Value)| labels.and_then(|labels| labels.get(key)) == Some(value);
    if let Some(selector) = map_of(spec, "selector")
        && !selector.iter().all(has)
    {
        findings.add(
            "spec.template.metadata.labels",
            "must be selected by spec.selector, which asks for other labels",
        );
    }
}

pub(super) fn deployment(object: &Value, findings: &mut Findings<'_>) {
    controller(object, findings);
    rolling_update(object, "strategy", &["Recreate", "RollingUpdate"], findings);
    let number = |member: &str| object.pointer(&format!("/spec/{member}"))?.as_i64();
    let deadline = number("progressDeadlineSeconds").unwrap_or(600);
    if deadline >= 0 && deadline <= number("minReadySeconds").unwrap_or_default() {
        findings.add(
            "spec.progressDeadlineSeconds",
            format!("{deadline} must be more than minReadySeconds"),
        );
    }
}

pub(super) fn replica_set(object: &Value, findings: &mut Findings<'_>) {
    controller(object, findings);
}

pub(super) fn daemon_set(object: &Value, findings: &mut Findings<'_>) {
    controller(object, findings);
    rolling_update(
        object,
        "updateStrategy",
        &["OnDelete", "RollingUpdate"],
        findings,
    );
    // Of the two, one is zero and the other is not; unset, they are 0 and 1.
    let rolling = "spec.updateStrategy.rollingUpdate";
    let given = |name: &str| object.pointer(&format!("/spec/updateStrategy/rollingUpdate/{name}"));
    let surge = given("maxSurge").map_or(Some(0), share);
    let missing = given("maxUnavailable").map_or(Some(1), share);
    match (surge, missing) {
        (Some(0), Some(0)) if given("maxSurge").is_none() => findings.add(
            format!("{rolling}.maxUnavailable"),
            "must not be 0 where maxSurge is 0",
        ),
        (Some(1..), Some(1..)) => findings.add(
            format!("{rolling}.maxSurge"),
            "must be 0 where maxUnavailable is not",
        ),
        _ => {}
    }
}

pub(super) fn stateful_set(object: &Value, findings: &mut Findings<'_>) {
    let Some(spec) = object.get("spec") else {
        return;
    };
    // A claim template makes a volume of its name in each pod.
    let claims: Vec<String> = items(spec, "volumeClaimTemplates", "spec")
        .iter()
        .filter_map(|(_, claim)| Some(claim.pointer("/metadata/name")?.as_str()?.to_owned()))
        .collect();
    let mut object = object.clone();
    if let Some(Value::Object(pod)) = object.pointer_mut("/spec/template/spec") {
        let volumes = pod
            .entry("volumes")
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Some(volumes) = volumes.as_array_mut() {
            let named = |volume: &Value, claim: &str| {
                volume.get("name").and_then(Value::as_str) == Some(claim)
            };
            for claim in claims {
                if !volumes.iter().any(|volume| named(volume, &claim)) {
                    volumes.push(serde_json::json!({"name": claim}));
                }
            }
        }
    }
    controller(&object, findings);
    findings.one_of(
        spec,
        "podManagementPolicy",
        "spec",
        &["OrderedReady", "Parallel"],
    );
    if let Some(policy) = spec.get("persistentVolumeClaimRetentionPolicy") {
        for member in ["whenDeleted", "whenScaled"] {
            let at = "spec.persistentVolumeClaimRetentionPolicy";
            findings.one_of(policy, member, at, &["Retain", "Delete"]);
        }
    }
    rolling_update(
        &object,
        "updateStrategy",
        &["OnDelete", "RollingUpdate"],
        findings,
    );
}

/// What a Deployment, StatefulSet, DaemonSet and ReplicaSet have in common.
fn controller(object: &Value, findings: &mut Findings<'_>) {
    let Some(spec) = object.get("spec") else {
        return;
    };
    for member in [
        "replicas",
        "minReadySeconds",
        "revisionHistoryLimit",
        "progressDeadlineSeconds",
    ] {
        findings.not_negative(spec, member, "spec");
    }
    selected(spec, findings);
    template(spec, "spec", &["Always"], findings);
}

/// The selector must select the pods of the template.
fn selected(spec: &Value, findings: &mut Findings<'_>) {
    let Some(chosen) = spec.get("selector").filter(|chosen| chosen.is_object()) else {
        return;
    };
    selector::check(chosen, "spec.selector", findings);
    if selector::is_empty(chosen) {
        findings.add(
            "spec.selector",
            "must not be empty: it would select every pod",
        );
        return;
    }
    let none = Map::new();
    let labels = spec
        .pointer("/template/metadata/labels")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    if spec.get("template").is_some() && !selector::matches(chosen, labels) {
        findings.add(
            "spec.template.metadata.labels",
            "must be selected by spec.selector, which asks for other labels",
        );
    }
}

fn template(spec: &Value, path: &str, restart: &[&str], findings: &mut Findings<'_>) {
    let Some(template) = spec.get("template").filter(|template| template.is_object()) else {
        return;
    };
    let at = format!("{path}.template");
    if let Some(metadata) = template.get("metadata") {
        crate::metadata::check_common(metadata, &format!("{at}.metadata"), findings.0);
    }
    let Some(pod) = template.get("spec").filter(|pod| !pod.is_null()) else {
        findings.add(format!("{at}.spec.containers"), "is required");
        return;
    };
    pod::check(pod, &format!("{at}.spec"), findings);
    let policy = str_of(pod, "restartPolicy");
    let known = matches!(policy, None | Some("Always" | "OnFailure" | "Never"));
    if known && !restart.contains(&policy.unwrap_or("Always")) {
        let found = policy.map_or_else(
            || "unset, which means Always,".to_owned(),
            |policy| format!("\"{policy}\""),
        );
        findings.add(
            format!("{at}.spec.restartPolicy"),
            format!("{found} is not one of: {}", restart.join(", ")),
        );
    }
    if pod
        .get("activeDeadlineSeconds")
        .is_some_and(|seconds| !seconds.is_null())
        && restart == ["Always"]
    {
        findings.add(
            format!("{at}.spec.activeDeadlineSeconds"),
            "is not allowed for pods that always run",
        );
    }
}

fn rolling_update(object: &Value, member: &str, types: &[&str], findings: &mut Findings<'_>) {
    let Some(strategy) = object.get("spec").and_then(|spec| spec.get(member)) else {
        return;
    };
    let at = format!("spec.{member}");
    findings.one_of(strategy, "type", &at, types);
    let Some(rolling) = strategy
        .get("rollingUpdate")
        .filter(|rolling| !rolling.is_null())
    else {
        return;
    };
    if let Some(other) = str_of(strategy, "type").filter(|kind| *kind != "RollingUpdate") {
        findings.add(
            format!("{at}.rollingUpdate"),
            format!("is not allowed where the type is {other}"),
        );
        return;
    }
    let mut zero = Vec::new();
    for name in ["maxSurge", "maxUnavailable"] {
        let Some(value) = rolling.get(name) else {
            continue;
        };
        match share(value) {
            None => findings.add(
                format!("{at}.rollingUpdate.{name}"),
                format!("{value} must be a number from 0, or a percentage such as 25%"),
            ),
            Some(share) => {
                if name == "maxUnavailable" && value.is_string() && share > 100 {
                    let message = format!("{value} must be at most 100%");
                    findings.add(format!("{at}.rollingUpdate.{name}"), message);
                }
                zero.push(share == 0);
            }
        }
    }
    if zero == [true, true] {
        findings.add(
            format!("{at}.rollingUpdate.maxUnavailable"),
            "must not be 0 where maxSurge is 0",
        );
    }
}

/// A number from zero, or a percentage.
pub(super) fn share(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => {
            let digits = text.strip_suffix('%')?;
            digits
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| digits.parse().ok())?
        }
        other => other.as_u64(),
    }
}

pub(super) fn job(object: &Value, findings: &mut Findings<'_>) {
    if let Some(spec) = object.get("spec") {
        job_spec(spec, "spec", findings);
    }
}

fn job_spec(spec: &Value, path: &str, findings: &mut Findings<'_>) {
    for member in [
        "parallelism",
        "completions",
        "backoffLimit",
        "activeDeadlineSeconds",
        "ttlSecondsAfterFinished",
    ] {
        findings.not_negative(spec, member, path);
    }
    findings.one_of(spec, "completionMode", path, &["NonIndexed", "Indexed"]);
    if str_of(spec, "completionMode") == Some("Indexed")
        && spec.get("completions").is_none_or(Value::is_null)
    {
        let message = "is required where completionMode is Indexed";
        findings.add(format!("{path}.completions"), message);
    }
    if let Some(policy) = spec
        .get("podFailurePolicy")
        .filter(|policy| !policy.is_null())
    {
        let restart = spec.pointer("/template/spec/restartPolicy");
        if policy.is_object() && restart.and_then(Value::as_str) == Some("OnFailure") {
            findings.add(
                format!("{path}.template.spec.restartPolicy"),
                "must be Never where there is a podFailurePolicy",
            );
        }
    }
    template(spec, path, &["OnFailure", "Never"], findings);
}

pub(super) fn cron_job(object: &Value, findings: &mut Findings<'_>) {
    if let Some(name) = object.pointer("/metadata/name").and_then(Value::as_str)
        && name.len() > 52
    {
        findings.add(
            "metadata.name",
            "must have at most 52 characters: the Jobs add eleven",
        );
    }
    let Some(spec) = object.get("spec") else {
        return;
    };
    findings.one_of(
        spec,
        "concurrencyPolicy",
        "spec",
        &["Allow", "Forbid", "Replace"],
    );
    for member in [
        "startingDeadlineSeconds",
        "successfulJobsHistoryLimit",
        "failedJobsHistoryLimit",
    ] {
        findings.not_negative(spec, member, "spec");
    }
    match spec.get("schedule").and_then(Value::as_str) {
        Some(schedule) if schedule.contains("TZ") => {
            findings.add("spec.schedule", "must not name a time zone; use timeZone");
        }
        Some(schedule) if !is_schedule(schedule) => findings.add(
            "spec.schedule",
            format!("\"{schedule}\" must be minute, hour, day, month and weekday, or @hourly and the like"),
        ),
        _ => {}
    }
    if let Some(zone) = spec.get("timeZone").and_then(Value::as_str)
        && (zone.is_empty() || zone.eq_ignore_ascii_case("local"))
    {
        let message = format!("\"{zone}\" must be a zone such as Europe/Berlin or UTC");
        findings.add("spec.timeZone", message);
    }
    if let Some(job) = spec.pointer("/jobTemplate/spec") {
        job_spec(job, "spec.jobTemplate.spec", findings);
    }
    let labels = spec.pointer("/jobTemplate/metadata");
    if let Some(labels) = labels.and_then(|metadata| map_of(metadata, "labels")) {
        selector::labels_map(labels, "spec.jobTemplate.metadata.labels", findings);
    }
}

fn is_schedule(schedule: &str) -> bool {
    if let Some(name) = schedule.strip_prefix('@') {
        let known = [
            "yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly",
        ];
        return known.contains(&name)
            || name
                .strip_prefix("every ")
                .is_some_and(|every| kube_vocab::duration::parse_go(every).is_ok());
    }
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    let bounds: [(u32, u32, &[&str]); 5] = [
        (0, 59, &[]),
        (0, 23, &[]),
        (1, 31, &[]),
        (1, 12, &MONTHS),
        (0, 6, &DAYS),
    ];
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    fields.len() == 5
        && fields
            .iter()
            .zip(bounds)
            .all(|(field, (least, most, names))| {
                field
                    .split(',')
                    .all(|part| is_range(part, least, most, names))
            })
}

fn is_range(part: &str, least: u32, most: u32, names: &[&str]) -> bool {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (part, None),
    };
    let value = |text: &str| -> Option<u32> {
        let lower = text.to_ascii_lowercase();
        match names.iter().position(|name| *name == lower) {
            Some(index) => u32::try_from(index).ok().map(|index| index + least),
            None => text.parse().ok(),
        }
    };
    let range_fits = match range.split_once('-') {
        _ if range == "*" || range == "?" => true,
        Some((first, last)) => match (value(first), value(last)) {
            (Some(first), Some(last)) => least <= first && first <= last && last <= most,
            _ => false,
        },
        None => value(range).is_some_and(|value| (least..=most).contains(&value)),
    };
    range_fits && step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0))
}

#[cfg(test)]
mod tests {
    use super::is_schedule;

    #[test]
    fn schedules_are_those_of_cron() {
        for good in [
            "*/5 * * * *",
            "0 0 1,15 jan-mar ?",
            "@daily",
            "@every 1h",
            "0 22 * * 1-5",
        ] {
            assert!(is_schedule(good), "{good}");
        }
        for bad in [
            "",
            "* * * *",
            "60 * * * *",
            "* * * * 7",
            "*/0 * * * *",
            "@often",
            "a * * * *",
            "5-1 * * * *",
        ] {
            assert!(!is_schedule(bad), "{bad}");
        }
    }
}
