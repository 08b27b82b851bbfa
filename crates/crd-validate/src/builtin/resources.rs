//! Requests, limits and other amounts.

use serde_json::Value;

use super::names;
use super::quantity;
use super::rule::{Findings, map_of};

/// Resources that are not split, so that a request must equal its limit.
fn is_extended(name: &str) -> bool {
    (name.contains('/') && !name.starts_with("kubernetes.io/")) || name.starts_with("hugepages-")
}

/// Judges the requests and limits of a container.
pub(super) fn check_container(resources: &Value, path: &str, findings: &mut Findings<'_>) {
    for list in ["limits", "requests"] {
        check_amounts(resources, list, path, findings);
        for name in map_of(resources, list)
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
        {
            let known = matches!(name.as_str(), "cpu" | "memory" | "ephemeral-storage")
                || name.starts_with("hugepages-")
                || name.contains('/');
            if !known {
                let message =
                    "must be cpu, memory, ephemeral-storage, hugepages-SIZE or DOMAIN/NAME";
                findings.add(format!("{path}.{list}[{name}]"), message);
            }
        }
    }
    for list in ["limits", "requests"] {
        for (name, amount) in map_of(resources, list).into_iter().flatten() {
            let whole = quantity::of(amount).is_none_or(|amount| amount.fract() == 0.0);
            if is_extended(name) && !whole {
                findings.add(format!("{path}.{list}[{name}]"), "must be an integer");
            }
        }
    }
    let none = serde_json::Map::new();
    let limits = map_of(resources, "limits").unwrap_or(&none);
    for (name, request) in map_of(resources, "requests").into_iter().flatten() {
        let Some(limit) = limits.get(name) else {
            if is_extended(name) {
                let message = "needs a limit, which it must equal";
                findings.add(format!("{path}.limits[{name}]"), message);
            }
            continue;
        };
        let (Some(wanted), Some(most)) = (quantity::of(request), quantity::of(limit)) else {
            continue;
        };
        let at = || format!("{path}.requests[{name}]");
        if is_extended(name) && wanted != most {
            findings.add(at(), format!("{request} must equal the limit {limit}"));
        } else if wanted > most {
            findings.add(at(), format!("{request} must be at most the limit {limit}"));
        }
    }
}

/// Judges a map of amounts: keys, and no amount below zero. That they are quantities, the schema says.
pub(super) fn check_amounts(object: &Value, member: &str, path: &str, findings: &mut Findings<'_>) {
    for (name, amount) in map_of(object, member).into_iter().flatten() {
        let at = format!("{path}.{member}[{name}]");
        if !names::is_qualified(name) {
            findings.add(
                &at,
                format!("the key \"{name}\" must be {}", names::QUALIFIED),
            );
        }
        if quantity::of(amount).is_some_and(|amount| amount < 0.0) {
            findings.add(&at, format!("{amount} must not be negative"));
        }
    }
}
