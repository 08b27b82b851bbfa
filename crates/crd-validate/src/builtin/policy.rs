//! Who may do what, and how much: RBAC, quotas, budgets, priorities, scaling.

use serde_json::Value;

use super::quantity;
use super::resources::check_amounts;
use super::rule::{Findings, items, map_of, str_of};
use super::selector;
use super::workload::share;

/// What a quota counts by a name without a slash, after `requests.` or `limits.` where that makes sense.
const QUOTAS: [&str; 13] = [
    "configmaps",
    "cpu",
    "ephemeral-storage",
    "memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
    "storage",
];
/// The greatest priority that a class of ours may have.
const MAX_PRIORITY: i64 = 1_000_000_000;

pub(super) fn role(object: &Value, findings: &mut Findings<'_>) {
    rules(object, false, findings);
}

pub(super) fn cluster_role(object: &Value, findings: &mut Findings<'_>) {
    rules(object, true, findings);
}

fn rules(object: &Value, cluster: bool, findings: &mut Findings<'_>) {
    for (at, rule) in items(object, "rules", "") {
        let at = at.trim_start_matches('.');
        let has = |member: &str| {
            rule.get(member)
                .and_then(Value::as_array)
                .is_some_and(|list| !list.is_empty())
        };
        if rule
            .get("verbs")
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty)
        {
            findings.add(format!("{at}.verbs"), "must have at least one verb");
        }
        if has("nonResourceURLs") {
            if !cluster {
                findings.add(format!("{at}.nonResourceURLs"), "is not allowed in a Role");
            } else if has("apiGroups") || has("resources") || has("resourceNames") {
                findings.add(
                    format!("{at}.nonResourceURLs"),
                    "excludes apiGroups, resources and resourceNames",
                );
            }
            continue;
        }
        for member in ["apiGroups", "resources"] {
            if !has(member) {
                findings.add(format!("{at}.{member}"), "must have at least one item");
            }
        }
    }
}

pub(super) fn binding(object: &Value, findings: &mut Findings<'_>) {
    if let Some(role) = object.get("roleRef") {
        let kinds: &[&str] =
            if object.get("kind").and_then(Value::as_str) == Some("ClusterRoleBinding") {
                &["ClusterRole"]
            } else {
                &["Role", "ClusterRole"]
            };
        findings.one_of(role, "kind", "roleRef", kinds);
        if role.get("name").and_then(Value::as_str) == Some("") {
            findings.add("roleRef.name", "is required");
        }
        findings.one_of(role, "apiGroup", "roleRef", &["rbac.authorization.k8s.io"]);
    }
    for (at, subject) in items(object, "subjects", "") {
        let at = at.trim_start_matches('.');
        findings.one_of(subject, "kind", at, &["ServiceAccount", "User", "Group"]);
        if str_of(subject, "name").is_none() {
            findings.add(format!("{at}.name"), "is required");
        }
        let group = str_of(subject, "apiGroup");
        if str_of(subject, "kind") == Some("ServiceAccount") {
            if str_of(subject, "namespace").is_none() {
                findings.add(
                    format!("{at}.namespace"),
                    "is required for a ServiceAccount",
                );
            }
            if group.is_some() {
                findings.add(
                    format!("{at}.apiGroup"),
                    "must be empty for a ServiceAccount",
                );
            }
        } else if group.is_some() {
            findings.one_of(subject, "apiGroup", at, &["rbac.authorization.k8s.io"]);
        }
    }
}

pub(super) fn resource_quota(object: &Value, findings: &mut Findings<'_>) {
    let Some(spec) = object.get("spec") else {
        return;
    };
    check_amounts(spec, "hard", "spec", findings);
    for (name, _) in map_of(spec, "hard").into_iter().flatten() {
        let plain = name
            .strip_prefix("requests.")
            .or_else(|| name.strip_prefix("limits."))
            .unwrap_or(name);
        let known = QUOTAS.contains(&plain) || plain.starts_with("hugepages-");
        if !known && !name.contains('/') {
            let message =
                "is no resource of a quota, such as requests.cpu, pods or count/jobs.batch";
            findings.add(format!("spec.hard[{name}]"), message);
        }
    }
}

