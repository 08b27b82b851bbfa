//! What the admission plugins of a server ask the cluster about.

use std::sync::Arc;

use super::super::faults::Faults;
use super::super::known::Runtime;
use super::super::node::{Node, quantity};

pub(super) fn check(spec: &Node<'_, '_>, out: &mut Faults) {
    priority(spec, out);
    runtime(spec, out);
}

/// The number and the policy are those of the class; a pod may repeat them, but not say others.
fn priority(spec: &Node<'_, '_>, out: &mut Faults) {
    let class = spec.get("priorityClassName");
    let (priority, preemption) = (spec.get("priority"), spec.get("preemptionPolicy"));
    let of_system = match class.str() {
        "system-cluster-critical" => Some(2_000_000_000),
        "system-node-critical" => Some(2_000_001_000),
        _ => None,
    };
    let known = Arc::clone(&out.known);
    let found = match of_system {
        Some(value) => vec![(value, "PreemptLowerPriority")],
        None => {
            let classes = known.priorities(class.str()).into_iter();
            classes
                .map(|class| (class.value, class.preemption.as_str()))
                .collect()
        }
    };
    let Some((value, policy)) = found.first() else {
        missing(&class, &priority, &preemption, out);
        return;
    };
    if priority.is_set() && found.iter().all(|(value, _)| priority.int() != *value) {
        let message = format!(
            "{} must be that of the PriorityClass, {value}",
            priority.int()
        );
        out.invalid(priority.path, message);
    }
    if preemption.is_set() && found.iter().all(|(_, policy)| preemption.str() != *policy) {
        let message = format!("must be that of the PriorityClass, {policy}");
        out.invalid(preemption.path, message);
    }
}

/// Nobody has told of the class.
fn missing(
    class: &Node<'_, '_>,
    priority: &Node<'_, '_>,
    preemption: &Node<'_, '_>,
    out: &mut Faults,
) {
    const BY_DEFAULT: &str =
        "must be what the cluster's default PriorityClass says; without one it is left out";
    if !class.is_empty() {
        let message = format!("a PriorityClass \"{}\" must be in the cluster", class.str());
        out.note(class.path, message);
        return;
    }
    if priority.is_set() && priority.int() != 0 {
        out.note(priority.path, BY_DEFAULT);
    }
    if preemption.str() == "Never" {
        out.note(preemption.path, BY_DEFAULT);
    }
}

/// What the class adds to the pod must not contradict it.
fn runtime(spec: &Node<'_, '_>, out: &mut Faults) {
    let (class, overhead) = (spec.get("runtimeClassName"), spec.get("overhead"));
    if overhead.is_set() && class.is_empty() {
        out.forbidden(
            overhead.path,
            "it comes with a RuntimeClass, and there is no runtimeClassName",
        );
    }
    if class.str().is_empty() {
        return;
    }
    let known = Arc::clone(&out.known);
    let found = known.runtimes(class.str());
    if found.is_empty() {
        let message = format!("a RuntimeClass \"{}\" must be in the cluster", class.str());
        out.note(class.path, message);
        return;
    }
    let own = |name: &str| overhead.value.get(name).and_then(quantity);
    let same = |found: &Runtime| {
        found.overhead.as_object().is_some_and(|fixed| {
            overhead
                .map()
                .is_some_and(|members| members.len() == fixed.len())
                && fixed
                    .iter()
                    .all(|(name, amount)| own(name) == quantity(amount))
        })
    };
    if overhead.is_set() && !found.iter().any(same) {
        out.forbidden(overhead.path, "it must be that of the RuntimeClass");
    }
    for (key, chosen) in spec.get("nodeSelector").entries() {
        let differs = |found: &Runtime| {
            let wanted = found.nodes.get(key);
            wanted.is_some_and(|wanted| wanted != chosen.str())
        };
        if found.iter().all(differs) {
            out.forbidden(chosen.path, "the RuntimeClass asks for another value");
        }
    }
}
