//! Classes, drivers and attachments.

use super::{change, judge};

#[test]
fn classes_drivers_and_attachments() {
    let runtime = "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: r}, handler: h, scheduling: {tolerations: [_]}}";
    judge(
        runtime,
        &[
            ("{key: a}, {key: a, effect: NoExecute}", ""),
            (
                "{key: a, operator: Exists}, {key: a, operator: Exists, effect: NoExecute}",
                "",
            ),
            (
                "{key: a, operator: Exists}, {key: a, operator: Exists}",
                "scheduling.tolerations[1]",
            ),
        ],
    );
    let driver = "{apiVersion: storage.k8s.io/v1, kind: CSIDriver, metadata: {name: d.example.com}, spec: {_}}";
    change(
        driver,
        &[
            (
                "attachRequired: true",
                "attachRequired: false",
                "spec.attachedRequired",
            ),
            ("podInfoOnMount: true", "podInfoOnMount: false", ""),
            (
                "volumeLifecycleModes: [Persistent]",
                "volumeLifecycleModes: [Ephemeral]",
                "spec.volumeLifecycleModes",
            ),
        ],
    );
    let attachment = "{apiVersion: storage.k8s.io/v1, kind: VolumeAttachment, metadata: {name: v}, spec: {attacher: a.example.com, _}}";
    judge(
        attachment,
        &[
            ("nodeName: m, source: {persistentVolumeName: v}", ""),
            (
                "nodeName: M, source: {persistentVolumeName: v}",
                "spec.nodeName",
            ),
            ("source: {persistentVolumeName: v}", "spec.nodeName"),
        ],
    );
    let inline = "{apiVersion: storage.k8s.io/v1, kind: VolumeAttachment, metadata: {name: v}, spec: {attacher: a.example.com, nodeName: m, source: {inlineVolumeSpec: {_}}}}";
    let csi = "csi: {driver: d.example.com, volumeHandle: h}";
    let at = |name: &str| format!("spec.source.inlineVolumeSpec.{name}");
    judge(
        inline,
        &[
            (&format!("accessModes: [ReadWriteOnce], {csi}"), ""),
            (csi, &at("accessModes")),
            (
                &format!(
                    "accessModes: [ReadWriteOnce], {csi}, persistentVolumeReclaimPolicy: Retain, volumeMode: Filesystem"
                ),
                "",
            ),
            (
                "accessModes: [ReadWriteOnce], nfs: {server: s, path: /p}",
                &at("csi"),
            ),
            (
                &format!("accessModes: [ReadWriteOnce], {csi}, capacity: {{storage: 1Gi}}"),
                &at("capacity"),
            ),
            (
                &format!("accessModes: [ReadWriteOnce], {csi}, storageClassName: s"),
                &at("storageClassName"),
            ),
            (
                &format!(
                    "accessModes: [ReadWriteOnce], {csi}, persistentVolumeReclaimPolicy: Delete"
                ),
                &at("persistentVolumeReclaimPolicy"),
            ),
            (
                &format!("accessModes: [ReadWriteOnce], {csi}, volumeMode: Block"),
                &at("volumeMode"),
            ),
        ],
    );
}
