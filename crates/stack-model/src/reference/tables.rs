//! Who refers to whom: one table per family.

use super::rule::{Form, Purpose, ReferenceRule};

const fn name(group: &'static str, kind: &'static str) -> Form {
    Form::Name { group, kind }
}

const fn object(group: &'static str, kind: &'static str) -> Form {
    Form::Object { group, kind }
}

const SERVICE: Form = name("", "Service");
const CONFIG_MAP: Form = name("", "ConfigMap");
const SECRET: Form = name("", "Secret");

/// Rows for every pod template: paths count from the pod.
pub(super) const PODS: &[ReferenceRule] = &[
    pod(
        "spec.serviceAccountName",
        name("", "ServiceAccount"),
        Purpose::Identity,
    ),
    pod("spec.imagePullSecrets[].name", SECRET, Purpose::Config),
    pod(
        "spec.priorityClassName",
        name("scheduling.k8s.io", "PriorityClass"),
        Purpose::Scheduling,
    ),
    pod(
        "spec.runtimeClassName",
        name("node.k8s.io", "RuntimeClass"),
        Purpose::Scheduling,
    ),
    pod("spec.volumes[].configMap.name", CONFIG_MAP, Purpose::Config).or_optional(),
    pod("spec.volumes[].secret.secretName", SECRET, Purpose::Config).or_optional(),
    pod(
        "spec.volumes[].persistentVolumeClaim.claimName",
        name("", "PersistentVolumeClaim"),
        Purpose::Storage,
    ),
    pod(
        "spec.volumes[].projected.sources[].configMap.name",
        CONFIG_MAP,
        Purpose::Config,
    )
    .or_optional(),
    pod(
        "spec.volumes[].projected.sources[].secret.name",
        SECRET,
        Purpose::Config,
    )
    .or_optional(),
    pod(
        "spec.volumes[].ephemeral.volumeClaimTemplate.spec.storageClassName",
        STORAGE_CLASS,
        Purpose::Storage,
    ),
    pod(
        "spec.containers[].envFrom[].configMapRef.name",
        CONFIG_MAP,
        Purpose::Config,
    )
    .or_optional(),
    pod(
        "spec.containers[].envFrom[].secretRef.name",
        SECRET,
        Purpose::Config,
    )
    .or_optional(),
    pod(
        "spec.containers[].env[].valueFrom.configMapKeyRef.name",
        CONFIG_MAP,
        Purpose::Config,
    )
    .or_optional()
    .with_key(),
    pod(
        "spec.containers[].env[].valueFrom.secretKeyRef.name",
        SECRET,
        Purpose::Config,
    )
    .or_optional()
    .with_key(),
    pod(
        "spec.initContainers[].envFrom[].configMapRef.name",
        CONFIG_MAP,
        Purpose::Config,
    )
    .or_optional(),
    pod(
        "spec.initContainers[].envFrom[].secretRef.name",
        SECRET,
        Purpose::Config,
    )
    .or_optional(),
    pod(
        "spec.initContainers[].env[].valueFrom.configMapKeyRef.name",
        CONFIG_MAP,
        Purpose::Config,
    )
    .or_optional()
    .with_key(),
    pod(
        "spec.initContainers[].env[].valueFrom.secretKeyRef.name",
        SECRET,
        Purpose::Config,
    )
    .or_optional()
    .with_key(),
];

const fn pod(path: &'static str, form: Form, purpose: Purpose) -> ReferenceRule {
    ReferenceRule::new("", &[], path, form, purpose)
}

const STORAGE_CLASS: Form = name("storage.k8s.io", "StorageClass");
const RBAC: &str = "rbac.authorization.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";
const WEBHOOKS: &[&str] = &[
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
];

const fn row(
    group: &'static str,
    kinds: &'static [&'static str],
    path: &'static str,
    form: Form,
    purpose: Purpose,
) -> ReferenceRule {
    ReferenceRule::new(group, kinds, path, form, purpose)
}

