//! Programs that may do everything.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::text;
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "cluster-admin-binding",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "A program may do everything in the cluster",
    explanation: "The binding gives `cluster-admin` to a service account: whoever breaks into one of its pods owns \
        the cluster.",
    remedy: "give it a role with what it needs",
    silent: "Bindings to people and groups.",
    failing: include_str!("../../fixtures/cluster-admin-binding/failing.yaml"),
    passing: include_str!("../../fixtures/cluster-admin-binding/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for kind in ["ClusterRoleBinding", "RoleBinding"] {
        for binding in context.model.objects("rbac.authorization.k8s.io", kind) {
            if binding.text_at("roleRef.name") != Some("cluster-admin") {
                continue;
            }
            for (number, subject) in binding.items_at("subjects").iter().enumerate() {
                let name = text(subject, "name").unwrap_or_default();
                let is_program = text(subject, "kind") == Some("ServiceAccount")
                    || name.starts_with("system:serviceaccount");
                if is_program || name == "system:authenticated" || name == "system:unauthenticated"
                {
                    sink.report(
                        binding,
                        path(&format!("subjects[{number}]")),
                        format!("{name} may do everything"),
                    );
                }
            }
        }
    }
}
