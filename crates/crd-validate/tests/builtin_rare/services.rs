//! Services, amounts and storage of the core group.

use crd_validate::KubernetesVersion;

use super::{judge, judge_in, paths, read};

#[test]
fn services_and_what_leads_to_them() {
    let service =
        "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 80}], _}}";
    judge(
        service,
        &[
            (
                "type: LoadBalancer, loadBalancerSourceRanges: [' 10.0.0.0/8 ']",
                "",
            ),
            // Since 1.36 a range begins with its first address.
            (
                "type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.1/8]",
                "spec.LoadBalancerSourceRanges[0]",
            ),
            (
                "clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, '']",
                "spec.clusterIPs[1]",
            ),
            (
                "clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, None]",
                "spec.clusterIPs[1]",
            ),
            (
                "type: ExternalName, externalName: a.b, internalTrafficPolicy: Cluster",
                "",
            ),
            (
                "type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 70000",
                "spec.healthCheckNodePort",
            ),
            ("healthCheckNodePort: -1", "spec.healthCheckNodePort"),
            ("trafficDistribution: PreferSameNode", ""),
        ],
    );
    let kubelet = "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: LoadBalancer, ports: [{port: _}]}}";
    judge(kubelet, &[("10250", "")]);
    judge_in(
        KubernetesVersion::V1_35,
        kubelet,
        &[("10250", "spec.ports[0]")],
    );
    judge_in(
        KubernetesVersion::V1_33,
        service,
        &[
            (
                "type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.1/8]",
                "",
            ),
            (
                "trafficDistribution: PreferSameNode",
                "spec.trafficDistribution",
            ),
        ],
    );
    let ingress = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}, spec: {defaultBackend: {service: {name: _, port: {number: 80}}}}}";
    judge(ingress, &[("1a", "")]);
    judge_in(
        KubernetesVersion::V1_34,
        ingress,
        &[("1a", "spec.defaultBackend.service.name")],
    );
    judge(
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, annotations: {kubernetes.io/ingress.class: a}}, spec: {ingressClassName: _, defaultBackend: {service: {name: s, port: {number: 80}}}}}",
        &[("a", ""), ("b", "annotations.kubernetes.io/ingress.class")],
    );
    // A server names the other member than the one that is missing.
    judge(
        "{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {name: m}, webhooks: [{name: a.b.c, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {service: {_}}}]}",
        &[
            ("name: s, namespace: ns", ""),
            (
                "namespace: ns",
                "webhooks[0].clientConfig.service.namespace",
            ),
            ("name: s", "webhooks[0].clientConfig.service.name"),
        ],
    );
}

#[test]
fn limits_quotas_and_nodes() {
    judge(
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {_}, scopes: [NotBestEffort]}}",
        &[
            ("requests.cpu: 1, pods: 5, requests.example.com/gpu: 1", ""),
            ("requests.ephemeral-storage: 1Gi", "spec.scopes"),
            ("requests.hugepages-2Mi: 4Mi", "spec.scopes"),
        ],
    );
    judge(
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {pods: 1, _}, scopeSelector: {matchExpressions: [{scopeName: BestEffort, operator: Exists}]}}}",
        &[
            ("services: 1", "spec.scopeSelector.matchExpressions"),
            ("count/x: 1", ""),
        ],
    );
    judge(
        "{apiVersion: v1, kind: LimitRange, metadata: {name: l}, spec: {limits: [{type: PersistentVolumeClaim, _}]}}",
        &[
            ("min: {storage: 1Gi}", ""),
            (
                "min: {quota: 1}",
                "spec.limits[0].limits spec.limits[0].min[quota]",
            ),
        ],
    );
    judge(
        "{apiVersion: v1, kind: Node, metadata: {name: m}, spec: {_}}",
        &[
            ("podCIDR: 10.0.0.0/24", ""),
            ("podCIDR: x", "spec.podCIDRs[0]"),
            ("podCIDR: 10.0.0.0/24, podCIDRs: [x]", ""),
        ],
    );
    let status = "{apiVersion: v1, kind: Node, metadata: {name: m}, status: {_}}";
    judge(
        status,
        &[
            (
                "capacity: {pods: 1500m}",
                "status.allocatable.pods status.capacity.pods",
            ),
            ("declaredFeatures: [A, B/c]", ""),
            (
                "declaredFeatures: [B, A, A]",
                "status.declaredFeatures[1] status.declaredFeatures[2]",
            ),
            (
                "addresses: [{type: InternalIP, address: 10.0.0.1}, {type: InternalIP, address: 10.0.0.1}]",
                "",
            ),
        ],
    );
    let twice = read(&status.replacen(
        '_',
        "addresses: [{type: InternalIP, address: 10.0.0.1}, {type: InternalIP, address: 10.0.0.1}]",
        1,
    ));
    let old = read("{apiVersion: v1, kind: Node, metadata: {name: m}}");
    assert_eq!(
        paths(&twice, Some(&old), KubernetesVersion::V1_36),
        ["status.addresses[1]"]
    );
    judge(
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}, metrics: [{type: Pods, pods: {metric: {name: m, selector: {_}}, target: {type: AverageValue, averageValue: 1}}}]}}",
        &[
            ("matchLabels: {a: b}", ""),
            ("matchExpressions: [{key: '', operator: x}]", ""),
        ],
    );
}

#[test]
fn claims_and_volumes_that_change() {
    let claim = |phase: &str, rest: &str| {
        read(&format!(
            "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: c}}, spec: {{accessModes: [ReadWriteOnce], {rest}}}, status: {{phase: {phase}}}}}"
        ))
    };
    let small = "resources: {requests: {storage: 1Gi}}";
    let large = "resources: {requests: {storage: 2Gi}}";
    let limited = "resources: {requests: {storage: 1024Mi}, limits: {storage: 3Gi}}";
    let block = "resources: {requests: {storage: 1Gi}}, volumeMode: Block";
    for (phase, to, expected) in [
        ("Bound", small, &[][..]),
        ("Bound", large, &[]),
        ("Pending", "resources: {requests: {storage: 1024Mi}}", &[]),
        ("Pending", large, &["spec"]),
        ("Bound", limited, &["spec"]),
        ("Bound", block, &["spec", "volumeMode"]),
    ] {
        let found = paths(
            &claim(phase, to),
            Some(&claim(phase, small)),
            KubernetesVersion::V1_36,
        );
        assert_eq!(found, expected, "{phase}: {to}");
    }
    let volume = |zone: &str| {
        read(&format!(
            "{{apiVersion: v1, kind: PersistentVolume, metadata: {{name: v}}, spec: {{accessModes: [ReadWriteOnce], capacity: {{storage: 1Gi}}, local: {{path: /a}}, nodeAffinity: {{required: {{nodeSelectorTerms: [{{matchExpressions: [{{key: z, operator: In, values: [{zone}]}}]}}]}}}}}}}}"
        ))
    };
    assert_eq!(
        paths(&volume("b"), Some(&volume("a")), KubernetesVersion::V1_36),
        ["nodeAffinity"]
    );
}
