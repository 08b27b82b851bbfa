//! What drivers say of their devices.

use crd_validate::{KubernetesVersion, Registry, UnknownFields, reader};

use super::{judge_changes, paths_of};

pub(super) const SLICE: &str = "{apiVersion: resource.k8s.io/v1, kind: ResourceSlice, metadata: {name: s}, spec: {driver: d.example.com, nodeName: m, pool: {name: p/q, generation: 1, resourceSliceCount: 1}, devices: [{name: a, attributes: {model: {string: x}, d.example.com/v: {version: 1.2.3}}, capacity: {memory: {value: 8Gi}}, taints: [{key: k, effect: NoSchedule}]}, {name: b, allowMultipleAllocations: true, capacity: {memory: {value: 8Gi, requestPolicy: {default: 1Gi, validRange: {min: 1Gi, max: 8Gi, step: 1Gi}}}, slots: {value: 4, requestPolicy: {default: 1, validValues: [1, 2]}}}, bindingConditions: [x], bindingFailureConditions: [z]}]}}";

pub(super) const COUNTERS: &str = "{apiVersion: resource.k8s.io/v1, kind: ResourceSlice, metadata: {name: s}, spec: {driver: d, allNodes: true, pool: {name: p, generation: 1, resourceSliceCount: 1}, sharedCounters: [{name: c, counters: {a: {value: 1}}}]}}";

#[test]
fn devices_that_drivers_offer() {
    judge_changes(&[
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
        (
            SLICE,
            "model:",
            "m-odel:",
            &["spec.devices[0].attributes[m-odel]"],
        ),
        (
            SLICE,
            "model:",
            "/model:",
            &["spec.devices[0].attributes[/model]"],
        ),
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
            &["spec.devices[0].capacity[me-mory]"],
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
            &["spec.devices[1].capacity[memory].requestPolicy.validRange.min"],
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
            "step: 3Gi",
            &["spec.devices[1].capacity[memory].requestPolicy.validRange.step"],
        ),
        (
            COUNTERS,
            "{a: {value: 1}}",
            "{A: {value: 1}}",
            &["spec.sharedCounters[0].counters[A]"],
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
    assert_eq!(paths_of(&of(128), KubernetesVersion::default()), [""; 0]);
    assert_eq!(
        paths_of(&of(129), KubernetesVersion::default()),
        ["spec.devices"]
    );
    for more in [
        "taints: [{key: k, effect: NoExecute}]",
        "consumesCounters: [{counterSet: c, counters: {a: {value: 1}}}]",
        "attributes: {a: {strings: [x]}}",
    ] {
        let rich = of(65).replace("{name: d0}", &format!("{{name: d0, {more}}}"));
        let found = paths_of(&rich, KubernetesVersion::default());
        assert_eq!(found, ["spec.devices"], "{more}");
    }
    // What an older server drops unless a cluster asks for it is not judged there.
    assert_eq!(paths_of(COUNTERS, KubernetesVersion::V1_34), [""; 0]);
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
        assert_eq!(paths_of(&slice, KubernetesVersion::default()), expected);
        let device = format!("devices: [{{name: a, {}}}]", selector(terms));
        let slice = of(1)
            .replace("allNodes: true", "perDeviceNodeSelection: true")
            .replace("devices: [{name: d0}]", &device);
        assert_eq!(paths_of(&slice, KubernetesVersion::default()), [""; 0]);
    }
    // Before 1.36 the place is asked of a slice only where no newer member may say it.
    let nowhere = SLICE.replace("nodeName: m, ", "");
    assert_eq!(paths_of(&nowhere, KubernetesVersion::V1_34), ["spec"]);
    let object = reader::read(nowhere.as_bytes()).remove(0).content.unwrap();
    let registry = Registry::for_version(KubernetesVersion::V1_34);
    let report = registry.judge(&object, UnknownFields::Refuse).report;
    let said = format!("{:?}", report.findings);
    assert!(said.contains("one of nodeName, nodeSelector"), "{said}");
    assert!(!said.contains("only one of"), "{said}");
    let each = SLICE.replace("nodeName: m, ", "perDeviceNodeSelection: true, ");
    let found = paths_of(&each, KubernetesVersion::V1_34);
    assert!(!found.iter().any(|path| path == "spec"), "{found:?}");
    let elsewhere = COUNTERS.replace("allNodes: true, ", "");
    assert_eq!(paths_of(&elsewhere, KubernetesVersion::V1_34), [""; 0]);
    assert_eq!(paths_of(&elsewhere, KubernetesVersion::V1_36), ["spec"]);
}
