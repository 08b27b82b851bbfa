//! What an update of a built-in object may change, and what not.

use crd_validate::{Registry, UnknownFields, reader};
use serde_json::Value;

fn read(text: &str) -> Value {
    reader::read(text.as_bytes()).remove(0).content.unwrap()
}

/// Each row: a manifest, a text in it, what takes its place, and the path that is refused; empty where the change is fine.
#[test]
fn what_may_not_change_is_found() {
    let template =
        "template: {metadata: {labels: {a: b, c: d}}, spec: {containers: [{name: a, image: b}]}}";
    let controller = |kind: &str, more: &str| {
        format!(
            "{{apiVersion: apps/v1, kind: {kind}, metadata: {{name: x}}, spec: {{{more}selector: {{matchLabels: {{a: b}}}}, {template}}}}}"
        )
    };
    let deployment = controller("Deployment", "");
    let daemon = controller("DaemonSet", "");
    let stateful = controller("StatefulSet", "serviceName: s, ");
    let job = "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {completions: 2, parallelism: 1, template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}";
    let waiting = &job.replace("completions: 2", "suspend: true, completions: 2");
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, image: b}]}}";
    let service = "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {clusterIP: 10.0.0.1, ports: [{port: 80}]}}";
    let claim = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: {requests: {storage: 2Gi}}}}";
    let volume = "{apiVersion: v1, kind: PersistentVolume, metadata: {name: v}, spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, nfs: {server: s, path: /p}}}";
    let class = "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: c}, provisioner: example.com/p, parameters: {a: b}, allowVolumeExpansion: false}";
    let secret =
        "{apiVersion: v1, kind: Secret, metadata: {name: s}, type: Opaque, data: {a: YQ==}}";
    let sealed =
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, immutable: true, data: {a: b}}";
    let open = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: b}}";
    let priority = "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: p}, value: 5, description: d}";
    let binding = "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b}, roleRef: {kind: Role, name: r}, subjects: [{kind: User, name: u}]}";
    let ingress = "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: i}, spec: {controller: a.b/c}}";
    let runtime =
        "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: r}, handler: h}";
    let slice = "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: e}, addressType: IPv4, endpoints: []}";
    let quota = "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {pods: '1'}, scopes: [BestEffort]}}";
    let two = "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {pods: '1'}, scopes: [BestEffort, Terminating]}}";
    let busy = "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {container.apparmor.security.beta.kubernetes.io/a: unconfined}}, spec: {nodeName: m, activeDeadlineSeconds: 9, tolerations: [{key: k, operator: Exists, effect: NoExecute, tolerationSeconds: 5}], containers: [{name: a, image: b}]}}";
    let gated = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {schedulingGates: [{name: g}], nodeSelector: {a: b}, affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: k, operator: In, values: [v]}]}]}}}, containers: [{name: a, image: b}]}}";
    let dual = "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, 'fd00::1'], ipFamilies: [IPv4, IPv6], ipFamilyPolicy: RequireDualStack, ports: [{port: 80}]}}";
    let plain_claim = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 2Gi}}}}";
    let noted = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c, annotations: {volume.beta.kubernetes.io/storage-class: fast}}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 2Gi}}}}";
    let csi = "{apiVersion: v1, kind: PersistentVolume, metadata: {name: v}, spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, volumeAttributesClassName: gold, csi: {driver: d, volumeHandle: h}, nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: failure-domain.beta.kubernetes.io/zone, operator: In, values: [z]}]}]}}}}";
    let node = "{apiVersion: storage.k8s.io/v1, kind: CSINode, metadata: {name: m}, spec: {drivers: [{name: d, nodeID: i, topologyKeys: [k]}]}}";
    let range = "{apiVersion: networking.k8s.io/v1, kind: ServiceCIDR, metadata: {name: r}, spec: {cidrs: [10.0.0.0/24]}}";
    let definition = "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: as.a.b}, spec: {group: a.b, scope: Namespaced, names: {plural: as, kind: A}, versions: [{name: v1alpha1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}, {name: v1, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}]}}";
    let claim_of_devices = "{apiVersion: resource.k8s.io/v1, kind: ResourceClaim, metadata: {name: c}, spec: {devices: {requests: [{name: r, exactly: {deviceClassName: x}}]}}}";
    let devices = "{apiVersion: resource.k8s.io/v1, kind: ResourceSlice, metadata: {name: s}, spec: {driver: d, nodeName: m, pool: {name: pool, generation: 1, resourceSliceCount: 1}}}";
    let event = "{apiVersion: events.k8s.io/v1, kind: Event, metadata: {name: e, namespace: default}, regarding: {kind: Pod, name: p, namespace: default}, eventTime: '2026-01-02T03:04:05.000000Z', reportingController: a.b/c, reportingInstance: i, action: x, reason: z, type: Normal}";
    let request = "{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: r}, spec: {request: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUFBPQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K, signerName: a.b/c, usages: [client auth]}}";
    for (old, from, to, path) in [
        (deployment.as_str(), "image: b", "image: c", ""),
        (
            &deployment,
            "matchLabels: {a: b}",
            "matchLabels: {c: d}",
            "spec.selector",
        ),
        (&deployment, "name: x", "name: y", "metadata.name"),
        (
            &daemon,
            "matchLabels: {a: b}",
            "matchLabels: {c: d}",
            "spec.selector",
        ),
        (&stateful, "image: b", "image: c", ""),
        (&stateful, "serviceName: s", "serviceName: t", "spec"),
        (
            &stateful,
            "serviceName: s",
            "serviceName: s, podManagementPolicy: Parallel",
            "spec",
        ),
        (
            &stateful,
            "serviceName: s",
            "serviceName: s, replicas: 3",
            "",
        ),
        (job, "parallelism: 1", "parallelism: 2", ""),
        (job, "completions: 2", "completions: 3", "spec.completions"),
        (job, "image: b", "image: c", "spec.template"),
        (
            job,
            "restartPolicy: Never",
            "nodeSelector: {a: b}, restartPolicy: Never",
            "spec.template",
        ),
        (
            waiting,
            "restartPolicy: Never",
            "nodeSelector: {a: b}, restartPolicy: Never",
            "",
        ),
        (waiting, "image: b", "image: c", "spec.template"),
        (pod, "image: b", "image: c", ""),
        (pod, "image: b", "image: b, args: [x]", "spec"),
        (pod, "containers:", "hostNetwork: true, containers:", "spec"),
        (
            pod,
            "containers:",
            "tolerations: [{operator: Exists}], containers:",
            "",
        ),
        (service, "10.0.0.1", "10.0.0.2", "spec.clusterIPs[0]"),
        (service, "clusterIP: 10.0.0.1, ", "", ""),
        (service, "port: 80", "port: 81", ""),
        (claim, "2Gi", "3Gi", ""),
        (claim, "2Gi", "1Gi", "spec.resources.requests.storage"),
        (claim, "fast", "slow", "spec"),
        (
            claim,
            "storageClassName: fast",
            "storageClassName: fast, volumeName: v",
            "",
        ),
        (
            volume,
            "path: /p",
            "path: /q",
            "spec.persistentvolumesource",
        ),
        (volume, "1Gi", "2Gi", ""),
        (volume, "nfs:", "volumeMode: Block, nfs:", "volumeMode"),
        (class, "a: b", "a: c", "parameters"),
        (class, "example.com/p", "example.com/q", "provisioner"),
        (
            class,
            "allowVolumeExpansion: false",
            "allowVolumeExpansion: true",
            "",
        ),
        (
            class,
            "parameters:",
            "reclaimPolicy: Retain, parameters:",
            "reclaimPolicy",
        ),
        (secret, "Opaque", "example.com/t", "type"),
        (secret, "YQ==", "Yg==", ""),
        (sealed, "a: b", "a: c", "data"),
        (sealed, "immutable: true", "immutable: false", "immutable"),
        (sealed, "name: c", "name: c, labels: {a: b}", ""),
        (open, "a: b", "a: c", ""),
        (priority, "value: 5", "value: 6", "value"),
        (priority, "description: d", "description: e", ""),
        (binding, "name: r}", "name: s}", "roleRef"),
        (binding, "name: u", "name: v", ""),
        (ingress, "a.b/c", "a.b/d", "spec.controller"),
        (runtime, "handler: h", "handler: i", "handler"),
        (slice, "IPv4", "IPv6", "addressType"),
        (quota, "[BestEffort]", "[]", "spec.scopes"),
        (quota, "pods: '1'", "pods: '2'", ""),
        (
            two,
            "[BestEffort, Terminating]",
            "[Terminating, BestEffort]",
            "",
        ),
        (busy, "tolerationSeconds: 5", "tolerationSeconds: 6", ""),
        (
            busy,
            "operator: Exists, ",
            "operator: Equal, ",
            "spec.tolerations",
        ),
        (
            busy,
            "activeDeadlineSeconds: 9",
            "activeDeadlineSeconds: 8",
            "",
        ),
        (
            busy,
            "activeDeadlineSeconds: 9",
            "activeDeadlineSeconds: 10",
            "spec.activeDeadlineSeconds",
        ),
        (
            busy,
            "activeDeadlineSeconds: 9, ",
            "",
            "spec.activeDeadlineSeconds",
        ),
        (
            busy,
            "[{name: a, image: b}]",
            "[{name: a, image: b}, {name: c, image: d}]",
            "spec.containers",
        ),
        (
            busy,
            "annotations: {",
            "annotations: {kubernetes.io/config.mirror: x, ",
            "metadata.annotations[kubernetes.io/config.mirror]",
        ),
        (
            busy,
            "annotations: {container.apparmor.security.beta.kubernetes.io/a: unconfined}",
            "labels: {c: d}",
            "metadata.annotations[container.apparmor.security.beta.kubernetes.io/a]",
        ),
        (gated, "schedulingGates: [{name: g}], ", "", ""),
        (
            gated,
            "[{name: g}]",
            "[{name: g}, {name: h}]",
            "spec.schedulingGates[1].name",
        ),
        (
            gated,
            "nodeSelector: {a: b}",
            "nodeSelector: {a: b, c: d}",
            "",
        ),
        (
            gated,
            "nodeSelector: {a: b}",
            "nodeSelector: {a: c}",
            "spec.nodeSelector",
        ),
        (
            gated,
            "values: [v]}]",
            "values: [v]}, {key: l, operator: Exists}]",
            "",
        ),
        (
            gated,
            "values: [v]}]",
            "values: [w]}]",
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]",
        ),
        (
            gated,
            "values: [v]}]}",
            "values: [v]}]}, {matchExpressions: [{key: l, operator: Exists}]}",
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms",
        ),
        (
            gated,
            "affinity: {",
            "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: z}]}, ",
            "spec",
        ),
        (
            waiting,
            "image: b",
            "image: b, resources: {limits: {cpu: 1}}",
            "",
        ),
        (
            job,
            "image: b",
            "image: b, resources: {limits: {cpu: 1}}",
            "spec.template",
        ),
        (
            dual,
            "clusterIPs: [10.0.0.1, 'fd00::1'], ipFamilies: [IPv4, IPv6], ipFamilyPolicy: RequireDualStack",
            "clusterIPs: [10.0.0.1], ipFamilies: [IPv4], ipFamilyPolicy: SingleStack",
            "",
        ),
        (dual, "fd00::1", "fd00::2", "spec.clusterIPs[1]"),
        (
            dual,
            "clusterIPs: [10.0.0.1, 'fd00::1'], ipFamilies: [IPv4, IPv6], ipFamilyPolicy: RequireDualStack",
            "clusterIPs: [10.0.0.1], ipFamilies: [IPv4], ipFamilyPolicy: PreferDualStack",
            "spec.ipFamilyPolicy spec.ipFamilyPolicy",
        ),
        (
            plain_claim,
            "resources:",
            "storageClassName: fast, resources:",
            "",
        ),
        (
            noted,
            "resources:",
            "storageClassName: fast, resources:",
            "",
        ),
        (
            noted,
            "resources:",
            "storageClassName: slow, resources:",
            "spec",
        ),
        (
            noted,
            "storage-class: fast",
            "storage-class: slow",
            "metadata.annotations[volume.beta.kubernetes.io/storage-class]",
        ),
        (
            csi,
            "volumeHandle: h",
            "volumeHandle: h, controllerExpandSecretRef: {name: s, namespace: demo}",
            "",
        ),
        (
            csi,
            "volumeHandle: h",
            "volumeHandle: i",
            "spec.persistentvolumesource",
        ),
        (
            csi,
            "volumeAttributesClassName: gold, ",
            "",
            "spec.volumeAttributesClassName",
        ),
        (
            csi,
            "failure-domain.beta.kubernetes.io/zone",
            "topology.kubernetes.io/zone",
            "",
        ),
        (csi, "values: [z]", "values: [w]", "nodeAffinity"),
        (
            node,
            "topologyKeys: [k]",
            "topologyKeys: [l]",
            "spec.drivers",
        ),
        (
            node,
            "topologyKeys: [k]",
            "topologyKeys: [k], allocatable: {count: 5}",
            "",
        ),
        (range, "[10.0.0.0/24]", "[10.0.0.0/24, 'fd00::/112']", ""),
        (range, "[10.0.0.0/24]", "[10.1.0.0/24]", "spec.cidrs[0]"),
        (
            definition,
            "name: v1alpha1, served: true",
            "name: v1alpha1, served: false",
            "",
        ),
        (
            definition,
            "{name: v1alpha1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}, {name: v1, served: true, storage: false",
            "{name: v1, served: true, storage: true",
            "status.storedVersions[0]",
        ),
        (claim_of_devices, "name: r", "name: s", "spec"),
        (devices, "generation: 1", "generation: 2", ""),
        (devices, "nodeName: m", "nodeName: o", "spec.nodeName"),
        (devices, "name: pool", "name: other", "spec.pool.name"),
        (
            event,
            "reportingInstance: i",
            "reportingInstance: j",
            "reportingInstance",
        ),
        // What was asked for cannot be changed by an update: the server keeps what it had.
        (request, "client auth", "server auth", ""),
    ] {
        assert!(old.contains(from), "{from} is not in {old}");
        let new = old.replacen(from, to, 1);
        let judgement =
            Registry::new().judge_update(&read(&new), &read(old), UnknownFields::Refuse);
        let paths: Vec<String> = judgement
            .report
            .findings
            .iter()
            .map(|found| found.path.to_string())
            .collect();
        assert_eq!(
            paths.join(" "),
            path,
            "{from} -> {to} in {old}: {:?}",
            judgement.report
        );
    }
}

/// An object is always a legal update of itself.
#[test]
fn nothing_changed_is_fine() {
    let Some(folder) = std::env::var_os("BUILTIN_CORPUS_DIR").map(std::path::PathBuf::from) else {
        use std::io::Write as _;
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: BUILTIN_CORPUS_DIR names no corpus"
        );
        return;
    };
    let registry = Registry::new();
    let text = std::fs::read_to_string(folder.join("mutations.jsonl")).unwrap();
    let mut count = 0;
    for row in text.lines() {
        let row: Value = serde_json::from_str(row).unwrap();
        if row["verdict"] != "accepted" {
            continue;
        }
        let judgement =
            registry.judge_update(&row["object"], &row["object"], UnknownFields::Refuse);
        assert!(
            judgement.report.is_accepted(),
            "{}\n{:?}",
            row["object"],
            judgement.report
        );
        count += 1;
    }
    assert!(count > 0);
}
