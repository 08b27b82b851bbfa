//! Templates of ApplicationSets with a namespace that is not used.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "application-set-namespace",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "An ApplicationSet's template names a namespace that is not used",
    explanation: "Argo CD puts the Applications of a set into the namespace of the set, whatever `metadata.namespace` of the \
        template says: otherwise a set could reach into namespaces that are not its own.",
    remedy: "take it out, and put the ApplicationSet itself into the namespace",
    silent: "Templates that name the namespace of their set.",
    failing: include_str!("../../fixtures/application-set-namespace/failing.yaml"),
    passing: include_str!("../../fixtures/application-set-namespace/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    const PLACE: &str = "spec.template.metadata.namespace";
    for set in context.model.objects("argoproj.io", "ApplicationSet") {
        let own = set.text_at("metadata.namespace");
        if let Some(named) = set.text_at(PLACE).filter(|named| own != Some(named)) {
            let message = match own {
                Some(own) => format!("the Applications come into {own}, not into {named}"),
                None => {
                    format!("the Applications come where the set is, which need not be {named}")
                }
            };
            sink.report(set, path(PLACE), message);
        }
    }
}
