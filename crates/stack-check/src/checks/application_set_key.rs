//! Templates of ApplicationSets that use what no generator gives.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::generated::{self, Template};
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "application-set-key",
    group: Group::References,
    severity: Severity::Error,
    title: "The template of an ApplicationSet uses a value that its generator does not give",
    explanation: "A list generator gives the keys of its elements. With Go templates and `missingkey=error` the \
        set makes nothing; without it the application is called `<no value>` or keeps its braces.",
    remedy: "use a key of the elements, or add the key to every element",
    silent: "Sets with other generators than lists, whose values come from a cluster or a repository.",
    failing: include_str!("../../fixtures/application-set-key/failing.yaml"),
    passing: include_str!("../../fixtures/application-set-key/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for set in context.model.objects("argoproj.io", "ApplicationSet") {
        let Some(elements) = generated::elements(set) else {
            continue;
        };
        let Some(template) = set.at("spec.template") else {
            continue;
        };
        for key in Template::of(set).keys_in(template) {
            let lacks = elements
                .iter()
                .any(|element| !generated::has(element, &key));
            if lacks {
                sink.report(
                    set,
                    path("spec.template"),
                    format!("no generator gives `{key}` to every application"),
                );
            }
        }
    }
}
