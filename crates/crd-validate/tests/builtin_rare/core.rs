//! Pods of the core group, part by part.

use crd_validate::KubernetesVersion;

use super::{judge, judge_in};

const POD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {app: web}}, spec: {containers: [{name: a, image: b}], _}}";

const CONTAINER: &str = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {restartPolicy: Always, volumes: [{name: e, emptyDir: {}}, {name: c, configMap: {name: c}}], resourceClaims: [{name: r, resourceClaimName: r}], containers: [{name: a, image: b, _}]}}";

#[test]
fn sources_of_volumes() {
    let volume = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {serviceAccountName: s, containers: [{name: a, image: b}], volumes: [{name: v, _}]}}";
    let at = "spec.volumes[0]";
    judge(
        volume,
        &[
            // Of a file in a list, a server says what is wrong with it, not which one it is.
            (
                "downwardAPI: {items: [{path: ../a, fieldRef: {fieldPath: metadata.name}}]}",
                &format!("{at}.downwardAPI.path"),
            ),
            (
                "downwardAPI: {items: [{path: a, resourceFieldRef: {resource: x}}]}",
                &format!("{at}.downwardAPI.resourceFieldRef.containerName"),
            ),
            (
                "projected: {sources: [{downwardAPI: {items: [{path: a}]}}]}",
                &format!("{at}.projected.sources[0].downwardAPI"),
            ),
            (
                "projected: {sources: [{serviceAccountToken: {path: ''}}]}",
                &format!("{at}.projected.path"),
            ),
            // Two tokens, or a token and a key, may be written to one file.
            (
                "projected: {sources: [{serviceAccountToken: {path: a}}, {serviceAccountToken: {path: a}}]}",
                "",
            ),
            (
                "projected: {sources: [{secret: {name: s, items: [{key: k, path: a}]}}, {configMap: {name: s, items: [{key: k, path: a}]}}]}",
                &format!("{at}.projected"),
            ),
            (
                "hostPath: {path: '', type: x}",
                &format!("{at}.hostPath.path"),
            ),
            (
                "ephemeral: {volumeClaimTemplate: {metadata: {name: '', creationTimestamp: null}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}",
                "",
            ),
            (
                "ephemeral: {volumeClaimTemplate: {metadata: {uid: x, generation: 2}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}",
                &format!(
                    "{at}.ephemeral.volumeClaimTemplate.metadata.generation {at}.ephemeral.volumeClaimTemplate.metadata.uID"
                ),
            ),
        ],
    );
    let long = "a".repeat(60);
    judge(
        "{apiVersion: v1, kind: PersistentVolume, metadata: {name: v}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOncePod, _], iscsi: {targetPortal: p, iqn: 'iqn.2001-04.com.example:d', initiatorName: 'iqn.2001-04.com.example:h'}}}",
        &[
            ("ReadWriteOncePod", ""),
            ("ReadWriteMany", "spec.accessModes"),
            ("x", "spec.accessModes"),
        ],
    );
    judge(
        "{apiVersion: v1, kind: PersistentVolume, metadata: {name: v}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], iscsi: {targetPortal: _, iqn: 'iqn.2001-04.com.example:d', initiatorName: 'iqn.2001-04.com.example:h'}}}",
        &[
            (&format!("{long}bb"), ""),
            (&format!("{long}bbb"), "spec.iscsi.targetportal"),
        ],
    );
}

