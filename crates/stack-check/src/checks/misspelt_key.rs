//! Labels and annotations that are nearly those that controllers know.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::keys;
use kube_vocab::FieldPath;
use kube_vocab::Severity;
use stack_model::Value;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "misspelt-key",
    group: Group::References,
    severity: Severity::Warning,
    title: "A label or annotation is nearly one that controllers know",
    explanation: "Nobody refuses an unknown key. The controller that it was meant for does not see it, and does \
        what it does by default.",
    remedy: "write the key as its controller knows it",
    silent: "Keys of domains that are not well known.",
    failing: include_str!("../../fixtures/misspelt-key/failing.yaml"),
    passing: include_str!("../../fixtures/misspelt-key/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let dictionary = keys::dictionary();
    // Few keys stand on many objects.
    let mut looked_up: HashMap<&str, Option<&str>> = HashMap::new();
    for entry in context.model.entries() {
        let kind = stack_model::WorkloadKind::of(entry.group(), entry.kind());
        let template = kind
            .map(|kind| kind.pod_path())
            .filter(|path| !path.is_empty());
        for prefix in std::iter::once("").chain(template) {
            for map in ["metadata.labels", "metadata.annotations"] {
                let place = match prefix {
                    "" => map.to_owned(),
                    prefix => format!("{prefix}.{map}"),
                };
                let written = entry.at(&place).and_then(Value::as_object);
                for key in written.into_iter().flatten().map(|(key, _)| key) {
                    let meant = looked_up
                        .entry(key)
                        .or_insert_with(|| dictionary.meant(key));
                    if let Some(known) = *meant {
                        let at = FieldPath::parse(&place).key(key.as_str());
                        sink.report_with(
                            entry,
                            at,
                            format!("`{key}` is nearly `{known}`"),
                            format!("write `{known}`"),
                        );
                    }
                }
            }
        }
    }
}
