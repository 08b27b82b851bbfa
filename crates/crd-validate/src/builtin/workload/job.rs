//! Jobs.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;
use super::super::pod;
use super::super::text;
use crate::value::Map;

const MOST_RULES: usize = 20;
const MOST_CODES: usize = 255;
/// Longer lists of indexes in a status are refused unread, in bytes.
const MOST_OF_INDEXES: usize = 64 * 1024;
/// So many pods at once an indexed Job may have.
const MOST_AT_ONCE: i64 = 100_000;

pub(in super::super) fn job(object: &Node<'_, '_>, out: &mut Faults) {
    let job_spec = object.get("spec");
    spec(&job_spec, out);
    selector(object, out);
    // The last pod's host name must be a label.
    let metadata = object.get("metadata");
    let name = metadata.get("name");
    if let Some(completions) = job_spec.number("completions").filter(|count| *count > 0)
        && job_spec.text("completionMode") == "Indexed"
        && !name.is_empty()
    {
        let host = format!("{}-{}", name.str(), completions - 1);
        if let Err(reason) = names::dns_label(&host) {
            out.invalid(
                name.path,
                format!("the name of the last pod would be \"{host}\": {reason}"),
            );
        }
    }
}

/// Labels and selector are made by the server, unless `manualSelector` says otherwise.
fn selector(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let (selector, template) = (spec.get("selector"), spec.get("template"));
    let metadata = template.get("metadata");
    let found = metadata.get("labels");
    labels::selector(&selector, out);
    if spec.flag("manualSelector") {
        if !selector.is_set() {
            out.required(selector.path);
            out.invalid(found.path, "are not selected: there is no selector");
        } else if labels::is_selector(&selector) && !labels::selects(&selector, found.value) {
            out.invalid(
                found.path,
                "must be selected by spec.selector, which asks for other labels",
            );
        }
        return;
    }
    let own = object
        .at(&["metadata", "name"])
        .as_str()
        .unwrap_or_default();
    for key in ["controller-uid", "batch.kubernetes.io/controller-uid"] {
        if found.has(key) {
            out.invalid(found.path.key(key), "is given by the server: leave it out");
        }
    }
    for key in ["job-name", "batch.kubernetes.io/job-name"] {
        if found.has(key) && found.text(key) != own && !own.is_empty() {
            out.invalid(
                found.path.key(key),
                format!("must be the name of the Job, \"{own}\""),
            );
        }
    }
    // The server gives the pods the name of the Job as a label.
    if !found.has("job-name")
        && let Err(reason) = names::label_value(own)
    {
        let message = format!("the name of the Job becomes a label of its pods: {reason}");
        out.invalid(template.path.field("labels"), message);
    }
    if !selector.is_set() || !labels::is_selector(&selector) {
        return;
    }
    let mut generated = Map::new();
    for key in ["job-name", "batch.kubernetes.io/job-name"] {
        generated.insert(key.to_owned(), own.into());
    }
    let mut of_pods = found.map().cloned().unwrap_or_default();
    for (key, value) in &generated {
        of_pods.entry(key.clone()).or_insert_with(|| value.clone());
    }
    if !labels::selects(&selector, &generated.into()) {
        out.invalid(
            selector.path,
            "is made by the server, unless manualSelector is true",
        );
    }
    if !labels::selects(&selector, &of_pods.into()) {
        out.invalid(
            found.path,
            "must be selected by spec.selector, which asks for other labels",
        );
    }
}