#[test]
fn containers() {
    let at = "spec.containers[0]";
    judge(
        CONTAINER,
        &[
            (
                "env: [{name: x, valueFrom: {fileKeyRef: {volumeName: e, path: /a, key: k}}}]",
                "",
            ),
            (
                "env: [{name: x, valueFrom: {fileKeyRef: {volumeName: c, path: a, key: k}}}]",
                &format!("{at}.env[0].valueFrom.fileKeyRef.volumeName"),
            ),
            (
                "env: [{name: x, valueFrom: {fileKeyRef: {volumeName: z, path: ../a, key: k}}}]",
                &format!(
                    "{at}.env[0].valueFrom.fileKeyRef.path {at}.env[0].valueFrom.fileKeyRef.volumeName"
                ),
            ),
            (
                "restartPolicy: Never, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In}}]",
                "",
            ),
            (
                "resources: {claims: [{name: r, request: a}, {name: r, request: b}]}",
                "",
            ),
            (
                "resources: {claims: [{name: r, request: a}, {name: r}]}",
                &format!("{at}.resources.claims[1]"),
            ),
            (
                "resources: {claims: [{name: r}, {name: r, request: A}]}",
                &format!("{at}.resources.claims[1]"),
            ),
            ("lifecycle: {stopSignal: SIGTERM}", ""),
            (
                "lifecycle: {preStop: {sleep: {seconds: 31}}}",
                &format!("{at}.lifecycle.preStop.sleep"),
            ),
        ],
    );
    // What switches on only where a cluster asks for it is forgotten before it is judged.
    judge(
        POD,
        &[
            (
                "initContainers: [{name: i, image: b, lifecycle: {stopSignal: SIGTERM}}]",
                "",
            ),
            (
                "initContainers: [{name: i, image: b, lifecycle: {}}]",
                "spec.initContainers[0].lifecycle",
            ),
            (
                "initContainers: [{name: i, image: b, resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]}]",
                "spec.initContainers[0].resizePolicy[0].restartPolicy",
            ),
            (
                "initContainers: [{name: i, image: b, restartPolicy: Always, resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]}]",
                "",
            ),
            (
                "initContainers: [{name: i, image: b, restartPolicy: Always, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [1]}}]}]",
                "",
            ),
        ],
    );
    judge_in(
        KubernetesVersion::V1_35,
        POD,
        &[
            (
                "initContainers: [{name: i, image: b, restartPolicy: Always, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [1]}}]}]",
                "spec.initContainers[0].restartPolicyRules",
            ),
            (
                "initContainers: [{name: i, image: b, restartPolicy: Never, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [1]}}]}]",
                "spec.initContainers[0].restartPolicyRules[0].action",
            ),
        ],
    );
}

#[test]
fn what_a_pod_asks_for_as_a_whole() {
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {resources: {requests: {cpu: 3, memory: 1Gi}, limits: {cpu: 4, memory: 1Gi, hugepages-2Mi: 4Mi}}, initContainers: [{name: i, image: b, resources: {requests: {_}}}, {name: s, image: b, restartPolicy: Always, resources: {requests: {cpu: 1}}}], containers: [{name: a, image: b, resources: {requests: {cpu: 2}}}]}}";
    judge(
        pod,
        &[
            ("cpu: 3", ""),
            ("cpu: 3500m", "spec.resources.requests[cpu]"),
        ],
    );
    let limits = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {_}}";
    judge(
        limits,
        &[
            (
                "resources: {limits: {cpu: 1}}, containers: [{name: a, image: b}, {name: c, image: b, resources: {limits: {cpu: 2}, requests: {cpu: 1}}}]",
                "spec.resources.containers[1][cpu].limits",
            ),
            (
                "resources: {limits: {cpu: 1, hugepages-2Mi: 3Mi}}, containers: [{name: a, image: b}]",
                "spec.resources.limits[hugepages-2Mi] spec.resources.requests[hugepages-2Mi]",
            ),
            (
                "resources: {limits: {hugepages-2Mi: 4Mi}}, containers: [{name: a, image: b}]",
                "spec.resources",
            ),
            (
                "resources: {limits: {cpu: 1}}, os: {name: windows}, containers: [{name: a, image: b}]",
                "spec.resources",
            ),
        ],
    );
    judge(
        "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: r}, handler: h, overhead: {podFixed: {_}}}",
        &[
            ("cpu: 1, hugepages-2Mi: 4Mi", ""),
            ("hugepages-2Mi: 4Mi", "overhead"),
            (
                "cpu: 1, hugepages-2Mi: 3Mi",
                "overhead.limits[hugepages-2Mi]",
            ),
            ("cpu: -1", "overhead.limits[cpu]"),
        ],
    );
}

