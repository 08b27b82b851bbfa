//! Services, nodes, volumes and questions in detail.

use super::judge_changes;

const SERVICE: &str = "{apiVersion: v1, kind: Service, metadata: {name: s, annotations: {a: b}}, spec: {type: LoadBalancer, ports: [{port: 80}]}}";

const NODE: &str = "{apiVersion: v1, kind: Node, metadata: {name: m}, spec: {podCIDRs: [10.0.0.0/24, 'fd00::/64']}}";

const VOLUME: &str = "{apiVersion: v1, kind: PersistentVolume, metadata: {name: v}, spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, nfs: {server: s, path: /p}}}";

const VOLUME_CLAIM: &str = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, dataSource: {kind: PersistentVolumeClaim, name: o}, dataSourceRef: {kind: PersistentVolumeClaim, name: o}}}";

const ACCESS: &str = "{apiVersion: authorization.k8s.io/v1, kind: SubjectAccessReview, spec: {user: u, resourceAttributes: {verb: get, resource: pods}}}";

const BINDING: &str =
    "{apiVersion: v1, kind: Binding, metadata: {name: p}, target: {kind: Node, name: m}}";

#[test]
fn other_kinds_in_detail() {
    judge_changes(&[
        (
            SERVICE,
            "a: b",
            "service.kubernetes.io/topology-mode: Auto, service.kubernetes.io/topology-aware-hints: Auto",
            &[],
        ),
        (
            SERVICE,
            "a: b",
            "service.kubernetes.io/topology-mode: Auto, service.kubernetes.io/topology-aware-hints: Disabled",
            &["metadata.annotations[service.kubernetes.io/topology-mode]"],
        ),
        (
            SERVICE,
            "a: b",
            "service.beta.kubernetes.io/load-balancer-source-ranges: '10.0.0.0/8, 11.0.0.0/8'",
            &[],
        ),
        (
            SERVICE,
            "a: b",
            "service.beta.kubernetes.io/load-balancer-source-ranges: ''",
            &[],
        ),
        (
            SERVICE,
            "a: b",
            "service.beta.kubernetes.io/load-balancer-source-ranges: '10.0.0.0'",
            &["metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]"],
        ),
        (
            SERVICE,
            "a: b}}, spec: {type: LoadBalancer",
            "service.beta.kubernetes.io/load-balancer-source-ranges: ''}}, spec: {type: NodePort",
            &["metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]"],
        ),
        (NODE, "'fd00::/64'", "10.1.0.0/24", &["spec.podCIDRs"]),
        (NODE, "'fd00::/64'", "10.0.0.0/24", &["spec.podCIDRs"]),
        (VOLUME, "nfs:", "flexVolume: {driver: a/b}, nfs:", &[]),
        (VOLUME, "nfs:", "local: {path: /x}, nfs:", &["spec.local"]),
        (
            VOLUME_CLAIM,
            "dataSourceRef: {kind: PersistentVolumeClaim, name: o}",
            "dataSourceRef: {kind: PersistentVolumeClaim, name: o, namespace: ''}",
            &[],
        ),
        (
            VOLUME_CLAIM,
            "dataSourceRef: {kind: PersistentVolumeClaim, name: o}",
            "dataSourceRef: {kind: PersistentVolumeClaim, name: x}",
            &["spec"],
        ),
        (ACCESS, "user: u, ", "", &["spec.user"]),
        (ACCESS, "user: u, ", "groups: [g], ", &[]),
        (
            ACCESS,
            "resourceAttributes: {verb: get, resource: pods}",
            "",
            &["spec.resourceAttributes"],
        ),
        (
            ACCESS,
            "user: u, ",
            "user: u, nonResourceAttributes: {path: /x}, ",
            &["spec.nonResourceAttributes"],
        ),
        (BINDING, "name: m}", "name: ''}", &["target.name"]),
        (BINDING, "kind: Node", "kind: Pod", &["target.kind"]),
    ]);
}
