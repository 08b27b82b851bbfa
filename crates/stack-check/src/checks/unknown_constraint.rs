//! Constraints without a template.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Extent;
use std::collections::HashSet;

pub(super) const CHECK: Check = Check {
    code: "unknown-constraint",
    group: Group::References,
    severity: Severity::Error,
    title: "A constraint of Gatekeeper has no template, or asks for an action that there is not",
    explanation: "The kind of a constraint comes from a ConstraintTemplate. Without it the API server does not know the kind, \
        and applying the constraint fails. So it does where `enforcementAction` is none that Gatekeeper knows.",
    remedy: "add the template, or correct the kind",
    silent: "Inputs without any template: then the templates are applied elsewhere.",
    failing: include_str!("../../fixtures/unknown-constraint/failing.yaml"),
    passing: include_str!("../../fixtures/unknown-constraint/passing.yaml"),
    run,
};

/// What Gatekeeper does where a constraint is violated.
const ACTIONS: [&str; 4] = ["deny", "dryrun", "scoped", "warn"];

fn look_at_actions(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let groups = context.model.kinds();
    let kinds: Vec<&str> = groups
        .filter(|(group, _)| *group == "constraints.gatekeeper.sh")
        .map(|(_, kind)| kind)
        .collect();
    for kind in kinds {
        for constraint in context.model.objects("constraints.gatekeeper.sh", kind) {
            let action = constraint.text_at("spec.enforcementAction");
            if let Some(action) = action.filter(|action| !ACTIONS.contains(action)) {
                let message = format!("Gatekeeper knows no action `{action}`");
                let remedy = "write deny, warn, dryrun or scoped";
                sink.report_with(constraint, path("spec.enforcementAction"), message, remedy);
            }
        }
    }
}

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    look_at_actions(context, sink);
    let templates: HashSet<&str> = context
        .model
        .objects("templates.gatekeeper.sh", "ConstraintTemplate")
        .filter_map(|template| template.text_at("spec.crd.spec.names.kind"))
        .collect();
    if templates.is_empty() {
        return;
    }
    let kinds: Vec<&str> = context
        .model
        .kinds()
        .filter(|(group, _)| *group == "constraints.gatekeeper.sh")
        .map(|(_, kind)| kind)
        .collect();
    for kind in kinds
        .into_iter()
        .filter(|kind| is_unknown(context.extent, kind, &templates))
    {
        for constraint in context.model.objects("constraints.gatekeeper.sh", kind) {
            sink.report(
                constraint,
                path("kind"),
                format!("no ConstraintTemplate defines {kind}"),
            );
        }
    }
}

/// Whether no template defines a kind. In a part of a stack the template may be elsewhere, unless the kind looks misspelt.
fn is_unknown(extent: Extent, kind: &str, templates: &HashSet<&str>) -> bool {
    let is_alike = |other: &&str| {
        let (short, long) = if kind.len() < other.len() {
            (kind, *other)
        } else {
            (*other, kind)
        };
        long.len() - short.len() <= 2 && long.to_lowercase().starts_with(&short.to_lowercase())
    };
    !templates.contains(kind) && (extent == Extent::Whole || templates.iter().any(is_alike))
}
