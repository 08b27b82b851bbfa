//! ApplicationSets that give two applications one name.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::generated::{self, Template};
use crate::group::Group;
use kube_vocab::Severity;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "application-set-name",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "An ApplicationSet gives two applications one name",
    explanation: "The elements of the list generator lead to the same `metadata.name`. Argo CD refuses the whole \
        set, or one application takes the place of the other.",
    remedy: "put a value that differs into the name",
    silent: "Sets with other generators than lists.",
    failing: include_str!("../../fixtures/application-set-name/failing.yaml"),
    passing: include_str!("../../fixtures/application-set-name/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for set in context.model.objects("argoproj.io", "ApplicationSet") {
        let (Some(elements), Some(name)) = (
            generated::elements(set),
            set.text_at("spec.template.metadata.name"),
        ) else {
            continue;
        };
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (number, element) in elements.iter().enumerate() {
            let Some(name) = Template::of(set).fill(name, element) else {
                continue;
            };
            if let Some(first) = seen.get(&name) {
                let message = format!("elements {first} and {number} are both called `{name}`");
                sink.report(set, path("spec.template.metadata.name"), message);
                break;
            }
            seen.insert(name, number);
        }
    }
}