/// Built-in kinds, besides what stands in pods.
const BUILT_IN: &[ReferenceRule] = &[
    row(
        "apps",
        &["StatefulSet"],
        "spec.serviceName",
        SERVICE,
        Purpose::Backend,
    ),
    row(
        "apps",
        &["StatefulSet"],
        "spec.volumeClaimTemplates[].spec.storageClassName",
        STORAGE_CLASS,
        Purpose::Storage,
    ),
    row(
        "",
        &["PersistentVolumeClaim"],
        "spec.storageClassName",
        STORAGE_CLASS,
        Purpose::Storage,
    ),
    row(
        "",
        &["PersistentVolumeClaim"],
        "spec.volumeName",
        name("", "PersistentVolume"),
        Purpose::Storage,
    ),
    row(
        "",
        &["ServiceAccount"],
        "secrets[].name",
        SECRET,
        Purpose::Config,
    ),
    row(
        "",
        &["ServiceAccount"],
        "imagePullSecrets[].name",
        SECRET,
        Purpose::Config,
    ),
    row(
        "autoscaling",
        &["HorizontalPodAutoscaler"],
        "spec.scaleTargetRef",
        object("", ""),
        Purpose::ScaleTarget,
    ),
    row(
        "autoscaling.k8s.io",
        &["VerticalPodAutoscaler"],
        "spec.targetRef",
        object("", ""),
        Purpose::ScaleTarget,
    ),
    row(
        RBAC,
        &["RoleBinding", "ClusterRoleBinding"],
        "roleRef",
        object(RBAC, ""),
        Purpose::Identity,
    ),
    row(
        RBAC,
        &["RoleBinding", "ClusterRoleBinding"],
        "subjects[]",
        object("", ""),
        Purpose::Identity,
    ),
    row(
        "networking.k8s.io",
        &["Ingress"],
        "spec.ingressClassName",
        name("networking.k8s.io", "IngressClass"),
        Purpose::Class,
    ),
    row(
        "networking.k8s.io",
        &["Ingress"],
        "spec.tls[].secretName",
        SECRET,
        Purpose::Certificate,
    ),
    row(
        "networking.k8s.io",
        &["Ingress"],
        "spec.defaultBackend.service.name",
        SERVICE,
        Purpose::Backend,
    ),
    row(
        "networking.k8s.io",
        &["Ingress"],
        "spec.rules[].http.paths[].backend.service.name",
        SERVICE,
        Purpose::Backend,
    ),
    row(
        ADMISSION,
        WEBHOOKS,
        "webhooks[].clientConfig.service",
        object("", "Service"),
        Purpose::Webhook,
    ),
    row(
        ADMISSION,
        &["ValidatingAdmissionPolicyBinding"],
        "spec.policyName",
        name(ADMISSION, "ValidatingAdmissionPolicy"),
        Purpose::Policy,
    ),
    row(
        ADMISSION,
        &["MutatingAdmissionPolicyBinding"],
        "spec.policyName",
        name(ADMISSION, "MutatingAdmissionPolicy"),
        Purpose::Policy,
    ),
    row(
        "apiregistration.k8s.io",
        &["APIService"],
        "spec.service",
        object("", "Service"),
        Purpose::Webhook,
    ),
    row(
        "apiextensions.k8s.io",
        &["CustomResourceDefinition"],
        "spec.conversion.webhook.clientConfig.service",
        object("", "Service"),
        Purpose::Webhook,
    ),
];

const GATEWAY: &str = "gateway.networking.k8s.io";
const ROUTES: &[&str] = &["GRPCRoute", "HTTPRoute", "TCPRoute", "TLSRoute", "UDPRoute"];

/// Gateway API.
const GATEWAY_API: &[ReferenceRule] = &[
    row(
        GATEWAY,
        &["Gateway"],
        "spec.gatewayClassName",
        name(GATEWAY, "GatewayClass"),
        Purpose::Class,
    ),
    row(
        GATEWAY,
        &["Gateway", "ListenerSet"],
        "spec.listeners[].tls.certificateRefs[]",
        object("", "Secret"),
        Purpose::Certificate,
    ),
    row(
        GATEWAY,
        &["ListenerSet"],
        "spec.parentRef",
        object(GATEWAY, "Gateway"),
        Purpose::Parent,
    ),
    row(
        GATEWAY,
        &["GatewayClass"],
        "spec.parametersRef",
        object("", ""),
        Purpose::Class,
    ),
    row(
        GATEWAY,
        ROUTES,
        "spec.parentRefs[]",
        object(GATEWAY, "Gateway"),
        Purpose::Parent,
    ),
    row(
        GATEWAY,
        ROUTES,
        "spec.rules[].backendRefs[]",
        object("", "Service"),
        Purpose::Backend,
    ),
    row(
        GATEWAY,
        ROUTES,
        "spec.rules[].filters[].requestMirror.backendRef",
        object("", "Service"),
        Purpose::Backend,
    ),
    row(
        GATEWAY,
        &["BackendTLSPolicy"],
        "spec.targetRefs[]",
        object("", "Service"),
        Purpose::Parent,
    ),
    row(
        GATEWAY,
        &["BackendTLSPolicy"],
        "spec.validation.caCertificateRefs[]",
        object("", "ConfigMap"),
        Purpose::Certificate,
    ),
];

