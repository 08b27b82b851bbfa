//! Built-in kinds, besides what stands in pods.

use super::{SECRET, SERVICE, STORAGE_CLASS, name, object, qualified, table};

table! { BUILT_IN:
    "apps" ["StatefulSet"] {
        "spec.serviceName" => SERVICE, Backend;
        "spec.volumeClaimTemplates[].spec.storageClassName" => STORAGE_CLASS, Storage;
        "spec.volumeClaimTemplates[].spec.volumeAttributesClassName" =>
            name("storage.k8s.io", "VolumeAttributesClass"), Storage;
    }
    "" ["PersistentVolumeClaim"] {
        "spec.storageClassName" => STORAGE_CLASS, Storage;
        "spec.volumeName" => name("", "PersistentVolume"), Storage;
        "spec.volumeAttributesClassName" => name("storage.k8s.io", "VolumeAttributesClass"), Storage;
        "spec.dataSource" => object("", "PersistentVolumeClaim"), Storage;
        "spec.dataSourceRef" => object("", "PersistentVolumeClaim"), Storage;
    }
    "" ["PersistentVolume"] {
        "spec.storageClassName" => STORAGE_CLASS, Storage;
    }
    "" ["ServiceAccount"] {
        "secrets[].name" => SECRET, PullSecret;
        "imagePullSecrets[].name" => SECRET, PullSecret;
    }
    "" ["Secret"] {
        "metadata.annotations[kubernetes.io/service-account.name]" => name("", "ServiceAccount"), Identity;
    }
    "" ["Service"] {
        "metadata.annotations[konghq.com/plugins]" => super::Form::Names { kinds: super::kong::PLUGINS }, Settings;
        "metadata.annotations[konghq.com/override]" => name("configuration.konghq.com", "KongIngress"), Settings;
        "metadata.annotations[konghq.com/upstream-policy]" =>
            name("configuration.konghq.com", "KongUpstreamPolicy"), Settings;
    }
    "autoscaling" ["HorizontalPodAutoscaler"] {
        "spec.scaleTargetRef" => object("", ""), ScaleTarget;
    }
    "autoscaling.k8s.io" ["VerticalPodAutoscaler"] {
        "spec.targetRef" => object("", ""), ScaleTarget;
    }
    "rbac.authorization.k8s.io" ["RoleBinding", "ClusterRoleBinding"] {
        "roleRef" => object("rbac.authorization.k8s.io", ""), Identity;
        "subjects[]" => object("", ""), Identity;
    }
    "networking.k8s.io" ["Ingress"] {
        "spec.ingressClassName" => name("networking.k8s.io", "IngressClass"), Class;
        "spec.tls[].secretName" => SECRET, Certificate;
        "spec.defaultBackend.service.name" => SERVICE, Backend;
        "spec.rules[].http.paths[].backend.service.name" => SERVICE, Backend;
        "metadata.annotations[cert-manager.io/issuer]" => name("cert-manager.io", "Issuer"), Issuer;
        "metadata.annotations[cert-manager.io/cluster-issuer]" => name("cert-manager.io", "ClusterIssuer"), Issuer;
        "metadata.annotations[konghq.com/plugins]" => super::Form::Names { kinds: super::kong::PLUGINS }, Settings;
        "metadata.annotations[nginx.ingress.kubernetes.io/auth-secret]" => qualified("", "Secret"), Config;
        "metadata.annotations[nginx.ingress.kubernetes.io/auth-tls-secret]" => qualified("", "Secret"), Certificate;
        "metadata.annotations[nginx.ingress.kubernetes.io/proxy-ssl-secret]" => qualified("", "Secret"), Certificate;
    }
    "networking.k8s.io" ["IngressClass"] {
        "spec.parameters" => object("", ""), Settings;
    }
    "admissionregistration.k8s.io" ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"] {
        "webhooks[].clientConfig.service" => object("", "Service"), Webhook;
        "metadata.annotations[cert-manager.io/inject-ca-from]" => qualified("cert-manager.io", "Certificate"), Certificate;
    }
    "admissionregistration.k8s.io" ["ValidatingAdmissionPolicyBinding"] {
        "spec.policyName" => name("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"), Policy;
    }
    "admissionregistration.k8s.io" ["MutatingAdmissionPolicyBinding"] {
        "spec.policyName" => name("admissionregistration.k8s.io", "MutatingAdmissionPolicy"), Policy;
    }
    "apiregistration.k8s.io" ["APIService"] {
        "spec.service" => object("", "Service"), Webhook;
        "metadata.annotations[cert-manager.io/inject-ca-from]" => qualified("cert-manager.io", "Certificate"), Certificate;
    }
    "apiextensions.k8s.io" ["CustomResourceDefinition"] {
        "spec.conversion.webhook.clientConfig.service" => object("", "Service"), Webhook;
        "metadata.annotations[cert-manager.io/inject-ca-from]" => qualified("cert-manager.io", "Certificate"), Certificate;
    }
    "storage.k8s.io" ["VolumeAttachment"] {
        "spec.source.persistentVolumeName" => name("", "PersistentVolume"), Storage;
    }
}
