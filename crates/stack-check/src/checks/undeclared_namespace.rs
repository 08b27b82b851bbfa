//! Namespaces that nobody makes.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Entry, Extent};
use std::collections::{BTreeMap, HashSet};

pub(super) const CHECK: Check = Check {
    code: "undeclared-namespace",
    group: Group::References,
    severity: Severity::Warning,
    title: "Objects live in a namespace that nobody makes",
    explanation: "The stack is whole and makes namespaces, but not this one: applying its objects fails unless \
        somebody made it by hand.",
    remedy: "add the Namespace, or correct the name",
    silent: "Parts of a stack; stacks that make no namespace at all; the namespaces that every cluster has; \
        namespaces that an Argo CD Application or a HelmRelease makes.",
    failing: include_str!("../../fixtures/undeclared-namespace/failing.yaml"),
    passing: include_str!("../../fixtures/undeclared-namespace/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    let makes_some = model.namespaces().any(|namespace| namespace.is_declared());
    if context.extent == Extent::Part || !makes_some {
        return;
    }
    let made_by_tools: HashSet<&str> = [
        ("argoproj.io", "Application", "spec.destination.namespace"),
        (
            "helm.toolkit.fluxcd.io",
            "HelmRelease",
            "spec.targetNamespace",
        ),
        ("helm.cattle.io", "HelmChart", "spec.targetNamespace"),
    ]
    .into_iter()
    .flat_map(|(group, kind, at)| {
        model
            .objects(group, kind)
            .filter_map(move |entry| entry.text_at(at))
    })
    .collect();
    // One finding per namespace, on the object that comes first by name.
    let mut homeless: BTreeMap<&str, &Entry> = BTreeMap::new();
    for entry in model.entries() {
        let Some(namespace) = entry.namespace() else {
            continue;
        };
        let of_cluster = namespace == "default" || namespace.starts_with("kube-");
        let declared = model
            .namespace(namespace)
            .is_some_and(|found| found.is_declared());
        if of_cluster
            || declared
            || made_by_tools.contains(namespace)
            || entry.origin().release.is_some()
        {
            continue;
        }
        let first = homeless.entry(namespace).or_insert(entry);
        if entry.id() < first.id() {
            *first = entry;
        }
    }
    for (namespace, entry) in homeless {
        let at = path("metadata.namespace");
        sink.report(entry, at, format!("nobody makes the namespace {namespace}"));
    }
}