/// What a Job, or a CronJob's template of one, is to do.
pub(super) fn spec(spec: &Node<'_, '_>, out: &mut Faults) {
    super::counts(
        spec,
        &[
            "parallelism",
            "completions",
            "backoffLimit",
            "activeDeadlineSeconds",
            "ttlSecondsAfterFinished",
            "backoffLimitPerIndex",
            "maxFailedIndexes",
        ],
        out,
    );
    modes(spec, out);
    failure_policy(spec, out);
    success_policy(spec, out);
    let replacement = spec.get("podReplacementPolicy");
    if spec.has("podFailurePolicy") {
        out.one_of(&replacement, &["Failed"]);
    } else {
        out.one_of(&replacement, &["Failed", "TerminatingOrFailed"]);
    }
    let manager = spec.get("managedBy");
    if manager.is_set() {
        if manager.str().is_empty() {
            out.required(manager.path);
        } else if !text::is_domain_prefixed_path(manager.str()) {
            let message = format!(
                "\"{}\" must be a domain and a path, such as example.com/controller",
                manager.str()
            );
            out.invalid(manager.path, message);
        }
        if manager.str().len() > 63 {
            out.invalid(manager.path, "must have at most 63 bytes");
        }
    }
    let template = spec.get("template");
    pod::template(&template, out);
    let pod = template.get("spec");
    let policy = pod.get("restartPolicy");
    match policy.str() {
        "OnFailure" | "Never" => {
            if policy.str() == "OnFailure" && spec.has("podFailurePolicy") {
                out.invalid(
                    policy.path,
                    "must be Never where there is a podFailurePolicy",
                );
            }
        }
        "Always" => out.required_as(policy.path, "one of OnFailure, Never"),
        other => out.unsupported(policy.path, other, &["OnFailure", "Never"]),
    }
}

fn modes(spec: &Node<'_, '_>, out: &mut Faults) {
    let (mode, completions) = (spec.get("completionMode"), spec.get("completions"));
    let (limit, failed) = (
        spec.get("backoffLimitPerIndex"),
        spec.get("maxFailedIndexes"),
    );
    out.one_of(&mode, &["NonIndexed", "Indexed"]);
    if mode.str() == "Indexed" {
        if !completions.is_set() {
            out.required_as(completions.path, "the mode is Indexed");
        }
        let parallelism = spec.get("parallelism");
        if parallelism.int() > MOST_AT_ONCE {
            out.invalid(
                parallelism.path,
                format!("must be at most {MOST_AT_ONCE} where the mode is Indexed"),
            );
        }
        if failed.is_set() && completions.is_set() && failed.int() > completions.int() {
            out.invalid(failed.path, "must be at most completions");
        }
        if failed.int() > MOST_AT_ONCE {
            out.invalid(failed.path, format!("must be at most {MOST_AT_ONCE}"));
        }
        if limit.is_set() && completions.int() > MOST_AT_ONCE {
            if !failed.is_set() {
                out.required_as(failed.path, "there are more than 100000 completions");
            } else if failed.int() > 10_000 {
                out.invalid(
                    failed.path,
                    "must be at most 10000 where there are more than 100000 completions",
                );
            }
            if parallelism.int() > 10_000 {
                out.invalid(
                    parallelism.path,
                    "must be at most 10000 where there are more than 100000 completions",
                );
            }
        }
    } else {
        for node in [&limit, &failed] {
            if node.is_set() {
                out.invalid(node.path, "needs the completionMode Indexed");
            }
        }
    }
    if failed.is_set() && !limit.is_set() {
        out.required_as(limit.path, "there are maxFailedIndexes");
    }
}

fn failure_policy(spec: &Node<'_, '_>, out: &mut Faults) {
    let policy = spec.get("podFailurePolicy");
    let rules = policy.get("rules");
    if rules.list().len() > MOST_RULES {
        out.invalid(
            rules.path,
            format!(
                "must have at most {MOST_RULES} items, has {}",
                rules.list().len()
            ),
        );
    }
    for rule in rules.items() {
        let action = rule.get("action");
        let limited = spec.has("backoffLimitPerIndex");
        if action.str() == "FailIndex" && !limited {
            out.invalid(action.path, "FailIndex needs a backoffLimitPerIndex");
        }
        out.must_be_one_of(&action, &["Count", "FailIndex", "FailJob", "Ignore"]);
        let (codes, conditions) = (rule.get("onExitCodes"), rule.get("onPodConditions"));
        if codes.is_set() {
            exit_codes(&codes, spec, out);
        }
        if conditions.list().len() > MOST_RULES {
            out.invalid(
                conditions.path,
                format!("must have at most {MOST_RULES} items"),
            );
        }
        for condition in conditions.items() {
            out.named(&condition.get("type"), names::qualified_name);
            out.must_be_one_of(&condition.get("status"), &["False", "True", "Unknown"]);
        }
        match (codes.is_set(), conditions.is_empty()) {
            (true, false) => out.invalid(
                rule.path,
                "must have only one of: onExitCodes, onPodConditions",
            ),
            (false, true) => {
                out.invalid(rule.path, "must have one of: onExitCodes, onPodConditions")
            }
            _ => {}
        }
    }
}

