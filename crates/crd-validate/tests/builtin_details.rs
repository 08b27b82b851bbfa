//! Rules of built-in kinds that few manifests meet: each row changes a sound manifest and names the paths that a server refuses.
#![allow(clippy::unwrap_used)]

use crd_validate::{KubernetesVersion, Registry, UnknownFields, Verdict, reader};
use serde_json::Value;

fn paths(text: &str, version: KubernetesVersion) -> Vec<String> {
    let object: Value = reader::read(text.as_bytes()).remove(0).content.unwrap();
    let registry = Registry::for_version(version);
    let judgement = registry.judge(&object, UnknownFields::Refuse);
    assert_ne!(judgement.verdict, Verdict::Unknown, "{text}");
    let findings = judgement.report.findings.iter();
    let mut paths: Vec<String> = findings.map(|found| found.path.to_string()).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// A manifest, a text in it, what takes its place, and the paths of the findings; none where that is fine.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

fn judge(rows: &[Row]) {
    for (manifest, from, to, expected) in rows {
        let version = KubernetesVersion::default();
        assert_eq!(paths(manifest, version), Vec::<String>::new(), "{manifest}");
        assert!(manifest.contains(from), "{from} is not in {manifest}");
        let found = paths(&manifest.replacen(from, to, 1), version);
        assert_eq!(found, *expected, "{from} -> {to} in {manifest}");
    }
}

const CLAIM: &str = "{apiVersion: resource.k8s.io/v1, kind: ResourceClaim, metadata: {name: c}, spec: {devices: {requests: [{name: r, exactly: {deviceClassName: gpu.example.com, selectors: [{cel: {expression: 'device.driver == \"d\"'}}], tolerations: [{key: k, operator: Exists}]}}, {name: f, firstAvailable: [{name: a, deviceClassName: x, allocationMode: All}]}], constraints: [{requests: [r, f/a], matchAttribute: example.com/model}], config: [{requests: [r], opaque: {driver: d.example.com, parameters: {a: 1}}}]}}}";
const TEMPLATE: &str = "{apiVersion: resource.k8s.io/v1beta1, kind: ResourceClaimTemplate, metadata: {name: t}, spec: {metadata: {labels: {a: b}}, spec: {devices: {requests: [{name: r, deviceClassName: gpu.example.com}]}}}}";
const CLASS: &str = "{apiVersion: resource.k8s.io/v1, kind: DeviceClass, metadata: {name: c}, spec: {selectors: [{cel: {expression: 'true'}}], config: [{opaque: {driver: d, parameters: {}}}], extendedResourceName: example.com/gpu}}";
const SLICE: &str = "{apiVersion: resource.k8s.io/v1, kind: ResourceSlice, metadata: {name: s}, spec: {driver: d.example.com, nodeName: m, pool: {name: p/q, generation: 1, resourceSliceCount: 1}, devices: [{name: a, attributes: {model: {string: x}, d.example.com/v: {version: 1.2.3}}, capacity: {memory: {value: 8Gi}}, taints: [{key: k, effect: NoSchedule}]}, {name: b, allowMultipleAllocations: true, capacity: {memory: {value: 8Gi, requestPolicy: {default: 1Gi, validRange: {min: 1Gi, max: 8Gi, step: 1Gi}}}, slots: {value: 4, requestPolicy: {default: 1, validValues: [1, 2]}}}, bindingConditions: [x], bindingFailureConditions: [z]}]}}";
const COUNTERS: &str = "{apiVersion: resource.k8s.io/v1, kind: ResourceSlice, metadata: {name: s}, spec: {driver: d, allNodes: true, pool: {name: p, generation: 1, resourceSliceCount: 1}, sharedCounters: [{name: c, counters: {a: {value: 1}}}]}}";

#[test]
fn claims_to_devices() {
    let many = |count: usize| (0..count).map(|n| format!("r{n}")).collect::<Vec<_>>();
    judge(&[
        (
            CLAIM,
            "name: r,",
            "name: R,",
            &[
                "spec.devices.config[0].requests[0]",
                "spec.devices.constraints[0].requests[0]",
                "spec.devices.requests[0].name",
            ],
        ),
        (
            CLAIM,
            "name: f,",
            "name: r,",
            &[
                "spec.devices.constraints[0].requests[1]",
                "spec.devices.requests[1]",
            ],
        ),
        (
            CLAIM,
            "gpu.example.com",
            "GPU",
            &["spec.devices.requests[0].exactly.deviceClassName"],
        ),
        (
            CLAIM,
            "deviceClassName: gpu.example.com, ",
            "",
            &["spec.devices.requests[0].exactly.deviceClassName"],
        ),
        (
            CLAIM,
            "deviceClassName: x, ",
            "deviceClassName: x, count: 2, ",
            &["spec.devices.requests[1].firstAvailable[0].count"],
        ),
        (
            CLAIM,
            "allocationMode: All",
            "allocationMode: Some",
            &["spec.devices.requests[1].firstAvailable[0].allocationMode"],
        ),
        (
            CLAIM,
            "allocationMode: All",
            "count: -1",
            &["spec.devices.requests[1].firstAvailable[0].count"],
        ),
        (
            CLAIM,
            "{name: f, firstAvailable: [{name: a, deviceClassName: x, allocationMode: All}]}",
            "{name: f}",
            &[
                "spec.devices.constraints[0].requests[1]",
                "spec.devices.requests[1]",
            ],
        ),
        (
            CLAIM,
            "{name: f,",
            "{name: f, exactly: {deviceClassName: x},",
            &["spec.devices.requests[1]"],
        ),
        (
            CLAIM,
            "device.driver == \"d\"",
            "1 +",
            &["spec.devices.requests[0].exactly.selectors[0].cel.expression"],
        ),
        (
            CLAIM,
            "device.driver == \"d\"",
            "1 + 1",
            &["spec.devices.requests[0].exactly.selectors[0].cel.expression"],
        ),
        (
            CLAIM,
            "{cel: {expression: 'device.driver == \"d\"'}}",
            "{}",
            &["spec.devices.requests[0].exactly.selectors[0].cel"],
        ),
        (
            CLAIM,
            "operator: Exists",
            "operator: Exists, value: v",
            &["spec.devices.requests[0].exactly.tolerations[0].value"],
        ),
        (
            CLAIM,
            "operator: Exists",
            "operator: Is",
            &["spec.devices.requests[0].exactly.tolerations[0].operator"],
        ),
        (CLAIM, "operator: Exists", "value: v", &[]),
        (
            CLAIM,
            "operator: Exists",
            "operator: Exists, effect: Never",
            &["spec.devices.requests[0].exactly.tolerations[0].effect"],
        ),
        (
            CLAIM,
            "example.com/model",
            "model",
            &["spec.devices.constraints[0].matchAttribute"],
        ),
        (
            CLAIM,
            "example.com/model",
            "example.com/1",
            &["spec.devices.constraints[0].matchAttribute"],
        ),
        (
            CLAIM,
            "example.com/model",
            "a/b/c",
            &["spec.devices.constraints[0].matchAttribute"],
        ),
        (
            CLAIM,
            ", matchAttribute: example.com/model",
            "",
            &["spec.devices.constraints[0]"],
        ),
        (
            CLAIM,
            "f/a",
            "f/b",
            &["spec.devices.constraints[0].requests[1]"],
        ),
        (
            CLAIM,
            "[r, f/a]",
            "[r, r]",
            &["spec.devices.constraints[0].requests[1]"],
        ),
        (
            CLAIM,
            "parameters: {a: 1}",
            "parameters: [1]",
            &["spec.devices.config[0].opaque.parameters"],
        ),
        (
            CLAIM,
            ", parameters: {a: 1}",
            "",
            &["spec.devices.config[0].opaque.parameters"],
        ),
        (
            CLAIM,
            "opaque: {driver: d.example.com, parameters: {a: 1}}",
            "",
            &["spec.devices.config[0].opaque"],
        ),
        (
            CLAIM,
            "driver: d.example.com",
            "driver: d_e",
            &["spec.devices.config[0].opaque.driver"],
        ),
        (
            TEMPLATE,
            "labels: {a: b}",
            "name: x",
            &["spec.metadata.name"],
        ),
        (
            TEMPLATE,
            "labels: {a: b}",
            "labels: {a: -}",
            &["spec.metadata.labels"],
        ),
        (
            TEMPLATE,
            "gpu.example.com",
            "_",
            &["spec.spec.devices.requests[0].deviceClassName"],
        ),
        (
            TEMPLATE,
            "gpu.example.com",
            "g, allocationMode: All, count: 1",
            &["spec.spec.devices.requests[0].count"],
        ),
        (
            CLASS,
            "'true'",
            "'device.'",
            &["spec.selectors[0].cel.expression"],
        ),
        (
            CLASS,
            "example.com/gpu",
            "gpu",
            &["spec.extendedResourceName"],
        ),
        (
            CLASS,
            "example.com/gpu",
            "kubernetes.io/gpu",
            &["spec.extendedResourceName"],
        ),
        (CLASS, "driver: d,", "", &["spec.config[0].opaque.driver"]),
    ]);
    let wide = CLAIM.replace("[r, f/a]", &format!("[{}]", many(33).join(", ")));
    assert_eq!(
        paths(&wide, KubernetesVersion::default()),
        ["spec.devices.constraints[0].requests"]
    );
    let bare = CLAIM.replace(", matchAttribute: example.com/model", "");
    assert_eq!(
        paths(&bare, KubernetesVersion::V1_35),
        ["spec.devices.constraints[0].matchAttribute"]
    );
}

#[test]
fn devices_that_drivers_offer() {
    judge(&[
        (
            SLICE,
            "driver: d.example.com",
            "driver: ''",
            &["spec.driver"],
        ),
        (SLICE, "p/q", "p//q", &["spec.pool.name"]),
        (
            SLICE,
            "generation: 1",
            "generation: -1",
            &["spec.pool.generation"],
        ),
        (
            SLICE,
            "resourceSliceCount: 1",
            "resourceSliceCount: 0",
            &["spec.pool.resourceSliceCount"],
        ),
        (SLICE, "nodeName: m, ", "", &["spec"]),
        (
            SLICE,
            "nodeName: m, ",
            "nodeName: m, allNodes: true, ",
            &["spec"],
        ),
        (SLICE, "nodeName: m, ", "allNodes: true, ", &[]),
        (
            SLICE,
            "nodeName: m, ",
            "allNodes: false, ",
            &["spec", "spec.allNodes"],
        ),
        (
            SLICE,
            "nodeName: m, ",
            "nodeName: '', ",
            &["spec", "spec.nodeName"],
        ),
        (
            SLICE,
            "nodeName: m, ",
            "nodeSelector: {nodeSelectorTerms: []}, ",
            &["spec.nodeSelector.nodeSelectorTerms"],
        ),
        (
            SLICE,
            "nodeName: m, ",
            "perDeviceNodeSelection: true, ",
            &["spec.devices[0]", "spec.devices[1]"],
        ),
        (SLICE, "name: b,", "name: a,", &["spec.devices[1]"]),
        (SLICE, "name: b,", "name: B,", &["spec.devices[1].name"]),
        (
            SLICE,
            "name: b,",
            "name: b, nodeName: m,",
            &["spec.devices[1]"],
        ),
        (SLICE, "model:", "m-odel:", &["spec.devices[0].attributes"]),
        (SLICE, "model:", "/model:", &["spec.devices[0].attributes"]),
        (
            SLICE,
            "{string: x}",
            "{}",
            &["spec.devices[0].attributes[model]"],
        ),
        (
            SLICE,
            "{string: x}",
            "{string: x, bool: true}",
            &["spec.devices[0].attributes[model]"],
        ),
        (
            SLICE,
            "{string: x}",
            "{strings: []}",
            &["spec.devices[0].attributes[model].strings"],
        ),
        (
            SLICE,
            "{string: x}",
            "{versions: [1.0.0, v1]}",
            &["spec.devices[0].attributes[model].versions[1]"],
        ),
        (
            SLICE,
            "1.2.3",
            "v1.2.3",
            &["spec.devices[0].attributes[d.example.com/v].version"],
        ),
        (
            SLICE,
            "capacity: {memory: {value: 8Gi}}",
            "capacity: {me-mory: {value: 8Gi}}",
            &["spec.devices[0].capacity"],
        ),
        (
            SLICE,
            "effect: NoSchedule",
            "effect: PreferNoSchedule",
            &["spec.devices[0].taints[0].effect"],
        ),
        (
            SLICE,
            "effect: NoSchedule",
            "value: -",
            &[
                "spec.devices[0].taints[0].effect",
                "spec.devices[0].taints[0].value",
            ],
        ),
        (
            SLICE,
            "key: k",
            "key: ''",
            &["spec.devices[0].taints[0].key"],
        ),
        (
            SLICE,
            "allowMultipleAllocations: true, ",
            "",
            &[
                "spec.devices[1].capacity[memory].requestPolicy",
                "spec.devices[1].capacity[slots].requestPolicy",
            ],
        ),
        (
            SLICE,
            "max: 8Gi",
            "max: 9Gi",
            &["spec.devices[1].capacity[memory].requestPolicy.validRange.max"],
        ),
        (
            SLICE,
            "min: 1Gi",
            "min: 2Gi",
            &["spec.devices[1].capacity[memory].requestPolicy.validRange.default"],
        ),
        (
            SLICE,
            "min: 1Gi, ",
            "",
            &["spec.devices[1].capacity[memory].requestPolicy.validRange.min"],
        ),
        (
            SLICE,
            "step: 1Gi",
            "step: 0",
            &["spec.devices[1].capacity[memory].requestPolicy.validRange.step"],
        ),
        (
            SLICE,
            "[1, 2]",
            "[2, 1]",
            &["spec.devices[1].capacity[slots].requestPolicy.validValues[1]"],
        ),
        (
            SLICE,
            "[1, 2]",
            "[1, 1]",
            &["spec.devices[1].capacity[slots].requestPolicy.validValues[1]"],
        ),
        (
            SLICE,
            "[1, 2]",
            "[2, 3]",
            &["spec.devices[1].capacity[slots].requestPolicy.validValues"],
        ),
        (
            SLICE,
            "[1, 2]",
            "[1, 5]",
            &["spec.devices[1].capacity[slots].requestPolicy.validValues[1]"],
        ),
        (
            SLICE,
            "default: 1,",
            "",
            &["spec.devices[1].capacity[slots].requestPolicy.default"],
        ),
        (
            SLICE,
            "validValues: [1, 2]",
            "validValues: [1, 2], validRange: {min: 1}",
            &["spec.devices[1].capacity[slots].requestPolicy"],
        ),
        (
            SLICE,
            ", bindingFailureConditions: [z]",
            "",
            &["spec.devices[1].bindingFailureConditions"],
        ),
        (
            SLICE,
            "bindingConditions: [x], ",
            "",
            &["spec.devices[1].bindingConditions"],
        ),
        (
            SLICE,
            "bindingFailureConditions: [z]",
            "bindingFailureConditions: [x]",
            &["spec.devices[1].bindingFailureConditions[0]"],
        ),
        (
            SLICE,
            "bindingConditions: [x]",
            "bindingConditions: [x, x]",
            &["spec.devices[1].bindingConditions[1]"],
        ),
        (
            COUNTERS,
            "name: c,",
            "name: C,",
            &["spec.sharedCounters[0].name"],
        ),
        (
            COUNTERS,
            "counters: {a: {value: 1}}",
            "counters: {}",
            &["spec.sharedCounters[0].counters"],
        ),
        (
            COUNTERS,
            "sharedCounters:",
            "devices: [{name: a}], sharedCounters:",
            &["spec"],
        ),
    ]);
    let of = |count: usize| {
        let devices: Vec<_> = (0..count).map(|n| format!("{{name: d{n}}}")).collect();
        COUNTERS.replace(
            "sharedCounters: [{name: c, counters: {a: {value: 1}}}]",
            &format!("devices: [{}]", devices.join(", ")),
        )
    };
    assert_eq!(paths(&of(128), KubernetesVersion::default()), [""; 0]);
    assert_eq!(
        paths(&of(129), KubernetesVersion::default()),
        ["spec.devices"]
    );
    for more in [
        "taints: [{key: k, effect: NoExecute}]",
        "consumesCounters: [{counterSet: c, counters: {a: {value: 1}}}]",
        "attributes: {a: {strings: [x]}}",
    ] {
        let rich = of(65).replace("{name: d0}", &format!("{{name: d0, {more}}}"));
        let found = paths(&rich, KubernetesVersion::default());
        assert_eq!(found, ["spec.devices"], "{more}");
    }
    // What an older server drops unless a cluster asks for it is not judged there.
    assert_eq!(paths(COUNTERS, KubernetesVersion::V1_34), [""; 0]);
    // A slice is for the nodes of one term, a device for those of any.
    let selector = |terms: usize| {
        let term = "{matchExpressions: [{key: k, operator: Exists}]}";
        let terms = vec![term; terms].join(", ");
        format!("nodeSelector: {{nodeSelectorTerms: [{terms}]}}")
    };
    for (terms, expected) in [
        (1, &[][..]),
        (2, &["spec.nodeSelector.nodeSelectorTerms"][..]),
    ] {
        let slice = SLICE.replace("nodeName: m", &selector(terms));
        assert_eq!(paths(&slice, KubernetesVersion::default()), expected);
        let device = format!("devices: [{{name: a, {}}}]", selector(terms));
        let slice = of(1)
            .replace("allNodes: true", "perDeviceNodeSelection: true")
            .replace("devices: [{name: d0}]", &device);
        assert_eq!(paths(&slice, KubernetesVersion::default()), [""; 0]);
    }
    // Before 1.36 the place is asked of a slice only where no newer member may say it.
    let nowhere = SLICE.replace("nodeName: m, ", "");
    assert_eq!(paths(&nowhere, KubernetesVersion::V1_34), ["spec"]);
    let object = reader::read(nowhere.as_bytes()).remove(0).content.unwrap();
    let registry = Registry::for_version(KubernetesVersion::V1_34);
    let report = registry.judge(&object, UnknownFields::Refuse).report;
    let said = format!("{:?}", report.findings);
    assert!(said.contains("one of nodeName, nodeSelector"), "{said}");
    assert!(!said.contains("only one of"), "{said}");
    let each = SLICE.replace("nodeName: m, ", "perDeviceNodeSelection: true, ");
    let found = paths(&each, KubernetesVersion::V1_34);
    assert!(!found.iter().any(|path| path == "spec"), "{found:?}");
    let elsewhere = COUNTERS.replace("allNodes: true, ", "");
    assert_eq!(paths(&elsewhere, KubernetesVersion::V1_34), [""; 0]);
    assert_eq!(paths(&elsewhere, KubernetesVersion::V1_36), ["spec"]);
}

const FLOW: &str = "{apiVersion: flowcontrol.apiserver.k8s.io/v1, kind: FlowSchema, metadata: {name: f}, spec: {priorityLevelConfiguration: {name: l}, distinguisherMethod: {type: ByUser}, rules: [{subjects: [{kind: ServiceAccount, serviceAccount: {name: '*', namespace: ns}}, {kind: Group, group: {name: g}}], resourceRules: [{verbs: [get, list], apiGroups: ['*'], resources: [pods], namespaces: [default]}], nonResourceRules: [{verbs: ['*'], nonResourceURLs: [/healthz/*]}]}]}}";
const LEVEL: &str = "{apiVersion: flowcontrol.apiserver.k8s.io/v1, kind: PriorityLevelConfiguration, metadata: {name: l}, spec: {type: Limited, limited: {lendablePercent: 50, limitResponse: {type: Queue, queuing: {handSize: 6}}}}}";

#[test]
fn flow_control() {
    judge(&[
        (
            FLOW,
            "spec: {",
            "spec: {matchingPrecedence: 1, ",
            &["spec.matchingPrecedence"],
        ),
        (
            FLOW,
            "spec: {",
            "spec: {matchingPrecedence: -1, ",
            &["spec.matchingPrecedence"],
        ),
        (
            FLOW,
            "spec: {",
            "spec: {matchingPrecedence: 10001, ",
            &["spec.matchingPrecedence"],
        ),
        (
            FLOW,
            "name: f}, spec: {",
            "name: exempt}, spec: {matchingPrecedence: 1, ",
            // The server's own, which is not to be another one.
            &["spec"],
        ),
        (
            FLOW,
            "ByUser",
            "ByGroup",
            &["spec.distinguisherMethod.type"],
        ),
        (
            FLOW,
            "name: l}",
            "name: L}",
            &["spec.priorityLevelConfiguration.name"],
        ),
        (
            FLOW,
            "name: '*'",
            "name: S",
            &["spec.rules[0].subjects[0].serviceAccount.name"],
        ),
        (
            FLOW,
            "namespace: ns",
            "namespace: n.s",
            &["spec.rules[0].subjects[0].serviceAccount.namespace"],
        ),
        (
            FLOW,
            ", namespace: ns",
            "",
            &["spec.rules[0].subjects[0].serviceAccount.namespace"],
        ),
        (
            FLOW,
            "kind: Group",
            "kind: User",
            &[
                "spec.rules[0].subjects[1].group",
                "spec.rules[0].subjects[1].user",
            ],
        ),
        (
            FLOW,
            "kind: Group",
            "kind: Team",
            &["spec.rules[0].subjects[1].kind"],
        ),
        (
            FLOW,
            "name: g",
            "name: ''",
            &["spec.rules[0].subjects[1].group.name"],
        ),
        (
            FLOW,
            "[get, list]",
            "[get, '*']",
            &["spec.rules[0].resourceRules[0].verbs"],
        ),
        (
            FLOW,
            "[get, list]",
            "[fetch]",
            &["spec.rules[0].resourceRules[0].verbs"],
        ),
        (
            FLOW,
            "[get, list]",
            "[]",
            &["spec.rules[0].resourceRules[0].verbs"],
        ),
        (
            FLOW,
            "apiGroups: ['*']",
            "apiGroups: ['*', a]",
            &["spec.rules[0].resourceRules[0].apiGroups"],
        ),
        (
            FLOW,
            "namespaces: [default]",
            "namespaces: [D]",
            &["spec.rules[0].resourceRules[0].namespaces[0]"],
        ),
        (
            FLOW,
            "namespaces: [default]",
            "namespaces: []",
            &["spec.rules[0].resourceRules[0].namespaces"],
        ),
        (FLOW, "namespaces: [default]", "clusterScope: true", &[]),
        (
            FLOW,
            "/healthz/*",
            "healthz",
            &["spec.rules[0].nonResourceRules[0].nonResourceURLs[0]"],
        ),
        (
            FLOW,
            "/healthz/*",
            "/a/*/b",
            &["spec.rules[0].nonResourceRules[0].nonResourceURLs[0]"],
        ),
        (
            FLOW,
            "/healthz/*",
            "/a*",
            &["spec.rules[0].nonResourceRules[0].nonResourceURLs[0]"],
        ),
        (
            FLOW,
            "/healthz/*",
            "/a//b",
            &["spec.rules[0].nonResourceRules[0].nonResourceURLs[0]"],
        ),
        (
            FLOW,
            "/healthz/*",
            "/a b",
            &["spec.rules[0].nonResourceRules[0].nonResourceURLs[0]"],
        ),
        (FLOW, "/healthz/*", "/", &[]),
        (
            LEVEL,
            "type: Limited",
            "type: Exempt",
            &["spec.limited", "spec.type"],
        ),
        (LEVEL, "name: l", "name: exempt", &["spec.type"]),
        (
            LEVEL,
            "type: Queue",
            "type: Wait",
            &["spec.limited.limitResponse.type"],
        ),
        (
            LEVEL,
            "type: Queue",
            "type: Reject",
            &["spec.limited.limitResponse.queuing"],
        ),
        (
            LEVEL,
            ", queuing: {handSize: 6}",
            "",
            &["spec.limited.limitResponse.queuing"],
        ),
        (
            LEVEL,
            "handSize: 6",
            "handSize: 65",
            &["spec.limited.limitResponse.queuing.handSize"],
        ),
        (LEVEL, "handSize: 6", "handSize: 10", &[]),
        (
            LEVEL,
            "handSize: 6",
            "handSize: 11",
            &["spec.limited.limitResponse.queuing.handSize"],
        ),
        (
            LEVEL,
            "handSize: 6",
            "handSize: -1",
            &["spec.limited.limitResponse.queuing.handSize"],
        ),
        (
            LEVEL,
            "handSize: 6",
            "queues: 10000001, handSize: 1",
            &["spec.limited.limitResponse.queuing.queues"],
        ),
        (
            LEVEL,
            "handSize: 6",
            "queueLengthLimit: -1",
            &["spec.limited.limitResponse.queuing.queueLengthLimit"],
        ),
        (
            LEVEL,
            "lendablePercent: 50",
            "lendablePercent: 101",
            &["spec.limited.lendablePercent"],
        ),
        (
            LEVEL,
            "lendablePercent: 50",
            "borrowingLimitPercent: -1",
            &["spec.limited.borrowingLimitPercent"],
        ),
        (
            LEVEL,
            "lendablePercent: 50",
            "nominalConcurrencyShares: -1",
            &["spec.limited.nominalConcurrencyShares"],
        ),
    ]);
}

const POD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {a: b}}, spec: {initContainers: [{name: i, image: b, ports: [{containerPort: 80, hostPort: 80}]}, {name: j, image: b, ports: [{containerPort: 80, hostPort: 80}]}], containers: [{name: c, image: b, resources: {limits: {hugepages-2Mi: 4Mi, cpu: 1}}, securityContext: {seccompProfile: {type: RuntimeDefault}}}], hostAliases: [{ip: 10.0.0.1, hostnames: [a.b]}], volumes: [{name: e, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}, {name: q, quobyte: {registry: 'a:1,b:2', volume: v}}, {name: k, csi: {driver: d, nodePublishSecretRef: {name: s}}}]}}";
const DEPLOYMENT: &str = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}, annotations: {c: d}}, spec: {containers: [{name: a, image: b}], topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}, {maxSkew: 1, topologyKey: host, whenUnsatisfiable: DoNotSchedule}]}}}}";

