//! Containers that a LimitRange refuses.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::LimitRange;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "limit-range",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "A LimitRange refuses a container",
    explanation: "A container asks for less than the minimum of its namespace, may use more than the maximum, or its request \
        exceeds the limit that the namespace fills in. Its pods are refused.",
    remedy: "move the numbers into the range",
    silent: "Containers that an injector adds later.",
    failing: include_str!("../../fixtures/limit-range/failing.yaml"),
    passing: include_str!("../../fixtures/limit-range/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let mut by_namespace: HashMap<&str, Vec<LimitRange<'_>>> = HashMap::new();
    for entry in context.model.objects("", "LimitRange") {
        let namespace = entry.namespace().unwrap_or_default();
        by_namespace
            .entry(namespace)
            .or_insert_with(|| context.model.limits_of(namespace));
    }
    if by_namespace.is_empty() {
        return;
    }
    for workload in context.model.workloads() {
        let Some(ranges) = by_namespace.get(workload.namespace()) else {
            continue;
        };
        let amounts = workload.containers_amounts_within(ranges);
        for (container, own) in workload.containers().zip(amounts) {
            for range in ranges.iter().filter(|range| {
                range.applies_to == "Container"
                    && context.are_near(range.entry, workload.template_entry())
            }) {
                let too_little = range.min.iter().find(|(name, least)| {
                    own.requests.get(name).is_some_and(|asked| asked < *least)
                });
                let too_much = range
                    .max
                    .iter()
                    .find(|(name, most)| own.limits.get(name).is_some_and(|limit| limit > *most));
                let crossed = own.limits.iter().find(|(name, limit)| {
                    own.requests.get(name).is_some_and(|asked| asked > *limit)
                });
                let message = match (too_little, too_much, crossed) {
                    (Some((name, least)), ..) => format!(
                        "asks for less {name} than {least}, the minimum of {}",
                        range.entry
                    ),
                    (_, Some((name, most)), _) => format!(
                        "may use more {name} than {most}, the maximum of {}",
                        range.entry
                    ),
                    (_, _, Some((name, limit))) => format!(
                        "asks for more {name} than {limit}, its limit by {}",
                        range.entry
                    ),
                    _ => continue,
                };
                sink.report(
                    workload.template_entry(),
                    path(&container.path().to_string()).field("resources"),
                    message,
                );
            }
        }
    }
}