fn exit_codes(codes: &Node<'_, '_>, spec: &Node<'_, '_>, out: &mut Faults) {
    let operator = codes.get("operator");
    out.must_be_one_of(&operator, &["In", "NotIn"]);
    let name = codes.get("containerName");
    if name.is_set() {
        let template = spec.get("template");
        let pod = template.get("spec");
        let known = ["containers", "initContainers"].iter().any(|list| {
            let list = pod.get(list);
            list.items()
                .any(|container| container.text("name") == name.str())
        });
        if !known {
            out.invalid(
                name.path,
                format!(
                    "\"{}\" is not the name of a container of the pod",
                    name.str()
                ),
            );
        }
    }
    let values = codes.get("values");
    if values.is_empty() {
        out.invalid(values.path, "must have an exit code at least");
    } else if values.list().len() > MOST_CODES {
        out.invalid(values.path, format!("must have at most {MOST_CODES} items"));
    }
    let numbers: Vec<i64> = values.items().map(|value| value.int()).collect();
    for value in values.items() {
        if operator.str() == "In" && value.int() == 0 {
            out.invalid(value.path, "must not be 0 for In: that is success");
        }
    }
    let mut seen = std::collections::HashSet::new();
    for value in values.items() {
        if !seen.insert(value.int()) {
            out.duplicate(value.path, value.int());
        }
    }
    if !numbers.is_sorted() {
        out.invalid(values.path, "must be in ascending order");
    }
}

fn success_policy(spec: &Node<'_, '_>, out: &mut Faults) {
    let policy = spec.get("successPolicy");
    if !policy.is_set() {
        return;
    }
    if spec.text("completionMode") != "Indexed" {
        out.invalid(policy.path, "needs the completionMode Indexed");
        return;
    }
    let rules = policy.get("rules");
    if rules.is_empty() {
        out.required_as(rules.path, "a rule at least");
    }
    if rules.list().len() > MOST_RULES {
        out.invalid(
            rules.path,
            format!(
                "must have at most {MOST_RULES} items, has {}",
                rules.list().len()
            ),
        );
    }
    let completions = spec.number("completions").unwrap_or_default();
    for rule in rules.items() {
        let (count, indexes) = (rule.get("succeededCount"), rule.get("succeededIndexes"));
        if !count.is_set() && !indexes.is_set() {
            out.required_as(rule.path, "one of succeededCount, succeededIndexes");
        }
        let mut total = None;
        if indexes.is_set() {
            if indexes.str().len() > MOST_OF_INDEXES {
                let message = format!("must have at most {MOST_OF_INDEXES} bytes");
                out.invalid(indexes.path, message);
            }
            match index_count(indexes.str(), completions) {
                Ok(count) => total = Some(count),
                Err(reason) => out.invalid(indexes.path, format!("\"{}\" {reason}", indexes.str())),
            }
        }
        if count.is_set() {
            out.not_negative(&count);
            if count.int() > completions {
                out.invalid(count.path, "must be at most completions");
            }
            if total.is_some_and(|total| count.int() > total) {
                out.invalid(count.path, "must be at most the number of succeededIndexes");
            }
        }
    }
}

/// How many indexes a list such as `1,3-5` names.
fn index_count(text: &str, completions: i64) -> Result<i64, &'static str> {
    const FORM: &str = "must be indexes and ranges in ascending order, such as 1,3-5";
    if text.is_empty() {
        return Ok(0);
    }
    let (mut last, mut total) = (-1, 0);
    for part in text.split(',') {
        let (first, end) = part.split_once('-').unwrap_or((part, part));
        let (Ok(first), Ok(end)) = (first.parse::<i64>(), end.parse::<i64>()) else {
            return Err(FORM);
        };
        if first >= completions || end >= completions {
            return Err("must name indexes below completions");
        }
        if first <= last || end < first || (part.contains('-') && end == first) {
            return Err(FORM);
        }
        (last, total) = (end, total + end - first + 1);
    }
    Ok(total)
}
