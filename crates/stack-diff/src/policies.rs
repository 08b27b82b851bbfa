//! Which policies come, go or change: what decides who may do what, apart from the things themselves.

use crate::{Diff, ObjectChange};

/// Groups of which every kind is a policy, and kinds of other groups.
const GROUPS: [&str; 5] = [
    "constraints.gatekeeper.sh",
    "kyverno.io",
    "policies.kyverno.io",
    "policy.networking.k8s.io",
    "security.istio.io",
];
const KINDS: [(&str, &str); 13] = [
    ("networking.k8s.io", "NetworkPolicy"),
    ("cilium.io", "CiliumNetworkPolicy"),
    ("cilium.io", "CiliumClusterwideNetworkPolicy"),
    ("crd.projectcalico.org", "NetworkPolicy"),
    ("crd.projectcalico.org", "GlobalNetworkPolicy"),
    ("projectcalico.org", "NetworkPolicy"),
    ("projectcalico.org", "GlobalNetworkPolicy"),
    ("policy.linkerd.io", "AuthorizationPolicy"),
    ("policy.linkerd.io", "ServerAuthorization"),
    ("templates.gatekeeper.sh", "ConstraintTemplate"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
    (
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicyBinding",
    ),
    ("gateway.networking.k8s.io", "ReferenceGrant"),
];

impl Diff {
    /// The policies among the objects that change: network policies, those of a mesh, admission policies.
    pub fn policies(&self) -> impl Iterator<Item = &ObjectChange> {
        self.objects.iter().filter(|change| {
            let (group, kind) = (change.object.group(), change.object.kind.as_str());
            GROUPS.contains(&group) || KINDS.contains(&(group, kind))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Diff;

    #[test]
    fn policies_are_told_from_other_objects() {
        let object = |version: &str, kind: &str, spec: u8| json!({"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, "spec": spec});
        let side = |spec| {
            [
                object("networking.k8s.io/v1", "NetworkPolicy", spec),
                object("networking.k8s.io/v1", "Ingress", spec),
                object("security.istio.io/v1", "PeerAuthentication", spec),
                object("constraints.gatekeeper.sh/v1beta1", "K8sAnything", spec),
                object("kyverno.io/v1", "ClusterPolicy", 0),
                object("apps/v1", "Deployment", spec),
            ]
        };
        let diff = Diff::of(side(1), side(2));
        let mut kinds: Vec<&str> = diff
            .policies()
            .map(|change| change.object.kind.as_str())
            .collect();
        kinds.sort_unstable();
        assert_eq!(
            kinds,
            ["K8sAnything", "NetworkPolicy", "PeerAuthentication"]
        );
    }
}
