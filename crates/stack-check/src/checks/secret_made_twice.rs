//! Secrets that two objects write.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Entry;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "secret-made-twice",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "Two objects write the same Secret",
    explanation: "Two Certificates or ExternalSecrets name one Secret as theirs. Each overwrites what the other wrote, for ever.",
    remedy: "give each a Secret of its own",
    silent: "Writers that are not in the input, and owners that merge into a Secret on purpose (`creationPolicy: Merge`).",
    failing: include_str!("../../fixtures/secret-made-twice/failing.yaml"),
    passing: include_str!("../../fixtures/secret-made-twice/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let kinds = [
        ("cert-manager.io", "Certificate", "spec.secretName"),
        ("external-secrets.io", "ExternalSecret", "spec.target.name"),
    ];
    let mut writers: Vec<(&Entry, &str)> = kinds
        .iter()
        .flat_map(|(group, kind, at)| {
            context
                .model
                .objects(group, kind)
                .map(move |entry| (entry, *at))
        })
        .filter(|(entry, _)| entry.text_at("spec.target.creationPolicy") != Some("Merge"))
        .collect();
    writers.sort_by_cached_key(|(entry, _)| (entry.namespace(), entry.kind(), entry.name()));
    let mut seen: HashMap<(Option<&str>, &str), &Entry> = HashMap::new();
    for (entry, at) in writers {
        let name = entry.text_at(at).unwrap_or(entry.name());
        match seen.get(&(entry.namespace(), name)) {
            Some(other) if !context.are_together(other, entry) => {}
            Some(other) => sink.report(
                entry,
                path(at),
                format!("{other} writes the Secret {name}, too"),
            ),
            None => drop(seen.insert((entry.namespace(), name), entry)),
        }
    }
}
