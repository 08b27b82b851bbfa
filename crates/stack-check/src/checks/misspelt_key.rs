//! Labels and annotations that are nearly those that controllers know.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::keys;
use kube_vocab::FieldPath;
use kube_vocab::Severity;
use stack_model::{Labels, WorkloadKind};
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
    // Few keys stand on many objects.
    let mut looked_up: HashMap<&str, Option<&str>> = HashMap::new();
    for entry in context.model.entries() {
        let kind = WorkloadKind::of(entry.group(), entry.kind());
        let template = kind
            .map(WorkloadKind::pod_path)
            .filter(|path| !path.is_empty());
        let of_template = template.and_then(|path| entry.at(path)?.get("metadata"));
        let in_template = |map| Labels::of(of_template.and_then(|metadata| metadata.get(map)));
        let places = [
            ("", "labels", entry.labels()),
            ("", "annotations", entry.annotations()),
            (
                template.unwrap_or_default(),
                "labels",
                in_template("labels"),
            ),
            (
                template.unwrap_or_default(),
                "annotations",
                in_template("annotations"),
            ),
        ];
        for (prefix, map, written) in places {
            for key in written.written_keys().filter(|key| keys::has_words(key)) {
                let meant = looked_up.entry(key).or_insert_with(|| keys::meant(key));
                if let Some(known) = *meant {
                    let at = FieldPath::parse(prefix).field("metadata").field(map);
                    sink.report_with(
                        entry,
                        at.key(key),
                        format!("`{key}` is nearly `{known}`"),
                        format!("write `{known}`"),
                    );
                }
            }
        }
    }
}
