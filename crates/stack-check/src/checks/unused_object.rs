//! Objects that nobody uses.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::fields::text;
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

/// Grants of Gateway API that no reference of the stack needs.
fn look_at_grants(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    let mut grants = model
        .objects("gateway.networking.k8s.io", "ReferenceGrant")
        .peekable();
    if grants.peek().is_none() {
        return;
    }
    // Kind and namespace of who refers, kind, namespace and name of what is meant.
    let mut across: HashSet<(&str, &str, &str, &str)> = HashSet::new();
    let mut names: HashSet<(&str, &str, &str, &str, &str)> = HashSet::new();
    for reference in model.references() {
        let own = reference.from.namespace();
        if let (Some(own), Some(other)) = (own, reference.namespace)
            && own != other
        {
            let (kind, name) = (reference.kind, reference.name);
            across.insert((reference.from.kind(), own, kind, other));
            names.insert((reference.from.kind(), own, kind, other, name));
        }
    }
    for grant in grants {
        let namespace = grant.namespace().unwrap_or_default();
        let is_used = grant.items_at("spec.from").iter().any(|from| {
            let (kind, own) = (text(from, "kind"), text(from, "namespace"));
            let (Some(kind), Some(own)) = (kind, own) else {
                return false;
            };
            grant.items_at("spec.to").iter().any(|to| {
                let target = text(to, "kind").unwrap_or_default();
                match text(to, "name").filter(|name| !name.is_empty()) {
                    Some(name) => names.contains(&(kind, own, target, namespace, name)),
                    None => across.contains(&(kind, own, target, namespace)),
                }
            })
        });
        if !is_used {
            sink.report(
                grant,
                FieldPath::root(),
                "no reference of the stack needs it",
            );
        }
    }
}

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
    look_at_grants(context, sink);
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
