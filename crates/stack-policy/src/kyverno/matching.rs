//! Which objects a rule is about.

use serde_json::Value;
use stack_model::{Labels, Selector};

use super::wildcard;
use crate::bounds::Bounds;
use crate::case::Case;

/// What a rule can be about at most: what the plain names in its `match` say.
pub(super) fn bounds(rule: &Value) -> Bounds {
    let block = rule.get("match").unwrap_or(&Value::Null);
    match (filters(block, "any"), filters(block, "all")) {
        (Some(any), _) => any
            .iter()
            .map(bounds_of_filter)
            .fold(Bounds::nothing(), Bounds::or),
        // All of them hold, and so does the first.
        (None, Some(all)) => all.first().map_or_else(Bounds::default, bounds_of_filter),
        (None, None) => bounds_of_filter(block),
    }
}

fn bounds_of_filter(filter: &Value) -> Bounds {
    let plain = |member: &str, name: fn(&str) -> Option<&str>| {
        let list = filter.get("resources")?.get(member)?.as_array()?;
        let names = list.iter().filter_map(Value::as_str).filter_map(name);
        let is_plain = !list.is_empty() && !names.clone().any(wildcard::is_pattern);
        is_plain.then(|| names.map(str::to_owned).collect())
    };
    Bounds {
        namespaces: plain("namespaces", |name| Some(name)),
        cluster_wide: false,
        kinds: plain("kinds", |kind| Some(parts_of_kind(kind)?.2)),
    }
}

/// Whether a rule is about the creation of an object: matched, and not excluded. `None` where that is not known.
pub(super) fn is_about(rule: &Value, case: &Case<'_>) -> Option<bool> {
    let matched = block(rule.get("match").unwrap_or(&Value::Null), case, false);
    if matched == Some(false) {
        return Some(false);
    }
    match (
        matched,
        block(rule.get("exclude").unwrap_or(&Value::Null), case, true),
    ) {
        (_, Some(true)) => Some(false),
        (matched, Some(false)) => matched,
        (_, None) => None,
    }
}

/// A `match` or `exclude` block: `any`, `all`, or one filter. An `exclude` without content excludes nothing.
pub(super) fn block(block: &Value, case: &Case<'_>, excludes: bool) -> Option<bool> {
    if let Some(list) = filters(block, "any") {
        return any(list.iter().map(|one| filter(one, case, excludes)));
    }
    if let Some(list) = filters(block, "all") {
        return all(list.iter().map(|one| filter(one, case, excludes)));
    }
    filter(block, case, excludes)
}

/// The filters of a block; `None` where there are none.
fn filters<'v>(block: &'v Value, member: &str) -> Option<&'v Vec<Value>> {
    let list = block.get(member)?.as_array()?;
    (!list.is_empty()).then_some(list)
}

