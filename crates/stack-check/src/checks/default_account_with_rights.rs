//! Rights of the account that every pod has.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::text;
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "default-account-with-rights",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "Every pod of a namespace gets rights that one was meant to have",
    explanation: "The binding gives rights to the account `default`, as which every pod runs that names no other.",
    remedy: "bind an account of its own, and let the pods run as it",
    silent: "Nothing: the object says it all.",
    failing: include_str!("../../fixtures/default-account-with-rights/failing.yaml"),
    passing: include_str!("../../fixtures/default-account-with-rights/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for kind in ["ClusterRoleBinding", "RoleBinding"] {
        for binding in context.model.objects("rbac.authorization.k8s.io", kind) {
            for (number, subject) in binding.items_at("subjects").iter().enumerate() {
                if text(subject, "kind") == Some("ServiceAccount")
                    && text(subject, "name") == Some("default")
                {
                    sink.report(
                        binding,
                        path(&format!("subjects[{number}]")),
                        "the account `default` gets these rights",
                    );
                }
            }
        }
    }
}
