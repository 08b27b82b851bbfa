//! Kyverno's policies in a form that its next version drops.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "policy-old-form",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "A Kyverno policy is written in an older form",
    explanation: "`spec.validationFailureAction` has become `failureAction` of each rule, with a capital: `Enforce`. The members \
        of `match` and `exclude` beside `any` and `all` have become filters in these lists. Kyverno still reads the older forms, \
        and has said that it will not for ever.",
    remedy: "write `validate.failureAction` and `match.any`",
    silent: "Other tools' policies.",
    failing: include_str!("../../fixtures/policy-old-form/failing.yaml"),
    passing: include_str!("../../fixtures/policy-old-form/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for kind in ["ClusterPolicy", "Policy"] {
        for policy in context.model.objects("kyverno.io", kind) {
            for member in [
                "validationFailureAction",
                "validationFailureActionOverrides",
            ] {
                let place = format!("spec.{member}");
                if policy.at(&place).is_some() {
                    let message = "stands with each rule since Kyverno 1.13";
                    sink.report(policy, path(&place), message);
                }
            }
            for (number, rule) in policy.items_at("spec.rules").iter().enumerate() {
                for part in ["match", "exclude"] {
                    let members = rule.get(part).and_then(|part| part.as_object());
                    let old = members.into_iter().flat_map(|members| members.keys());
                    let mut old = old.filter(|name| !matches!(name.as_str(), "any" | "all"));
                    if let Some(member) = old.next() {
                        let place = format!("spec.rules[{number}].{part}.{member}");
                        sink.report(policy, path(&place), format!("belongs below `{part}.any`"));
                    }
                }
            }
        }
    }
}
