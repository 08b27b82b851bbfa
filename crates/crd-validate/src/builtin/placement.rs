//! Where a pod may run: node selectors, tolerations, affinity, spreading.

use serde_json::Value;

use super::names;
use super::rule::{Findings, items, map_of, str_of};
use super::selector;

pub(super) fn check(spec: &Value, path: &str, findings: &mut Findings<'_>) {
    if let Some(labels) = map_of(spec, "nodeSelector") {
        selector::labels_map(labels, &format!("{path}.nodeSelector"), findings);
    }
    tolerations(spec, path, findings);
    spreading(spec, path, findings);
    let affinity = format!("{path}.affinity");
    let Some(found) = spec.get("affinity") else {
        return;
    };
    if let Some(nodes) = found.get("nodeAffinity") {
        node_affinity(nodes, &format!("{affinity}.nodeAffinity"), findings);
    }
    for member in ["podAffinity", "podAntiAffinity"] {
        if let Some(pods) = found.get(member) {
            pod_affinity(pods, &format!("{affinity}.{member}"), findings);
        }
    }
}

fn tolerations(spec: &Value, path: &str, findings: &mut Findings<'_>) {
    for (at, toleration) in items(spec, "tolerations", path) {
        let operator = str_of(toleration, "operator").unwrap_or("Equal");
        let operators = ["Exists", "Equal", "Lt", "Gt"];
        findings.one_of(toleration, "operator", &at, &operators);
        let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
        findings.one_of(toleration, "effect", &at, &effects);
        match str_of(toleration, "value") {
            Some(_) if operator == "Exists" => findings.add(
                format!("{at}.value"),
                "must be empty where the operator is Exists",
            ),
            Some(value) if operator == "Equal" && !names::is_label_value(value) => findings.add(
                format!("{at}.value"),
                format!("\"{value}\" must be {}", names::LABEL_VALUE),
            ),
            _ => {}
        }
        match str_of(toleration, "key") {
            None if operator != "Exists" => findings.add(
                format!("{at}.operator"),
                "must be Exists where there is no key",
            ),
            Some(key) if !names::is_qualified(key) => findings.add(
                format!("{at}.key"),
                format!("\"{key}\" must be {}", names::QUALIFIED),
            ),
            _ => {}
        }
        let timed = toleration
            .get("tolerationSeconds")
            .is_some_and(|seconds| !seconds.is_null());
        if timed && str_of(toleration, "effect") != Some("NoExecute") {
            findings.add(
                format!("{at}.effect"),
                "must be NoExecute where there are tolerationSeconds",
            );
        }
    }
}

fn spreading(spec: &Value, path: &str, findings: &mut Findings<'_>) {
    let mut seen = std::collections::HashSet::new();
    for (at, spread) in items(spec, "topologySpreadConstraints", path) {
        for member in ["maxSkew", "minDomains"] {
            let number = spread.get(member).and_then(Value::as_i64);
            if number.is_some_and(|number| number < 1) {
                findings.add(format!("{at}.{member}"), "must be at least 1");
            }
        }
        let answers = ["DoNotSchedule", "ScheduleAnyway"];
        findings.one_of(spread, "whenUnsatisfiable", &at, &answers);
        let answer = str_of(spread, "whenUnsatisfiable").unwrap_or_default();
        if spread
            .get("minDomains")
            .is_some_and(|least| !least.is_null())
            && answer == "ScheduleAnyway"
        {
            findings.add(
                format!("{at}.minDomains"),
                "is not allowed where whenUnsatisfiable is ScheduleAnyway",
            );
        }
        topology_key(spread, &at, findings);
        if let Some(chosen) = spread.get("labelSelector") {
            selector::check(chosen, &format!("{at}.labelSelector"), findings);
        }
        let key = (str_of(spread, "topologyKey").unwrap_or_default(), answer);
        if !seen.insert(key) {
            findings.add(
                at,
                "repeats topologyKey and whenUnsatisfiable of an earlier one",
            );
        }
    }
}

fn topology_key(owner: &Value, path: &str, findings: &mut Findings<'_>) {
    match owner.get("topologyKey").and_then(Value::as_str) {
        Some("") => findings.add(format!("{path}.topologyKey"), "must not be empty"),
        Some(key) if !names::is_qualified(key) => findings.add(
            format!("{path}.topologyKey"),
            format!("\"{key}\" must be {}", names::QUALIFIED),
        ),
        _ => {}
    }
}

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

fn weight(preference: &Value, path: &str, findings: &mut Findings<'_>) {
    if let Some(weight) = preference.get("weight").and_then(Value::as_i64)
        && !(1..=100).contains(&weight)
    {
        findings.add(format!("{path}.weight"), "must be from 1 to 100");
    }
}

fn node_affinity(affinity: &Value, path: &str, findings: &mut Findings<'_>) {
    if let Some(required) = affinity.get(REQUIRED).filter(|value| value.is_object()) {
        let at = format!("{path}.{REQUIRED}");
        let terms = items(required, "nodeSelectorTerms", &at);
        if terms.is_empty() {
            findings.add(
                format!("{at}.nodeSelectorTerms"),
                "must have at least one term",
            );
        }
        for (at, term) in terms {
            node_term(term, &at, findings);
        }
    }
    for (at, preference) in items(affinity, PREFERRED, path) {
        weight(preference, &at, findings);
        if let Some(term) = preference.get("preference") {
            node_term(term, &format!("{at}.preference"), findings);
        }
    }
}

fn node_term(term: &Value, path: &str, findings: &mut Findings<'_>) {
    for (at, requirement) in items(term, "matchExpressions", path) {
        let operators = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];
        findings.one_of(requirement, "operator", &at, &operators);
        let count = items(requirement, "values", &at).len();
        let fault = match str_of(requirement, "operator") {
            Some("In" | "NotIn") if count == 0 => "is required where the operator is In or NotIn",
            Some("Exists" | "DoesNotExist") if count > 0 => {
                "must be empty where the operator is Exists or DoesNotExist"
            }
            Some("Gt" | "Lt") if count != 1 => "must be one number where the operator is Gt or Lt",
            _ => continue,
        };
        findings.add(format!("{at}.values"), fault);
    }
}

fn pod_affinity(affinity: &Value, path: &str, findings: &mut Findings<'_>) {
    for (at, term) in items(affinity, REQUIRED, path) {
        pod_term(term, &at, findings);
    }
    for (at, preference) in items(affinity, PREFERRED, path) {
        weight(preference, &at, findings);
        if let Some(term) = preference.get("podAffinityTerm") {
            pod_term(term, &format!("{at}.podAffinityTerm"), findings);
        }
    }
}

fn pod_term(term: &Value, path: &str, findings: &mut Findings<'_>) {
    topology_key(term, path, findings);
    for member in ["labelSelector", "namespaceSelector"] {
        if let Some(chosen) = term.get(member) {
            selector::check(chosen, &format!("{path}.{member}"), findings);
        }
    }
}