#[test]
fn pods_in_detail() {
    judge(&[
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
        paths(&pod, KubernetesVersion::default()),
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
        let found = paths(&pod(user), KubernetesVersion::default());
        assert_eq!(found.is_empty(), fine, "{user}: {found:?}");
    }
}

const SERVICE: &str = "{apiVersion: v1, kind: Service, metadata: {name: s, annotations: {a: b}}, spec: {type: LoadBalancer, ports: [{port: 80}]}}";
const NODE: &str = "{apiVersion: v1, kind: Node, metadata: {name: m}, spec: {podCIDRs: [10.0.0.0/24, 'fd00::/64']}}";
const VOLUME: &str = "{apiVersion: v1, kind: PersistentVolume, metadata: {name: v}, spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, nfs: {server: s, path: /p}}}";
const VOLUME_CLAIM: &str = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, dataSource: {kind: PersistentVolumeClaim, name: o}, dataSourceRef: {kind: PersistentVolumeClaim, name: o}}}";
const ACCESS: &str = "{apiVersion: authorization.k8s.io/v1, kind: SubjectAccessReview, spec: {user: u, resourceAttributes: {verb: get, resource: pods}}}";
const BINDING: &str =
    "{apiVersion: v1, kind: Binding, metadata: {name: p}, target: {kind: Node, name: m}}";