pub(super) fn limit_range(object: &Value, findings: &mut Findings<'_>) {
    let Some(spec) = object.get("spec") else {
        return;
    };
    let limits = items(spec, "limits", "spec");
    for (at, limit) in &limits {
        let amount =
            |member: &str, name: &str| map_of(limit, member)?.get(name).and_then(quantity::of);
        if str_of(limit, "type") == Some("Pod") {
            for member in ["default", "defaultRequest"] {
                if map_of(limit, member).is_some_and(|amounts| !amounts.is_empty()) {
                    findings.add(
                        format!("{at}.{member}"),
                        "is not allowed where the type is Pod",
                    );
                }
            }
        }
        for (low, high) in [
            ("min", "max"),
            ("min", "defaultRequest"),
            ("min", "default"),
            ("defaultRequest", "default"),
            ("defaultRequest", "max"),
            ("default", "max"),
        ] {
            for name in map_of(limit, low)
                .into_iter()
                .flatten()
                .map(|(name, _)| name)
            {
                if let (Some(least), Some(most)) = (amount(low, name), amount(high, name))
                    && least > most
                {
                    findings.add(
                        format!("{at}.{low}[{name}]"),
                        format!("must be at most {high}"),
                    );
                }
            }
        }
    }
    findings.unique(
        limits
            .iter()
            .filter_map(|(at, limit)| Some((format!("{at}.type"), str_of(limit, "type")?))),
    );
}

pub(super) fn disruption_budget(object: &Value, findings: &mut Findings<'_>) {
    let Some(spec) = object.get("spec") else {
        return;
    };
    let both = ["minAvailable", "maxUnavailable"];
    let given: Vec<&str> = super::rule::present(spec, &both);
    if given.len() == 2 {
        findings.add("spec", "must have minAvailable or maxUnavailable, not both");
    }
    for member in given {
        if let Some(value) = spec.get(member)
            && share(value).is_none_or(|share| value.is_string() && share > 100)
        {
            let message = format!("{value} must be a number from 0, or a percentage up to 100%");
            findings.add(format!("spec.{member}"), message);
        }
    }
    findings.one_of(
        spec,
        "unhealthyPodEvictionPolicy",
        "spec",
        &["IfHealthyBudget", "AlwaysAllow"],
    );
    if let Some(pods) = spec.get("selector") {
        selector::check(pods, "spec.selector", findings);
    }
}

pub(super) fn priority_class(object: &Value, findings: &mut Findings<'_>) {
    let name = object
        .pointer("/metadata/name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let value = object
        .get("value")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    if name.starts_with("system-") {
        let known = matches!(name, "system-node-critical" | "system-cluster-critical");
        if !known {
            findings.add(
                "metadata.name",
                "must not start with \"system-\", which is reserved",
            );
        }
    } else if value > MAX_PRIORITY {
        findings.add("value", format!("{value} must be at most {MAX_PRIORITY}"));
    }
    if let Some(policy) = str_of(object, "preemptionPolicy")
        && !matches!(policy, "PreemptLowerPriority" | "Never")
    {
        let message = format!("\"{policy}\" is not one of: PreemptLowerPriority, Never");
        findings.add("preemptionPolicy", message);
    }
}

pub(super) fn autoscaler(object: &Value, findings: &mut Findings<'_>) {
    let Some(spec) = object.get("spec") else {
        return;
    };
    let number = |member: &str| spec.get(member).and_then(Value::as_i64);
    let (least, most) = (number("minReplicas"), number("maxReplicas"));
    if least.is_some_and(|least| least < 0) {
        findings.add("spec.minReplicas", "must be at least 1");
    }
    match most {
        Some(most) if most < 1 => findings.add("spec.maxReplicas", "must be at least 1"),
        Some(most) if least.is_some_and(|least| least > most) => {
            findings.add("spec.maxReplicas", "must not be less than minReplicas");
        }
        _ => {}
    }
    for (at, metric) in items(spec, "metrics", "spec") {
        let kinds = [
            "Object",
            "Pods",
            "Resource",
            "ContainerResource",
            "External",
        ];
        findings.one_of(metric, "type", &at, &kinds);
        let member = match str_of(metric, "type") {
            Some("Object") => "object",
            Some("Pods") => "pods",
            Some("Resource") => "resource",
            Some("ContainerResource") => "containerResource",
            Some("External") => "external",
            _ => continue,
        };
        if metric.get(member).is_none_or(Value::is_null) {
            findings.add(format!("{at}.{member}"), "is required for this type");
        }
    }
}

pub(super) fn runtime_class(object: &Value, findings: &mut Findings<'_>) {
    if let Some(handler) = str_of(object, "handler") {
        findings.label(handler, "handler");
    }
}
