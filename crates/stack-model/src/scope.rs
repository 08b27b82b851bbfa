//! Which kinds live in a namespace.

/// Where the objects of a kind live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// In a namespace each.
    Namespaced,
    /// In the cluster as a whole.
    Cluster,
}

/// Kinds outside any namespace, by group. Each group that stands here is known whole: its other kinds live in namespaces.
const CLUSTER_WIDE: &[(&str, &[&str])] = &[
    (
        "",
        &["Namespace", "Node", "PersistentVolume", "ComponentStatus"],
    ),
    (
        "admissionregistration.k8s.io",
        &[
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration",
        ],
    ),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io", &["APIService"]),
    ("apps", &[]),
    (
        "argoproj.io",
        &["ClusterAnalysisTemplate", "ClusterWorkflowTemplate"],
    ),
    ("autoscaling", &[]),
    ("autoscaling.k8s.io", &[]),
    ("batch", &[]),
    ("cert-manager.io", &["ClusterIssuer"]),
    (
        "certificates.k8s.io",
        &["CertificateSigningRequest", "ClusterTrustBundle"],
    ),
    (
        "cilium.io",
        &[
            "CiliumBGPAdvertisement",
            "CiliumBGPClusterConfig",
            "CiliumBGPNodeConfig",
            "CiliumBGPNodeConfigOverride",
            "CiliumBGPPeerConfig",
            "CiliumBGPPeeringPolicy",
            "CiliumCIDRGroup",
            "CiliumClusterwideEnvoyConfig",
            "CiliumClusterwideNetworkPolicy",
            "CiliumEgressGatewayPolicy",
            "CiliumEndpointSlice",
            "CiliumExternalWorkload",
            "CiliumIdentity",
            "CiliumL2AnnouncementPolicy",
            "CiliumLoadBalancerIPPool",
            "CiliumNode",
            "CiliumPodIPPool",
        ],
    ),
    ("config.gatekeeper.sh", &[]),
    (
        "configuration.konghq.com",
        &["KongClusterPlugin", "KongLicense", "KongVault"],
    ),
    ("coordination.k8s.io", &[]),
    ("discovery.k8s.io", &[]),
    ("events.k8s.io", &[]),
    ("extensions.istio.io", &[]),
    (
        "external-secrets.io",
        &[
            "ClusterExternalSecret",
            "ClusterPushSecret",
            "ClusterSecretStore",
        ],
    ),
    (
        "flowcontrol.apiserver.k8s.io",
        &["FlowSchema", "PriorityLevelConfiguration"],
    ),
    ("gateway.networking.k8s.io", &["GatewayClass"]),
    ("gateway.networking.x-k8s.io", &["XMesh"]),
    ("helm.toolkit.fluxcd.io", &[]),
    ("karpenter.sh", &["NodeClaim", "NodePool"]),
    ("keda.sh", &["ClusterTriggerAuthentication"]),
    ("kustomize.toolkit.fluxcd.io", &[]),
    (
        "kyverno.io",
        &[
            "ClusterCleanupPolicy",
            "ClusterPolicy",
            "GlobalContextEntry",
        ],
    ),
    ("monitoring.coreos.com", &[]),
    ("networking.istio.io", &[]),
    (
        "networking.k8s.io",
        &["IPAddress", "IngressClass", "ServiceCIDR"],
    ),
    ("node.k8s.io", &["RuntimeClass"]),
    ("policy", &["PodSecurityPolicy"]),
    (
        "policy.networking.k8s.io",
        &[
            "AdminNetworkPolicy",
            "BaselineAdminNetworkPolicy",
            "ClusterNetworkPolicy",
        ],
    ),
    (
        "rbac.authorization.k8s.io",
        &["ClusterRole", "ClusterRoleBinding"],
    ),
    ("scheduling.k8s.io", &["PriorityClass"]),
    ("security.istio.io", &[]),
    ("source.toolkit.fluxcd.io", &[]),
    (
        "storage.k8s.io",
        &[
            "CSIDriver",
            "CSINode",
            "StorageClass",
            "VolumeAttachment",
            "VolumeAttributesClass",
        ],
    ),
    ("telemetry.istio.io", &[]),
];

/// Where objects of a kind live, for the built-in kinds and the families that everybody uses; `None` for the rest, whose
/// definition has to say it. A kind of no group that a cluster serves, such as a tool's own configuration, is among the rest.
pub fn scope_of(group: &str, kind: &str) -> Option<Scope> {
    if group == "constraints.gatekeeper.sh" || group == "templates.gatekeeper.sh" {
        return Some(Scope::Cluster);
    }
    let position = CLUSTER_WIDE
        .binary_search_by(|(name, _)| (*name).cmp(group))
        .ok()?;
    Some(if CLUSTER_WIDE[position].1.contains(&kind) {
        Scope::Cluster
    } else {
        Scope::Namespaced
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(CLUSTER_WIDE.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn built_in_kinds_have_a_scope_and_others_are_unknown() {
        assert_eq!(scope_of("", "Namespace"), Some(Scope::Cluster));
        assert_eq!(scope_of("", "Service"), Some(Scope::Namespaced));
        assert_eq!(
            scope_of("rbac.authorization.k8s.io", "Role"),
            Some(Scope::Namespaced)
        );
        assert_eq!(scope_of("example.com", "Widget"), None);
    }
}
