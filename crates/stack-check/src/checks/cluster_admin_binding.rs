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
    title: "A program may do everything in the cluster, or in its namespace",
    explanation: "The binding gives `cluster-admin` to a service account: whoever breaks into one of its pods owns \
        the cluster; with a RoleBinding, the namespace.",
    remedy: "give it a role with what it needs",
    silent: "Bindings to people and groups, and to a Role that only bears the name.",
    failing: include_str!("../../fixtures/cluster-admin-binding/failing.yaml"),
    passing: include_str!("../../fixtures/cluster-admin-binding/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for kind in ["ClusterRoleBinding", "RoleBinding"] {
        for binding in context.model.objects("rbac.authorization.k8s.io", kind) {
            // A Role of that name is some Role of the namespace.
            if binding.text_at("roleRef.kind") != Some("ClusterRole")
                || binding.text_at("roleRef.name") != Some("cluster-admin")
            {
                continue;
            }
            let reach = match kind {
                "RoleBinding" => " in this namespace",
                _ => "",
            };
            for (number, subject) in binding.items_at("subjects").iter().enumerate() {
                let name = text(subject, "name").unwrap_or_default();
                let is_program = text(subject, "kind") == Some("ServiceAccount")
                    || name.starts_with("system:serviceaccount");
                if is_program || name == "system:authenticated" || name == "system:unauthenticated"
                {
                    sink.report(
                        binding,
                        path(&format!("subjects[{number}]")),
                        format!("{name} may do everything{reach}"),
                    );
                }
            }
        }
    }
}