#[test]
fn where_pods_may_run() {
    let spread =
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule";
    let at = "spec.topologySpreadConstraints[0]";
    let twice = format!(
        "{spread}, labelSelector: {{matchLabels: {{app: web}}}}, matchLabelKeys: [v, app]}}]"
    );
    let other =
        format!("{spread}, labelSelector: {{matchLabels: {{v: web}}}}, matchLabelKeys: [v]}}]");
    let said = format!(
        "{spread}, labelSelector: {{matchLabels: {{v: a}}, matchExpressions: [{{key: v, operator: Exists}}]}}, matchLabelKeys: [v]}}]"
    );
    judge(
        POD,
        &[
            // The Pod has the label `app`, whose value the server adds to the selector.
            (&twice, &format!("{at}[1]")),
            (&other, ""),
            (&said, &format!("{at}[0]")),
            (
                "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: z, labelSelector: {matchLabels: {app: x}}, matchLabelKeys: [app]}]}}",
                "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0][0]",
            ),
            (
                "topologySpreadConstraints: [{maxSkew: 1, topologyKey: z, whenUnsatisfiable: x, minDomains: 1}]",
                &format!("{at}.minDomains {at}.whenUnsatisfiable"),
            ),
            // Of a preference, a server does not ask whether a value can be that of a label.
            (
                "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{key: a, operator: In, values: ['-x-']}]}}]}}",
                "",
            ),
        ],
    );
    judge_in(
        KubernetesVersion::V1_33,
        POD,
        &[
            (&twice, &format!("{at}.matchLabelKeys[1]")),
            (&said, &format!("{at}.matchLabelKeys[0]")),
        ],
    );
    // In a template there are no labels of a pod yet.
    let template = "{apiVersion: v1, kind: PodTemplate, metadata: {name: p}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: b}], _}}}";
    judge(template, &[(&twice, "")]);
    judge_in(
        KubernetesVersion::V1_37,
        POD,
        &[
            ("tolerations: [{key: a, operator: Gt, value: '-5'}]", ""),
            (
                "tolerations: [{key: a, operator: Gt, value: '007'}]",
                "spec.tolerations[0].value",
            ),
            (
                "tolerations: [{key: a, operator: Lt, value: '+5'}]",
                "spec.tolerations[0].value",
            ),
        ],
    );
}

#[test]
fn what_processes_may_do() {
    judge(
        POD,
        &[
            (
                "hostPID: true, shareProcessNamespace: true",
                "spec.securityContext.shareProcessNamespace",
            ),
            (
                "securityContext: {sysctls: [{name: kernel.shm_rmid_forced, value: '1'}, {name: kernel/shm_rmid_forced, value: '1'}]}",
                "",
            ),
            (
                "hostIPC: true, securityContext: {sysctls: [{name: kernel.sem_next_id, value: '1'}]}",
                "",
            ),
            (
                "hostIPC: true, securityContext: {sysctls: [{name: kernel.sem, value: '1'}]}",
                "spec.securityContext.sysctls[0].name",
            ),
            (
                "hostUsers: false, volumes: [{name: v, persistentVolumeClaim: {claimName: v}}], initContainers: [{name: i, image: b, volumeDevices: [{name: v, devicePath: /d}]}]",
                "spec.initContainers[0].volumeDevices",
            ),
        ],
    );
    let profile = "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {container.apparmor.security.beta.kubernetes.io/a: runtime/default}}, spec: {containers: [{name: a, image: b}], _}}";
    judge(
        profile,
        &[
            (
                "securityContext: {appArmorProfile: {type: RuntimeDefault}}",
                "",
            ),
            (
                "securityContext: {appArmorProfile: {type: Unconfined}}",
                "spec.containers[0].securityContext.appArmorProfile.type",
            ),
            (
                "securityContext: {appArmorProfile: {type: Localhost, localhostProfile: x}}",
                "spec.containers[0].securityContext.appArmorProfile.type",
            ),
        ],
    );
}
