//! Objects that nobody uses.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::FieldPath;
use kube_vocab::Severity;
use stack_model::{EntryId, Extent, Resolution};
use std::collections::HashSet;

pub(super) const CHECK: Check = Check {
    code: "unused-object",
    group: Group::Posture,
    severity: Severity::Note,
    title: "Nobody uses an object",
    explanation: "No other object of the stack refers to it. It may be left over, or what refers to it has the \
        wrong name.",
    remedy: "take it away, or name it where it is to be used",
    silent: "Parts of a stack. Objects with an owner or of a release that programs may read by themselves: \
        those with labels that select them.",
    failing: include_str!("../../fixtures/unused-object/failing.yaml"),
    passing: include_str!("../../fixtures/unused-object/passing.yaml"),
    run,
};

const KINDS: [(&str, &str); 9] = [
    ("", "ConfigMap"),
    ("", "PersistentVolumeClaim"),
    ("", "Secret"),
    ("", "ServiceAccount"),
    ("cert-manager.io", "Issuer"),
    ("configuration.konghq.com", "KongPlugin"),
    ("external-secrets.io", "SecretStore"),
    ("rbac.authorization.k8s.io", "Role"),
    ("scheduling.k8s.io", "PriorityClass"),
];

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    if context.extent == Extent::Part {
        return;
    }
    let model = context.model;
    let used: HashSet<EntryId> = model
        .references()
        .filter_map(
            |reference| match model.resolve(&reference, context.extent) {
                Resolution::Found(entry) | Resolution::KeyMissing(entry) => Some(entry.entry_id()),
                _ => None,
            },
        )
        .collect();
    for (group, kind) in KINDS {
        for entry in model.objects(group, kind) {
            // Programs look for such objects by their labels or types, and every cluster has its own.
            let is_found_otherwise =
                entry.labels().iter().any(|(key, _)| {
                    !key.starts_with("app.kubernetes.io/") && !key.starts_with("helm.sh/")
                }) || entry.text_at("type").is_some_and(|kind| kind != "Opaque")
                    || !entry.items_at("metadata.ownerReferences").is_empty()
                    || entry.name() == "default"
                    || entry.namespace() == Some("kube-system");
            if !used.contains(&entry.entry_id()) && !is_found_otherwise {
                sink.report(entry, FieldPath::root(), "no object refers to it");
            }
        }
    }
}
