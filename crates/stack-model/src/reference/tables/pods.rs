//! Pods, wherever their template stands: paths count from the pod.

use super::{CONFIG_MAP, SECRET, SERVICE_ACCOUNT, STORAGE_CLASS, name, table};

table! { PODS:
    "" [] {
        "spec.serviceAccountName" => SERVICE_ACCOUNT, Identity;
        "spec.imagePullSecrets[].name" => SECRET, PullSecret;
        "spec.priorityClassName" => name("scheduling.k8s.io", "PriorityClass"), Scheduling;
        "spec.runtimeClassName" => name("node.k8s.io", "RuntimeClass"), Scheduling;
        "spec.volumes[].configMap.name" => CONFIG_MAP, Config, or_optional, with_items;
        "spec.volumes[].secret.secretName" => SECRET, Config, or_optional, with_items;
        "spec.volumes[].persistentVolumeClaim.claimName" => name("", "PersistentVolumeClaim"), Storage;
        "spec.volumes[].projected.sources[].configMap.name" => CONFIG_MAP, Config, or_optional, with_items;
        "spec.volumes[].projected.sources[].secret.name" => SECRET, Config, or_optional, with_items;
        "spec.volumes[].ephemeral.volumeClaimTemplate.spec.storageClassName" => STORAGE_CLASS, Storage;
        "spec.volumes[].csi.nodePublishSecretRef.name" => SECRET, Config;
        "spec.containers[].envFrom[].configMapRef.name" => CONFIG_MAP, Config, or_optional;
        "spec.containers[].envFrom[].secretRef.name" => SECRET, Config, or_optional;
        "spec.containers[].env[].valueFrom.configMapKeyRef.name" => CONFIG_MAP, Config, or_optional, with_key;
        "spec.containers[].env[].valueFrom.secretKeyRef.name" => SECRET, Config, or_optional, with_key;
        "spec.initContainers[].envFrom[].configMapRef.name" => CONFIG_MAP, Config, or_optional;
        "spec.initContainers[].envFrom[].secretRef.name" => SECRET, Config, or_optional;
        "spec.initContainers[].env[].valueFrom.configMapKeyRef.name" => CONFIG_MAP, Config, or_optional, with_key;
        "spec.initContainers[].env[].valueFrom.secretKeyRef.name" => SECRET, Config, or_optional, with_key;
        "spec.resourceClaims[].resourceClaimName" => name("resource.k8s.io", "ResourceClaim"), Scheduling;
        "spec.resourceClaims[].resourceClaimTemplateName" => name("resource.k8s.io", "ResourceClaimTemplate"), Scheduling;
    }
}
