//! Roles that allow everything.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::texts;
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "wildcard-rights",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "A role allows all verbs or all resources",
    explanation: "A `*` for verbs or resources also means those that come later. In the core group, or in all groups, it means to \
        read Secrets, and with verbs that change something to make pods, which is as much as to rule the namespace.",
    remedy: "list verbs and resources",
    silent: "The roles that every cluster has.",
    failing: include_str!("../../fixtures/wildcard-rights/failing.yaml"),
    passing: include_str!("../../fixtures/wildcard-rights/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for kind in ["ClusterRole", "Role"] {
        for role in context.model.objects("rbac.authorization.k8s.io", kind) {
            if role.name().starts_with("system:") || role.name() == "cluster-admin" {
                continue;
            }
            for (number, rule) in role.items_at("rules").iter().enumerate() {
                let wild = ["verbs", "resources"]
                    .into_iter()
                    .find(|member| texts(rule, member).any(|word| word == "*"));
                if let Some(member) = wild {
                    sink.report(
                        role,
                        path(&format!("rules[{number}].{member}")),
                        format!("`*` for all {member}"),
                    );
                }
            }
        }
    }
}