#[test]
fn other_kinds_in_detail() {
    judge(&[
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

/// At the bound nothing is found, and one beyond it the list, the text or the number is refused.
#[test]
fn bounds_of_devices_and_flows() {
    let times = |count: usize, item: &dyn Fn(usize) -> String| {
        (0..count).map(item).collect::<Vec<_>>().join(", ")
    };
    let letters = |count: usize| "a".repeat(count);
    let one = |manifest: &str, from: &str, to: String| {
        assert!(manifest.contains(from), "{from} is not in {manifest}");
        manifest.replacen(from, &to, 1)
    };
    let selectors = |count| times(count, &|_| "{cel: {expression: 'true'}}".to_owned());
    let tolerations = |count| times(count, &|n| format!("{{key: k{n}, operator: Exists}}"));
    let alternatives = |count| times(count, &|n| format!("{{name: s{n}, deviceClassName: x}}"));
    let requests = |count| {
        times(count, &|n| {
            format!("{{name: q{n}, exactly: {{deviceClassName: x}}}}")
        })
    };
    let constraints = |count| times(count, &|_| "{matchAttribute: a.b/c}".to_owned());
    let configs = |count| {
        times(count, &|_| {
            "{opaque: {driver: d, parameters: {}}}".to_owned()
        })
    };
    let taints = |count| times(count, &|n| format!("{{key: k{n}, effect: NoExecute}}"));
    let sets = |count| {
        times(count, &|n| {
            format!("{{name: c{n}, counters: {{a: {{value: 1}}}}}}")
        })
    };
    let counters = |count| times(count, &|n| format!("a{n}: {{value: 1}}"));
    let members = |count| times(count, &|n| format!("m{n}: {{int: 1}}"));
    let words = |count, letter: char| times(count, &|n| format!("{letter}{n}"));
    let conditions = |count| {
        let list = format!("bindingConditions: [{}]", words(count, 'x'));
        one(SLICE, "bindingConditions: [x]", list)
    };
    let values = |count| times(count, &|n| n.to_string());
    let bare = "{apiVersion: resource.k8s.io/v1, kind: ResourceClaim, metadata: {name: c}, spec: {devices: {requests: [], constraints: [], config: []}}}";
    for (most, path, make) in [
        (
            32,
            "spec.devices.requests",
            &(|n| one(bare, "requests: []", format!("requests: [{}]", requests(n))))
                as &dyn Fn(usize) -> String,
        ),
        (32, "spec.devices.constraints", &|n| {
            one(
                bare,
                "constraints: []",
                format!("constraints: [{}]", constraints(n)),
            )
        }),
        (32, "spec.devices.config", &|n| {
            one(bare, "config: []", format!("config: [{}]", configs(n)))
        }),
        (32, "spec.selectors", &|n| {
            one(CLASS, "{cel: {expression: 'true'}}", selectors(n))
        }),
        (32, "spec.config", &|n| {
            one(CLASS, "{opaque: {driver: d, parameters: {}}}", configs(n))
        }),
        (16, "spec.devices.requests[0].exactly.tolerations", &|n| {
            one(CLAIM, "{key: k, operator: Exists}", tolerations(n))
        }),
        (8, "spec.devices.requests[0].firstAvailable", &|n| {
            one(
                bare,
                "requests: []",
                format!(
                    "requests: [{{name: f, firstAvailable: [{}]}}]",
                    alternatives(n)
                ),
            )
        }),
        (32, "spec.devices.constraints[0].matchAttribute", &|n| {
            one(
                CLAIM,
                "example.com/model",
                format!("example.com/{}", letters(n)),
            )
        }),
        (63, "spec.devices.config[0].opaque.driver", &|n| {
            one(CLAIM, "d.example.com", letters(n))
        }),
        (
            10240,
            "spec.devices.requests[0].exactly.selectors[0].cel.expression",
            &|n| {
                one(
                    CLAIM,
                    "device.driver == \"d\"",
                    format!("\"{}\" == \"\"", letters(n - 8)),
                )
            },
        ),
        (10240, "spec.devices.config[0].opaque.parameters", &|n| {
            one(CLAIM, "{a: 1}", format!("{{a: {}}}", letters(n - 8)))
        }),
        (16, "spec.devices[0].taints", &|n| {
            one(SLICE, "{key: k, effect: NoSchedule}", taints(n))
        }),
        (8, "spec.sharedCounters", &|n| {
            one(COUNTERS, "{name: c, counters: {a: {value: 1}}}", sets(n))
        }),
        (32, "spec.sharedCounters[0].counters", &|n| {
            one(COUNTERS, "a: {value: 1}", counters(n))
        }),
        (32, "spec.devices[0]", &|n| {
            one(
                SLICE,
                "model: {string: x}, d.example.com/v: {version: 1.2.3}",
                members(n - 1),
            )
        }),
        (64, "spec.devices[0].attributes[model].string", &|n| {
            one(SLICE, "{string: x}", format!("{{string: {}}}", letters(n)))
        }),
        (64, "spec.devices[0].attributes[model].version", &|n| {
            one(
                SLICE,
                "{string: x}",
                format!("{{version: 1.0.0-{}}}", letters(n - 6)),
            )
        }),
        (4, "spec.devices[1].bindingConditions", &conditions),
        (
            10,
            "spec.devices[1].capacity[slots].requestPolicy.validValues",
            &|n| {
                let text = one(SLICE, "[1, 2]", format!("[{}]", values(n)));
                one(&text, "value: 4", "value: 40".to_owned())
            },
        ),
        (253, "spec.pool.name", &|n| {
            one(
                SLICE,
                "p/q",
                format!("{}/{}", letters(126), letters(n - 127)),
            )
        }),
        (10000, "spec.matchingPrecedence", &|n| {
            one(
                FLOW,
                "spec: {",
                format!("spec: {{matchingPrecedence: {n}, "),
            )
        }),
        (100, "spec.limited.lendablePercent", &|n| {
            one(LEVEL, "50", n.to_string())
        }),
    ] {
        let version = KubernetesVersion::default();
        assert_eq!(paths(&make(most), version), [""; 0], "{most} at {path}");
        assert_eq!(
            paths(&make(most + 1), version),
            [path],
            "{} at {path}",
            most + 1
        );
    }
}