fn any(results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut unknown = false;
    for result in results {
        match result {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(false)
}

fn all(results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut unknown = false;
    for result in results {
        match result {
            Some(false) => return Some(false),
            Some(true) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(true)
}

fn filter(filter: &Value, case: &Case<'_>, excludes: bool) -> Option<bool> {
    let nothing = Value::Null;
    let resources = filter.get("resources").unwrap_or(&nothing);
    let texts = |member: &str| -> Option<Vec<&str>> {
        let list = resources
            .get(member)?
            .as_array()
            .filter(|list| !list.is_empty())?;
        Some(list.iter().filter_map(Value::as_str).collect())
    };
    let asks_who = ["subjects", "roles", "clusterRoles"].iter().any(|member| {
        filter
            .get(member)
            .and_then(Value::as_array)
            .is_some_and(|list| !list.is_empty())
    });
    let asks_what = resources
        .as_object()
        .is_some_and(|members| !members.is_empty());
    if !asks_who && !asks_what {
        return Some(!excludes && !filter.is_null());
    }
    // Of a name that the cluster makes only the beginning is known.
    let name = match case.name() {
        "" => case.text("/metadata/generateName").unwrap_or_default(),
        name => name,
    };
    let namespace = case.home();
    let fits = |pattern: &str, text: &str| wildcard::matches(pattern, text);
    let checks =
        [
            texts("kinds").map(|kinds| Some(kinds.iter().any(|kind| is_kind(kind, case)))),
            resources
                .get("name")
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
                .map(|pattern| Some(fits(pattern, name))),
            texts("names").map(|patterns| Some(patterns.iter().any(|pattern| fits(pattern, name)))),
            texts("namespaces").map(|patterns| {
                Some(namespace.is_some_and(|namespace| {
                    patterns.iter().any(|pattern| fits(pattern, namespace))
                }))
            }),
            texts("operations").map(|operations| Some(operations.contains(&"CREATE"))),
            resources
                .get("annotations")
                .and_then(Value::as_object)
                .map(|wanted| {
                    let annotations = case.annotations();
                    Some(wanted.iter().all(|(key, value)| {
                        has(&annotations, key, value.as_str().unwrap_or_default())
                    }))
                }),
            resources
                .get("selector")
                .filter(|selector| !selector.is_null())
                .map(|selector| Some(selects(selector, &case.labels()))),
            resources
                .get("namespaceSelector")
                .filter(|selector| !selector.is_null())
                .map(|selector| {
                    let selector =
                        Selector::read(&selector.into()).unwrap_or_else(|_| Selector::nothing());
                    // Cluster-wide objects have no namespace that could be selected.
                    match case.namespace_name().is_none() && !case.is_namespace() {
                        true => Some(false),
                        false => case.in_selected_namespace(&selector),
                    }
                }),
            asks_who.then_some(None),
        ];
    all(checks.into_iter().flatten())
}

/// Whether a kind is meant.
fn is_kind(pattern: &str, case: &Case<'_>) -> bool {
    parts_of_kind(pattern).is_some_and(|(group, version, kind)| {
        wildcard::matches(kind, case.kind())
            && wildcard::matches(version, case.version())
            && wildcard::matches(group, case.group())
    })
}

/// The patterns of group, version and kind: `Pod`, `v1/Pod`, `apps/v1/Deployment`, `*`; those with a subresource are about other
/// requests.
fn parts_of_kind(pattern: &str) -> Option<(&str, &str, &str)> {
    let parts: Vec<&str> = pattern.split('/').collect();
    let is_version = |text: &str| {
        text == "*"
            || text
                .strip_prefix('v')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    match parts.as_slice() {
        [kind] => Some(("*", "*", *kind)),
        [version, kind] if is_version(version) => Some(("*", *version, *kind)),
        [group, version, kind] if is_version(version) => Some((*group, *version, *kind)),
        _ => None,
    }
}

fn has(labels: &Labels<'_>, key: &str, value: &str) -> bool {
    labels
        .iter()
        .any(|(found, of_key)| wildcard::matches(key, found) && wildcard::matches(value, of_key))
}

/// A selector whose labels may have wildcards.
fn selects(selector: &Value, labels: &Labels<'_>) -> bool {
    let wanted = selector.get("matchLabels").and_then(Value::as_object);
    let by_labels = wanted.is_none_or(|wanted| {
        wanted
            .iter()
            .all(|(key, value)| has(labels, key, value.as_str().unwrap_or_default()))
    });
    let expressions = selector.get("matchExpressions");
    let by_expressions = expressions.is_none_or(|expressions| {
        Selector::read_expressions(&expressions.into())
            .is_ok_and(|selector| selector.matches(labels))
    });
    by_labels && by_expressions
}

/// A namespace as a pattern of an override names it, or its labels.
pub(super) fn overrides(entry: &Value, case: &Case<'_>) -> bool {
    let namespace = case.namespace_name().unwrap_or_default();
    let named = entry.get("namespaces").and_then(Value::as_array);
    let named = named.is_none_or(|list| {
        list.iter()
            .filter_map(Value::as_str)
            .any(|pattern| wildcard::matches(pattern, namespace))
    });
    let selector = entry
        .get("namespaceSelector")
        .filter(|selector| !selector.is_null());
    let selected = selector.is_none_or(|selector| {
        Selector::read(&selector.into())
            .is_ok_and(|selector| case.in_selected_namespace(&selector) == Some(true))
    });
    named && selected
}
