//! Pods in detail.

use crd_validate::KubernetesVersion;

use super::{judge_changes, paths_of};

const POD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {a: b}}, spec: {initContainers: [{name: i, image: b, ports: [{containerPort: 80, hostPort: 80}]}, {name: j, image: b, ports: [{containerPort: 80, hostPort: 80}]}], containers: [{name: c, image: b, resources: {limits: {hugepages-2Mi: 4Mi, cpu: 1}}, securityContext: {seccompProfile: {type: RuntimeDefault}}}], hostAliases: [{ip: 10.0.0.1, hostnames: [a.b]}], volumes: [{name: e, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}, {name: q, quobyte: {registry: 'a:1,b:2', volume: v}}, {name: k, csi: {driver: d, nodePublishSecretRef: {name: s}}}]}}";

const DEPLOYMENT: &str = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}, annotations: {c: d}}, spec: {containers: [{name: a, image: b}], topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}, {maxSkew: 1, topologyKey: host, whenUnsatisfiable: DoNotSchedule}]}}}}";

#[test]
fn pods_in_detail() {
    judge_changes(&[
        (
            POD,
            "a: b}",
            "kubernetes.io/config.mirror: x}",
            &["metadata.annotations[kubernetes.io/config.mirror]"],
        ),
        (
            POD,
            "a: b}",
            "controller.kubernetes.io/pod-deletion-cost: '-5'}",
            &[],
        ),
        (
            POD,
            "a: b}",
            "controller.kubernetes.io/pod-deletion-cost: '+5'}",
            &["metadata.annotations[controller.kubernetes.io/pod-deletion-cost]"],
        ),
        (
            POD,
            "a: b}",
            "scheduler.alpha.kubernetes.io/tolerations: '[{\"Key\": \"a\", \"operator\": \"Exists\"}]'}",
            &[],
        ),
        (
            POD,
            "a: b}",
            "scheduler.alpha.kubernetes.io/tolerations: '[{\"key\": \"a\", \"operator\": \"Is\"}]'}",
            &["metadata.annotations[scheduler.alpha.kubernetes.io/tolerations][0].operator"],
        ),
        (
            POD,
            "a: b}",
            "scheduler.alpha.kubernetes.io/tolerations: '{'}",
            &["metadata.annotations"],
        ),
        (
            POD,
            "a: b}",
            "seccomp.security.alpha.kubernetes.io/pod: runtime/default}",
            &[],
        ),
        (
            POD,
            "a: b}",
            "seccomp.security.alpha.kubernetes.io/pod: strict}",
            &["metadata.annotations.seccomp.security.alpha.kubernetes.io/pod"],
        ),
        (
            POD,
            "a: b}",
            "container.seccomp.security.alpha.kubernetes.io/c: docker/default}",
            &[],
        ),
        (
            POD,
            "a: b}",
            "container.seccomp.security.alpha.kubernetes.io/c: unconfined}",
            &["spec.containers[0].securityContext.seccompProfile.type"],
        ),
        (
            POD,
            "a: b}",
            "container.seccomp.security.alpha.kubernetes.io/c: localhost/../x}",
            &[
                "metadata.annotations.container.seccomp.security.alpha.kubernetes.io/c",
                "spec.containers[0].securityContext.seccompProfile.type",
            ],
        ),
        (
            POD,
            "4Mi",
            "3Mi",
            &[
                "spec.containers[0].resources.limits[hugepages-2Mi]",
                "spec.containers[0].resources.requests[hugepages-2Mi]",
            ],
        ),
        (
            POD,
            "hugepages-2Mi: 4Mi",
            "hugepages-big: 4Mi",
            &[
                "spec.containers[0].resources.limits[hugepages-big]",
                "spec.containers[0].resources.requests[hugepages-big]",
            ],
        ),
        (
            POD,
            "[a.b]",
            "[a.b, A]",
            &["spec.hostAliases[0].hostnames[1]"],
        ),
        // Init containers run one after the other, and the host network asks nothing of them.
        (POD, "spec: {init", "spec: {hostNetwork: true, init", &[]),
        (
            POD,
            "hostPort: 80}]}, {name: j",
            "hostPort: 81}, {containerPort: 81, hostPort: 81}]}, {name: j",
            &["spec.initContainers[0].ports[1].hostPort"],
        ),
        (
            POD,
            "spec: {init",
            "spec: {hostUsers: false, hostPID: true, init",
            &["spec.HostPID"],
        ),
        (
            POD,
            "name: e,",
            "name: eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee,",
            &[],
        ),
        (
            POD,
            "quobyte: {registry: 'a:1,b:2', volume: v}",
            "persistentVolumeClaim: {claimName: p-e}",
            &["spec.volumes[1].persistentVolumeClaim.claimName"],
        ),
        (POD, "a:1,b:2", "[::1]:80", &[]),
        (POD, "a:1,b:2", "a", &["spec.volumes[1].quobyte.registry"]),
        (POD, "{name: s}", "{name: S}", &["spec.volumes[2].csi.name"]),
        (
            DEPLOYMENT,
            "c: d",
            "controller.kubernetes.io/pod-deletion-cost: much",
            &["spec.template.annotations[controller.kubernetes.io/pod-deletion-cost]"],
        ),
        (
            DEPLOYMENT,
            "topologyKey: host",
            "topologyKey: zone",
            &["spec.template.spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}"],
        ),
    ]);
    let long = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".repeat(4);
    let pod = POD
        .replace(
            "{name: p,",
            &format!(
                "{{name: {}.x, ",
                &long[..230].replace(
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
                )
            ),
        )
        .replace("name: e,", "name: eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee,");
    assert_eq!(
        paths_of(&pod, KubernetesVersion::default()),
        ["spec.volumes[0].name"]
    );
}

#[test]
fn names_of_windows_users() {
    let pod = |user: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{containers: [{{name: a, image: b, securityContext: {{windowsOptions: {{runAsUserName: '{user}'}}}}}}]}}}}"
        )
    };
    for (user, fine) in [
        ("Administrator", true),
        (r"NT AUTHORITY\SYSTEM", true),
        (r"a&b\user", true),
        (r"EXAMPLE.com\user", true),
        (r"a_domain_that_is_long\user", false),
        (r".x\user", false),
        (r"\user", false),
        (r"a\b\c", false),
        (r"d\", false),
        ("a:b", false),
        ("...", false),
    ] {
        let found = paths_of(&pod(user), KubernetesVersion::default());
        assert_eq!(found.is_empty(), fine, "{user}: {found:?}");
    }
}
