//! Workloads that do not select their own pods.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::context::{in_words, path};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Labels, Selector};

pub(super) const CHECK: Check = Check {
    code: "selector-mismatch",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "A workload does not select its own pods",
    explanation: "The API server refuses a workload whose selector does not fit the labels of its pod template.",
    remedy: "repeat the labels of the selector in `spec.template.metadata.labels`",
    silent: "Nothing: the object says it all.",
    failing: include_str!("../../fixtures/selector-mismatch/failing.yaml"),
    passing: include_str!("../../fixtures/selector-mismatch/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for kind in ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"] {
        for entry in context.model.objects("apps", kind) {
            let selector = entry
                .at("spec.selector")
                .and_then(|selector| Selector::read(selector).ok());
            let labels = Labels::of(entry.at("spec.template.metadata.labels"));
            // A template without any labels is a part of an object: what a test compares, what an overlay changes.
            if labels.is_empty() {
                continue;
            }
            if let Some(selector) = selector.filter(|selector| !selector.matches(&labels)) {
                let asked = selector.requirements().iter();
                let unmet = asked.filter(|asked| !asked.accepts(labels.get(&asked.key)));
                sink.report(
                    entry,
                    path("spec.template.metadata.labels"),
                    format!(
                        "do not fit {} of its own selector",
                        in_words(&Selector::new(unmet.cloned()))
                    ),
                );
            }
        }
    }
}
