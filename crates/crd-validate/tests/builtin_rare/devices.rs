//! Claims to devices.

use crd_validate::KubernetesVersion;

use super::{judge_changes, paths_of};

pub(super) const CLAIM: &str = "{apiVersion: resource.k8s.io/v1, kind: ResourceClaim, metadata: {name: c}, spec: {devices: {requests: [{name: r, exactly: {deviceClassName: gpu.example.com, selectors: [{cel: {expression: 'device.driver == \"d\"'}}], tolerations: [{key: k, operator: Exists}]}}, {name: f, firstAvailable: [{name: a, deviceClassName: x, allocationMode: All}]}], constraints: [{requests: [r, f/a], matchAttribute: example.com/model}], config: [{requests: [r], opaque: {driver: d.example.com, parameters: {a: 1}}}]}}}";

const TEMPLATE: &str = "{apiVersion: resource.k8s.io/v1beta1, kind: ResourceClaimTemplate, metadata: {name: t}, spec: {metadata: {labels: {a: b}}, spec: {devices: {requests: [{name: r, deviceClassName: gpu.example.com}]}}}}";

pub(super) const CLASS: &str = "{apiVersion: resource.k8s.io/v1, kind: DeviceClass, metadata: {name: c}, spec: {selectors: [{cel: {expression: 'true'}}], config: [{opaque: {driver: d, parameters: {}}}], extendedResourceName: example.com/gpu}}";

#[test]
fn claims_to_devices() {
    let many = |count: usize| (0..count).map(|n| format!("r{n}")).collect::<Vec<_>>();
    judge_changes(&[
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
        (CLAIM, "example.com/model", "a/b/c", &[]),
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
        paths_of(&wide, KubernetesVersion::default()),
        ["spec.devices.constraints[0].requests"]
    );
    let bare = CLAIM.replace(", matchAttribute: example.com/model", "");
    assert_eq!(
        paths_of(&bare, KubernetesVersion::V1_35),
        ["spec.devices.constraints[0].matchAttribute"]
    );
}
