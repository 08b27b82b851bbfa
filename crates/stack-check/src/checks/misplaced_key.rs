//! Labels and annotations on the wrong object.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::keys::{self, Where};
use kube_vocab::FieldPath;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "misplaced-key",
    group: Group::References,
    severity: Severity::Warning,
    title: "A label or annotation stands where nobody looks for it",
    explanation: "The key is known, but its controller looks for it on another kind, or among the annotations \
        instead of the labels. Here it has no effect.",
    remedy: "move it to where its controller looks",
    silent: "Keys that stand in both places.",
    failing: include_str!("../../fixtures/misplaced-key/failing.yaml"),
    passing: include_str!("../../fixtures/misplaced-key/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for entry in context.model.entries() {
        let (labels, annotations) = (entry.labels(), entry.annotations());
        for (key, _) in labels.iter() {
            if keys::place(key).is_some_and(|(place, _)| place == Where::Annotation)
                && annotations.get(key).is_none()
            {
                let at = FieldPath::parse("metadata.labels").key(key);
                sink.report(
                    entry,
                    at,
                    "it is an annotation, and stands among the labels",
                );
            }
        }
        for (key, _) in annotations.iter() {
            if keys::place(key).is_some_and(|(place, _)| place == Where::Label)
                && labels.get(key).is_none()
            {
                let at = FieldPath::parse("metadata.annotations").key(key);
                sink.report(entry, at, "it is a label, and stands among the annotations");
            }
        }
        for (key, _) in labels.iter() {
            let Some((Where::Label, kinds)) = keys::place(key) else {
                continue;
            };
            if !kinds.is_empty() && !kinds.contains(&entry.kind()) {
                let at = FieldPath::parse("metadata.labels").key(key);
                sink.report(
                    entry,
                    at,
                    format!("it has an effect on a {} alone", kinds.join(" or a ")),
                );
            }
        }
    }
}
