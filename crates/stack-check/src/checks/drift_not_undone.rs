//! Applications whose objects may be changed by hand.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Entry;
use stack_model::Value;

pub(super) const CHECK: Check = Check {
    code: "drift-not-undone",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "Changes by hand stay in the cluster",
    explanation: "Without `selfHeal`, Argo CD shows a change that somebody made with kubectl and leaves it: the cluster and Git \
        drift apart, and the fault comes back with the next sync.",
    remedy: "set `syncPolicy.automated.selfHeal: true`",
    silent: "Clusters without Argo CD, where nothing in the objects says who may change them.",
    failing: include_str!("../../fixtures/drift-not-undone/failing.yaml"),
    passing: include_str!("../../fixtures/drift-not-undone/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for (kind, spec) in [
        ("Application", "spec"),
        ("ApplicationSet", "spec.template.spec"),
    ] {
        for entry in context.model.objects("argoproj.io", kind) {
            judge(entry, spec, sink);
        }
    }
}

fn judge(entry: &Entry, spec: &str, sink: &mut Sink<'_, '_>) {
    // A part of an application, such as an overlay changes, says not where it goes.
    if entry.at(&format!("{spec}.destination")).is_none() {
        return;
    }
    // A patch of a template, or a generator's own, decides what the template leaves out.
    let generators = entry.items_at("spec.generators").iter();
    let mut members = generators
        .filter_map(Value::as_object)
        .flat_map(|members| members.values());
    let has_own_template = members.any(|generator| generator.get("template").is_some());
    if entry.at("spec.templatePatch").is_some() || has_own_template {
        return;
    }
    let policy = format!("{spec}.syncPolicy");
    let automated = format!("{policy}.automated");
    let switch = |name: &str| {
        let value = entry.at(&format!("{automated}.{name}"));
        value.and_then(Value::as_bool)
    };
    if entry.at(&automated).is_none() || switch("enabled") == Some(false) {
        sink.report(entry, path(&policy), "syncs by hand alone");
    } else if switch("selfHeal") != Some(true) {
        let message = "syncs what Git changes, and leaves what is changed in the cluster";
        sink.report(entry, path(&automated), message);
    }
}