const ISTIO: &str = "networking.istio.io";

/// Istio.
const ISTIO_KINDS: &[ReferenceRule] = &[
    row(
        ISTIO,
        &["VirtualService"],
        "spec.gateways[]",
        Form::Qualified {
            group: ISTIO,
            kind: "Gateway",
        },
        Purpose::Parent,
    ),
    row(
        ISTIO,
        &["VirtualService"],
        "spec.http[].route[].destination.host",
        Form::Host,
        Purpose::Backend,
    ),
    row(
        ISTIO,
        &["VirtualService"],
        "spec.http[].mirror.host",
        Form::Host,
        Purpose::Backend,
    ),
    row(
        ISTIO,
        &["VirtualService"],
        "spec.tcp[].route[].destination.host",
        Form::Host,
        Purpose::Backend,
    ),
    row(
        ISTIO,
        &["VirtualService"],
        "spec.tls[].route[].destination.host",
        Form::Host,
        Purpose::Backend,
    ),
    row(
        ISTIO,
        &["DestinationRule"],
        "spec.host",
        Form::Host,
        Purpose::Backend,
    ),
    row(
        "security.istio.io",
        &["AuthorizationPolicy", "RequestAuthentication"],
        "spec.targetRefs[]",
        object("", ""),
        Purpose::Parent,
    ),
    row(
        "telemetry.istio.io",
        &["Telemetry"],
        "spec.targetRefs[]",
        object("", ""),
        Purpose::Parent,
    ),
    row(
        "extensions.istio.io",
        &["WasmPlugin"],
        "spec.targetRefs[]",
        object("", ""),
        Purpose::Parent,
    ),
];

const CILIUM: &str = "cilium.io";
const CILIUM_POLICIES: &[&str] = &["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"];

/// Cilium.
const CILIUM_KINDS: &[ReferenceRule] = &[
    row(
        CILIUM,
        CILIUM_POLICIES,
        "spec.ingress[].fromCIDRSet[].cidrGroupRef",
        name(CILIUM, "CiliumCIDRGroup"),
        Purpose::Policy,
    ),
    row(
        CILIUM,
        CILIUM_POLICIES,
        "spec.egress[].toCIDRSet[].cidrGroupRef",
        name(CILIUM, "CiliumCIDRGroup"),
        Purpose::Policy,
    ),
    row(
        CILIUM,
        &["CiliumEnvoyConfig"],
        "spec.services[]",
        object("", "Service"),
        Purpose::Backend,
    ),
];

const ARGO: &str = "argoproj.io";

/// Argo CD and Argo Rollouts.
const ARGO_KINDS: &[ReferenceRule] = &[
    row(
        ARGO,
        &["Application"],
        "spec.project",
        name(ARGO, "AppProject"),
        Purpose::Project,
    ),
    row(
        ARGO,
        &["ApplicationSet"],
        "spec.template.spec.project",
        name(ARGO, "AppProject"),
        Purpose::Project,
    ),
    row(
        ARGO,
        &["Rollout"],
        "spec.workloadRef",
        object("apps", "Deployment"),
        Purpose::ScaleTarget,
    ),
    row(
        ARGO,
        &["Rollout"],
        "spec.strategy.canary.canaryService",
        SERVICE,
        Purpose::Backend,
    ),
    row(
        ARGO,
        &["Rollout"],
        "spec.strategy.canary.stableService",
        SERVICE,
        Purpose::Backend,
    ),
    row(
        ARGO,
        &["Rollout"],
        "spec.strategy.blueGreen.activeService",
        SERVICE,
        Purpose::Backend,
    ),
    row(
        ARGO,
        &["Rollout"],
        "spec.strategy.blueGreen.previewService",
        SERVICE,
        Purpose::Backend,
    ),
];

/// Others that stacks use.
const OTHERS: &[ReferenceRule] = &[
    row(
        "cert-manager.io",
        &["Certificate"],
        "spec.issuerRef",
        object("cert-manager.io", "Issuer"),
        Purpose::Certificate,
    ),
    row(
        "keda.sh",
        &["ScaledObject"],
        "spec.scaleTargetRef",
        object("apps", "Deployment"),
        Purpose::ScaleTarget,
    ),
    row(
        "external-secrets.io",
        &["ExternalSecret"],
        "spec.secretStoreRef",
        object("external-secrets.io", "SecretStore"),
        Purpose::Config,
    ),
];

/// All tables.
pub(super) const TABLES: &[&[ReferenceRule]] = &[
    BUILT_IN,
    GATEWAY_API,
    ISTIO_KINDS,
    CILIUM_KINDS,
    ARGO_KINDS,
    OTHERS,
];
